/* Where in each of the busiest files accesses begin, over time. Kinds have shapes as well as colours. */
const KINDS = [
  { name: "reads", colour: "blue", shape: "disc" }, { name: "writes of data", colour: "orange", shape: "square" },
  { name: "writes of zeros", colour: "purple", shape: "frame" }, { name: "seeks", colour: "green", shape: "peak" }];

function drawShape(context, shape, x, y, size) {
  const half = size / 2;
  context.beginPath();
  if (shape === "disc") context.arc(x, y, half, 0, 2 * Math.PI);
  else if (shape === "peak") {
    context.moveTo(x - half, y + half);
    context.lineTo(x, y - half);
    context.lineTo(x + half, y + half);
    context.closePath();
  } else context.rect(x - half, y - half, size, size);
  if (shape === "frame") {
    context.lineWidth = Math.max(1, size / 4);
    context.stroke();
  } else context.fill();
}

/* "place, reads, writes, zeros, seeks, ..." as the data have it. */
function readCells(flat) {
  const cells = [];
  for (let i = 0; i < flat.length; i += 1 + KINDS.length)
    cells.push({ time: Math.floor(flat[i] / pictures.grid_offsets), offset: flat[i] % pictures.grid_offsets,
      counts: flat.slice(i + 1, i + 1 + KINDS.length) });
  return cells;
}

/* What of the file and of the time is seen, in tiles; the pictures of both runs show the same. */
function fullView(grid) {
  const end = (name) => 1 + Math.max(...grid.runs.flatMap((run) => run.list.map((cell) => cell[name])));
  return { time: 0, times: end("time"), offset: 0, offsets: end("offset") };
}

function zoomView(view, full, by, time, offset) {
  const scale = (now, all) => Math.min(all, Math.max(Math.min(4, all), now * by));
  const next = { times: scale(view.times, full.times), offsets: scale(view.offsets, full.offsets) };
  next.time = time - ((time - view.time) / view.times) * next.times;
  next.offset = offset - ((offset - view.offset) / view.offsets) * next.offsets;
  keepInside(next, full);
  Object.assign(view, next);
}

function keepInside(view, full) {
  view.time = Math.min(full.times - view.times, Math.max(0, view.time));
  view.offset = Math.min(full.offsets - view.offsets, Math.max(0, view.offset));
}

function drawTiles(context, width, height, grid, cells, shown, most) {
  const view = grid.view, across = width / view.times, down = height / view.offsets, size = Math.min(across, down);
  const colours = KINDS.map((kind) => colour(kind.colour));
  for (const cell of cells) {
    const x = (cell.time - view.time) * across, y = height - (cell.offset - view.offset + 1) * down;
    if (x + across < 0 || x > width || y + down < 0 || y > height) continue;
    const there = KINDS.map((kind, i) => i).filter((i) => shown[i] && cell.counts[i]);
    there.forEach((i, n) => {
      context.fillStyle = context.strokeStyle = colours[i];
      context.globalAlpha = 0.45 + 0.55 * shade(cell.counts[i], most);
      drawShape(context, KINDS[i].shape, x + (across * (n + 0.5)) / there.length, y + down / 2,
        Math.max(3, Math.min(size, across / there.length) * 0.9));
    });
  }
  context.globalAlpha = 1;
}

function placeText(grid, run, time, offset) {
  return "from " + showMoment(run.begin + time * grid.time_width) + ", bytes " + showCount(offset * grid.offset_width) + " to " +
    showCount((offset + 1) * grid.offset_width);
}

function gridPicture(grid, i, shown, most, redraw) {
  const run = grid.runs[i], cells = run.list, view = grid.view, at = { time: -1, offset: -1 };
  const totals = KINDS.map((kind, k) => plural(sum(cells.map((cell) => cell.counts[k])), kind.name, kind.name));
  const said = element("output", { class: "faint" }, totals.join(", "));
  const node = canvas({ class: "offsets" }, (context, width, height) => {
    drawTiles(context, width, height, grid, cells, shown, most);
    context.strokeStyle = colour("ink");
    if (at.time >= 0) context.strokeRect(((at.time - view.time) * width) / view.times, height - ((at.offset - view.offset + 1) *
      height) / view.offsets, width / view.times, height / view.offsets);
  });
  const point = (time, offset) => {
    at.time = Math.min(grid.full.times - 1, Math.max(0, time));
    at.offset = Math.min(grid.full.offsets - 1, Math.max(0, offset));
    const cell = cells.find((one) => one.time === at.time && one.offset === at.offset);
    said.textContent = placeText(grid, run, at.time, at.offset) + ": " + (cell ? KINDS.map((kind, k) => [cell.counts[k], kind.name])
      .filter(([count]) => count).map(([count, name]) => plural(count, name, name)).join(", ") : "nothing");
    node.redraw();
  };
  const under = (event) => {
    const box = node.getBoundingClientRect();
    return [view.time + ((event.clientX - box.left) / box.width) * view.times,
      view.offset + (1 - (event.clientY - box.top) / box.height) * view.offsets];
  };
  node.addEventListener("pointermove", (event) => point(...under(event).map(Math.floor)));
  node.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && document.activeElement !== node) return;
    event.preventDefault();
    zoomView(view, grid.full, event.deltaY < 0 ? 0.8 : 1.25, ...under(event));
    redraw();
  }, { passive: false });
  node.addEventListener("pointerdown", () => node.focus());
  node.addEventListener("keydown", (event) => {
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }, factors = { "+": 0.5, "-": 2, 0: 1e9 };
    if (event.key in steps) point(at.time + steps[event.key][0], at.offset + steps[event.key][1]);
    else if (event.key in factors) {
      zoomView(view, grid.full, factors[event.key], Math.max(0, at.time), Math.max(0, at.offset));
      redraw();
    } else return;
    event.preventDefault();
  });
  return figure(runs[i].label + ", from " + showMoment(run.begin), totals.join(", ") + ". Arrow keys read tiles; plus, minus and 0 zoom", node, said);
}

function fileOffsets(grid, shown, all) {
  grid.runs.forEach((run) => {
    run.list = readCells(run.cells);
  });
  grid.full = fullView(grid);
  grid.view = { ...grid.full };
  const file = grid.runs.map((run, i) => (run.file === null ? null : runs[i].files[run.file])).find(Boolean);
  const most = Math.max(1, ...grid.runs.flatMap((run) => run.list.flatMap((cell) => cell.counts)));
  const redraw = () => node.querySelectorAll("canvas").forEach((one) => one.redraw());
  const zoom = (by) => () => {
    zoomView(grid.view, grid.full, by, grid.view.time + grid.view.times / 2, grid.view.offset + grid.view.offsets / 2);
    redraw();
  };
  const name = file.role || file.path;
  const node = element("div", null, element("h3", null, name), element("div", { class: "tools" },
    button("Zoom in", zoom(0.5), { "aria-label": "Zoom in: " + name }), button("Zoom out", zoom(2), { "aria-label": "Zoom out: " + name }),
    button("All", zoom(1e9), { "aria-label": "All of " + name }), element("span", { class: "faint" }, "upwards: bytes 0 to " +
      showCount(grid.full.offsets * grid.offset_width) + "; to the right: " + showMoment(grid.full.times * grid.time_width) +
      " from the first access")),
  element("div", { class: "sides" }, grid.runs.map((run, i) => (run.file === null ? element("p", null, runs[i].label +
    " has no such file.") : gridPicture(grid, i, shown, most, redraw)))));
  all.push(redraw);
  return node;
}

function showOffsets() {
  const shown = KINDS.map(() => true), all = [];
  const legend = element("fieldset", { class: "tools" }, element("legend", null, "Shown"), KINDS.map((kind, i) => {
    const box = element("input", { type: "checkbox", checked: "" });
    box.addEventListener("change", () => {
      shown[i] = box.checked;
      all.forEach((redraw) => redraw());
    });
    const sample = canvas({ class: "sample", "aria-hidden": "true" }, (context, width, height) => {
      context.fillStyle = context.strokeStyle = colour(kind.colour);
      drawShape(context, kind.shape, width / 2, height / 2, 10);
    });
    sample.removeAttribute("tabindex");
    return element("label", null, box, sample, kind.name);
  }));
  if (pictures.grids.length)
    section("offsets", "Offset over " + momentName, element("p", null, "Where in the busiest files accesses begin" +
      (isPair ? ", on the same scales for both runs" : "") + ". The wheel zooms where a picture has the focus."), legend,
    pictures.grids.map((grid) => fileOffsets(grid, shown, all)));
}
