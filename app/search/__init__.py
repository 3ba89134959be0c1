"""Finding posts and people by what is written: terms of a text, queries, and the indexes."""
