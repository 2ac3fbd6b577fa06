#!/bin/bash
# --help and man page name the same options with the same values; one version in both programs, the pages and the library; and
# make help names what make can do.
. "$(dirname "$0")/../cli/lib.sh"
ROOT=$(cd "$HERE/../.." && pwd)
BUILD=$(cd "$(dirname "$ANALYZE")" && pwd)
DOCUMENTS=$HERE/documents.py

# same_options NAME HELP PAGE
same_options() {
    if "$DOCUMENTS" options "$2" "$3" >differ 2>&1; then
        ok "- $1"
    else
        sed 's/^/    /' differ
        not_ok "- $1"
    fi
}

# finds NAME LINE HELP PAGE: the comparison says it.
finds() {
    "$DOCUMENTS" options "$3" "$4" >differ 2>&1
    check "- the comparison finds $1" grep -qxF -- "$2" differ
}

VERSION=$(sed -n 's/^#define SC_VERSION_TEXT "\(.*\)"$/\1/p' "$ROOT/common/version.h")
check '- a version is there' [ -n "$VERSION" ]
for program in syscap-record syscap-analyze; do
    page=$ROOT/docs/$program.1
    "$BUILD/$program" --help >"$program.help" 2>err
    same_options "$program: --help and man page, both ways" "$program.help" "$page"
    check "- $program --version" [ "$("$BUILD/$program" --version)" = "$program $VERSION" ]
    check "- $program.1 carries the version" grep -qxF ".Os syscap $VERSION" "$BUILD/man/$program.1"
done
strings -a "$BUILD/libsyscap.so" >strings 2>/dev/null || tr -c '[:print:]' '\n' <"$BUILD/libsyscap.so" >strings
check '- the library carries the version' grep -qxF "libsyscap.so $VERSION" strings

# The comparison can fail, either way and by a value.
page=$ROOT/docs/syscap-record.1
grep -v -e '--stack' syscap-record.help >without
finds 'an option that --help lacks' '--stack is in the page and not in --help' without "$page"
sed 's/^\.It Fl -stack .*/.It Fl -stacks Ar N/' "$page" >renamed
finds 'one that the page lacks' '--stack is in --help and not in the page' syscap-record.help renamed
sed 's/ | full$//' "$page" >fewer
finds 'a value that the page lacks' "--mode takes ['auto', 'full', 'interpose'] in --help, ['auto', 'interpose'] in the page" \
    syscap-record.help fewer

make -s -C "$ROOT" help >help 2>err
sed -n 's/^  \([a-z][^ ]*\)  .*/\1/p' help | sort >listed
# FORCE is none; CALLS.md is a file.
sed -n 's/^\.PHONY: //p' "$ROOT/Makefile" "$ROOT"/tests/*/*.mk | tr ' ' '\n' | grep -vx FORCE | sort >phony
check '- make help lists each target' [ -z "$(comm -13 listed phony)" ]
check '- and no other' [ "$(comm -23 listed phony | tr '\n' ' ')" = 'compile_commands.json docs/CALLS.md ' ]

mkdir tree && cp -r "$ROOT"/{Makefile,common,shim,analyzer,tests,docs} tree/
make -s -C tree compile_commands.json >log 2>&1
if python3 - tree/compile_commands.json "$ROOT" >log 2>&1 <<'PYTHON'
import glob, json, sys
commands = json.load(open(sys.argv[1]))
files = {entry["file"] for entry in commands if entry["command"].endswith("-c " + entry["file"])}
wanted = {name[len(sys.argv[2]) + 1:] for room in ("common", "shim", "analyzer")
          for name in glob.glob("%s/%s/**/*.c" % (sys.argv[2], room), recursive=True)}
sys.exit(", ".join(sorted(wanted - files)) if wanted - files else None)
PYTHON
then ok '- compile_commands.json has each source'; else not_ok "- compile_commands.json has each source: $(tail -n 1 log)"; fi
finish
