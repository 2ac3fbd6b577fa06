#include "ledger_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../model/array.h"
#include "../model/intern.h"
#include "../model/request_names.h"
#include "../text/format.h"
#include "../text/normalise.h"

enum {
    LINES_MAX = 100000, /* a run with more rows than that shows evidence for the first ones */
    NAMES_MAX = 10000,
    WAY_SHIFT = 14, /* of what is no call: above the number, how it came */
};

struct sc_ledger *sc_ledger_new(const struct sc_ledger_sizes *small)
{
    struct sc_ledger *ledger = calloc(1, sizeof *ledger);
    if (ledger)
        ledger->small = *small;
    return ledger;
}

void sc_ledger_keep_names(struct sc_ledger *ledger)
{
    ledger->keep_names = true;
}

void sc_ledger_free(struct sc_ledger *ledger)
{
    if (!ledger)
        return;
    free(ledger->rows);
    sc_intern_free(&ledger->keys);
    free(ledger->running);
    free(ledger->processes);
    sc_intern_free(&ledger->paths);
    sc_intern_free(&ledger->names);
    sc_intern_free(&ledger->lines);
    sc_intern_free(&ledger->asked);
    free(ledger->pending);
    sc_history_free(&ledger->history);
    if (ledger->normaliser)
        sc_normaliser_free(ledger->normaliser);
    free(ledger);
}

/* What a row stands for. Without gaps, whose bytes would be part of it. */
struct key {
    uint64_t site;
    uint32_t subject, facts;
    uint16_t call, error; /* call: the number, below enum sc_way */
    uint32_t program;
};

static uint16_t call_of(const struct sc_row *row)
{
    return (uint16_t)(row->nr | row->way << WAY_SHIFT);
}

static bool stands_for(const struct sc_row *row, const struct key *key)
{
    return row->subject == key->subject && row->facts == key->facts && call_of(row) == key->call &&
           row->error == key->error && row->site == key->site && row->program == key->program;
}

/* The row of key, made where it is missing. 0 or -ENOMEM. */
static int find_row(struct sc_ledger *ledger, const struct key *key, uint32_t *ret_row)
{
    uint64_t low = key->site ^ (uint64_t)key->facts << 32 ^ (uint64_t)key->program << 20;
    uint64_t high = (uint64_t)key->subject << 32 | (uint32_t)key->call << 16 | key->error;
    uint32_t *cached = &ledger->cache[(low * UINT64_C(0x9e3779b97f4a7c15) ^ high * UINT64_C(0xc2b2ae3d27d4eb4f)) >> 56];
    if (*cached && stands_for(&ledger->rows[*cached - 1], key)) {
        *ret_row = *cached - 1;
        return 0;
    }
    int error = sc_intern_add(&ledger->keys, (const char *)key, sizeof *key, ret_row);
    if (error)
        return -ENOMEM;
    *cached = *ret_row + 1;
    if (*ret_row < ledger->count)
        return 0;
    if (SC_RESERVE(ledger->rows, ledger->capacity, ledger->count + 1))
        return -ENOMEM;
    ledger->rows[ledger->count] = (struct sc_row){.subject = key->subject,
                                                  .facts = key->facts,
                                                  .shortest_ns = UINT64_MAX,
                                                  .nr = key->call & ((1 << WAY_SHIFT) - 1),
                                                  .error = key->error,
                                                  .way = (uint8_t)(key->call >> WAY_SHIFT),
                                                  .program = key->program,
                                                  .site = key->site,
                                                  .begin = SC_OFFSET_UNKNOWN,
                                                  .end = SC_OFFSET_UNKNOWN};
    ledger->count++;
    return 0;
}

/* Which row the event belongs to. 0 or -ENOMEM. */
static int make_key(struct sc_ledger *ledger, const struct sc_run *run, const struct sc_files *files,
                    const struct sc_event *event, const struct sc_access *access, struct key *key)
{
    *key =
        (struct key){.subject = access->file, .call = event->desc->nr, .site = event->site, .program = event->program};
    if (event->stack_depth)
        key->site = sc_attribution_site(&ledger->attribution, run, event);
    bool regular = access->file != SC_NO_FILE && sc_files_get(files, access->file)->regular;
    key->facts = sc_call_facts(&ledger->small, event, access, regular);
    key->error = sc_event_failed(event) ? (uint16_t)-event->result : 0;
    uint32_t id;
    int error = sc_history_facts(&ledger->history, &ledger->small, files, event, access, &key->facts);
    if (!error && access->file == SC_NO_FILE && access->path) {
        error = sc_intern_add(&ledger->paths, access->path, strlen(access->path), &id);
        key->subject = error ? (uint32_t)SC_NO_FILE : SC_SUBJECT_PATH + id;
    }
    if (!error && (event->desc->nr >= SC_NR_LIMIT || !sc_call(event->desc->nr)->name)) {
        bool named = event->name_len > 0; /* a newer capture brings names of its own */
        const char *name = event->desc->name ? event->desc->name : named ? event->name : "unknown";
        error = sc_intern_add(&ledger->names, name, event->desc->name || !named ? strlen(name) : event->name_len, &id);
        key->call = (uint16_t)(SC_NR_LIMIT + (id < NAMES_MAX ? id : NAMES_MAX));
    }
    key->call = (uint16_t)(key->call | event->way << WAY_SHIFT);
    return error == -EOVERFLOW ? 0 : error;
}

/* Without gaps, as struct key. */
struct question {
    uint32_t process, program, subject;
    uint32_t opens; /* or asks */
};

/* Nine programs that each open a file once do not open it again and again. 0 or -ENOMEM. */
static int note_again(struct sc_ledger *ledger, const struct sc_event *event, struct key *key)
{
    enum sc_means means = event->desc->means;
    bool opens = means == SC_MEANS_OPEN && !sc_event_failed(event);
    bool asks = means == SC_MEANS_ASK || means == SC_MEANS_STAT;
    if ((!opens && !asks) || key->subject == SC_NO_FILE || key->facts & (SC_FACT_STARTUP | SC_FACT_RUNTIME))
        return 0;
    struct question question = {event->process, event->program, key->subject, opens};
    size_t before = ledger->asked.count;
    uint32_t id;
    int error = sc_intern_add(&ledger->asked, (const char *)&question, sizeof question, &id);
    if (!error && id < before)
        key->facts |= SC_FACT_AGAIN;
    return error == -EOVERFLOW ? 0 : error;
}

void sc_ledger_show(struct sc_ledger *ledger, const struct sc_run *run, const struct sc_files *files,
                    const struct sc_event *event, const struct sc_access *access, uint32_t number, uint64_t order)
{
    struct sc_row *row = &ledger->rows[number];
    if (row->shown == SC_LEDGER_EVIDENCE || ledger->lines.count >= LINES_MAX)
        return;
    if (!ledger->normaliser) {
        ledger->normaliser = sc_normaliser_new(run, NULL, NULL, NULL, NULL, 0);
        if (!ledger->normaliser)
            return;
        if (ledger->keep_names)
            sc_normaliser_keep_names(ledger->normaliser);
    }
    struct sc_formatter formatter = {.files = files, .normaliser = ledger->normaliser, .access = access};
    size_t len = sc_format_line(&formatter, event, ledger->line, sizeof ledger->line);
    if (sc_intern_add(&ledger->lines, ledger->line, len, &row->lines[row->shown]))
        return;
    row->order[row->shown++] = order;
}

void sc_ledger_touch(struct sc_row *row, int64_t begin, int64_t end)
{
    if (row->begin == SC_OFFSET_UNKNOWN || begin < row->begin)
        row->begin = begin;
    if (row->end == SC_OFFSET_UNKNOWN || end > row->end)
        row->end = end;
}

static void take_time(struct sc_row *row, uint64_t ns)
{
    row->time_ns += ns;
    row->longest_ns = ns > row->longest_ns ? ns : row->longest_ns;
    row->shortest_ns = ns < row->shortest_ns ? ns : row->shortest_ns;
}

static void count(struct sc_row *row, const struct sc_event *event, const struct sc_access *access)
{
    row->calls++;
    if (event->has_duration && row->way == SC_WAY_CALL)
        take_time(row, event->duration_ns);
    if (event->desc->category == SC_CAT_SEEK && event->outcome == SC_DONE && event->result >= 0)
        sc_ledger_touch(row, event->result, event->result);
    if (!sc_event_bytes(event))
        return;
    row->bytes += (uint64_t)event->result;
    row->again += access->again > 0 ? (uint64_t)access->again : 0;
    if (access->offset == SC_OFFSET_UNKNOWN || access->offset > INT64_MAX - event->result)
        return;
    sc_ledger_touch(row, access->offset, access->offset + event->result);
}

int sc_ledger_move(struct sc_ledger *ledger, uint32_t from, uint32_t added, uint64_t ns, uint32_t *ret_to)
{
    const struct sc_row *row = &ledger->rows[from];
    struct key key = {row->site, row->subject, row->facts | added, call_of(row), row->error, row->program};
    int error = find_row(ledger, &key, ret_to);
    if (error)
        return error;
    ledger->rows[from].calls--;
    ledger->rows[from].time_ns -= ns;
    ledger->rows[*ret_to].calls++;
    take_time(&ledger->rows[*ret_to], ns);
    return 0;
}

/* Another program begins in a process at an exec, or is seen at its first call. 0 or -ENOMEM. */
static int follow_program(struct sc_ledger *ledger, const struct sc_event *event)
{
    size_t at = event->process, program = event->program;
    if (at >= ledger->running_capacity && SC_RESERVE_ZERO(ledger->running, ledger->running_capacity, at + 1))
        return -ENOMEM;
    if (event->type != SC_EVENT_CALL) {
        ledger->running[at] = 0;
        return 0;
    }
    if (program == SC_NO_PROGRAM || ledger->running[at] == program + 1)
        return 0;
    if (SC_RESERVE_ZERO(ledger->processes, ledger->processes_capacity, program + 1))
        return -ENOMEM;
    ledger->running[at] = (uint32_t)program + 1;
    ledger->processes[program]++;
    return 0;
}

uint64_t sc_ledger_processes(const struct sc_ledger *ledger, uint32_t program)
{
    return program < ledger->processes_capacity ? ledger->processes[program] : 0;
}

/* Counts it in the row of its key. passes: it is shown, or else its row is not. 0 or -ENOMEM. */
static int put(struct sc_ledger *ledger, const struct sc_run *run, const struct sc_files *files,
               const struct sc_event *event, const struct sc_access *access, struct key *key, bool passes,
               uint32_t *ret_row)
{
    key->facts |= passes ? 0 : SC_FACT_HIDDEN;
    int error = find_row(ledger, key, ret_row);
    if (error)
        return error;
    ledger->order++;
    count(&ledger->rows[*ret_row], event, access);
    if (passes)
        sc_ledger_show(ledger, run, files, event, access, *ret_row, ledger->order);
    return 0;
}

/* It is no call: no program begins with it, and no lseek goes before it. */
static int add_request(struct sc_ledger *ledger, const struct sc_run *run, const struct sc_files *files,
                       const struct sc_event *event, const struct sc_access *access, bool passes)
{
    struct key key;
    uint32_t row;
    if (!event->desc->name && event->way == SC_WAY_AIO)
        return 0;
    int error = make_key(ledger, run, files, event, access, &key);
    return error ? error : put(ledger, run, files, event, access, &key, passes, &row);
}

int sc_ledger_add(struct sc_ledger *ledger, const struct sc_run *run, const struct sc_files *files,
                  const struct sc_event *event, const struct sc_access *access, bool passes)
{
    bool before = false;
    if (event->type == SC_EVENT_EXEC)
        sc_runtime_step(&ledger->runtime, run, event, NULL, &before);
    if (event->type == SC_EVENT_REQUEST)
        return add_request(ledger, run, files, event, access, passes);
    bool follows = event->type == SC_EVENT_EXEC || (event->type == SC_EVENT_CALL && passes);
    int error = follows ? follow_program(ledger, event) : 0;
    if (error || event->type != SC_EVENT_CALL)
        return error;
    struct key key;
    uint32_t row = 0;
    error = make_key(ledger, run, files, event, access, &key);
    const char *path = access->file != SC_NO_FILE ? sc_files_get(files, access->file)->path : access->path;
    enum sc_language language =
        event->startup ? SC_NO_LANGUAGE : sc_runtime_step(&ledger->runtime, run, event, path, &before);
    uint32_t facts = language ? SC_FACT_RUNTIME | SC_FACT_LANGUAGE * language : 0;
    key.facts |= facts;
    if (!error)
        error = note_again(ledger, event, &key);
    if (!error)
        error = put(ledger, run, files, event, access, &key, passes, &row);
    if (error)
        return error;
    if (before && ledger->last_row && ledger->last_thread == event->thread)
        error = sc_ledger_move(ledger, ledger->last_row - 1, facts, ledger->last_ns, &(uint32_t){0});
    ledger->last_row = row + 1;
    ledger->last_thread = event->thread;
    ledger->last_ns = sc_event_took(event);
    return error ? error : sc_ledger_pair_seeks(ledger, run, files, event, access, row);
}

void sc_ledger_finish(struct sc_ledger *ledger)
{
    size_t kept = 0;
    for (size_t i = 0; i < ledger->count; i++)
        if (!(ledger->rows[i].facts & SC_FACT_HIDDEN))
            ledger->rows[kept++] = ledger->rows[i];
    ledger->count = kept;
}

size_t sc_ledger_rows(const struct sc_ledger *ledger, const struct sc_row **ret_rows)
{
    *ret_rows = ledger->rows;
    return ledger->count;
}

const char *sc_ledger_call(const struct sc_ledger *ledger, const struct sc_row *row)
{
    if (row->nr < SC_NR_LIMIT)
        return row->way ? sc_request_name((enum sc_way)row->way, sc_call(row->nr)) : sc_call(row->nr)->name;
    return row->nr < SC_NR_LIMIT + NAMES_MAX ? sc_intern_text(&ledger->names, (uint32_t)row->nr - SC_NR_LIMIT)
                                             : "unknown";
}

const char *sc_ledger_path(const struct sc_ledger *ledger, const struct sc_files *files, const struct sc_row *row)
{
    if (row->subject == SC_NO_FILE)
        return NULL;
    if (row->subject & SC_SUBJECT_PATH)
        return sc_intern_text(&ledger->paths, row->subject - SC_SUBJECT_PATH);
    const struct sc_file *file = sc_files_get(files, row->subject);
    while (file->same_as != SC_NO_FILE)
        file = sc_files_get(files, file->same_as);
    return file->path;
}

const char *sc_ledger_line(const struct sc_ledger *ledger, uint32_t line)
{
    return sc_intern_text(&ledger->lines, line);
}
