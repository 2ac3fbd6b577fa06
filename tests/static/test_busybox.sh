#!/bin/bash
# busybox, statically linked, as a whole shell: its applets by its own name and through /proc/self/exe, scripts with it for
# an interpreter, and dynamic programs in between.
. "$(dirname "$0")/lib_static.sh"
BUSYBOX=$(type -P busybox)
if [ -z "$BUSYBOX" ] || readelf -lW "$BUSYBOX" | grep -q INTERP; then
    skip 30 '- busybox' 'no static one (busybox-static)'
    finish
fi
printf '#!%s sh\necho "$0 $*"\ncat /proc/self/comm\n' "$BUSYBOX" >script.sh
printf '#!%s/script.sh\n' "$WORK" >script_of_script.sh
printf '#! %s  awk  -f  \nBEGIN { print "by awk", ARGC }\n' "$BUSYBOX" >with_argument.awk
chmod +x script.sh script_of_script.sh with_argument.awk

# shell NAME TEXT: as a script of busybox, which is the root, and below a dynamic shell.
shell() {
    alike "$1" "$BUSYBOX" sh -c "$2"
    beside_strace "$1" ALL "$BUSYBOX" sh -c "$2"
    alike "$1_below" /bin/sh -c 'exec "$0" sh -c "$1"' "$BUSYBOX" "$2"
    asks "$1_below" 'all of it is there' 'r["coverage"]["complete"] and r["coverage"]["static_programs"] >= 1'
}
shell applets 'for i in 1 2 3; do echo "line $i" | cat >>f; done; wc -l <f; sort -r f | head -n 1; mkdir -p a/b; mv f a/b; find a; rm -r a'
shell itself 'readlink /proc/self/exe; exec busybox sh -c "echo again; busybox readlink /proc/self/exe"'
shell script "$WORK/script.sh one two; $WORK/with_argument.awk x y"
did script "$WORK/script.sh one two"

alike back_and_forth "$BUSYBOX" sh -c '/bin/sh -c "busybox echo one; /bin/echo two" | busybox cat; /bin/echo three'
did back_and_forth 'two'
asks back_and_forth 'what the dynamic ones did, and the static ones below them' \
    'r["coverage"]["complete"] and r["coverage"]["static_programs"] == 3 and r["writes"]["data"] >= 4'
# The children of a program whose children are not followed find it under its name in /proc, too.
SYSCAP_CHILDREN=ignore alike ignored "$BUSYBOX" sh -c 'busybox echo one; busybox readlink /proc/self/exe; /bin/echo two'
did ignored 'one'
asks ignored 'only the root' 'r["processes"] == 1 and r["coverage"]["static_programs"] == 1'
# Of a script whose interpreter is a script nobody but the kernel is started: it is left alone.
alike script_of_script /bin/sh -c "$WORK/script_of_script.sh; true"
asks script_of_script 'that it was not recorded is said' 'any("statically linked" in w for w in r["warnings"] + r["problems"])'
finish
