#!/bin/sh
# option_sets.sh DUMP GUEST: logs of one deterministic guest, made with many option sets of strace, have to give the same
# counts per call, whatever strace was told to print. Skips, and says so, where strace cannot trace.
dump=${1:?path of dump_events}
guest=${2:?path of strace_mix}
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
[ "$bad" = 0 ] && echo "option_sets.sh: $sets option sets agree"
exit "$bad"
