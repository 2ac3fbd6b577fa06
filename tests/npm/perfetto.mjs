/* perfetto.mjs REPORT.json TRACE CHECKOUT: a trace decoded by protobufjs with the schema in a checkout of google/perfetto. Each
   field is one of the schema's, and calls, processes and threads are the report's. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { load } from "./packages.mjs";

const [reportFile, traceFile, checkout] = process.argv.slice(2);
const report = JSON.parse(readFileSync(reportFile, "utf8")), runs = report.runs || [report.run];
const protobuf = load("protobufjs"), root = new protobuf.Root();
root.resolvePath = (from, file) => checkout + "/" + file;
root.loadSync("protos/perfetto/trace/trace.proto", { keepCase: true });

const Trace = root.lookupType("perfetto.protos.Trace"), bytes = readFileSync(traceFile);
const { packet: packets } = Trace.toObject(Trace.decode(bytes), { enums: String, longs: String });
// What the schema does not know is left out of the objects, and would be missing here.
assert.equal(Trace.encode(Trace.fromObject({ packet: packets })).finish().length, bytes.length);

const tracks = new Map(packets.filter((one) => one.track_descriptor).map((one) => [one.track_descriptor.uuid, one.track_descriptor]));
const names = new Map(packets.flatMap((one) => one.interned_data?.event_names || []).map((one) => [one.iid, one.name]));
const events = packets.filter((one) => one.track_event).map((one) => one.track_event);
const count = (list) => list.reduce((all, name) => ({ ...all, [name]: (all[name] || 0) + 1 }), {});

const types = count(events.map((one) => one.type));
assert.deepEqual(Object.keys(types).sort(), ["TYPE_COUNTER", "TYPE_INSTANT", "TYPE_SLICE_BEGIN", "TYPE_SLICE_END"]);
assert.equal(types.TYPE_SLICE_BEGIN, types.TYPE_SLICE_END);
assert(events.every((one) => Boolean(tracks.get(one.track_uuid).counter) === (one.type === "TYPE_COUNTER")));

const described = [...tracks.values()], calls = events.filter((one) => one.name_iid && tracks.get(one.track_uuid).thread);
for (const run of runs) {
  const prefix = runs.length > 1 ? run.label + ": " : "";
  const processes = described.filter((one) => one.process?.process_name.startsWith(prefix)).map((one) => one.process.pid);
  const table = run.process_table.filter((one) => one.calls);
  assert.equal(processes.length, table.length);
  const mine = calls.filter((one) => processes.includes(tracks.get(one.track_uuid).thread.pid));
  assert.deepEqual(count(mine.map((one) => names.get(one.name_iid))), run.calls);
}
assert.equal(calls.length, runs.reduce((all, run) => all + run.total_compared, 0));
