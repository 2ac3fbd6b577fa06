#!/bin/sh
# The page of --html in a browser without a screen: what it shows, and what it does when it is used.
. "$(dirname "$0")/lib.sh"
RECORD=${BUILD:-$HERE/../../build}/syscap-record
TESTS=26
BROWSER=
for name in chromium chromium-browser google-chrome; do
    command -v $name >/dev/null && BROWSER=$name && break
done
if [ -z "$BROWSER" ]; then
    echo "skip $TESTS - the page in a browser (no Chromium)"
    exit 0
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

# dom PAGE SCRIPT: what the page is once the script behind its own has run, which may put what it saw into seen.
dom() {
    {
        sed '/^<\/body>$/,$d' "$1"
        echo "<script>const seen = {}, all = (what) => [...document.querySelectorAll(what)];"
        echo "try {"
        cat "$2"
        echo "} catch (error) { seen.error = String(error); }"
        echo "document.documentElement.dataset.seen = JSON.stringify(seen);</script></body></html>"
    } >used.html
    timeout 120 "$BROWSER" --headless --no-sandbox --disable-gpu --no-first-run --user-data-dir="$WORK/profile" \
        --virtual-time-budget=5000 --dump-dom "file://$WORK/used.html" 2>browser.err >dom.html
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
finish
