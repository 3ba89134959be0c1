"""gunicorn's settings, all derived from the site's own (config.py).

The master imports nothing of the site and opens nothing: whatever it had, its workers would have
too, also those that it begins after HUP. So these read code, packages and settings anew, and there
is no connection that a fork would share.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

_NAMES = ("HOST", "PORT", "WEB_CONCURRENCY", "LOG_LEVEL", "LOG_TO_STDOUT", "METRICS_ADDRESS")
# In a process of its own, for that reason.
_reading = subprocess.run(  # noqa: S603
    [sys.executable, "-m", "deploy.settings", *_NAMES],
    cwd=Path(__file__).resolve().parent.parent,
    stdout=subprocess.PIPE,
    check=False,
)
if _reading.returncode:
    sys.exit(_reading.returncode)  # it has said what is wrong
_settings = json.loads(_reading.stdout)
_host = f"[{_settings['HOST']}]" if ":" in _settings["HOST"] else _settings["HOST"]

bind = [f"{_host}:{_settings['PORT']}"]
if _settings["METRICS_ADDRESS"]:
    bind.append(_settings["METRICS_ADDRESS"])
workers = _settings["WEB_CONCURRENCY"]
worker_class = "gthread"
threads = 8
# Also bounds how long a worker may take to load the site, on a small and busy machine.
timeout = 120
graceful_timeout = 20
# What a worker may have gathered in memory goes with it; not all of them at the same time.
max_requests = 10_000
max_requests_jitter = 1_000
keepalive = 5
# Room for a long search in any script, written as %E6%B8%AF….
limit_request_line = 8190
# Seconds in which nothing more of a body arrives.
BODY_SILENCE = 10
# The heartbeat file must not wait for a slow disk, where there is a place in memory.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
control_socket_disable = True
loglevel = _settings["LOG_LEVEL"].lower()
# Visits are logged by the application (app/logs.py), which keeps secret links out of the log.
accesslog = None
if _settings["LOG_TO_STDOUT"]:
    logconfig_dict = {
        "formatters": {
            "json": {
                "()": "pythonjsonlogger.json.JsonFormatter",
                "fmt": "%(levelname)s %(name)s %(message)s",
                "rename_fields": {"levelname": "level", "name": "logger"},
                "timestamp": "time",
            }
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "json",
                "stream": "ext://sys.stdout",
            }
        },
        "root": {"level": "WARNING", "handlers": []},
        "loggers": {"gunicorn.error": {"handlers": ["console"], "propagate": False}},
    }
# X-Forwarded-* is judged in one place, by ProxyFix and PROXIES.
forwarded_allow_ips = ""


def pre_request(_worker: object, request: object) -> None:
    """Do not let a client that stops in the middle of a body keep a thread for ever."""
    request.unreader.sock.settimeout(BODY_SILENCE)
