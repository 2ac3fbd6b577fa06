/* duckdb.mjs REPORT.json EXPORT.md: in a folder with calls.csv and calls.jsonl DuckDB reads both and counts what the report says.
   The document's commands are run, one of which makes calls.parquet, which is read likewise. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { load } from "./packages.mjs";

const [reportFile, document] = process.argv.slice(2);
const report = JSON.parse(readFileSync(reportFile, "utf8")), runs = report.runs || [report.run];
const base = await (await load("@duckdb/node-api").DuckDBInstance.create(":memory:")).connect();

/* Its numbers of 64 bits come as text. */
async function rows(query) {
  const answer = (await base.runAndReadAll(query)).getRowsJson();
  return answer.map((row) => row.map((value) => (/^-?\d+$/.test(value) ? Number(value) : value)));
}

const sum = (list, key) => list.reduce((all, one) => all + one[key], 0);
const sorted = (list) => list.map((row) => JSON.stringify(row)).sort();

async function checkRun(file, run, number) {
  const calls = `(FROM '${file}' WHERE run = ${number})`;
  assert.deepEqual(Object.fromEntries(await rows(`SELECT call, count(*) FROM ${calls} GROUP BY call`)), run.calls);
  assert.deepEqual(await rows(`SELECT count(*), sum(bytes), sum(took_ns), count(error) FROM ${calls}`), [[sum(Object.values(
    run.calls).map((count) => ({ count })), "count"), sum(run.process_table, "bytes"), run.time_ns.total,
  sum(Object.values(run.call_details), "errors")]]);
  const ran = run.process_table.filter((process) => process.calls);
  assert.deepEqual(sorted(await rows(`SELECT pid, count(*), coalesce(sum(bytes), 0) FROM ${calls} GROUP BY pid`)),
    sorted(ran.map((process) => [process.pid, process.calls, process.bytes])));
  // A call on two files moves its bytes out of one and into the other.
  const used = await rows(`SELECT path, coalesce(sum(bytes), 0) FROM (SELECT file AS path, bytes FROM ${calls} UNION ALL
    SELECT second_file, bytes FROM ${calls}) WHERE path IS NOT NULL GROUP BY path`);
  const moved = Object.fromEntries(used);
  for (const one of run.files)
    assert.equal(moved[one.path], one.bytes_read + one.bytes_written, one.path);
  assert.equal(used.filter(([, bytes]) => bytes).length, run.files.filter((one) => one.bytes_read + one.bytes_written).length);
  const zeros = await rows(`SELECT count(*) FROM ${calls} WHERE data = 'zeros'`);
  assert.deepEqual(zeros, [[run.writes.zero]]);
}

for (const [, command] of readFileSync(document, "utf8").matchAll(/^ {4}duckdb -c "(.*)"$/gm))
  assert.notEqual((await base.runAndReadAll(command)).currentRowCount, 0, command);
for (const file of ["calls.csv", "calls.jsonl", "calls.parquet"]) {
  for (const [number, run] of runs.entries()) await checkRun(file, run, number);
  assert.deepEqual(await rows(`SELECT count(*) FROM '${file}'`), [[sum(runs, "total_compared")]]);
}
const differ = (a, b) => rows(`SELECT count(*) FROM (FROM '${a}' EXCEPT ALL FROM '${b}')`);
for (const other of ["calls.jsonl", "calls.parquet"])
  assert.deepEqual([await differ("calls.csv", other), await differ(other, "calls.csv")], [[[0]], [[0]]], other);
