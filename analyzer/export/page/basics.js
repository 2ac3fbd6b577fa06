"use strict";
/* What all parts of the page use. Names come from programs and files: they become text, never markup or attributes that act. */
const readData = (id) => JSON.parse(document.getElementById(id).textContent);

/* What is shown now; the pairs of a batch one after the other. */
let report, pictures, runs, isPair, comparison, momentName;

function useData(data) {
  ({ report, pictures } = data);
  ({ runs, comparison } = report);
  isPair = runs.length === 2;
  momentName = pictures.by_time ? "time" : "calls";
}

function put(node, ...children) {
  for (const child of children.flat(Infinity)) if (child !== null && child !== undefined) node.append(child);
  return node;
}

/* append() makes text of strings. */
function element(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) node.setAttribute(key, value);
  return put(node, ...children);
}

function button(text, act, attributes) {
  const node = element("button", { type: "button", ...attributes }, text);
  node.addEventListener("click", act);
  return node;
}

const isKnown = (value) => value !== null && value !== undefined;

function showCount(value) {
  return isKnown(value) ? String(value).replace(/\B(?=(\d{3})+$)/g, "\u202f") : "unknown";
}

function inUnits(value, step, names) {
  let unit = 0, size = Math.abs(value);
  while (size >= step && unit + 1 < names.length) {
    size /= step;
    unit++;
  }
  const digits = unit === 0 || size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return (value < 0 ? "\u2212" : "") + size.toFixed(digits) + " " + names[unit];
}

const showBytes = (value) => (isKnown(value) ? inUnits(value, 1024, ["B", "KiB", "MiB", "GiB", "TiB", "PiB"]) : "unknown");
const showTime = (value) => (isKnown(value) ? inUnits(value, 1000, ["ns", "\u00b5s", "ms", "s"]) : "unknown");
const showers = { text: (value) => (isKnown(value) ? String(value) : "\u2013"), calls: showCount, bytes: showBytes, time: showTime };
/* A difference; plus: the sign of what is above 0. */
const showSigned = (kind, value, plus) => (value > 0 ? plus : "") + showers[kind](value).replace("-", "\u2212");

/* A place on the axis that the pictures have for the time. */
const showMoment = (value) => (pictures.by_time ? showTime(value) : showCount(Math.round(value)) + " calls");

const plural = (count, one, many) => showCount(count) + " " + (count === 1 ? one : many || one + "s");
const sum = (values) => values.reduce((a, b) => a + b, 0);

/* A part of the page with its heading, behind those that are there; an empty one is left out. */
let place = document.getElementById("main");

function section(id, title, ...children) {
  const shown = children.flat().filter((child) => isKnown(child));
  if (!shown.length) return;
  place.append(element("section", { "aria-labelledby": id }, element("h2", { id }, title), ...shown));
}

function definitions(pairs) {
  return element("dl", null, pairs.filter((pair) => isKnown(pair[1])).map(([name, value]) => [element("dt", null, name),
    element("dd", null, value)]));
}

/* Buttons of which one is pressed; act is told which. */
function choice(label, names, act) {
  const group = element("div", { class: "tools", role: "group", "aria-label": label });
  const press = (chosen) => {
    for (const node of group.children) node.setAttribute("aria-pressed", String(node === chosen));
    act(chosen.dataset.name);
  };
  for (const name of names) {
    const node = button(name, () => press(node), { "aria-pressed": String(name === names[0]) });
    node.dataset.name = name;
    group.append(node);
  }
  return group;
}

function setHeading(heading) {
  document.title = "syscap: " + heading;
  document.getElementById("title").textContent = heading;
}

/* The fragment of the address says what is open, so that this link leaves it as it is. */
function startSkipping() {
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    document.getElementById("main").focus();
  });
}

/* Pictures on canvas take their colours from the style when they are drawn. */
const redraws = [];
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();

function startThemes() {
  const names = ["system", "light", "dark"], dark = matchMedia("(prefers-color-scheme: dark)");
  const switcher = document.getElementById("theme");
  let chosen = 0;
  const apply = () => {
    const name = names[chosen] === "system" ? (dark.matches ? "dark" : "light") : names[chosen];
    document.documentElement.dataset.theme = name;
    switcher.textContent = "Theme: " + (chosen ? names[chosen] : "as the system");
    for (const redraw of redraws) redraw();
  };
  switcher.addEventListener("click", () => {
    chosen = (chosen + 1) % names.length;
    apply();
  });
  dark.addEventListener("change", apply);
  apply();
}
