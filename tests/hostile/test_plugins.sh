#!/bin/bash
# Libraries that come and go by the hundred in several threads: no table of one that is gone is read, and each call is
# that library's which made it.
. "$(dirname "$0")/lib_hostile.sh"
own='sum(s["calls"] for s in r["call_sites"] if s["call"] == "newfstatat" and s["module"] and s["module"].endswith("plugin_%s.so" % k))'
for depth in 0 16; do
    SYSCAP_STACK=$depth same plugins$depth "$GUESTS/plugins" "$GUESTS" 100
    did plugins$depth "plugins done, 0 failures"
    asks plugins$depth "every call" 'len(lines("name of a")) == 51 and len(lines("name of f")) == 51'
    asks plugins$depth "each by its own library" "all($own == 51 for k in 'abcdef')"
done
finish
