/* capture_count.c: the kernel's count of reads and writes beside ours. */
#include "capture.h"

enum { COUNTS_READ = 1, COUNTS_WRITE = 2 };

/*
 * The kernel counts (measured on 6.18, as its fs/read_write.c says): vectors always, even with EBADF, but for a
 * negative offset of preadv and pwritev; the plain calls once the descriptor has passed: not with EBADF, ESPIPE;
 * sendfile likewise; copy_file_range only when it has copied. An exec reads the file's beginning before it finds that
 * it is no program.
 */
void sc_capture_count_table(struct sc_capture *capture)
{
    static const struct {
        uint16_t nr;
        uint8_t counts;
    } rows[] = {
        {SC_NR_read, COUNTS_READ},
        {SC_NR_pread64, COUNTS_READ},
        {SC_NR_readv, COUNTS_READ},
        {SC_NR_preadv, COUNTS_READ},
        {SC_NR_preadv2, COUNTS_READ},
        {SC_NR_write, COUNTS_WRITE},
        {SC_NR_pwrite64, COUNTS_WRITE},
        {SC_NR_writev, COUNTS_WRITE},
        {SC_NR_pwritev, COUNTS_WRITE},
        {SC_NR_pwritev2, COUNTS_WRITE},
        {SC_NR_sendfile, COUNTS_READ | COUNTS_WRITE},
        {SC_NR_copy_file_range, COUNTS_READ | COUNTS_WRITE},
        {SC_NR_execve, COUNTS_READ},
        {SC_NR_execveat, COUNTS_READ},
    };
    /* Where the capture's own table means the same call by that number. */
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(capture->names[rows[i].nr], sc_call(rows[i].nr)->name) == 0)
            capture->counted[rows[i].nr] = rows[i].counts;
}

static bool is_counted(const struct sc_record *record)
{
    if (record->nr == SC_NR_execve || record->nr == SC_NR_execveat)
        return record->result == -ENOEXEC;
    if (record->result >= 0)
        return record->nr != SC_NR_copy_file_range || record->result > 0;
    switch (record->nr) {
    case SC_NR_readv:
    case SC_NR_writev:
    case SC_NR_preadv2:
    case SC_NR_pwritev2: return true;
    case SC_NR_preadv:
    case SC_NR_pwritev: return (int64_t)record->args[3] >= 0;
    case SC_NR_pread64:
    case SC_NR_pwrite64:
        if ((int64_t)record->args[3] < 0)
            return false;
        break;
    case SC_NR_copy_file_range: return false;
    default: break;
    }
    return record->result != -EBADF && record->result != -ESPIPE;
}

void sc_capture_count(struct sc_capture *capture, struct sc_cap_thread *thread, const struct sc_record *record)
{
    uint8_t counts = capture->counted[record->nr];
    if (!counts || !is_counted(record))
        return;
    thread->seen.reads += counts & COUNTS_READ;
    thread->seen.writes += (counts & COUNTS_WRITE) != 0;
}

/*
 * The program is replaced: what it read and wrote until then is known only if it was counted before the exec, as the
 * next count includes what the loader did. Other threads end without a word, which shows by itself.
 */
void sc_capture_count_exec(struct sc_capture *capture, uint32_t process, uint32_t pid)
{
    uint32_t at = sc_index_get(&capture->thread_numbers, (uint64_t)process << 32 | pid);
    if (at != SC_INDEX_NONE && !capture->threads[at].counted)
        capture->threads[at].gap = true;
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
        thread->gap = true;
    } else if (info.at_end) {
        thread->at_end = counts;
        thread->counted = true;
    } else {
        /* The same thread begins again: its program was replaced, or it had ended and now ends the process. */
        thread->ended = false;
        thread->gap |= thread->began && !thread->counted;
        thread->before.reads += thread->at_end.reads - thread->at_begin.reads;
        thread->before.writes += thread->at_end.writes - thread->at_begin.writes;
        thread->at_begin = thread->at_end = counts;
        thread->began = true;
        thread->counted = false;
    }
}
