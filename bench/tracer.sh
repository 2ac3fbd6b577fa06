#!/usr/bin/env bash
# tracer.sh TOOL OUTPUT LIBRARY COMMAND...: the command under a tracer that takes more than words before it.
#   bpftrace   counts the command's calls by number, as its syscount does (root)
#   lttng      a session of LTTng-UST around it; LIBRARY (minimal.c with LTTNG) hands it each call
tool=$1 output=$2 library=$3
shift 3
case $tool in
bpftrace)
    exec bpftrace -q -o "$output" -c "$*" -e 'tracepoint:raw_syscalls:sys_enter /pid == cpid/ { @[args->id] = count(); }'
    ;;
lttng)
    name=bench$$
    rm -rf "$output"
    { lttng create $name --output="$output" && lttng enable-event -s $name -u bench:call && lttng start $name; } \
        >/dev/null 2>&1 || exit 1
    LD_PRELOAD=$library "$@"
    status=$?
    { lttng stop $name && lttng destroy $name; } >/dev/null 2>&1
    exit $status
    ;;
esac
