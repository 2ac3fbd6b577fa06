#include "counters.h"

#include <fcntl.h>
#include <string.h>

#include "../../common/numbers.h"
#include "../core/helper.h"
#include "../core/peek.h"
#include "../core/proc_path.h"
#include "../core/raw_syscall.h"
#include "../core/writer.h"
#include "streams.h"

/* "rchar: 123\nwchar: 45\nsyscr: ..." in that order since Linux 2.6.20. */
static bool parse(const char *text, const char *end, uint64_t values[4])
{
    for (unsigned i = 0; i < 4; i++) {
        while (text < end && *text != ':')
            text++;
        if (end - text < 3)
            return false;
        values[i] = 0;
        for (text += 2; text < end && *text >= '0' && *text <= '9'; text++)
            values[i] = values[i] * 10 + (uint64_t)(*text - '0');
    }
    return true;
}

/* A file of the thread's in /proc, of which the first bytes are read. How many, or -errno. */
static long read_file(const struct sc_counters *thread, const char *name, char *text, size_t bytes)
{
    uint32_t pid = thread->process == sc_process.process ? (uint32_t)sc_process.pid : thread->tid; /* a vfork child's */
    char path[64];
    size_t used = sc_proc_path(path, pid, "/task/");
    used += sc_put_number(path + used, thread->tid, 10);
    sc_copy(path + used, name, strlen(name) + 1);
    long fd = sc_syscall(SYS_open, path, O_RDONLY | O_CLOEXEC);
    if (sc_failed(fd))
        return fd;
    long got = sc_own_read(fd, text, bytes, -1);
    sc_syscall(SYS_close, fd);
    return got;
}

/* "12 (name) S 1 ...", where the name may hold anything. */
static bool is_asleep(const struct sc_counters *thread)
{
    char text[256];
    long at = read_file(thread, "/stat", text, sizeof text) - 1;
    while (at > 0 && text[at] != ')')
        at--;
    return at > 0 && at + 2 < (long)sizeof text && (text[at + 2] == 'S' || text[at + 2] == 'D');
}

/* Uses nothing but what sc_helper_run allows. */
static void read_counters(struct sc_counters *counters)
{
    char text[512];
    long got = read_file(counters, "/io", text, sizeof text);
    uint64_t values[4];
    if (sc_failed(got) || !parse(text, text + got, values))
        return;
    counters->known = 1;
    counters->rchar = values[0];
    counters->wchar = values[1];
    counters->syscr = values[2];
    counters->syscw = values[3];
}

/* The reads and writes of the program alone. own: ours up to the time of the reading. */
static void take_off(struct sc_counters *counters, const struct sc_own_io *own)
{
    if (!counters->known)
        return;
    counters->rchar -= own->read_bytes;
    counters->syscr -= own->reads;
    counters->wchar -= own->written_bytes;
    counters->syscw -= own->writes;
}

static void put(const struct sc_counters *counters)
{
    sc_put_meta(SC_META_COUNTERS, counters, sizeof *counters, NULL, 0);
}

static void read_one(void *argument)
{
    read_counters(argument);
}

/* ends: the thread opens nothing after this. */
static void put_of_thread(const struct sc_writer *writer, bool at_end, bool ends)
{
    struct sc_counters counters = {.process = writer->process, .tid = writer->tid, .at_end = at_end};
    struct sc_own_io own = writer->own;
    if (sc_process.proc_matches) {
        if (ends)
            sc_helper_run_at_end(read_one, &counters);
        else
            sc_helper_run(read_one, &counters);
    }
    take_off(&counters, &own);
    put(&counters);
}

void sc_counters_at_start(void)
{
    struct sc_writer *writer = sc_writer_get();
    if (writer)
        put_of_thread(writer, false, false);
}

void sc_counters_at_thread_end(struct sc_writer *writer)
{
    put_of_thread(writer, true, !sc_process.interposing);
}

void sc_counters_at_return(struct sc_writer *writer)
{
    put_of_thread(writer, false, false);
}

/* Live writers in portions, so that one run of the helper opens several files. */
enum { PORTION = 16 };
struct portion {
    struct sc_counters counters[PORTION];
    struct sc_own_io
        own[PORTION]; /* ours up to the reading; of these only the calling thread's changes, and it is read last */
    struct sc_writer *writers[PORTION];
    unsigned count;
    uint32_t caller; /* its thread; 0: the others need not wait in a call */
    uint32_t moving; /* 1 << i: it runs, so that the count would be none of what is recorded in the end */
};
_Static_assert(PORTION <= 32, "bits of moving");

static void read_portion(void *argument)
{
    struct portion *portion = argument;
    for (unsigned i = 0; i < portion->count; i++) {
        portion->own[i] = portion->writers[i]->own;
        read_counters(&portion->counters[i]);
    }
    for (unsigned i = 0; i < portion->count && portion->caller; i++)
        if (portion->counters[i].tid != portion->caller && !is_asleep(&portion->counters[i]))
            portion->moving |= 1u << i;
}

/* In interpose mode exit() flushes stdio's buffers after our last function, through writes that we cannot see. */
static void add_pending(struct sc_counters *counters)
{
    struct sc_pending pending = sc_streams_pending();
    counters->syscw += pending.writes;
    counters->wchar += pending.bytes;
}

static void put_portion(struct portion *portion, bool flush, bool ends, uint32_t own)
{
    if (sc_process.proc_matches && portion->count) {
        if (ends && !sc_process.interposing)
            sc_helper_run_at_end(read_portion, portion);
        else
            sc_helper_run(read_portion, portion);
    }
    for (unsigned i = 0; i < portion->count; i++) {
        struct sc_counters *counters = &portion->counters[i];
        if (portion->moving & 1u << i)
            continue;
        if (!counters->known && !__atomic_load_n(&portion->writers[i]->live, __ATOMIC_ACQUIRE))
            continue; /* it has ended meanwhile and stored its own count */
        take_off(counters, &portion->own[i]);
        if (flush && counters->known && counters->tid == own)
            add_pending(counters);
        put(counters);
    }
}

/* ends: no thread opens anything after this. */
static void put_of_all(struct portion *portion, bool flush, bool ends)
{
    struct sc_writer *writer = sc_writer_own();
    uint32_t own = writer ? writer->tid : 0;
    writer = sc_writer_first();
    portion->caller = ends ? 0 : own;
    while (writer) {
        portion->moving = 0;
        for (portion->count = 0; writer && portion->count < PORTION; writer = writer->all_next)
            if (writer->live) {
                portion->writers[portion->count] = writer;
                portion->counters[portion->count++] =
                    (struct sc_counters){.process = sc_process.process, .tid = writer->tid, .at_end = 1};
            }
        put_portion(portion, flush, ends, own);
    }
}

void sc_counters_at_process_end(bool flush)
{
    struct portion portion;
    put_of_all(&portion, flush, true);
}

_Static_assert(sizeof(struct portion) <= SC_COUNTERS_ROOM, "room that others give");

void sc_counters_before_exec(struct sc_writer *writer, void *room)
{
    if (writer->process == sc_process.process)
        put_of_all(room, false, false);
    else
        put_of_thread(writer, true, false);
}
