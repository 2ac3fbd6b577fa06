#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "../../analyzer/cli/assertion.h"

static const char document[] =
    "{\"runs\": [{\"label\": \"Rust\", \"total\": 1716, \"calls\": {\"lseek\": 779}, \"writes\": {\"zero\": 353},"
    " \"time_ns\": {\"total\": null}, \"reads\": null, \"kind\": \"capture\", \"files\": [], \"problems\": []},"
    " {\"label\": \"C++\", \"total\": 104, \"calls\": {}, \"writes\": {\"zero\": 0},"
    " \"problems\": [\"killed by SIGABRT\"]}]}";

static int check(const char *text, bool allow, char *why)
{
    struct sc_assertion assertion;
    int result = sc_assert_parse(text, &assertion, why);
    if (result)
        return result;
    json_t *json = json_loads(document, 0, NULL);
    result = sc_assert_check(&assertion, json, allow, why);
    json_decref(json);
    return result;
}

static void expect(const char *text, int result)
{
    char why[SC_ASSERT_TEXT] = "";
    int got = check(text, true, why);
    cr_expect_eq(got, result, "%s: %d (%s)", text, got, why);
    cr_expect((result == 0) == (*why == '\0'));
}

Test(assertions, comparators)
{
    expect("A.total < 1717", 0);
    expect("A.total<1716", 1);
    expect("A.total <= 1716", 0);
    expect(" A.total>1715 ", 0);
    expect("A.total >= 1717", 1);
    expect("A.total == 1716", 0);
    expect("A.total != 1716", 1);
    expect("B.writes.zero <= A.writes.zero", 0);
    expect("-5 < B.total", 0);
    expect("9223372036854775807 > A.total", 0);
}

Test(assertions, calls_that_did_not_occur)
{
    expect("A.calls.fsync == 0", 0);
    expect("A.calls.lseek == 779", 0);
    expect("A.calls.fsyncc == 0", -EINVAL);
    expect("A.fsync == 0", -EINVAL);
}

Test(assertions, what_cannot_be_asserted)
{
    static const char *const bad[] = {"",
                                      "A",
                                      "A.",
                                      "A.total",
                                      "A.total <",
                                      "A.total < x",
                                      "A.total = 5",
                                      "A.total < 5 6",
                                      "A.total < 5x",
                                      "A..total < 5",
                                      "A.total. < 5",
                                      "C.total < 5",
                                      "A.total < 99999999999999999999",
                                      "A.kind == 1",
                                      "A.files == 0",
                                      "A.findings == 0",
                                      "A.time_ns.total < 5",
                                      "A.reads.bytes < 5",
                                      "A.nothing < 1",
                                      "A.total.more < 1",
                                      "A.calls < 5",
                                      "total < 5"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        expect(bad[i], -EINVAL);
}

Test(assertions, a_failure_names_both_values)
{
    char why[SC_ASSERT_TEXT];
    cr_assert_eq(check("A.writes.zero <= B.writes.zero", true, why), 1);
    cr_expect_not_null(strstr(why, "353"));
    cr_expect_not_null(strstr(why, " 0 "));
}

Test(assertions, a_dead_run_passes_nothing)
{
    char why[SC_ASSERT_TEXT];
    cr_expect_eq(check("B.total < 500", false, why), 1);
    cr_expect_not_null(strstr(why, "killed by SIGABRT"));
    cr_expect_eq(check("B.total < 500", true, why), 0);
    cr_expect_eq(check("A.total < 5000", false, why), 0, "the other run's death is not its affair");
}

Test(assertions, a_second_run_that_is_not_there)
{
    char why[SC_ASSERT_TEXT];
    struct sc_assertion assertion;
    json_t *json = json_pack("{s:[{s:i}]}", "runs", "total", 5);
    cr_assert_eq(sc_assert_parse("A.total < B.total", &assertion, why), 0);
    cr_expect_eq(sc_assert_check(&assertion, json, true, why), -EINVAL);
    json_decref(json);
}
