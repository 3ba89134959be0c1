#!/bin/sh
# Makes sure that the programs are there which `make check` starts by itself.
set -eu
missing=""
command -v redis-server >/dev/null || missing="$missing redis-server"
[ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || missing="$missing rabbitmq-server"
[ -n "$(find /usr/lib/postgresql -name pg_ctl 2>/dev/null)" ] || missing="$missing postgresql"
[ -x /usr/sbin/mariadbd ] || missing="$missing mariadb-server"
command -v nginx >/dev/null || missing="$missing nginx"
command -v supervisord >/dev/null || missing="$missing supervisor"
command -v systemd-analyze >/dev/null || missing="$missing systemd"
command -v openssl >/dev/null || missing="$missing openssl"
[ -n "$missing" ] || exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "These tests need servers: run 'apt-get install$missing' as root." >&2
    exit 1
fi
echo "Installing for the tests that need servers:$missing …"
apt-get update -qq
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
    -o DPkg::Lock::Timeout=300 $missing >/dev/null
