"""Limits of notifications."""

from datetime import timedelta

# How many of those who did something are shown with their faces.
ACTORS_SHOWN = 3
# Counting stops here: "Ana and 99+ others", and "99+" on the badge.
ACTORS_COUNTED = 100
UNREAD_COUNTED = 100
# What was read goes when it is so old.
KEPT = timedelta(days=90)
# Rows are deleted in portions, so that nobody waits for a very long transaction.
PORTION = 500
