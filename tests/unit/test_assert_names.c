/* Assertions that ask by name: files, findings, processes, causes. */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "../../analyzer/cli/assertion.h"

static const char document[] =
    "{\"runs\": [{\"label\": \"A\", \"processes\": 3, \"problems\": [], \"calls\": {\"write\": 9}, \"files\": ["
    " {\"role\": \"TABLE.ms/table.f0\", \"path\": \"/x/rust.ms/table.f0\", \"writes\": 5, \"time_ns\": null},"
    " {\"role\": \"in/f1\", \"path\": \"/x/in/f1\", \"writes\": 2, \"time_ns\": 4},"
    " {\"role\": \"in/f22\", \"path\": \"/x/in/f22\", \"writes\": 1, \"time_ns\": 4},"
    " {\"role\": \"a*\\\"b\", \"path\": \"/x/a*b\", \"writes\": 7, \"time_ns\": 4}],"
    " \"findings\": [{\"id\": \"zero-fill\", \"role\": \"TABLE.ms/table.f0\", \"calls\": 4, \"saving\": {\"calls\": "
    "3}},"
    "  {\"id\": \"zero-fill\", \"role\": \"in/f1\", \"calls\": 2, \"saving\": {\"calls\": 1}},"
    "  {\"id\": \"failed-calls\", \"role\": null, \"calls\": 20, \"saving\": {\"calls\": 19}}],"
    " \"process_table\": [{\"program\": \"sh\", \"calls\": 5}, {\"program\": \"cp\", \"calls\": 2},"
    "  {\"program\": \"cp\", \"calls\": 3}]},"
    " {\"label\": \"B\", \"processes\": null, \"problems\": [\"killed by SIGABRT\"], \"files\": null, \"findings\": "
    "null,"
    "  \"process_table\": null}],"
    " \"comparison\": {\"causes\": [{\"role\": \"TABLE.ms/table.f0\", \"pattern\": \"zero-fill\", \"calls\": [9, 5],"
    "   \"calls_diff\": 4, \"bytes_diff\": 400},"
    "  {\"role\": \"in/f1\", \"pattern\": \"write\", \"calls\": [2, 3], \"calls_diff\": -1, \"bytes_diff\": 0}]}}";

static void expect(const char *text, int result)
{
    char why[SC_ASSERT_TEXT] = "";
    struct sc_assertion assertion;
    int got = sc_assert_parse(text, &assertion, why);
    json_t *json = json_loads(document, 0, NULL);
    cr_assert_not_null(json);
    if (!got)
        got = sc_assert_check(&assertion, json, true, why);
    json_decref(json);
    cr_expect_eq(got, result, "%s: %d (%s)", text, got, why);
}

Test(assertions_by_name, files)
{
    expect("A.files[\"TABLE.ms/table.f0\"].writes <= 5", 0);
    expect("A.files[\"TABLE.ms/table.f0\"].writes < 5", 1);
    expect("A.files[\"/x/rust.ms/table.f0\"].writes == 5", 0);
    expect("A.files[\"TABLE.ms/table.f0\"] == 1", 0);
    expect("A.files[\"none\"] == 0", 0);
    expect("A.files[\"none\"].writes == 0", -EINVAL);
    expect("A.files[\"TABLE.ms/table.f0\"].writez == 0", -EINVAL);
    expect("A.files[\"TABLE.ms/table.f0\"].time_ns == 0", -EINVAL);
    expect("A.files[\"TABLE.ms/table.f0\"].role == 0", -EINVAL);
    expect("B.files[\"none\"] == 0", -EINVAL);
}

Test(assertions_by_name, groups)
{
    expect("A.files[\"in/f*\"].writes == 3", 0);
    expect("A.files[\"in/f*\"] == 2", 0);
    expect("A.files[\"*\"].writes == 15", 0);
    expect("A.files[\"*/*f*2\"].writes == 1", 0);
    expect("A.files[\"a\\*\\\"b\"].writes == 7", 0);
}

Test(assertions_by_name, findings)
{
    expect("A.findings[\"zero-fill\"] == 2", 0);
    expect("A.findings[\"zero-fill\"].calls == 6", 0);
    expect("A.findings[\"zero-fill\"].saving.calls == 4", 0);
    expect("A.findings[\"zero-fill\"][\"in/f1\"].calls == 2", 0);
    expect("A.findings[\"*\"] == 3", 0);
    expect("A.findings[\"seek-write\"] == 0", 0);
    expect("A.findings[\"seek-write\"].calls == 0", 0);
    expect("A.findings[\"zero-fill\"][\"in/f2\"] == 0", 0);
    expect("A.findings[\"seek-write\"].callz == 0", -EINVAL);
    expect("A.findings[\"zero-fil\"] == 0", -EINVAL);
    expect("B.findings[\"zero-fill\"] == 0", -EINVAL);
}

Test(assertions_by_name, processes)
{
    expect("A.processes <= 3", 0);
    expect("A.processes[\"cp\"] == 2", 0);
    expect("A.processes[\"cp\"].calls == 5", 0);
    expect("A.process_table[\"cp\"].calls == 5", 0);
    expect("A.processes[\"ls\"] == 0", 0);
    expect("A.processes[\"ls\"].calls == 0", -EINVAL);
}

Test(assertions_by_name, causes)
{
    expect("causes[\"zero-fill\"].calls == 4", 0);
    expect("causes[\"zero-fill\"].bytes_diff == 400", 0);
    expect("causes[\"TABLE.ms/*\"].calls_diff == 4", 0);
    expect("causes[\"zero-fill\"][\"in/f1\"].calls == 0", 0);
    expect("causes[\"write\"].calls == -1", 0);
    expect("causes[\"*\"] == 2", 0);
    expect("causes[\"locking\"].calls == 0", 0);
    expect("causes[\"fsync\"].calls == 0", 0);
    expect("causes[\"redundant seek\"].calls == 0", 0);
    expect("causes[\"a*\\\"b\"].calls == 0", 0);
    expect("causes[\"zero-fil\"].calls == 0", -EINVAL);
    expect("causes[\"fsync\"].callz == 0", -EINVAL);
}

Test(assertions_by_name, what_cannot_be_read)
{
    static const char *const bad[] = {"A.files[] == 0",      "A.files[\"x] == 0",         "A.files[\"x\" == 0",
                                      "A.files[x] == 0",     "A.files[\"x\"]writes == 0", "A.files[\"x\"]. == 0",
                                      "A.[\"x\"] == 0",      "A.files.[\"x\"] == 0",      "A.writes[\"x\"] == 0",
                                      "A.total[\"x\"] == 0", "A.files[\"\"] == 0",        "causes == 0",
                                      "causes.calls == 0",   "A.causes[\"x\"] == 0",      "A.files[\"x\\\"] == 0"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        expect(bad[i], -EINVAL);
}

Test(assertions_by_name, a_cause_is_of_both_runs)
{
    char why[SC_ASSERT_TEXT] = "";
    struct sc_assertion assertion;
    json_t *json = json_loads(document, 0, NULL);
    cr_assert_eq(sc_assert_parse("causes[\"zero-fill\"].calls == 4", &assertion, why), 0);
    cr_expect_eq(sc_assert_check(&assertion, json, false, why), 1);
    cr_expect_not_null(strstr(why, "killed by SIGABRT"));
    json_decref(json);
}
