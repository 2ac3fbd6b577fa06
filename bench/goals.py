"""goals.py: each goal beside what was measured, of all parts together."""
from samples import gather, middle, number, rows, table


def added(runs, kind, threads, how, clock=0):
    return middle(runs[kind, threads, how][clock]) - middle(runs[kind, threads, "native"][clock])


def of_calls(body):
    runs = gather(rows("call"), 3)
    for kind, what in (("seek", "lseek"), ("data", "pwrite")):
        for how in ("interpose", "full"):
            if (kind, "1", how) not in runs:
                continue
            least = added(runs, kind, "1", "minimal")
            ratio = added(runs, kind, "1", how) / least if least > 0 else float("inf")
            body.append([f"{what}, {how}: of the minimal wrapper", "1.3", number(ratio), ratio <= 1.3])
    if ("seek", "1", "strace") in runs:
        less = min(added(runs, kind, "1", "strace", 1) / max(added(runs, kind, "1", "full"), 1) for kind in ("seek", "data"))
        body.append(["less than strace -f, full, times at least", "200", number(less), less >= 200])
    for how in ("interpose", "full"):
        if ("seek", "2", how) in runs:
            ratio = added(runs, "seek", "2", how) / added(runs, "seek", "1", how)
            body.append([f"lseek, {how}: two threads of one", "1.1", number(ratio), ratio <= 1.1])


def of_scans(body):
    runs = {name: middle(columns[0]) for (name,), columns in gather(rows("scan"), 1).items()}
    if runs:
        ratio = runs["ours"] / min(runs["plain-8"], runs["plain-16"], runs["scas"])
        body.append(["scan of zeros: of the best plain one", "1.3", number(ratio), ratio <= 1.3])


def of_programs(body):
    runs = gather(rows("programs"), 2)
    for name in ("cpp_example", "rust_example"):
        for how in ("interpose", "full"):
            if (name, how) in runs:
                for clock, what in enumerate(("elapsed", "processor time")):
                    more = (middle(runs[name, how][clock]) / middle(runs[name, "native"][clock]) - 1) * 100
                    body.append([f"{name}, {how}, {what}", "2 %", f"{more:+.1f} %", more < 2])
    sizes = {(program, how): float(size) / float(count) for program, how, size, count in rows("bytes") if float(count)}
    for name in ("cpp_example", "rust_example"):
        for how, what in (("full", ""), ("full-stack", ", 16 frames")):
            for program in (name + "_1000", name):
                if (program, how) in sizes:
                    size = sizes[program, how]
                    body.append([f"{program}{what}: bytes a record", "20", number(size), size <= 20])


def of_delays(body):
    runs = gather(rows("delay"), 2)
    for kind in ("seek", "data"):
        for how in ("native", "interpose", "full"):
            if (kind, how) in runs:
                worst = min(runs[kind, how][3]) / 1e6
                body.append([f"{kind}, {how}: slowest call of the best run", "1 ms", number(worst) + " ms",
                             worst <= 1 if how != "native" else None])


def of_analysis(body):
    runs = gather(rows("analysis"), 2)

    def rate(what, calls, amount):
        return amount / middle(runs[what, calls][2]) if (what, calls) in runs else None

    for calls in ("10000000", "1000000"):
        if ("capture", calls) not in runs:
            continue
        value = rate("capture", calls, float(calls) / 1e6)
        body.append([f"capture of {float(calls) / 1e6:g} million, whole report, million records/s", "5", number(value), value >= 5])
        if ("log", calls) in runs:
            value = rate("log", calls, middle(runs["log", calls][0]) / 1e6)
            body.append(["strace log, whole report, MB/s", "400", number(value), value >= 400])
        value = middle(runs["capture-pair", calls][1])
        body.append([f"pair of {float(calls) / 1e6:g} million, seconds", "5", number(value), value < 5])
        value = middle(runs["capture-pair", calls][3]) * 1024 / (2 * float(calls))
        body.append(["the same, peak bytes a call", "64", number(value), value < 64])
        return


def goals():
    body = []
    for part in (of_calls, of_scans, of_programs, of_delays, of_analysis):
        part(body)
    words = {True: "met", False: "missed", None: ""}
    return table(["goal", "at most or least", "measured", ""], [row[:3] + [words[row[3]]] for row in body])
