"""Posts in the order in which people read them."""
