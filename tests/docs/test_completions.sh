#!/bin/bash
# What the shells complete is what --help says, and what it completes is so.
. "$(dirname "$0")/../cli/lib.sh"
ROOT=$(cd "$HERE/../.." && pwd)
BUILD=$(cd "$(dirname "$ANALYZE")" && pwd)
ROOM=$ROOT/completions

for program in syscap-record syscap-analyze; do
    "$BUILD/$program" --help >$program.help
    for shell in bash zsh fish; do
        "$ROOM/make.py" $shell $program $program.help >made 2>err
        check "- $program.$shell is as --help has it (else: make completions)" cmp -s made "$ROOM/$program.$shell"
        # Every option that the page's own test finds in --help is there.
        missing=$(grep -oE '(^|[ [])--[a-z][a-z-]*' $program.help | tr -d ' [' | sort -u | while read -r name; do
            case $shell in fish) grep -qE -- "-l ${name#--}( |\$)" made ;; *) grep -qF -- "$name" made ;; esac || echo "$name"
        done)
        check "- $program.$shell has each option: $missing" [ -z "$missing" ]
        if command -v $shell >/dev/null; then
            check "- $program.$shell can be read" $shell -n "$ROOM/$program.$shell"
        else
            echo "skip 1 - $program.$shell can be read (no $shell)"
        fi
    done
    check "- $program -V is --version" [ "$("$BUILD/$program" -V)" = "$("$BUILD/$program" --version)" ]
done
sed 's/--stack N/--stacks N/' syscap-record.help >changed
"$ROOM/make.py" bash syscap-record changed >made
check '- an option that changed is found' [ "$(cmp -s made "$ROOM/syscap-record.bash"; echo $?)" = 1 ]

# completed NAME WANTED PROGRAM WORD...: what bash offers for the last word, in order, with blanks between.
completed() {
    local name=$1 want=$2 got
    got=$(bash --norc -c '. "$1"; shift
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); "_${1//-/_}"; printf "%s\n" "${COMPREPLY[@]}"' bash "$ROOM/$3.bash" "${@:3}" 2>err |
        sort | paste -sd' ')
    if [ "$got" = "$want" ]; then ok "- $name"; else not_ok "- $name: $got"; fi
}
mkdir 'a folder' && touch 'a run.bin' 'b.bin'
completed 'an option' '--format' syscap-analyze --form
completed 'its values' 'json text' syscap-analyze --format ''
completed 'a value that has begun' 'json' syscap-analyze --format j
completed 'a value behind its sign' 'json text' syscap-analyze --format =
completed 'a value begun behind its sign' 'text' syscap-analyze --format = te
completed 'runs, with blanks in their names' 'a folder a run.bin' syscap-analyze a
completed 'folders' 'a folder' syscap-analyze --batch a
completed 'no values for a number' '' syscap-analyze --top ''
completed 'options of the recorder' '--max-size --mode' syscap-record --m
completed 'values of the recorder' 'full' syscap-record --mode f
completed 'a file behind -o' 'b.bin' syscap-record -o b
printf '#!/bin/sh\n' >program_of_ours && chmod +x program_of_ours
PATH=$PWD:$PATH completed 'a program' 'program_of_ours' syscap-record -o b.bin --mode full program_of
PATH=$PWD:$PATH completed 'a program behind --' 'program_of_ours' syscap-record -- program_of
completed 'files of the program' 'b.bin' syscap-record -o x true b
completed 'no options of ours for the program' '' syscap-record true --mo

make -s -C "$ROOT" install BUILD="$BUILD" DESTDIR="$WORK/root" PREFIX=/usr >log 2>&1
for file in bash-completion/completions/syscap-record zsh/site-functions/_syscap-analyze fish/vendor_completions.d/syscap-record.fish; do
    check "- $file is installed" [ -s "root/usr/share/$file" ]
done
make -s -C "$ROOT" uninstall BUILD="$BUILD" DESTDIR="$WORK/root" PREFIX=/usr >log 2>&1
check '- and taken away' [ -z "$(find root -type f)" ]
finish
