#!/bin/sh
# screenshots.sh BUILD: pictures of the page of the pair that ./run.sh records, into BUILD/screenshots. The plain pair stands in
# where the other examples are not built. npm's packages and Chromium are needed.
BUILD=$(cd "$1" && pwd) || exit 1 # before lib.sh goes elsewhere
. "$(dirname "$0")/../cli/lib.sh"
"$HERE/install.sh" >/dev/null
if ! find_browser || ! find_packages; then
    echo "no screenshots: $WHY" >&2
    exit 1
fi
ln -s "$BUILD" build # so that the command lines on the page are those of README.md
record() { # NAME PROGRAM FILE PARAMETERS...
    name=$1 program=$2 file=$3
    shift 3
    build/syscap-record -o "$name.bin" -- "build/examples/$program" --path "$file" --rows 1000 "$@" || exit 1
}
if [ -x build/examples/rust_example ] && [ -x build/examples/cpp_example ]; then
    record rust rust_example rust.ms --mode table_put_row --initialize true
    record cpp cpp_example cpp.ms --mode table_put_row --initialize false
    set -- rust.bin cpp.bin
else
    record plain_a plain_a plain_a.dat --initialize true
    record plain_b plain_b plain_b.dat --initialize false
    set -- plain_a.bin plain_b.bin
fi
build/syscap-analyze "$@" --summary-only --html page.html >/dev/null || exit 1
rm -rf build/screenshots && mkdir build/screenshots && judge screenshots.mjs page.html build/screenshots || exit 1
# A third of the size; nobody sees the difference in pictures of text.
! command -v pngquant >/dev/null || pngquant --force --strip --ext .png 64 build/screenshots/*.png
ls "$BUILD"/screenshots/*.png
