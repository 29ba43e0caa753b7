#!/bin/sh
# Installs PostgreSQL for the tests where it is missing and can be: by apt-get, as root. Says why where it cannot, and
# never fails: without a server its tests are skipped, and in CI they fail and say so.
drop_in=/etc/postgresql-common/createcluster.d/recoupe-tests.conf

if [ -n "$RECOUPE_TEST_POSTGRES" ] || command -v initdb || ls /usr/lib/postgresql/*/bin/initdb; then
    exit 0
fi >/dev/null 2>&1
if ! command -v apt-get >/dev/null 2>&1; then
    echo "no PostgreSQL here, and no apt-get to install it with: its tests are skipped"
    exit 0
fi
if [ "$(id -u)" != 0 ]; then
    echo "no PostgreSQL here: its tests are skipped (as root: apt-get install postgresql)"
    exit 0
fi
echo "installing PostgreSQL for the tests"
export DEBIAN_FRONTEND=noninteractive
# The tests start a server of their own; the package shall not set one up.
mkdir -p "$(dirname $drop_in)" && echo "create_main_cluster = false" >$drop_in
install() { apt-get install -y -qq --no-install-recommends postgresql >/dev/null; }
# Lists of packages may be missing or old.
install 2>/dev/null || { apt-get update -qq && install; } || echo "PostgreSQL could not be installed: its tests are skipped"
rm -f $drop_in
exit 0
