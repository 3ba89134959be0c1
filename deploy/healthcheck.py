"""Asks the web process of this container whether it lives; ends with status 1 if it does not."""

import os
import sys
from http.client import HTTPConnection, HTTPException

try:
    web = HTTPConnection("127.0.0.1", int(os.environ.get("PORT", "5000")), timeout=4)
    web.request("GET", "/healthz")
    answer = web.getresponse()
except (OSError, HTTPException) as error:
    sys.exit(f"web does not answer: {error}")
if answer.status != 200:
    sys.exit(f"web answers {answer.status}")
