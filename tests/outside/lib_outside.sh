# Shared by tests/outside (bash): test suites that others wrote, run without and with syscap in both modes. What they say
# must be the same. OUTSIDE=short (default; ./run.sh test) or long (./run.sh test-all).
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
OUTSIDE=${OUTSIDE:-short}

# have PACKAGES...: installs with apt-get what is missing, where that is possible. 1 where it is not.
have() {
    local package missing=()
    for package; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    [ "$OUTSIDE" = long ] && [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null || return 1
    echo "    installing ${missing[*]}"
    { DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends "${missing[@]}" ||
        { apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends "${missing[@]}"; }; } >/dev/null 2>&1
}

# side native|interpose|full CAPTURE COMMAND...
side() {
    local mode=$1 capture=$2
    shift 2
    if [ "$mode" = native ]; then
        env -u SYSCAP_MODE "$@"
    else
        SYSCAP_MODE=$mode traced "$capture" "$@"
    fi
}
