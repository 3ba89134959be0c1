# Heroku sources this before every process: what the platform wants, unless `heroku config:set` says
# otherwise. docs/heroku.md explains it.
export HOST="${HOST:-0.0.0.0}"
export PROXIES="${PROXIES:-1}"
export LOG_TO_STDOUT="${LOG_TO_STDOUT:-1}"

# Its Redis encrypts, with a certificate that nobody vouches for.
case "${REDIS_URL:-}" in
    rediss://*\?*) ;;
    rediss://*) export REDIS_URL="$REDIS_URL?ssl_cert_reqs=none" ;;
esac
export CELERY_BROKER_URL="${CELERY_BROKER_URL:-${REDIS_URL:-}}"
