"""evaluate.py RESULTS [PART...]: of what was measured (RESULTS/raw), a table in Markdown for each part (RESULTS/PART.md,
printed too) and the data of the plots (RESULTS/*.dat)."""
import os
import sys

from goals import goals
from samples import OURS, RESULTS, SAY, TOOLS, by_order, data, gather, middle, number, rows, say, table, with_spread

def call():
    runs = gather(rows("call"), 3)
    cases = list(dict.fromkeys((kind, threads) for kind, threads, _ in runs))
    cases.sort(key=lambda case: (int(case[1]), list(SAY).index(case[0])))
    kinds = list(dict.fromkeys(kind for kind, _ in cases))
    first, second, plot = [], [], []
    for kind, threads in cases:
        cpu = {how: runs[kind, threads, how][0] for how in ["native", "minimal"] + OURS if (kind, threads, how) in runs}
        native = middle(cpu["native"])
        least = middle(cpu["minimal"]) - native if "minimal" in cpu else None
        row = [say(kind), threads, with_spread(cpu["native"])]
        for how in ["minimal"] + OURS:
            row.append(with_spread(cpu[how], native) if how in cpu else "")
        for how in ["interpose", "full"]:
            row.append(f"{(middle(cpu[how]) - native) / least:.1f}" if least and least > 0 else "")
        first.append(row)
        if threads == "1":
            plot += [(kinds.index(kind), say(kind), "minimal wrapper" if how == "minimal" else say(how), number(middle(cpu[how]) - native))
                     for how in ["minimal"] + OURS if how in cpu]
        there = [how for how in TOOLS if (kind, threads, how) in runs]
        if not there:
            continue
        row = [say(kind), threads]
        for how in TOOLS:
            clock = 0 if how == "uftrace" else 1
            native = middle(runs[kind, threads, "native"][clock])
            row.append(with_spread(runs[kind, threads, how][clock], native, 1e-3) if how in there else "")
            if how in there and threads == "1":
                added = middle(runs[kind, threads, how][clock]) - native
                plot.append((kinds.index(kind), say(kind), say(how), number(added)))
        native = middle(runs[kind, threads, "native"][1])
        ours = middle(cpu["full"]) - middle(cpu["native"])
        row.append(f"{(middle(runs[kind, threads, 'strace'][1]) - native) / ours:.0f}"
                   if "strace" in there and ours > 0 else "")
        second.append(row)
    data("call.dat", ["place", "call", "variant", "added_ns"], plot)
    return ("Processor time, ns: without a recorder, and what each adds.\n\n" +
            table(["call", "threads", "without", "minimal"] + [say(how) for how in OURS] +
                  ["interpose / minimal", "full / minimal"], first) +
            "\nTime passed, µs added (the tracers work in another process; uftrace in the program: processor time):\n\n" +
            table(["call", "threads"] + [say(how) for how in TOOLS] + ["strace -f / full"], second))


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
    body = []
    for (kind, how), (half, most, slow, slowest, late) in runs.items():
        body.append([say(kind), say(how), number(middle(half)), number(middle(most) / 1e3), number(middle(slow) / 1e3),
                     number(min(slowest) / 1e3), number(middle(slowest) / 1e3), number(max(slowest) / 1e3),
                     f"{sum(late):.0f} in {len(late)} runs"])
    return table(["call", "variant", "median, ns", "99.99 %, µs", "20 slowest, median, µs", "slowest of the best run, µs",
                  "of the median run", "of the worst run", "calls above 1 ms"], body)


def programs():
    lines = rows("programs")
    runs = gather(lines, 2)
    failed = {(line[0], line[1]) for line in lines if line[2] == "failed"}
    names = list(dict.fromkeys(line[0] for line in lines))
    first, second, plot = [], [], []
    for name in names:
        wall, cpu, _ = runs[name, "native"]
        first.append([name, "without", with_spread(wall, scale=1e3), "", with_spread(cpu, scale=1e3), ""])
        for how in OURS:
            if (name, how) in runs:
                ours = runs[name, how]
                first.append([name, say(how), with_spread(ours[0], scale=1e3),
                              f"{(middle(ours[0]) / middle(wall) - 1) * 100:+.1f} %", with_spread(ours[1], scale=1e3),
                              f"{(middle(ours[1]) / middle(cpu) - 1) * 100:+.1f} %"])
                plot.append((names.index(name), name, say(how), f"{middle(ours[0]) / middle(wall):.3f}"))
        row = [name]
        for how in TOOLS:
            if (name, how) in runs:
                row.append(f"{middle(runs[name, how][0]) / middle(wall):.1f}")
                plot.append((names.index(name), name, say(how), f"{middle(runs[name, how][0]) / middle(wall):.3f}"))
            else:
                row.append("not done" if (name, how) in failed else "")
        second.append(row)
    data("programs.dat", ["place", "program", "variant", "times"], plot)
    return (table(["program", "variant", "elapsed, ms", "", "processor time, ms", ""], first) +
            "\nElapsed with the others, times without (\"not done\": not within PATIENCE, or the tool failed):\n\n" +
            table(["program"] + [say(how) for how in TOOLS], second) + "\n" + sizes(names))


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
    order = ["capture", "capture-pair", "log", "log-pair", "wc-l", "grep-c", "python-re"]
    body, plot = [], []
    for what, calls in by_order(runs, []):
        size, wall, cpu, peak = (middle(column) for column in runs[what, calls])
        count = float(calls) * (2 if what.endswith("pair") else 1)
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
    return table(["of", "N", "mode", "without, ns a call", "added, ns a call", "added peak, MiB", "bytes a call",
                  "capture on disk, MiB", "analysis, ns a call", "analysis, peak MiB"], body)


def scan():
    runs = gather(rows("scan"), 1)
    words = {"ours": "sc_is_zero", "plain-8": "8 words a turn", "plain-16": "16 words a turn", "scas": "`repe scasq`",
             "memcmp": "libc's memcmp (vector registers)"}
    return table(["scan of 4096 zeros", "ns"], [[words[name], number(middle(runs[name,][0]))] for name, in runs])


PARTS = {"call": call, "scan": scan, "start": start, "delay": delay, "programs": programs, "analysis": analysis, "growth": growth}

for part in sys.argv[2:] or PARTS:
    if not rows(part):
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
