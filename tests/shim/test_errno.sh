#!/bin/bash
# errno is what it is without us, after success and after failure, for each family of wrappers.
. "$(dirname "$0")/../lib.sh"
same errno "$GUESTS/errno_kept"
did errno done
check "- errno: the sentinel was kept often" [ "$(grep -c 'errno 4242$' "$WORK/errno.native")" -ge 70 ]
check "- errno: other values came up often" [ "$(grep -c 'errno [0-9]\{1,3\}$' "$WORK/errno.native")" -ge 60 ]
asks errno "failures carry their errno" \
    'lines(r"ftruncate\(.*= -1 EINVAL") and lines(r"lseek\(.*= -1 EBADF") and lines(r"unlink\(.*= -1 ENOENT")'
asks errno "posix_fallocate as the call that it makes" \
    'c["fallocate"] == 5 and len(lines(r"fallocate\(.*= -1 EBADF")) == 1'
# Four in the guest's part "offsets" and one by number; in full mode stdio's own come to them.
asks errno "each lseek once" 'c["lseek"] == 5 or full and c["lseek"] > 5'
asks errno "each call by number" 'len(lines(r"lseek\(.*0, SEEK_SET.*= -1 EBADF")) == 1'
finish
