/*
 * report.h: everything that a renderer prints, for one run, two runs or a batch of pairs. Nothing in here points into a
 * source: a report outlives what it was made from, and text and JSON cannot disagree, because they print this only.
 */
#ifndef SC_REPORT_H
#define SC_REPORT_H

#include "counts.h"
#include "files.h"
#include "finding.h"
#include "report_over_time.h"
#include "report_side_by_side.h"
#include "report_sites.h"
#include "run.h"
#include "strings.h"

enum sc_known { SC_NO, SC_YES, SC_NOT_KNOWN };

struct sc_report_file {
    char *path;                    /* as the run knew it in the end */
    char *role;                    /* what it is called on both sides: TABLE.ms/table.f0 */
    char *first_path, *first_role; /* the same of what it was called when it was new, where that is another; or NULL */
    uint64_t made;                 /* files that had the path, one after the other */
    struct sc_file_counts counts;
    struct sc_size_summary sizes;
    struct sc_extent *zeros; /* what was written with zeros: the first merged ranges */
    uint32_t zero_count, zero_total;
};

struct sc_report_child {
    int32_t pid;
    char *command; /* or NULL */
    struct sc_end end;
};

/* As sc_program_sites. */
struct sc_report_program {
    char *program;
    uint64_t found, left;
};

/* One process of a run. Calls as far as they are compared. */
struct sc_report_process {
    uint32_t number, parent; /* in the order of their creation; the root is its own parent */
    int32_t pid;             /* 0: not known */
    char *program;           /* the last that it ran; NULL: not known */
    bool copy;               /* of its parent, which runs that program */
    bool command_cut;
    struct sc_strings command; /* of that program; none where it is not known */
    bool times_known;
    uint64_t begin_ns, end_ns; /* since the run's begin, of its first event and its last */
    struct sc_end end;
    uint64_t calls, bytes, io_ns, waiting_ns; /* io: of the calls that do not wait for others */
};

/* Calls of one kind that failed with one error. */
struct sc_report_failure {
    char *call, *error;
    uint64_t calls[2], time_ns[2];
    struct sc_strings names; /* of files, those alike as one, the most failures first; not all of them */
    size_t name_count;       /* of files, in all */
};

/* What seeks were for: each is one of these. */
struct sc_report_seeks {
    uint64_t redundant, before_write, before_read, other;
};

/* Pages touched through mappings that store into files, of all files together: see struct sc_mapped_pages. */
struct sc_report_mapped {
    uint64_t files, pages;
    uint64_t zero_pages, unseen_pages; /* of these: held zeros; were not looked at */
};

/* How a run makes room in a file, and how often it maps it to share it. */
struct sc_report_allocation {
    char *role;
    const char *allocation; /* "writes zeros into it" */
    uint64_t calls, maps;   /* calls: of the allocation */
};

struct sc_report_run {
    char *label;
    char *source; /* the input as it was named */
    enum sc_run_kind kind;
    enum sc_mode mode;   /* captures only */
    char *recorded_only; /* "--trace=%write_ops --path=*.f0": the rest was left out when it was recorded; or NULL */
    bool command_known, command_cut;
    struct sc_strings command;
    struct sc_end end;
    struct sc_report_child *failed; /* children that did not exit with 0 */
    size_t failed_count;
    bool calls_known; /* the source held calls, not only their counts: processes, writes, reads, files are known */
    uint32_t processes, threads;
    struct sc_report_process *process_table; /* the dearest first */
    size_t process_count;
    uint64_t total;
    bool startup_known;    /* startup_calls means something */
    bool startup_left_out; /* counts leave them out */
    uint64_t startup_calls;
    char *startup_names;         /* "brk 3, futex 1"; NULL where there are none */
    uint64_t runtime_calls;      /* of a language's runtime, behind the start-up */
    char *runtime_names;         /* likewise */
    char *runtime_languages;     /* "Rust", "C++ and Python"; NULL where there are none */
    struct sc_finding *findings; /* those that would save the most calls first */
    size_t finding_count;
    bool findings_known;            /* seeks and ways too */
    uint64_t saved_calls, saved_ns; /* by all findings together at most */
    struct sc_report_seeks seeks;
    struct sc_report_allocation
        *ways; /* by role; files that are neither allocated ahead nor mapped are not among them */
    size_t way_count;
    struct sc_counts counts; /* what is compared */
    bool times_known;
    bool wall_known;
    uint64_t wall_ns;    /* from the first event to the end of the last */
    uint64_t waiting_ns; /* of the calls' time: for other processes, threads, the other end of a pipe, the clock */
    struct sc_coverage coverage;
    struct sc_report_mapped mapped; /* where coverage says that it is known */
    struct sc_strings sites_left;   /* names of the first sites that full mode left alone */
    struct sc_report_program *programs;
    size_t program_count;
    struct sc_untraced_group *untraced;
    size_t untraced_count;
    struct sc_strings uncounted; /* as in sc_run */
    enum sc_known complete;
    struct sc_report_file *files; /* in the order of their first use */
    size_t file_count;
    struct sc_report_sites sites;
    struct sc_report_over_time *over_time; /* where it was asked for; or NULL */
    struct sc_strings problems;            /* why nothing can be concluded from this run: "killed by SIGABRT" */
    bool dead;                             /* the first problem is how it ended */
    struct sc_strings warnings;            /* whole sentences; Run Health shows them */
    struct sc_strings mappings;            /* normalising that took effect */
};

/* Where two runs first part ways: in the first thread that does not do the same. */
struct sc_parting {
    bool parted;
    uint64_t equal; /* calls of this thread before; start-up, languages' runtimes and memory of no file aside */
    uint32_t process, thread;
    char *next[2]; /* each side's next call; NULL: it makes no more */
};

struct sc_report {
    struct sc_report_run runs[2];
    unsigned run_count;
    enum sc_taxonomy taxonomy;
    struct sc_ranking ranking;
    char *filter; /* "--trace=%file --failed": what is counted; of each run total has all calls. NULL: all is */
    /* of two runs: */
    char *name; /* X of the output files; NULL for one run */
    int64_t total_diff;
    bool comparable;
    char *why_not;                 /* NULL where comparable */
    struct sc_strings differences; /* of command line, environment and inputs: "--initialize true / false" */
    struct sc_strings other_names; /* likewise, but both mean the same: "--path rust.ms / cpp.ms" */
    struct sc_cause *causes;       /* the largest first; together with what does not differ they add up to total_diff */
    size_t cause_count;
    struct sc_report_failure *failures; /* of one run too */
    size_t failure_count;
    bool causes_known;                   /* false where one of the runs is dead: nothing can be concluded */
    bool differ;                         /* in any call, or in how they ended */
    struct sc_report_side_by_side sides; /* where they were asked for */
    struct sc_parting parting;           /* where calls were compared one by one */
    struct sc_strings notes;             /* about the comparison as a whole; whole sentences */
    struct sc_strings written;           /* the output files */
};

struct sc_report_batch {
    char *labels[2];
    struct sc_report *pairs;
    size_t pair_count;
    struct sc_strings unpaired;   /* names of files */
    struct sc_strings unreadable; /* "X: why" */
};

void sc_report_free(struct sc_report *report);
void sc_report_process_free(struct sc_report_process *process); /* what it owns */
void sc_report_batch_free(struct sc_report_batch *batch);

/* Of a pair: nothing that was to make a difference made one. Of runs that died or were seen in part nobody knows. */
bool sc_report_is_identical(const struct sc_report *report);

/* It exited, and with status 0. */
bool sc_end_is_good(const struct sc_end *end);

#endif
