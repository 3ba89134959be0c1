"""The site in a real browser: Chromium, gunicorn, a SQLite file, and no network."""
