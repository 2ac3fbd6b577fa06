#!/bin/sh
# --html: the data in the page are the report's, names in it stay names, nothing is loaded, and it does not grow with the calls.
# A batch and --repeat have one page each.
. "$(dirname "$0")/lib.sh"
RECORD=${BUILD:-$HERE/../../build}/syscap-record
PAGE=$HERE/../../analyzer/export/page/page.html

# Names that would end the script element, begin another or break out of a string; U+2028 and bytes that are no UTF-8.
cat >guest.py <<'PY'
import os, sys
os.makedirs(b"<", exist_ok=True)
os.makedirs(b"</script><b>bold<", exist_ok=True)
names = [b"</script><b>bold</b>", b"<!--<script>", b"'\"><img src=x onerror=alert(1)>", b"\xe2\x80\xa8&amp;", b"\x01\x1b\xff"]
for name in names:
    f = os.open(name, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
    for i in range(int(sys.argv[1])):
        os.lseek(f, 8192 * i, os.SEEK_SET)
        os.write(f, bytes(4096) if i % 2 else b"x" * 4096)
    os.pread(f, 100, 0)
    os.close(f)
f = os.open(b"</script>large", os.O_RDWR | os.O_CREAT)
for i in range(64):
    os.pwrite(f, b"y" * 512, 512 * i)
try:
    os.stat(b"<\x01gone</script>")
except OSError:
    pass
if os.fork() == 0:
    os.execlp("cat", "cat", b"</script>large")
os.wait()
PY

cat >check.py <<'PY'
import html.parser, json, re, sys

class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tags, self.data, self.addresses, self.acting, self.comments, self.inside = [], {}, [], [], 0, None
    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.addresses += [v for k, v in attributes if k in ("src", "href", "action", "data")]
        self.acting += [k for k, v in attributes if k.startswith("on")]
        self.inside = dict(attributes).get("id") if ("type", "application/json") in attributes else None
    def handle_data(self, text):
        if self.inside:
            self.data[self.inside] = self.data.get(self.inside, "") + text
    def handle_endtag(self, tag):
        self.inside = None
    def handle_comment(self, text):
        self.comments += 1

def read(path):
    page = Page()
    page.feed(open(path, encoding="utf-8").read())
    page.close()
    return page

page = read(sys.argv[2])
text = open(sys.argv[2], encoding="utf-8").read()
elements = {name: json.loads(text) for name, text in page.data.items()}
data = elements["data"]
if sys.argv[1] == "safe":
    tags = read(sys.argv[3]).tags
    script = tags.index("script")
    assert page.tags == tags[:script] + ["script"] * len(elements) + tags[script:], page.tags
    assert page.comments == 0 and not page.acting
    hostile = [f["path"] for one in elements.values() if "report" in one for f in one["report"]["runs"][0]["files"] or []]
    hostile += [count["key"] for count in data.get("repeat", {"counts": []})["counts"]]
    assert any("</script>" in name for name in hostile)
    assert not re.search("[\u2028\u2029\x00-\x09\x0b-\x1f\x7f]", text)
elif sys.argv[1] == "alone":
    assert page.addresses == ["#main"], page.addresses
    assert "default-src 'none'" in text
    assert not re.search(r"url\(|@import|\bfetch\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon|import\(|\.src\b", text)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\(|new Function", text)
    assert set(re.findall(r"https?:[^\"' ]*", text)) <= {"http://www.w3.org/2000/svg"}
elif sys.argv[1] == "report":
    report = json.load(open(sys.argv[3]))
    report["output_files"] = data["report"]["output_files"] = []
    assert report == data["report"]
elif sys.argv[1] == "batch":
    batch, table, pairs = json.load(open(sys.argv[3])), data["batch"], [one for name, one in elements.items() if name != "data"]
    assert list(elements) == [f"pair{i}" for i in range(len(batch["pairs"]))] + ["data"], list(elements)
    assert [table[key] for key in ("unpaired", "unreadable")] == [batch[key] for key in ("unpaired", "unreadable")]
    assert len(table["pairs"]) == len(pairs) and table["labels"] == ["Rust", "C++"]
    for row, pair, report in zip(table["pairs"], pairs, batch["pairs"]):
        report["output_files"] = pair["report"]["output_files"] = []
        assert pair["report"] == report
        causes = report["comparison"]["causes"]
        report["comparison"]["causes"] = causes and causes[:1]
        report["runs"] = [{key: run[key] for key in ("label", "total_compared")} for run in report["runs"]]
        assert row == {key: report[key] for key in ("name", "filter", "runs", "comparison")}, row
elif sys.argv[1] == "one-of":
    alone = json.loads(read(sys.argv[3]).data["data"])
    same = [one for one in elements.values() if one.get("report", {}).get("name") == alone["report"]["name"]]
    same[0]["report"]["output_files"] = alone["report"]["output_files"] = []
    assert same == [alone]
elif sys.argv[1] == "repeat":
    assert data["repeat"] == json.load(open(sys.argv[3]))
elif sys.argv[1] == "pictures":
    pictures = data["pictures"]
    for run, seen in zip(data["report"]["runs"], pictures["runs"]):
        total = [sum(column) for column in zip(*seen["activity"])]
        assert total[0] == seen["calls"] == run["total_compared"], total
        assert total[1] + total[2] == sum(p["bytes"] for p in run["process_table"])
        assert total[3] == (run["waiting_ns"] or 0), (total, run["waiting_ns"])
        for row, process in zip(seen["processes"], run["process_table"]):
            assert sum(row) == process["calls"]
        details = sum(f["reads"] + f["writes"] for f in run["files"])
        assert 0 < sum(map(sum, seen["sizes"])) <= details
        if run["wall_ns"]:
            ends = sum(run["calls"].get(name, 0) for name in ("execve", "exit_group")) # some never return
            assert run["total_compared"] - ends <= sum(map(sum, seen["took"])) <= run["total_compared"]
    checked = 0
    for grid in pictures["grids"]:
        for run, seen in zip(data["report"]["runs"], grid["runs"]):
            cells = seen["cells"]
            if seen["file"] is None:
                assert cells == []
                continue
            file = run["files"][seen["file"]]
            reads, writes, zeros, seeks = (sum(cells[i::5]) for i in range(1, 5))
            assert all(cell < pictures["grid_times"] * pictures["grid_offsets"] for cell in cells[::5])
            if "img" in file["path"]: # blocks of 8192, data and zeros by turns, and each is sought
                tiles = lambda kind: {cell % pictures["grid_offsets"] for cell, n in zip(cells[::5], cells[kind::5]) if n}
                want = lambda blocks: {8192 * i // grid["offset_width"] for i in blocks}
                blocks = range(file["seeks"])
                assert (tiles(2), tiles(3), tiles(4)) == (want(blocks[::2]), want(blocks[1::2]), want(blocks))
            if any(word in file["path"] for word in ("bold", "img", "/data/big")):
                assert (writes + zeros, zeros, seeks) == (file["writes"], file["zero_writes"], file["seeks"]), file
                checked += 1
    assert checked > 1
PY

for side in a:40 b:60; do
    "$RECORD" -o ${side%:*}.bin -- /usr/bin/python3 guest.py ${side#*:} >cat.out || not_ok "recording"
done
run 0 "of two runs" a.bin b.bin --summary-only --html pair.html
has "which is said" pair.html out
run 0 "of one run" a.bin --summary-only --html one.html
run 0 "the report of two" a.bin b.bin --summary-only --format json
cp out pair.json
run 0 "the report of one" a.bin --summary-only --format json
cp out one.json
for page in pair one; do
    check "$page: hostile names make no element" /usr/bin/python3 check.py safe $page.html "$PAGE"
    check "$page: nothing is loaded" /usr/bin/python3 check.py alone $page.html
    check "$page: the report's numbers" /usr/bin/python3 check.py report $page.html $page.json
    check "$page: the pictures' numbers" /usr/bin/python3 check.py pictures $page.html
done
run 0 "as an export" a.bin b.bin --summary-only --export html=-
check "is the same page" sh -c 'sed "s/\"output_files\":[^]]*]//" out >1; sed "s/\"output_files\":[^]]*]//" pair.html >2; cmp 1 2'
run 0 "filtered" a.bin --summary-only --trace pwrite64 --html some.html
check "filtered: only those" sh -c 'grep -q "\"calls\":{\"pwrite64\":64}" some.html'

# A batch: captures with hostile names, of a hostile name; pairs in which nothing differs or one side died, tables of counts.
mkdir batch
NAME="<b>'\"&$(printf '\377')"
cp a.bin "batch/rust_$NAME.bin"
cp b.bin "batch/cpp_$NAME.bin"
cp a.bin batch/rust_x.bin
cp b.bin batch/cpp_x.bin
small_log true batch/rust_same.strace
small_log true batch/cpp_same.strace
small_log true batch/rust_dead.strace
small_log true batch/cpp_dead.strace '+++ killed by SIGSEGV +++'
for side in rust cpp; do
    printf '%s\n' '% time     seconds  usecs/call     calls    errors syscall' \
        '------ ----------- ----------- --------- --------- ----------------' \
        '100.00    0.000100           1       100           lseek' >batch/${side}_counts.txt
done
small_log true "batch/rust_<i>alone.strace"
run 0 "a batch" --batch batch --summary-only --html batch.html
check "which is said once a pair" [ "$(grep -c batch.html out)" -eq 5 ]
run 0 "the report of the batch" --batch batch --summary-only --format json
cp out batch.json
check "batch: hostile names make no element" /usr/bin/python3 check.py safe batch.html "$PAGE"
check "batch: nothing is loaded" /usr/bin/python3 check.py alone batch.html
check "batch: an element a pair, and the report's numbers" /usr/bin/python3 check.py batch batch.html batch.json
run 0 "one of its pairs" batch/rust_x.bin batch/cpp_x.bin --summary-only --html x.html
check "batch: a pair is as in a page of its own, with pictures" /usr/bin/python3 check.py one-of batch.html x.html
check "batch: the tables of counts have their pair" grep -q '^<script[^>]*id="pair1">{"report":.*"lseek":100.*"calls":0,"activity"' batch.html
run 0 "of a table of counts alone" batch/rust_counts.txt --summary-only --html counts.html
check "its counts" grep -q '"lseek":100.*"grids":\[\]' counts.html
run 2 "with another export, which needs calls" batch/rust_counts.txt --summary-only --html counts.html --export csv=y.csv
run 0 "on standard output" --batch batch --summary-only --html -
check "the page alone" sh -c 'sed "s/\"output_files\":[^]]*]//" out >1; sed "s/\"output_files\":[^]]*]//" batch.html >2; cmp 1 2'
run 1 "with --exit-code" --batch batch --summary-only --html - --exit-code
for side in rust cpp; do echo nonsense >batch/${side}_nonsense; done
run 2 "with a pair that cannot be read" --batch batch --summary-only --html batch.html
run 2 "the same report" --batch batch --summary-only --format json
cp out batch.json
check "batch: the others are in the page" /usr/bin/python3 check.py batch batch.html batch.json
cp batch.html before.html
mkdir none
run 2 "of no pair" --batch none --html batch.html
run 2 "with a folder that cannot be made" --batch batch --output-dir batch.json/x --html batch.html
check "the page of before stays" cmp batch.html before.html
run 2 "over an input" --batch batch --summary-only --html batch/cpp_same.strace
has "is refused" "it is an input" err
check "and leaves nothing" sh -c '! ls -A . batch | grep "tmp$"'
run 2 "two pages of a batch" --batch batch --summary-only --html y.html --html z.html
run 2 "another export of a batch" --batch batch --summary-only --export csv=y.csv

# Several runs of each side.
run 0 "of several runs" --repeat a.bin a.bin --vs b.bin b.bin --label '<i>,</script>' --html repeat.html
run 0 "their report" --repeat a.bin a.bin --vs b.bin b.bin --label '<i>,</script>' --format json
cp out repeat.json
check "repeat: hostile names make no element" /usr/bin/python3 check.py safe repeat.html "$PAGE"
check "repeat: nothing is loaded" /usr/bin/python3 check.py alone repeat.html
check "repeat: the report's numbers" /usr/bin/python3 check.py repeat repeat.html repeat.json
run 0 "their page on standard output" --repeat a.bin a.bin --vs b.bin b.bin --label '<i>,</script>' --format json --html -
check "alone" cmp out repeat.html
cp out before.html
run 2 "over one of the runs" --repeat a.bin a.bin --vs batch/rust_same.strace batch/cpp_same.strace --html batch/cpp_same.strace
has "is refused" "it is an input" err
run 2 "with a run that is missing" --repeat a.bin a.bin --vs b.bin missing --html repeat.html
check "the page of before stays" cmp before.html repeat.html
run 2 "not of runs that are kept" --repeat a.bin a.bin --save-baseline base.json --html y.html
run 2 "another export of several runs" --repeat a.bin a.bin --vs b.bin b.bin --export csv=y.csv

# Without times the calls' order stands for the time.
small_log true plain.strace
run 0 "a log without times" plain.strace --summary-only --html plain.html
has "the order of calls" '"pictures":{"by_time":false' plain.html
cat >order.py <<'PY'
# Four times a seek and a write of zeros to where it went, from the third call on; then five bytes.
want, offsets = [], 48
for i in range(4):
    want += [2 * i * offsets + 100 * i // 16, 0, 0, 0, 1, (2 * i + 1) * offsets + 100 * i // 16, 0, 0, 1, 0]
want += [8 * offsets + 400 // 16, 0, 1, 0, 0]
cells = ",".join(map(str, want))
assert f'"time_width":1,"offset_width":16,"runs":[{{"file":0,"begin":2,"cells":[{cells}]}}]' in open("plain.html").read()
PY
check "each call where it belongs" python3 order.py

cat >many.py <<'PY'
import random
random.seed(1)
print('\n'.join(f'openat(AT_FDCWD, "/data/big{i}", O_RDWR) = {i + 3}' for i in range(20)))
for i in range(333333):
    fd, at = random.randrange(3, 23), random.randrange(1 << 40)
    print(f'lseek({fd}, {at}, SEEK_SET) = {at}')
    print(f'write({fd}, "x"..., 4096) = 4096' if i % 2 else f'write({fd}, "\\0\\0"..., 4096) = 4096')
    print(f'read({fd}, "x"..., {1 << i % 16}) = {1 << i % 16}')
print('+++ exited with 0 +++')
PY
/usr/bin/python3 many.py >many.strace
run 0 "a million calls" many.strace --summary-only --html many.html
check "below 2 MiB" test "$(wc -c <many.html)" -lt 2097152
check "with all in the pictures" /usr/bin/python3 check.py pictures many.html
finish
