#!/bin/sh
# A log of 200 MB is read in the memory that one of 2 MB takes, and counted to the line.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || { echo "skip - a big log (no python3 to measure memory)"; exit 0; }

# A block of lines of several shapes, repeated to about 2 MB and, of those, a hundred times.
awk 'BEGIN {
    for (i = 0; i < 5000; i++) {
        print "7704  lseek(3, " i * 2048 ", SEEK_SET) = " i * 2048
        print "7704  write(3, \"\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\"..., 2048) = 2048"
        print "7704  openat(AT_FDCWD, \"/tmp/a/table.f" i % 7 "\", O_RDWR|O_CREAT, 0644) = 3"
        print "7704  newfstatat(3, \"\", {st_mode=S_IFREG|0644, st_size=" i ", ...}, AT_EMPTY_PATH) = 0"
        print "7704  read(3, \"abc\"..., 4096) = -1 EAGAIN (Resource temporarily unavailable)"
    }
}' >block
cat block block >2mb
i=0
while [ $i -lt 100 ]; do
    cat 2mb
    i=$((i + 1))
done >200mb
check "- 200 MB of log" [ "$(wc -c <200mb)" -gt 190000000 ]

# peak LOG: the analyzer's largest resident size in KiB; its JSON in out
peak() {
    python3 - "$ANALYZE" "$1" <<'PYTHON'
import resource, subprocess, sys
with open("out", "wb") as out:
    subprocess.run([sys.argv[1], sys.argv[2], "--format", "json"], stdout=out, stderr=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
PYTHON
}
small=$(peak 2mb)
large=$(peak 200mb)
echo "    peak $small KiB and $large KiB"
check "- no more memory for a hundred times the log" [ "$large" -lt $((small + 4096)) ]
check "- every line is counted" grep -q '"total": *5000000' out
finish
