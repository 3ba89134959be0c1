"""A copy of everything that is a member's own, to take home."""
