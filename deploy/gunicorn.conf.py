"""gunicorn's settings, all derived from the site's own (config.py)."""

from dotenv import load_dotenv

from config import BASE_DIR, Config

load_dotenv(BASE_DIR / ".env")
_config = Config()

bind = f"{_config.HOST}:{_config.PORT}"
workers = _config.WEB_CONCURRENCY
worker_class = "gthread"
threads = 8
timeout = 30
graceful_timeout = 20
keepalive = 5
# The heartbeat file must not wait for a slow disk.
worker_tmp_dir = "/dev/shm"  # noqa: S108
loglevel = _config.LOG_LEVEL.lower()
accesslog = "-"
access_log_format = '%(h)s "%(r)s" %(s)s %(b)s %(M)sms %({x-request-id}o)s'
# X-Forwarded-* is judged in one place, by ProxyFix and PROXIES.
forwarded_allow_ips = ""
