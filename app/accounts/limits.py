"""How long the parts of an account may be. Shared by forms, commands and columns."""

from datetime import timedelta

USERNAME_MIN, USERNAME_MAX = 2, 30
EMAIL_MAX = 254
PASSWORD_MIN, PASSWORD_MAX = 8, 256
# In characters as people count them …
NAME_MAX = 50
LOCATION_MAX = 60
ABOUT_ME_MAX = 300
# … and in code points, which a single such character may need many of.
NAME_COLUMN = LOCATION_COLUMN = 250
ABOUT_ME_COLUMN = 3_000
WEBSITE_MAX = 200
USER_AGENT_MAX = 255
# A session that nobody used for so long has ended.
SESSION_LIFETIME = timedelta(days=30)
SESSIONS_SHOWN = 100
# How long the links in our messages work.
RESET_LIFETIME = timedelta(minutes=10)
CONFIRM_LIFETIME = timedelta(days=3)
UNDO_LIFETIME = timedelta(days=7)
# So many messages may be asked for to one address within that time.
MAIL_REQUESTS, MAIL_REQUEST_WINDOW = 5, timedelta(minutes=30)
