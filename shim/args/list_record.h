/*
 * list_record.h: a meta record that holds a list, put together in the writer's scratch space; one that is full is
 * followed by another one with the same head.
 */
#ifndef SC_LIST_RECORD_H
#define SC_LIST_RECORD_H

#include "../core/writer.h"

enum { SC_LIST_ITEM_MAX = 96 }; /* no item is longer, names aside */

struct sc_list {
    struct sc_writer *writer; /* entered */
    enum sc_meta type;
    const void *head;
    size_t head_bytes;
    size_t used;
    bool any;        /* a record was stored */
    uint64_t before; /* what the codec keeps of the item before in this record; 0 at its begin */
};

/* head stays the caller's, and has to live until the end. False: nothing can be stored; no end then. */
bool sc_list_begin(struct sc_list *list, struct sc_writer *writer, enum sc_meta type, const void *head,
                   size_t head_bytes);

/* Where the next item goes, with so many bytes of names; and that it ends there. */
uint8_t *sc_list_place(struct sc_list *list, size_t names);
void sc_list_added(struct sc_list *list, const uint8_t *end);

/* A record without items is not stored; always: but for a list that had none at all. */
void sc_list_end(struct sc_list *list, bool always);

#endif
