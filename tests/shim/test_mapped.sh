#!/bin/bash
# Files that are stored into through memory: where a program only stores, the pages found are those that it knows of.
. "$(dirname "$0")/../lib.sh"

# pages NAME FILE TOUCHED ZERO
pages() {
    asks "$1" "pages of $2" "[f('/$2')[k] for k in ('touched_pages', 'touched_zero_pages', 'touched_unseen_pages')] == [$3, $4, 0]"
}

# mappings NAME THERE_WERE MISSED
mappings() {
    asks "$1" "$2 mappings, $3 missed" \
        "[r['coverage'][k] for k in ('file_mappings', 'file_mappings_missed')] == [$2, $3] and (r['mapped']['written_pages_at_most'] is None) == ($3 > 0)"
}

same mapped_pages "$GUESTS/mapped" pages
did mapped_pages "unmapped 0"
did mapped_pages "errno 17"
pages mapped_pages pages 11 5
pages mapped_pages none 0 0
asks mapped_pages "what is only read is in the bound" '1 <= f("/read")["touched_pages"] <= 16 and r["mapped"]["written_pages_at_most"] == 11 + f("/read")["touched_pages"]'
asks mapped_pages "no call wrote or read" 'f("/pages")["writes"] == 0 == f("/pages")["reads"]'
mappings mapped_pages 3 0

same mapped_parts "$GUESTS/mapped" parts
pages mapped_parts parts 27 2
mappings mapped_parts 2 0
"$ANALYZE" "$WORK/mapped_parts.bin" >"$WORK/parts.text" 2>/dev/null
has "- mapped_parts: the summary says it" "mapped files: 1, at most 27 pages (110592 bytes) written through memory, 2 of them hold zeros" "$WORK/parts.text"
check "- mapped_parts: and the file's row" grep -q "^  *at most 27 pages (110592 bytes) written through memory" "$WORK/parts.text"

# Beside a run that makes the same file by calls.
same mapped_calls dd if=/dev/zero of=parts bs=4096 count=27 status=none
"$ANALYZE" "$WORK/mapped_calls.bin" "$WORK/mapped_parts.bin" --output-dir "$WORK/mapped_beside" >"$WORK/beside.text" 2>/dev/null
has "- mapped_parts: beside calls, the cause says it" "in mapped_parts at most 27 pages through memory" "$WORK/beside.text"
has "- mapped_parts: beside calls, so does the finding" "at most 27 pages stored into, 2 of them hold zeros), mapped_calls does not" "$WORK/beside.text"

same mapped_moves "$GUESTS/mapped" moves
did mapped_moves "moved 1"
did mapped_moves "shrunk 1"
did mapped_moves "twin 1"
# Page 10 is read once through the twin, which may map around it what is there: pages 0 to 3, 7, 5 and 30 are stored into.
asks mapped_moves "pages of moves" '8 <= f("/moves")["touched_pages"] <= 31 and f("/moves")["touched_zero_pages"] >= 1'
mappings mapped_moves 1 0

same mapped_forks "$GUESTS/mapped" forks
did mapped_forks "children 10 11 12"
asks mapped_forks "the children's pages are among them" '6 <= f("/forks")["touched_pages"] <= 32'
mappings mapped_forks 1 0

same mapped_syncs "$GUESTS/mapped" syncs
did mapped_syncs "synced 0"
did mapped_syncs "advised 0"
pages mapped_syncs syncs 7 2
mappings mapped_syncs 1 0

same mapped_ends "$GUESTS/mapped" ends
did mapped_ends "cut 0"
pages mapped_ends ends 2 0
pages mapped_ends cut 1 0
mappings mapped_ends 2 0

same mapped_kinds "$GUESTS/mapped" kinds
did mapped_kinds "allowed 0"
pages mapped_kinds kinds 3 0
pages mapped_kinds looked 0 0
asks mapped_kinds "a file without a name" 'sum(x["touched_zero_pages"] == 4 == x["touched_pages"] for x in r["files"]) == 1'
mappings mapped_kinds 2 0

if [ -w /dev/shm ]; then
    same mapped_memory "$GUESTS/mapped" memory
    did mapped_memory "removed 0"
    asks mapped_memory "pages in memory" 'sum((x["touched_pages"], x["touched_zero_pages"]) == (10, 6) for x in r["files"]) == 1'
else # a chroot into which /dev was bound without what is mounted there
    skip 3 mapped_memory "nothing can be written in /dev/shm"
fi

same mapped_killed "$GUESTS/mapped" killed
did mapped_killed "signal 9"
pages mapped_killed killed 3 0
mappings mapped_killed 1 1
asks mapped_killed "it is said" 'any("could not be looked at" in w for w in r["warnings"])'

same mapped_threads "$GUESTS/mapped" threads
for i in 0 1 2 3; do pages mapped_threads thread$i 16 4; done
mappings mapped_threads 64 0

# Not looked at each time, and a bound all the same.
same mapped_windows "$GUESTS/mapped" windows
asks mapped_windows "pages of windows" 'f("/windows")["touched_pages"] == 64 == f("/windows")["touched_unseen_pages"]'
mappings mapped_windows 1000 0

same mapped_many "$GUESTS/mapped" many
asks mapped_many "pages of many" 'f("/many")["touched_pages"] == 64'
mappings mapped_many 520 8

same mapped_only "$GUESTS/mapped" only
did mapped_only "unmapped 0"
pages mapped_only only 15 12
mappings mapped_only 1 0

same mapped_filter "$GUESTS/mapped" filter
did mapped_filter "filter 0"
mappings mapped_filter 1 1

same mapped_full "$GUESTS/mapped" full
did mapped_full "unmapped 0"
mappings mapped_full 1 1

# Programs that do so: the linker writes its output through memory; a database maps its file and shares an index.
if command -v ld.gold >/dev/null; then
    prepare() {
        echo 'char data[300000] = {1}; int f(void) { return data[1]; }' | gcc -x c -c -fPIC -o a.o -
    }
    same mapped_gold ld.gold -shared --build-id=none -o out.so a.o
    asks mapped_gold "its output came through memory" 'f("/out.so")["writes"] == 0 and f("/out.so")["touched_pages"] >= 300000 // 4096 - 1 and f("/out.so")["touched_zero_pages"] >= 72'
    unset -f prepare
else
    skip 2 gold "no ld.gold"
fi
if command -v sqlite3 >/dev/null; then
    same mapped_sqlite sqlite3 base.db 'PRAGMA mmap_size=1000000; PRAGMA journal_mode=WAL; CREATE TABLE t(a); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<2000) INSERT INTO t SELECT hex(i) FROM n; SELECT count(*), sum(length(a)) FROM t; PRAGMA integrity_check;'
    did mapped_sqlite ok
    asks mapped_sqlite "its shared index is mapped" 'f("/base.db-shm")["touched_pages"] >= 1'
else
    skip 3 sqlite3 "no sqlite3"
fi
if command -v git >/dev/null; then
    prepare() {
        mkdir files
        for i in $(seq 60); do seq "$i" 300 >files/$i; done
    }
    export HOME=/nonexistent GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_DATE='@1000000000 +0000' GIT_COMMITTER_DATE='@1000000000 +0000'
    export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a
    same mapped_git sh -c 'git init -q && git add . && git commit -qm one && git -c pack.threads=1 repack -adq && git fsck && git log --stat | tail -1 && rm .git/index'
    did mapped_git " 60 files changed, 16230 insertions(+)"
    unset -f prepare
else
    skip 2 git "no git"
fi
finish
