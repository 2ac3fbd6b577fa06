#!/bin/bash
# The irregular forms of calls: unchanged in what they do, and recorded as what they are. In three builds.
. "$(dirname "$0")/../lib.sh"
for build in calls calls_64 calls_fortified; do
    same $build "$GUESTS/$build"
    did $build "open O_CREAT mode 640"
    did $build "posix_fallocate 0"
    did $build "brk 0 4096"
    asks $build "mode of O_CREAT" 'lines(r"openat\(AT_FDCWD, \"plain\", O_RDWR\|O_CREAT, 0640\)")'
    asks $build "mode of O_TMPFILE" 'lines(r"openat\(AT_FDCWD, \"\.\", O_RDWR\|O_TMPFILE, 0604\)")'
    asks $build "no mode with O_DIRECTORY" 'lines(r"openat\(AT_FDCWD, \"\.\", O_RDONLY\|O_DIRECTORY\)")'
    asks $build "openat below a folder" 'lines(r"openat\(<[^>]*>, \"below\", O_WRONLY\|O_CREAT\|O_EXCL, 0611\)")'
    asks $build "creat" 'lines(r"creat\(\"created\", 0601\)")'
    asks $build "a missing file" 'lines(r"openat\(.*\"missing\", O_RDONLY\) += -1 ENOENT")'
    asks $build "pread, read" 'lines(r"pread64\(<plain>, .*, 4, 2\) += 4") and lines(r"\bread\(<plain>, .*, 4\) += 4")'
    asks $build "lseek" 'lines(r"lseek\(<plain>, -2, SEEK_END\) += 8") and lines(r"lseek\(<plain>, 0, SEEK_DATA\) += 0")'
    asks $build "readlink" 'len(lines(r"readlink(at)?\(.*\"link\", \"plai\".*, 4\) += 4")) == 2'
    asks $build "getcwd" 'len(lines(r"getcwd\(")) >= 2'
    asks $build "sizes" 'lines(r"truncate\(<sized>, 21474836480\) += 0") and lines(r"truncate\(\"sized\", 100\) += 0")'
    asks $build "posix_fallocate" 'lines(r"fallocate\(<sized>, 0, 0, 5000\) += 0")'
    asks $build "lockf is fcntl" 'lines(r"fcntl\(<sized>, F_SETLKW, \{l_type=F_WRLCK, l_whence=SEEK_CUR, .*l_len=10") and
        lines(r"fcntl\(<sized>, F_SETLK, \{l_type=F_UNLCK")'
    asks $build "fcntl locks" 'lines(r"fcntl\(<sized>, F_SETLK, \{l_type=F_WRLCK, l_whence=SEEK_SET, l_start=3, l_len=5")'
    asks $build "fcntl flags" 'lines(r"fcntl\(<sized>, F_SETFL, O_RDONLY\|O_APPEND\|O_NONBLOCK\)")'
    asks $build "fopen r" 'lines(r"openat\(AT_FDCWD, \"plain\", O_RDONLY\) ")'
    asks $build "fopen r+" 'lines(r"openat\(AT_FDCWD, \"plain\", O_RDWR\) ")'
    asks $build "fopen w" 'lines(r"openat\(AT_FDCWD, \"plain\", O_WRONLY\|O_CREAT\|O_TRUNC, 0666\) ")'
    asks $build "fopen w+" 'lines(r"openat\(AT_FDCWD, \"plain\", O_RDWR\|O_CREAT\|O_TRUNC, 0666\) ")'
    asks $build "fopen a" 'lines(r"openat\(AT_FDCWD, \"plain\", O_WRONLY\|O_CREAT\|O_APPEND, 0666\) ")'
    asks $build "fopen a+" 'lines(r"openat\(AT_FDCWD, \"plain\", O_RDWR\|O_CREAT\|O_APPEND, 0666\) ")'
    asks $build "fopen wx" 'lines(r"openat\(.*\"plain\", O_WRONLY\|O_CREAT\|O_EXCL\|O_TRUNC, 0666\) += -1 EEXIST")'
    asks $build "fopen re" 'lines(r"openat\(AT_FDCWD, \"plain\", O_RDONLY\|O_CLOEXEC\) ")'
    asks $build "fdopen asks for the flags, and the answer is the kernel's" 'lines(r"fcntl\(<streamed>, F_GETFL\) += 0x8002")'
    asks $build "a file without a name is not its folder" 'not lines(r"openat\(AT_FDCWD, \"\.\", O_RDWR\|O_TMPFILE, 0604\) = <run>")'
    asks $build "freopen" 'lines(r"openat\(AT_FDCWD, \"reopened\", O_RDWR\|O_CREAT\|O_TRUNC, 0666\) ")'
    asks $build "by number" 'lines(r"openat\(AT_FDCWD, \"numbered\", O_RDWR\|O_CREAT, 0622\)") and
        lines(r"write\(<numbered>, data\[9\], 9\) += 9") and lines(r"lseek\(<numbered>, 3, SEEK_SET\) += 3") and
        lines(r"fsync\(<numbered>\) += 0") and lines(r"close\(<numbered>\) += 0") and lines(r"munmap\(")'
    asks $build "the heap's calls" 'c["brk"] >= 3'
    asks $build "a call in the table for each open file" 'f("/numbered")["bytes_written"] == 9 and f("/numbered")["bytes_read"] == 6'
done
# The builds are what they claim to be.
symbols() {
    nm -D --undefined-only "$GUESTS/$1" | sed 's/@.*//'
}
check "- 64-bit names in one build" grep -qw lseek64 <(symbols calls_64)
check "- none of them in the other" grep -qw lseek <(symbols calls)
for name in __read_chk __pread_chk __readlink_chk __readlinkat_chk __open_2 __openat_2; do
    check "- fortified: $name" grep -qw $name <(symbols calls_fortified)
done
finish
