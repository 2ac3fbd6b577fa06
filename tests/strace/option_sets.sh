#!/bin/sh
# option_sets.sh DUMP GUEST LIBRARY: logs of one deterministic guest, made with many option sets of strace, have to give
# the same counts per call, whatever strace was told to print, and so has a capture of it. Skips, and says so, where
# strace cannot trace.
dump=${1:?path of dump_events}
guest=${2:?path of strace_mix}
library=${3:?path of libsyscap.so}
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
mkdir "$work/files"
if ! strace -o /dev/null true 2>/dev/null; then
    echo "option_sets.sh: skipped, strace cannot trace here"
    exit 0
fi
bad=0
sets=0

# Only waiting depends on how the threads meet.
counts() {
    "$dump" "$1" | awk '!/^#/ && $1 != "futex" && $1 != "restart_syscall" { print $1, $2, $3 }' | LC_ALL=C sort
}

check() {
    sets=$((sets + 1))
    counts "$1" >"$work/got"
    [ -f "$work/first" ] || cp "$work/got" "$work/first"
    cp "$work/first" "$work/expected"
    # strace -c counts what returns, and exit does not
    case $2 in *-c*) sed -i '/^exit/d' "$work/expected" ;; esac
    if [ ! -s "$work/got" ] || ! cmp -s "$work/expected" "$work/got"; then
        echo "option_sets.sh: other counts with $2"
        diff "$work/expected" "$work/got" | head -10
        bad=1
    fi
    "$dump" "$1" | grep '^# warning' >"$work/warnings" && { echo "option_sets.sh: $2"; cat "$work/warnings"; bad=1; }
    case $2 in *-c*) return ;; esac
    "$dump" "$1" | grep -q '^# end 1 0 0 .* processes 3 threads 7 startup 1' || {
        echo "option_sets.sh: processes with $2"; "$dump" "$1" | grep '^#'; bad=1; }
    zero=$("$dump" "$1" | awk '{ n += $4 } END { print n }')
    unseen=$("$dump" "$1" | awk '{ n += $7 } END { print n }')
    [ "$((zero + unseen))" -ge 128 ] && { [ "$zero" = 128 ] || case $2 in *"-s 0"*) true ;; *) false ;; esac; } || {
        echo "option_sets.sh: $zero zero writes with $2"; bad=1; }
}

in_file() {
    # shellcheck disable=SC2086
    strace $1 -o "$work/log" "$guest" "$work/files" || bad=1
    check "$work/log" "$1 -o"
}

on_stderr() {
    # shellcheck disable=SC2086
    strace $1 "$guest" "$work/files" 2>"$work/log" || bad=1
    check "$work/log" "$1"
}

family() {
    rm -f "$work"/family*
    # shellcheck disable=SC2086
    strace -ff $1 -o "$work/family" "$guest" "$work/files" || bad=1
    check "$work/family" "-ff $1"
}

in_file "-f"
on_stderr "-f"
in_file "-f -t"
on_stderr "-f -tt -T"
in_file "-f -ttt -T"
in_file "-f -r"
on_stderr "-f -r -t -n"
in_file "-f -y"
on_stderr "-f -yy"
in_file "-f -k"
on_stderr "-f -k -i"
in_file "-f -i -x"
in_file "-f -xx -yy"
in_file "-f -v -s 4096"
on_stderr "-f -i -r -T -yy -x -v -s 3"
in_file "-f -tt -s 0"
in_file "-f -q -Y -y"
on_stderr "-f -qq -X verbose"
in_file "-f -C"
family ""
family "-tt"
family "-ttt -T -yy -x -k"
family "-r -y"
in_file "-f -c"
in_file "-f -c -w -S calls"

# A capture begins at the library's constructor: what the loader did before is measured on an empty program, whose images
# are one where the guest's are two. rt_sigreturn is left alone by the library.
per_name() {
    "$dump" "$1" | awk '!/^#/ && $1 != "futex" && $1 != "restart_syscall" && $1 != "rt_sigreturn" { print $1, $2 }'
}
echo 'int main(void) { return 0; }' >"$work/empty.c"
"${CC:-cc}" -o "$work/empty" "$work/empty.c" -pthread || bad=1
for program in empty guest; do
    path=$work/empty
    [ $program = guest ] && path=$guest
    strace -f -o "$work/$program.log" "$path" "$work/files" || bad=1
    SYSCAP_MODE=full SYSCAP_OUTPUT=$work/$program.bin LD_PRELOAD=$library "$path" "$work/files" || bad=1
    per_name "$work/$program.log" >"$work/$program.logged"
    per_name "$work/$program.bin" >"$work/$program.captured"
done
sets=$((sets + 1))
awk 'FILENAME ~ /empty.logged$/ { loader[$1] += $2 } FILENAME ~ /empty.captured$/ { loader[$1] -= $2 }
     FILENAME ~ /guest.captured$/ { n[$1] += $2 } FILENAME ~ /guest.logged$/ { logged[$1] = $2 }
     END {
         # the execve of the second image is a call of the first, and captured
         for (name in loader) n[name] += (name == "execve" ? 1 : 2) * loader[name]
         for (name in n) if (n[name] != logged[name] + 0) { print name, n[name], "in the capture,", logged[name] + 0, "in the log"; bad = 1 }
         for (name in logged) if (!(name in n)) { print name, "only in the log"; bad = 1 }
         exit bad
     }' "$work/empty.logged" "$work/empty.captured" "$work/guest.captured" "$work/guest.logged" || {
    echo "option_sets.sh: a capture in full mode has other counts"
    bad=1
}
[ "$bad" = 0 ] && echo "option_sets.sh: $sets option sets agree"
exit "$bad"
