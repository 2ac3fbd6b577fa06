"""goals.py: each goal beside what was measured, of all parts together."""
from samples import gather, middle, number, rows, table


def added(runs, kind, threads, how):
    return min(runs[kind, threads, how][0]) - min(runs[kind, threads, "native"][0])


def of_calls(body):
    runs = gather(rows("call"), 3)
    if not runs:
        return
    for how in ("interpose", "full"):
        for kind, what in (("seek", "lseek"), ("data", "pwrite, 4 KiB"), ("read", "pread, 4 KiB")):
            ratio = added(runs, kind, "1", how) / max(added(runs, kind, "1", "minimal"), 1)
            body.append([f"{what}, {how}: times what the minimal wrapper adds", "2.0", number(ratio), ratio <= 2])
        more = added(runs, "seek", "1", how + "-stack") - added(runs, "seek", "1", how)
        body.append([f"16 frames of stack, {how}", "60 ns", f"{number(more)} ns", more <= 60])
        both = added(runs, "open", "1", how)
        body.append([f"open and close, {how}, each", "100 ns", f"{number(both / 2)} ns", both <= 200])
        if ("seek", "8", how) in runs:
            ratio = added(runs, "seek", "8", how) / added(runs, "seek", "1", how)
            body.append([f"lseek, {how}: 8 threads, times one", "1.2", number(ratio), ratio <= 1.2])


def of_starts(body):
    runs = gather(rows("start"), 2)
    for how, most, what in (("child-full", 300, "a child, full"), ("own-full", 500, "the first of a later session, full"),
                            ("child-interpose", 200, "a child, interpose")):
        if ("cpu", how) in runs:
            more = middle(runs["cpu", how][0]) - middle(runs["cpu", "native"][0])
            body.append([f"start of {what}", f"{most} µs", f"{number(more)} µs", more <= most])


def of_sizes(body):
    sizes = {(program, how): float(size) / float(count) for program, how, size, count in rows("bytes") if float(count)}
    for name in ("cpp_example", "rust_example"):
        for how, what in (("full", ""), ("full-stack", ", 16 frames")):
            for program in (name + "_1000", name):
                if (program, how) in sizes:
                    size = sizes[program, how]
                    body.append([f"{program}{what}: bytes a record", "20", number(size), size <= 20])


def of_delays(body):
    runs = gather(rows("delay"), 2)
    for kind, what in (("seek", "lseek"), ("data", "pwrite")):
        for how in ("native", "interpose", "full"):
            if (kind, how) in runs:
                worst = min(runs[kind, how][3]) / 1e6
                body.append([f"{what}, {how}: slowest call of the best run", "1 ms", number(worst) + " ms",
                             worst <= 1 if how != "native" else None])


def of_analysis(body):
    runs = gather(rows("analysis"), 2)
    for calls in ("10000000", "1000000"):
        if ("capture", calls) not in runs:
            continue
        count, what = float(calls), f"{float(calls) / 1e6:g} million"
        value = count / 1e6 / middle(runs["capture", calls][1])
        body.append([f"capture of {what}: million records/s", "20", number(value), value >= 20])
        if ("log", calls) in runs:
            size, wall = (middle(column) for column in runs["log", calls][:2])
            body.append([f"strace log of {what}: MB/s", "800", number(size / 1e6 / wall), size / 1e6 / wall >= 800])
        for kind, most, how in (("pair-summary", 2, "summary"), ("capture-pair", 5, "all files")):
            if (kind, calls) in runs:
                value = middle(runs[kind, calls][1])
                body.append([f"two captures of {what}, {how}", f"{most} s", f"{number(value)} s", value <= most])
        value = middle(runs["capture-pair", calls][3]) * 1024 / (2 * count)
        body.append(["the same, peak bytes a call", "16", number(value), value <= 16])
        break
    for what, calls in runs:
        if what != "founding":
            continue
        value = middle(runs[what, calls][1]) * 1e3
        body.append(["the founding capture's report", "5 ms", f"{number(value)} ms", value <= 5])


def goals():
    body = []
    for part in (of_calls, of_starts, of_sizes, of_delays, of_analysis):
        part(body)
    words = {True: "met", False: "missed", None: ""}
    return table(["goal", "at most or least", "measured", ""], [row[:3] + [words[row[3]]] for row in body])
