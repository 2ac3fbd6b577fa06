/*
 * walks: calls from the same place, mostly at the same depth of the stack, by many ways. Prints how often it went each
 * way, as folded stacks have it: outer;upper count.
 */
#include <alloca.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FUNCTION static __attribute__((noinline, noclone)) void
enum { WAYS = 4, CALLS = 4000 };

static int file;
static volatile int passed; /* counted behind each call, so that none is a jump */

FUNCTION bottom(void)
{
    lseek(file, 0, SEEK_SET);
    passed++;
}

FUNCTION middle(void)
{
    bottom();
    passed++;
}

/* Of 0 and 1 the frame's size is known when it is compiled, of 2 and 3 it is not: their frame is found by rbp. */
FUNCTION upper_0(size_t bytes)
{
    (void)bytes;
    middle();
    passed += 1;
}

FUNCTION upper_1(size_t bytes)
{
    (void)bytes;
    middle();
    passed += 2;
}

FUNCTION upper_2(size_t bytes)
{
    memset(alloca(bytes), 1, bytes);
    middle();
    passed += 3;
}

FUNCTION upper_3(size_t bytes)
{
    memset(alloca(bytes), 1, bytes);
    middle();
    passed += 4;
}

static void (*const uppers[WAYS])(size_t) = {upper_0, upper_1, upper_2, upper_3};

#define OUTER(n)                                                                                                       \
    FUNCTION outer_##n(int way, size_t bytes)                                                                          \
    {                                                                                                                  \
        uppers[way](bytes);                                                                                            \
        passed += n;                                                                                                   \
    }
OUTER(0)
OUTER(1)
OUTER(2)
OUTER(3)
static void (*const outers[WAYS])(int, size_t) = {outer_0, outer_1, outer_2, outer_3};

int main(void)
{
    static int went[WAYS][WAYS];
    unsigned seed = 1;
    file = open("walks.data", O_RDWR | O_CREAT, 0600);
    for (int i = 0; i < CALLS; i++) {
        seed = seed * 1103515245u + 12345u;
        unsigned outer = seed >> 16 & 3, upper = seed >> 18 & 3, bytes = (seed >> 20 & 3) * 16 + 16;
        outers[outer]((int)upper, bytes);
        went[outer][upper]++;
    }
    for (int outer = 0; outer < WAYS; outer++)
        for (int upper = 0; upper < WAYS; upper++)
            printf("outer_%d;upper_%d %d\n", outer, upper, went[outer][upper]);
    return 0;
}
