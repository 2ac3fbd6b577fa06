#!/bin/bash
# Rust, statically linked: with glibc, and with musl where the target is there (rustup target add x86_64-unknown-linux-musl;
# Debian has none).
. "$(dirname "$0")/lib_static.sh"
for kind in gnu musl; do
    if ! rustc -O --target x86_64-unknown-linux-$kind -C target-feature=+crt-static -o "$WORK/work_$kind" "$SOURCES/work.rs" \
        >build.log 2>&1; then
        skip 7 "- Rust with $kind" 'no rustc, no static libc, or not that target'
        continue
    fi
    alike $kind "$WORK/work_$kind"
    did $kind 'caught true'
    did $kind '10000'
    asks $kind 'nothing was missed' 'r["coverage"]["complete"] and f("/of_thread_7")["writes"] == 100'
    asks $kind 'itself and by name' 'r["coverage"]["static_programs"] == 3'
    beside_strace $kind 'write lseek' "$WORK/work_$kind"
done
finish
