#!/usr/bin/env python3
"""perfetto_trace.py REPORT.json TRACE: a trace read by a decoder that shares nothing with what wrote it, and held against the
report. Prints what its flows join: "exec SAME-THREAD", "fork OTHER-THREAD". Numbers of fields: protos/perfetto/trace/ of https://github.com/google/perfetto."""
import collections
import json
import struct
import sys

INT, FIXED, TEXT = 'int', 'fixed', 'text'
INTERNED = {1: ('iid', INT), 2: ('text', TEXT)}
NOTE = {1: ('key', INT), 4: ('int', INT), 17: ('string', INT)}
EVENT = {3: ('category', INT), 4: ('note', NOTE), 9: ('type', INT), 10: ('name', INT), 11: ('track', INT),
         44: ('value', FIXED), 47: ('flow', FIXED), 48: ('last_flow', FIXED)}
TRACK = {1: ('uuid', INT), 2: ('name', TEXT), 3: ('process', {1: ('pid', INT), 6: ('name', TEXT)}),
         4: ('thread', {1: ('pid', INT), 2: ('tid', INT), 5: ('name', TEXT)}), 5: ('parent', INT),
         8: ('counter', {6: ('unit', TEXT)})}
NAMES = {1: ('category', INTERNED), 2: ('name', INTERNED), 3: ('key', INTERNED), 29: ('string', INTERNED)}
PACKET = {8: ('timestamp', INT), 10: ('sequence', INT), 11: ('event', EVENT), 12: ('names', NAMES), 13: ('flags', INT),
          60: ('track', TRACK)}
WIRE = {INT: 0, FIXED: 1, TEXT: 2}
BEGIN, END, INSTANT, COUNTER = 1, 2, 3, 4


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7f) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def decode(data, schema):
    """A message as {name: [values]}."""
    fields, at = collections.defaultdict(list), 0
    while at < len(data):
        head, at = varint(data, at)
        name, kind = schema[head >> 3]
        assert head & 7 == WIRE.get(kind, 2) if isinstance(kind, str) else head & 7 == 2, (name, head & 7)
        if kind == INT:
            value, at = varint(data, at)
        elif kind == FIXED:
            value, at = data[at:at + 8], at + 8
        else:
            size, at = varint(data, at)
            value, at = data[at:at + size], at + size
            assert len(value) == size
            value = value.decode() if kind == TEXT else decode(value, kind)
        fields[name].append(value)
    return fields


def one(fields, name):
    assert len(fields[name]) <= 1, name
    return fields[name][0] if fields[name] else None


class Slice:
    def __init__(self, at, took, name, category, notes, flows):
        self.at, self.took, self.name, self.category, self.notes, self.flows = at, took, name, category, notes, flows


class Trace:
    def __init__(self, data):
        self.tracks, self.events, self.iids = {}, [], collections.defaultdict(dict)
        for number, packet in enumerate(decode(data, {1: ('packet', PACKET)})['packet']):
            assert one(packet, 'sequence') == 1 and one(packet, 'flags') == (2 if number else 3)
            for names in packet['names']:
                for kind, entries in names.items():
                    for entry in entries:
                        assert one(entry, 'iid') not in self.iids[kind]
                        self.iids[kind][one(entry, 'iid')] = one(entry, 'text')
            for track in packet['track']:
                assert one(track, 'uuid') not in self.tracks
                assert one(track, 'parent') is None or one(track, 'parent') in self.tracks
                self.tracks[one(track, 'uuid')] = track
            for event in packet['event']:
                # Interned in this packet or before, on a track that is known.
                assert one(event, 'track') in self.tracks
                self.events.append((one(packet, 'timestamp'), self.named(event)))
        self.events.sort(key=lambda pair: pair[0])
        self.slices, self.counters = self.pair_up()

    def named(self, event):
        notes = {}
        for note in event['note']:
            key = self.iids['key'][one(note, 'key')]
            value = one(note, 'int')
            if value is not None:
                value -= (value >> 63) << 64
            notes[key] = self.iids['string'][one(note, 'string')] if note['string'] else value
        event['notes'] = notes
        if event['name']:
            event['name'] = [self.iids['name'][one(event, 'name')]]
            event['category'] = [self.iids['category'][one(event, 'category')]]
        return event

    def pair_up(self):
        """As the viewer does: the end ends what began last on its track."""
        slices, counters, open_ones = collections.defaultdict(list), collections.defaultdict(list), collections.defaultdict(list)
        for at, event in self.events:
            track, kind = one(event, 'track'), one(event, 'type')
            if kind == COUNTER:
                counters[track].append((at, struct.unpack('<d', one(event, 'value'))[0]))
            elif kind == END:
                begun = open_ones[track].pop()
                begun.took = at - begun.at
            else:
                flows = [struct.unpack('<Q', flow)[0] for flow in event['flow'] + event['last_flow']]
                made = Slice(at, 0, one(event, 'name'), one(event, 'category'), event['notes'], flows)
                slices[track].append(made)
                assert not (self.tracks[track]['name'] and open_ones[track]), 'slices overlap on a file'
                assert kind in (BEGIN, INSTANT)
                if kind == BEGIN:
                    open_ones[track].append(made)
        assert not any(open_ones.values())
        return slices, counters

    def of(self, what):
        return {uuid: one(track, what) for uuid, track in self.tracks.items() if track[what]}


def check_run(trace, report, number, two):
    run = report['runs'][number]
    prefix = run['label'] + ': ' if two else ''
    processes = {one(process, 'pid'): one(process, 'name') for process in trace.of('process').values()}
    assert len(processes) == len(trace.of('process'))
    mine = {pid for pid, name in processes.items() if name.startswith(prefix)}
    threads = {uuid: thread for uuid, thread in trace.of('thread').items() if one(thread, 'pid') in mine}
    calls = [call for uuid in threads for call in trace.slices[uuid]]
    assert collections.Counter(call.name for call in calls) == run['calls']
    assert sum(call.took for call in calls) == run['time_ns']['total']
    assert sum('error' in call.notes for call in calls) == sum(d['errors'] for d in run['call_details'].values())
    assert all((call.notes.get('result', 0) < 0) >= ('error' in call.notes) for call in calls)

    table = [process for process in run['process_table'] if process['calls']]
    assert sorted(processes[pid] for pid in mine) == sorted(prefix + process['program'] for process in table)
    by_process = collections.defaultdict(list)
    for uuid, thread in threads.items():
        by_process[one(thread, 'name').split('.')[0]] += trace.slices[uuid]
    for process in table:
        its = by_process['P%d' % process['number']]
        assert len(its) == process['calls']
        assert sum(call.notes.get('bytes', 0) for call in its) == process['bytes']

    # Files, by their tracks.
    group = [uuid for uuid, name in trace.of('name').items() if name == prefix + 'files']
    assert len(group) == 1
    tracks = [uuid for uuid, parent in trace.of('parent').items() if parent == group[0]]
    moved = collections.Counter()
    for uuid in tracks:
        assert all(part.category == 'file' for part in trace.slices[uuid])
        moved[one(trace.tracks[uuid], 'name')] += sum(
            part.notes.get('bytes', 0) for part in trace.slices[uuid] if 'read' in part.name or 'write' in part.name)
    for file in run['files']:
        assert moved[file['path']] == file['bytes_read'] + file['bytes_written'], file['path']

    # The rates are the bytes that were moved.
    for what, category in (('read', 'read_ops'), ('written', 'write_ops')):
        track = [uuid for uuid, name in trace.of('name').items() if name == prefix + 'bytes ' + what]
        assert len(track) == 1 and one(trace.of('counter')[track[0]], 'unit') == 'B/s'
        points = trace.counters[track[0]]
        area = sum(value * (after[0] - at) / 1e9 for (at, value), after in zip(points, points[1:]))
        bytes_moved = sum(call.notes.get('bytes', 0) for call in calls if call.category == category)
        assert abs(area - bytes_moved) < 1, (what, area, bytes_moved)
        assert points[-1][1] == 0
    return calls


report, trace = json.load(open(sys.argv[1])), Trace(open(sys.argv[2], 'rb').read())
two = len(report['runs']) == 2
counted = 0
for i in range(len(report['runs'])):
    counted += len(check_run(trace, report, i, two))
threads = trace.of('thread')
assert counted == sum(len(trace.slices[uuid]) for uuid in threads)
# Where one end alone passes a filter, or is seen at all (symbol wrappers do not see how threads are made), there is no flow.
ends = collections.defaultdict(list)
for uuid in threads:
    for part in trace.slices[uuid]:
        for flow in part.flows:
            ends[flow].append((part.at, part.name, uuid))
for parts in ends.values():
    assert len(parts) <= 2
    if len(parts) == 2:
        parts.sort()
        kind = 'exec' if parts[0][1].startswith('exec') else 'fork'
        print(kind, 'same-thread' if parts[0][2] == parts[1][2] else 'other-thread')
