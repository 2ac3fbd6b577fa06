/*
 * text_util.h: what the text renderers share; private to analyzer/render.
 */
#ifndef SC_TEXT_UTIL_H
#define SC_TEXT_UTIL_H

#include <stdio.h>

#include "../model/difference.h"
#include "../model/report.h"
#include "../model/safe.h"
#include "render.h"

enum sc_emphasis { SC_PLAIN, SC_BOLD, SC_ALARM };

/* So many of a run stand in Run Health, so that the first screen holds what it must; the rest comes later. */
enum { SC_SHOWN_WARNINGS = 4 };

struct sc_screen {
    FILE *out;
    const struct sc_report *report;
    struct sc_style style;
};

/* Switches to an emphasis, or with SC_PLAIN back; nothing without colour. */
void sc_text_emphasis(const struct sc_screen *text, enum sc_emphasis emphasis);

/* Columns that UTF-8 text takes, or near enough. */
size_t sc_text_width(const char *text);

/* A file's role, cut at the front where it is long: the end of a name tells more than its beginning. */
void sc_text_role(FILE *out, const char *role);

/* Text, and blanks up to width. */
void sc_text_padded(FILE *out, const char *text, size_t width);

/* "Rust total syscalls: " padded so that both runs' values begin in the same column. what may be "". */
void sc_text_head(const struct sc_screen *text, unsigned run, const char *what);

/* "+1612 (+1550.0%)"; without a base, or with one of 0, no percentage. Returns text. */
const char *sc_text_diff(uint64_t a, uint64_t b, char *text, size_t capacity);

/* "FILTER: --trace=%file 64 of the 1661 calls of Rust, 58 of the 354 calls of C++" and an empty line; nothing where
 * there is no filter. */
void sc_text_filter(const struct sc_screen *text);

/* A command line as a shell would take it. */
void sc_text_command(FILE *out, const struct sc_strings *command, bool cut);

/* The columns of a process that all tables of them have, from calls to how it ended, and what stands above them. */
void sc_text_process(FILE *out, const struct sc_report_process *process, bool times);
void sc_text_process_head(FILE *out);

/* value as a bar, of which most takes all so many characters. Returns how many are left. bars.c. */
unsigned sc_text_bar(FILE *out, uint64_t value, uint64_t most, unsigned cells, bool utf8);
/* The same beside a number of the summary, with a blank before it and filled up with blanks; nothing in plain ASCII. */
void sc_text_share(const struct sc_screen *text, uint64_t value, uint64_t most, unsigned cells);

/* Of a dead run of a pair nothing is concluded. */
static inline bool sc_text_is_void(const struct sc_report *report, unsigned run)
{
    return report->run_count == 2 && report->runs[run].dead;
}

/* "1.234 ms". Returns text. */
const char *sc_text_time(uint64_t ns, char *text, size_t capacity);

/* "+1.234 ms". Returns text. */
const char *sc_text_time_diff(int64_t ns, char *text, size_t capacity);

/* Digits of the largest of the numbers. */
/* "1/2052/65536": the smallest, the middle and the largest; "-" for what is not known. */
const char *sc_text_sizes(const struct sc_size_summary *sizes, char *text, size_t capacity);

/* How many rows a table shows: what the user asked for, or else so many. */
size_t sc_text_top(const struct sc_report *report, size_t usual);

int sc_text_digits(uint64_t number);

/* Two runs' files side by side, matched by role; b is NULL for one run. */
struct sc_file_pair {
    const char *role;
    const struct sc_report_file *files[2]; /* or NULL */
};
/* All of them, the most different (of one run: the busiest) first; to be freed. NULL where memory is short. */
struct sc_file_pair *sc_pair_files(const struct sc_report *report, size_t *ret_count);

/* Two runs' calls side by side, the most different first; to be freed likewise. */
struct sc_call_pair {
    const char *name;
    enum sc_category category;
    uint64_t calls[2], errors[2], time_ns[2];
    struct sc_size_summary sizes[2];
};
struct sc_call_pair *sc_pair_calls(const struct sc_report *report, size_t *ret_count);

/* Call sites and stacks; call_sites.c. */
void sc_text_sites(const struct sc_screen *text);
/* Where the difference comes from, on the first screen; cause_lines.c. */
void sc_text_processes(const struct sc_screen *text);
void sc_text_failures(const struct sc_screen *text);
void sc_text_causes(const struct sc_screen *text);
/* A line for each language whose runtime makes calls that differ; runtime_lines.c. */
void sc_text_runtimes(const struct sc_screen *text);
/* And what need not be; finding_lines.c. */
void sc_text_findings(const struct sc_screen *text);
/* Of two runs: what one alone does and no number of calls shows, as misaligned writes. */
void sc_text_one_sided(const struct sc_screen *text);
/* Of two runs: the first call that they have not in common; parting_line.c. */
void sc_text_parting(const struct sc_screen *text);
/* What seeks were for, how room is made in files; allocation_lines.c. */
void sc_text_allocation(const struct sc_screen *text);

/* "at most 4 pages (16384 bytes) written through memory, 1 of them holds zeros"; and of the runs, where one has mapped
 * a file so. mapped_lines.c. */
void sc_text_mapped_pages(FILE *out, const struct sc_report_mapped *mapped);
void sc_text_mapped(const struct sc_screen *text);

/* The sections behind the first screen; details.c. */
void sc_text_details(const struct sc_screen *text);

#endif
