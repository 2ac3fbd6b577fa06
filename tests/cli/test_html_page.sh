#!/bin/sh
# The page of --html in a browser without a screen: what it shows, and what it does when it is used.
. "$(dirname "$0")/lib.sh"
RECORD=${BUILD:-$HERE/../../build}/syscap-record
TESTS=60
if ! find_browser; then
    skip $TESTS "the page in a browser" "$WHY"
    finish
fi

cat >guest.py <<'PY'
import os, sys
f = os.open("<img src=x><b>data", os.O_RDWR | os.O_CREAT | os.O_TRUNC)
for i in range(64):
    os.lseek(f, 8192 * i, os.SEEK_SET)
    os.write(f, bytes(4096) if sys.argv[1] == "zeros" else b"x" * 4096)
for i in range(64):
    os.pwrite(f, b"y" * 4096, 8192 * i)
for i in range(16):
    os.pread(f, 100, 8192 * i)
for i in range(60 + 10 * (sys.argv[1] == "zeros")):
    os.close(os.open(f"file{i}", os.O_RDWR | os.O_CREAT))
for i in range(3):
    try:
        os.stat("gone")
    except OSError:
        pass
if os.fork() == 0:
    os._exit(3)
os.wait()
PY
"$RECORD" -o zeros.bin -- /usr/bin/python3 guest.py zeros || not_ok recording
"$RECORD" -o data.bin -- /usr/bin/python3 guest.py data || not_ok recording
"$ANALYZE" zeros.bin data.bin --summary-only --html pair.html >/dev/null || not_ok "the page"

# dom PAGE SCRIPT [FRAGMENT]: what the page is once the script behind its own has run, which may put what it saw into seen,
# and wait. What the browser's console has to say is in the file console.
dom() {
    {
        sed '/^<\/body>$/,$d' "$1"
        echo "<script>const seen = {}, all = (what) => [...document.querySelectorAll(what)];"
        echo "(async () => { try {"
        cat "$2"
        echo "} catch (error) { seen.error = String(error); }"
        echo "document.documentElement.dataset.seen = JSON.stringify(seen); })();</script></body></html>"
    } >used.html
    rm -f seen.json ready
    timeout 120 "$BROWSER" --headless --no-sandbox --disable-gpu --no-first-run --user-data-dir="$WORK/profile" \
        --enable-logging=stderr --virtual-time-budget=5000 --dump-dom "file://$WORK/used.html${3:-}" 2>browser.err >dom.html
    grep CONSOLE browser.err >console
    python3 - <<'PY'
import html.parser, json
class Root(html.parser.HTMLParser):
    def handle_starttag(self, tag, attributes):
        if tag == "html":
            json.dump(json.loads(dict(attributes).get("data-seen", "{}")), open("seen.json", "w"), indent=0)
            open("ready", "w").write(dict(attributes).get("data-ready") or "")
Root().feed(open("dom.html", encoding="utf-8").read())
PY
}

# seen NAME EXPRESSION: of the object s that the script has left.
seen() {
    check "$1" python3 -c "import json; s = json.load(open('seen.json')); assert $2"
}

cat >look.js <<'JS'
seen.headings = all("h2").map((one) => one.textContent);
seen.injected = all("b, img, main script, iframe, [onerror]").length;
seen.named = all("h3").some((one) => one.textContent.includes("<img src=x><b>data"));
seen.unlabelled = all("canvas.offsets, canvas.map, svg.chart").filter((one) => !one.getAttribute("aria-label")).length;
seen.unnamed = all("button, input, [role=treeitem]").filter((one) => !one.textContent && !one.getAttribute("aria-label") &&
  !one.closest("label")).length;
seen.offsets = all("canvas.offsets").length;
seen.charts = all("svg.chart").length;
const first = all("canvas.offsets")[0];
seen.painted = first.getContext("2d").getImageData(0, 0, first.width, first.height).data.some(Boolean);
seen.sentence = all(".sentence")[0].textContent;
seen.heads = all("table").every((one) => one.caption && one.tHead && one.querySelector("th[scope=row], tbody:empty"));
seen.levels = all("h1").length;
JS
dom pair.html look.js
has "it draws itself to the end" yes ready
seen "without an error" "s and 'error' not in s"
seen "from health to tables" "s['headings'] == ['Health and warnings', 'Why they differ', 'What could be saved', 'Offset over time',
    'Activity over time', 'Processes over time', 'Sizes and durations', 'Where calls come from', 'Files', 'Calls', 'Failures',
    'Processes', 'Findings']"
seen "names make no elements" "s['injected'] == 0 and s['named']"
seen "each picture has a description" "s['unlabelled'] == 0"
seen "each control has a name" "s['unnamed'] == 0"
seen "offsets of both runs" "s['offsets'] >= 2 and s['offsets'] % 2 == 0 and s['painted']"
seen "charts of both runs" "s['charts'] >= 8 and s['charts'] % 2 == 0"
seen "the sentence" "'zeros makes 20 calls more than data' in s['sentence']"
seen "tables have heads and captions" "s['heads']"
seen "one first heading" "s['levels'] == 1"

cat >use.js <<'JS'
const table = (id) => document.getElementById(id).parentNode.querySelector("table");
const column = (id, i) => [...table(id).tBodies[0].rows].map((row) => row.cells[i].textContent.replaceAll("\u202f", ""));
const press = (node, key) => node.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
const head = table("calls").tHead.rows[0].cells[1];
head.firstChild.click();
seen.sorted = [head.getAttribute("aria-sort"), column("calls", 1)];
head.firstChild.click();
seen.turned = [head.getAttribute("aria-sort"), column("calls", 1)];
const section = document.getElementById("files").parentNode, filter = section.querySelector("input");
seen.first = column("files", 0).length;
[...section.querySelectorAll("button")].find((one) => one.textContent === "Show all").click();
seen.files = [column("files", 0).length, report.runs[0].files.length];
filter.value = "file6";
filter.dispatchEvent(new Event("input"));
seen.filtered = column("files", 0).filter((name) => !name.includes("file6")).length;
seen.left = column("files", 0).length;
seen.copied = asLines([{ name: "a", get: (row) => row }], ["x\ty\nz"]);
const cause = all("#why ~ .bars details")[0];
cause.open = true;
cause.dispatchEvent(new Event("toggle"));
seen.opened = cause.querySelectorAll(".behind dt").length;
seen.kinds = [...all("#why ~ .tools button")].map((one) => one.textContent);
const bars = () => all("#why ~ .bars .amount").map((one) => one.textContent);
const byCalls = bars();
all("#why ~ .tools button")[1].click();
seen.switched = [all("#why ~ .tools button")[1].getAttribute("aria-pressed"), JSON.stringify(byCalls) !== JSON.stringify(bars())];
const picture = all("canvas.offsets")[0], output = () => picture.parentNode.querySelector("output").textContent;
press(picture, "ArrowRight");
press(picture, "ArrowUp");
seen.pointed = output();
const grid = pictures.grids[0], before = grid.view.times;
press(picture, "+");
seen.zoomed = [before, grid.view.times];
press(picture, "0");
seen.back = grid.view.times;
all("fieldset input").forEach((box) => box.click());
const other = all("canvas.offsets")[1];
const painted = () => other.getContext("2d").getImageData(0, 0, other.width, other.height).data.some(Boolean);
seen.blank = !painted();
all("fieldset input").forEach((box) => box.click());
seen.again = painted();
press(all("svg.chart")[0], "End");
seen.chart = all("svg.chart")[0].parentNode.querySelector("output").textContent;
const flame = all("[role=tree]")[0];
press(flame.querySelector("[tabindex='0']"), "ArrowDown");
seen.focus = document.activeElement.getAttribute("role") + document.activeElement.getAttribute("aria-level");
press(document.activeElement, "Enter");
seen.flame = document.activeElement.style.width;
const paper = () => getComputedStyle(document.body).backgroundColor;
const button = document.getElementById("theme"), papers = [];
for (let i = 0; i < 3; i++) {
  button.click();
  papers.push(document.documentElement.dataset.theme + paper());
}
seen.papers = papers;
JS
dom pair.html use.js
seen "still without an error" "s and 'error' not in s"
seen "a table sorts down" "s['sorted'] == ['descending', sorted(s['sorted'][1], key=int, reverse=True)]"
seen "and up" "s['turned'] == ['ascending', sorted(s['sorted'][1], key=int)]"
seen "first rows, then all" "s['first'] == 50 and s['files'][0] >= s['files'][1]"
seen "filters" "s['filtered'] == 0 and s['left'] == 11"
seen "what is copied keeps its rows" "s['copied'] == 'a\nx y z\n'"
seen "a cause opens" "s['opened'] >= 2"
seen "calls, bytes, time" "s['kinds'][0] == 'calls' and 'time' in s['kinds'] and s['switched'] == ['true', True]"
seen "a picture says what is pointed at" "s['pointed'].startswith('from ') and 'bytes ' in s['pointed']"
seen "zooms and goes back" "s['zoomed'][1] < s['zoomed'][0] == s['back']"
seen "kinds can be left out" "s['blank'] and s['again']"
seen "a chart by keys, a flame by keys" "'from ' in s['chart'] and s['focus'] == 'treeitem2' and s['flame'] == '100%'"
seen "light and dark" "s['papers'][0].startswith('light') and s['papers'][1].startswith('dark') and s['papers'][0] != s['papers'][1]"

small_log true plain.strace
"$ANALYZE" plain.strace --summary-only --html plain.html >/dev/null || not_ok "the page of a log without times"
cat >plain.js <<'JS'
seen.headings = all("h2").map((one) => one.textContent);
seen.offsets = all("canvas.offsets").length;
JS
dom plain.html plain.js
seen "one run, without times" "'error' not in s and s['offsets'] == 1"
seen "has what can be known" "s['headings'][:2] == ['Health and warnings', 'Offset over calls']"

# A batch: pairs 0 to 5 in the order of their names.
mkdir batch
for name in "<b>&'" zz; do
    cp zeros.bin "batch/rust_$name.bin"
    cp data.bin "batch/cpp_$name.bin"
done
small_log true batch/rust_effect.strace
sed 's/"10"/"20"/' batch/rust_effect.strace >batch/cpp_effect.strace
small_log true batch/rust_dead.strace
small_log true batch/cpp_dead.strace '+++ killed by SIGSEGV +++'
small_log true batch/rust_log.strace
small_log false batch/cpp_log.strace
for side in rust:100 cpp:60; do
    printf '%s\n' '% time     seconds  usecs/call     calls    errors syscall' \
        '------ ----------- ----------- --------- --------- ----------------' \
        "100.00    0.000100           1       ${side#*:}           lseek" >batch/${side%:*}_table.txt
done
small_log true batch/rust_alone.strace
echo nonsense | tee batch/rust_bad.bin >batch/cpp_bad.bin
"$ANALYZE" --batch batch --summary-only --html batch.html >/dev/null 2>&1
cat >rows.js <<'JS'
seen.headings = all("h2").map((one) => one.textContent);
seen.injected = all("b, img, main script, iframe, [onerror]").length;
seen.parsed = typeof report;
const text = (node) => node.textContent.replaceAll("\u202f", "").replaceAll("\u2212", "-");
seen.heads = all("thead th").map(text);
seen.rows = all("tbody tr").map((row) => [...row.cells].map(text));
seen.links = all("tbody a").map((link) => link.getAttribute("href"));
seen.sentence = all(".sentence").map(text);
seen.left = all("#left ~ ul li").map(text);
seen.caption = all("table").map((table) => table.caption.textContent);
all("thead button")[1].click();
seen.sorted = [all("thead th")[1].getAttribute("aria-sort"), all("tbody tr").map((row) => Number(text(row.cells[1])))];
seen.table = batchRows();
function batchRows() { return readData("data").batch.pairs.map((row) => [row.name, ...row.runs.map((run) => run.total_compared),
  row.comparison.total_diff]); }
JS
dom batch.html rows.js
seen "a batch begins with its table" "'error' not in s and s['headings'] == ['Pairs', 'Not compared'] and s['parsed'] == 'undefined'"
check "nothing on the console" test ! -s console
seen "names make no elements" "s['injected'] == 0 and s['rows'][0][0] == '<b>&\''"
seen "a row a pair, with its numbers" "[row[:1] + [int(n) for n in row[1:4]] for row in s['rows']] == s['table'] and len(s['table']) == 6"
seen "heads and caption" "s['caption'] == ['Pairs by name'] and s['heads'] == ['pair', 'calls Rust', 'calls C++', '± calls', '± bytes',
    '± time', 'state', 'first reason']"
seen "each links to its own place" "s['links'] == ['#pair=%3Cb%3E%26\\''] + ['#pair=' + row[0] for row in s['rows'][1:]]"
seen "what is known of bytes and times" "s['rows'][3][4:6] == ['+400 B', 'unknown'] and s['rows'][4][4:6] == ['unknown', 'unknown']"
seen "why they differ" "s['rows'][3][7] == 'zero-fill of /data/in/table.f0, bytes 0 to 400: +4 calls, +400 B'"
seen "who died" "s['rows'][1][6:] == ['not comparable: C++: killed by SIGSEGV', 'nothing can be concluded']"
seen "what had no effect" "s['rows'][2][6].endswith('--rows 10 / 20; identical: no call differs, so that had no effect')"
seen "how many" "s['sentence'] == ['6 pairs: 5 differ, 1 identical, 6 not comparable.']"
seen "what is not compared" "s['left'][0].startswith('cannot be read: bad: ') and s['left'][1:] == ['has no partner: rust_alone.strace']"
seen "sorts" "s['sorted'] == ['descending', sorted(s['sorted'][1], reverse=True)]"

cat >open.js <<'JS'
const moved = () => new Promise((done) => addEventListener("hashchange", () => setTimeout(done), { once: true }));
const go = (act) => Promise.all([moved(), act()]);
const now = () => [document.getElementById("title").textContent, all("#pairs").filter((one) => one.offsetParent).length,
  decodeURIComponent(location.hash), typeof report === "undefined" ? null : report.name];
const link = (name) => all("a").find((one) => one.textContent === name);
const back = () => history.back();
await go(() => link("zz").click());
seen.opened = now();
seen.headings = all("h2").filter((one) => one.offsetParent).map((one) => one.textContent);
seen.sentence = all(".sentence").filter((one) => one.offsetParent).map((one) => one.textContent);
seen.same = JSON.stringify(report) === JSON.stringify(readData("pair5").report);
seen.pictures = [all("canvas.offsets").length, all("svg.chart").length];
seen.focus = document.activeElement.id;
all(".skip")[0].click();
seen.skipped = [document.activeElement.id, decodeURIComponent(location.hash)];
await go(() => link("Before: table").click());
seen.before = now();
seen.counts = [report.runs.map((run) => run.calls.lseek), all("canvas, svg.chart").length, Boolean(document.getElementById("files"))];
await go(back);
seen.again = now();
await go(() => link("All pairs").click());
seen.all = now();
seen.row = document.activeElement.textContent;
await go(back);
await go(back);
seen.first = now();
await go(() => link("<b>&'").click());
seen.hostile = [report.name, now()[2], all("b, img, main script").length];
JS
dom batch.html open.js
check "nothing on the console when it is used" test ! -s console
seen "a row opens its pair" "'error' not in s and s['opened'] == ['zz: Rust and C++', 0, '#pair=zz', 'zz']"
seen "all of it" "s['headings'] == ['Health and warnings', 'Why they differ', 'What could be saved', 'Offset over time',
    'Activity over time', 'Processes over time', 'Sizes and durations', 'Where calls come from', 'Files', 'Calls', 'Failures',
    'Processes', 'Findings'] and len(s['sentence']) == 1"
seen "with its numbers" "'Rust makes 20 calls more than C++' in s['sentence'][0] and s['same']"
seen "and its pictures" "s['pictures'][0] >= 2 and s['pictures'][1] >= 8"
seen "and the focus at its head" "s['focus'] == 'title' and s['skipped'] == ['main', '#pair=zz']"
seen "the pair before, of counts alone" "s['before'] == ['table: Rust and C++', 0, '#pair=table', 'table'] and s['counts'] == [[100, 60], 0, False]"
seen "back by the browser" "s['again'] == s['opened']"
seen "back by the link, to the row" "s['all'][:3] == ['Rust and C++: 6 pairs', 1, '#pairs'] and s['row'] == 'zz'"
seen "to where it began" "s['first'][:3] == ['Rust and C++: 6 pairs', 1, '']"
seen "a hostile name opens its own" "s['hostile'] == ['<b>&\'', '#pair=<b>&\'', 0]"
cat >reload.js <<'JS'
seen.title = document.getElementById("title").textContent;
seen.name = report.name;
seen.theme = redraws.length === all("canvas").length;
JS
dom batch.html reload.js '#pair=log'
seen "a reload opens the same" "'error' not in s and s['title'] == 'log: Rust and C++' and s['name'] == 'log' and s['theme']"
dom batch.html rows.js '#pair=gone'
seen "one that is not there is none" "'error' not in s and len(s['rows']) == 6"

# Several runs of each side: 1, 3, 5 reads against 40, and 2 writes more in one of these.
for run in 1 3 5; do
    small_log true rust_$run.strace
    small_log true cpp_$run.strace
    for i in $(seq $run); do say 'read(0, "x", 1)                         = 1'; done >more
    sed -i '2r more' rust_$run.strace
    for i in $(seq 40); do say 'read(0, "x", 1)                         = 1'; done >more
    sed -i '2r more' cpp_$run.strace
done
sed -i '2i getpid() = 1' cpp_5.strace
"$ANALYZE" --repeat rust_?.strace --vs cpp_?.strace --html repeat.html >/dev/null || not_ok "the page of several runs"
cat >repeat.js <<'JS'
const text = (node) => node.textContent.replaceAll("\u202f", "").replaceAll("\u2212", "-");
const rows = (id) => [...document.getElementById(id).parentNode.querySelectorAll("tbody tr")].map((row) => [...row.cells].map(text));
seen.title = text(document.getElementById("title"));
seen.headings = all("h2").map(text);
seen.sentence = text(all(".sentence")[0]);
seen.runs = rows("health").map((row) => row.slice(0, 4));
seen.differ = rows("differences");
seen.vary = rows("variation").map((row) => row[0]);
seen.counts = rows("counts").length === data.repeat.counts.length;
seen.heads = all("#differences ~ .scroll thead th").map(text);
const marks = all("#differences ~ .scroll svg"), read = marks[seen.differ.findIndex((row) => row[0] === "calls.read")];
seen.marks = [marks.length, read.getAttribute("aria-label").replaceAll("\u202f", ""), read.querySelectorAll("circle, rect").length];
seen.places = [...read.querySelectorAll("path")].map((path) => path.getAttribute("d"));
seen.captions = all("table").every((table) => table.caption && table.tHead);
JS
dom repeat.html repeat.js
check "several runs: nothing on the console" test ! -s console
seen "what is shown" "'error' not in s and s['title'] == 'Rust, 3 runs, and C++, 3 runs' and s['captions'] and s['headings'] == ['Runs',
    'Differences beyond what each side varies by itself', 'Counts that vary from run to run', 'All counts'] and s['counts']"
seen "each run" "s['runs'][0] == ['Rust 1', 'rust_1.strace', '14', 'exited with 0'] and len(s['runs']) == 6"
seen "the differences" "['calls.read', '', '1', '3', '5', '40', '40', '40', '-37'] in s['differ']"
seen "their heads" "s['heads'] == ['count', 'range', 'Rust min', 'Rust median', 'Rust max', 'C++ min', 'C++ median', 'C++ max',
    'difference of medians']"
seen "no chance among them" "'calls.getpid' in s['vary'] and 'calls.getpid' not in [row[0] for row in s['differ']]"
seen "a mark for each, which says what it shows" "s['marks'] == [len(s['differ']), 'Rust 1 to 5, median 3; C++ 40', 2]"
seen "on one scale" "s['places'] == ['M6 2v8m0 -4H21.17948717948718m0 -4v8', 'M154 14v8m0 -4H154m0 -4v8']"
finish
