#!/bin/sh
# Installs what tests need besides Python, where it is missing and can be: PostgreSQL for ledgers on a server, Chromium for
# the desk in a browser; by apt-get, as root. Says why where it cannot, and never fails: without them their tests are
# skipped, and in CI they fail and say so.
drop_in=/etc/postgresql-common/createcluster.d/recoupe-tests.conf

install() {
    # The tests start a server of their own; the package shall not set one up.
    [ "$1" = postgresql ] && mkdir -p "$(dirname $drop_in)" && echo "create_main_cluster = false" >$drop_in
    apt-get install -y -qq --no-install-recommends "$1" >/dev/null
    failed=$?
    rm -f $drop_in
    return $failed
}

# What it is called, what must be there ($2 says so by succeeding), its package.
need() {
    if sh -c "$2" >/dev/null 2>&1; then
        return
    fi
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "no $1 here, and no apt-get to install it with: its tests are skipped"
    elif [ "$(id -u)" != 0 ]; then
        echo "no $1 here: its tests are skipped (as root: apt-get install $3)"
    else
        echo "installing $1 for the tests"
        # Lists of packages may be missing or old.
        install "$3" 2>/dev/null || { apt-get update -qq && install "$3"; } ||
            echo "$1 could not be installed: its tests are skipped"
    fi
}

export DEBIAN_FRONTEND=noninteractive
need PostgreSQL '[ -n "$RECOUPE_TEST_POSTGRES" ] || command -v initdb || ls /usr/lib/postgresql/*/bin/initdb' postgresql
need Chromium '[ -n "$RECOUPE_TEST_BROWSER" ] || command -v chromium' chromium
exit 0
