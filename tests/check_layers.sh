#!/usr/bin/env bash
# Who may include whom: docs/ARCHITECTURE.md draws the layers, this holds the sources to it.
#
#   check_layers.sh [ROOT]       one line per violation; exit status 1 where there is one
#   check_layers.sh --self-test  proves on copies with one planted violation each that it can fail
set -u

# allowed FOLDER: the folders from which a file in FOLDER may include.
allowed() {
    local core='common shim/core' args model='common analyzer/model'
    args="$core shim/unwind shim/args"
    case $1 in
    common) echo common ;;
    shim/musl) echo shim/musl ;;
    shim) echo "$args shim/session shim/rewrite shim/wrap shim" ;;
    shim/core) echo "$core" ;;
    shim/unwind) echo "$core shim/unwind" ;;
    shim/args) echo "$args" ;;
    shim/session) echo "$args shim/session" ;;
    shim/rewrite) echo "$args shim/session shim/rewrite" ;;
    shim/static) echo "$args shim/session shim/rewrite shim/static" ;;
    shim/wrap) echo "$args shim/session shim/rewrite shim/wrap" ;;
    shim/launcher) echo common shim/launcher ;;
    analyzer/model) echo "$model" ;;
    analyzer/sources) echo "$model analyzer/sources" ;;
    analyzer/sources/*) echo "$model analyzer/sources $1" ;;
    analyzer/text) echo "$model analyzer/text" ;;
    analyzer/passes) echo "$model analyzer/text analyzer/passes" ;;
    analyzer/why) echo "$model analyzer/text analyzer/passes analyzer/why" ;;
    analyzer/baseline) echo "$model analyzer/why analyzer/baseline" ;;
    analyzer/render) echo "$model analyzer/render" ;;
    analyzer/render/*) echo "$model analyzer/render $1" ;;
    analyzer/export) echo "$model analyzer/text analyzer/passes analyzer/render analyzer/export" ;;
    analyzer/cli) echo "$model analyzer/sources analyzer/text analyzer/passes analyzer/why analyzer/baseline analyzer/render analyzer/export analyzer/cli" ;;
    esac
}

# The headers of libc that common/ may use: no streams, nothing that brings malloc.
common_headers=' elf.h errno.h limits.h stdbool.h stddef.h stdint.h string.h sys/stat.h '

# folder_of FROM NAME: the folder of the file that an include of NAME in a file of the folder FROM means.
folder_of() {
    local path=$1/$2
    # Besides the file's own folder the compiler is given common/ once, for the list of exported symbols.
    [ -e "$path" ] || path=common/$2
    while [[ $path =~ ^(.*/)?[^/.]+/\.\./(.*)$ ]]; do path=${BASH_REMATCH[1]}${BASH_REMATCH[2]}; done
    echo "${path%/*}"
}

check_include() { # FILE LINE-NUMBER TEXT
    local from to name
    from=${1%/*}
    if [[ $3 =~ \"([^\"]+)\" ]]; then
        name=${BASH_REMATCH[1]}
        to=$(folder_of "$from" "$name")
        case " $(allowed "$from") " in
        *" $to "*) return 0 ;;
        esac
    else
        [ "$from" = common ] || return 0
        [[ $3 =~ \<([^\>]+)\> ]]
        name=${BASH_REMATCH[1]}
        case $common_headers in
        *" $name "*) return 0 ;;
        esac
    fi
    echo "$1:$2: $from may not include $name"
    return 1
}

# The wall round the program's memory: shim/peek.[ch] alone look behind a pointer that the program gave us. Such pointers
# are numbers or the opaque sc_ptr, so that the compiler refuses all but a cast. In the files that meet them a cast to a
# pointer is one of a few, of things that are ours; the files in which casts are common never meet them.
without_pointers='shim/init shim/core/clock shim/core/libc_min shim/core/placement shim/core/ring shim/core/store shim/core/writer shim/core/writer_pool shim/session/late_modules shim/session/session_file
    shim/static/functions shim/static/functions_cancel shim/static/functions_go shim/static/functions_internal shim/static/functions_sort shim/static/host_static
    shim/static/load_program shim/static/start shim/static/start_data shim/static/static_program shim/static/thread_block
    shim/unwind/eh_frame shim/unwind/elf_symbols shim/unwind/frame_rule shim/unwind/depth_walk shim/unwind/frame_walk shim/unwind/spans shim/unwind/spans_refine shim/unwind/insn shim/unwind/modules shim/unwind/padding shim/unwind/unwind shim/wrap/next_symbol shim/wrap/real
    shim/rewrite/patch shim/rewrite/code_file shim/rewrite/plan_files shim/rewrite/rewrite shim/rewrite/site_cache shim/rewrite/site_calls shim/rewrite/site_stub shim/rewrite/site_find shim/rewrite/site_guard shim/rewrite/site_padding shim/rewrite/site_plan
    shim/rewrite/site_proof shim/rewrite/trampoline shim/rewrite/unpatch'
ours='writer->|area\b|chunk\b|stack\b|file\b|exe\b|argument\b|sc_host_auxiliary|sc_rewrite_caller|\(uintptr_t\)sc_own_entry|given;|entry;|regs\)\[-2\]|regs->after\b'
pointer_type='(const )?(struct |unsigned )?[a-z_][a-z_0-9]*( const)? \*+( ?const ?\*?)?'

check_wall() {
    local meets=() never=() file name failed=0
    for file in shim/*.[ch] shim/*/*.[ch]; do
        case $file in shim/launcher/* | shim/core/peek.?) continue ;; esac
        name=${file%.*}
        if [[ $name =~ ^(${without_pointers//[[:space:]]/|})$ ]]; then never+=("$file"); else meets+=("$file"); fi
    done
    if grep -n -H -E "\($pointer_type\) ?[a-zA-Z_(&*]" "${meets[@]}" | grep -v -E "\($pointer_type\) ?\(?&?($ours)|sizeof|\(\*[a-z]+\)\(|register void \(" |
        grep -v -E "\(const uint64_t \*\)given;|swapped = \(char \*\*\)sc_exec_environment|^[^:]*:[0-9]*: *(\*|/\*)"; then
        echo 'a cast that could lead behind a pointer of the program: that is for shim/core/peek.c'
        failed=1
    fi
    if grep -n -H -E '\bsc_ptr\b|\bargs\[[0-9a-z]+\]|regs->(args|r[a-ds189])' "${never[@]}"; then
        echo 'these files must not meet the pointers of the program'
        failed=1
    fi
    if grep -n -H -E 'SC_WRAPPER\(.*\*' shim/wrap/*.c | grep -v -E '\(\*(start|main)\)\('; then
        echo "a wrapper's pointers are sc_ptr"
        failed=1
    fi
    # An sc_ptr becomes a void * without a cast.
    if grep -l '\bsc_ptr\b' shim/*/*.c | xargs grep -n -H -E '\b(mem(cpy|move|set|cmp|chr|mem)|str[a-z]+|sc_copy)\(' |
        grep -v 'sc_copy(path, SHM_FOLDER, directory)'; then
        echo 'what copies or compares memory does not belong where the pointers of the program are'
        failed=1
    fi
    return "$failed"
}

# Who names a call by its number: the wrappers, each of which is one call's, and these. All else goes by the row: its word and
# the kinds of its arguments.
by_number=(
    shim/rewrite/dispatch.c                  # makes what can't be made as it stands: the forms of fork, exec and exit differ
    shim/rewrite/own_threads.h               # what concerns our own storage, threads and file in a statically linked program
    shim/static/own_threads.c                # depends on what exactly the call is: the base of GS, the stack for signals
    shim/static/own_answers.c                # likewise: which of its arguments says whether a link is followed
    shim/session/restrict.c                  # seccomp and prctl say the same in different arguments
    analyzer/passes/runtime.c                # knows the start of a language's runtime by the sequence of its calls
    analyzer/sources/strace/strace_startup.c # the same for the loader's and libc's
)

check_numbers() {
    local others
    others=$(grep -r -n -E '\<SC_NR_[a-z]' --include='*.[chS]' --include='*.def' common shim analyzer | grep -v '^shim/wrap/' |
        grep -v -F "$(printf '%s:\n' "${by_number[@]}")")
    [ -z "$others" ] && return 0
    printf '%s\ncalls by number: the row says what a call means (common/means.def) and what its arguments are\n' "$others"
    return 1
}

# What a file belongs to: x.h with x.c, and with its parts, x_internal.h and those x_part.c that have no header of their own.
unit_of() {
    local name=${1%.*} part
    name=${name%_internal}
    part=$name
    while [ ! -e "$name.h" ] && [[ $part = *_* && ${part##*_} != */* ]]; do
        part=${part%_*}
        [ ! -e "$part.h" ] || name=$part
    done
    echo "$name"
}

# "UNIT UNIT" for each include among the sources.
unit_includes() {
    local file name
    declare -A units
    while IFS=: read -r file name; do
        name=$(realpath -m --relative-to=. "${file%/*}/$name")
        [ "${units[$file]-}" ] || units[$file]=$(unit_of "$file")
        [ "${units[$name]-}" ] || units[$name]=$(unit_of "$name")
        [ "${units[$file]}" = "${units[$name]}" ] || echo "${units[$file]} ${units[$name]}"
    done < <(grep -r -o -E '^#include "[^"]+"' --include='*.[chS]' common shim analyzer | sed -E 's/#include "(.*)"/\1/')
}

check_circles() {
    local circle
    circle=$(unit_includes | tsort 2>&1 >/dev/null | sed -E 's/^tsort: -?(: )?//')
    [ -z "$circle" ] && return 0
    printf 'a circle of includes:\n%s\n' "$circle"
    return 1
}

check_names() {
    local twice
    twice=$(find common shim analyzer -name '*.[ch]' -printf '%f\n' | sort | uniq -d)
    [ -z "$twice" ] && return 0
    printf 'two files have one name: %s\n' "$twice"
    return 1
}

check_tree() {
    local failed=0 seen=0 file line text
    check_wall || failed=1
    check_numbers || failed=1
    check_circles || failed=1
    check_names || failed=1
    while IFS=: read -r file line text; do
        seen=$((seen + 1))
        check_include "$file" "$line" "$text" || failed=1
    done < <(find common shim analyzer -type f -name '*.[chS]' -o -type f -name '*.def' -o -type f -name '*.in' |
        LC_ALL=C sort | xargs grep -n -H -E '^[[:space:]]*#[[:space:]]*include')
    if grep -n -H -E '\<(malloc|calloc|realloc|free|printf|fprintf|snprintf)[[:space:]]*\(' common/*.[ch]; then
        echo 'common may not use malloc or stdio'
        failed=1
    fi
    if [ "$seen" -eq 0 ]; then
        echo 'no includes found: wrong folder?'
        failed=1
    fi
    return "$failed"
}

planted=0
missed=0
plant() { # FILE LINE [WORDS]: the check must fail on the sources with that line added, and say FILE or WORDS.
    local copy
    copy=$(mktemp -d) || exit 1
    cp -r common shim analyzer "$copy"
    printf '%s\n' "$2" >>"$copy/$1"
    planted=$((planted + 1))
    if (cd "$copy" && check_tree) | grep -qF "${3:-$1}"; then
        echo "ok - found in $1: $2"
    else
        echo "not ok - overlooked in $1: $2"
        missed=$((missed + 1))
    fi
    rm -rf "$copy"
}

self_test() {
    plant shim/core/planted.c '#include "../../analyzer/model/run.h"'
    plant shim/core/planted.c '#include "../args/fd_class.h"'
    plant shim/args/planted.c '#include "../session/process.h"'
    plant shim/session/planted.c '#include "../rewrite/patch.h"'
    plant shim/rewrite/planted.c '#include "../wrap/real.h"'
    plant shim/rewrite/planted.c '#include "../static/thread_block.h"'
    plant shim/static/planted.c '#include "../wrap/real.h"'
    plant shim/wrap/planted.c '#include "../launcher/launcher.h"'
    plant shim/launcher/planted.c '#include "../core/state.h"'
    plant analyzer/model/planted.c '#include "../../shim/core/state.h"'
    plant analyzer/model/planted.c '#include "../text/format.h"'
    plant analyzer/text/planted.c '#include "../passes/tally.h"'
    plant analyzer/passes/planted.c '#include "../why/findings.h"'
    plant analyzer/why/planted.c '#include "../cli/load.h"'
    plant analyzer/why/planted.c '#include "../baseline/baseline.h"'
    plant analyzer/baseline/planted.c '#include "../render/render.h"'
    plant analyzer/why/planted.c '#include "../sources/source.h"'
    plant analyzer/render/text/planted.c '  #  include "../../sources/source.h"'
    plant analyzer/render/text/planted.c '#include "../json/json_parts.h"'
    plant analyzer/sources/capture/planted.c '#include "../strace/strace_log.h"'
    plant common/planted.c '#include <stdio.h>'
    plant common/planted.c '#include "../shim/core/state.h"'
    plant common/planted.c 'void *p = malloc(1);'
    plant shim/args/planted.c 'int planted(const uint64_t *args) { return *(const int *)args[1]; }'
    plant shim/args/call_record.c 'static const char *text(uint64_t address) { return (const char *)address; }'
    plant shim/args/arg_memory.c '    const struct stat *st = (const struct stat *)pointer;'
    plant shim/wrap/wrap_open.c 'SC_WRAPPER(int, planted, const char *path)'
    plant shim/wrap/wrap_open.c 'static void planted(sc_ptr path, char *to) { memcpy(to, path, 8); }'
    plant shim/rewrite/dispatch.c '    status = *(int *)call->args[1];'
    plant shim/core/writer.c 'int planted(const uint64_t *args) { return args[1] != 0; }'
    plant shim/args/fd_class.h '#include "call_record.h"' 'a circle'
    plant analyzer/model/files_io.c 'static bool planted(unsigned nr) { return nr == SC_NR_splice; }'
    plant shim/rewrite/call_care.h 'static inline bool planted(unsigned nr) { return nr == SC_NR_mmap; }' 'calls by number'
    plant shim/args/patch.h '' 'two files have one name: patch.h'
    echo "$((planted - missed)) of $planted planted violations found"
    [ "$missed" -eq 0 ]
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd) || exit 2
case ${1-} in
--self-test) cd "$here/.." && self_test ;;
*) cd "${1:-$here/..}" && check_tree ;;
esac
