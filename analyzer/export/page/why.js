/* Why the runs differ, or what one of them could save: bars that open to files, places and first calls. */
const BARS_AT_FIRST = 12;

/* An item: {label, values: {calls, bytes, time}, open: what is shown behind it}. plus: the sign of what is above 0. */
function barList(title, items, plus) {
  const list = element("div", { class: "bars" });
  const bar = (item, name, most) => {
    const value = item.values[name], fill = element("span", { class: value < 0 ? "fill less" : "fill" });
    fill.style.width = (100 * Math.abs(value)) / most + "%";
    const details = element("details", null, element("summary", null, element("span", { class: "amount" }, showSigned(name, value, plus)),
      element("span", { class: "track", "aria-hidden": "true" }, fill), element("span", { class: "label" }, item.label)));
    details.addEventListener("toggle", () => {
      if (details.open && details.childNodes.length === 1) put(details, element("div", { class: "behind" }, item.open()));
    });
    return details;
  };
  let all = false, chosen = "calls";
  const fill = () => {
    const some = items.filter((item) => item.values[chosen]);
    some.sort((a, b) => Math.abs(b.values[chosen]) - Math.abs(a.values[chosen]));
    const shown = all ? some : some.slice(0, BARS_AT_FIRST), rest = some.slice(shown.length);
    const most = Math.max(1, ...some.map((item) => Math.abs(item.values[chosen])));
    list.replaceChildren(...shown.map((item) => bar(item, chosen, most)));
    if (rest.length)
      list.append(element("p", null, "and " + showSigned(chosen, sum(rest.map((item) => item.values[chosen])), plus) + " by " +
        plural(rest.length, "more", "more") + " ", button("Show all", () => {
        all = true;
        fill();
      })));
    if (!some.length) list.append(element("p", null, "None differ in " + chosen + "."));
  };
  const kinds = ["calls", "bytes", "time"].filter((name) => items.some((item) => item.values[name]));
  if (!kinds.length) return null;
  chosen = kinds[0];
  fill();
  return [choice(title, kinds, (name) => {
    chosen = name;
    fill();
  }), list];
}

const bytesRange = (range) => (range ? ", bytes " + showCount(range[0]) + " to " + showCount(range[1]) : "");

function evidenceOf(findings) {
  return findings.filter((finding) => finding.evidence.length).map((finding) => [
    element("h4", null, "First calls (" + finding.id + ")"), element("pre", null, finding.evidence.join("\n"))]);
}

function causeName(cause) {
  const many = cause.file_count > 1 ? " (" + plural(cause.file_count, "file") + ")" : "";
  return cause.pattern + (cause.role ? " of " + cause.role + many : "") + bytesRange(cause.range);
}

function behindCause(cause) {
  const pairOf = (values, show) => (values ? runs.map((run, i) => run.label + " " + show(values[i])).join(", ") : null);
  const columns = [{ name: "called from", kind: "text", get: (site) => site.site },
    { name: "calls", kind: "calls", get: (site) => site.calls_diff }, { name: "bytes", kind: "bytes", get: (site) => site.bytes_diff },
    { name: "time", kind: "time", get: (site) => site.time_diff }];
  const alike = runs.map((run) => (run.findings || []).filter((finding) => finding.role && finding.id === cause.pattern &&
    (finding.role === cause.role || cause.files.includes(finding.role))));
  return [definitions([["calls", pairOf(cause.calls, showCount)], ["bytes", pairOf(cause.bytes, showBytes)],
    ["time", pairOf(cause.time_ns, showTime)], ["processes", pairOf(cause.processes, showCount)]]),
  cause.files.length ? [element("h4", null, "Files"), element("ul", null, cause.files.map((file) => element("li", null, file)))] : null,
  cause.sites.length ? sortableTable("Places of " + causeName(cause), columns, cause.sites) : null,
  alike.map((findings) => evidenceOf(findings.slice(0, 1)))].flat(2).filter(isKnown);
}

/* One sentence: how many calls, bytes and how much time more, and the largest part of it. */
function whySentence() {
  const [a, b] = runs.map((run) => run.label), diff = comparison.total_diff;
  const parts = [diff ? (diff > 0 ? a : b) + " makes " + showCount(Math.abs(diff)) + " calls more than " + (diff > 0 ? b : a)
    : a + " and " + b + " make the same number of calls"];
  if (comparison.bytes_diff) parts.push(a + " moves " + showBytes(Math.abs(comparison.bytes_diff)) +
    (comparison.bytes_diff > 0 ? " more" : " less"));
  if (comparison.time_diff) parts.push(a + " is " + showTime(Math.abs(comparison.time_diff)) +
    (comparison.time_diff > 0 ? " longer" : " shorter") + " in calls and waiting, all threads together");
  const largest = comparison.causes && [...comparison.causes].sort((x, y) => Math.abs(y.calls_diff) - Math.abs(x.calls_diff))[0];
  if (largest && largest.calls_diff) parts.push("the largest part is " + (largest.calls_diff > 0 ? a : b) + "'s " +
    showCount(Math.abs(largest.calls_diff)) + " calls more: " + causeName(largest));
  return parts.join("; ") + ".";
}

function showWhy() {
  if (!isPair) return;
  const parting = comparison.parting, causes = (comparison.causes || []).map((cause) => ({ label: causeName(cause),
    values: { calls: cause.calls_diff, bytes: cause.bytes_diff, time: cause.time_diff || 0 }, open: () => behindCause(cause) }));
  section("why", "Why they differ", element("p", { class: "sentence" }, whySentence()),
    comparison.differences.length ? element("p", null, "They were given different things to do: " +
      comparison.differences.join("; ")) : null,
    comparison.causes ? element("p", { class: "faint" }, "+ and orange: " + runs[0].label + " has more; \u2212 and blue: " +
      runs[1].label + " has more. A cause opens to its files, places and first calls.")
      : element("p", { class: "bad" }, "Nothing can be concluded about the causes."),
    causes.length ? element("h3", null, "Causes") : null, barList("Causes by", causes, "+"),
    parting ? element("p", null, "They part after " + plural(parting.equal_calls, "equal call") + " of P" + parting.process +
      ".T" + parting.thread + ": " + runs.map((run, i) => run.label + " " + (parting.next[i] || "no more")).join("; ")) : null);
}

function behindFinding(finding) {
  return [definitions([["what", finding.detail], ["advice", finding.advice], ["calls", showCount(finding.calls)],
    ["bytes", showBytes(finding.bytes)], ["time", showTime(finding.time_ns)]]),
  finding.sites.length ? [element("h4", null, "Places"), element("ul", null, finding.sites.map((site) => element("li", null,
    showers.text(site.site) + ": " + plural(site.calls, "call"))))] : null,
  evidenceOf([finding])].flat(2).filter(isKnown);
}

function showSavings() {
  section("savings", "What could be saved", runs.map((run) => {
    const findings = (run.findings || []).map((finding) => ({ label: finding.id + (finding.role || finding.file ? " of " +
      (finding.role || finding.file) : finding.detail ? ": " + finding.detail : "") + bytesRange(finding.range), open: () => behindFinding(finding),
      values: { calls: finding.saving.calls, bytes: 0, time: finding.saving.time_ns || 0 } }));
    const bars = findings.length ? barList("Savings of " + run.label + " by", findings, "") : null;
    return bars ? element("div", null, element("h3", null, run.label), bars) : null;
  }));
}
