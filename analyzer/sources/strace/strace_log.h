/*
 * strace_log.h: what the files of the strace source share; private to analyzer/sources.
 *
 * From bytes to events:
 *     strace_input    files to lines, in bounded memory; strace_family merges the files of strace -ff by time
 *     strace_prefix   what strace prints before a call: pid, time, number, instruction pointer
 *     strace_line     what a line is: a call, half a call, a signal, an exit, a message, or nothing of strace's
 *     strace_call     name(arguments) = result; strace_args and strace_struct read arguments by their kinds
 *     strace_requests requests that are no calls
 *     strace_process  which thread and process a line belongs to, and what became of them
 */
#ifndef SC_STRACE_LOG_H
#define SC_STRACE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "../requests.h"
#include "../source.h"

enum {
    SC_STRACE_BUFFER = 1 << 20,        /* read at once from a single log */
    SC_STRACE_FAMILY_BUFFER = 1 << 16, /* and from each of a family */
    SC_STRACE_LINE_MAX = 16 << 20,     /* a longer line is cut there, and counted */
    SC_STRACE_PAD = 64,                /* readable bytes behind each text, so that words can be loaded whole */
    SC_STRACE_UNSEEN_MAX = 4096,       /* children remembered of whom no line was seen */
};

#define SC_STRACE_NO_TIME UINT64_MAX

/* A piece of a line. */
struct sc_span {
    const char *at;
    size_t len;
};

static inline bool sc_span_begins(struct sc_span span, const char *with)
{
    size_t len = strlen(with);
    return span.len >= len && memcmp(span.at, with, len) == 0;
}

static inline bool sc_span_ends(struct sc_span span, const char *with)
{
    size_t len = strlen(with);
    return span.len >= len && memcmp(span.at + span.len - len, with, len) == 0;
}

static inline bool sc_span_is(struct sc_span span, const char *text)
{
    return span.len == strlen(text) && memcmp(span.at, text, span.len) == 0;
}

/* ---- strace_arena.c: text that lives until the next batch ---- */

struct sc_strace_block;
struct sc_strace_arena {
    struct sc_strace_block *blocks; /* the newest first; the oldest is kept over batches */
    char *at;
    size_t room;
};

/* Room for len bytes and SC_STRACE_PAD more at arena->at; take what was used with sc_strace_arena_take. NULL: no
 * memory. */
char *sc_strace_arena_room(struct sc_strace_arena *arena, size_t len);
static inline void sc_strace_arena_take(struct sc_strace_arena *arena, size_t len)
{
    arena->at += len;
    arena->room -= len;
}
void sc_strace_arena_reset(struct sc_strace_arena *arena);
void sc_strace_arena_free(struct sc_strace_arena *arena);

/* ---- strace_names.c: looking up names ---- */

struct sc_strace_names;
struct sc_strace_names *sc_strace_names_new(void);
void sc_strace_names_free(struct sc_strace_names *names);
/* name must have SC_STRACE_PAD readable bytes behind it. NULL where the table has no such call. */
const struct sc_call_desc *sc_strace_call_named(const struct sc_strace_names *names, const char *name, size_t len);
/* sc_parse_value, remembering what was asked before. */
int sc_strace_value(struct sc_strace_names *names, unsigned kind, struct sc_span text, int64_t *ret_value);
/* The number of a signal's name as strace prints it ("SIGABRT", "SIGRT_3"), or 0. */
int sc_strace_signal(struct sc_span name);

/* ---- strace_scan.c: finding where things end ---- */

/* p stands on the opening quote: behind the closing one, or NULL. */
const char *sc_strace_string_end(const char *p, const char *end);
/* The bytes of what stands between quotes, in the arena or the text itself. 0 or -ENOMEM. */
int sc_strace_unescape(struct sc_strace_arena *arena, struct sc_span quoted, struct sc_span *ret_bytes);
/* p stands on the '<' behind a descriptor: behind the '>', or NULL. */
const char *sc_strace_angle_end(const char *p, const char *end);
/* The comma or closing bracket that ends what begins at p, or end. */
const char *sc_strace_item_end(const char *p, const char *end);
/* strace's numbers: decimal, 0x, octal with a leading 0. NULL where there is none, else behind it. */
const char *sc_strace_number(const char *p, const char *end, int64_t *ret_value);
/* "12.000345" as nanoseconds; NULL where there is no such thing, else behind it. */
const char *sc_strace_seconds(const char *p, const char *end, uint64_t *ret_ns);
/* The value of key= in a structure's text, at its outermost level. */
bool sc_strace_field(struct sc_span structure, const char *key, struct sc_span *ret_value);

/* ---- strace_prefix.c ---- */

struct sc_strace_prefix {
    int32_t tid;   /* 0: none printed */
    bool has_time; /* time_ns holds a clock's time */
    bool time_of_day;
    bool has_delta; /* delta_ns holds the time since the line before */
    uint64_t time_ns;
    uint64_t delta_ns;
    uint64_t ip;
    struct sc_span body;
};
void sc_strace_prefix(struct sc_span line, struct sc_strace_prefix *ret_prefix);

/* ---- strace_input.c: lines of one file ---- */

struct sc_strace_input {
    char *path;
    int32_t tid;           /* of a family's file, 0: a single log */
    int fd;                /* -1 between two reads of a family's file */
    struct sc_input *held; /* a family's packed file, unpacked */
    char *data;
    size_t begin, end, capacity;
    uint64_t bytes;                 /* of a family's file */
    uint64_t offset;                /* in the file, of what is read next */
    uint64_t line_number;           /* of line */
    struct sc_span line;            /* where has_line */
    struct sc_strace_prefix prefix; /* of line */
    uint64_t when;                  /* the line's time on the input's clock, or the last known */
    uint64_t last_clock, days;
    uint64_t relative; /* sum of -r's differences */
    bool has_line, line_cut, skipping, at_end;
};

/* 1 and input->line, 0 where more must be read first (which moves what lines point to), -1 at the end. */
int sc_strace_input_line(struct sc_strace_input *input);
/* Reads on. 0 or -errno. */
int sc_strace_input_fill(struct sc_strace_input *input, size_t first_capacity);
void sc_strace_input_free(struct sc_strace_input *input);

/* ---- strace_family.c: the files of strace -ff ---- */

struct sc_strace_family {
    struct sc_strace_input *inputs; /* in order of their beginning */
    size_t count;
    size_t started; /* those before it were opened */
    size_t *heap;   /* inputs that have lines left, by time */
    size_t heap_count;
    bool merge;     /* by time; else one after the other */
    uint64_t total; /* bytes */
};

/* Files path.N, packed or not. 0 and *ret_count of them (maybe 0), or -errno. */
int sc_strace_family_find(const char *path, struct sc_strace_input **ret_inputs, size_t *ret_count,
                          uint64_t *ret_total);
/* Unpacks those that are packed. 0, or -errno and ret_error. */
int sc_strace_family_take(struct sc_strace_family *family, struct sc_error *ret_error);
int sc_strace_family_order(struct sc_strace_family *family);
/* The input whose line comes next (has_line set): 1; 0 where may_fill is false and reading is needed; -1 at the end;
   or an error below -1. */
int sc_strace_family_next(struct sc_strace_family *family, bool may_fill, struct sc_strace_input **ret_input);
void sc_strace_family_free(struct sc_strace_family *family);

/* ---- strace_process.c ---- */

enum sc_startup { SC_STARTUP_OVER, SC_STARTUP_LOADING, SC_STARTUP_CONSTRUCTORS };

/* What is known of the loader's work for the program that a process runs. */
struct sc_strace_start {
    enum sc_startup state;
    bool cpp_runtime;
    int64_t cache_fd; /* of ld.so.cache; -1: not opened yet */
    int64_t cache_address;
};

enum sc_pending { SC_PENDING_NONE, SC_PENDING_UNFINISHED, SC_PENDING_HELD };

/* A command line. */
struct sc_strace_words {
    char **items; /* NULL-terminated; or NULL */
    size_t count;
    bool cut, elided; /* see sc_run */
};

struct sc_strace_process {
    uint32_t number;
    uint32_t program; /* see sc_run_program */
    int32_t pid;
    uint32_t live; /* threads that have not ended */
    uint32_t refs; /* threads that point here, those announced included */
    int exit_code; /* of the last exit_group, -1: none */
    struct sc_strace_start start;
    bool execed;
    bool ended;
    char *command;
    struct sc_strace_words argv; /* of a child's last execve */
};

struct sc_strace_thread {
    int32_t tid; /* 0: not known yet */
    uint32_t number;
    bool seen;                         /* has numbers; else only announced by its parent's call */
    bool announced_thread;             /* where not seen: what it will be */
    struct sc_strace_process *process; /* where not seen: the parent's */
    uint8_t pending;                   /* enum sc_pending: the first part of a call that has not ended */
    bool has_start;
    uint64_t start_ns, site;
    const struct sc_call_desc *pending_desc;
    size_t pending_name_len;
    char *text;
    size_t text_len, text_capacity;
    int32_t child; /* taken for the child of the pending call */
    /* the list of those whose pending call makes a child, and of some whose did until lately */
    struct sc_strace_thread *next_maker, **maker_link; /* maker_link: what points here; NULL: not in the list */
};

/* What the calls show of those that are not in the log. */
struct sc_strace_seen {
    uint64_t children_made, threads_made;
    bool failed, went_well, mapped, exits;
    bool used_own, opened; /* descriptors that a program gets by opening something, and what opens one */
    bool loader, preload;  /* the loader's look at ld.so.cache and at ld.so.preload */
};

struct sc_strace_log {
    struct sc_source source;
    struct sc_strace_family family;
    struct sc_strace_names *names;
    struct sc_strace_arena arena;
    int failure; /* -errno from deep below, reported by next */

    struct sc_event *events; /* the caller's */
    size_t count, capacity;
    struct sc_event *overflow;
    size_t overflow_count, overflow_at, overflow_capacity;
    struct sc_event scratch;
    struct sc_strace_input *input; /* whose line is being read */

    struct sc_strace_thread **table; /* by tid, open addressing */
    size_t table_size, table_used, unseen;
    struct sc_strace_thread *makers;
    uint64_t strangers, looked;    /* threads that nobody had told of; bytes looked at to find their parents */
    struct sc_strace_thread *root; /* NULL once it ended */
    struct sc_strace_thread *current;
    struct sc_strace_thread *held; /* the last thread whose call was broken off in mid-line */
    uint32_t live_threads;
    bool has_root;
    bool multi; /* children are traced as well */
    bool first_call_seen;
    bool from_exec; /* it begins with the execve of the root's program */
    bool in_table;  /* the table of strace -C has begun */

    struct sc_requests requests;
    struct sc_strace_seen seen;
    uint64_t unparsed, glued, long_lines, unfinished, injected;
    char **notes; /* the first lines that could not be parsed */
    size_t note_count;
    bool finished;
};

/* Room for one event; it counts once committed. Never NULL: without memory it is the scratch and failure is set. */
struct sc_event *sc_strace_slot(struct sc_strace_log *log);
void sc_strace_commit(struct sc_strace_log *log, const struct sc_event *slot);

/* The thread a line belongs to; registers and announces it. resume: the line is "<... name resumed>". NULL: no memory.
 */
struct sc_strace_thread *sc_strace_thread_of(struct sc_strace_log *log, const struct sc_strace_prefix *prefix,
                                             bool resume);
/* It, if it is known already: no event comes of asking. */
struct sc_strace_thread *sc_strace_thread_known(struct sc_strace_log *log, const struct sc_strace_prefix *prefix);
void sc_strace_thread_ended(struct sc_strace_log *log, struct sc_strace_thread *thread, struct sc_end end);
void sc_strace_superseded(struct sc_strace_log *log, struct sc_strace_thread *thread, int32_t by);
/* A child of parent: of its clone or fork, or named by strace as attached (parent NULL). */
void sc_strace_child(struct sc_strace_log *log, struct sc_strace_thread *parent, int32_t tid, bool as_thread);
void sc_strace_attached(struct sc_strace_log *log, int32_t tid);
/* How a child ended of whom nothing else is known. */
void sc_strace_child_end(struct sc_strace_log *log, int32_t pid, struct sc_end end);
void sc_strace_processes_finish(struct sc_strace_log *log);
void sc_strace_process_unref(struct sc_strace_process *process);
void sc_strace_processes_free(struct sc_strace_log *log);
int sc_strace_keep_pending(struct sc_strace_thread *thread, struct sc_span text, uint8_t state);
/* Ends what the thread had begun, as never seen to end. */
void sc_strace_drop_pending(struct sc_strace_log *log, struct sc_strace_thread *thread);

/* ---- strace_threads.c: the table of threads ---- */

/* The thread's pending call makes a child. */
void sc_strace_maker_add(struct sc_strace_log *log, struct sc_strace_thread *thread);
void sc_strace_maker_remove(struct sc_strace_thread *thread);
struct sc_strace_thread *sc_strace_table_get(const struct sc_strace_log *log, int32_t tid);
int sc_strace_table_put(struct sc_strace_log *log, struct sc_strace_thread *thread);
void sc_strace_table_remove(struct sc_strace_log *log, int32_t tid);
void sc_strace_thread_free(struct sc_strace_thread *thread);

/* ---- strace_line.c ---- */

void sc_strace_line(struct sc_strace_log *log, struct sc_strace_input *input);
void sc_strace_note(struct sc_strace_log *log, const char *what);

/* ---- strace_call.c ---- */

enum sc_shape {
    SC_SHAPE_NONE,       /* no call */
    SC_SHAPE_CALL,       /* complete; the event is filled but for whose it is and when it began */
    SC_SHAPE_UNFINISHED, /* ends with <unfinished ...>; body_len tells what to keep */
    SC_SHAPE_OPEN,       /* begins like a known call and breaks off */
};

struct sc_strace_parsed {
    const struct sc_call_desc *desc; /* NULL where unknown */
    size_t name_len;
    size_t body_len; /* UNFINISHED: without strace's remark */
    bool glued;      /* something else stood in the line */
};

enum sc_shape sc_strace_call(struct sc_strace_log *log, struct sc_span body, struct sc_event *event,
                             struct sc_strace_parsed *ret_parsed);
/* How many bytes at the beginning can be a call's name. */
size_t sc_strace_name_begins(struct sc_span body);
/* The length of the name in front of '(', or 0. */
size_t sc_strace_name_len(struct sc_span body);
/* "= result" and what follows it: fills the event. false where it is none. */
bool sc_strace_result(struct sc_strace_log *log, const char *p, const char *end, struct sc_event *event);
/* Arguments from p up to the closing bracket (returned) or end; fills the event's arguments. */
const char *sc_strace_args(struct sc_strace_log *log, const char *p, const char *end, struct sc_event *event);
/* What stands behind a pointer, by kind. */
/* What strace -y printed beside a descriptor: p stands on '<'. */
void sc_strace_descriptor_text(struct sc_strace_log *log, struct sc_arg *arg, const char *p, const char *end);
void sc_strace_extras(struct sc_strace_log *log, struct sc_event *event, struct sc_arg *arg, struct sc_span text);
/* The bytes of a buffer or of its parts, as printed: enum sc_data, by *bytes of them, which are then those of all
 * parts. */
unsigned sc_strace_bytes(struct sc_strace_log *log, struct sc_span buffer, uint64_t *bytes, bool *ret_cut);
/* What was written, by the strings printed. */
void sc_strace_data(struct sc_strace_log *log, struct sc_event *event);

/* ---- strace_requests.c: a call that handed them over, whose event is complete; one that told of their ends ---- */

void sc_strace_submitted(struct sc_strace_log *log, struct sc_event *event);
void sc_strace_ended(struct sc_strace_log *log, const struct sc_event *event);

/* ---- strace_startup.c ---- */

/* Follows the calls of a process: is this one start-up? */
bool sc_strace_startup(struct sc_strace_log *log, struct sc_strace_process *process, const struct sc_event *event);
/* Keeps the command line of an execve: the root's of its first one, a child's of its last one. */
void sc_strace_command(struct sc_strace_log *log, struct sc_strace_process *process, const struct sc_event *event);
void sc_strace_words_free(struct sc_strace_words *words);
/* An execve that is no call of the log: it only says what the process runs, see SC_STATED_EXEC. */
bool sc_strace_is_stated(const struct sc_event *event);
/* The root's pid in a log without pids, from the call that tells it: libc's start makes one. */
void sc_strace_root_pid(struct sc_strace_log *log, const struct sc_event *event);

/* ---- strace_missing.c: calls that strace left out ---- */

void sc_strace_see(struct sc_strace_log *log, const struct sc_event *event, bool child, bool as_thread);
void sc_strace_warn_missing(struct sc_strace_log *log);
/* Takes text over. */
void sc_strace_warn(struct sc_strace_log *log, char *text);

/* ---- strace_recognise.c ---- */

bool sc_strace_recognise(const char *path, const unsigned char *head, size_t len);

#endif
