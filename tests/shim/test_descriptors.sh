#!/bin/bash
# No descriptor of ours that the program can meet, and nothing lost when it closes all that it could.
. "$(dirname "$0")/../lib.sh"
for how in list closefrom closefrom_all close_range close_range_syscall loop dup2 limit fork; do
    same $how "$GUESTS/descriptors" $how
    asks $how "writes before" 'f("/before")["writes"] == 10 and f("/before")["opens"] == 1'
    asks $how "writes after" 'f("/after")["writes"] == 10 and f("/after")["bytes_written"] == 40'
done
did list "start: lowest is 3"
check "- loop: it closed some" grep -q "^closed [1-9]" "$WORK/loop.native"
did dup2 "all but three taken: 3"
did limit "opened 1, then errno 24"
asks limit "without a free descriptor" 'f("/many")["writes"] == 20000 and r["coverage"]["dropped_records"] == 0'
did fork "child: lowest is 3"
asks fork "the child too" 'f("/child")["writes"] == 10 and r["processes"] == 2'
same exec "$GUESTS/descriptors" exec
check "- exec: the next program looks too" [ "$(grep -c '^start: fd' exec.native)" -gt "$(grep -c '^start: fd' fork.native)" ]
asks exec "both programs" 'f("/before")["writes"] == 20 and f("/after")["writes"] == 10 and r["end"]["code"] == 0'
finish
