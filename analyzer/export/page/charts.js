/* Activity over time, processes over time, sizes and durations. Both runs are on the same scales. */
function drawn(name, attributes, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return put(node, ...children);
}

/* A picture with its description; what is pointed at, by mouse or arrow keys, is said below it. */
function figure(title, description, picture, said) {
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", title + ". " + description);
  return element("figure", null, element("figcaption", null, title), picture, said || null);
}

const CHART = { width: 600, height: 90 };

/* Columns as high as the values, of the same width; tell(i) says what the column is. */
function columnChart(title, values, most, style, tell, axis) {
  const total = sum(values), count = values.length, step = CHART.width / count;
  const said = element("output", { class: "faint" }, axis);
  const svg = drawn("svg", { viewBox: "0 0 " + CHART.width + " " + (CHART.height + 2), class: "chart", tabindex: "0",
    preserveAspectRatio: "none" });
  const mark = drawn("rect", { class: "mark", y: 0, height: CHART.height, width: Math.max(step, 2), visibility: "hidden" });
  put(svg, drawn("line", { x1: 0, x2: CHART.width, y1: CHART.height + 1, y2: CHART.height + 1, class: "axis" }),
    values.map((value, i) => (value ? drawn("rect", { x: i * step, width: Math.max(step * 0.9, 0.5),
      y: CHART.height - Math.max(1, (value / most) * CHART.height), height: Math.max(1, (value / most) * CHART.height),
      class: style }) : null)), mark);
  let at = -1;
  const point = (i) => {
    at = Math.min(count - 1, Math.max(0, i));
    mark.setAttribute("x", at * step);
    mark.setAttribute("visibility", "visible");
    said.textContent = tell(at);
  };
  svg.addEventListener("pointermove", (event) => {
    const box = svg.getBoundingClientRect();
    point(Math.floor(((event.clientX - box.left) / box.width) * count));
  });
  svg.addEventListener("keydown", (event) => {
    const steps = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10, Home: -count, End: count };
    if (!(event.key in steps)) return;
    event.preventDefault();
    point(at + steps[event.key]);
  });
  return total ? figure(title, axis, svg, said) : null;
}

function showActivity() {
  const kinds = [["calls", showCount, "calls"], ["bytes read", showBytes, "reads"], ["bytes written", showBytes, "writes"],
    ["waiting for others", showTime, "waits"]];
  const bins = pictures.runs[0].activity.length, width = pictures.span / bins;
  section("activity", "Activity over " + momentName, kinds.map(([name, show, style], kind) => {
    const values = pictures.runs.map((run) => run.activity.map((bin) => bin[kind]));
    const most = Math.max(...values.flat());
    const charts = runs.map((run, i) => columnChart(run.label + ": " + name, values[i], most, style,
      (bin) => "from " + showMoment(bin * width) + ": " + show(values[i][bin]), show(sum(values[i])) + " in all, at most " +
        show(Math.max(...values[i])) + " in " + showMoment(width) + "; 0 to " + showMoment(pictures.span)));
    return charts.some(Boolean) ? element("div", { class: "sides" }, charts) : null;
  }));
}

/* Powers of two from the first that occurs in either run to the last. */
function powerCharts(name, kinds, show, list) {
  return kinds.map(([kind, style], i) => {
    const values = pictures.runs.map((run) => run[list][i]), both = values[0].map((value, power) => value +
      (values[1] ? values[1][power] : 0));
    const first = both.findIndex(Boolean), last = both.length - [...both].reverse().findIndex(Boolean);
    if (first < 0) return null;
    const most = Math.max(...values.flat());
    return element("div", { class: "sides" }, runs.map((run, j) => columnChart(run.label + ": " + name + " of " + kind,
      values[j].slice(first, last), most, style, (bin) => (first + bin ? show(2 ** (first + bin)) + " to below " : "below ") +
        show(2 ** (first + bin + 1)) + ": " + plural(values[j][first + bin], "call"),
      plural(sum(values[j]), "call") + "; from " + show(first ? 2 ** first : 0) + " to below " + show(2 ** last) +
        ", each column twice the one before")));
  });
}

function showHistograms() {
  section("sizes", "Sizes and durations", powerCharts("sizes", [["reads", "reads"], ["writes", "writes"]], showBytes, "sizes"),
    powerCharts("durations", [["reads", "reads"], ["writes", "writes"], ["other calls", "calls"],
      ["calls that wait for others", "waits"]], showTime, "took"));
}

/* A canvas as sharp as the screen is; draw(context, width, height) is called again when size or colours change. */
function canvas(attributes, draw) {
  const node = element("canvas", { tabindex: "0", ...attributes });
  const redraw = () => {
    const box = node.getBoundingClientRect(), scale = window.devicePixelRatio || 1;
    if (!box.width) return;
    node.width = Math.round(box.width * scale);
    node.height = Math.round(box.height * scale);
    const context = node.getContext("2d");
    context.scale(scale, scale);
    context.clearRect(0, 0, box.width, box.height);
    draw(context, box.width, box.height);
  };
  new ResizeObserver(redraw).observe(node);
  redraws.push(redraw);
  node.redraw = redraw;
  return node;
}

const shade = (value, most) => (value ? 0.15 + (0.85 * Math.log1p(value)) / Math.log1p(most) : 0);

/* A row for each process, in the order in which they begin; the darker, the more calls. */
function processMap(run, i, most) {
  const rows = pictures.runs[i].processes.map((cells, row) => ({ cells, process: run.process_table[row] }))
    .filter((row) => sum(row.cells)).sort((a, b) => a.process.number - b.process.number);
  if (!rows.length) return null;
  const times = rows[0].cells.length, width = pictures.span / times, at = { row: 0, time: 0, on: false };
  const name = (row) => "P" + row.process.number + " " + showers.text(row.process.program);
  const said = element("output", { class: "faint" }, plural(rows.length, "process", "processes") + " of " +
    showCount(run.process_table.length) + ", those with the most to do; 0 to " + showMoment(pictures.span));
  const node = canvas({ class: "map" }, (context, across, down) => {
    const step = across / times, high = down / rows.length;
    context.fillStyle = colour("blue");
    rows.forEach((row, y) => row.cells.forEach((value, x) => {
      context.globalAlpha = shade(value, most);
      context.fillRect(x * step, y * high, Math.max(step, 1), Math.max(high - 1, 1));
    }));
    context.globalAlpha = 1;
    context.strokeStyle = colour("orange");
    if (at.on) context.strokeRect(at.time * step, at.row * high, step, high - 1);
  });
  node.style.height = Math.max(40, rows.length * 14) + "px";
  const point = (row, time) => {
    at.row = Math.min(rows.length - 1, Math.max(0, row));
    at.time = Math.min(times - 1, Math.max(0, time));
    at.on = true;
    said.textContent = name(rows[at.row]) + ", from " + showMoment(at.time * width) + ": " +
      plural(rows[at.row].cells[at.time], "call");
    node.redraw();
  };
  node.addEventListener("pointermove", (event) => {
    const box = node.getBoundingClientRect();
    point(Math.floor(((event.clientY - box.top) / box.height) * rows.length),
      Math.floor(((event.clientX - box.left) / box.width) * times));
  });
  node.addEventListener("keydown", (event) => {
    const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
    if (!(event.key in steps)) return;
    event.preventDefault();
    point(at.row + steps[event.key][0], at.time + steps[event.key][1]);
  });
  return figure(run.label + ": calls of each process over " + momentName, rows.map((row) => name(row) + " " +
    plural(sum(row.cells), "call")).join(", "), node, said);
}

function showProcesses() {
  const most = Math.max(1, ...pictures.runs.map((run) => Math.max(0, ...run.processes.flat())));
  const maps = runs.map((run, i) => processMap(run, i, most));
  section("processes", "Processes over " + momentName, maps.some(Boolean) ? element("div", { class: "sides" }, maps) : null);
}
