/*
 * capture.h: the reader of captures; private to analyzer/sources/capture*.c.
 *
 *   capture.c         the operations: open, the next events, close
 *   capture_file.c    header, where the chunks are
 *   capture_calls.c   table of calls
 *   capture_stream.c  one chunk: its bytes, and its records put in order of their start
 *   capture_merge.c   all chunks together, in order of time
 *   capture_call.c    a call record as an event
 *   capture_stack.c   its call stack
 *   capture_requests.c requests that are no calls
 *   capture_meta.c    processes, threads and all else that is no call
 *   capture_count.c   reads and writes, by the kernel's count and by ours
 *   capture_modules.c what was mapped where, and what addresses mean
 *   capture_notes.c   what could not be seen, as the recorded processes noted it
 *   capture_end.c     what is known when all is read: how it ended, how complete it is
 *
 * No number in the file is trusted. Memory: a few words per chunk, process and thread, and the bytes of the chunks that
 * were in use at the same moment of the run.
 */
#ifndef SC_CAPTURE_H
#define SC_CAPTURE_H

#include "../../../common/codec.h"
#include "../../model/index.h"
#include "../../model/intern.h"
#include "../requests.h"
#include "../source.h"

enum {
    SC_LOOKAHEAD = 4,        /* records of a chunk that are put in order of their start */
    SC_ITEM_INFLIGHT = 1,    /* beside enum sc_meta and 0 for a call: types of item */
    SC_DAMAGES_SAID = 10,    /* one by one; then their number */
    SC_CALL_ROWS = 1024,     /* every number that a head can hold */
    SC_CALL_ROWS_MAX = 4096, /* of a table of calls */
};

struct sc_chunk_ref {
    uint64_t offset; /* in the file */
    uint64_t key;    /* ticks: about the earliest start in it */
    uint32_t used;   /* bytes that can be read, header included */
    uint32_t process, generation;
    struct sc_inflight inflight[SC_INFLIGHT_SLOTS];
};

struct sc_cap_process {
    uint32_t number;              /* the session's; its place in the list is the run's */
    uint32_t parent;              /* the run's */
    uint32_t program;             /* see sc_run_program */
    uint32_t image;               /* its program, in images, + 1; 0: as its parent's */
    struct sc_address_map mapped; /* how far the addresses of its modules were moved */
    bool moved;                   /* there are such as were */
    uint32_t became;              /* replaced by a program that is not recorded: in the run's untraced, + 1 */
    int32_t pid;
    bool announced;   /* its PROCESS record was seen */
    bool before_main; /* a MARK follows */
    bool waited;      /* end is from the parent's wait: */
    int wait_status;
    uint32_t mappings;     /* that store into files: those of which more is to be told */
    uint8_t not_looked_at; /* bit for each enum sc_not_looked_at that it noted */
    uint64_t unseen;       /* writes of buffers whose bytes were not looked at */
    struct sc_end end;
    char *command;
    char **argv; /* see sc_child */
    bool argv_cut;
};

/* A program in a process. */
struct sc_cap_image {
    char *program;        /* its file's name; or NULL */
    uint64_t found, left; /* call sites, those of libraries that came later included */
};

/* Why a stretch of a thread lacks its end. */
enum sc_site_padding { SC_GAP_NONE, SC_GAP_UNREADABLE, SC_GAP_EXEC };

struct sc_cap_counts {
    uint64_t reads, writes;
};

struct sc_cap_thread {
    uint32_t process; /* the run's */
    uint32_t tid;
    bool ended;
    bool began;   /* the kernel's counters at its start were recorded; else it began while we looked: 0 */
    bool counted; /* and those at its end */
    enum sc_site_padding gap;
    struct sc_cap_counts at_begin, at_end, before; /* before: sum of earlier stretches (exec) */
    struct sc_cap_counts seen, maybe; /* records of calls that the kernel counts; of those that it may have counted */
    uint64_t last_start, noreturn_start, inflight_start; /* of its records, against counting a call twice */
};

/* What a process had mapped when it made a child, whose own first record may come when that has changed. */
struct sc_cap_fork {
    struct sc_address_map mapped;
    bool moved;
};

/* A child that was waited for and is not in the capture itself. */
struct sc_cap_stray {
    int32_t pid;
    int status;
};

struct sc_item {
    uint64_t key; /* ticks */
    uint16_t type;
    uint32_t offset;                /* in the chunk */
    uint32_t segment, process, tid; /* segment: counts the SEGMENT records of the stream */
    const uint8_t *payload;
    size_t bytes;
    struct sc_record record;
};

/* May a call that began before it come behind it in a chunk? Then a handler made it while that one waited. */
static inline bool sc_item_may_be_handlers(const struct sc_item *item)
{
    return item->type == 0 || item->type == SC_META_REQUESTS || item->type == SC_META_RESULTS;
}

/* Whose a segment is. */
struct sc_owner {
    uint32_t segment, process, tid;
};

/* A chunk that is being read. */
struct sc_stream {
    const struct sc_chunk_ref *ref;
    uint8_t *bytes;
    const uint8_t *at, *end;
    unsigned flights; /* how many in-flight slots were looked at, when all records were read */
    bool drained;
    struct sc_codec_base base;
    uint32_t segment, process, tid; /* as decoded */
    uint64_t segment_tick;
    struct sc_owner left;            /* the segment before */
    uint32_t thread_segment, thread; /* as yielded: which thread the segment's is */
    uint64_t last_key;
    size_t count;                        /* of queue */
    struct sc_item *queue[SC_LOOKAHEAD]; /* in order of key; behind count: free ones */
    struct sc_item items[SC_LOOKAHEAD];
    struct sc_turn *turns; /* capture_stream.c; where they were asked for */
    size_t turn_count;
    bool turns_known;
    struct sc_stream *next_retired;
};

/* The requests of a call whose own record comes next. */
enum { SC_ANNOUNCED = 8 }; /* a handler's calls may come between a call's requests and the call */
struct sc_cap_announced {
    struct sc_request *list;
    size_t count, capacity;
    uint32_t thread;
    uint64_t tick, context; /* tick 0: free */
};

/* The results of a record that was not read to its end. */
struct sc_cap_results {
    struct sc_requests_head head;
    const uint8_t *at, *end;
    uint64_t key;
};

struct sc_capture_block;

/* Aligned copies of the stacks that the last batch's events point to. */
struct sc_stack_block {
    struct sc_stack_block *next;
    size_t used;
    uint64_t frames[SC_META_MAX / sizeof(uint64_t)];
};

struct sc_capture {
    struct sc_source source;
    char *path;
    int fd;
    uint64_t file_bytes;
    struct sc_file_header header;

    const struct sc_call_desc *descs[SC_CALL_ROWS];
    struct sc_call_desc own_descs[SC_CALL_ROWS];
    char names[SC_CALL_ROWS][33];
    uint8_t name_lens[SC_CALL_ROWS];

    struct sc_chunk_ref *chunks; /* in order of key */
    size_t chunk_count, chunk_capacity, next_chunk;
    size_t *chunks_by_process; /* their numbers, in order of process, then of key */
    uint64_t bytes_ahead;      /* read to find out whether main follows */
    struct sc_stream **heap;   /* by the key of the first item */
    size_t heap_count, heap_capacity;
    struct sc_stream *retired; /* read, but their bytes may stand in the last batch */

    struct sc_stack_block *stacks; /* the one being filled, then full ones */

    struct sc_requests requests;
    uint64_t ring_unseen; /* requests of io_uring that are only counted */
    struct sc_cap_announced announced[SC_ANNOUNCED];
    struct sc_cap_results results;
    struct sc_capture_block *blocks; /* what the last batch's events point to */

    bool times_known;
    uint64_t ns_scale; /* nanoseconds per tick, times 2^32 */

    struct sc_cap_process *processes;
    size_t process_count, process_capacity;
    struct sc_index process_numbers, pids;
    struct sc_cap_thread *threads;
    size_t thread_count, thread_capacity;
    struct sc_index thread_numbers;
    struct sc_cap_stray *strays;
    size_t stray_count, stray_capacity;
    struct sc_index stray_ends; /* by waiting process and pid: the last one */

    struct sc_intern module_keys;  /* their numbers are those of the run's modules */
    struct sc_addresses addresses; /* of processes */
    struct sc_cap_fork *forks;
    size_t fork_count, fork_capacity;
    struct sc_index fork_numbers; /* by the parent's number and the child's pid: the last one */
    size_t damages;
    uint64_t notes[SC_NOTE_LAST + 1];            /* how often each was met */
    uint64_t clock_changes[SC_CLOCK_STANDS + 1]; /* tick of the first of each; 0: none */
    struct sc_intern untraced_keys;              /* reason and name; their numbers are those of the run's untraced */
    struct sc_cap_image *images;
    size_t image_count, image_capacity, untraced_capacity;
    uint32_t root_image;                 /* the root's first one, + 1 */
    uint64_t sites_left[SC_SITES_NAMED]; /* addresses in the root */
    unsigned sites_left_count;
    uint64_t bytes_done, bytes_total;
    bool finished;
    int failed; /* -errno: memory was short or reading failed */
};

/* Began it no later than one that was overwritten? Then others of its time are missing, and it is counted with them. */
static inline bool sc_capture_is_overwritten(const struct sc_capture *capture, uint64_t tick)
{
    return tick <= capture->header.overwritten_until;
}

/* Adds a sentence to the run's warnings. */
void sc_capture_warn(struct sc_capture *capture, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same for damage at that offset of the file; only the first ones are said one by one. */
void sc_capture_damage(struct sc_capture *capture, uint64_t offset, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* pread of exactly bytes. 0, -ENODATA where the file ends before, or -errno. */
int sc_capture_read(const struct sc_capture *capture, void *to, size_t bytes, uint64_t offset);

/* Says that the capture can't be read because of what stands at offset. -EBADMSG. */
int sc_capture_unusable(const struct sc_capture *capture, struct sc_error *error, uint64_t offset, const char *cause);

/* What alone was to be recorded. 0 or -errno. */
int sc_capture_load_only(struct sc_capture *capture);

/* The table of calls. 0, or -errno and the error. */
int sc_capture_load_calls(struct sc_capture *capture, struct sc_error *error);

/* Header, calls and chunks of the open file. 0, or -errno and the error. */
int sc_capture_load(struct sc_capture *capture, struct sc_error *error);

/* Opens a chunk, its first records decoded. NULL where memory is short (capture->failed) or it holds nothing. */
struct sc_stream *sc_stream_open(struct sc_capture *capture, const struct sc_chunk_ref *ref);

/* Drops the first item and decodes on. False where that was the last. */
bool sc_stream_advance(struct sc_capture *capture, struct sc_stream *stream);

/* Whether a MARK of main follows in that process, from that byte of that chunk on. */
bool sc_stream_finds_main(struct sc_capture *capture, struct sc_stream *stream, uint32_t process);

/* About the earliest start in the first bytes of a chunk. */
uint64_t sc_stream_peek(struct sc_capture *capture, const uint8_t *chunk, size_t bytes, uint64_t otherwise);

/* Frees what the last batch needed. */
void sc_merge_recycle(struct sc_capture *capture);
void sc_merge_free(struct sc_capture *capture);
size_t sc_merge_next(struct sc_capture *capture, struct sc_event *events, size_t capacity);

/* Fills an event from a call record. */
void sc_call_event(const struct sc_capture *capture, const struct sc_stream *stream, const struct sc_item *item,
                   struct sc_event *event);

/* Gives a call's event the stack that its record names, if it does. */
void sc_stack_event(struct sc_capture *capture, const struct sc_stream *stream, const struct sc_record *record,
                    const struct sc_cap_process *process, struct sc_event *event);
void sc_stack_recycle(struct sc_capture *capture);

/* capture_requests.c. thread: the run's. The call of that start gets the requests that were announced for it. */
void sc_capture_take_requests(struct sc_capture *capture, uint32_t thread, const struct sc_item *item);
void sc_capture_add_requests(struct sc_capture *capture, struct sc_event *event, uint64_t start);
/*
 * The next result of that item of that process that ends a request. True: event is filled. To be asked again while
 * there are some left.
 */
bool sc_capture_take_result(struct sc_capture *capture, uint32_t process, const struct sc_item *item,
                            struct sc_event *event);
static inline bool sc_capture_results_left(const struct sc_capture *capture)
{
    return capture->results.at < capture->results.end;
}
/* Memory that lives as long as the events of this batch. NULL where there is none (capture->failed). */
void *sc_capture_block(struct sc_capture *capture, size_t bytes);
void sc_capture_recycle_blocks(struct sc_capture *capture);
void sc_capture_free_requests(struct sc_capture *capture);

/* capture_mapped.c. Likewise; and what is left untold when all was read. */
bool sc_capture_take_mapped(struct sc_capture *capture, const struct sc_item *item, struct sc_event *event);
void sc_capture_finish_mapped(struct sc_capture *capture);

/* An event of a process that is no call. */
void sc_capture_set_event(const struct sc_capture *capture, const struct sc_cap_process *process, uint64_t tick,
                          enum sc_event_type type, struct sc_event *event);

/* Brings the item to the books. True where it is an event, which is filled. */
bool sc_item_take(struct sc_capture *capture, struct sc_stream *stream, const struct sc_item *item,
                  struct sc_event *event);

void sc_capture_take_counters(struct sc_capture *capture, const struct sc_item *item);
void sc_capture_count_exec(struct sc_capture *capture, uint32_t process, uint32_t pid);
void sc_capture_count(struct sc_capture *capture, struct sc_cap_thread *thread, const struct sc_record *record);
/* The same for one that was begun and has no record. */
void sc_capture_count_in_flight(const struct sc_capture *capture, struct sc_cap_thread *thread, unsigned nr);
/* A thread that has ended, with both its readings, into the run's sums. */
void sc_capture_add_up(const struct sc_cap_thread *thread, struct sc_coverage *coverage);

/* capture_modules.c: modules that come and go; a forked process has its parent's. */
void sc_capture_take_module(struct sc_capture *capture, const struct sc_item *item);
void sc_capture_take_loaded(struct sc_capture *capture, const struct sc_item *item);
void sc_capture_take_unloaded(struct sc_capture *capture, const struct sc_item *item);
void sc_capture_note_fork(struct sc_capture *capture, struct sc_cap_process *parent, uint32_t pid);
void sc_capture_fork_modules(struct sc_capture *capture, struct sc_cap_process *process, struct sc_cap_process *parent);
/* What an address that a call returns to is in events, by what is mapped now in the process. */
uint64_t sc_capture_address(const struct sc_capture *capture, const struct sc_cap_process *process, uint64_t address);

/* capture_notes.c: notes and programs that are not recorded; a new program in a process, and its name as it is known.
 */
void sc_capture_take_note(struct sc_capture *capture, const struct sc_item *item);
void sc_capture_take_untraced(struct sc_capture *capture, const struct sc_item *item);
void sc_capture_new_image(struct sc_capture *capture, struct sc_cap_process *process);
void sc_capture_name_image(struct sc_capture *capture, struct sc_cap_process *process, const char *program, size_t len);
void sc_capture_finish_notes(struct sc_capture *capture);
void sc_capture_free_notes(struct sc_capture *capture);

/* capture_variables.c: from a TEXT of the root's, and what is to be said in the end. */
void sc_capture_take_variables(struct sc_capture *capture, const struct sc_item *item);
void sc_capture_finish_variables(struct sc_capture *capture);

/* NULL where memory is short. */
struct sc_cap_process *sc_capture_process(struct sc_capture *capture, uint32_t number);
struct sc_cap_thread *sc_capture_thread(struct sc_capture *capture, uint32_t process, uint32_t tid, bool fresh);

/* All is read: the run's ends, coverage, warnings. */
void sc_capture_finish(struct sc_capture *capture);
void sc_end_from_wait(struct sc_end *end, int status);

static inline uint64_t sc_ticks_to_ns(const struct sc_capture *capture, uint64_t ticks)
{
    return (uint64_t)((unsigned __int128)ticks * capture->ns_scale >> 32);
}

static inline uint64_t sc_tick_to_ns(const struct sc_capture *capture, uint64_t tick)
{
    const struct sc_file_header *header = &capture->header;
    if (tick >= header->tick0)
        return header->mono0 + sc_ticks_to_ns(capture, tick - header->tick0);
    return header->mono0 - sc_ticks_to_ns(capture, header->tick0 - tick);
}

#endif
