"""evaluate.py RESULTS [PART...]: of what was measured (RESULTS/raw), a table in Markdown for each part (RESULTS/PART.md,
printed too) and the data of the plots (RESULTS/*.dat)."""
import os
import sys

from goals import goals
from samples import (CALL_TOOLS, OURS, RESULTS, SAY, TOOLS, TRACERS, by_order, data, gather, middle, number, rows, say, spread, table,
                     with_spread)


# Of single calls the least of the rounds counts: what else a machine does can only add.
def call():
    runs = gather(rows("call"), 3)
    kinds = sorted({kind for kind, _, _ in runs}, key=list(SAY).index)
    floors = ["hook", "minimal"]
    plot = []
    for kind, threads, how in sorted(runs, key=lambda key: (int(key[1]), kinds.index(key[0]))):
        clock = 1 if how in TRACERS else 0 # what works in another process shows in the time passed alone
        native = min(runs[kind, threads, "native"][clock])
        plot.append((kinds.index(kind), say(kind), threads, say(how), number(min(runs[kind, threads, how][clock]) - native),
                     number(spread(runs[kind, threads, how][clock]))))
    data("call.dat", ["place", "call", "threads", "variant", "added_ns", "spread_ns"], plot)
    added = {(row[1], row[2], row[3]): row[4] for row in plot}
    table_of = lambda hows: [[say(kind), number(min(runs[kind, "1", "native"][0]))] +
                             [added.get((say(kind), "1", say(how)), "") for how in hows] for kind in kinds]
    threads = sorted({threads for _, threads, _ in runs}, key=int)
    return ("Processor time in ns, one thread, least of the rounds: without a recorder, and what each adds.\n\n" +
            table(["call", "without"] + [say(how) for how in floors + OURS], table_of(floors + OURS)) +
            "\nThe same for one lseek by each of several threads:\n\n" +
            table(["threads"] + [say(how) for how in floors + OURS],
                  [[n] + [added.get((say("seek"), n, say(how)), "") for how in floors + OURS] for n in threads]) +
            "\nOther tools, one thread, ns added (of those that work in another process the time passed; uftrace and LTTng-UST in the "
            "program: processor time):\n\n" +
            table(["call", "without"] + [say(how) for how in TOOLS + CALL_TOOLS], table_of(TOOLS + CALL_TOOLS)))


def start():
    runs = gather(rows("start"), 2)
    body = []
    for clock, how in runs:
        values, native = runs[clock, how][0], middle(runs[clock, "native"][0])
        body.append([say(how), "processor time" if clock == "cpu" else "time passed", with_spread(values),
                     "" if how == "native" else number(middle(values) - native)])
    return table(["variant", "clock", "µs per start", "added"], body)


def delay():
    runs = gather(rows("delay"), 2)
    body, plot = [], []
    for (kind, how), (half, most, slow, slowest, late) in runs.items():
        plot.append((say(kind), say(how), number(middle(half)), number(middle(most)), number(middle(slow)), number(min(slowest)),
                     number(middle(slowest)), number(max(slowest)), f"{sum(late):.0f}", len(late)))
        body.append([say(kind), say(how), number(middle(half)), number(middle(slow) / 1e3), number(min(slowest) / 1e3),
                     f"{sum(late):.0f} in {len(late)} runs"])
    data("delay.dat", ["call", "variant", "median_ns", "p9999_ns", "slowest_20_median_ns", "slowest_best_run_ns",
                       "slowest_median_run_ns", "slowest_worst_run_ns", "above_1_ms", "runs"], plot)
    return table(["call", "variant", "median, ns", "20 slowest, median, µs", "slowest of the best run, µs", "calls above 1 ms"], body)


def programs():
    lines = rows("programs")
    runs = gather(lines, 2)
    failed = {(line[0], line[1]) for line in lines if line[2] == "failed"}
    names = list(dict.fromkeys(line[0] for line in lines))
    body, plot = [], []
    for name in names:
        wall, cpu, _ = runs[name, "native"]
        row = [name, with_spread(wall, scale=1e3)]
        for how in OURS + TOOLS:
            if (name, how) not in runs:
                row.append("not done" if (name, how) in failed else "")
                continue
            times, used = (middle(runs[name, how][i]) / middle(native) for i, native in enumerate((wall, cpu)))
            plot.append((names.index(name), name, say(how), f"{times:.3f}", f"{used:.3f}"))
            row.append(f"{(times - 1) * 100:+.1f} %" if how in OURS else f"x {times:.1f}")
        body.append(row)
    data("programs.dat", ["place", "program", "variant", "times", "times_cpu"], plot)
    return ("Elapsed, ms, and with each recorder (\"not done\": not within PATIENCE, or the tool failed):\n\n" +
            table(["program", "without"] + [say(how) for how in OURS + TOOLS], body) + "\n" + sizes(names))


def sizes(names):
    found = {(program, how): (float(size), float(count)) for program, how, size, count in rows("bytes")}
    body = []
    for name in names:
        row = [name, f"{found[name, 'full'][1]:.0f}" if (name, "full") in found else ""]
        for how in OURS + TOOLS:
            size, count = found.get((name, how), (0, 0))
            row.append(number(size / count) if count else "")
        body.append(row)
    return ("Bytes per record: of a capture all that its chunks hold, by its calls; of a log its size by its lines.\n\n" +
            table(["program", "calls"] + [say(how) for how in OURS + TOOLS], body))


def analysis():
    runs = gather([[line[0], line[1]] + line[2:] for line in rows("analysis")], 2)
    order = ["founding", "capture", "pair-summary", "capture-pair", "log", "log-pair", "wc-l", "grep-c", "python-re"]
    body, plot = [], []
    for what, calls in by_order(runs, []):
        size, wall, cpu, peak = (middle(column) for column in runs[what, calls])
        count = float(calls) * (2 if "pair" in what else 1)
        body.append((order.index(what), float(calls),
                     [say(what), f"{float(calls) / 1e6:g} million", number(size / 1e6), number(wall), number(cpu),
                      number(count / 1e6 / cpu), number(size / 1e6 / cpu), number(peak / 1024),
                      number(peak * 1024 / count)]))
        plot.append((order.index(what), calls, number(wall), number(peak / 1024)))
    data("analysis.dat", ["what", "calls", "seconds", "peak_MiB"], sorted(plot, key=lambda row: (row[0], int(row[1]))))
    return table(["input", "calls, each", "MB", "s elapsed", "s of processor", "million calls a s of processor", "MB a s of processor", "peak MiB",
                  "peak bytes a call"], [row for _, _, row in sorted(body)])


def growth():
    runs = gather(rows("growth"), 3)
    body, plot = [], []
    least = {}
    for what, n, _ in runs:
        least[what] = min(int(n), least.get(what, int(n)))
    for what, n, how in runs:
        if how == "native":
            continue
        cost, calls, peak, size, file, seconds, memory = (middle(column) for column in runs[what, n, how])
        native = runs[what, n, "native"]
        added, more = cost - middle(native[0]), peak - middle(native[2])
        body.append([what, n, how, number(middle(native[0])), number(added), number(more / 1024), number(size / calls),
                     number(file / 2**20), number(seconds * 1e9 / calls), number(memory / 1024)])
        plot.append((what, n, int(n) // least[what], how, number(added), number(max(more, 0) / 1024), number(size / calls),
                     number(seconds * 1e9 / calls), number(memory / 1024)))
    data("growth.dat", ["what", "n", "times", "mode", "added_ns", "added_MiB", "bytes_per_call", "analysis_ns_per_call",
                        "analysis_MiB"], sorted(plot, key=lambda row: (row[3], row[0], row[2])))
    most = {what: max(int(n) for w, n, _ in runs if w == what) for what in least}
    return ("The largest of each; all of them in plots/growth.dat.\n\n" +
            table(["of", "N", "mode", "without, ns a call", "added, ns a call", "added peak, MiB", "bytes a call",
                   "capture on disk, MiB", "analysis, ns a call", "analysis, peak MiB"],
                  [row for row in body if int(row[1]) == most[row[0]]]))


def scan():
    runs = gather(rows("scan"), 1)
    words = {"ours": "sc_is_zero", "plain-8": "8 words a turn", "plain-16": "16 words a turn", "scas": "`repe scasq`",
             "memcmp": "libc's memcmp (vector registers)"}
    return table(["scan of 4096 zeros", "ns"], [[words[name], number(middle(runs[name,][0]))] for name, in runs])


PARTS = {"call": call, "scan": scan, "start": start, "delay": delay, "programs": programs, "analysis": analysis, "growth": growth}

for part in sys.argv[2:] or PARTS:
    if part not in PARTS or not rows(part):
        continue
    with open(os.path.join(RESULTS, "raw", part + ".machine")) as file:
        text = PARTS[part]() + "\n" + file.read() + "\n"
    with open(os.path.join(RESULTS, part + ".md"), "w") as file:
        file.write(text)
    print(f"## {part}\n\n{text}")

if len(sys.argv) == 2:
    text = goals()
    with open(os.path.join(RESULTS, "goals.md"), "w") as file:
        file.write(text)
    print(f"## goals\n\n{text}")
