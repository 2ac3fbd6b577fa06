#include "format_memo.h"

#include <stdlib.h>

#include "format_internal.h"

enum {
    HASH_BITS = 16,
    /* in a key's call, from bit 0 on: number, what the bytes were, ... */
    DATA_SHIFT = 5,
    WHENCE_SHIFT = 7,
    NULL_BUFFER = 1 << 10,
    KNOWN_STEP = 1 << 11,
    NAME_SHIFT = 12,
    NAMES = 1 << 20,
};

/* By hash: as it is, in a timeline. What a short run does not use of it takes no memory. */
struct sc_memo {
    struct sc_memo_entry entries[1 << HASH_BITS][2];
};

struct sc_memo *sc_memo_new(void)
{
    return calloc(1, sizeof(struct sc_memo));
}

void sc_memo_free(struct sc_memo *memo)
{
    free(memo);
}

static bool is_number(const struct sc_event *event, unsigned i, unsigned kind)
{
    return event->args[i].kind == kind && (event->args[i].state & (SC_ARG_VALUE | SC_ARG_NULL)) == SC_ARG_VALUE;
}

static bool is_buffer(const struct sc_event *event)
{
    return event->args[1].kind == SC_KIND_BUF_IN || event->args[1].kind == SC_KIND_BUF_OUT;
}

static bool is_move(const struct sc_event *event)
{
    return is_buffer(event) && is_number(event, 2, SC_KIND_SIZE) && event->args[2].value >= 0 &&
           event->args[2].value <= UINT32_MAX && event->result == (int32_t)event->result;
}

/* Has the call the arguments that its key counts on? What else a line depends on is one for each number in a run. */
static bool has_plain_arguments(const struct sc_event *event)
{
    switch (event->desc->means) { /* vectors have no buffer */
    case SC_MEANS_READ:
    case SC_MEANS_WRITE: return event->nargs == 3 && is_move(event);
    case SC_MEANS_PREAD:
    case SC_MEANS_PWRITE: return event->nargs == 4 && is_move(event) && is_number(event, 3, SC_KIND_OFF);
    case SC_MEANS_SEEK:
        return event->desc->category == SC_CAT_SEEK && event->nargs == 3 && is_number(event, 1, SC_KIND_OFF) &&
               is_number(event, 2, SC_KIND_WHENCE) && (event->args[2].value & 7) == event->args[2].value;
    default: return false;
    }
}

/* The file's path of now, since that is what stands in the line. */
static uint32_t name_of(const struct sc_formatter *formatter)
{
    return sc_files_get(formatter->files, formatter->access->file)->name;
}

/* Whose file a look at the model or at a text of the source would have to tell is not. */
static bool is_plain(const struct sc_formatter *formatter, const struct sc_event *event)
{
    return event->outcome == SC_DONE && !event->errno_name && !formatter->show_data && formatter->access &&
           formatter->access->file != SC_NO_FILE && name_of(formatter) < NAMES && is_number(event, 0, SC_KIND_FD) &&
           event->args[0].value >= 0;
}

/* By what is known without the model of the files, so that it can be fetched ahead. */
static size_t hash_of(uint64_t call, uint64_t moved, uint64_t offset)
{
    uint64_t hash = call * UINT64_C(0x9e3779b97f4a7c15) ^ moved * UINT64_C(0xff51afd7ed558ccd) ^
                    offset * UINT64_C(0xd6e8feb86659fd93);
    return (hash ^ hash >> 32) * UINT64_C(0x9e3779b97f4a7c15) >> (64 - HASH_BITS);
}

static bool is_seek(const struct sc_event *event)
{
    return event->desc->means == SC_MEANS_SEEK;
}

static uint64_t moved_of(const struct sc_event *event)
{
    return is_seek(event) ? (uint64_t)event->args[1].value
                          : (uint64_t)event->args[2].value << 32 | (uint32_t)event->result;
}

static uint64_t offset_of(const struct sc_event *event)
{
    return is_seek(event) ? (uint64_t)event->result : event->nargs > 3 ? (uint64_t)event->args[3].value : 0;
}

/* Without the file. */
static uint64_t call_of(const struct sc_event *event)
{
    uint64_t call = event->desc->nr | (uint64_t)event->data << DATA_SHIFT;
    if (is_seek(event))
        call |= (uint64_t)event->args[2].value << WHENCE_SHIFT;
    else if (event->args[1].state & SC_ARG_NULL)
        call |= NULL_BUFFER;
    return call;
}

/* By the descriptor: the file is not known yet. */
static size_t hash_ahead(const struct sc_event *event)
{
    uint64_t call = call_of(event) ^ (uint64_t)event->args[0].value << NAME_SHIFT;
    return hash_of(call, moved_of(event), offset_of(event));
}

void sc_memo_fetch(const struct sc_memo *memo, const struct sc_event *event)
{
    if (event->type == SC_EVENT_CALL && has_plain_arguments(event))
        __builtin_prefetch(memo->entries[hash_ahead(event)]);
}

bool sc_memo_places(struct sc_memo *memo, const struct sc_formatter *formatter, const struct sc_event *event,
                    struct sc_memo_place ret_places[2])
{
    if (!is_plain(formatter, event) || !has_plain_arguments(event))
        return false;
    struct sc_memo_key key = {call_of(event), moved_of(event), offset_of(event)};
    key.call |= (uint64_t)name_of(formatter) << NAME_SHIFT;
    size_t hash = hash_ahead(event);
    ret_places[0] = (struct sc_memo_place){key, &memo->entries[hash][0]};
    int64_t step;
    if (sc_step_known(formatter, event, &step)) {
        key.call |= KNOWN_STEP;
        if (is_seek(event))
            key.moved = (uint64_t)step;
        key.offset = is_seek(event) ? 0 : (uint64_t)step; /* a timeline has no lseek's result */
        hash = hash_of(key.call, key.moved, key.offset);
    }
    ret_places[1] = (struct sc_memo_place){key, &memo->entries[hash][1]};
    return true;
}

bool sc_memo_get(const struct sc_memo_place *place, uint32_t *ret_id)
{
    const struct sc_memo_entry *entry = place->entry;
    *ret_id = entry->id - 1;
    return entry->id && entry->key.call == place->key.call && entry->key.moved == place->key.moved &&
           entry->key.offset == place->key.offset;
}

void sc_memo_put(const struct sc_memo_place *place, uint32_t id)
{
    *place->entry = (struct sc_memo_entry){place->key, id + 1};
}
