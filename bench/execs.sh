#!/bin/bash
# Programs that mostly start others: time passed, the least of ROUNDS (3), bare, recorded in both modes and under strace.
# Prints a table for docs/BENCHMARKS.md. Needs git, gcc, make, strace; autoconf for the configure script.
set -eu
ROOT=$(cd "$(dirname "$0")/.." && pwd)
BUILD=${BUILD:-$ROOT/build}
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
cd "$WORK"
export HOME=$WORK SYSCAP_CACHE=$WORK/cache GIT_CONFIG_NOSYSTEM=1 GIT_PAGER=cat
git config --global user.name bench && git config --global user.email bench@localhost

commands() { # 1000 of them
    for i in $(seq 100); do echo 'true_ls=$(/bin/ls); /bin/true; /bin/cat /dev/null; /bin/echo >/dev/null; /bin/date >/dev/null
/usr/bin/id >/dev/null; /bin/uname >/dev/null; /usr/bin/basename a/b >/dev/null; /usr/bin/wc /dev/null >/dev/null; /usr/bin/head /dev/null'; done
}
commands >thousand.sh
mkdir sources && for i in $(seq 200); do echo "int f$i(int a) { return a + $i; }" >sources/f$i.c; done
printf 'objects = $(patsubst %%.c,%%.o,$(wildcard *.c))\nall: $(objects)\nclean:\n\trm -f $(objects)\n' >sources/Makefile
mkdir history && (
    cd history && git init -q && git checkout -q -b work && echo 0 >file && git add file && git commit -q -m 0
    git branch base && for i in $(seq 50); do echo $i >part$i; git add part$i; git commit -q -m $i; done
    git checkout -q base && echo other >other && git add other && git commit -q -m other && git checkout -q work && git tag start
)
what='thousand make rebase'
if command -v autoconf >/dev/null; then
    mkdir configure && cat >configure/configure.ac <<'AC'
AC_INIT([bench], [1])
AC_PROG_CC
AC_CHECK_HEADERS([fcntl.h sys/uio.h sys/mman.h poll.h sys/epoll.h linux/io_uring.h sys/stat.h sys/wait.h pthread.h nosuch.h])
AC_CHECK_FUNCS([pread preadv2 openat2 statx copy_file_range splice nosuch memfd_create getrandom close_range])
AC_CHECK_SIZEOF([off_t])
AC_CONFIG_FILES([out])
AC_OUTPUT
AC
    (cd configure && echo @CC@ >out.in && autoconf)
    what="$what configure"
fi

run() { # WHAT TOOL...
    local what=$1
    shift
    case $what in
    thousand) "$@" sh "$WORK/thousand.sh" ;;
    make) (cd sources && "$@" make -s -j2) ;;
    rebase) (cd history && "$@" git rebase -q base) ;;
    configure) (cd configure && "$@" ./configure) ;;
    esac >/dev/null 2>&1
}
again() { # WHAT: as it was
    case $1 in
    make) make -s -C sources clean ;;
    rebase) (cd history && { git rebase --abort 2>/dev/null || :; } && git checkout -q work && git reset -q --hard start) ;;
    configure) (cd configure && rm -f config.* out) ;;
    esac
}

declare -A least=()
for round in $(seq "${ROUNDS:-3}"); do
    for w in $what; do
        for how in bare interpose full strace seccomp; do
            again $w
            case $how in
            bare) tool=() ;;
            strace) tool=(strace -f -o "$WORK/log") ;;
            seccomp) tool=(strace -f --seccomp-bpf -e trace=file,desc,process -o "$WORK/log") ;;
            *) tool=("$BUILD/syscap-record" -q --mode $how -o "$WORK/capture.bin") ;;
            esac
            began=$(date +%s%N)
            run $w ${tool[@]+"${tool[@]}"} || echo "$w under $how: status $?" >&2
            took=$((($(date +%s%N) - began) / 1000))
            key=$w-$how
            [ -n "${least[$key]-}" ] && [ "${least[$key]}" -le $took ] || least[$key]=$took
        done
    done
done
echo '| program | bare, s | interpose | full | strace -f | strace -f --seccomp-bpf |'
echo '| --- | ---: | ---: | ---: | ---: | ---: |'
for w in $what; do
    case $w in
    thousand) name='sh, 1000 commands' ;;
    make) name='make -j2, 200 files' ;;
    rebase) name='git rebase, 50 commits' ;;
    configure) name='configure' ;;
    esac
    awk -v n="$name" -v b="${least[$w-bare]}" -v i="${least[$w-interpose]}" -v f="${least[$w-full]}" -v s="${least[$w-strace]}" -v c="${least[$w-seccomp]}" \
        'BEGIN { printf "| %s | %.2f | %.2f (x %.2f) | %.2f (x %.2f) | %.2f (x %.2f) | %.2f (x %.2f) |\n", n, b / 1e6, i / 1e6, i / b, f / 1e6, f / b, s / 1e6, s / b, c / 1e6, c / b }'
done
