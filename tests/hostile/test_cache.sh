#!/bin/bash
# Plans of sites that are kept for later sessions: by whom they may be read, and that no file, whatever is in it, changes
# what a program does or what is seen of it.
. "$(dirname "$0")/lib_hostile.sh"
G=$GUESTS/rewrite
export SYSCAP_CACHE=$WORK/cache
if [ "$TEST_MODE" != full ]; then
    same interposed "$G" cold
    check "- interposed: nothing is looked up, nothing is kept" [ ! -e cache ]
    finish
fi

# good NAME: as it was the first time.
good() {
    asks "$1" "as many sites as ever" '[(p["sites_found"], p["sites_left"]) for p in r["coverage"]["programs"]] == '"$SITES"' and c["write"] >= 1'
}
plans() {
    find "${1:-cache}" -type f 2>/dev/null | sort
}

same first "$G" cold
json first
SITES=$(python3 -c 'import json, sys; print([(p["sites_found"], p["sites_left"]) for p in json.load(open(sys.argv[1]))["runs"][0]["coverage"]["programs"]])' first.json)
did first "cold: called right, entered 42"
check "- first: plans were kept" [ "$(plans | wc -l)" -ge 1 ]
check "- first: for the user alone" [ -z "$(find cache -perm /077)" ]
cp -a cache kept

same second "$G" cold
good second
check "- second: they stay as they are" diff -r cache kept
if command -v strace >/dev/null; then
    strace -f -o second.log env LD_PRELOAD="$LIB" SYSCAP_OUTPUT="$WORK/strace.bin" "$G" cold >/dev/null 2>&1
    check "- second: they are read" grep -q 'openat([0-9]*, "plan-[0-9]*", O_RDONLY' second.log
    check "- second: and nothing is written" [ "$(grep -c 'renameat(\|mkdir(' second.log)" = 0 ]
else
    skip 2 '- second' 'no strace'
fi

wrong=0
for seed in 1 2 3 4 5 6 7 8 9 10 11 12; do
    cp kept/* cache/
    python3 - $seed $(plans) <<'PYTHON'
import random, sys
chance = random.Random(int(sys.argv[1]))
for name in sys.argv[2:]:
    data = bytearray(open(name, "rb").read())
    for _ in range(1 << chance.randrange(8)):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    if chance.randrange(3) == 0:
        data = data[:chance.randrange(len(data))]
    open(name, "wb").write(data)
PYTHON
    traced "$WORK/damaged.bin" "$G" table >damaged.out 2>&1 && grep -qx 'table: called right, entered 42' damaged.out || wrong=1
    "$ANALYZE" damaged.bin --format json >damaged.json 2>/dev/null
    python3 -c 'import json, sys
sys.exit(str([(p["sites_found"], p["sites_left"]) for p in json.load(open(sys.argv[1]))["runs"][0]["coverage"]["programs"]]) != sys.argv[2])' damaged.json "$SITES" || wrong=1
    diff -r cache kept >/dev/null || wrong=1
done
check "- damaged: a file that is not right is none, and is made anew" [ $wrong = 0 ]

# Each plan in the place of each other one.
for one in $(plans kept); do for plan in $(plans); do cp "$one" "$plan"; done; done
same mixed "$G" cold
good mixed

# What others may write to is not read: it would be taken, and stay.
cp kept/* cache/ && chmod 0666 cache/*
same written_by_others "$G" cold
good written_by_others
check "- written_by_others: made anew" [ -z "$(find cache -perm /077)" ]
chmod 0777 cache && for plan in $(plans); do echo garbage >"$plan"; done
same folder_of_others "$G" cold
good folder_of_others
check "- folder_of_others: left alone" grep -qx garbage $(plans)
rm -rf cache && mkdir -m 700 cache && for plan in $(plans kept); do ln -s /nonesuch/plan "cache/${plan##*/}"; done
same links "$G" cold
good links
check "- links: are not followed" [ "$(plans | wc -l)" = "$(plans kept | wc -l)" ]

# Several who find none at once.
rm -rf cache
for i in 1 2 3 4 5 6 7 8; do traced "$WORK/at_once_$i.bin" "$G" cold >at_once_$i.out 2>&1 & done
wait
check "- at once: each did what it does" [ "$(cat at_once_*.out | grep -cx 'cold: called right, entered 42')" = 8 ]
check "- at once: whole files are left" diff -r cache kept
good at_once_1
good at_once_8

# Where nothing can be kept, or nobody wants it.
rm -rf cache home && mkdir home
SYSCAP_CACHE=off HOME=$WORK/home same off "$G" cold
good off
check "- off: nothing" [ ! -e cache -a -z "$(ls -A home)" ]
unset SYSCAP_CACHE
XDG_CACHE_HOME= HOME=$WORK/home same home "$G" cold
check "- home: in the user's folder" diff -r home/.cache/syscap kept
mkdir xdg
XDG_CACHE_HOME=$WORK/xdg HOME=$WORK/home same xdg "$G" cold
check "- xdg: where the user has it" diff -r xdg/syscap kept
(unset HOME XDG_CACHE_HOME; same homeless "$G" cold)
SYSCAP_CACHE=relative same relative "$G" cold
good relative
check "- relative: nowhere" [ ! -e relative -a ! -e relative.d/relative ]
mkdir masked
(umask 0777; HOME=$WORK/masked XDG_CACHE_HOME= SYSCAP_OUTPUT=$WORK/masked.bin LD_PRELOAD=$LIB "$G" cold >/dev/null 2>&1)
check "- masked: folders that the user can use" [ "$(stat -c %a masked/.cache masked/.cache/syscap 2>/dev/null | sort -u)" = 700 ]
if [ "$(id -u)" = 0 ]; then
    mkdir other && chown 12345 other
    (HOME=$WORK/other XDG_CACHE_HOME='' traced "$WORK/other.bin" "$G" cold) >/dev/null 2>&1
    check "- other: nothing is made in another's home" [ -z "$(ls -A other)" ]
else
    skip 1 '- other' 'not root'
fi
# What was changed in memory is found out for nobody else: neither later sessions nor this one's other programs.
if "$GUESTS/hostile_probe" "$G" >probe.native 2>&1; then
    SYSCAP_CACHE=$WORK/probed "$GUESTS/hostile_probe" "$G" LD_PRELOAD="$LIB" SYSCAP_OUTPUT="$WORK/probe.bin" >probe.out 2>&1
    check "- probed: a breakpoint was set" grep -q '^set 1' probe.out
    SYSCAP_CACHE=$WORK/probed same after_probe "$G" cold
    good after_probe
    asks after_probe "its writes are seen" 'c.get("write") == 1 and r["coverage"]["complete"]'
    SYSCAP_CACHE=off same beside_probe /bin/sh -c '"$0" "$1" >/dev/null; "$1" cold' "$GUESTS/hostile_probe" "$G"
    asks beside_probe "its writes are seen" 'r["coverage"]["write_calls_seen"] == r["coverage"]["write_calls_kernel"] or c["write"] >= 2'
else
    skip 7 '- probed' 'ptrace is not permitted'
fi
# A plan without a site fits no other module, whatever its file is called.
mkdir -m 700 one
for plan in $(plans kept); do python3 -c 'import sys; sys.stdout.buffer.write(bytes.fromhex("25232284e49cf2cb"))' >"one/${plan##*/}"; chmod 600 "one/${plan##*/}"; done
SYSCAP_CACHE=$WORK/one same nothing "$G" cold
good nothing
SYSCAP_CACHE=/proc/nonesuch same nowhere "$G" cold
good nowhere
SYSCAP_CACHE=/dev/null same no_folder "$G" cold
good no_folder
: >cache_file
SYSCAP_CACHE=$WORK/full same descriptors /bin/sh -c 'ls /proc/self/fd | wc -l; ulimit -n 3; exec 2>&-; "$0" cold' "$G"
finish
