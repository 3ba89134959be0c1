"""gunicorn's settings, all derived from the site's own (config.py)."""

from pathlib import Path

from dotenv import load_dotenv

from config import BASE_DIR, Config

load_dotenv(BASE_DIR / ".env")
_config = Config()

_host = f"[{_config.HOST}]" if ":" in _config.HOST else _config.HOST

bind = f"{_host}:{_config.PORT}"
workers = _config.WEB_CONCURRENCY
worker_class = "gthread"
threads = 8
timeout = 30
graceful_timeout = 20
keepalive = 5
# Room for a long search in any script, written as %E6%B8%AF….
limit_request_line = 8190
# Seconds in which nothing more of a body arrives.
BODY_SILENCE = 10
# The heartbeat file must not wait for a slow disk, where there is a place in memory.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").exists() else None  # noqa: S108
control_socket_disable = True
loglevel = _config.LOG_LEVEL.lower()
# Visits are logged by the application (app/logs.py), which keeps secret links out of the log.
accesslog = None
if _config.LOG_TO_STDOUT:
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
