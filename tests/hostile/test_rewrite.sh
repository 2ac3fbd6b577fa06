#!/bin/bash
# Code that must not be changed where something else leads into it or lies there, and code that is not ours to change.
. "$(dirname "$0")/lib_hostile.sh"
R=$GUESTS/rewrite
for way in cold bare table pointer symbol; do
    same $way "$R" $way
    did $way "$way: called right, entered 42"
done
for way in data zeros; do
    same $way "$R" $way
    did $way "$way: called right, entered 0"
done
same stackless "$R" stackless
did stackless "stackless: written"
# The other five have room for a short jump, which covers nothing but the syscall.
asks cold "those three sites are left alone" \
    'not full or sum(x.startswith("rewrite+") for x in r["coverage"]["sites_left_at"]) == 3'
# The second program of a session takes what the first has found out.
same again /bin/sh -c '"$0" cold; "$0" table' "$R"
did again "cold: called right, entered 42"
did again "table: called right, entered 42"
# And believes it only as far as the code agrees: what was kept is damaged, one word after the other, at each start.
cat >damage.py <<'PYTHON'
import os, random, struct, sys
seed = int(sys.argv[1])
chance = random.Random(seed)
with open(os.environ["SYSCAP_OUTPUT"], "r+b") as file:
    file.seek(92)
    offset, size = struct.unpack("<II", file.read(8))
    file.seek(offset)
    words = bytearray(file.read(size))
    used = [at for at in range(8 + 128 * 16, size, 4) if words[at:at + 4] != b"\0\0\0\0"]
    for at in chance.sample(used, min(len(used), 1 << seed % 8)) if used else []:
        words[at:at + 4] = struct.pack("<I", struct.unpack("<I", words[at:at + 4])[0] ^ 1 << chance.randrange(32))
    file.seek(offset)
    file.write(words)
print("damaged", len(used) > 100)
PYTHON
if [ "$TEST_MODE" = full ]; then
    same damaged /bin/sh -c 'for seed in 1 2 3 4 5 6 7 8 9 10 11 12; do
        [ -z "$SYSCAP_OUTPUT" ] || python3 '"$WORK"'/damage.py $seed >>'"$WORK"'/damaged.said 2>&1; "$0" cold; "$0" table; done' "$R"
    check "- damaged: something was kept" grep -qx 'damaged True' damaged.said
    check "- damaged: and no damage failed" [ "$(grep -c '^damaged' damaged.said)" = 12 ]
    asks damaged "each program is watched at as many sites" 'len({(p["sites_found"], p["sites_left"]) for p in r["coverage"]["programs"] if p["program"] == "rewrite"}) == 1 and
        c["write"] >= 24 and r["coverage"]["complete"] is not False'
fi
same restorer "$R" restorer
did restorer "restorer: as in the file"
same small "$R" small "$GUESTS/rewrite_library.so"
did small "small: loaded"
same writable "$GUESTS/rewrite_wx"
did writable "pid right, parent right, mapped rwxp"
asks writable "its sites are counted as left alone" \
    'not full or any(x.startswith("rewrite_wx+") for x in r["coverage"]["sites_left_at"])'
finish
