#!/bin/bash
# Children, however they come about: unharmed, seeing the environment that they were given, and captured.
. "$(dirname "$0")/../lib.sh"
P=$GUESTS/processes
SHOW=$GUESTS/show_env

same fork "$P" fork
did fork "status 300"
asks fork "three processes" 'r["processes"] == 3'
asks fork "each one's writes" \
    '[f(n)["writes"] for n in ("/parent", "/child", "/grandchild", "/parent_after")] == [3, 5, 7, 4]'
asks fork "how the child ended is told" '[x["end"]["code"] for x in r["failed_children"]] in ([3, 4], [4, 3])'
asks fork "the root's own end" 'r["end"]["kind"] == "exited" and r["end"]["code"] == 0'

same thread "$P" thread
did thread "status 0"
asks thread "fork in a thread" '[f(n)["writes"] for n in ("/parent", "/thread", "/child", "/parent_after")] == [3, 2, 5, 4]'
asks thread "two processes, three threads" 'r["processes"] == 2 and r["threads"] == 3'

# The child's environment is the guest's own or empty: nothing may come to it, and it is captured all the same.
for how in fork_execve_own fork_execve_empty fork_execve_null vfork spawn exec execl fexecve; do
    same $how "$P" $how "$SHOW"
    asks $how "what was started is captured" 'f("/environ")["opens"] == 1 and f("/environ")["reads"] == 1'
    asks $how "the parent too" 'f("/parent")["writes"] == 3'
done
did fork_execve_own "environ FIRST=1"
did fork_execve_own "entries 2"
did fork_execve_empty "entries 0"
did vfork "status 0"
did spawn "posix_spawn 0"
did exec "environ SECOND=two words"
for how in fork_execve_own vfork spawn; do
    asks $how "two processes" 'r["processes"] == 2 and f("/parent_after")["writes"] == 4'
done
asks exec "one process, its program replaced" 'r["processes"] == 1 and r["end"]["kind"] == "exited"'

# With the caller's environment.
export PATH=$GUESTS:$PATH
for how in fork_exec spawnp system popen execlp; do
    same $how "$P" $how "$GUESTS/exits"
    asks $how "what was started is captured" 'f("/written")["writes"] == 10 and f("/parent")["writes"] == 3'
done
did system "system 0"
did popen "atexit"

for how in vfork_exit vfork_fails spawn_fails; do
    same $how "$P" $how "$SHOW"
    asks $how "the parent goes on being captured" 'f("/parent_after")["writes"] == 4 and r["end"]["kind"] == "exited"'
done
did vfork_exit "status 900"
did vfork_fails "status b00"
did spawn_fails "posix_spawn 2"

prepare() {
    printf '#!/bin/sh\necho "script $*"\nenv\n%s\nexec %s\n' "$GUESTS/writers" "$SHOW" >script
    chmod +x script
    printf 'echo "no interpreter line"\n' >bare
    chmod +x bare
}
same script "$P" exec ./script
did script "script an argument"
asks script "what the script starts is captured" 'f("/written")["writes"] == 200 and f("/environ")["opens"] == 1'
same bare "$P" system ./bare
did bare "no interpreter line"
same bare_exec "$P" fork_exec ./bare
unset -f prepare

# A static program can't load us: ld.so must find nothing to complain about, the program nothing of ours. In full mode our
# loader puts it in its place.
for how in exec fork_execve_own fork_execve_empty vfork spawn; do
    same static_$how "$P" $how "$SHOW"_static
    asks static_$how "the parent is captured" 'f("/parent")["writes"] == 3'
    asks static_$how "the program is seen, or it is said that it was not" \
        'r["coverage"]["static_programs"] >= 1 if full else any("static" in w for w in r["warnings"] + r["problems"])'
done
did static_exec "environ FIRST=1"
traced "$WORK/s.bin" "$P" system "$SHOW"_static >out 2>err
check "- static with the caller's environment: no entry of ours" grep -q '^environ ' out
# Recorded, it sees what the user has put there, in environ and in /proc; else nothing.
[ "$SYSCAP_MODE" = full ] && seen=2 || seen=0
check "- static with the caller's environment: LD_PRELOAD" [ "$(grep -c "LD_PRELOAD=.*libsyscap" out)" -eq $seen ]
check "- static with the caller's environment: no complaint" [ ! -s err ]

# ignore: children run on, unseen and unharmed.
SYSCAP_CHILDREN=ignore traced "$WORK/ignore.bin" "$P" fork >out 2>err
check "- ignore: output" grep -qx "status 300" out
asks ignore "only the root" 'r["processes"] == 1 and f("/parent_after")["writes"] == 4 and
    not [x for x in r["files"] if x["path"].endswith("/child")]'
finish
