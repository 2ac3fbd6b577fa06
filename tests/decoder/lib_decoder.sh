# Shared by the tests that hold our decoder to Capstone's (bash), on top of tests/cli/lib.sh.
DECODER=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# build_compare: $WORK/compare, or a skip of HOW_MANY tests and the end.
build_compare() { # HOW_MANY
    local root=$DECODER/../.. cc=${CC:-cc}
    if ! echo '#include <capstone/capstone.h>' | "$cc" -E - >/dev/null 2>&1; then
        echo "skip $1 - the decoder beside Capstone's (libcapstone-dev is not there)"
        exit 0
    fi
    "$cc" -std=gnu11 -D_GNU_SOURCE= -O2 -Wall -Wextra -Wshadow -Wconversion -Werror -I "$root/shim/unwind" -o compare \
        "$DECODER/compare.c" "$root"/shim/unwind/{eh_frame,insn,padding,elf_symbols}.c -lcapstone >err 2>&1 ||
        { not_ok "- compare builds"; finish; }
}

# agrees NAME FILE...: no difference in any of them.
agrees() {
    local name=$1
    shift
    if printf '%s\0' "$@" | xargs -0 -n 100 ./compare >log 2>err && grep -q '^[1-9][0-9]* files' log; then
        ok "- $name"
    else
        not_ok "- $name"
        grep -v ' files, ' log | head -20 | sed 's/^/    /'
    fi
    grep ' files, ' log | sed 's/^/    /'
}
