/* page.mjs PAGE.html REPORT.json: the page of --html in Chromium, used by mouse and keys. Prints a line for each test. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { withBrowser } from "./browser.mjs";
import { fileOf } from "./packages.mjs";

const [pageFile, reportFile] = process.argv.slice(2);
const report = JSON.parse(readFileSync(reportFile, "utf8")), runs = report.runs || [report.run];
const WIDE = 3000;
const axe = readFileSync(fileOf("axe-core/axe.min.js"), "utf8");

async function test(name, act) {
  try {
    await act();
    console.log("ok " + name);
  } catch (error) {
    console.log("not ok " + name + "\n    " + String(error.message).split("\n").slice(0, 30).join("\n    "));
    process.exitCode = 1;
  }
}

/* A number as the page shows it: narrow blanks between thousands, a sign of its own below 0. */
const number = (text) => (text === "unknown" ? null : Number(text.replaceAll("\u202f", "").replace("\u2212", "-").replace("+", "")));
const sum = (values) => values.reduce((a, b) => a + b, 0);

/* Opens all rows of a section's tables: the cells of each row, of all tables. */
async function tableRows(page, id) {
  const section = page.locator("section[aria-labelledby=" + id + "]");
  for (const more of await section.getByRole("button", { name: "Show all" }).all()) if (await more.isVisible()) await more.click();
  return section.locator("tbody tr").evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent)));
}

async function checkNumbers(page) {
  const lists = await page.locator("#health ~ .sides dl").evaluateAll((all) => all.map((list) => Object.fromEntries(
    [...list.querySelectorAll("dt")].map((term) => [term.textContent, term.nextElementSibling.textContent]))));
  assert.deepEqual(lists.map((list) => [number(list.calls.split(" of ")[0]), number(list.processes)]),
    runs.map((run) => [run.total_compared, run.processes]));
  const calls = await tableRows(page, "calls");
  const columns = (first) => runs.map((run, i) => Object.fromEntries(calls.filter((row) => row[first + i] !== "unknown").map((row) =>
    [row[0], number(row[first + i])])));
  assert.deepEqual(columns(1), runs.map((run) => run.calls));
  assert.deepEqual(columns(1 + runs.length).map((errors) => sum(Object.values(errors))), runs.map((run) => sum(Object.values(
    run.call_details).map((one) => one.errors))));
  const files = await tableRows(page, "files");
  for (const [column, name] of ["opens", "reads", "writes", "zero_writes", "seeks", "errors"].entries())
    runs.forEach((run, i) => assert.equal(sum(files.map((row) => number(row[1 + column * runs.length + i]))),
      sum(run.files.map((file) => file[name])), name));
  const processes = await tableRows(page, "process-table");
  assert.deepEqual(processes.map((row) => [row[1], number(row[4])]), runs.flatMap((run) => run.process_table.map((process) =>
    [String(process.pid), process.calls])));
  const failures = await tableRows(page, "failures");
  assert.deepEqual(failures.map((row) => [row[0], row[1], number(row[2])]), report.failures.map((one) => [one.call, one.error,
    one.calls[0]]));
}

/* Every cause: how much it says, and what is behind it once it was clicked. */
async function checkCauses(page) {
  const bars = page.locator("#why ~ .bars"), more = bars.getByRole("button", { name: "Show all" });
  if (await more.count()) await more.click();
  const causes = report.comparison.causes.filter((cause) => cause.calls_diff);
  causes.sort((a, b) => Math.abs(b.calls_diff) - Math.abs(a.calls_diff));
  const amounts = await bars.locator(".amount").allTextContents();
  assert.deepEqual(amounts.map(number), causes.map((cause) => cause.calls_diff));
  let evidence = 0;
  for (const [i, cause] of causes.entries()) {
    const bar = bars.locator("details").nth(i);
    assert(!(await bar.locator(".behind").count()));
    await bar.locator("summary").click();
    await bar.locator(".behind").waitFor();
    const said = await bar.locator(".behind > dl").evaluate((list) => list.querySelector("dd").textContent);
    assert.equal(said.replaceAll("\u202f", ""), runs.map((run, j) => run.label + " " + cause.calls[j]).join(", "));
    const shown = await bar.locator("pre").allTextContents();
    const lines = runs.flatMap((run) => run.findings.flatMap((finding) => finding.evidence));
    for (const text of shown) text.split("\n").forEach((line) => assert(lines.includes(line), line));
    evidence += shown.length;
  }
  assert.notEqual(evidence, 0, "no cause shows its calls");
}

/* What the system has reaches the page a little later. */
async function setTheme(page, scheme) {
  await page.emulateMedia({ colorScheme: scheme });
  await page.locator("html[data-theme=" + scheme + "]").waitFor();
}

async function checkZoom(page) {
  const picture = page.locator("canvas.offsets").first(), drawn = () => picture.evaluate((one) => one.toDataURL());
  const all = await drawn(), tools = page.locator("#offsets ~ div .tools").first();
  await tools.getByRole("button", { name: /^Zoom in/ }).click();
  assert.notEqual(await drawn(), all);
  await tools.getByRole("button", { name: /^Zoom out/ }).click();
  assert.equal(await drawn(), all);
  await picture.click();
  const pointed = await drawn();
  await page.mouse.wheel(0, -100);
  await page.waitForFunction(([one, before]) => one.toDataURL() !== before, [await picture.elementHandle(), pointed]);
  await page.keyboard.press("0");
  assert.equal(await drawn(), pointed);
}

async function checkTheme(page) {
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const switcher = page.locator("#theme"), papers = {};
  for (const scheme of ["light", "dark"]) {
    await setTheme(page, scheme);
    papers[scheme] = await paper();
  }
  assert.notEqual(papers.light, papers.dark);
  await switcher.click();
  assert.equal(await paper(), papers.light, "what is chosen comes before what the system has");
  await page.emulateMedia({ colorScheme: "light" });
  await switcher.click();
  assert.equal(await paper(), papers.dark);
  await switcher.click();
  assert.equal(await paper(), papers.light);
}

/* With all opened that can be, so that all is judged. On a screen so wide that no table scrolls, nothing is left undecided: of
   what is scrolled away, axe can't tell the contrast. */
async function checkAccess(page, scheme, width) {
  await setTheme(page, scheme);
  await page.setViewportSize({ width, height: 900 });
  await page.evaluate(() => {
    document.body.style.maxWidth = "none";
    document.querySelectorAll("details").forEach((one) => { one.open = true; });
  });
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run());
  assert.notEqual(found.passes.length, 0);
  const bad = [...found.violations, ...(width === WIDE ? found.incomplete : [])];
  assert.deepEqual(bad.map((one) => [one.impact, one.id, one.help, one.nodes.length, one.nodes[0].html.slice(0, 200),
    one.nodes[0].failureSummary]), []);
}

/* Names that would be markup are text, wherever they are shown. */
async function checkNames(page) {
  const seen = await page.evaluate(() => ({
    strange: [...document.querySelectorAll("main *")].map((one) => one.localName).filter((name) => ["script", "img", "b", "iframe",
      "style", "link", "a", "object", "base"].includes(name)),
    acting: [...document.querySelectorAll("*")].flatMap((one) => [...one.attributes]).filter((one) =>
      one.name.startsWith("on")).length,
    text: document.body.textContent,
  }));
  assert.deepEqual([seen.strange, seen.acting], [[], 0]);
  for (const part of ["<img src=x onerror=alert(1)>", "</script><b>bold"]) assert(seen.text.includes(part), part);
}

await withBrowser(async (open) => {
  const page = await open(resolve(pageFile), { colorScheme: "light", viewport: { width: 1280, height: 900 } });
  await page.locator("html[data-ready=yes]").waitFor();
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))); // pictures are drawn
  await test("zoom by buttons, wheel and keys", () => checkZoom(page));
  await test("the system's theme is followed until one is chosen", () => checkTheme(page));
  if (report.comparison) await test("causes say what the report says, and open to their calls", () => checkCauses(page));
  await test("numbers of runs, calls, files, processes and failures are the report's", () => checkNumbers(page));
  for (const [scheme, width] of report.comparison ? [["light", WIDE], ["dark", WIDE], ["light", 400]] : [["dark", 400]])
    await test("axe finds nothing: " + scheme + ", " + width + " wide", () => checkAccess(page, scheme, width));
  await test("hostile names are text", () => checkNames(page));
  await test("no error, no dialog, and nothing is loaded", () => assert.deepEqual(page.trouble, []));
});
