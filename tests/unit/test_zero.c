#include <criterion/criterion.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../common/zero.h"

Test(zero, one_byte_anywhere_is_seen_at_every_length_and_alignment)
{
    unsigned char buffer[300] = {0};
    for (size_t begin = 0; begin < 9; begin++)
        for (size_t len = 0; len < 280; len++) {
            cr_assert(sc_is_zero(buffer + begin, len));
            for (size_t at = 0; at < len; at++) {
                buffer[begin + at] = 0x80;
                cr_assert_not(sc_is_zero(buffer + begin, len), "length %zu, byte %zu", len, at);
                buffer[begin + at] = 0;
            }
        }
}

Test(zero, what_stands_beside_does_not_matter)
{
    unsigned char buffer[128];
    for (size_t len = 0; len < 100; len++) {
        memset(buffer, 0xff, sizeof buffer);
        memset(buffer + 8, 0, len);
        cr_assert(sc_is_zero(buffer + 8, len));
    }
}

Test(zero, exactly_the_bytes_given_are_read)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    unsigned char *map = mmap(NULL, 3 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    cr_assert_neq(map, MAP_FAILED);
    cr_assert_eq(mprotect(map + page, page, PROT_READ | PROT_WRITE), 0);
    for (size_t len = 0; len < 200; len++) {
        cr_assert(sc_is_zero(map + page, len));
        cr_assert(sc_is_zero(map + 2 * page - len, len));
    }
    cr_assert(sc_is_zero(map + page, page));
    munmap(map, 3 * page);
}
