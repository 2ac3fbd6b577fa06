/* Several runs of each side: what lies further apart than either side varies by itself. */
const MARK = { width: 160, lane: 12, margin: 6 };

function rangeText(range) {
  return range.min === range.max ? showCount(range.min) : showCount(range.min) + " to " + showCount(range.max) + ", median " +
    showCount(range.median);
}

const rangesText = (row, labels) => row.sides.map((range, i) => labels[i] + " " + rangeText(range)).join("; ");

/* From least to most of each side, the first above the second, on a scale of the row's own. Medians have shapes. */
function rangeMarks(row, labels) {
  const ends = row.sides.flatMap((range) => [range.min, range.max]), least = Math.min(...ends), span = Math.max(...ends) - least;
  const across = (value) => (span ? MARK.margin + ((value - least) / span) * (MARK.width - 2 * MARK.margin) : MARK.width / 2);
  const marks = row.sides.map((range, i) => {
    const y = MARK.lane * (i + 0.5), at = across(range.median);
    return [drawn("path", { class: "side" + i, d: `M${across(range.min)} ${y - 4}v8m0 -4H${across(range.max)}m0 -4v8` }),
      i ? drawn("rect", { class: "side1", x: at - 3, y: y - 3, width: 6, height: 6 }) : drawn("circle", { class: "side0", cx: at,
        cy: y, r: 3 })];
  });
  return drawn("svg", { class: "ranges", viewBox: `0 0 ${MARK.width} ${2 * MARK.lane}`, role: "img",
    "aria-label": rangesText(row, labels) }, marks);
}

function countTable(caption, rows, labels) {
  const ends = labels.flatMap((label, i) => ["min", "median", "max"].map((end) => ({ name: label + " " + end, kind: "calls",
    get: (row) => row.sides[i][end] })));
  return rows.length ? sortableTable(caption, [{ name: "count", kind: "text", get: (row) => row.key },
    { name: "range", kind: "text", get: (row) => rangesText(row, labels), picture: (row) => rangeMarks(row, labels) }, ...ends,
    { name: "difference of medians", kind: "calls", get: (row) => row.difference, signed: true }], rows) : element("p", null, "None.");
}

function showRuns(repeat) {
  const runs = repeat.sides.flatMap((side) => side.runs.map((run, i) => ({ ...run, name: side.label + " " + (i + 1) })));
  section("health", "Runs", sortableTable("Runs", [{ name: "run", kind: "text", get: (run) => run.name },
    { name: "source", kind: "text", get: (run) => run.source }, { name: "calls", kind: "calls", get: (run) => run.total_compared },
    { name: "ended", kind: "text", get: (run) => showEnd(run.end) },
    { name: "problems", kind: "text", get: (run) => run.problems.join("; ") || null, style: (run) => (run.problems.length ? "bad" : null) }], runs),
  repeat.why_not.length ? [element("p", { class: "bad" }, "Not comparable:"), element("ul", null, repeat.why_not.map((line) =>
    element("li", { class: "bad" }, line)))] : element("p", null, "Comparable."));
}

function showRepeat(repeat) {
  const labels = repeat.sides.map((side) => side.label), counts = repeat.counts;
  const differ = counts.filter((row) => row.differs), vary = counts.filter((row) => !row.stable);
  setHeading(repeat.sides.map((side) => side.label + ", " + plural(side.runs.length, "run")).join(", and "));
  showRuns(repeat);
  section("differences", "Differences beyond what each side varies by itself", element("p", { class: "sentence" },
    showCount(differ.length) + " of " + plural(counts.length, "count") + " differ by more; " + showCount(counts.length - vary.length) +
    " are the same in all runs of each side."), element("p", { class: "faint" }, "A range goes from the least to the most, on a scale " +
    "of its own in each row. Above with a disc at the median: " + labels[0] + "; below with a square: " + labels[1] + "."),
  countTable("Counts that differ, the furthest apart first", differ, labels));
  section("variation", "Counts that vary from run to run", countTable("Counts that are not the same in all runs of a side", vary, labels));
  section("counts", "All counts", countTable("All counts", counts, labels));
}
