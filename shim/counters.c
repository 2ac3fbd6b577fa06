#include "counters.h"

#include <fcntl.h>
#include <stdio.h>

#include "lane.h"
#include "store.h"
#include "sys.h"

static char *put_text(char *at, const char *text)
{
    while (*text)
        *at++ = *text++;
    return at;
}

static char *put_number(char *at, uint32_t number)
{
    char digits[10];
    unsigned count = 0;
    do
        digits[count++] = (char)('0' + number % 10);
    while ((number /= 10) != 0);
    while (count)
        *at++ = digits[--count];
    return at;
}

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

/* Uses nothing but sc_sys: it also runs in the helper of sc_outside. */
static void read_counters(struct sc_counters *counters)
{
    uint32_t pid = counters->process == sc_process.process ? (uint32_t)sc_process.pid : counters->tid; /* borrowed */
    char path[64], text[512];
    char *at = put_text(path, "/proc/");
    at = put_number(at, pid);
    at = put_text(at, "/task/");
    at = put_number(at, counters->tid);
    at = put_text(at, "/io");
    *at = '\0';
    long fd = sc_sys(SYS_open, path, O_RDONLY | O_CLOEXEC);
    if (sc_failed(fd))
        return;
    long got = sc_sys(SYS_read, fd, text, sizeof text);
    sc_sys(SYS_close, fd);
    uint64_t values[4];
    if (sc_failed(got) || !parse(text, text + got, values))
        return;
    counters->known = 1;
    counters->rchar = values[0];
    counters->wchar = values[1];
    counters->syscr = values[2];
    counters->syscw = values[3];
}

static void put(const struct sc_counters *counters)
{
    sc_put_meta(SC_META_COUNTERS, counters, sizeof *counters, NULL, 0);
}

void sc_counters_at_start(void)
{
    struct sc_counters counters = {.process = sc_process.process};
    struct sc_lane *lane = sc_lane_get();
    if (!lane)
        return;
    counters.tid = lane->tid;
    if (sc_process.proc_matches)
        read_counters(&counters);
    if (counters.known)
        counters.syscr++; /* the reading itself is counted after it was answered; its bytes are not in rchar either */
    put(&counters);
}

static void read_one(void *argument)
{
    read_counters(argument);
}

static void put_of_thread(const struct sc_lane *lane, bool at_end)
{
    struct sc_counters counters = {.process = lane->process, .tid = lane->tid, .at_end = at_end};
    if (sc_process.proc_matches)
        sc_outside(read_one, &counters);
    put(&counters);
}

void sc_counters_at_thread_end(struct sc_lane *lane)
{
    put_of_thread(lane, true);
}

void sc_counters_at_return(struct sc_lane *lane)
{
    put_of_thread(lane, false);
}

/* Live lanes in portions, so that one helper answers for many threads. */
enum { PORTION = 64 };
struct portion {
    struct sc_counters counters[PORTION];
    const struct sc_lane *lanes[PORTION];
    unsigned count;
};

static void read_portion(void *argument)
{
    struct portion *portion = argument;
    for (unsigned i = 0; i < portion->count; i++)
        read_counters(&portion->counters[i]);
}

/*
 * In interpose mode exit() flushes stdio's buffers after the last function of ours, through writes that we cannot see.
 * They are counted here by looking, without locks, at what is pending: reading pointers does no harm, and a thread that
 * holds a stream's lock for ever must not stop the exit.
 */
static void add_pending(struct sc_counters *counters)
{
    extern FILE *_IO_list_all __attribute__((weak));
    if (!&_IO_list_all)
        return;
    unsigned limit = 1 << 16;
    for (const FILE *stream = _IO_list_all; stream && limit--; stream = stream->_chain) {
        if (stream->_fileno < 0 || stream->_IO_write_ptr <= stream->_IO_write_base)
            continue;
        counters->syscw++;
        counters->wchar += (uint64_t)(stream->_IO_write_ptr - stream->_IO_write_base);
    }
}

void sc_counters_at_process_end(bool flush)
{
    struct portion portion;
    uint32_t own = sc_lane ? sc_lane->tid : 0;
    struct sc_lane *lane = sc_lane_first();
    while (lane) {
        for (portion.count = 0; lane && portion.count < PORTION; lane = lane->all_next)
            if (lane->live) {
                portion.lanes[portion.count] = lane;
                portion.counters[portion.count++] =
                    (struct sc_counters){.process = sc_process.process, .tid = lane->tid, .at_end = 1};
            }
        if (sc_process.proc_matches && portion.count)
            sc_outside(read_portion, &portion);
        for (unsigned i = 0; i < portion.count; i++) {
            if (!portion.counters[i].known && !__atomic_load_n(&portion.lanes[i]->live, __ATOMIC_ACQUIRE))
                continue; /* it ended by itself meanwhile and has left its own count */
            if (flush && portion.counters[i].known && portion.counters[i].tid == own)
                add_pending(&portion.counters[i]);
            put(&portion.counters[i]);
        }
    }
}
