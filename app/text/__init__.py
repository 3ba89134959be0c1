"""Text that people typed: cleaned on the way in, made safe HTML on the way out. Pure functions."""
