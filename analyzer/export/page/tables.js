/* Tables that sort, filter and copy. A column: {name, kind: text, calls, bytes or time, get(row)}, and where it has them
 * signed: it is a difference; link(row): where the text leads to; picture(row): what is shown for the text; style(row): a class. */
const ROWS_AT_FIRST = 50;

function compareValues(a, b) {
  if (!isKnown(a) || !isKnown(b)) return Number(isKnown(a)) - Number(isKnown(b));
  return typeof a === "number" && typeof b === "number" ? a - b : String(a) < String(b) ? -1 : Number(a !== b);
}

/* Tab and line end part cells and rows, so that they cannot be in one. */
function asLines(columns, rows) {
  const cell = (value) => (isKnown(value) ? String(value).replace(/[\t\r\n]/g, " ") : "");
  const lines = [columns.map((column) => column.name), ...rows.map((row) => columns.map((column) => column.get(row)))];
  return lines.map((line) => line.map(cell).join("\t")).join("\n") + "\n";
}

/* A page opened from disk may not use the clipboard everywhere: then what is to be copied is shown and selected. */
async function copyText(text, tools) {
  try {
    await navigator.clipboard.writeText(text);
    return "copied";
  } catch {
    const area = element("textarea", { "aria-label": "What is to be copied", rows: "6", cols: "80" });
    area.value = text;
    tools.after(area);
    area.select();
    return "selected below";
  }
}

function cellText(column, row) {
  return column.signed ? showSigned(column.kind, column.get(row), "+") : showers[column.kind](column.get(row));
}

function cell(column, row) {
  if (column.picture) return column.picture(row);
  return column.link ? element("a", { href: column.link(row) }, cellText(column, row)) : cellText(column, row);
}

function bodyRow(columns, row) {
  const style = (column) => (column.style && column.style(row)) || (column.kind === "text" ? null : "number");
  return element("tr", null, columns.map((column, i) => element(i ? "td" : "th", {
    ...(i ? {} : { scope: "row" }), ...(style(column) ? { class: style(column) } : {}) }, cell(column, row))));
}

function sortableTable(caption, columns, rows) {
  const body = element("tbody"), state = { column: -1, down: true, words: "", all: false };
  const note = element("output", { class: "faint" });
  const more = button("Show all", () => {
    state.all = true;
    fill();
  });
  const chosen = () => {
    const words = state.words.toLowerCase();
    const left = rows.filter((row) => !words || columns.some((column) => cellText(column, row).toLowerCase().includes(words)));
    const column = columns[state.column];
    return column ? left.sort((a, b) => compareValues(column.get(a), column.get(b)) * (state.down ? -1 : 1)) : left;
  };
  const fill = () => {
    const all = chosen(), shown = state.all ? all : all.slice(0, ROWS_AT_FIRST);
    body.replaceChildren(...shown.map((row) => bodyRow(columns, row)));
    more.hidden = shown.length === all.length;
    note.textContent = showCount(shown.length) + " of " + plural(rows.length, "row");
  };
  const heads = columns.map((column, i) => {
    const head = element("th", { scope: "col", ...(column.kind === "text" ? {} : { class: "number" }) });
    return put(head, button(column.name, () => {
      state.down = state.column === i ? !state.down : column.kind !== "text";
      state.column = i;
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", state.down ? "descending" : "ascending");
      fill();
    }));
  });
  const filter = element("input", { type: "search", "aria-label": "Filter: " + caption, placeholder: "filter" });
  filter.addEventListener("input", () => {
    state.words = filter.value;
    fill();
  });
  const tools = element("div", { class: "tools" }, filter, button("Copy", async () => {
    note.textContent = await copyText(asLines(columns, chosen()), tools);
  }, { "aria-label": "Copy: " + caption }), more, note);
  fill();
  return [tools, element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption }, element("table",
    null, element("caption", null, caption), element("thead", null, element("tr", null, heads)), body))];
}

/* A column for each run, as get(row, run) has it. */
function perRun(name, kind, get) {
  return runs.map((run, i) => ({ name: isPair ? name + " " + run.label : name, kind, get: (row) => get(row, i) }));
}

/* Rows of both runs side by side, where they have the same key: [row or undefined, row or undefined]. */
function joinRows(list, key) {
  const joined = new Map();
  runs.forEach((run, i) => (list(run) || []).forEach((row) => {
    const pair = joined.get(key(row)) || [];
    pair[i] = pair[i] || row;
    joined.set(key(row), pair);
  }));
  return [...joined.values()];
}

const onEither = (pair, name) => (pair[0] || pair[1])[name];
const ofRun = (name) => (pair, i) => (pair[i] ? pair[i][name] : null);

function callRows(run) {
  return Object.entries(run.calls).map(([name, calls]) => ({ name, calls, ...run.call_details[name] }));
}

function showTables() {
  const byTime = (a, b) => (b.time_ns || 0) - (a.time_ns || 0);
  const files = joinRows((run) => run.files, (file) => file.role || file.path);
  if (runs.some((run) => run.files)) section("files", "Files", sortableTable("Files in the order of their first use", [
    { name: "file", kind: "text", get: (pair) => onEither(pair, "role") || onEither(pair, "path") },
    ...["opens", "reads", "writes", "zero_writes", "seeks", "errors"].flatMap((name) =>
      perRun(name.replace("_", " "), "calls", ofRun(name))),
    ...perRun("read", "bytes", ofRun("bytes_read")), ...perRun("written", "bytes", ofRun("bytes_written")),
    ...perRun("time", "time", ofRun("time_ns"))], files));
  section("calls", "Calls", sortableTable("Calls by name", [
    { name: "call", kind: "text", get: (pair) => onEither(pair, "name") },
    ...perRun("calls", "calls", ofRun("calls")), ...perRun("errors", "calls", ofRun("errors")),
    ...perRun("time", "time", ofRun("time_ns"))],
    joinRows((run) => callRows(run).sort(byTime), (call) => call.name)));
  if (report.failures.length)
    section("failures", "Failures", sortableTable("Calls that failed", [
      { name: "call", kind: "text", get: (row) => row.call }, { name: "error", kind: "text", get: (row) => row.error },
      ...perRun("calls", "calls", (row, i) => row.calls[i]), ...perRun("time", "time", (row, i) => row.time_ns[i]),
      { name: "files", kind: "text", get: (row) => row.names.join(", ") },
      { name: "number of files", kind: "calls", get: (row) => row.name_count }], report.failures));
  section("process-table", "Processes", runs.flatMap((run) => (run.process_table ? sortableTable(
    "Processes of " + run.label, [
      { name: "process", kind: "text", get: (row) => "P" + row.number + " " + showers.text(row.program) },
      { name: "pid", kind: "text", get: (row) => row.pid }, { name: "begins", kind: "time", get: (row) => row.begin_ns },
      { name: "ends", kind: "time", get: (row) => row.end_ns }, { name: "calls", kind: "calls", get: (row) => row.calls },
      { name: "bytes", kind: "bytes", get: (row) => row.bytes }, { name: "in calls", kind: "time", get: (row) => row.io_ns },
      { name: "waiting", kind: "time", get: (row) => row.waiting_ns }], run.process_table) : [])));
  section("finding-table", "Findings", runs.flatMap((run) => (run.findings && run.findings.length ? sortableTable(
    "Findings of " + run.label, [
      { name: "finding", kind: "text", get: (row) => row.id }, { name: "file", kind: "text", get: (row) => row.role || row.file },
      { name: "calls", kind: "calls", get: (row) => row.calls }, { name: "bytes", kind: "bytes", get: (row) => row.bytes },
      { name: "time", kind: "time", get: (row) => row.time_ns },
      { name: "saves calls", kind: "calls", get: (row) => row.saving.calls },
      { name: "advice", kind: "text", get: (row) => [row.detail, row.advice].filter(isKnown).join("; ") }], run.findings) : [])));
}
