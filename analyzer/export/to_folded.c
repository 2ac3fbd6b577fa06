/*
 * to_folded.c: a line for each call stack, its frames from the outermost on joined by semicolons, and how much there is
 * of it: what flame graphs are made of. What is kept grows with the different stacks, not with the calls.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../model/array.h"
#include "../model/intern.h"
#include "call_fields.h"

struct folded {
    struct sc_intern stacks;
    uint64_t (*weights)[2]; /* by stack, of both runs */
    size_t capacity;
    char *text; /* the stack under construction */
    size_t used, text_capacity;
    bool no_memory;
};

static int begin(struct sc_export *export)
{
    export->state = calloc(1, sizeof(struct folded));
    return export->state ? 0 : -ENOMEM;
}

/* What parts frames and lines is replaced: no reader of the format knows an escape. */
static void add_frame(struct folded *folded, const char *name)
{
    size_t len = strlen(name);
    if (SC_RESERVE(folded->text, folded->text_capacity, folded->used + len + 1)) {
        folded->no_memory = true;
        return;
    }
    if (folded->used)
        folded->text[folded->used++] = ';';
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)name[i];
        folded->text[folded->used++] = (char)(c == ';' ? ':' : c < ' ' || c == 0x7f ? '?' : c);
    }
}

/* A place without a function, as it is the same in both runs. */
static void add_place(struct folded *folded, const struct sc_symbol *symbol)
{
    char text[300];
    const char *slash = symbol->module ? strrchr(symbol->module, '/') : NULL;
    const char *module = slash ? slash + 1 : symbol->module;
    if (module)
        snprintf(text, sizeof text, "%s+0x%" PRIx64, module, symbol->offset);
    else
        snprintf(text, sizeof text, "[unknown]");
    add_frame(folded, text);
}

static void add_stack(struct folded *folded, const struct sc_export_run *run, const struct sc_event *event)
{
    for (uint32_t i = event->stack_depth; i-- > 0;) {
        const struct sc_symbol *symbol = sc_symbols_find(run->symbols, event->stack[i]);
        if (!symbol) {
            folded->no_memory = true;
            return;
        }
        for (size_t j = symbol->frame_count; j-- > 0;)
            add_frame(folded, symbol->frames[j].function);
        if (symbol->frame_count == 0)
            add_place(folded, symbol);
    }
}

/* Where no stack was recorded: what the call was made on, and what there is to say of it. */
static void add_what(struct folded *folded, const struct sc_export_run *run, const struct sc_call_fields *fields,
                     const struct sc_access *access)
{
    const char *file = fields->file ? fields->file : "(no file)";
    add_frame(folded, sc_normalise_path(run->normaliser, file, strlen(file)));
    if (fields->error)
        add_frame(folded, fields->error);
    else if (fields->data)
        add_frame(folded, fields->data);
    else if (access->redundant_seek)
        add_frame(folded, "redundant");
}

/* Two runs are often of two programs whose work is the same: the first one's name would part all that is below it. */
static const char *program_of(const struct sc_export *export, const struct sc_export_run *run,
                              const struct sc_event *event)
{
    enum sc_program_kind kind;
    const char *name = sc_run_program_name(run->run, event->program, &kind);
    if (!name)
        return "(program)";
    return export->report->run_count > 1 && kind == SC_PROGRAM_ROOT ? "(program)" : name;
}

static uint64_t weight_of(const struct sc_export *export, const struct sc_call_fields *fields)
{
    if (export->ops == &sc_export_folded_bytes)
        return fields->bytes;
    if (export->ops == &sc_export_folded_time)
        return fields->took_known ? fields->took_ns : 0;
    return 1;
}

static int call(struct sc_export *export, const struct sc_export_run *run, const struct sc_event *event,
                const struct sc_access *access)
{
    struct folded *folded = export->state;
    struct sc_call_fields fields;
    uint32_t id;
    if (event->type != SC_EVENT_CALL)
        return 0;
    sc_call_fields(run, event, access, &fields);
    uint64_t weight = weight_of(export, &fields);
    if (!weight)
        return 0;
    folded->used = 0;
    add_frame(folded, program_of(export, run, event));
    if (event->stack && event->stack_depth && run->symbols)
        add_stack(folded, run, event);
    else
        add_what(folded, run, &fields, access);
    add_frame(folded, fields.call);
    if (folded->no_memory)
        return -ENOMEM;
    int error = sc_intern_add(&folded->stacks, folded->text, folded->used, &id);
    if (!error && SC_RESERVE_ZERO(folded->weights, folded->capacity, (size_t)id + 1))
        error = -ENOMEM;
    if (!error)
        folded->weights[id][run->number] += weight;
    return error;
}

static int end(struct sc_export *export, bool failed)
{
    struct folded *folded = export->state;
    if (!folded)
        return 0;
    for (uint32_t i = 0; i < folded->stacks.count && !failed; i++) {
        fprintf(export->out, "%s %" PRIu64, sc_intern_text(&folded->stacks, i), folded->weights[i][0]);
        if (export->report->run_count > 1)
            fprintf(export->out, " %" PRIu64, folded->weights[i][1]);
        putc('\n', export->out);
    }
    sc_intern_free(&folded->stacks);
    free(folded->weights);
    free(folded->text);
    free(folded);
    return 0;
}

const struct sc_export_ops sc_export_folded = {.name = "folded",
                                               .what = "call stacks and how many calls, for flame graphs",
                                               .begin = begin,
                                               .call = call,
                                               .end = end};
const struct sc_export_ops sc_export_folded_bytes = {
    .name = "folded-bytes", .what = "the same by bytes", .begin = begin, .call = call, .end = end};
const struct sc_export_ops sc_export_folded_time = {
    .name = "folded-time", .what = "the same by nanoseconds", .begin = begin, .call = call, .end = end};
