#!/bin/bash
# Our decoder beside Capstone's, on every library below the given folders (/usr/lib); those of another installation are as
# good: test_decoder.sh FOLDER...
folders=()
for folder in "${@:-/usr/lib}"; do folders+=("$(cd "$folder" && pwd)") || exit 1; done
. "$(dirname "$0")/../cli/lib.sh"
. "$HERE/../decoder/lib_decoder.sh"
build_compare ${#folders[@]}
for folder in "${folders[@]}"; do
    find "$folder" -xdev -name '*.so*' -type f -not -path '*/debug/*' -print0 >files
    mapfile -d '' -t files <files
    agrees "${#files[@]} files below $folder" "${files[@]}"
done
finish
