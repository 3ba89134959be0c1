"""How much of what a post may have. The limit people meet is the setting POST_MAX_LENGTH."""

from app.accounts.limits import USERNAME_MAX
from app.text import marks

# A family emoji is seven code points, a stacked Tibetan letter more: room for these, not for more.
POINTS_PER_CHARACTER = 20

# So many people are linked and told; who is named beyond is plain text.
MENTIONS_MAX = 20
MENTIONS_COLUMN = MENTIONS_MAX * (USERNAME_MAX + 1)
HASHTAG_COLUMN = marks.HASHTAG_POINTS_MAX
HASHTAGS_FOLLOWED_MAX = 100

# Answers to what stands deeper in a conversation stand beside it (see `threads`).
DEPTH_MAX = 40
PATH_MAX = 8 * DEPTH_MAX
