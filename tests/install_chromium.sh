#!/bin/sh
# Makes sure that the browser tests have a browser and fonts for the scripts that they show.
set -eu
command -v chromium >/dev/null && exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "The browser tests need Chromium: run 'apt-get install chromium fonts-noto-core' as root." >&2
    exit 1
fi
echo "Installing Chromium for the browser tests …"
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
    -o DPkg::Lock::Timeout=300 chromium fonts-noto-core >/dev/null
