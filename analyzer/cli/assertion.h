/*
 * assertion.h: expressions over the JSON of a report: "A.writes.zero <= B.writes.zero", "A.total < 500".
 *
 * Operands are 64-bit integers, or A. or B. and a key path into that run's object. A known
 * system call that did not occur counts 0. Files, findings and processes, and the causes of a comparison, go by name:
 * A.files["TABLE.ms/table.f0"].writes, A.findings["zero-fill"], causes["zero-fill"].calls; a star is any bytes, what is
 * of several is their sum, and without a key behind the name it is how many there are. Looking the keys up in the very
 * object that is printed keeps the two from disagreeing.
 */
#ifndef SC_ASSERTION_H
#define SC_ASSERTION_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

enum { SC_ASSERT_TEXT = 1024 };

enum { SC_BOTH_RUNS = '=' }; /* the comparison */

struct sc_operand {
    char run; /* 'A', 'B', SC_BOTH_RUNS, or 0 for a number */
    int64_t number;
    const char *path; /* inside the expression, not NUL-terminated */
    size_t path_len;
};

enum sc_comparator { SC_LT, SC_LE, SC_GT, SC_GE, SC_EQ, SC_NE };

struct sc_assertion {
    const char *text; /* the expression, the caller's */
    struct sc_operand left, right;
    enum sc_comparator comparator;
};

/* 0, or -EINVAL and in why (SC_ASSERT_TEXT bytes) one line that says what is wrong with it. */
int sc_assert_parse(const char *text, struct sc_assertion *ret_assertion, char *why);

/*
 * Holds it for that report? 0 yes; 1 no, or a run of it did not end well or was not seen completely and
 * allow_incomplete is false; -EINVAL where a key is unknown, null or no number, or a run is not there. why says so in
 * one line, with both values.
 */
int sc_assert_check(const struct sc_assertion *assertion, const json_t *report, bool allow_incomplete, char *why);

/* Does it ask for something by its name, which is the normalised one? */
bool sc_assert_names(const struct sc_assertion *assertion);

#endif
