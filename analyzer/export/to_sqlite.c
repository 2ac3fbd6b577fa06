/* to_sqlite.c: a database of tables, calls among them, to be asked in SQL (docs/SQLITE.md). */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../model/array.h"
#include "../model/index.h"
#include "../model/intern.h"
#include "../passes/thread_numbers.h"
#include "call_fields.h"
#include "sqlite_tables.h"

enum { STACK_SITES = 256 }; /* more frames are no call stack but a recursion */

struct database {
    sqlite3 *db;
    struct sc_rows calls, requests, files, sites, stacks, threads, modules;
    /* Ids of all runs follow each other: those of this run begin behind these. */
    int64_t first_file, first_site, first_stack, first_module;
    /* Of this run: */
    struct sc_intern paths; /* of files */
    uint32_t *file_of;      /* by number in the model: the path's, + 1; 0: not looked up yet */
    size_t file_of_capacity;
    struct sc_index addresses; /* their sites */
    struct sc_index symbols;   /* by their pointer: their sites */
    uint32_t site_count;
    struct sc_intern call_stacks; /* arrays of sites */
    struct sc_intern module_keys;
    struct sc_thread_numbers numbers;
    uint64_t *thread_calls; /* by number in the source */
    int32_t *tids;
};

/* What a database of somebody else's holds can't be made again from a capture. */
static bool may_replace(const char *path)
{
    enum { HEAD = 72, ID = 68 }; /* https://sqlite.org/fileformat.html, 1.3 */
    unsigned char head[HEAD];
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return errno == ENOENT;
    ssize_t bytes = read(fd, head, sizeof head);
    close(fd);
    uint32_t id = (uint32_t)head[ID] << 24 | (uint32_t)head[ID + 1] << 16 | (uint32_t)head[ID + 2] << 8 | head[ID + 3];
    return bytes == 0 || (bytes == HEAD && memcmp(head, "SQLite format 3", 16) == 0 && id == SC_SQLITE_APPLICATION);
}

static int open_tables(struct database *state)
{
    sqlite3 *db = state->db;
    int error = sc_rows_open(db, "calls", &state->calls);
    error = error ? error : sc_rows_open(db, "requests", &state->requests);
    error = error ? error : sc_rows_open(db, "files", &state->files);
    error = error ? error : sc_rows_open(db, "sites", &state->sites);
    error = error ? error : sc_rows_open(db, "stacks", &state->stacks);
    error = error ? error : sc_rows_open(db, "threads", &state->threads);
    return error ? error : sc_rows_open(db, "modules", &state->modules);
}

static int begin(struct sc_export *export)
{
    if (!may_replace(export->path)) {
        export->why = "it is no export, and would be lost";
        return -EEXIST;
    }
    struct database *state = export->state = calloc(1, sizeof *state);
    if (!state)
        return -ENOMEM;
    int error =
        sc_sqlite_error(sqlite3_open_v2(export->target, &state->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL));
    char head[128];
    snprintf(head, sizeof head, "PRAGMA application_id = %d; PRAGMA user_version = %d;", SC_SQLITE_APPLICATION,
             SC_SQLITE_SCHEMA);
    /* The file takes its place when it is whole, or is thrown away: nobody needs a journal. Rows are appended: large
     * pages have less to do. */
    if (!error)
        error =
            sc_sqlite_do(state->db, "PRAGMA page_size = 16384; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; "
                                    "PRAGMA locking_mode = EXCLUSIVE;");
    error = error ? error : sc_sqlite_do(state->db, head);
    error = error ? error : sc_sqlite_do(state->db, "BEGIN");
    error = error ? error : sc_sqlite_do(state->db, sc_sqlite_calls);
    error = error ? error : sc_sqlite_do(state->db, sc_sqlite_schema);
    error = error ? error : open_tables(state);
    return error ? error : sc_sqlite_report(state->db, export->report);
}

/* The row of a file; counted: what the report has of it, or NULL. */
static int add_file(struct database *state, unsigned run, const char *path, const struct sc_report_file *counted,
                    uint32_t *ret_file)
{
    static const struct sc_report_file none;
    struct sc_rows *table = &state->files;
    uint32_t before = state->paths.count;
    int error = sc_intern_add(&state->paths, path, strlen(path), ret_file);
    if (error || state->paths.count == before)
        return error;
    const struct sc_file_counts *counts = counted ? &counted->counts : &none.counts;
    const uint64_t numbers[] = {counts->opens,      counts->reads,           counts->writes,     counts->zero_writes,
                                counts->seeks,      counts->redundant_seeks, counts->bytes_read, counts->bytes_written,
                                counts->zero_bytes, counts->errors,          counts->time_ns};
    sc_rows_number(table, state->first_file + *ret_file);
    sc_rows_number(table, run);
    sc_rows_text(table, path);
    sc_rows_text(table, counted ? counted->first_path : NULL);
    sc_rows_text(table, counted ? counted->role : NULL);
    sc_rows_known(table, counted, counted ? (int64_t)counted->made : 0);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        sc_rows_known(table, counted, (int64_t)numbers[i]);
    return sc_rows_end_row(table);
}

static int add_modules(struct database *state, const struct sc_export_run *run)
{
    for (size_t i = 0; i < run->run->module_count; i++) {
        const struct sc_module_map *map = &run->run->modules[i];
        char id[2 * sizeof map->build_id + 1] = "";
        uint32_t number, before = state->module_keys.count;
        for (uint32_t j = 0; j < map->build_id_bytes && j < sizeof map->build_id; j++)
            snprintf(id + 2 * j, 3, "%02x", map->build_id[j]);
        int error = sc_intern_add(&state->module_keys, map->path, strlen(map->path), &number);
        if (error)
            return error;
        if (state->module_keys.count == before)
            continue; /* mapped by another process too */
        sc_rows_number(&state->modules, state->first_module + number);
        sc_rows_number(&state->modules, run->number);
        sc_rows_text(&state->modules, map->path);
        sc_rows_text(&state->modules, id[0] ? id : NULL);
        error = sc_rows_end_row(&state->modules);
        if (error)
            return error;
    }
    return 0;
}

static int begin_run(struct sc_export *export, const struct sc_export_run *run)
{
    struct database *state = export->state;
    uint32_t number;
    int error = 0;
    for (size_t i = 0; i < run->report->file_count && !error; i++)
        error = add_file(state, run->number, run->report->files[i].path, &run->report->files[i], &number);
    error = error ? error : add_modules(state, run);
    error = error ? error : sc_thread_numbers_make(run->threads, &state->numbers);
    state->thread_calls = calloc(state->numbers.count + 1, sizeof *state->thread_calls);
    state->tids = calloc(state->numbers.count + 1, sizeof *state->tids);
    return error ? error : state->thread_calls && state->tids ? 0 : -ENOMEM;
}

/* The id of a file by its number in the model, SC_NOT_INTERNED for none. */
static int file_id(struct database *state, const struct sc_export_run *run, uint32_t file, uint32_t *ret_id)
{
    *ret_id = SC_NOT_INTERNED;
    if (file == SC_NO_FILE)
        return 0;
    if (SC_RESERVE_ZERO(state->file_of, state->file_of_capacity, (size_t)file + 1))
        return -ENOMEM;
    if (!state->file_of[file]) {
        int error = add_file(state, run->number, sc_last_path(run, file), NULL, ret_id);
        if (error)
            return error;
        state->file_of[file] = *ret_id + 1;
    }
    *ret_id = state->file_of[file] - 1;
    return 0;
}

static int add_site(struct database *state, const struct sc_export_run *run, const struct sc_symbol *symbol,
                    uint32_t site)
{
    struct sc_rows *table = &state->sites;
    const struct sc_frame *frame = symbol->frame_count ? &symbol->frames[sc_symbol_own_frame(symbol)] : NULL;
    uint32_t module =
        symbol->module ? sc_intern_find(&state->module_keys, symbol->module, strlen(symbol->module)) : SC_NOT_INTERNED;
    sc_rows_number(table, state->first_site + site);
    sc_rows_number(table, run->number);
    sc_rows_text(table, symbol->text);
    sc_rows_text(table, frame ? frame->function : NULL);
    sc_rows_text(table, frame ? frame->file : NULL);
    sc_rows_known(table, frame && frame->line, frame ? frame->line : 0);
    sc_rows_known(table, module != SC_NOT_INTERNED, state->first_module + module);
    sc_rows_number(table, (int64_t)symbol->offset);
    return sc_rows_end_row(table);
}

/* The number of the place that an address means. SC_INDEX_NONE where it means none. */
static int site_of(struct database *state, const struct sc_export_run *run, uint64_t address, uint32_t *ret_site)
{
    *ret_site = SC_INDEX_NONE;
    if (!address || !run->symbols)
        return 0;
    *ret_site = sc_index_get(&state->addresses, address);
    if (*ret_site != SC_INDEX_NONE)
        return 0;
    const struct sc_symbol *symbol = sc_symbols_find(run->symbols, address);
    if (!symbol)
        return -ENOMEM;
    int error = 0;
    *ret_site = sc_index_get(&state->symbols, (uintptr_t)symbol);
    if (*ret_site == SC_INDEX_NONE) {
        *ret_site = state->site_count++;
        error = add_site(state, run, symbol, *ret_site);
        error = error ? error : sc_index_put(&state->symbols, (uintptr_t)symbol, *ret_site);
    }
    return error ? error : sc_index_put(&state->addresses, address, *ret_site);
}

static int stack_of(struct database *state, const struct sc_export_run *run, const struct sc_event *event,
                    uint32_t *ret_stack)
{
    uint32_t sites[STACK_SITES], depth = event->stack_depth < STACK_SITES ? event->stack_depth : STACK_SITES;
    uint32_t before = state->call_stacks.count;
    int error = 0;
    *ret_stack = SC_NOT_INTERNED;
    if (!event->stack || !depth || !run->symbols)
        return 0;
    for (uint32_t i = 0; i < depth && !error; i++)
        error = site_of(state, run, event->stack[i], &sites[i]);
    error = error ? error : sc_intern_add(&state->call_stacks, (const char *)sites, depth * sizeof sites[0], ret_stack);
    for (uint32_t i = 0; i < depth && !error && state->call_stacks.count != before; i++) {
        sc_rows_number(&state->stacks, state->first_stack + *ret_stack);
        sc_rows_number(&state->stacks, i);
        sc_rows_known(&state->stacks, sites[i] != SC_INDEX_NONE, state->first_site + sites[i]);
        error = sc_rows_end_row(&state->stacks);
    }
    return error;
}

static void note_thread(struct database *state, const struct sc_event *event)
{
    if (event->thread >= state->numbers.count)
        return;
    state->thread_calls[event->thread]++;
    state->tids[event->thread] = event->tid;
}

/* The numbers of other tables' rows that a call names. */
struct links {
    uint32_t file, second, site, stack;
};

static void add_call(struct database *state, struct sc_rows *table, const struct sc_export_run *run,
                     const struct sc_event *event, const struct sc_access *access, const struct links *links)
{
    struct sc_call_fields fields;
    struct sc_thread_number thread = sc_thread_number_of(&state->numbers, event);
    sc_call_fields(run, event, access, &fields);
    sc_rows_known(table, false, 0); /* SQLite counts */
    sc_rows_number(table, run->number);
    sc_rows_known(table, fields.time_known, (int64_t)fields.start_ns);
    sc_rows_known(table, fields.took_known, (int64_t)fields.took_ns);
    sc_rows_number(table, thread.process);
    sc_rows_number(table, thread.thread);
    sc_rows_text(table, fields.program);
    sc_rows_text(table, fields.call);
    sc_rows_text(table, sc_category_name(event->desc->category));
    sc_rows_known(table, fields.result_known, fields.result);
    sc_rows_text(table, fields.error);
    sc_rows_known(table, links->file != SC_NOT_INTERNED, state->first_file + links->file);
    sc_rows_known(table, links->second != SC_NOT_INTERNED, state->first_file + links->second);
    sc_rows_known(table, fields.offset_known, fields.offset);
    sc_rows_known(table, fields.bytes_known, (int64_t)fields.bytes);
    sc_rows_known(table, access->seek_delta != SC_OFFSET_UNKNOWN && event->desc->category == SC_CAT_SEEK,
                  access->seek_delta);
    sc_rows_text(table, fields.data);
    sc_rows_known(table, links->site != SC_INDEX_NONE, state->first_site + links->site);
    sc_rows_known(table, links->stack != SC_NOT_INTERNED, state->first_stack + links->stack);
}

static int call(struct sc_export *export, const struct sc_export_run *run, const struct sc_event *event,
                const struct sc_access *access)
{
    struct database *state = export->state;
    struct links links;
    if (!sc_event_does(event))
        return 0;
    int error = file_id(state, run, access->file, &links.file);
    if (!error && links.file == SC_NOT_INTERNED && access->path)
        error = add_file(state, run->number, access->path, NULL, &links.file);
    error = error ? error : file_id(state, run, access->second_file, &links.second);
    error = error ? error : site_of(state, run, event->site, &links.site);
    error = error ? error : stack_of(state, run, event, &links.stack);
    if (error)
        return error;
    struct sc_rows *table = event->type == SC_EVENT_CALL ? &state->calls : &state->requests;
    if (event->type == SC_EVENT_CALL)
        note_thread(state, event);
    add_call(state, table, run, event, access, &links);
    return sc_rows_end_row(table);
}

static void forget_run(struct database *state)
{
    state->first_file += state->paths.count;
    state->first_site += state->site_count;
    state->first_stack += state->call_stacks.count;
    state->first_module += state->module_keys.count;
    sc_intern_free(&state->paths);
    sc_intern_free(&state->call_stacks);
    sc_intern_free(&state->module_keys);
    sc_index_free(&state->addresses);
    sc_index_free(&state->symbols);
    state->addresses = state->symbols = (struct sc_index){0};
    state->paths = state->call_stacks = state->module_keys = (struct sc_intern){0};
    free(state->file_of);
    sc_thread_numbers_free(&state->numbers);
    free(state->thread_calls);
    free(state->tids);
    state->file_of = NULL;
    state->file_of_capacity = 0;
    state->thread_calls = NULL;
    state->tids = NULL;
    state->site_count = 0;
}

static int end_run(struct sc_export *export, const struct sc_export_run *run)
{
    struct database *state = export->state;
    int error = 0;
    for (size_t i = 0; i < state->numbers.count && !error; i++) {
        if (!state->thread_calls[i])
            continue;
        sc_rows_number(&state->threads, run->number);
        sc_rows_number(&state->threads, state->numbers.items[i].process);
        sc_rows_number(&state->threads, state->numbers.items[i].thread);
        sc_rows_known(&state->threads, state->tids[i] != 0, state->tids[i]);
        sc_rows_number(&state->threads, (int64_t)state->thread_calls[i]);
        error = sc_rows_end_row(&state->threads);
    }
    forget_run(state);
    return error;
}

static int end(struct sc_export *export, bool failed)
{
    struct database *state = export->state;
    if (!state)
        return 0;
    int error = failed ? 0 : sc_sqlite_do(state->db, sc_sqlite_indexes);
    if (!failed && !error)
        error = sc_sqlite_do(state->db, "COMMIT");
    forget_run(state);
    sc_rows_close(&state->calls);
    sc_rows_close(&state->requests);
    sc_rows_close(&state->files);
    sc_rows_close(&state->sites);
    sc_rows_close(&state->stacks);
    sc_rows_close(&state->threads);
    sc_rows_close(&state->modules);
    int closed = sc_sqlite_error(sqlite3_close(state->db));
    free(state);
    export->state = NULL;
    return error || failed ? error : closed;
}

const struct sc_export_ops sc_export_sqlite = {.name = "sqlite",
                                               .what = "a database to be asked in SQL",
                                               .begin = begin,
                                               .begin_run = begin_run,
                                               .call = call,
                                               .end_run = end_run,
                                               .end = end,
                                               .opens_file = true};
