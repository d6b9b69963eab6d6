# What the tests need beyond Python: a PostgreSQL server, a browser, the accessibility rules. Sourced after lib.sh.
# Nothing here is optional: what is missing is installed, or the run fails with the package's name.

find_initdb() {
    local candidate
    for candidate in "$(command -v initdb || true)" /usr/lib/postgresql/*/bin/initdb /usr/pgsql-*/bin/initdb; do
        if [ -x "$candidate" ]; then return; fi
    done
    return 1
}

need_postgresql() {
    find_initdb || install_packages "the PostgreSQL server" postgresql
    find_initdb || stop "initdb is nowhere to be found, although the package 'postgresql' is installed."
}

# Any of these will do. Without a window's parts, the same browser asks for half the work.
find_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome; }
find_headless() { command -v chromium-headless-shell || find_chromium; }

# need_chromium FIND PACKAGE: the browser that FIND finds, else PACKAGE, else the whole one.
need_chromium() {
    "$1" >/dev/null || (install_packages "the browser of the journeys" "$2") || install_packages "the browser of the journeys" chromium
    CASEWORK_CHROMIUM="$("$1")" || stop "no browser: install the package 'chromium' and run this again."
    export CASEWORK_CHROMIUM
}

need_headless() { need_chromium find_headless chromium-headless-shell; }

# axe-core by its locked hash, into tests/journeys/node_modules (ignored by git).
need_axe() {
    local stamp=tests/journeys/node_modules/.installed wanted
    wanted="$(sha256sum tests/journeys/package-lock.json | cut -d' ' -f1)"
    if [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then return; fi
    command -v npm >/dev/null 2>&1 || install_packages "npm" npm
    say "casework: installing the accessibility rules (axe-core)"
    npm ci --prefix tests/journeys --ignore-scripts --no-audit --no-fund --loglevel=error >&2 </dev/null ||
        stop "axe-core could not be installed; npm's message is above."
    printf '%s\n' "$wanted" >"$stamp"
}
