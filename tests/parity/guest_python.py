"""Writes and reads files, maps one, starts threads one after the other, and children."""
import mmap
import os
import subprocess
import tempfile
import threading
import time

with open("lines", "w") as out:
    for i in range(5000):
        out.write("line %d\n" % i)
with open("lines") as lines:
    print(sum(len(line) for line in lines))
with open("lines", "r+b") as file:
    with mmap.mmap(file.fileno(), 0) as mapped:
        mapped[0:4] = b"LINE"
        mapped.flush()


def work(number):
    with open("thread%d" % number, "wb") as own:
        own.write(bytes(1000 * number))


for number in range(4):
    thread = threading.Thread(target=work, args=(number,))
    thread.start()
    thread.join()
    time.sleep(0.1)  # until the system thread has gone too: the next one takes its stack over
print(subprocess.run(["cat", "thread1"], stdout=subprocess.PIPE, check=True).stdout.count(b"\0"))
print(subprocess.Popen("echo by a shell; exit 3", shell=True).wait())
with tempfile.TemporaryFile(dir=".") as file:
    file.write(b"x" * 10000)
print(sorted(os.listdir(".")))
os.rename("lines", "renamed")
os.remove("renamed")
pid = os.fork()
if pid == 0:
    os.write(1, b"child\n")
    os._exit(4)
print(os.waitpid(pid, 0)[1])
