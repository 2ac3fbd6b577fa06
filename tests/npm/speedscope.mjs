/* speedscope.mjs REPORT.json CALLS BYTES TIME: folded stacks of one run, imported by speedscope as its user would and taken out
   again in its own format, weigh what the report says. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { withBrowser } from "./browser.mjs";
import { fileOf } from "./packages.mjs";

const [reportFile, ...folded] = process.argv.slice(2);
const report = JSON.parse(readFileSync(reportFile, "utf8")), run = report.runs ? report.runs[0] : report.run;

/* Weights by the innermost frame, out of a profile that tells when frames open and close. */
function weightsByFrame(exported) {
  assert.equal(exported.profiles.length, 1);
  const [profile] = exported.profiles, weights = {}, open = [];
  let at = profile.startValue;
  for (const event of profile.events) {
    if (event.at > at) {
      const name = exported.shared.frames[open.at(-1)].name;
      weights[name] = (weights[name] || 0) + event.at - at;
    }
    at = event.at;
    if (event.type === "O") open.push(event.frame);
    else assert.equal(open.pop(), event.frame);
  }
  assert.equal(at, profile.endValue);
  return weights;
}

async function imported(open, file) {
  const page = await open(fileOf("speedscope/dist/release/index.html"));
  await page.setInputFiles("input[type=file]", file);
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByText("Export").click()]);
  const weights = weightsByFrame(JSON.parse(readFileSync(await download.path(), "utf8")));
  await page.close();
  return weights;
}

const total = (weights) => Object.values(weights).reduce((a, b) => a + b, 0);

await withBrowser(async (open) => {
  const [calls, bytes, time] = [await imported(open, folded[0]), await imported(open, folded[1]), await imported(open, folded[2])];
  assert.deepEqual(calls, run.calls);
  assert.equal(total(bytes), run.process_table.reduce((all, process) => all + process.bytes, 0));
  assert.equal(total(time), run.time_ns.total);
});
