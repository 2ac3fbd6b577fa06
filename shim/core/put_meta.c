/* put_meta.c: records that are no calls, from the calling thread: to its writer, or where they stay (kept.h). */
#include "kept.h"
#include "ring.h"

void sc_put_meta(unsigned type, const void *head, size_t head_bytes, const void *more, size_t more_bytes)
{
    struct sc_writer *writer = sc_writer_get();
    if (writer && sc_ring_is_used() && sc_kept_is(type)) {
        sc_kept_meta(writer, type, head, head_bytes, more, more_bytes);
        return;
    }
    if (writer)
        writer = sc_writer_enter(writer);
    if (!writer)
        return;
    sc_writer_meta(writer, type, head, head_bytes, more, more_bytes);
    sc_writer_leave(writer);
}

void sc_put_note(enum sc_note_what what, uint64_t a, uint64_t b)
{
    struct sc_note note = {.tick = sc_now(), .process = sc_process.process, .what = what, .a = a, .b = b};
    sc_put_meta(SC_META_NOTE, &note, sizeof note, NULL, 0);
}
