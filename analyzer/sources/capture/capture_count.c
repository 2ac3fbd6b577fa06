/* capture_count.c: the kernel's count of reads and writes beside ours. */
#include "capture.h"

#include <errno.h>

enum counted { NOT_COUNTED, COUNTED, MAYBE_COUNTED };

/* An error that comes from the checks before the call is counted as well as from the call itself. */
static bool is_of_two_minds(int64_t error)
{
    return error == EFAULT || error == EINVAL || error == EPERM || error == EACCES || error == EOVERFLOW;
}

/*
 * The kernel counts (measured on 6.18, as its fs/read_write.c says; docs/COVERAGE.md has the table): vectors always,
 * even with EBADF, but for a negative offset (of preadv2 and pwritev2 -1 means none); the plain calls once the
 * descriptor, the buffer's address and the place in the file have passed; sendfile likewise; copy_file_range only when
 * it has copied. An exec reads the file's beginning before it finds that it is no program. (It does too where a
 * script's interpreter is not there; a search through PATH gives the same error without reading, and must not hide a
 * loss.)
 */
static enum counted is_failure_counted(const struct sc_record *record)
{
    const struct sc_call_desc *desc = record->desc;
    bool placed = desc->means == SC_MEANS_PREAD || desc->means == SC_MEANS_PWRITE;
    bool with_flags = desc->kinds[5] == SC_KIND_RWFLAGS;
    if (placed && (int64_t)record->args[3] < (with_flags ? -1 : 0))
        return NOT_COUNTED;
    if (desc->kinds[1] == SC_KIND_IOV_IN || desc->kinds[1] == SC_KIND_IOV_OUT)
        return COUNTED;
    if (sc_call_means(record->nr, SC_MEANS_EXEC))
        return record->result == -ENOEXEC ? COUNTED : NOT_COUNTED;
    if (sc_call_means(record->nr, SC_MEANS_COPY))
        return NOT_COUNTED;
    if (record->result == -EBADF || record->result == -ESPIPE)
        return NOT_COUNTED;
    bool is_errno = record->result > -4096; /* else the file is damaged */
    return is_errno && is_of_two_minds(-record->result) ? MAYBE_COUNTED : COUNTED;
}

static enum counted is_counted(const struct sc_record *record)
{
    bool exec = sc_call_means(record->nr, SC_MEANS_EXEC);
    if (record->noreturn) /* left by a handler's jump or by a cancellation: before it reached the kernel, or within */
        return exec ? NOT_COUNTED : MAYBE_COUNTED;
    if (record->result < 0)
        return is_failure_counted(record);
    if (exec)
        return NOT_COUNTED;
    return !sc_call_means(record->nr, SC_MEANS_COPY) || record->result > 0 ? COUNTED : NOT_COUNTED;
}

static void add(struct sc_cap_counts *to, uint8_t counts)
{
    to->reads += counts & SC_COUNTS_READS;
    to->writes += (counts & SC_COUNTS_WRITES) != 0;
}

void sc_capture_count(struct sc_capture *capture, struct sc_cap_thread *thread, const struct sc_record *record)
{
    uint8_t counts = capture->descs[record->nr]->counted;
    if (counts == SC_COUNTS_WRITES && record->data == SC_DATA_UNSEEN)
        capture->processes[thread->process].unseen++;
    enum counted counted = counts ? is_counted(record) : NOT_COUNTED;
    if (counted == NOT_COUNTED)
        return;
    add(counted == COUNTED ? &thread->seen : &thread->maybe, counts);
}

/* A write may have woken the thread that ended the process, before its own came back. */
void sc_capture_count_in_flight(const struct sc_capture *capture, struct sc_cap_thread *thread, unsigned nr)
{
    if (!sc_call_means(nr, SC_MEANS_EXEC))
        add(&thread->maybe, capture->descs[nr]->counted);
}

/* Calls of which nobody knows whether the kernel counted them are taken as its number has it. */
static uint64_t settle(uint64_t seen, uint64_t maybe, uint64_t kernel)
{
    uint64_t wanted = kernel > seen ? kernel - seen : 0;
    return seen + (maybe < wanted ? maybe : wanted);
}

/* By thread: what one saw too much must not stand for what another one missed. */
static void add_up(uint64_t seen, uint64_t maybe, uint64_t kernel, uint64_t *sum_seen, uint64_t *sum_kernel,
                   uint64_t *sum_excess)
{
    seen = settle(seen, maybe, kernel);
    *sum_seen += seen;
    *sum_kernel += kernel;
    *sum_excess += seen > kernel ? seen - kernel : 0;
}

void sc_capture_add_up(const struct sc_cap_thread *thread, struct sc_coverage *coverage)
{
    struct sc_cap_counts kernel = {
        thread->before.reads + thread->at_end.reads - thread->at_begin.reads,
        thread->before.writes + thread->at_end.writes - thread->at_begin.writes,
    };
    add_up(thread->seen.reads, thread->maybe.reads, kernel.reads, &coverage->read_calls_seen,
           &coverage->read_calls_kernel, &coverage->read_calls_excess);
    add_up(thread->seen.writes, thread->maybe.writes, kernel.writes, &coverage->write_calls_seen,
           &coverage->write_calls_kernel, &coverage->write_calls_excess);
}

/*
 * The program is replaced: what it read and wrote until then is known only if it was counted before the exec, as the
 * next count includes what the loader did. Other threads end without a word, which shows by itself.
 */
void sc_capture_count_exec(struct sc_capture *capture, uint32_t process, uint32_t pid)
{
    uint32_t at = sc_index_get(&capture->thread_numbers, (uint64_t)process << 32 | pid);
    if (at != SC_INDEX_NONE && !capture->threads[at].counted)
        capture->threads[at].gap = SC_GAP_EXEC;
}

void sc_capture_take_counters(struct sc_capture *capture, const struct sc_item *item)
{
    struct sc_counters info;
    memcpy(&info, item->payload, sizeof info);
    struct sc_cap_thread *thread = sc_capture_thread(capture, info.process, info.tid, false);
    if (!thread)
        return;
    struct sc_cap_counts counts = {info.syscr, info.syscw};
    if (!info.known) {
        thread->gap = SC_GAP_UNREADABLE;
    } else if (info.at_end) {
        thread->at_end = counts;
        thread->counted = true;
    } else {
        /* The same thread begins again: its program was replaced, or it had ended and now ends the process. */
        thread->ended = false;
        if (thread->began && !thread->counted && !thread->gap)
            thread->gap = SC_GAP_EXEC;
        thread->before.reads += thread->at_end.reads - thread->at_begin.reads;
        thread->before.writes += thread->at_end.writes - thread->at_begin.writes;
        thread->at_begin = thread->at_end = counts;
        thread->began = true;
        thread->counted = false;
    }
}
