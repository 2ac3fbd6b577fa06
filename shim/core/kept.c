#include "kept.h"

#include "ring.h"
#include "store.h"
#include "writer_internal.h"

bool sc_kept_is(unsigned type)
{
    switch (type) {
    case SC_META_PROCESS:
    case SC_META_TEXT:
    case SC_META_MODULE:
    case SC_META_PROCESS_END:
    case SC_META_MARK:
    case SC_META_NOTE:
    case SC_META_UNTRACED:
    case SC_META_LOADED:
    case SC_META_UNLOADED: return true;
    default: return false;
    }
}

void sc_kept_meta(const struct sc_writer *writer, unsigned type, const void *head, size_t head_bytes, const void *more,
                  size_t more_bytes)
{
    struct sc_writer *kept = sc_pool_take_kept();
    if (!kept)
        return;
    kept->kept = true;
    kept->process = writer->process;
    kept->tid = writer->tid;
    if (kept->chunk)
        sc_writer_new_segment(kept); /* also for its time: not every record has one */
    if (kept->chunk || sc_writer_first_chunk(kept))
        sc_writer_meta(kept, type, head, head_bytes, more, more_bytes);
    sc_pool_give_kept(kept);
}

void sc_kept_bequeath(void)
{
    struct sc_writer *kept;
    while ((kept = sc_pool_take_idle_kept()))
        if (kept->chunk)
            sc_writer_bequeath(kept);
}
