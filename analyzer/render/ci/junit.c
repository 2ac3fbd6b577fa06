/* A run held against a baseline, as JUnit XML: a count is a test case, and so is the run itself. */
#include <inttypes.h>

#include "../growth_text.h"
#include "../render.h"
#include "escape.h"

static void put_message(FILE *out, const struct sc_growth *growth)
{
    char was[SC_GROWTH_TEXT], change[SC_GROWTH_TEXT];
    fprintf(out, "%s -&gt; %" PRId64 ", %s, limit %s", sc_growth_was(growth, was), growth->now,
            sc_growth_change(growth, change), growth->limit);
}

static void put_causes(FILE *out, const struct sc_report_baseline *held)
{
    size_t causes = sc_held_causes(held);
    char change[SC_GROWTH_TEXT];
    if (!causes)
        return;
    fputs("    <system-out>What it comes from:\n", out);
    for (size_t i = 0; i < causes && i < SC_GROWTHS_SHOWN; i++) {
        sc_put_xml(out, held->others[i].key);
        fprintf(out, " %s\n", sc_growth_change(&held->others[i], change));
    }
    if (causes > SC_GROWTHS_SHOWN)
        fprintf(out, "and %zu more\n", causes - SC_GROWTHS_SHOWN);
    fputs("</system-out>\n", out);
}

static void begin_case(FILE *out, const struct sc_report_baseline *held, const char *name)
{
    fputs("    <testcase classname=\"", out);
    sc_put_xml(out, held->file);
    fputs("\" name=\"", out);
    sc_put_xml(out, name);
    fputs("\"", out);
}

/* JUnit knows no warning: a soft limit is a failure of that type, and the exit status tells them apart. */
static void growth_case(FILE *out, const struct sc_report_baseline *held, const struct sc_growth *growth)
{
    begin_case(out, held, growth->key);
    if (growth->verdict == SC_PASS) {
        fputs("/>\n", out);
        return;
    }
    fprintf(out, ">\n      <failure type=\"%s\" message=\"", sc_verdict_word(growth->verdict));
    put_message(out, growth);
    fputs("\"/>\n    </testcase>\n", out);
}

static void run_case(FILE *out, const struct sc_report_baseline *held)
{
    begin_case(out, held, "the run is whole");
    if (!held->problems.count) {
        fputs("/>\n", out);
        return;
    }
    fputs(">\n      <error type=\"incomplete\" message=\"", out);
    for (size_t i = 0; i < held->problems.count; i++) {
        fputs(i ? "; " : "", out);
        sc_put_xml(out, held->problems.items[i]);
    }
    fputs("\"/>\n    </testcase>\n", out);
}

void sc_render_held_junit(FILE *out, const struct sc_report_baseline *held)
{
    size_t failures = 0;
    while (failures < held->held_count && held->held[failures].verdict != SC_PASS)
        failures++;
    char numbers[120];
    snprintf(numbers, sizeof numbers, "tests=\"%zu\" failures=\"%zu\" errors=\"%d\"", held->held_count + 1, failures,
             held->problems.count > 0);
    fprintf(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites %s>\n  <testsuite name=\"syscap: ", numbers);
    sc_put_xml(out, held->source);
    fprintf(out, "\" %s>\n", numbers);
    run_case(out, held);
    for (size_t i = 0; i < held->held_count; i++)
        growth_case(out, held, &held->held[i]);
    put_causes(out, held);
    fputs("  </testsuite>\n</testsuites>\n", out);
}
