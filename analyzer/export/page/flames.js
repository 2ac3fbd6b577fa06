/* Where calls came from: outer functions above, what they call below, each as wide as its share. */
const THINNEST = 0.002;

function newBranch(name, above) {
  return { name, above, below: [], values: { calls: 0, bytes: 0, time: 0 } };
}

/* From the stacks, a flat list in which each branch comes before its own. */
function stackTree(run) {
  const top = newBranch(run.label, null), path = [top];
  for (const row of run.stacks) {
    const branch = newBranch(row.name === null ? plural(row.left_out, "branch", "branches") + " more" : row.name, path[row.depth]);
    branch.values = { calls: row.calls, bytes: row.bytes, time: row.time_ns || 0 };
    branch.above.below.push(branch);
    path[row.depth + 1] = branch;
  }
  return top;
}

/* Without stacks: the module, the functions that the place was inlined into, the call. */
function siteTree(run) {
  const top = newBranch(run.label, null);
  for (const site of run.call_sites) {
    const frames = site.frames.length ? site.frames.map((frame) => frame.function).reverse() : [site.name];
    let branch = top;
    for (const name of [(site.module || "no module").split("/").pop(), ...frames, site.call]) {
      let next = branch.below.find((one) => one.name === name);
      if (!next) branch.below.push((next = newBranch(name, branch)));
      branch = next;
      branch.values.calls += site.calls;
      branch.values.bytes += site.bytes;
      branch.values.time += site.time_ns || 0;
    }
  }
  return top;
}

const showValue = (kind, value) => (kind === "calls" ? plural(value, "call") : showers[kind](value));

/* The boxes of a tree, of which zoomed is as wide as the picture; those too thin to be seen are left out. */
function flameBoxes(zoomed, kind) {
  const boxes = [], add = (branch, left, width, level) => {
    const box = { branch, left, width, level };
    boxes.push(box);
    let at = left;
    for (const next of [...branch.below].sort((a, b) => b.values[kind] - a.values[kind])) {
      const part = (width * next.values[kind]) / branch.values[kind];
      if (part >= THINNEST) add(next, at, part, level + 1);
      at += part;
    }
  };
  add(zoomed, 0, 1, 0);
  return boxes;
}

function flames(tree, kinds) {
  let zoomed = tree, kind = kinds[0];
  const list = element("div", { class: "flames", role: "tree", "aria-label": "Callers of " + tree.name });
  const said = element("output", { class: "faint" }), nodes = new Map();
  const tell = (branch) => {
    const path = [];
    for (let at = branch; at; at = at.above) path.unshift(at.name);
    said.textContent = path.join(" \u2192 ") + ": " + kinds.map((one) => showValue(one, branch.values[one])).join(", ");
  };
  const zoom = (branch) => {
    zoomed = branch;
    fill();
    nodes.get(branch).focus();
  };
  const step = (box, key) => {
    const siblings = box.branch.above ? box.branch.above.below.filter((one) => nodes.has(one)) : [box.branch];
    siblings.sort((a, b) => b.values[kind] - a.values[kind]);
    const i = siblings.indexOf(box.branch), below = [...box.branch.below].filter((one) => nodes.has(one));
    below.sort((a, b) => b.values[kind] - a.values[kind]);
    return { ArrowLeft: siblings[i - 1], ArrowRight: siblings[i + 1], ArrowUp: box.branch.above, ArrowDown: below[0] }[key];
  };
  const draw = (box) => {
    const share = showValue(kind, box.branch.values[kind]);
    const node = element("div", { role: "treeitem", "aria-level": String(box.level + 1), class: "flame level" + (box.level % 3),
      tabindex: box.level ? "-1" : "0", "aria-label": box.branch.name + ", " + share }, box.branch.name);
    node.style.left = 100 * box.left + "%";
    node.style.width = 100 * box.width + "%";
    node.style.top = 1.5 * box.level + "rem";
    node.addEventListener("pointerenter", () => tell(box.branch));
    node.addEventListener("focus", () => tell(box.branch));
    node.addEventListener("click", () => zoom(box.branch === zoomed && zoomed.above ? zoomed.above : box.branch));
    node.addEventListener("keydown", (event) => {
      const next = step(box, event.key);
      if (event.key === "Enter" || event.key === " ") node.click();
      else if (next && nodes.has(next)) nodes.get(next).focus();
      else if (next) zoom(next);
      else return;
      event.preventDefault();
    });
    nodes.set(box.branch, node);
    return node;
  };
  const fill = () => {
    const boxes = flameBoxes(zoomed, kind);
    nodes.clear();
    list.replaceChildren(...boxes.map(draw));
    list.style.height = 1.5 * (1 + Math.max(...boxes.map((box) => box.level))) + "rem";
    tell(zoomed);
  };
  fill();
  return [choice("Callers of " + tree.name + " by", kinds, (name) => {
    kind = name;
    zoomed = tree;
    fill();
  }), list, said];
}

function showFlames() {
  const pictureOf = (run) => {
    if (!run.stacks && !(run.call_sites && run.call_sites.length)) return null;
    const tree = run.stacks ? stackTree(run) : siteTree(run);
    for (const kind of Object.keys(tree.values)) tree.values[kind] = sum(tree.below.map((branch) => branch.values[kind]));
    const kinds = Object.keys(tree.values).filter((kind) => tree.values[kind]);
    const what = run.stacks ? "Stacks, as far as they were recorded." : "No stacks (SYSCAP_STACK=N, --stacks): modules, functions, " +
      "calls. " + plural(run.call_sites.length, "place") + " of " + showCount(run.call_sites_total) + ", those with the most calls.";
    return kinds.length ? element("div", null, element("h3", null, run.label), element("p", { class: "faint" }, what),
      flames(tree, kinds)) : null;
  };
  section("flames", "Where calls come from", runs.map(pictureOf));
}
