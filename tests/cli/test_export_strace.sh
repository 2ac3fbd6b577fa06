#!/bin/sh
# What is exported as strace's text is read back, by us and by a few lines of Python that know strace's manual alone, and
# counts the same: calls, errors, bytes, zeros, files, processes, threads and their ends.
. "$(dirname "$0")/lib.sh"
RECORD=${BUILD:-$HERE/../../build}/syscap-record

cat >mix.c <<'C'
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>
extern char **environ;
static char zeros[3328], other[3328];
static void files(void)
{
    struct stat info;
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 10};
    mkdir("d", 0755);
    if (chdir("d"))
        _exit(9);
    int fd = open("a \"b\"<c>,\n=", O_CREAT | O_RDWR | O_TRUNC, 0640);
    struct iovec parts[2] = {{zeros, 100}, {zeros, 3228}}, mixed[2] = {{zeros, 100}, {other, 100}};
    for (int i = 0; i < 5; i++) {
        lseek(fd, i * 3328, SEEK_SET);
        if (write(fd, zeros, sizeof zeros) < 0 || write(fd, zeros, 7) < 0)
            _exit(9);
    }
    if (writev(fd, parts, 2) < 0 || writev(fd, mixed, 2) < 0 || pwrite(fd, other, 10, 5) < 0 || write(fd, "", 0) < 0)
        _exit(9);
    lseek(fd, 0, SEEK_SET);
    while (read(fd, other, sizeof other) > 0)
        ;
    fcntl(fd, F_SETLK, &lock);
    fstat(fd, &info);
    void *at = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
    munmap(at, 4096);
    close(dup(fd));
    dup2(fd, 20);
    rename("a \"b\"<c>,\n=", "new");
    close(fd);
    stat("new", &info);
    stat("absent", &info);
    readlink("/proc/self/exe", other, sizeof other);
    DIR *directory = opendir("..");
    while (directory && readdir(directory))
        ;
    closedir(directory);
    if (chdir(".."))
        _exit(9);
    close(open("d/new", O_RDONLY));
}
static void *thread(void *name)
{
    int fd = open(name, O_CREAT | O_WRONLY, 0600);
    for (int i = 0; i < 20; i++)
        if (write(fd, "some", 4) != 4)
            _exit(9);
    close(fd);
    return NULL;
}
int main(int count, char **words)
{
    pthread_t ids[2];
    int status, pair[2];
    memset(other, 'x', sizeof other);
    files();
    pthread_create(&ids[0], NULL, thread, "t0");
    pthread_create(&ids[1], NULL, thread, "t1");
    pthread_join(ids[0], NULL);
    pthread_join(ids[1], NULL);
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0) {
        struct pollfd ready = {.fd = pair[0], .events = POLLOUT};
        poll(&ready, 1, 0);
        if (write(pair[0], "xyz", 3) != 3 || read(pair[1], other, 3) != 3)
            _exit(9);
    }
    pid_t child = fork();
    if (child == 0) {
        close(open("child", O_CREAT | O_WRONLY, 0600));
        _exit(3);
    }
    waitpid(child, &status, 0);
    child = fork();
    if (child == 0) {
        close(open("killed", O_CREAT | O_WRONLY, 0600));
        kill(getpid(), SIGKILL);
    }
    waitpid(child, &status, 0);
    char *arguments[] = {"true", NULL};
    if (posix_spawnp(&child, "true", NULL, NULL, arguments, environ) == 0)
        waitpid(child, &status, 0);
    return count > 5 && words ? 1 : 0;
}
C
cc -w -O1 -pthread -o mix mix.c || exit 1

cat >same.py <<'PY'
import json, re, sys, collections
kept, back, log, mode = json.load(open("report"))["runs"][0], json.load(open("back"))["runs"][0], sys.argv[1], sys.argv[2]
def same(what, of):
    assert of(kept) == of(back), (what, of(kept), of(back))
same("calls", lambda run: run["calls"])
same("errors", lambda run: {name: detail["errors"] for name, detail in run["call_details"].items()})
same("zeros", lambda run: [run["writes"][key] for key in ("zero", "empty", "failed", "small", "large", "bytes", "zero_bytes")])
same("reads", lambda run: run["reads"])
same("how it ended", lambda run: run["end"])
same("processes and threads", lambda run: (run["processes"], run["threads"]))
same("whose", lambda run: sorted((p["pid"], p["program"], p["copy"], p["calls"], p["bytes"], str(p["end"])) for p in run["process_table"] if p["calls"]))
counters = "opens reads writes zero_writes seeks redundant_seeks bytes_read bytes_written zero_bytes rewrites maps errors".split()
same("files", lambda run: sorted([f["path"]] + [f[key] for key in counters] for f in run["files"]))
# strace(1): a pid, seconds, then name(arguments) = result <time>; or <unfinished ...> and <... name resumed>, or a remark.
calls, pids, ends = collections.Counter(), set(), []
for line in open(log, encoding="ascii"):
    if mode == "pids":
        pid, rest = re.fullmatch(r"(\d+) +\d{10}\.\d{6} (.*)\n", line).groups()
        pids.add(pid)
    else:
        rest = re.sub(r"^(\d+ +)?(\d+\.\d{6} )?", "", line.rstrip("\n"))
    call = re.fullmatch(r"(\w+)\((.*)(\) += (\?|-?\d+|0x[0-9a-f]+)(<.*>)?( .*)?| <unfinished \.\.\.>)", rest)
    if call and "neither this nor" not in rest:
        calls[call[1]] += 1
    elif rest.startswith("+++ "):
        ends.append(rest)
    else:
        assert call or re.fullmatch(r"<\.\.\. \w+ resumed>\) = 0|strace: (New )?Process \d+ attached|\+\+\+ .* \+\+\+", rest), line
assert calls == kept["calls"], (calls, kept["calls"])
if mode == "pids":
    assert len(pids) == kept["threads"], (pids, kept["threads"])
    assert kept["end"]["kind"] != "exited" or "+++ exited with %d +++" % kept["end"]["code"] in ends
PY
back() { # NAME pids|any ARGS...
    title=$1 how=$2
    shift 2
    run 0 "$title: exported" "$@" --summary-only --format json --export strace=back.strace
    cp out report
    run 0 "$title: read again" back.strace --summary-only --format json
    cp out back
    check "$title: calls, errors, bytes, zeros, files, processes" python3 same.py back.strace "$how"
    # A filter is of both. In interpose mode a vfork's child makes its calls as its parent: as a line of the parent's its
    # execve can't have succeeded.
    if [ "$#" -eq 1 ] && [ "$title" != "interpose: a shell" ]; then
        run 0 "$title: beside what it was exported from" "$@" back.strace --label from,back --output-dir o --exit-code
        check "$title: parts nowhere" [ "$(grep -c '^They part' out)" -eq 0 ]
        check "$title: nothing in the diff" [ ! -s "$(echo o/*_comparison.diff)" ]
        rm -r o
    fi
}
for mode in interpose full; do
    SYSCAP_MODE=$mode "$RECORD" -o mix.bin -- ./mix
    back "$mode" pids mix.bin
    has "$mode: names beside numbers" '"a \"b\"<c>,\n=", O_RDWR|O_CREAT|O_TRUNC, 0640) = 3<' back.strace
    has "$mode: zeros" 'write(3<' back.strace
    check "$mode: zeros are shown" grep -q ', "\(\\0\)\{32\}"\.\.\., 3328) = 3328 <' back.strace
    has "$mode: how a child ended" '+++ killed by SIGKILL +++' back.strace
    check "$mode: a thread is one" grep -q 'strace: Process [0-9]* attached' back.strace
    SYSCAP_MODE=$mode "$RECORD" -o sh.bin -- sh -c 'echo one >f; cat f f | (sleep 0; cat) >g; test -e x; rm f g; exit 3'
    back "$mode: a shell" pids sh.bin
done
back "filtered" any mix.bin --trace write,openat,lseek,rename,chdir
run 0 "filtered" mix.bin --trace write --succeeded --summary-only --export strace=some.strace
check "filtered: no other call" sh -c '! grep -v "write(\|strace: .*Process\|neither this nor\|+++" some.strace'
small_log some log "exit_group(0) = ?"
back "a log of strace's" any log
if strace -f -ttt -T -y -o real.log ./mix 2>/dev/null; then
    back "a log of strace's, with threads" pids real.log
else
    echo "skip 3 - a log of strace's, with threads (strace can't trace here)"
fi
cp back.strace again.strace
back "what was exported before" any again.strace
run 2 "two runs" mix.bin sh.bin --export strace=two.strace
has "are told apart" "strace is of one run" err
finish
