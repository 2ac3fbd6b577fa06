#!/bin/sh
# What nobody reads is not made: a summary alone reads its inputs once, and of a pair again only up to where it parts.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || { skip 8 "a second reading" "no python3 to count what is read"; finish; }

# calls NAME PARTS...: the log NAME of 600,000 calls, of which those numbers are others.
calls() {
    awk -v others=" $2 " 'BEGIN {
        print "openat(AT_FDCWD, \"/data/table.f0\", O_RDWR|O_CREAT, 0644) = 3"
        for (i = 1; i < 600000; i++)
            print index(others, " " i " ") ? "fsync(3) = 0" : "lseek(3, " i * 2048 ", SEEK_SET) = " i * 2048
    }' >"$1"
}
calls whole.strace ""
calls early.strace "300 590000"
calls later.strace "40000"

# bytes ARGS...: how many bytes the analyzer reads, as the kernel counts them; its output in out.
bytes() {
    python3 - "$ANALYZE" "$@" <<'PYTHON'
import os, sys
with open("out", "wb") as out:
    pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, out.fileno(), 1)])
os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
with open(f"/proc/{pid}/io") as io:
    print(next(line.split()[1] for line in io if line.startswith("rchar:")))
os.waitpid(pid, 0)
PYTHON
}

# read_more NAME PERCENT ARGS...: beside what it reads of the smallest log, so much of what is in the logs.
size=$(wc -c <whole.strace)
echo 'getpid() = 1' >small.strace
base=$(bytes small.strace --summary-only)
between() { # NAME FROM TO ARGS...
    name=$1
    from=$2
    to=$3
    shift 3
    read=$(bytes "$@")
    percent=$(((read - base) * 100 / size))
    echo "    $percent % of one log"
    check "$name" [ "$percent" -ge "$from" ] && check "$name, not more" [ "$percent" -le "$to" ]
}
between "one run is read once" 95 110 whole.strace --summary-only
between "a pair that parts early is read once, but for its beginnings" 195 260 whole.strace early.strace --summary-only
between "one that is the same is read twice" 390 450 whole.strace whole.strace --summary-only

# What is said is the same as where all is compared.
for other in early later whole; do
    run 0 "$other: summary alone" whole.strace $other.strace --summary-only --format json
    mv out alone
    run 0 "$other: with its files" whole.strace $other.strace --output-dir files --format json
    for key in parting differ; do
        for file in alone out; do
            python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["comparison"][sys.argv[2]])' $file $key >$file.key
        done
        check "$other: the same $key" cmp alone.key out.key
    done
done
run 1 "and the exit status tells it" whole.strace early.strace --summary-only --exit-code
finish
