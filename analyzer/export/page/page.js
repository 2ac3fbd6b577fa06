/* What the page begins with: one run or a pair from top to bottom, a batch, several runs of each side. */
function showEnd(end) {
  if (end.kind === "exited") return "exited with " + end.code;
  return end.kind === "signaled" ? "killed by " + (end.signal_name || "signal " + end.signal) : "how it ended is not known";
}

function filterNote(filter) {
  return filter ? element("p", { class: "bad" }, "Only calls that pass these filters are counted: " + filter) : null;
}

function runHealth(run) {
  const complete = run.coverage.complete, problems = [...run.problems, ...run.warnings];
  return element("div", null, element("h3", null, run.label), definitions([
    ["command", run.command && run.command.join(" ")], ["ended", showEnd(run.end)], ["recorded by", run.coverage.mode],
    ["complete", complete === null ? "not known" : complete ? "yes" : "no"],
    ["calls", showCount(run.total_compared) + (run.total === run.total_compared ? "" : " of " + showCount(run.total))],
    ["time", isKnown(run.wall_ns) ? showTime(run.wall_ns) + (isKnown(run.waiting_ns) ? "; in calls " +
      showTime(run.time_ns.total - run.waiting_ns) + ", waiting for others " + showTime(run.waiting_ns) : "") : null],
    ["processes", showCount(run.processes)], ["read", showBytes(run.reads.bytes)], ["written", showBytes(run.writes.bytes)]]),
    run.kind === "strace-summary" ? element("p", null, "A strace -c table holds counts: no calls that pictures could show, no files.") : null,
    problems.length ? element("ul", { class: "problems" }, problems.map((line) => element("li", {
      class: run.problems.includes(line) ? "bad" : "warning" }, line))) : element("p", null, "No warnings."));
}

function showReport(data, name) {
  useData(data);
  setHeading((name ? name + ": " : "") + runs.map((run) => run.label).join(" and "));
  section("health", "Health and warnings", element("div", { class: "sides" }, runs.map(runHealth)), filterNote(report.filter),
    comparison && comparison.why_not ? element("p", { class: "bad" }, comparison.why_not) : null,
    comparison ? comparison.notes.map((note) => element("p", null, note)) : null);
  showWhy();
  showSavings();
  showOffsets();
  showActivity();
  showProcesses();
  showHistograms();
  showFlames();
  showTables();
}

const data = readData("data");
if (data.batch) showBatch(data.batch);
else if (data.repeat) showRepeat(data.repeat);
else showReport(data);
startSkipping();
startThemes();
document.documentElement.dataset.ready = "yes";
