#!/usr/bin/env python3
"""adds_up.py REPORT.json: the causes of a comparison are all of its difference, and their sites all of each cause: in
calls, in bytes and in time. Where a run is dead there are none. Processes add up to their run, and failures to the errors
of the calls. Says what does not, and exits with 1."""
import json
import sys

report = json.load(open(sys.argv[1]))
comparison, runs = report['comparison'], report['runs']
causes = comparison['causes']
dead = any(run['end']['kind'] != 'unknown' and run['end']['code'] != 0 for run in runs)
assert (causes is None) == dead, 'causes of a dead run, or none of a living one'
wholes = {'calls_diff': comparison['total_diff'], 'bytes_diff': comparison['bytes_diff'], 'time_diff': comparison['time_diff']}
for key, whole in wholes.items():
    if causes is None or whole is None:
        continue
    assert sum(cause[key] for cause in causes) == whole, key
    for cause in causes:
        assert cause['sites'] and sum(site[key] for site in cause['sites']) == cause[key], (key, cause)

for at, run in enumerate(runs):
    table = run['process_table']
    if table is None:
        continue
    assert sum(process['calls'] for process in table) == run['total_compared'], 'calls of processes'
    if run['time_ns']['total'] is not None:
        assert sum(process['io_ns'] + process['waiting_ns'] for process in table) == run['time_ns']['total'], 'their time'
        assert sum(process['waiting_ns'] for process in table) == run['waiting_ns'], 'waiting'
    for call, detail in run['call_details'].items():
        failed = sum(failure['calls'][at] for failure in report['failures'] if failure['call'] == call)
        assert failed == detail['errors'], (call, failed, detail)
if all(run['process_table'] is not None for run in runs):
    moved = [sum(process['bytes'] for process in run['process_table']) for run in runs]
    assert moved[0] - moved[1] == comparison['bytes_diff'], 'bytes of processes'
