#!/bin/sh
# Puts the packages of package-lock.json, software that is not ours and reads what we export, into build/npm. Where they can't
# be had it says why in one line and ends with 1. Nothing is done where they are there already.
#
#   tests/npm/install.sh            ./run.sh test calls it
#   tests/npm/install.sh check      installs nothing, only says whether they are there
set -u
HERE=$(cd "$(dirname "$0")" && pwd) || exit 1
FOLDER=$HERE/../../build/npm
NODE=18    # what playwright-core and speedscope need
LIMIT=60   # seconds, where no registry answers

no() {
    echo "$1"
    exit 1
}

command -v node >/dev/null || no "no node"
[ "$(node -p 'parseInt(process.versions.node)')" -ge $NODE ] || no "node is $(node --version), $NODE is needed"
! cmp -s "$HERE/package-lock.json" "$FOLDER/installed" || exit 0
command -v npm >/dev/null || no "no npm"
if [ "${1-}" = check ]; then
    [ -s "$FOLDER/why" ] && no "$(cat "$FOLDER/why")"
    no "tests/npm/install.sh has not run"
fi
rm -rf "$FOLDER"
mkdir -p "$FOLDER" && cp "$HERE/package.json" "$HERE/package-lock.json" "$FOLDER" || no "nothing can be written into build/npm"
# As locked, and without scripts of the packages: each is whole as it comes.
timeout -k 5 $LIMIT npm ci --prefix "$FOLDER" --ignore-scripts --no-audit --no-fund --prefer-offline --fetch-retries=1 \
    --fetch-retry-mintimeout=1000 >"$FOLDER/log" 2>&1 </dev/null
case $? in
0) cp "$HERE/package-lock.json" "$FOLDER/installed" ;;
124 | 137) echo "npm did not end within $LIMIT s" >"$FOLDER/why" ;;
*)
    code=$(sed -n 's/^npm [a-zA-Z!]* code //p' "$FOLDER/log" | head -n 1)
    echo "npm can't install them: ${code:-$(tail -n 1 "$FOLDER/log")}" >"$FOLDER/why"
    ;;
esac
[ ! -e "$FOLDER/why" ] || no "$(cat "$FOLDER/why")"
