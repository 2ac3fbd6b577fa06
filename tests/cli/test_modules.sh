#!/bin/sh
# Libraries that come and go at the same addresses: each call is the library's that was there when it was made.
. "$(dirname "$0")/lib.sh"
RECORD=$(dirname "$ANALYZE")/syscap-record
cat >library.c <<'C'
#include <sys/stat.h>
int ask(void);
int ask(void)
{
    struct stat st;
    return stat("/", &st) + 1;
}
C
cat >plugins.c <<'C'
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
static void *at[2];
static void *load(int which)
{
    void *library = dlopen(which ? "./two.so" : "./one.so", RTLD_NOW);
    if (!library || !(at[which] = dlsym(library, "ask")))
        exit(1);
    return library;
}
static void ask(int which, int times)
{
    for (int i = 0; i < times; i++)
        if (((int (*)(void))at[which])() != 1)
            exit(1);
}
/* The child asks when its parent has the other library in the first one's place. */
static void fork_and_change(void)
{
    int ready[2];
    char byte;
    void *library = load(0);
    if (pipe(ready))
        exit(1);
    pid_t child = fork();
    if (child == 0) {
        close(ready[1]);
        if (read(ready[0], &byte, 1))
            _exit(1);
        ask(0, 7);
        _exit(0);
    }
    dlclose(library);
    library = load(1);
    close(ready[1]);
    waitpid(child, NULL, 0);
    ask(1, 5);
    dlclose(library);
}
int main(void)
{
    for (int i = 0; i < 300; i++) {
        void *library = load(i % 3 != 0);
        ask(i % 3 != 0, 1);
        dlclose(library);
    }
    fork_and_change();
    puts(at[0] == at[1] ? "one place" : "two places");
    return 0;
}
C
cc -O1 -shared -fPIC -o one.so library.c && cc -O1 -shared -fPIC -o two.so library.c && cc -O1 -o plugins plugins.c -ldl || exit 1
cat >look.py <<'PY'
import json, sys
sites = json.load(open("out"))["runs"][0]["call_sites"]
for library, calls in (("one.so", 107), ("two.so", 205)):
    found = sum(s["calls"] for s in sites if s["module"] and s["module"].endswith(library))
    if found != calls:
        sys.exit(f"{library}: {found} calls and not {calls}")
assert not any(s["name"].startswith("unknown") for s in sites), sites
PY
check "both libraries were at one place" [ "$(./plugins)" = "one place" ]
for mode in full interpose; do
    check "records, $mode" env SYSCAP_MODE=$mode "$RECORD" -o $mode.bin -- ./plugins
    run 0 "is read, $mode" $mode.bin --format json
    check "each call is its own library's, the child's too, $mode" python3 look.py
done
finish
