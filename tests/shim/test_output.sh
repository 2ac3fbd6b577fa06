#!/bin/bash
# Where the capture can't be written, the program runs on unharmed and one line on stderr says why; what is written never
# harms what was there.
. "$(dirname "$0")/../lib.sh"
DIRECT="$GUESTS/writers direct"

# as_without FOLDER COMMAND...: its output, status and files are those of DIRECT without us; what it says goes into err.
mkdir native.d
(cd native.d && $DIRECT >../out 2>../err; echo "status $?" >>../out; tree >>../out; cat ../out ../err) >native.all
as_without() {
    local folder=$1
    shift
    mkdir -p "$folder"
    (cd "$folder" && "$@" >"$WORK/out" 2>"$WORK/err"; echo "status $?" >>"$WORK/out"; tree >>"$WORK/out")
    cmp out native.all
}
# refused NAME PATTERN_OF_OUTPUT: output, status and files as without us; one line.
refused() {
    # shellcheck disable=SC2086 # a command and its argument
    check "- $1: the program runs on" as_without "$1.d" traced "$2" $DIRECT
    check "- $1: one line" [ "$(wc -l <err)" -eq 1 ]
    check "- $1: it says why" grep -q "^syscap: .*: $3" err
    check "- $1: nothing else is left" [ "$(ls -A "$1.d")" = written ]
}
refused folder_missing "$WORK/none/x.bin" "no such directory"
mkdir folder
refused is_a_folder "$WORK/folder" "it is a directory"
check "- is_a_folder: untouched" [ -d folder -a -z "$(ls -A folder)" ]
refused below_a_file "$WORK/out/x.bin" "a part of the path is no directory"
refused null_device /dev/null "it exists and is no regular file"
check "- null_device: still one" [ -c /dev/null ]
refused name_too_long "$WORK/$(printf '%0300d' 0)" "the name is too long"
mkfifo pipe
refused pipe "$WORK/pipe" "it exists and is no regular file"
check "- pipe: still one" [ -p pipe ]

echo precious >text
refused text "$WORK/text" "it exists and is no capture"
check "- text: as it was" [ "$(cat text)" = precious ]
cp "$GUESTS/writers" itself
refused program "$WORK/itself" "it exists and is no capture"
check "- program: as it was" cmp "$GUESTS/writers" itself
"$RECORD" -o "$WORK/text" -- "$GUESTS/writers" direct >/dev/null 2>err
check "- text: one line of syscap-record's too" [ "$(wc -l <err)" -eq 1 ]
rm -f written
: >empty.bin
(cd native.d && traced "$WORK/empty.bin" $DIRECT) >/dev/null
check "- an empty file is replaced" [ -s empty.bin ]

# A folder without permission, as somebody who is bound by permissions.
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
    as_nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups -- "$@"; }
    mkdir -m 755 closed
    open=$(mktemp -d /tmp/syscap-test-XXXXXX) || exit 1
    cp "$LIB" "$GUESTS/writers" "$open/"
    chmod 777 "$open"
    chmod 755 "$open/libsyscap.so"
    chmod 711 "$WORK"
    (cd "$open" && as_nobody env LD_PRELOAD="$open/libsyscap.so" SYSCAP_OUTPUT="$WORK/closed/x.bin" ./writers direct) 2>err
    check "- read-only folder: the program runs on" [ "$(stat -c %s "$open/written")" -eq 2000 ]
    check "- read-only folder: one line says why" grep -qx "syscap: .*: permission denied" err
    rm -rf "$open"
    mkdir ro
    if mount -t tmpfs -o ro,size=64k none ro 2>/dev/null; then
        refused read_only_file_system "$WORK/ro/x.bin" "the file system is read-only"
        umount ro
    else
        skip 4 "read-only file system" "no mount here"
    fi
    mkdir tiny
    if mount -t tmpfs -o size=256k none tiny 2>/dev/null; then
        # Fills up while the program runs: it must not notice, and the capture says where it stops.
        ln -s tiny/full.bin full.bin
        CAPTURE=$WORK/tiny/full.bin same full "$GUESTS/threads"
        did full done
        asks full "cut, and said" 'r["coverage"]["complete"] is not True and r["coverage"]["dropped_records"] > 0'
        asks full "what was lost is counted exactly" \
            'r["coverage"]["dropped_records"] + r["total"] == r["coverage"]["dropped_records"] + sum(c.values()) and
             r["total"] > 1000'
        "$ANALYZE" full.bin --assert 'A.total > 0' >/dev/null 2>&1
        check "- full disk: an assertion on it fails" [ $? -eq 1 ]
        dd if=/dev/zero of=tiny/fill bs=4k 2>/dev/null
        refused full_from_the_start "$WORK/tiny/y.bin" "no space left on the device"
        check "- full from the start: nothing is left" [ ! -e tiny/y.bin ]
        umount tiny
    else
        skip 10 "full disk" "no mount here"
    fi
else
    skip 21 "permissions, read-only and full file systems" "not root"
fi

# A capture that is being recorded is never replaced: who comes later takes another name.
mkdir old.d
cd old.d || exit 1
mkfifo go
LD_PRELOAD=$LIB SYSCAP_OUTPUT=$WORK/shared.bin sh -c 'read line <go; i=0; while [ $i -lt 500 ]; do echo x; i=$((i + 1)); done >loop; exit 3' &
writer=$!
exec 9>go # opened by both sides: the writer has its capture by now
cp -l "$WORK/shared.bin" "$WORK/kept.bin"
LD_PRELOAD=$LIB SYSCAP_OUTPUT=$WORK/shared.bin "$GUESTS/writers" direct
"$RECORD" -o "$WORK/shared.bin" "$GUESTS/writers" direct
check "- recorded: syscap-record ends as the program" [ $? -eq 0 ]
check "- recorded: not replaced" [ "$WORK/shared.bin" -ef "$WORK/kept.bin" ]
echo go >&9
exec 9>&-
wait $writer
check "- recorded: the first one ends as it would" [ $? -eq 3 ]
cd ..
asks shared "the first one goes on in its file" 'r["end"]["kind"] == "exited" and r["end"]["code"] == 3 and f("/loop")["writes"] == 500'
asks shared.2 "the second has another" 'f("/written")["writes"] == 200 and r["end"]["code"] == 0'
asks shared.3 "and that of syscap-record one more, with how it ended" \
    'f("/written")["writes"] == 200 and r["end"]["kind"] == "exited" and r["end"]["code"] == 0'
# An older one, which nobody records any more, is replaced by a new file.
(cd old.d && LD_PRELOAD=$LIB SYSCAP_OUTPUT=$WORK/shared.bin $DIRECT)
check "- older: replaced by another file" [ ! "$WORK/shared.bin" -ef "$WORK/kept.bin" ]
ln shared.bin newer.bin
asks newer "the new one is the new run" 'f("/written")["writes"] == 200 and r["end"]["code"] == 0'
asks kept "the old file is as it was" 'r["end"]["code"] == 3 and f("/loop")["writes"] == 500'
check "- older: nothing temporary is left" [ -z "$(ls | grep -F .new)" ]

# A symbolic link is replaced, never followed.
echo precious >precious
ln -s precious link.bin
LD_PRELOAD=$LIB SYSCAP_OUTPUT=$WORK/link.bin $DIRECT
check "- symlink: its target is untouched" [ "$(cat precious)" = precious ]
check "- symlink: replaced by the capture" [ -f link.bin -a ! -L link.bin ]
asks link "a good capture" 'f("/written")["writes"] == 200'

# The name's pattern, and the default.
mkdir names.d
cd names.d || exit 1
LD_PRELOAD=$LIB $DIRECT
check "- default name" [ "$(ls syscap.writers.*.bin | wc -l)" -eq 1 ]
LD_PRELOAD=$LIB SYSCAP_OUTPUT='a-%n-%p-%%.bin' sh -c 'echo $$ >pid; exec "$@"' sh $DIRECT
check "- %n, %p, %%" [ -s "a-sh-$(cat pid)-%.bin" ]
LD_PRELOAD=$LIB SYSCAP_OUTPUT=relative.bin sh -c 'cd / && '"$GUESTS/exits"' >/dev/null'
check "- a relative name means where the program was started" [ -s relative.bin ]
cd ..

# SYSCAP_MAX_SIZE: capture stops there, the program goes on.
SYSCAP_MAX_SIZE=200K same limit "$GUESTS/threads"
did limit done
check "- limit: kept" [ "$(stat -c %s limit.bin)" -le 204800 ]
asks limit "said" 'r["coverage"]["dropped_records"] > 0 and r["coverage"]["complete"] is False'
asks limit "how it ended is known all the same" 'r["end"]["kind"] == "exited" and r["end"]["code"] == 0'
"$RECORD" -q --max-size 200K -o limited.bin -- "$GUESTS/threads" >out 2>err
check "- limit: syscap-record says so without a terminal" grep -q 'limited.bin is not complete: .* its greatest size' err
check "- limit: in one line" [ "$(wc -l <err)" -eq 1 ]
finish
