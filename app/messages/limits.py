"""How much of what private messages may have."""

# In characters as people count them, and in code points: see `posts.limits`.
MESSAGE_MAX = 2000
MESSAGE_POINTS = 20 * MESSAGE_MAX

MESSAGES_ON_A_PAGE = 25
# A badge needs to know no more.
UNREAD_MAX = 100
