"""Imports every extension module that this Python has, by dlopen each, and says which could be, then works a little with some."""
import importlib
import importlib.machinery
import os
import sysconfig
import threading

folder = os.path.join(sysconfig.get_path("stdlib"), "lib-dynload")
suffixes = tuple(importlib.machinery.EXTENSION_SUFFIXES)
names = sorted({entry.split(".")[0] for entry in os.listdir(folder) if entry.endswith(suffixes)}) if os.path.isdir(folder) else []
names += ["ctypes", "sqlite3", "ssl", "decimal", "asyncio", "multiprocessing", "xml.etree.ElementTree", "lzma", "bz2", "zlib"]
ends = {}


def load(part):
    for name in part:
        try:
            importlib.import_module(name)
            ends[name] = "is there"
        except ImportError as problem:
            ends[name] = type(problem).__name__


threads = [threading.Thread(target=load, args=(names[start::4],)) for start in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
for name in names:
    print(name, ends[name])
import sqlite3
base = sqlite3.connect("all.db")
base.execute("create table t(a)")
base.executemany("insert into t values(?)", [(n,) for n in range(500)])
base.commit()
print(base.execute("select sum(a) from t").fetchone())
