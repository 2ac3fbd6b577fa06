#include "list_record.h"

bool sc_list_begin(struct sc_list *list, struct sc_writer *writer, enum sc_meta type, const void *head,
                   size_t head_bytes)
{
    writer = writer ? sc_writer_enter(writer) : NULL;
    *list = (struct sc_list){.writer = writer, .type = type, .head = head, .head_bytes = head_bytes};
    return writer;
}

static void put_record(struct sc_list *list)
{
    sc_writer_meta(list->writer, list->type, list->head, list->head_bytes, list->writer->scratch, list->used);
    list->used = 0;
    list->before = 0;
    list->any = true;
}

uint8_t *sc_list_place(struct sc_list *list, size_t names)
{
    if (list->used + SC_LIST_ITEM_MAX + names > sizeof list->writer->scratch)
        put_record(list);
    return list->writer->scratch + list->used;
}

void sc_list_added(struct sc_list *list, const uint8_t *end)
{
    list->used = (size_t)(end - list->writer->scratch);
}

void sc_list_end(struct sc_list *list, bool always)
{
    if (list->used || (always && !list->any))
        put_record(list);
    sc_writer_leave(list->writer);
}
