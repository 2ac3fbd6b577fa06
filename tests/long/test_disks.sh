#!/bin/bash
# File systems that are full, tiny, or cannot allocate ahead; captures that vanish.
. "$(dirname "$0")/../hostile/lib_hostile.sh"
W=$GUESTS/hostile_limits
run_on() { # NAME FOLDER: the capture lies there, the program's files do not
    mkdir -p "$1.n" "$1.t"
    (cd "$1.n" && "$W" none; echo "status $?"; tree) >"$1.native" 2>&1
    (cd "$1.t" && traced "$2/$1.bin" "$W" none; echo "status $?"; tree) >"$1.traced" 2>&1
    check "- $1: the same with and without" cmp "$1.native" "$1.traced"
    [ ! -e "$2/$1.bin" ] || cp --sparse=always "$2/$1.bin" "$1.bin"
}
mounted() { # NAME SIZE-IN-KIB MKFS...: $WORK/NAME, from a file in $WORK
    local name=$1 size=$2
    shift 2
    command -v "$1" >/dev/null || return 1
    mkdir -p "$name" && truncate -s "${size}K" "$name.img" && "$@" "$name.img" >/dev/null 2>&1 &&
        mount -o loop "$name.img" "$name" 2>/dev/null
}
if [ "$(id -u)" -ne 0 ]; then
    skip 1 "file systems" "not root"
    finish
fi
# ext2 and ext3 as the kernel has them now: no fallocate; ext4 and others, with it.
for kind in ext2 ext3 ext4 xfs btrfs vfat; do
    size=16384
    [ $kind = xfs ] && size=327680
    [ $kind = btrfs ] && size=131072
    if mounted $kind $size mkfs.$kind; then
        run_on $kind "$WORK/$kind"
        asks $kind "every write" 'c["write"] == 20102 and r["coverage"]["dropped_records"] == 0'
        # Filled in mid-run.
        dd if=/dev/zero of=$kind/fill bs=64k 2>/dev/null
        head -c $((120 * 1024)) /dev/zero >$kind/fill_less 2>/dev/null
        truncate -s -300K $kind/fill
        sync -f $kind
        run_on full_$kind "$WORK/$kind"
        [ ! -s full_$kind.bin ] || asks full_$kind "every write is there or counted" \
            '20101 <= c["write"] + r["coverage"]["dropped_records"] <= 20101 + 9'
        umount $kind
        rm -f $kind.img
    else
        skip 4 "$kind" "cannot be made or mounted here"
    fi
done
# Every size of a tiny disk, so that it is full at each step of starting and growing.
mkdir tiny
if mount -t tmpfs -o size=4k none tiny 2>/dev/null; then
    bad=0 captures=0
    for kilobytes in 4 8 12 16 20 24 28 32 36 40 48 64 96 112 128 160 200 256; do
        mount -o remount,size=${kilobytes}k tiny
        rm -f tiny/* && rm -rf t.d && mkdir t.d
        (cd t.d && traced "$WORK/tiny/x.bin" "$W" none; echo "status $?") >out 2>err
        [ "$(cat out)" = "none done
status 5" ] && [ "$(stat -c %s t.d/after)" -eq 160000 ] || { bad=1; echo "    at $kilobytes KiB: $(cat out)"; }
        if [ -e tiny/x.bin ]; then
            captures=$((captures + 1))
            cp tiny/x.bin tiny_$kilobytes.bin
            [ ! -s err ] || { bad=1; echo "    at $kilobytes KiB: $(cat err)"; }
            "$ANALYZE" tiny_$kilobytes.bin >said 2>&1 || { bad=1; echo "    at $kilobytes KiB: $(tail -n 1 said)"; }
        else
            grep -qx 'syscap: .*: no space left on the device' err || { bad=1; echo "    at $kilobytes KiB: $(cat err)"; }
            [ -z "$(ls tiny)" ] || { bad=1; echo "    left at $kilobytes KiB: $(ls tiny)"; }
        fi
    done
    check "- tiny disks of 18 sizes: unharmed, and the reason said" [ $bad -eq 0 ]
    check "- tiny disks: both ways were met" [ $captures -gt 3 -a $captures -lt 16 ]
    umount tiny
else
    skip 2 "tiny disks" "no mount here"
fi
# A file size limit from the start, at every step.
bad=0
for blocks in 0 1 4 8 16 24 32 64 100 128 160 200 300; do
    rm -rf t.d fs.bin && mkdir t.d
    (ulimit -f $blocks; cd t.d && traced "$WORK/fs.bin" /bin/echo said; echo "status $?") 2>err | cat >out
    grep -qx 'status 0' out && grep -qx said out || { bad=1; echo "    limit $blocks KiB: $(cat out)"; }
done
check "- file size limits: no SIGXFSZ" [ $bad -eq 0 ]

# What we say on stderr is the end of nobody: a pipe without reader.
python3 - "$LIB" <<'PYTHON' >out
import os, subprocess, sys
reader, writer = os.pipe()
os.close(reader)
done = subprocess.run(["/bin/echo", "said"], stderr=writer, stdout=subprocess.PIPE, restore_signals=True,
                      env={"LD_PRELOAD": sys.argv[1], "SYSCAP_OUTPUT": "/nonexistent/x.bin"})
print(done.returncode, done.stdout)
PYTHON
check "- stderr without reader: no SIGPIPE" grep -qx "0 b'said.n'" out

# A folder that is gone; a capture cut to nothing by rm and made anew by another.
mkdir gone && cd gone || exit 1
"$GUESTS/writers" direct; rmdir "$WORK/gone" 2>/dev/null; rm -f written; rmdir "$WORK/gone"
traced relative.bin /bin/echo said >"$WORK/out" 2>"$WORK/err"
status=$?
cd "$WORK" || exit 1
check "- no working folder: the program runs on" [ $status -eq 0 -a "$(cat out)" = said ]
check "- no working folder: one line" [ "$(grep -c '^syscap: ' err)" -eq 1 ]
finish
