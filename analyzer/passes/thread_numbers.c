#include "thread_numbers.h"

#include <errno.h>
#include <stdlib.h>

int sc_thread_numbers_make(const struct sc_threads *threads, struct sc_thread_numbers *ret_numbers)
{
    struct sc_thread_number *order = NULL;
    size_t count = 0;
    *ret_numbers = (struct sc_thread_numbers){0};
    int error = sc_threads_order(threads, NULL, 0, &order, &count);
    for (size_t i = 0; i < count; i++)
        if (order[i].source >= ret_numbers->count)
            ret_numbers->count = (size_t)order[i].source + 1;
    ret_numbers->items = error ? NULL : calloc(ret_numbers->count + 1, sizeof *order);
    for (size_t i = 0; i < count && ret_numbers->items; i++)
        ret_numbers->items[order[i].source] = order[i];
    free(order);
    if (ret_numbers->items)
        return 0;
    ret_numbers->count = 0;
    return error ? error : -ENOMEM;
}

void sc_thread_numbers_free(struct sc_thread_numbers *numbers)
{
    free(numbers->items);
    *numbers = (struct sc_thread_numbers){0};
}

struct sc_thread_number sc_thread_number_of(const struct sc_thread_numbers *numbers, const struct sc_event *event)
{
    if (event->thread < numbers->count)
        return numbers->items[event->thread];
    return (struct sc_thread_number){event->thread, event->process, event->thread};
}
