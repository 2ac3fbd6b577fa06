#!/bin/bash
# Judges syscap-analyze A B by pairs whose reason for differing was written down before: *.def beside this, see README.md.
# One line a pair. SHOW=1 with names shows what the analyzer printed of those; names alone run only those.
# shellcheck disable=SC2034 # what is of one side is read by name, through declare -n
. "$(dirname "$0")/../cli/lib.sh"
BUILD=$(cd "${BUILD:-$HERE/../../build}" && pwd) || exit 1
SHOW=${SHOW-}
LINES_READ=50
ENTRIES_READ=3
unset LD_PRELOAD SYSCAP_OUTPUT SYSCAP_CHILDREN SYSCAP_STACK SYSCAP_MAX_SIZE SYSCAP_KEEP SYSCAP_ENV SYSCAP_TRACE SYSCAP_PATHS SYSCAP_MODE INIT "${!PYTHON@}" "${!GIT_@}"
[ -z "${TEST_MODE-}" ] || export SYSCAP_MODE=$TEST_MODE

# Nothing but what the system has, so that a wrapper script of somebody's is not what is compared. Without symbols, so
# that no name within a guest can be what a reason is matched with.
mkdir "$WORK/bin" "$WORK/home"
export PATH=$WORK/bin:/usr/bin:/bin HOME=$WORK/home TMPDIR=$WORK/tmp GIT_CONFIG_NOSYSTEM=1
if ! "${CC:-cc}" -std=gnu11 -D_GNU_SOURCE= -O1 -s -Wall -Wextra -Werror -o "$WORK/bin/guests" "$HERE"/*.c -pthread; then
    not_ok "- the guests build"
    finish
fi

# In a folder of the same name for both, made afresh. What the programs print is not looked at: a status is.
record() { # a|b
    local status command env make
    declare -n command=$1 env=${1}_env make=make_$1
    rm -rf "$WORK/run" "$WORK/tmp"
    mkdir "$WORK/run" "$WORK/tmp"
    cd "$WORK/run" || exit 1
    status=1
    if eval "$make_both" && eval "$make"; then
        eval "env $env timeout 60 '$BUILD/syscap-record' -o '$WORK/$1.bin' -- $command"
        status=$?
    fi >"$WORK/said" 2>&1 </dev/null
    cd "$WORK" || exit 1
    [ "$status" -eq 0 ] || tail -n 3 said | sed "s/^/    $1: /"
    return "$status"
}

# The first entries of the section whose title begins so: their own lines, without what stands below them in detail.
entries() { # TITLE INDENT
    sed -n "/^## $1/,/^\$/p" first | sed 1d | grep -vE "^$2( |\$)|^none\$|^$2.* (makes|make) .* calls|First suspect:|runtime:" |
        sed -n "s/^$2//p" | head -n "$ENTRIES_READ"
}

# What is expected is found; the first that is not is said. An entry that names one file of hundreds does not tell why:
# where the pair says how many calls it is about, some entry that fits must be about as many.
matches() {
    local wanted
    while IFS= read -r wanted; do
        grep -E -- "$wanted" entries >fits || [ -z "$wanted" ] || { echo "expected: $wanted"; return 1; }
        [ -z "$calls" ] || grep -oE '[0-9]+ (of the|calls)' fits | awk -v least="$calls" '
            $1 >= least { found = 1 } END { exit !found }' || { echo "expected of at least $calls calls: $wanted"; return 1; }
    done <<<"${shows%$'\n'}"
    if [ -n "$never" ] && grep -qE -- "$never" entries; then
        echo "not expected: $never"
        return 1
    fi
    [ -z "$given" ] || grep 'First suspect:' first | grep -qE -- "$given" || { echo "expected as first suspect: $given"; return 1; }
    [ -z "$near" ] || awk -v limit="$near" '/total syscalls:/ { n[++k] = $NF }
        END { d = n[1] - n[2]; if (d < 0) d = -d; exit !(k == 2 && d * 100 <= limit * n[2]) }' first ||
        { echo "more than $near % apart"; return 1; }
}

judge() {
    local program problem
    for program in $needs; do
        command -v "$program" >/dev/null && continue
        echo "skip 1 - $name (no $program)"
        return
    done
    if [ -n "$later" ] && [ -z "$only" ]; then
        echo "skip 1 - $name (later: $later)"
        return
    fi
    if ! record a || ! record b; then
        not_ok "- $name: both ways do their job"
        return
    fi
    rm -rf d
    "$ANALYZE" a.bin b.bin --output-dir d 2>err </dev/null | head -n "$LINES_READ" >first
    { entries 'Where the difference' '  '; entries Findings ''; } >entries
    if problem=$(matches); then
        ok "- $name"
    else
        not_ok "- $name: $problem"
        sed 's/^ */    first: /' entries | cut -c1-200
    fi
    [ -z "$SHOW" ] || sed 's/^/    | /' first
}

# A pair ends at an empty line.
begin() {
    name='' why='' needs='' make_both=: make_a=: make_b=: a='' b='' a_env='' b_env='' shows='' given='' near='' calls='' never='' later=''
}

end() {
    [ -n "$name" ] || return
    if [ -z "$why" ] || [ -z "$a" ] || [ -z "$b" ] || [ -z "$shows$given$near" ]; then
        not_ok "- $name: has a why, two commands and what is expected"
    elif [ -z "$only" ] || [[ " $only " == *" $name "* ]]; then
        judge
    fi
    begin
}

only=$*
begin
while IFS= read -r line; do
    value=${line#*: }
    case $line in
    '#'*) ;;
    '') end ;;
    'name: '*) name=$value ;;
    'why: '*) why=$value ;;
    'needs: '*) needs=$value ;;
    'make: '*) make_both=$value ;;
    'make-a: '*) make_a=$value ;;
    'make-b: '*) make_b=$value ;;
    'env-a: '*) a_env=$value ;;
    'env-b: '*) b_env=$value ;;
    'a: '*) a=$value ;;
    'b: '*) b=$value ;;
    'shows: '*) shows=$shows$value$'\n' ;;
    'given: '*) given=$value ;;
    'near: '*) near=$value ;;
    'calls: '*) calls=$value ;;
    'never: '*) never=$value ;;
    'later: '*) later=$value ;;
    *) not_ok "- a line that says nothing: $line" ;;
    esac
done < <(for table in "$HERE"/programs.def "$HERE"/guests.def; do cat "$table" && echo; done)
finish
