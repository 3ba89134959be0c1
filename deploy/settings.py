"""Prints settings of the site as JSON: `python -m deploy.settings HOST PORT`."""

import json
import sys

from dotenv import load_dotenv

from config import BASE_DIR, Config

if __name__ == "__main__":
    load_dotenv(BASE_DIR / ".env")
    config = Config()
    print(json.dumps({name: getattr(config, name) for name in sys.argv[1:]}))  # noqa: T201
