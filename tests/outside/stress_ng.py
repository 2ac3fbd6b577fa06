#!/usr/bin/env python3
"""Runs stress-ng's stressors without and with the library and holds the verdicts against each other.

  stress_ng.py --library FILE --analyze FILE [--short] [--scale N] [--user UID] [--modes LIST] [--list FILE] [STRESSOR...]

Each stressor of the list (stressors.list) does a fixed number of operations, so that how long it takes does not matter;
--scale multiplies that number. It is run twice without the library and once in each mode. A run with the library has to

  end with a status that a run without it had,
  say nothing that no run without it said (numbers are left out, and so is how often it was said),
  do its number of operations where the runs without the library did,
  and leave a capture that syscap-analyze can read.

Some stressors depend on time or on who is first, so what differs is run again, three times each without the library and
with it: it is a failure only where it differs every time. Prints "ok", "not ok" and "skip" lines.
"""
import argparse
import ctypes
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile

TIMEOUT = 60  # seconds after which stress-ng ends a stressor by itself: a net, not a measure
KILL_AFTER = 150
AGAIN = 3
MOST = 1 << 27  # bytes of a capture
DISK = "400m"  # what stressors and captures may fill: as root they have a file system of their own


def read_list(name):
    """Lines "NAME OPERATIONS [short] [--option=value]..." or "skip|skip-root NAME WHY"."""
    found, left_out = [], {}
    for line in open(name):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if words[0] in ("skip", "skip-root"):
            left_out[words[1]] = (words[0] == "skip", " ".join(words[2:]))
        else:
            options = [word for word in words[2:] if word.startswith("--")]
            found.append((words[0], int(words[1]), "short" in words[2:], options))
    return found, left_out


def lines_of(stream, text):
    """What was said, without what may differ between two runs: pids, numbers, addresses, order and repetitions."""
    said = set()
    for line in text.splitlines():
        if re.search(r"metrc:|setting to a|dispatching hogs|successful run completed|^\s*$", line):
            continue
        line = re.sub(r"\[\d+\] ?", "", line)
        line = re.sub(r"0x[0-9a-fA-F]+|\d[\d.,:/%]*[KMGT]?", "N", line)
        if "info:" in line and not re.search("skip|abort|terminat|signal N|support|disabled", line):
            line = " ".join(line.split()[:3])  # measured values and lists in various orders follow
        said.add(stream + " " + line)
    return said


def end_descendants():
    """Whatever a stressor left behind became our child (we are its subreaper): nothing of it runs on beside the next."""
    killed = 0
    while True:
        children = open("/proc/self/task/%d/children" % os.getpid()).read().split()
        if not children:
            return killed
        for child in map(int, children):
            try:
                if os.waitpid(child, os.WNOHANG)[0] == 0:
                    os.kill(child, signal.SIGKILL)
                    os.waitpid(child, 0)
                    killed += 1
            except (ChildProcessError, ProcessLookupError):
                pass


class Outcome:
    def __init__(self, status, said, finished):
        self.status, self.said, self.finished = status, said, finished

    def skipped(self):
        """stress-ng's own reason for not running it, or None."""
        if self.finished:
            return None
        reasons = [re.sub(r"^std\w+: (stress-ng: \w+: *)?", "", line) for line in self.said
                   if re.search("skip|unsupported|not supported|disabled|unrecognized option", line)]
        # That no stressor was left to run is said as well.
        return min(reasons, key=lambda line: (line.startswith("No stress"), line), default=None)


class Runner:
    def __init__(self, arguments, work):
        self.arguments, self.work = arguments, work
        self.prefix = []
        if arguments.user:
            self.prefix = ["setpriv", "--reuid", arguments.user, "--regid", arguments.user, "--clear-groups"]

    def run(self, name, operations, options, mode):
        folder = os.path.join(self.work, "disk", "run")
        shutil.rmtree(folder, ignore_errors=True)
        os.mkdir(folder)
        os.chmod(folder, 0o777)
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("SYSCAP_", "LD_"))}
        environment.update(HOME=folder, TMPDIR=folder)
        capture = os.path.join(self.work, "disk", "captures", name + "." + mode + ".bin")
        command = self.prefix + ["env"]
        if mode != "native":
            command += ["LD_PRELOAD=" + self.arguments.library, "SYSCAP_MODE=" + mode, "SYSCAP_OUTPUT=" + capture,
                        "SYSCAP_MAX_SIZE=%d" % MOST]
        command += ["stress-ng", "--" + name, "1", "--%s-ops" % name, str(operations), "--minimize", "--verify",
                    "--no-rand-seed", "--metrics", "--timeout", str(TIMEOUT), "--temp-path", folder] + options
        if operations == 0:  # a stressor that can't be bound by a number
            command.remove("--%s-ops" % name)
            command.remove("0")
        with open(os.path.join(self.work, "out"), "w+b") as out, open(os.path.join(self.work, "err"), "w+b") as err:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, cwd=folder,
                                       env=environment, start_new_session=True)
            try:
                status = process.wait(timeout=KILL_AFTER)
            except subprocess.TimeoutExpired:
                status = "killed after %d s" % KILL_AFTER
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            end_descendants()
            texts = []
            for stream in (out, err):
                stream.seek(0)
                texts.append(stream.read().decode(errors="replace"))
        done = re.search(r"metrc: \[\d+\] %s +(\d+) " % re.escape(name), texts[0] + texts[1])
        outcome = Outcome(status, lines_of("stdout:", texts[0]) | lines_of("stderr:", texts[1]),
                          bool(done) and int(done.group(1)) >= operations)
        outcome.capture = None
        if mode != "native":
            outcome.capture = self.read(capture)
        shutil.rmtree(folder, ignore_errors=True)
        return outcome

    def read(self, capture):
        """None where the analyzer can read it, else what it says."""
        try:
            if not os.path.exists(capture):
                return "no capture"
            result = subprocess.run([self.arguments.analyze, capture, "--format", "json"], stdin=subprocess.DEVNULL,
                                    stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace")
            return None if result.returncode == 0 else "syscap-analyze: status %d, %s" % (result.returncode,
                                                                                         result.stderr[:300])
        finally:
            if os.path.exists(capture) and not self.arguments.keep:
                os.unlink(capture)


def end_at_signal(number, _):
    sys.exit(128 + number)  # through "finally"


def differences(natives, outcome):
    found = []
    if outcome.status not in [native.status for native in natives]:
        found.append("status %s, without the library %s" % (outcome.status, natives[0].status))
    for line in sorted(outcome.said - set().union(*[native.said for native in natives])):
        found.append("new: " + line)
    if not outcome.finished and all(native.finished for native in natives):
        found.append("did not do its number of operations")
    if outcome.capture:
        found.append(outcome.capture)
    return found


def judge(runner, stressor, scale, modes):
    """For each mode what differs; a note about the runs without the library; or why stress-ng does not run it here."""
    name, operations, _, options = stressor
    natives = [runner.run(name, operations * scale, options, "native")]
    if natives[0].skipped():
        return {}, "", natives[0]
    natives.append(runner.run(name, operations * scale, options, "native"))
    verdicts = {}
    for mode in modes:
        found = differences(natives, runner.run(name, operations * scale, options, mode))
        for _ in range(AGAIN):
            if not found or runner.arguments.once:
                break
            natives.append(runner.run(name, operations * scale, options, "native"))
            found = differences(natives, runner.run(name, operations * scale, options, mode))
        verdicts[mode] = found
    states = {(native.status, native.finished) for native in natives}
    return verdicts, "" if len(states) == 1 else " (without the library: %s)" % sorted(states, key=str), natives[0]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--library", required=True)
    parser.add_argument("--analyze", required=True)
    parser.add_argument("--list", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "stressors.list"))
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--once", action="store_true", help="what differs is not run again")
    parser.add_argument("--keep", action="store_true", help="the captures stay where --work says")
    parser.add_argument("--work")
    parser.add_argument("--scale", type=int, default=1)
    parser.add_argument("--user", help="the number of the user who runs them")
    parser.add_argument("--modes", default="interpose,full")
    parser.add_argument("stressors", nargs="*")
    arguments = parser.parse_args()
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER
    root = os.getuid() == 0 and not arguments.user
    who = "root" if root else "user"
    modes = arguments.modes.split(",")
    found, left_out = read_list(arguments.list)
    work = arguments.work or tempfile.mkdtemp()
    os.chmod(work, 0o755)
    disk = os.path.join(work, "disk")
    os.makedirs(disk, exist_ok=True)
    failed = False
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end_at_signal)
    # Stressors that send signals to their parent send them to us when theirs has ended (dccp does).
    for number in (signal.SIGALRM, signal.SIGUSR1, signal.SIGUSR2):
        signal.signal(number, lambda *_: None)
    mounted = os.getuid() == 0 and subprocess.call(["mount", "-t", "tmpfs", "-o", "size=" + DISK, "syscap-stress", disk]) == 0
    os.makedirs(os.path.join(disk, "captures"), exist_ok=True)
    for folder in (disk, os.path.join(disk, "captures")):
        os.chmod(folder, 0o777)
    try:
        runner = Runner(arguments, work)
        for stressor in found:
            name = stressor[0]
            if arguments.stressors and name not in arguments.stressors:
                continue
            if arguments.short and not stressor[2]:
                continue
            if name in left_out and (root or left_out[name][0]):
                continue
            verdicts, note, native = judge(runner, stressor, arguments.scale, modes)
            if not verdicts:
                print("skip %d - %s, %s (stress-ng: %s)" % (len(modes), name, who, native.skipped()), flush=True)
                continue
            if native.status != 0 or not native.finished:
                note += " (without the library: status %s%s)" % (native.status,
                                                                 "" if native.finished else ", not all operations")
            for mode, found_here in verdicts.items():
                for line in found_here[:8]:
                    print("    " + line)
                print("%s - %s, %s, %s%s" % ("not ok" if found_here else "ok", name, who, mode, note), flush=True)
                failed |= bool(found_here)
        for name, (always, why) in sorted(left_out.items()):
            if not arguments.short and not arguments.stressors and (root or always):
                print("skip %d - %s, %s (%s)" % (len(modes), name, who, why))
    finally:
        end_descendants()
        if mounted and subprocess.call(["umount", disk]) != 0:
            subprocess.call(["umount", "-l", disk])
        if not arguments.work:
            shutil.rmtree(work, ignore_errors=True)
    return 1 if failed else 0


sys.exit(main())
