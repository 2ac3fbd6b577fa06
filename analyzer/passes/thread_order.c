#include "thread_order.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../model/array.h"
#include "../model/index.h"
#include "scheduling.h"

/* Keys of new processes stand beside those of threads in processes. */
#define ANY_PROCESS UINT32_MAX

struct thread {
    bool seen;
    bool made;      /* the call that made it is known: */
    uint32_t maker; /* whose it was */
    uint32_t turn;  /* the how manieth such call of the run */
    uint32_t process;
};

struct process {
    uint32_t first;   /* source number of its first thread */
    uint32_t threads; /* how many made a call */
    uint32_t parent;  /* + 1; 0: not known, or none */
};

/* Calls of a process that scheduling makes, if it has several threads. */
struct chance {
    uint32_t process;
    const char *name;
    uint64_t calls;
};

struct making {
    uint32_t maker, turn;
};

struct sc_threads {
    struct sc_scheduling *scheduling;
    struct thread *items; /* by source number */
    size_t count, capacity;
    struct process *processes;
    size_t process_capacity;
    struct making *makings;
    size_t making_count, making_capacity;
    struct chance *chances;
    size_t chance_count, chance_capacity;
    struct sc_index chance_places; /* by process and number of the call */
    struct sc_index made;          /* by process and tid: a making that awaits its thread's first call */
    struct sc_index present;       /* by process and tid: the thread that last had that number */
};

struct sc_threads *sc_threads_new(void)
{
    struct sc_threads *threads = calloc(1, sizeof *threads);
    if (threads && !(threads->scheduling = sc_scheduling_new())) {
        free(threads);
        threads = NULL;
    }
    return threads;
}

void sc_threads_free(struct sc_threads *threads)
{
    if (!threads)
        return;
    sc_scheduling_free(threads->scheduling);
    free(threads->items);
    free(threads->processes);
    free(threads->makings);
    free(threads->chances);
    sc_index_free(&threads->chance_places);
    sc_index_free(&threads->made);
    sc_index_free(&threads->present);
    free(threads);
}

static uint64_t key_of(uint32_t process, int32_t tid)
{
    return (uint64_t)process << 32 | (uint32_t)tid;
}

static void set_maker(struct sc_threads *threads, struct thread *thread, uint32_t making)
{
    thread->made = true;
    thread->maker = threads->makings[making].maker;
    thread->turn = threads->makings[making].turn;
}

static int meet(struct sc_threads *threads, const struct sc_event *event)
{
    if (SC_RESERVE_ZERO(threads->items, threads->capacity, (size_t)event->thread + 1) ||
        SC_RESERVE_ZERO(threads->processes, threads->process_capacity, (size_t)event->process + 1))
        return -ENOMEM;
    if (threads->count <= event->thread)
        threads->count = (size_t)event->thread + 1;
    struct thread *thread = &threads->items[event->thread];
    struct process *process = &threads->processes[event->process];
    if (process->threads++ == 0 || event->tid == event->pid) /* the first to do something may be another */
        process->first = event->thread;
    thread->seen = true;
    thread->process = event->process;
    uint64_t key = key_of(event->tid == event->pid ? ANY_PROCESS : event->process, event->tid);
    uint32_t making = sc_index_get(&threads->made, key);
    if (making != SC_INDEX_NONE) {
        set_maker(threads, thread, making);
        if (sc_index_put(&threads->made, key, SC_INDEX_NONE))
            return -ENOMEM;
    }
    return sc_index_put(&threads->present, key, event->thread);
}

/* Its result is the new one's number: of a process, or of a thread of this one. */
static int note_making(struct sc_threads *threads, const struct sc_event *event)
{
    if (SC_RESERVE(threads->makings, threads->making_capacity, threads->making_count + 1))
        return -ENOMEM;
    uint32_t number = (uint32_t)threads->making_count++;
    threads->makings[number] = (struct making){event->thread, number};
    const uint64_t keys[] = {key_of(ANY_PROCESS, (int32_t)event->result),
                             key_of(event->process, (int32_t)event->result)};
    for (unsigned i = 0; i < 2; i++) {
        uint32_t present = sc_index_get(&threads->present, keys[i]);
        if (present != SC_INDEX_NONE && present != event->thread && !threads->items[present].made) {
            /* A strace log may show the call's end behind what the new one did first. */
            set_maker(threads, &threads->items[present], number);
            return 0;
        }
    }
    int error = sc_index_put(&threads->made, keys[0], number);
    return error ? error : sc_index_put(&threads->made, keys[1], number);
}

static int note_parent(struct sc_threads *threads, const struct sc_event *event)
{
    size_t needed = (size_t)(event->process > event->parent ? event->process : event->parent) + 1;
    if (SC_RESERVE_ZERO(threads->processes, threads->process_capacity, needed))
        return -ENOMEM;
    threads->processes[event->process].parent = event->parent == event->process ? 0 : event->parent + 1;
    return 0;
}

static int note_chance(struct sc_threads *threads, const struct sc_event *event)
{
    uint64_t key = (uint64_t)event->process << 32 | event->desc->nr;
    uint32_t at = sc_index_get(&threads->chance_places, key);
    if (at == SC_INDEX_NONE) {
        at = (uint32_t)threads->chance_count;
        if (SC_RESERVE(threads->chances, threads->chance_capacity, (size_t)at + 1) ||
            sc_index_put(&threads->chance_places, key, at))
            return -ENOMEM;
        threads->chances[threads->chance_count++] = (struct chance){event->process, event->desc->name, 0};
    }
    threads->chances[at].calls++;
    return 0;
}

int sc_threads_add(struct sc_threads *threads, const struct sc_event *event)
{
    bool chance;
    int error = sc_scheduling_step(threads->scheduling, event, &chance);
    if (!error && event->type == SC_EVENT_PROCESS)
        return note_parent(threads, event);
    if (error || event->type != SC_EVENT_CALL)
        return error;
    if (event->thread >= threads->count || !threads->items[event->thread].seen)
        error = meet(threads, event);
    if (!error && event->desc->means == SC_MEANS_FORK && event->outcome == SC_DONE && event->result > 0)
        error = note_making(threads, event);
    return !error && chance ? note_chance(threads, event) : error;
}

bool sc_threads_is_thread(const struct sc_threads *threads, uint32_t process, int32_t tid)
{
    return sc_index_get(&threads->present, key_of(process, tid)) != SC_INDEX_NONE;
}

bool sc_threads_many(const struct sc_threads *threads, uint32_t process)
{
    return process < threads->process_capacity && threads->processes[process].threads > 1;
}

static int by_name(const void *name, const void *count)
{
    return strcmp(name, ((const struct sc_named_count *)count)->name);
}

void sc_threads_mark_chance(const struct sc_threads *threads, struct sc_counts *counts)
{
    for (size_t i = 0; i < threads->chance_count; i++) {
        const struct chance *chance = &threads->chances[i];
        struct sc_named_count *count =
            counts->call_count && sc_threads_many(threads, chance->process)
                ? bsearch(chance->name, counts->calls, counts->call_count, sizeof *counts->calls, by_name)
                : NULL;
        if (count)
            count->chance += chance->calls;
    }
}

/* How it is known where a thread belongs: by the call that made it, by its parent, by its process. */
enum known { BY_CALL, BY_PARENT, BY_PROCESS };

/* A thread while they are put in order. */
struct child {
    uint32_t source;
    uint32_t under; /* its maker's number + 1; 0: it is there from the beginning */
    enum known known;
    uint32_t place; /* among those of one maker that are known alike */
};

static int in_order(const void *left, const void *right)
{
    const struct child *a = left, *b = right;
    if (a->under != b->under)
        return a->under < b->under ? -1 : 1;
    if (a->known != b->known)
        return a->known < b->known ? -1 : 1;
    if (a->place != b->place)
        return a->place < b->place ? -1 : 1;
    return a->source < b->source ? -1 : a->source > b->source;
}

static struct child child_of(const struct sc_threads *threads, uint32_t source, const uint32_t *ranks, uint32_t count)
{
    const struct thread *thread = &threads->items[source];
    const struct process *process = &threads->processes[thread->process];
    if (thread->made)
        return (struct child){source, thread->maker + 1, BY_CALL, thread->turn};
    if (source != process->first)
        return (struct child){source, process->first + 1, BY_PROCESS, source < count ? ranks[source] : UINT32_MAX};
    const struct process *parent = process->parent ? &threads->processes[process->parent - 1] : NULL;
    return (struct child){source, parent && parent->threads ? parent->first + 1 : 0, BY_PARENT, thread->process};
}

/* While the tree is walked, a generation after the other. */
struct walk {
    const struct sc_threads *threads;
    const struct child *children; /* in order */
    size_t count;
    const size_t *begin;      /* by maker's number + 1: where its children begin */
    uint32_t *process_number; /* + 1; 0: not met */
    uint32_t *thread_count;   /* by process: how many of it were met */
    uint32_t processes;
    bool *met; /* by place in children */
    struct sc_thread_number *order;
    size_t used;
};

static void visit(struct walk *walk, size_t at)
{
    if (walk->met[at])
        return;
    walk->met[at] = true;
    uint32_t source = walk->children[at].source, process = walk->threads->items[source].process;
    if (!walk->process_number[process])
        walk->process_number[process] = ++walk->processes;
    walk->order[walk->used++] =
        (struct sc_thread_number){source, walk->process_number[process] - 1, walk->thread_count[process]++};
}

/* Those whose makers made each other, as only a damaged source says, come last. */
static void walk_tree(struct walk *walk)
{
    for (size_t at = 0; at < walk->begin[1]; at++)
        visit(walk, at);
    for (size_t done = 0, at = 0; at < walk->count || done < walk->used;) {
        if (done == walk->used) {
            visit(walk, at++);
            continue;
        }
        uint32_t under = walk->order[done++].source + 1;
        for (size_t i = walk->begin[under]; i < walk->begin[under + 1]; i++)
            visit(walk, i);
    }
}

/* ret_begin has threads->count + 2 places. Returns how many there are. */
static size_t list_children(const struct sc_threads *threads, const uint32_t *ranks, uint32_t ranks_count,
                            struct child *children, size_t *ret_begin)
{
    size_t count = 0;
    for (size_t i = 0; i < threads->count; i++)
        if (threads->items[i].seen)
            children[count++] = child_of(threads, (uint32_t)i, ranks, ranks_count);
    qsort(children, count, sizeof *children, in_order);
    size_t at = 0;
    for (size_t under = 0; under < threads->count + 2; under++) {
        while (at < count && children[at].under < under)
            at++;
        ret_begin[under] = at;
    }
    return count;
}

int sc_threads_order(const struct sc_threads *threads, const uint32_t *ranks, uint32_t ranks_count,
                     struct sc_thread_number **ret_order, size_t *ret_count)
{
    struct child *children = calloc(threads->count + 1, sizeof *children);
    size_t *begin = calloc(threads->count + 2, sizeof *begin);
    struct walk walk = {.threads = threads, .children = children, .begin = begin};
    walk.process_number = calloc(threads->process_capacity + 1, sizeof *walk.process_number);
    walk.thread_count = calloc(threads->process_capacity + 1, sizeof *walk.thread_count);
    walk.met = calloc(threads->count + 1, sizeof *walk.met);
    walk.order = calloc(threads->count + 1, sizeof *walk.order);
    bool enough = children && begin && walk.process_number && walk.thread_count && walk.met && walk.order;
    if (enough) {
        walk.count = list_children(threads, ranks, ranks_count, children, begin);
        walk_tree(&walk);
        *ret_order = walk.order;
        *ret_count = walk.used;
    } else {
        free(walk.order);
    }
    free(children);
    free(begin);
    free(walk.process_number);
    free(walk.thread_count);
    free(walk.met);
    return enough ? 0 : -ENOMEM;
}

int sc_threads_number_processes(const struct sc_threads *threads, struct sc_report_process *table, size_t count)
{
    struct sc_thread_number *order = NULL;
    size_t ordered = 0;
    uint32_t next = 0, *numbers = calloc(count + 1, sizeof *numbers); /* by number in the source, + 1 */
    int error = numbers ? sc_threads_order(threads, NULL, 0, &order, &ordered) : -ENOMEM;
    for (size_t i = 0; i < ordered; i++) {
        uint32_t process = threads->items[order[i].source].process;
        if (process < count && !numbers[process])
            numbers[process] = ++next;
    }
    for (size_t i = 0; i < count && !error; i++)
        if (!numbers[i])
            numbers[i] = ++next;
    for (size_t i = 0; i < count && !error; i++) {
        table[i].number = numbers[table[i].number] - 1;
        if (table[i].parent < count) /* a damaged source names others */
            table[i].parent = numbers[table[i].parent] - 1;
    }
    free(numbers);
    free(order);
    return error;
}
