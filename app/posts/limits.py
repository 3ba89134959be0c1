"""How long the parts of a post may be. The limit people meet is the setting POST_MAX_LENGTH."""

# A family emoji is seven code points, a stacked Tibetan letter more: room for these, not for more.
POINTS_PER_CHARACTER = 20
