"""samples.py: what the parts measured, and how it is told. Shared by evaluate.py and goals.py; the first argument of both is
the folder of the results."""
import os
import statistics
import sys
from collections import defaultdict

RESULTS = sys.argv[1]
OURS = ["interpose", "full", "interpose-stack", "full-stack"]
TOOLS = ["strace", "strace-bpf", "ltrace", "uftrace", "perf-trace"]
CALL_TOOLS = ["lttng", "bpftrace"]
TRACERS = ["strace", "strace-bpf", "ltrace", "perf-trace", "bpftrace"]
SAY = {"interpose-stack": "interpose, 16 frames", "full-stack": "full, 16 frames", "strace": "strace -f",
       "strace-bpf": "strace -f --seccomp-bpf", "ltrace": "ltrace -f -S", "perf-trace": "perf trace", "hook": "hook alone", "lttng": "LTTng-UST",
       "native": "without", "capture-pair": "two captures, all files", "pair-summary": "two captures, summary",
       "founding": "the C++ example, 1000 rows", "log": "strace log", "log-pair": "two strace logs",
       "wc-l": "`wc -l` of the log", "grep-c": "`grep -c` of the log", "python-re": "a regular expression in Python, the log",
       "seek": "lseek", "data": "pwrite, 4 KiB of data", "zeros": "pwrite, 4 KiB of zeros", "small": "write, 64 bytes",
       "read": "pread, 4 KiB", "open": "open and close", "stdio": "fwrite, 100 bytes"}


def say(word):
    return SAY.get(word, word)


def rows(part):
    path = os.path.join(RESULTS, "raw", part)
    if not os.path.exists(path):
        return []
    with open(path) as file:
        return [line.split() for line in file]


def gather(lines, keys):
    """{first fields: [[numbers] of each further field]}"""
    found = defaultdict(list)
    for line in lines:
        if line[keys:] != ["failed"]:
            found[tuple(line[:keys])].append([float(value) for value in line[keys:]])
    return {key: [list(column) for column in zip(*runs)] for key, runs in found.items()}


def middle(values):
    return statistics.median(values)


def spread(values):
    if len(values) < 3:
        return 0
    quartiles = statistics.quantiles(values, n=4, method="inclusive")
    return (quartiles[2] - quartiles[0]) / 2


def number(value):
    return "0" if value == 0 else f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def with_spread(values, less=0.0, scale=1.0):
    return f"{number((middle(values) - less) * scale)} ±{number(spread(values) * scale)}"


def table(head, body):
    left = "| " + " | ".join(head) + " |"
    line = "| --- |" + " ---: |" * (len(head) - 1)
    return "\n".join([left, line] + ["| " + " | ".join(row) + " |" for row in body]) + "\n"


def data(name, head, body):
    with open(os.path.join(RESULTS, name), "w") as file:
        file.write("# " + "\t".join(head) + "\n")
        for row in body:
            file.write("\t".join(str(value).replace("\t", " ") for value in row) + "\n")


def by_order(keys, order):
    return sorted(keys, key=lambda key: order.index(key) if key in order else len(order))
