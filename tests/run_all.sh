#!/bin/bash
# What ./run.sh test-all does after ./run.sh test: what takes long, or needs more tools. docs/TESTING.md holds the results.
#
#   tests/run_all.sh                 all steps
#   tests/run_all.sh STEP...         of: checks sanitizers fuzz long outside parity chroots
#   FUZZ_SECONDS                     for each reader (60)
#   RELEASES                         Debian's releases to try in a chroot ("bookworm trixie"); made by debootstrap, as root
#   CHROOTS                          where those are made (/var/tmp)
#   RESULTS                          the table of groups that run_tests.sh left there, printed with this one
#   DEBIAN_MIRROR                    where debootstrap finds them (its own default)
#
# Prints a table of steps with result and seconds; exit status 1 where one failed.
set -u
ROOT=$(cd "$(dirname "$0")/.." && pwd)
cd "$ROOT" || exit 1
STEPS='checks sanitizers fuzz long outside parity chroots'
RELEASES=${RELEASES-bookworm trixie}
CHROOTS=${CHROOTS:-/var/tmp}
export FUZZ_SECONDS=${FUZZ_SECONDS:-60}
export JUDGES=required # no test is skipped for want of Chromium or npm's packages
LOGS=$ROOT/build/test-all
TABLE=
failed=0
mkdir -p "$LOGS" || exit 1

say() {
    printf '%s\n' "$*"
}

note() { # NAME RESULT SECONDS [LOG]: with the numbers of tests that the log has
    local counts=
    [ -z "${4-}" ] || counts=$(awk '/^ok( |$)/ { ok++ } /^not ok( |$)/ { bad++ } /^skip/ { skip += ($2 ~ /^[0-9]+$/) ? $2 : 1 }
        END { if (ok + bad + skip) printf "  %d passed, %d failed, %d skipped", ok, bad, skip }' "$4")
    TABLE+="$(printf '%-34s %-8s %6d s%s' "$1" "$2" "$3" "$counts")"$'\n'
}

# run NAME COMMAND...: the output goes into a log, whose end is shown where it fails.
run() {
    local name=$1 began=$SECONDS log result=passed
    shift
    log=$LOGS/$(printf '%s' "$name" | tr -c 'a-z0-9-' _).log
    printf '%s ... ' "$name"
    if ! "$@" >"$log" 2>&1 </dev/null || grep -q '^not ok' "$log"; then
        result=FAILED failed=1
    elif grep -q '^skip' "$log" && ! grep -q '^ok' "$log"; then
        result=skipped
    fi
    say "$result ($((SECONDS - began)) s)"
    [ $result = passed ] || { grep -E '^(not ok|skip|FAILED)' "$log"; [ $result = skipped ] || tail -n 40 "$log"; } | sed 's/^/    /'
    note "$name" $result $((SECONDS - began)) "$log"
}

skip() { # NAME WHY
    say "$1: skipped ($2)"
    note "$1" skipped 0
}

# The library itself runs inside other programs and stays as it is; Criterion leaks, and a test asks for too much memory.
sanitized() { # SAN GROUPS...
    local san=$1
    shift
    SAN=$san ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1 TSAN_OPTIONS=halt_on_error=1 tests/run_tests.sh "$@" >"$LOGS/tests-$san" 2>&1
    cat "$LOGS/tests-$san"
    ! grep -Eq ' [1-9][0-9]* failed|does not build|ERROR: |runtime error' "$LOGS/tests-$san"
}

step_checks() {
    run 'layers, and that it can fail' tests/check_layers.sh --self-test
    run 'format' make -s format-check # which fails where the tool is missing, unless it is told to skip
    run 'tidy' make -s tidy
}

step_sanitizers() {
    run 'asan and ubsan' sanitized asan-ubsan unit harness cli strace
    run 'tsan' sanitized tsan harness cli
}

step_fuzz() {
    if command -v clang >/dev/null && make -s -j2 fuzz-build >"$LOGS/fuzz-build" 2>&1; then
        run "fuzzing, $FUZZ_SECONDS s each" make -s fuzz
    else
        skip fuzzing 'clang or its runtime is not there: clang, libclang-rt-14-dev'
    fi
}

step_long() {
    local script
    for script in tests/long/*.sh; do
        run "${script#tests/}" "$script"
    done
}

step_outside() {
    local script any=
    export OUTSIDE=long
    for script in tests/outside/*.sh; do
        case $script in */lib*.sh) continue ;; esac
        [ -x "$script" ] || continue
        any=1
        run "${script#tests/}" "$script"
    done
    [ -n "$any" ] || skip outside 'no scripts in tests/outside'
}

step_parity() {
    if [ -x tests/parity/run.sh ]; then run 'parity, all programs' tests/parity/run.sh all; else skip parity 'not there'; fi
}

# Nothing is removed below a mount.
leave_chroot() { # FOLDER
    local mount
    for mount in dev/pts dev/shm dev proc; do
        ! mountpoint -q "$1/$mount" || umount "$1/$mount" || umount -l "$1/$mount"
    done
    if grep -q " $1/" /proc/mounts; then
        say "$1: something is still mounted in it; left as it is"
        return 1
    fi
}

in_chroot() { # RELEASE
    local folder status=0
    folder=$(mktemp -d "$CHROOTS/syscap-$1-XXXXXX") || return 1
    chmod 755 "$folder" # it becomes /, where others than root have to come by
    # shellcheck disable=SC2064 # this folder
    trap "leave_chroot '$folder'; exit 1" HUP INT TERM
    debootstrap --variant=minbase "$1" "$folder" ${DEBIAN_MIRROR:+"$DEBIAN_MIRROR"} || return 1
    cp -L /etc/resolv.conf "$folder/etc/" 2>/dev/null
    cp /etc/apt/apt.conf.d/*proxy* "$folder/etc/apt/apt.conf.d/" 2>/dev/null
    git clone -q "$ROOT" "$folder/root/syscap" && git clone -q "$ROOT" "$folder/home/syscap" || return 1
    mount -t proc proc "$folder/proc" && mount --bind /dev "$folder/dev" || status=1
    if [ $status -eq 0 ]; then
        chroot "$folder" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
            bash -c 'cd /root/syscap && ./run.sh && ./run.sh test' || status=1
        # An ordinary user, who finds installed what root has installed.
        chroot "$folder" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin bash -c 'useradd -d /home/syscap tester &&
            cd /home/syscap && chown -R tester . && su tester -c "./run.sh && ./run.sh test"' || status=1
    fi
    leave_chroot "$folder" && rm -rf --one-file-system "$folder"
    trap - HUP INT TERM
    return $status
}

# What a job in the background said, and how it ended.
ended() { # PID OUTPUT
    local status
    wait "$1"
    status=$?
    cat "$2"
    return $status
}

# The releases side by side: each waits half of the time.
step_chroots() {
    local release why=
    declare -A jobs=()
    [ "$(id -u)" -eq 0 ] || why='needs root'
    command -v debootstrap >/dev/null || why='no debootstrap'
    for release in $RELEASES; do
        [ -n "$why" ] || { in_chroot "$release" >"$LOGS/$release" 2>&1 </dev/null & }
        jobs[$release]=${!-}
    done
    for release in $RELEASES; do
        if [ -n "$why" ]; then
            skip "chroot of $release" "$why"
        else
            run "chroot of $release" ended "${jobs[$release]}" "$LOGS/$release"
        fi
    done
}

[ $# -gt 0 ] || set -- $STEPS
for step; do
    case " $STEPS " in
    *" $step "*) ;;
    *)
        say "unknown step: $step (of: $STEPS)" >&2
        exit 2
        ;;
    esac
done

# The programs of others take half an hour, much of it waiting: beside the other steps, on a second core.
begin_beside() {
    (
        TABLE= failed=0
        step_outside
        printf '%s' "$TABLE" >"$LOGS/outside-table"
        exit $failed
    ) >"$LOGS/outside-said" 2>&1 </dev/null &
    beside=$!
}

end_beside() {
    [ -n "$beside" ] || return 0
    wait "$beside" || failed=1
    cat "$LOGS/outside-said"
    TABLE+=$(cat "$LOGS/outside-table")$'\n'
    beside=
}

beside=
case " $* " in *' outside '*) begin_beside ;; esac
for step; do
    [ "$step" != chroots ] || end_beside
    [ "$step" = outside ] || "step_$step"
done
end_beside
say
say "commit $(git rev-parse --short HEAD 2>/dev/null || echo unknown)$(git diff --quiet HEAD 2>/dev/null || echo ', changed since'), $(date +%Y-%m-%d)"
[ -z "${RESULTS-}" ] || [ ! -e "$RESULTS" ] || cat "$RESULTS"
printf '%s' "$TABLE"
exit $failed
