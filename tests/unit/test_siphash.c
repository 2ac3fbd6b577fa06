#include <criterion/criterion.h>

#include "../../common/siphash.h"

/* Appendix A of the paper, and the first of the authors' vectors: nothing at all. */
Test(siphash, as_in_the_paper)
{
    static const uint64_t key[2] = {UINT64_C(0x0706050403020100), UINT64_C(0x0f0e0d0c0b0a0908)};
    unsigned char message[15];
    for (unsigned i = 0; i < sizeof message; i++)
        message[i] = (unsigned char)i;
    cr_expect_eq(sc_siphash(key, message, sizeof message), UINT64_C(0xa129ca6149be45e5));
    cr_expect_eq(sc_siphash(key, message, 0), UINT64_C(0x726fdb47dd0e0e31));
}

Test(siphash, a_variable_is_hashed_with_its_name)
{
    cr_expect_neq(sc_variable_hash("A=1", 3), sc_variable_hash("B=1", 3));
    cr_expect_neq(sc_variable_hash("A=1", 3), sc_variable_hash("A=2", 3));
    cr_expect_neq(sc_variable_hash("A=", 2), sc_variable_hash("A", 1));
}
