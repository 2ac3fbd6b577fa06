#include <criterion/criterion.h>
#include <errno.h>

#include "../../common/call_set.h"

static struct sc_call_set set_of(const char *text)
{
    struct sc_call_set set;
    char bad[SC_CALL_WORD_BYTES];
    cr_assert_eq(sc_call_set_parse(text, &set, bad), 0, "%s: %s", text, bad);
    return set;
}

static size_t count(const struct sc_call_set *set)
{
    size_t count = 0;
    for (unsigned nr = 0; nr < SC_NR_LIMIT; nr++)
        count += set->has[nr] && sc_call(nr)->name;
    return count;
}

Test(call_set, names)
{
    struct sc_call_set set = set_of("read,write");
    cr_expect(set.has[SC_NR_read] && set.has[SC_NR_write] && !set.others);
    cr_expect_eq(count(&set), 2);
    set = set_of("stat"); /* the call, not the class */
    cr_expect_eq(count(&set), 1);
    set = set_of("p*64");
    cr_expect(set.has[SC_NR_pread64] && set.has[SC_NR_pwrite64] && set.has[SC_NR_prlimit64] && !set.has[SC_NR_read]);
}

Test(call_set, classes)
{
    struct sc_call_set set = set_of("%file");
    cr_expect(set.has[SC_NR_openat] && set.has[SC_NR_unlink] && set.has[SC_NR_execve] && !set.has[SC_NR_read]);
    cr_expect_eq(count(&set), count(&(struct sc_call_set[]){set_of("file")}[0]));
    set = set_of("%desc");
    cr_expect(set.has[SC_NR_read] && set.has[SC_NR_openat] && set.has[SC_NR_mmap] && !set.has[SC_NR_unlink]);
    set = set_of("%network,%process");
    cr_expect(set.has[SC_NR_recvmsg] && set.has[SC_NR_clone3] && set.has[SC_NR_wait4] && !set.has[SC_NR_read]);
    set = set_of("%write_ops");
    cr_expect(set.has[SC_NR_write] && set.has[SC_NR_pwritev2] && !set.has[SC_NR_read]);
}

Test(call_set, all_but)
{
    struct sc_call_set all = set_of("all"), none = set_of("none"), set = set_of("!%file,read");
    cr_expect(all.others && !none.others && set.others && !count(&none));
    cr_expect(!set.has[SC_NR_read] && !set.has[SC_NR_openat] && set.has[SC_NR_write]);
    struct sc_call_set those = set_of("%file,read");
    cr_expect_eq(count(&set) + count(&those), count(&all));
}

Test(call_set, what_is_no_call)
{
    static const char *const texts[] = {"", "bogus", "read,", "read,,write", "%bogus", "!", "readd"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct sc_call_set set;
        char bad[SC_CALL_WORD_BYTES] = "x";
        cr_expect_eq(sc_call_set_parse(texts[i], &set, bad), -EINVAL, "%s", texts[i]);
    }
}
