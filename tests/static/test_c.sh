#!/bin/bash
# Statically linked programs in C, by glibc and musl, at a place of their own or anywhere, with their symbols or without:
# recorded by syscap-record, each ends as without it, and each call is there that strace sees.
. "$(dirname "$0")/lib_static.sh"

for kind in static pie stripped musl; do
    if ! build $kind work || ! build $kind own_file || ! build $kind hard || ! build $kind cancel; then
        skip $([ $kind = stripped ] && echo 46 || echo 47) "- programs of the kind $kind" 'not to be had: a static libc, or musl-gcc (musl-tools)'
        continue
    fi

    alike own_file_$kind "$WORK/own_file_$kind" an argument
    beside_strace own_file_$kind ALL "$WORK/own_file_$kind" an argument
    alike own_file_$kind env -i A=1 LD_PRELOAD= Z= "$WORK/own_file_$kind" an argument
    did own_file_$kind 'environment of 19, ours in it 0'
    did own_file_$kind "leads to $WORK/own_file_$kind"
    did own_file_$kind 'vector as the kernel has it 1, entry 1, execfn '"$WORK/own_file_$kind"
    asks own_file_$kind 'the report says how it was recorded' 'full and r["coverage"]["static_programs"] == 1'
    asks own_file_$kind 'which program it was' 'any(p["program"] == "own_file_'$kind'" for p in r["coverage"]["programs"])'

    alike work_$kind "$WORK/work_$kind"
    did work_$kind 'threads 280'
    did work_$kind 'handled 200'
    did work_$kind 'vfork and exec of itself: 5'
    did work_$kind 'exec of a dynamic one, and back: 5'
    asks work_$kind 'nothing was missed' 'r["coverage"]["complete"] and r["coverage"]["write_calls_seen"] >= 4000'
    asks work_$kind 'each thread is there' 'r["threads"] >= 81 and f("/of_thread_3")["writes"] == 500'
    asks work_$kind 'each static program was loaded' 'r["coverage"]["static_programs"] == 5'
    beside_strace work_$kind 'write lseek kill tgkill vfork fork sigaltstack getpid' "$WORK/work_$kind"

    for case in filter null_call not_code handlers registers by_hand detached exec_by_thread mask itself base; do
        alike hard_${kind}_$case "$WORK/hard_$kind" $case
    done
    # glibc would unwind through us, which nobody can: such a program is left alone, as far as its symbols tell.
    alike cancel_$kind "$WORK/cancel_$kind"
    did cancel_$kind 'cleaned up'
    asks cancel_$kind 'it is recorded where that does no harm' \
        '(r["coverage"]["static_programs"] == 1) != any("not recorded: " in w for w in r["warnings"] + r["problems"])'
    did hard_${kind}_detached 'detached 500'
    did hard_${kind}_itself 'opened itself 1'
    asks hard_${kind}_exec_by_thread 'recorded on' 'c["set_tid_address"] == 2 and
        not any("not recorded" in w for w in r["warnings"] + r["problems"])'
    did hard_${kind}_null_call 'faulted'
    did hard_${kind}_registers 'changed 0'
    [ $kind = stripped ] || asks hard_${kind}_by_hand 'the thread made by hand' 'r["threads"] == 2 and c["getpid"] == 1'
    asks hard_${kind}_base 'that recording ended is said' 'any("GS register" in w for w in r["warnings"] + r["problems"])'
done

# A dynamic one makes its threads by clone3, too, whose arguments we may not ask for behind a filter.
cc -O1 -D_GNU_SOURCE -w -pthread -o hard_dynamic "$SOURCES/hard.c"
alike dynamic_filter "$WORK/hard_dynamic" filter
did dynamic_filter 'threads behind it'
finish
