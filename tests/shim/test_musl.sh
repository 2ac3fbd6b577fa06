#!/bin/bash
# Programs with musl: the guests of other scripts, built by musl-gcc, what libc calls beside strace, and from one C library
# to the other and back in one capture.
if [ ! -e "${BUILD:-$(dirname "$0")/../../build}/libsyscap-musl.so" ]; then
    if [ "${TEST_MODE:-interpose}" = full ]; then many=370; else many=366; fi
    echo "skip $many - musl (no musl-gcc: libsyscap-musl.so was not built)"
    exit 0
fi
export TEST_LIBC=musl
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../lib.sh"
for script in "$here"/test_{exits,threads,cancel,processes,kill}.sh "$here"/../hostile/test_{clone,ends,signals}.sh; do
    which=${script##*/test_}
    "$script" 2>&1 | sed -E "s/^(ok|not ok) - /\1 - musl, ${which%.sh}: /"
    [ "${PIPESTATUS[0]}" -eq 0 ] || FAILED=1
done

# counted FILE: "call number" of an strace log, each call once.
counted() {
    grep -v -E '^[0-9]+ +(---|\+\+\+)|<unfinished' "$1" |
        sed -E 's/^[0-9]+ +//; s/^<\.\.\. ([a-z0-9_]+) resumed.*/\1(/; s/\(.*//' | sort | uniq -c | awk '{print $2, $1}'
}
# What the start of a program calls is strace's alone: it is taken off by a run that does nothing.
beside_strace() { # HOW IGNORED: calls that differ, but for those that the second matches
    local how
    for how in none "$1"; do
        same beside_$how "$GUESTS/musl" "$how"
        mkdir -p "run_$how" && (cd "run_$how" && strace -f -qq -o "$WORK/$how.log" "$GUESTS/musl" "$how" >/dev/null 2>&1)
        counted "$how.log" >"$how.strace"
        json beside_$how
        python3 -c '
import json, sys
for name, n in json.load(open(sys.argv[1]))["runs"][0]["calls"].items(): print(name, n)' beside_$how.json |
            sort >"$how.ours"
        join -a 1 -a 2 -e 0 -o 0,1.2,2.2 "$how.strace" "$how.ours" >"$how.both"
    done
    join -a 1 -a 2 -e 0 -o 0,1.2,1.3,2.2,2.3 "$1.both" none.both |
        awk '$2 - $4 != $3 - $5 { print $1, $2 - $4, $3 - $5 }' | grep -v -w -E "$2" >"$1.differ"
    sed 's/^/    /' "$1.differ"
    check "- $1: every call as strace has it" [ ! -s "$1.differ" ]
    check "- $1: there were many" [ "$(awk '{ n += $2 } END { print n }' "$1.strace")" -gt 60 ]
}
if command -v strace >/dev/null; then
    # In interpose mode there is no wrapper for these: fork makes them.
    if [ "$SYSCAP_MODE" = full ]; then beside_strace plain nothing; else beside_strace plain 'gettid|set_tid_address|rt_sigprocmask'; fi
    if [ "$SYSCAP_MODE" = full ]; then
        # How often threads wait for each other is chance; membarrier's site has no room for a jump.
        beside_strace inside 'futex|membarrier'
    else
        skip 4 '- inside' 'what libc does by itself is not seen in interpose mode'
    fi
else
    skip 8 '- beside strace' 'no strace'
fi
if [ "$SYSCAP_MODE" = full ]; then
    same inside "$GUESTS/musl" inside
    asks inside 'complete, and hardly a site left' 'r["coverage"]["mode"] == "full" and
        r["coverage"]["write_calls_seen"] == r["coverage"]["write_calls_kernel"] == 14 and
        r["coverage"]["sites_found"] > 400 and r["coverage"]["sites_left"] < 40'
    asks inside 'who called: the program, not libc' \
        'all("ld-musl" not in s["name"] for s in r["call_sites"] if s["call"] == "write")'
    asks inside 'the threads that nobody joins end' 'r["threads"] == 9 and c["exit"] == 8'
fi

# There and back: a script for sh starts musl's, which starts glibc's. What each sees is what it was given.
SHOW=$BUILD/tests/guest/show_env
make -s -C "$LIB_ROOT/tests/guest" OUT="$BUILD/tests/guest" >make.log 2>&1
printf '#!%s\n' "$GUESTS/show_env" >by_musl
chmod +x by_musl
launched() { # NAME COMMAND...: by the launcher, from an environment of its own
    local name=$1
    shift
    env -i PATH="$PATH" A=1 "$@" >"$name.native" 2>&1
    echo "status $?" >>"$name.native"
    env -i PATH="$PATH" A=1 SYSCAP_MODE="$SYSCAP_MODE" "$RECORD" -q -o "$name.bin" -- "$@" >"$name.out" 2>&1
    echo "status $?" >>"$name.out"
    check "- $name: as without us" cmp -s <(grep -v SYSCAP_MODE "$name.out" | sed 's/^entries .*//') \
        <(sed 's/^entries .*//' "$name.native")
    [ -s "$name.bin" ] && asks "$name" 'nothing was left out' 'r["coverage"].get("untraced", []) in ([], 0, None) and
        not any("not recorded" in w for w in r["warnings"])'
}
launched direct "$GUESTS/show_env"
launched script ./by_musl
launched there sh -c "'$GUESTS/show_env' a; exit 3"
asks there 'a shell and its child' 'r["processes"] == 2 and r["end"]["code"] == 3'
launched back "$GUESTS/processes" spawn "$SHOW"
asks back 'from musl to glibc' 'r["processes"] == 2 and f("/environ")["reads"] >= 1'
launched twice sh -c "'$GUESTS/processes' spawn '$SHOW'; '$GUESTS/processes' vfork '$GUESTS/show_env'; exit 0"
asks twice 'five processes, one capture' 'r["processes"] == 5'
launched shell "$GUESTS/musl" programs
asks shell "popen's and system's shells" 'r["processes"] == 3'

# With LD_PRELOAD by hand: either name stands in the environment of all, as it was given.
for library in libsyscap.so libsyscap-musl.so; do
    first=$GUESTS/processes
    if [ $library = libsyscap.so ]; then first=$BUILD/tests/guest/processes; fi
    for second in "$SHOW" "$GUESTS/show_env"; do
        hand=by_hand_${library%.so}_$(basename "$(dirname "$second")")
        mkdir -p "$hand"
        (cd "$hand" && LD_PRELOAD=$BUILD/$library SYSCAP_OUTPUT=$WORK/$hand.bin exec "$first" fork_exec "$second") >"$hand.out" 2>&1
        check "- $hand: the variable as it was given" grep -qxF "environ LD_PRELOAD=$BUILD/$library" "$hand.out"
        check "- $hand: in /proc as well" grep -qxF "proc LD_PRELOAD=$BUILD/$library" "$hand.out"
        asks "$hand" 'two processes' 'r["processes"] == 2'
    done
done

# musl's posix_spawn has 5 KiB of stack for its child, of which the search along PATH takes what the longest folder has.
long=$(printf '/.%.0s' $(seq 1 2000))
PATH=$GUESTS$long:$PATH SYSCAP_STACK=16 same spawn_far "$GUESTS/processes" spawnp "$GUESTS/exits"
asks spawn_far 'started and captured' 'r["processes"] == 2 and f("/written")["writes"] == 10'

# A root with nothing but musl in it.
root=$WORK/root
mkdir -p "$root/lib" "$root/bin" "$root/tmp"
cp -L /lib/ld-musl-x86_64.so.1 "$root/lib/"
cp "$GUESTS/musl" "$RECORD" "$BUILD/libsyscap-musl.so" "$root/bin/"
if chroot "$root" /bin/musl plain >/dev/null 2>&1; then
    rm -rf "$root/tmp" "$root"/{file,made,folder}
    chroot "$root" /bin/syscap-record -q --mode "$SYSCAP_MODE" -o /alpine.bin -- /bin/musl plain >alpine.out 2>&1
    check '- a root of musl: runs as without us' [ $? -eq 0 -a ! -s alpine.out ]
    mv "$root/alpine.bin" .
    asks alpine 'recorded' 'f("/file")["writes"] == 3 and r["processes"] == 2'
    # As Alpine is: a shell that is busybox, linked statically, and programs with musl's library, to and fro.
    # A statically linked one is recorded in full mode alone.
    if [ "$SYSCAP_MODE" = full ] && busybox=$(command -v busybox) && cp "$busybox" "$BUILD/syscap-static" "$root/bin/" && chroot "$root" /bin/busybox true; then
        script='cd / && /bin/musl plain && busybox rm -rf /file /folder /made && busybox sh -c "/bin/musl plain; busybox echo end >>/said" && busybox cat /said'
        rm -rf "$root/tmp" "$root"/{file,made,folder,said}
        chroot "$root" /bin/busybox sh -c "$script" >busybox.native 2>&1
        rm -rf "$root/tmp" "$root"/{file,made,folder,said}
        chroot "$root" /bin/syscap-record -q --mode "$SYSCAP_MODE" -o /busybox.bin -- /bin/busybox sh -c "$script" >busybox.out 2>&1
        diff busybox.native busybox.out | sed "s,^,    ,"
        check '- a root of musl and busybox: runs as without us' cmp -s busybox.native busybox.out
        mv "$root/busybox.bin" .
        asks busybox 'programs of both kinds' 'f("/said")["writes"] == 1 and sum(x["writes"] for x in r["files"] if x["path"] == "/file") == 6 and
            r["coverage"]["static_programs"] >= 4 and not any("not recorded" in w for w in r["warnings"])'
    else
        skip 2 '- a root of musl and busybox' 'no busybox (busybox-static), or not in full mode'
    fi
else
    skip 4 '- a root of musl' 'chroot is not permitted'
fi

# Without the library for it a program with musl runs on, and is named.
mkdir alone && cp "$BUILD/libsyscap.so" "$RECORD" alone/
alone/syscap-record -q -o alone.bin -- sh -c "'$GUESTS/show_env' >/dev/null; exit 0" >alone.out 2>&1
check '- alone: nothing is said' [ ! -s alone.out ]
asks alone 'named as not recorded' 'r["processes"] in (1, 2) and any("C library" in w for w in r["warnings"])'
alone/syscap-record -q -o refused.bin -- "$GUESTS/show_env" >alone.out 2>&1
check '- alone: the launcher says which library it misses' grep -q 'libsyscap-musl.so is not found' alone.out
finish
