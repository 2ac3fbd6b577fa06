/*
 * Pointers that the kernel refuses, or never looks at: every call ends as it does without us, and none of them is
 * followed.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <unistd.h>

#define TELL(call)                                                                                                     \
    do {                                                                                                               \
        errno = 7;                                                                                                     \
        long result_ = (long)(call);                                                                                   \
        printf("%s %ld %d\n", #call, result_, errno);                                                                  \
    } while (0)

int main(void)
{
    void *bad = (void *)8;
    int s = socket(AF_UNIX, SOCK_DGRAM, 0);
    TELL(connect(s, bad, 10));
    TELL(bind(s, bad, 0));
    TELL(bind(s, bad, 1));
    TELL(sendto(s, "x", 1, 0, bad, 16));
    TELL(sendto(s, bad, 1, 0, NULL, 0));
    TELL(poll(bad, 1, 0));
    TELL(poll(bad, 0, 0));
    TELL(epoll_ctl(epoll_create1(0), EPOLL_CTL_ADD, 0, bad));
    TELL(renameat(AT_FDCWD, "missing/x", AT_FDCWD, bad));
    TELL(splice(0, bad, 1, NULL, 0, 0));
    TELL(setxattr("missing", bad, bad, 1, 0));
    TELL(setxattr(bad, "user.x", "v", 1, 0));
    TELL(pipe(bad));
    TELL(socketpair(AF_UNIX, SOCK_STREAM, 0, bad));
    TELL(chmod(bad, 0));
    TELL(link("missing", bad));
    TELL(link(bad, "x"));
    TELL(symlink(bad, "x"));
    TELL(mknod(bad, 0600, 0));
    TELL(remove(bad));
    TELL(remove("missing"));
    TELL(statfs(".", bad) == 0);
    TELL(getsockname(s, bad, bad));
    TELL(recvmsg(s, bad, MSG_DONTWAIT));
    TELL(utimensat(AT_FDCWD, "missing", bad, 0));
    TELL(inotify_add_watch(0, bad, 1));
    TELL(getdents64(0, bad, 100));
    TELL(posix_fadvise(0, 0, 0, 99));
    TELL(isatty(-1));
    TELL(memfd_create(bad, 0));
    TELL(preadv2(0, bad, 1, 0, 0));
    TELL(mkdir("tdir", 0700));
    TELL(remove("tdir"));
    TELL(freopen("/dev/null", "r", stdin) != NULL);
    TELL(freopen(NULL, "r", stdin) != NULL);
    return 0;
}
