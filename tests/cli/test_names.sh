#!/bin/sh
# What files are called: from a real program in both modes and from a log, which print a name beside each descriptor.
. "$(dirname "$0")/lib.sh"
BUILD=$(cd "${BUILD:-$HERE/../../build}" && pwd)

cat >guest.py <<'PY'
import os
def wrote(name, flags, text=b"0123456789"):
    fd = os.open(name, flags | os.O_WRONLY, 0o644)
    os.write(fd, text)
    return fd
for name in ("real/kept", "outside/kept", "real/hard"):
    open(name).read()
os.mkdir("store")
for number in range(3):  # no name, then one
    fd = wrote("store", os.O_TMPFILE)
    os.link(f"/proc/self/fd/{fd}", f"store/linked{number}", src_dir_fd=os.open(".", os.O_PATH), follow_symlinks=True)
    os.write(fd, b"more")
    os.close(fd)
os.close(wrote("store", os.O_TMPFILE))
os.close(wrote("store", os.O_TMPFILE))
for number in range(4):  # made anew each time
    fd = wrote("lock", os.O_CREAT)
    os.unlink("lock")
    os.write(fd, b"more")
    os.close(fd)
os.close(wrote("table", os.O_CREAT))
fd = wrote("table.new", os.O_CREAT)  # renamed over one
os.rename("table.new", "table")
os.write(fd, b"more")
os.close(fd)
fd = os.open("table", os.O_RDONLY)
os.read(fd, 100)
os.close(fd)
os.symlink("table", "alias")
os.symlink(os.getcwd(), "here")
fd = os.open("here/alias", os.O_RDONLY)
again = os.open(f"/proc/self/fd/{fd}", os.O_RDONLY)
for one in (fd, again):
    os.read(one, 100)
    os.close(one)
fd = wrote("hard.tmp", os.O_CREAT)
os.link("hard.tmp", "hard")
os.unlink("hard.tmp")
os.write(fd, b"more")
os.close(fd)
PY

# Path, the first one, how many, opens, writes, bytes written, bytes read, bytes written again.
cat >expected <<'END'
hard|hard.tmp|1|1|2|14|0|0
lock||4|4|8|56|0|0
store/(no name)||2|2|2|20|0|0
store/linked0|store/(no name)|1|1|2|14|0|0
store/linked1|store/(no name)|1|1|2|14|0|0
store/linked2|store/(no name)|1|1|2|14|0|0
table|table.new|2|5|3|24|42|0
END

for how in interpose full strace; do
    if [ $how = strace ] && ! strace -o probe true 2>/dev/null; then
        echo "skip 1 - the same by strace, which is not there"
        continue
    fi
    rm -rf run && mkdir -p run/real && echo kept >run/real/kept && ln -s real run/outside && ln run/real/kept run/real/hard
    if [ $how = strace ]; then
        (cd run && strace -f -T -xx -y -o ../capture python3 ../guest.py) >/dev/null 2>&1
    else
        (cd run && SYSCAP_MODE=$how SYSCAP_OUTPUT=$WORK/capture LD_PRELOAD=$BUILD/libsyscap.so python3 ../guest.py) >/dev/null 2>&1
    fi
    "$ANALYZE" capture --format json --output-dir d >out 2>err
    python3 - "$WORK/run/" <<'PY' >found
import json, sys
for file in sorted(json.load(open("out"))["runs"][0]["files"], key=lambda file: file["path"]):
    first = file["first_path"] or ""
    if file["path"].startswith(sys.argv[1]) and file["writes"]:
        print(file["path"].removeprefix(sys.argv[1]), first.removeprefix(sys.argv[1]), *(file[key] for key in (
            "made", "opens", "writes", "bytes_written", "bytes_read", "rewritten_bytes")), sep="|")
PY
    # strace tells no inode unless it is asked to, so nothing of hard links, but where a name leads to.
    check "$how: links that were there before" python3 -c '
import json, sys
opens = 2 if sys.argv[1] == "strace" else 3
found = [f for f in json.load(open("out"))["runs"][0]["files"] if f["path"].endswith("/kept")]
assert len(found) == 1 and found[0]["path"].endswith("/run/real/kept"), found
assert [found[0][key] for key in ("opens", "bytes_read", "reread_bytes")] == [opens, opens * 5, opens * 5 - 5], found' $how
    if diff expected found; then ok "$how: files and their names"; else not_ok "$how: files and their names"; fi
done
finish
