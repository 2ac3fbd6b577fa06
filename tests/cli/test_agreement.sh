#!/bin/sh
# What only one source of a pair says is no difference: where a log began, the kernel's names of descriptors.
. "$(dirname "$0")/lib.sh"

# The same calls as strace -y shows them and without: a_log NAMED? DIRECTORY; IN and the like stand for "<...>".
a_log() {
    sed -e "s|@\([^@]*\)@|$([ "$1" = named ] && say '<\1>')|g" -e "s|HERE|$2|g" <<'LOG'
execve("/bin/p", ["p", "in.txt"], 0x7ffe /* 0 vars */) = 0
fcntl(0@/dev/null@, F_GETFD) = 0
openat(AT_FDCWD@HERE@, "in.txt", O_RDONLY) = 3@HERE/in.txt@
read(3@HERE/in.txt@, "some", 4) = 4
openat(AT_FDCWD@HERE@, "/usr/share/locale.alias", O_RDONLY) = 4@/etc/locale.alias@
read(4@/etc/locale.alias@, "more", 4) = 4
openat(AT_FDCWD@HERE@, "/proc/self/maps", O_RDONLY) = 5@/proc/123/maps@
read(5@/proc/123/maps@, "maps", 4) = 4
openat(AT_FDCWD@HERE@, "dir", O_RDONLY|O_DIRECTORY) = 6@HERE/dir@
openat(6@HERE/dir@, "x", O_RDONLY) = 7@HERE/dir/x@
chdir("sub") = 0
openat(AT_FDCWD@HERE/sub@, "deep", O_RDONLY) = 8@HERE/sub/deep@
openat(AT_FDCWD@HERE/sub@, "../up", O_RDONLY) = 9@HERE/up@
openat(AT_FDCWD@HERE/sub@, "HERE/by-name", O_RDONLY) = 10@HERE/by-name@
close(1@/out.txt@) = 0
exit_group(0) = ?
+++ exited with 0 +++
LOG
}
a_log named /data/run >named.log
a_log plain /data/run >plain.log

same() { # NAME
    has "$1: as many" 'make the same number of calls.' out
    check "$1: nothing parts" [ "$(grep -c '^They part' out)" -eq 0 ]
}
run 0 "strace -y beside plain" named.log plain.log --output-dir o --exit-code
same "strace -y beside plain"
has "says what it took to be" 'NOTE: plain does not say in which folder it began: taken to be that of named, /data/run.' out
run 0 "the other way round" plain.log named.log --output-dir o --exit-code
same "the other way round"
run 0 "as JSON" named.log plain.log --summary-only --format json
check "both know the same files" python3 -c '
import json
runs = json.load(open("out"))["runs"]
paths = [sorted(f["path"] for f in run["files"]) for run in runs]
assert paths[0] == paths[1], paths
assert set(paths[0]) >= {"/data/run/in.txt", "/data/run/dir/x", "/data/run/sub/deep", "/data/run/up", "/proc/self/maps"}, paths[0]
assert len(paths[0]) == 9, paths[0]'
run 0 "filtered as well" named.log plain.log --output-dir o --exit-code --path '*/deep'
same "filtered as well"

# It says itself where it began, later than strace -y does; that counts only as long as it has not gone from there.
a_log plain /other | sed '2i getcwd("/other", 4096) = 7' >asks.log
a_log named /data/run | sed '2i getcwd("/data/run", 4096) = 10' >asked.log
run 0 "one that asks where it is" asked.log asks.log --output-dir o --exit-code
same "one that asks where it is"
check "and takes nothing to be" [ "$(grep -c 'taken to be' out)" -eq 0 ]
a_log plain /data/run | sed '11a getcwd("/data/run/sub", 4096) = 14' >gone.log
a_log named /data/run | sed '11a getcwd("/data/run/sub", 4096) = 14' >went.log
run 0 "one that asks where it has gone" went.log gone.log --output-dir o --exit-code
has "began where the other did" 'taken to be that of went, /data/run.' out

# Where neither says it, and where both do, there is nothing to settle.
run 0 "both plain" plain.log asks.log --summary-only
check "nothing is taken to be" [ "$(grep -c 'taken to be' out)" -eq 0 ]
a_log named /data/other >other.log
run 0 "both named" named.log other.log --output-dir o
check "have the kernel's names" grep -q 'close(<out.txt>)' o/named_formatted.txt
check "and none of the other's folder" [ "$(grep -c 'taken to be' out)" -eq 0 ]

# Of what the run did not open the kernel's name is all there is.
say 'write(3</data/f>, "x", 1) = 1' >only.log
say 'openat(AT_FDCWD, "/data/f", O_WRONLY) = 3' >whole.log
say 'write(3, "x", 1) = 1' >>whole.log
run 0 "no opens in the log" only.log whole.log --output-dir o
has "the name is kept" 'write(<f>, data[1], 1) = 1' o/only_formatted.txt
check "and is the same file" [ "$(sed -n '/^## Where/,/^$/p' out | grep -c 'write')" -eq 0 ]
finish
