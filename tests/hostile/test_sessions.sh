#!/bin/bash
# Who belongs to a session, who cannot, and that nobody's recording is replaced.
. "$(dirname "$0")/lib_hostile.sh"

# A child that was started behind our back, with the environment that the program was given, joins the session.
same foreign "$GUESTS/foreign_exec" /bin/sh -c 'echo y >child; exit 3'
did foreign "the child's status: 768"
asks foreign "the first program is not replaced, and the child is in the same capture" 'r["command"][0].endswith("foreign_exec") and
    f("/child")["writes"] == 1 and c["write"] >= 51'
check "- foreign: one capture" [ "$(ls | grep -c 'foreign.*bin')" -eq 1 ]

# The same as a user who may not come near the capture: nothing of it is recorded, nothing is said or left anywhere.
if [ "$(id -u)" -eq 0 ]; then
    chmod 755 "$WORK"
    mkdir -m 755 reachable
    mkdir -m 700 secret
    cp "$LIB" reachable/libsyscap.so
    cp "$GUESTS/foreign_exec" reachable/
    prepare() { chmod 777 .; }
    LIB=$WORK/reachable/libsyscap.so same stranger "$WORK/reachable/foreign_exec" -u 65534 /bin/sh -c 'ls; echo y >child; exit 3'
    did stranger "the child's status: 768"
    prepare() { :; }
    mkdir -m 777 aside
    for side in native traced; do
        (
            cd aside || exit 1
            rm -f child
            [ $side = native ] || export LD_PRELOAD=$WORK/reachable/libsyscap.so SYSCAP_OUTPUT=$WORK/secret/one.bin
            exec "$WORK/reachable/foreign_exec" -u 65534 /bin/sh -c 'ls; echo y >child; exit 3'
        ) >"stranger.$side.said" 2>&1
        ls -A aside >>"stranger.$side.said"
    done
    check "- stranger: the same is said and left where the capture's directory is closed to it" cmp -s stranger.native.said stranger.traced.said
    check "- stranger: one capture" [ "$(find secret aside -name '*.bin*' | wc -l)" -eq 1 ]
else
    skip 9 "a child as another user, started behind our back" "not root"
fi

# Small processes share the room.
same forks "$GUESTS/forks" 1500
did forks "forks done, 1500 ended well"
asks forks "every process, every write" 'r["processes"] == 1501 and f("/lines")["writes"] == 1500 and
    (r["coverage"]["complete"] is True or not full)'
if [ "$TEST_MODE" = full ]; then # in interpose mode a process may write on after its exit began
    check "- forks: less than 2 KiB each" [ "$(stat -c %s forks.bin)" -lt $((1500 * 2048)) ]
fi

# LeakSanitizer looks at the program from a process that shares its memory and its thread's storage.
cat >leak.c <<'C'
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    char *volatile lost = malloc(100);
    strcpy(lost, "lost");
    printf("%s\n", lost);
    lost = NULL;
    return 0;
}
C
for kind in address; do
    if cc -fsanitize=$kind -static-libasan -o leak_$kind leak.c 2>/dev/null && ./leak_$kind 2>&1 | grep -q 'detected memory leaks'; then
        # Addresses differ, and so do what lies in between.
        run_leak() { (exec "$@") 2>&1 | sed -E 's/0x[0-9a-f]+/0xADDR/g; s/==[0-9]+==/==PID==/g; s/\(BuildId.*//'; }
        run_leak ./leak_$kind >native
        export LD_PRELOAD=$LIB SYSCAP_OUTPUT=$WORK/leak_$kind.bin
        run_leak ./leak_$kind >traced
        unset LD_PRELOAD SYSCAP_OUTPUT
        check "- $kind sanitizer: the same report" cmp native traced
        asks leak_$kind "recorded to the end" 'r["total"] > 0 and not any("memory could be mapped" in w for w in r["problems"] + r["warnings"])'
    else
        skip 2 "$kind sanitizer" "not to be had statically"
    fi
done

# The shared runtime ends a program in which another library comes first: such a child is started without us, and named.
if cc -fsanitize=address -shared-libasan -o asan leak.c 2>/dev/null || cc -fsanitize=address -o asan leak.c 2>/dev/null; then
    if ldd asan | grep -q libasan.so; then
        ASAN_OPTIONS=detect_leaks=0 same asan sh -c "$WORK/asan; echo status \$?"
        did asan "status 0"
        asks asan "told by name" 'any("asan" in u["name"] for u in r["untraced"]) and r["coverage"]["complete"] is not True'
    else
        skip 3 "shared AddressSanitizer" "linked statically here"
    fi
else
    skip 3 "shared AddressSanitizer" "no runtime"
fi

# Children that can't reach the capture.
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null && unshare --mount true 2>/dev/null; then
    mkdir -m 777 reach
    chmod 755 "$WORK"
    reached() { # NAME COMMAND...: the same with and without, and nothing in the folder but what it makes
        local it=$1
        shift
        CAPTURE=$WORK/reach/$it.bin
        for side in native traced; do
            rm -rf run
            mkdir -m 777 run
            (
                cd run || exit 99
                if [ $side = traced ]; then export LD_PRELOAD=$LIB SYSCAP_OUTPUT=$CAPTURE; fi
                exec "$@" >"$WORK/$it.$side" 2>&1
            )
            ls -A run >>"$it.$side"
        done
        check "- $it: the same with and without, nothing said, nothing left" cmp "$it.native" "$it.traced"
        check "- $it: one capture" [ "$(ls reach | grep -c .)" -eq 1 ]
        mv "$CAPTURE" "$it.bin" || cat "$it.traced"
        asks $it "told by name, and not complete" 'r["untraced"] and any(u["name"] for u in r["untraced"]) and
            r["coverage"]["complete"] is not True'
    }
    chmod 700 reach
    reached other_user sh -c 'setpriv --reuid=65534 --regid=65534 --clear-groups sh -c "echo mine >file; ls"; ls'
    reached hidden unshare --mount sh -c "mount -t tmpfs none $WORK/reach && sh -c 'echo z >file; ls'; ls"
else
    skip 6 "children that can't reach the capture" "not root, or no namespaces"
fi
finish
