#!/bin/bash
# Code that must not be changed where something else leads into it or lies there, and code that is not ours to change.
. "$(dirname "$0")/lib_hostile.sh"
R=$GUESTS/rewrite
for way in cold bare table pointer symbol; do
    same $way "$R" $way
    did $way "$way: called right, entered 42"
done
for way in data zeros; do
    same $way "$R" $way
    did $way "$way: called right, entered 0"
done
same stackless "$R" stackless
did stackless "stackless: written"
# The other five have room for a short jump, which covers nothing but the syscall.
asks cold "those three sites are left alone" \
    'not full or sum(x.startswith("rewrite+") for x in r["coverage"]["sites_left_at"]) == 3'
# The second program of a session takes what the first has found out.
same again /bin/sh -c '"$0" cold; "$0" table' "$R"
did again "cold: called right, entered 42"
did again "table: called right, entered 42"
same restorer "$R" restorer
did restorer "restorer: as in the file"
same small "$R" small "$GUESTS/rewrite_library.so"
did small "small: loaded"
same writable "$GUESTS/rewrite_wx"
did writable "pid right, parent right, mapped rwxp"
asks writable "its sites are counted as left alone" \
    'not full or any(x.startswith("rewrite_wx+") for x in r["coverage"]["sites_left_at"])'
finish
