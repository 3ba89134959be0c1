"""Work that is done later: the row is the promise, Celery and its broker only carry word of it."""
