/* Expected texts are what strace 6.1 printed on x86-64 for calls with these numbers. */
#include <criterion/criterion.h>

#include "../../analyzer/model/xlat.h"

static void expect(unsigned kind, int64_t value, const char *expected)
{
    char text[512];
    size_t len = sc_format_value(kind, value, text, sizeof text);
    cr_expect_str_eq(text, expected, "got %s, expected %s", text, expected);
    cr_expect_eq(len, strlen(expected));
    int64_t back = -12345;
    cr_expect_eq(sc_parse_value(kind, text, len, &back), 0, "%s is not understood", text);
    uint64_t mask = kind < SC_KIND_COUNT && sc_kind(kind)->width >= SC_W_I64 ? UINT64_MAX : UINT32_MAX;
    cr_expect_eq((uint64_t)back & mask, (uint64_t)value & mask, "%s read as %#lx", text, (unsigned long)back);
}

Test(values, open_flags)
{
    expect(SC_KIND_OPEN_FLAGS, 0, "O_RDONLY");
    expect(SC_KIND_OPEN_FLAGS, 0x80000, "O_RDONLY|O_CLOEXEC");
    expect(SC_KIND_OPEN_FLAGS, 3, "O_ACCMODE");
    expect(SC_KIND_OPEN_FLAGS, 0x242, "O_RDWR|O_CREAT|O_TRUNC");
    expect(SC_KIND_OPEN_FLAGS, 0x410002, "O_RDWR|O_TMPFILE");
    expect(SC_KIND_OPEN_FLAGS, 0x90800, "O_RDONLY|O_NONBLOCK|O_CLOEXEC|O_DIRECTORY");
    expect(SC_KIND_OPEN_FLAGS, 0x101000, "O_RDONLY|O_SYNC");
    expect(SC_KIND_OPEN_FLAGS, 4, "O_RDONLY|0x4");
    expect(SC_KIND_OPEN_FLAGS, -1,
           "O_ACCMODE|O_CREAT|O_EXCL|O_NOCTTY|O_TRUNC|O_APPEND|O_NONBLOCK|O_SYNC|O_DIRECT|O_LARGEFILE|O_NOFOLLOW|"
           "O_NOATIME|O_CLOEXEC|O_PATH|O_TMPFILE|FASYNC|0xff80003c");
    expect(SC_KIND_PIPE_FLAGS, 0, "0");
    expect(SC_KIND_PIPE_FLAGS, 0x80800, "O_NONBLOCK|O_CLOEXEC");
    expect(SC_KIND_PIPE_FLAGS, 8, "0x8 /* O_??? */");
}

Test(values, operations_of_requests)
{
    expect(SC_KIND_AIO_OPERATION, 1, "IOCB_CMD_PWRITE");
    expect(SC_KIND_AIO_OPERATION, 8, "IOCB_CMD_PWRITEV");
}

Test(values, flags)
{
    expect(SC_KIND_PROT, 0, "PROT_NONE");
    expect(SC_KIND_PROT, 3, "PROT_READ|PROT_WRITE");
    expect(SC_KIND_PROT, 16, "0x10 /* PROT_??? */");
    expect(SC_KIND_ACCESS, 0, "F_OK");
    expect(SC_KIND_ACCESS, 6, "R_OK|W_OK");
    expect(SC_KIND_ACCESS, 8, "0x8 /* ?_OK */");
    expect(SC_KIND_AT_FLAGS, 0, "0");
    expect(SC_KIND_AT_FLAGS, 0x1100, "AT_SYMLINK_NOFOLLOW|AT_EMPTY_PATH");
    expect(SC_KIND_AT_STATX, 0x1000, "AT_STATX_SYNC_AS_STAT|AT_EMPTY_PATH");
    expect(SC_KIND_AT_EACCESS, 0x200, "AT_EACCESS");
    expect(SC_KIND_STATX_MASK, 0x7ff, "STATX_BASIC_STATS");
    expect(SC_KIND_STATX_MASK, 0xfff, "STATX_ALL");
    expect(SC_KIND_STATX_MASK, 0x17ff, "STATX_BASIC_STATS|STATX_MNT_ID");
    expect(SC_KIND_FALLOC_MODE, 3, "FALLOC_FL_KEEP_SIZE|FALLOC_FL_PUNCH_HOLE");
    expect(SC_KIND_FLOCK_OP, 6, "LOCK_EX|LOCK_NB");
    expect(SC_KIND_RENAME_FLAGS, 1, "RENAME_NOREPLACE");
    expect(SC_KIND_CLOSE_RANGE, 4, "CLOSE_RANGE_CLOEXEC");
    expect(SC_KIND_RWFLAGS, 0, "0");
    expect(SC_KIND_RWFLAGS, 6, "RWF_DSYNC|RWF_SYNC");
    expect(SC_KIND_MSG_FLAGS, 0x4040, "MSG_DONTWAIT|MSG_NOSIGNAL");
    expect(SC_KIND_MSYNC_FLAGS, 6, "MS_SYNC|MS_INVALIDATE");
    expect(SC_KIND_WAIT_FLAGS, 3, "WNOHANG|WSTOPPED");
    expect(SC_KIND_WAIT_FLAGS, 0x40000000, "__WALL");
    expect(SC_KIND_EVENTFD_FLAGS, 0x80800, "EFD_CLOEXEC|EFD_NONBLOCK");
}

Test(values, mmap_flags)
{
    expect(SC_KIND_MAP_FLAGS, 0x22, "MAP_PRIVATE|MAP_ANONYMOUS");
    expect(SC_KIND_MAP_FLAGS, 0x812, "MAP_PRIVATE|MAP_FIXED|MAP_DENYWRITE");
    expect(SC_KIND_MAP_FLAGS, 0, "MAP_FILE");
    expect(SC_KIND_MAP_FLAGS, 4, "0x4 /* MAP_??? */");
    expect(SC_KIND_MAP_FLAGS, 0x15440022, "MAP_PRIVATE|MAP_ANONYMOUS|MAP_HUGETLB|0x1400000|5<<MAP_HUGE_SHIFT");
    expect(SC_KIND_MEMFD_FLAGS, 0x54000004, "MFD_HUGETLB|21<<MFD_HUGE_SHIFT");
}

Test(values, enumerations)
{
    expect(SC_KIND_WHENCE, 0, "SEEK_SET");
    expect(SC_KIND_WHENCE, 4, "SEEK_HOLE");
    expect(SC_KIND_WHENCE, 5, "0x5 /* SEEK_??? */");
    expect(SC_KIND_MADVICE, 4, "MADV_DONTNEED");
    expect(SC_KIND_FADVICE, 4, "POSIX_FADV_DONTNEED");
    expect(SC_KIND_FCNTL_CMD, 1030, "F_DUPFD_CLOEXEC");
    expect(SC_KIND_FCNTL_CMD, 1035, "0x40b /* F_??? */");
    expect(SC_KIND_EPOLL_OP, 0, "0 /* EPOLL_CTL_??? */");
    expect(SC_KIND_SOCK_DOMAIN, 1, "AF_UNIX");
    expect(SC_KIND_SOCK_TYPE, 0x80801, "SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK");
    expect(SC_KIND_SIG_HOW, 2, "SIG_SETMASK");
    expect(SC_KIND_SIGNAL, 6, "SIGABRT");
    expect(SC_KIND_SIGNAL, 32, "SIGRTMIN");
    expect(SC_KIND_SIGNAL, 34, "SIGRT_2");
    expect(SC_KIND_SIGNAL, 0, "0");
    expect(SC_KIND_SIGNAL, -1, "-1");
    expect(SC_KIND_FUTEX_OP, 0x81, "FUTEX_WAKE_PRIVATE");
    expect(SC_KIND_FUTEX_OP, 0x189, "FUTEX_WAIT_BITSET_PRIVATE|FUTEX_CLOCK_REALTIME");
    expect(SC_KIND_FUTEX_OP, 0x91, "0x91 /* FUTEX_??? */");
    expect(SC_KIND_CLONE_FLAGS, 0x1200011, "CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD");
}

Test(values, options_and_keys)
{
    expect(sc_option_kind(1), 9, "SO_KEEPALIVE");
    expect(sc_option_kind(6), 1, "TCP_NODELAY");
    expect(sc_option_kind(0), 2, "IP_TTL");
    expect(sc_option_kind(41), 26, "IPV6_V6ONLY");
    expect(sc_option_kind(270), 1, "0x1");
    expect(SC_KIND_SOCK_LEVEL, 41, "SOL_IPV6");
    expect(SC_KIND_IPC_FLAGS, 01600, "IPC_CREAT|0600");
    expect(SC_KIND_IPC_FLAGS, 0600, "0600");
    expect(SC_KIND_IPC_KEY, 0, "IPC_PRIVATE");
    expect(SC_KIND_IPC_KEY, 0x1234, "0x1234");
    expect(SC_KIND_EPOLL_EVENTS, 0x80000001, "EPOLLIN|EPOLLET");
    expect(SC_KIND_POLL_EVENTS, 3, "POLLIN|POLLPRI");
    expect(SC_KIND_RUSAGE, -1, "RUSAGE_CHILDREN");
    expect(SC_KIND_CLOCK, 1, "CLOCK_MONOTONIC");
    expect(SC_KIND_CLOCK, 77, "0x4d /* CLOCK_??? */");
}

Test(values, numbers)
{
    expect(SC_KIND_MODE, 0644, "0644");
    expect(SC_KIND_MODE, 022, "022");
    expect(SC_KIND_MODE, 0, "000");
    expect(SC_KIND_MODE, 01777, "01777");
    expect(SC_KIND_FILE_MODE, 0100644, "S_IFREG|0644");
    expect(SC_KIND_FILE_MODE, 0107755, "S_IFREG|S_ISUID|S_ISGID|S_ISVTX|0755");
    expect(SC_KIND_FILE_MODE, 0140000, "S_IFSOCK|000");
    expect(SC_KIND_FILE_MODE, 0170000, "0170000");
    expect(SC_KIND_DEV, 0x103, "makedev(0x1, 0x3)");
    expect(SC_KIND_DIRFD, -100, "AT_FDCWD");
    expect(SC_KIND_INT, -1, "-1");
    expect(SC_KIND_OFF, INT64_MIN, "-9223372036854775808");
    expect(SC_KIND_SIZE, -1, "18446744073709551615");
    expect(SC_KIND_OFF_HEX, 0x9d000, "0x9d000");
    expect(SC_KIND_OFF_HEX, 0, "0");
}

Test(values, ioctl_commands)
{
    expect(SC_KIND_IOCTL_CMD, 0x5401, "TCGETS");
    expect(SC_KIND_IOCTL_CMD, 0x5413, "TIOCGWINSZ");
    expect(SC_KIND_IOCTL_CMD, 0x541b, "FIONREAD");
    expect(SC_KIND_IOCTL_CMD, 0x80081272, "BLKGETSIZE64");
    expect(SC_KIND_IOCTL_CMD, 0x40049409, "FICLONE");
    expect(SC_KIND_IOCTL_CMD, 0xc0506601, "_IOC(_IOC_READ|_IOC_WRITE, 0x66, 0x1, 0x50)");
    expect(SC_KIND_IOCTL_CMD, 0x1204, "_IOC(_IOC_NONE, 0x12, 0x4, 0)");
    int64_t value;
    cr_expect_eq(sc_parse_value(SC_KIND_IOCTL_CMD, "BTRFS_IOC_CLONE or FICLONE", 26, &value), 0);
    cr_expect_eq(value, 0x40049409);
}

Test(values, what_is_no_value)
{
    static const char *const bad[] = {
        "",           "|",     "O_RDONLY|",         "O_NONSENSE",  "0x",  "12345678901234567890123",
        "O_RDONLY x", "_IOC(", "_IOC(_IOC_READ, 1", "makedev(0x1", "5<<", "or "};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        int64_t value;
        cr_expect_eq(sc_parse_value(SC_KIND_OPEN_FLAGS, bad[i], strlen(bad[i]), &value), -22, "%s", bad[i]);
    }
}

/* Every number of every kind comes back, and no text is longer than its buffer says. */
Test(values, round_trip)
{
    uint64_t seed = 88172645463325252u;
    for (unsigned kind = SC_KIND_INT; kind < SC_KIND_ALL; kind++) {
        if (kind == SC_KIND_ADDR || kind == SC_KIND_PTR || kind == SC_KIND_DEV || kind == SC_KIND_AT_STATX)
            continue;
        for (int i = 0; i < 2000; i++) {
            seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
            uint32_t value = (uint32_t)(seed >> (seed & 31)) >> (seed >> 59);
            char text[512], small[16];
            size_t len = sc_format_value(kind, (int32_t)value, text, sizeof text);
            int64_t back;
            cr_assert_eq(sc_parse_value(kind, text, len, &back), 0, "kind %u: %s", kind, text);
            cr_assert_eq((uint32_t)back, value, "kind %u: %s", kind, text);
            len = sc_format_value(kind, (int32_t)value, small, sizeof small);
            cr_assert_lt(len, sizeof small);
            cr_assert_eq(small[len], '\0');
        }
    }
}

Test(values, escaping)
{
    char text[64];
    struct sc_out out;
    sc_out_begin(&out, text, sizeof text);
    sc_out_quoted(&out, "/x\n\033\0337\"\\\303\251\0", 11);
    sc_out_end(&out);
    cr_expect_str_eq(text, "\"/x\\n\\33\\0337\\\"\\\\\\303\\251\\0\"");
    sc_out_begin(&out, text, 8);
    sc_out_text(&out, "much too long");
    cr_expect_eq(sc_out_end(&out), 7);
    cr_expect_str_eq(text, "much...");
    sc_out_begin(&out, text, 1);
    sc_out_char(&out, 'x');
    cr_expect_eq(sc_out_end(&out), 0);
}
