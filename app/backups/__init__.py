"""Backups, and moving a site between databases: rows as lines of JSON, the same from all three."""
