#!/bin/sh
# compare.sh DUMP: the analyzer's counts against count.py's for the published logs, as they are and altered, so that no
# number can be a constant. Skips, and says so, where the logs are absent.
dump=${1:?path of dump_events}
here=$(cd "$(dirname "$0")" && pwd)
logs=${STRACE_LOGS:-$here/../../../shared/strace_logs}
if [ ! -d "$logs" ]; then
    echo "compare.sh: skipped, no $logs"
    exit 0
fi
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
bad=0
checked=0

same() {
    python3 "$here/count.py" "$1" >"$work/expected"
    "$dump" "$1" | awk '/^# total/ || !/^#/ { if ($1 == "#") print; else print $1, $2, $3, $4 }' | LC_ALL=C sort >"$work/got"
    LC_ALL=C sort -o "$work/expected" "$work/expected"
    checked=$((checked + 1))
    if ! cmp -s "$work/expected" "$work/got"; then
        echo "compare.sh: differs for $2:"
        diff "$work/expected" "$work/got" | head -10
        bad=1
    fi
}

for log in "$logs"/*.strace; do
    grep -q '^% time' "$log" && continue
    name=$(basename "$log")
    same "$log" "$name"
    sed '/lseek/d' "$log" >"$work/a"; same "$work/a" "$name without lseek"
    awk 'NR % 3' "$log" >"$work/a"; same "$work/a" "$name without each third line"
    awk 'NR > 40' "$log" >"$work/a"; same "$work/a" "$name without its beginning"
    sed 's/write(/pwrite64(/; s/fstat(/getpid(/' "$log" >"$work/a"; same "$work/a" "$name, relabelled"
    sed 's/\\0\\0/\\0x/5' "$log" >"$work/a"; same "$work/a" "$name, other data"
    shuf --random-source="$log" "$log" >"$work/a"; same "$work/a" "$name, shuffled"
    sed 's/$/\r/' "$log" >"$work/a"; same "$work/a" "$name with CRLF"
    awk 'NR % 7 == 3 && match($0, /\(/) { i = index($0, ")"); cut = int((i + RSTART) / 2)
             if (i > RSTART + 4 && /(lseek|read|write|close)\([0-9]/) {
                 pid = $1 ~ /^[0-9]+$/ ? $1 "  " : ""; body = substr($0, length(pid) + 1)
                 match($0, /[a-z0-9_]+\(/); name = substr($0, RSTART, RLENGTH - 1)
                 at = index($0, "(") + 1
                 print substr($0, 1, at) " <unfinished ...>"
                 print pid "<... " name " resumed>" substr($0, at + 1); next } }
         { print }' "$log" >"$work/a"; same "$work/a" "$name, calls broken in two"
done
for log in "$logs"/*.strace; do
    grep -q '^% time' "$log" || continue
    checked=$((checked + 1))
    awk '$1 ~ /^[0-9.]+$/ && $NF != "total" { print $NF, $4, (NF == 6 ? $5 : 0), 0 }' "$log" | LC_ALL=C sort >"$work/expected"
    "$dump" "$log" | awk '!/^#/ { print $1, $2, $3, $4 }' | LC_ALL=C sort >"$work/got"
    cmp -s "$work/expected" "$work/got" || { echo "compare.sh: differs for $log"; bad=1; }
done
[ "$bad" = 0 ] && echo "compare.sh: $checked logs agree"
exit "$bad"
