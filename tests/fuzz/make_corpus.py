#!/usr/bin/env python3
"""Makes tests/fuzz/corpus anew out of captures and logs of the guests: make_corpus.py BUILD

Small pieces, each of another kind. What is made is committed, since it differs a little each time and strace may not be
there. Add by hand what a fuzzer found: a file in corpus/TARGET/ is tried on every `make fuzz-check`.
"""
import os
import shutil
import struct
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
FIRST_CHUNK = 32768  # where fuzz_capture.c lets the chunks begin
HEADER = 256
CHUNK_HEADER = 256
MOST = 4000  # bytes of a seed
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}  # what is committed says nothing of where it was made


def save(target, name, data):
    folder = os.path.join(HERE, "corpus", target)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "wb") as file:
        file.write(data)


def chunks(capture):
    """(bytes, used) of each chunk, in the file's order"""
    first, = struct.unpack_from("<I", capture, 12)
    granule, = struct.unpack_from("<I", capture, 36)
    at = first
    while at + CHUNK_HEADER <= len(capture):
        if capture[at:at + 8] == b"SYCSCHNK":
            size, = struct.unpack_from("<I", capture, at + 16)
            used, = struct.unpack_from("<I", capture, at + 64)
            yield capture[at:at + used], used
            at += size
        else:
            at += granule


def pieces(capture, most):
    """The list that fuzz_capture.c reads: header as it was, our own table of calls, and what the chunks hold."""
    fields = bytearray(capture[:HEADER])
    struct.pack_into("<I", fields, 12, FIRST_CHUNK)
    out = bytearray(b"P\1")

    def piece(offset, data):
        out.extend(struct.pack("<IH", offset // 4, len(data)) + data)

    piece(16, bytes(fields[16:24]))     # nonce
    piece(40, bytes(fields[40:92]))     # clock and calibration
    piece(128, bytes(fields[128:136]))  # what the launcher said
    if any(fields[112:116]):            # SYSCAP_KEEP=last
        piece(108, bytes(fields[108:128]))
        piece(136, bytes(fields[136:160]))
    at = FIRST_CHUNK
    for data, used in chunks(capture):
        room = most - len(out) - 6
        if room < 400:
            break
        data = bytearray(data[:room])
        struct.pack_into("<I", data, 16, 4096 * ((used + 4095) // 4096))  # no larger than it must be
        struct.pack_into("<I", data, 64, len(data))
        piece(at, bytes(data))
        at += 4096 * ((used + 4095) // 4096)
    return bytes(out)


def records(capture, most):
    for data, _ in chunks(capture):
        return data[CHUNK_HEADER:CHUNK_HEADER + most]
    return b""


GUESTS = ["calls f", "processes fork", "processes exec", "processes spawn", "threads", "descriptors", "exits exit 3",
          "exits abort", "errno_kept", "strace_mix f", "repeats f", "aio files", "aio partial",
          "uring names", "uring fixed", "uring shots", "uring_odd handler", "keep threads 2 20000"]


def captures(build, work):
    for n, guest in enumerate(GUESTS):
        for mode in ("interpose", "full"):
            path = os.path.join(work, "c")
            if os.path.exists(path):
                os.unlink(path)
            words = guest.split()
            keep = {"SYSCAP_KEEP": "last", "SYSCAP_MAX_SIZE": "512K"} if words[0] == "keep" else {}
            environment = dict(ENVIRONMENT, **keep, SYSCAP_MODE=mode, SYSCAP_STACK="4" if n % 2 else "0")
            subprocess.run(["./syscap-record", "-o", path, "--", "./" + words[0]] + words[1:],
                           cwd=work, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            if not os.path.exists(path):
                continue
            with open(path, "rb") as file:
                capture = file.read()
            name = words[0] + "".join(words[1:]) + "_" + mode
            save("capture", name, pieces(capture, MOST))
            if mode == "full":
                save("codec", name, records(capture, 1500))
    # a whole file, for the header and the table
    save("capture", "header_only", capture[:HEADER + 48 * 3])


STRACE = ["", "-f", "-f -tt -T", "-f -ttt -y", "-r -yy", "-k -s 8", "-i -x", "-xx -v", "-f -s 0 -T", "-v -s 64 -yy"]


def logs(build, work):
    path = os.path.join(work, "log")
    for n, options in enumerate(STRACE):
        for program in ("strace_mix f", "processes fork", "calls f", "aio files"):
            words = program.split()
            subprocess.run(["strace", "-o", path] + options.split() + ["./" + words[0]] + words[1:],
                           cwd=work, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            with open(path, "rb") as file:
                text = file.read()
            middle = max(0, len(text) // 2 - MOST // 4)
            save("strace", "%s_%d" % (words[0], n), text[:MOST // 4] + text[middle:middle + MOST // 2] + text[-MOST // 4:])
    for n, options in enumerate(["-c", "-c -f", "-c -w", "-c -U time-percent,total-time,calls,name", "-C"]):
        with open(path, "wb") as file:
            subprocess.run(["strace"] + options.split() + ["./strace_mix", "f"], cwd=work, env=ENVIRONMENT,
                           stdout=subprocess.DEVNULL, stderr=file)
        with open(path, "rb") as file:
            save("strace_summary", "table_%d" % n, file.read()[-MOST:])


def main():
    build = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as work:
        for guest in {words.split()[0] for words in GUESTS} - {"strace_mix"}:
            shutil.copy(build + "/tests/guest/" + guest, work)
        for program in ("syscap-record", "libsyscap.so"):
            shutil.copy(build + "/" + program, work)
        source = os.path.join(os.path.dirname(HERE), "guest", "strace_mix.c")
        subprocess.run(["cc", "-D_GNU_SOURCE", "-pthread", "-o", work + "/strace_mix", source], check=True)
        os.mkdir(os.path.join(work, "f"))
        captures(build, work)
        logs(build, work)


main()
