#include <criterion/criterion.h>
#include <string.h>

#include "../../analyzer/passes/attribution.h"

static char *paths[] = {"/lib/libc.so.6",        "/usr/lib/libstdc++.so.6.0.30", "/bin/prog",
                        "/usr/lib/libcasa.so.7", "/usr/lib/libmine.so",          "/opt/libc-2.31.so"};

static uint64_t site_of(struct sc_attribution *attribution, const struct sc_run *run, uint64_t site,
                        const uint64_t *stack, uint32_t depth)
{
    struct sc_event event = {.site = site, .stack = stack, .stack_depth = depth};
    return sc_attribution_site(attribution, run, &event);
}

Test(attribution, the_innermost_frame_that_is_no_library)
{
    struct sc_run run = {0};
    for (unsigned i = 0; i < 6; i++) {
        struct sc_module_map module = {.begin = 0x1000 * (i + 1), .end = 0x1000 * (i + 2), .path = strdup(paths[i])};
        cr_assert_eq(sc_run_add_module(&run, module), 0);
    }
    struct sc_attribution attribution = {0};
    static const uint64_t stream[] = {0x1010, 0x2010, 0x3010, 0x1020};
    static const uint64_t direct[] = {0x4010, 0x3010};
    static const uint64_t nothing_else[] = {0x1010, 0x2010};
    static const uint64_t unknown[] = {0x1010, 0x99999, 0x3010};
    static const uint64_t mine[] = {0x5010, 0x3010}; /* begins as libm does, and is not it */
    static const uint64_t older[] = {0x6010, 0x3010};
    for (int again = 0; again < 2; again++) { /* the second time from what is remembered */
        cr_expect_eq(site_of(&attribution, &run, 0x2010, stream, 4), 0x3010);
        cr_expect_eq(site_of(&attribution, &run, 0x4010, direct, 2), 0x4010);
        cr_expect_eq(site_of(&attribution, &run, 0x2010, nothing_else, 2), 0x2010);
        cr_expect_eq(site_of(&attribution, &run, 0x99999, unknown, 3), 0x99999);
        cr_expect_eq(site_of(&attribution, &run, 0x5010, mine, 2), 0x5010);
        cr_expect_eq(site_of(&attribution, &run, 0x2010, NULL, 0), 0x2010);
        cr_expect_eq(site_of(&attribution, &run, 0x6010, older, 2), 0x3010);
    }
    sc_run_free_modules(&run);
}
