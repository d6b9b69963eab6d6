# Shared by scripts/demo, scripts/test, scripts/prove and scripts/bench. Sourced with bash -eu from the top of the checkout.

VENV="$PWD/.venv"

say() { printf '%s\n' "$*" >&2; }

stop() {
    say "casework: $*"
    exit 1
}

may_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

# install_packages WHAT PACKAGE…: through apt when we may, else a failure that names the packages.
install_packages() {
    local what="$1"
    shift
    may_install || stop "$what is missing. Install the system package(s) '$*' (Debian's names) and run this again."
    say "casework: installing $what (apt: $*)"
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@"; } >&2 </dev/null ||
        stop "$what could not be installed through apt. Install the package(s) '$*' by hand and run this again."
}

# The first Python that is new enough, on standard output.
find_python() {
    local candidate
    for candidate in "${PYTHON:-python3}" python3 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

make_venv() {
    if "$VENV/bin/python" -c 'import pip' 2>/dev/null; then return; fi
    local python
    if ! python="$(find_python)"; then
        install_packages "Python 3.11 or newer" python3 python3-venv
        python="$(find_python)" || stop "Python 3.11 or newer is needed, and this system's own is older. Set PYTHON to a newer one."
    fi
    "$python" -c 'import ensurepip' 2>/dev/null || install_packages "Python's venv module" python3-venv
    say "casework: making .venv with $("$python" --version)"
    "$python" -m venv --clear "$VENV" || stop "the virtual environment in .venv could not be made."
}

# What an installation depends on: the lock, the project's metadata, the interpreter and where the checkout lies.
fingerprint() {
    { cat "$1" pyproject.toml casework/__init__.py; "$VENV/bin/python" --version; pwd; } | sha256sum | cut -d' ' -f1
}

pip_install() {
    "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --no-input "$@" >&2 </dev/null
}

# install_locked LOCK: every dependency by its hash, then the checkout itself, editable and without the network.
install_locked() {
    local lock="$1" stamp="$VENV/.installed-$1" wanted
    make_venv
    wanted="$(fingerprint "$lock")"
    if [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then return; fi
    say "casework: installing $lock into .venv"
    pip_install --require-hashes -r "$lock" || stop "the dependencies of $lock could not be installed; pip's message is above."
    pip_install --no-deps --no-build-isolation --no-index -e . || stop "the checkout could not be installed into .venv."
    printf '%s\n' "$wanted" >"$stamp"
}
