/* The page, from top to bottom. */
function showEnd(end) {
  if (end.kind === "exited") return "exited with " + end.code;
  return end.kind === "signaled" ? "killed by " + (end.signal_name || "signal " + end.signal) : "how it ended is not known";
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
    problems.length ? element("ul", { class: "problems" }, problems.map((line) => element("li", {
      class: run.problems.includes(line) ? "bad" : "warning" }, line))) : element("p", null, "No warnings."));
}

const heading = runs.map((run) => run.label).join(" and ");
document.title = "syscap: " + heading;
document.getElementById("title").textContent = heading;
section("health", "Health and warnings", element("div", { class: "sides" }, runs.map(runHealth)),
  report.filter ? element("p", { class: "bad" }, "Only calls that pass these filters are counted: " + report.filter) : null,
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
startThemes();
document.documentElement.dataset.ready = "yes";
