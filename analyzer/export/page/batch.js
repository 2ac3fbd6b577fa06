/* A batch: a table with a row a pair. A row opens the pair in the table's place; which one is open, the address's fragment says. */
function firstReason(row) {
  const causes = row.comparison.causes;
  if (!causes) return "nothing can be concluded";
  if (!causes.length) return null;
  const kinds = ["calls", "bytes", "time"].filter((kind) => causes[0][kind + "_diff"]);
  return causeName(causes[0]) + ": " + kinds.map((kind) => showSigned(kind, causes[0][kind + "_diff"], "+") +
    (kind === "calls" ? " calls" : "")).join(", ");
}

function pairState(row) {
  const { why_not, identical, differences } = row.comparison;
  return (why_not ? "not comparable: " + why_not : "comparable") + (identical ? "; identical: no call differs" +
    (differences.length ? ", so that had no effect" : "") : "");
}

/* Names of pairs differ, but two that are no UTF-8 may look alike. */
function pairFragments(pairs) {
  const fragments = [];
  for (const row of pairs) {
    let fragment = "#pair=" + encodeURIComponent(row.name);
    while (fragments.includes(fragment)) fragment += "+";
    fragments.push(fragment);
  }
  return fragments;
}

function showPairs(batch, fragments) {
  const [a, b] = batch.labels, count = (test) => showCount(batch.pairs.filter((row) => test(row.comparison)).length);
  const differences = [["calls", "total_diff"], ["bytes", "bytes_diff"], ["time", "time_diff"]].map(([kind, key]) => ({ kind,
    name: "\u00b1 " + kind, get: (row) => row.comparison[key], signed: true }));
  section("pairs", "Pairs", filterNote(batch.pairs.length ? batch.pairs[0].filter : null),
    element("p", { class: "sentence" }, plural(batch.pairs.length, "pair") + ": " + count((one) => one.differ) + " differ, " +
      count((one) => one.identical) + " identical, " + count((one) => !one.comparable) + " not comparable."),
    element("p", { class: "faint" }, "+: " + a + " has more; \u2212: " + b + " has more. A pair's name opens it."),
    sortableTable("Pairs by name", [
      { name: "pair", kind: "text", get: (row) => row.name, link: (row) => fragments[batch.pairs.indexOf(row)] },
      ...batch.labels.map((label, i) => ({ name: "calls " + label, kind: "calls", get: (row) => row.runs[i].total_compared })),
      ...differences, { name: "state", kind: "text", get: pairState, style: (row) => (row.comparison.comparable ? "words" : "words bad") },
      { name: "first reason", kind: "text", get: firstReason, style: () => "words" }], batch.pairs));
  const left = [...batch.unreadable.map((line) => element("li", { class: "bad" }, "cannot be read: " + line)),
    ...batch.unpaired.map((name) => element("li", null, "has no partner: " + name))];
  section("left", "Not compared", left.length ? element("ul", null, left) : null);
}

function showBatch(batch) {
  const fragments = pairFragments(batch.pairs), table = element("div"), pair = element("div");
  const link = (text, i) => (i in fragments ? element("a", { href: fragments[i] }, text + batch.pairs[i].name) : null);
  put(place, table, pair);
  place = table;
  showPairs(batch, fragments);
  place = pair;
  let shown = -1;
  const show = () => {
    const before = shown;
    shown = fragments.indexOf(location.hash);
    redraws.length = 0;
    pair.replaceChildren();
    table.hidden = shown >= 0;
    if (shown < 0) setHeading(batch.labels.join(" and ") + ": " + plural(batch.pairs.length, "pair"));
    else {
      put(pair, element("nav", { class: "tools", "aria-label": "Pairs" }, element("a", { href: "#pairs" }, "All pairs"),
        link("Before: ", shown - 1), link("Next: ", shown + 1)));
      showReport(readData("pair" + shown), batch.pairs[shown].name);
    }
    return before;
  };
  /* As where a page is loaded anew: from its top; and back to where one was. */
  addEventListener("hashchange", () => {
    const before = show(), row = shown < 0 && [...table.querySelectorAll("a")].find((one) => one.hash === fragments[before]);
    if (!row) scrollTo(0, 0);
    (row || document.getElementById("title")).focus();
  });
  show();
}
