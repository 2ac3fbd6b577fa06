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
        "$DECODER/compare.c" "$root"/shim/host_libc.c "$root"/shim/unwind/{eh_frame,insn,padding,elf_symbols}.c -lcapstone >err 2>&1 ||
        { not_ok "- compare builds"; finish; }
}

# agrees NAME FILE...: no difference in any of them, and hardly anything that could not be compared: of a hundred
# instructions one that Capstone does not know, of a thousand functions one that ours does not follow.
agrees() {
    local name=$1
    shift
    if printf '%s\0' "$@" | xargs -0 -n 100 ./compare >log 2>err && awk '/ files, / {
            files += $1; functions += $3; left += $5 + $16; instructions += $22; unknown += $24
        } END { exit !(files && instructions > 1000 && unknown <= 1 + instructions / 100 && left <= 1 + functions / 1000) }' log; then
        ok "- $name"
    else
        not_ok "- $name"
        grep -v ' files, ' log | head -20 | sed 's/^/    /'
    fi
    awk '/ files, / { n += $1; f += $3; s += $5; l += $16; i += $22; u += $24; d += $30 }
        END { printf "    %d files with code, %d functions, %d of them without a start that is agreed on and %d not followed to their end; " \
            "%d instructions, %d of them unknown to Capstone, %d different\n", n, f, s, l, i, u, d }' log
}
