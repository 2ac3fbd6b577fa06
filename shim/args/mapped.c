#include "mapped.h"

#include <fcntl.h>
#include <sys/mman.h>

#include "../../common/mapped_codec.h"
#include "../core/placement.h"
#include "../core/present.h"
#include "../core/raw_syscall.h"
#include "fd_class.h"
#include "list_record.h"

enum { LOOKED_AT = 64 << 20 }; /* bytes at a time: of so many it is found out whether they are zeros */

static uint32_t numbers; /* of mappings made by this process */

static uint64_t page_of(uint64_t address)
{
    return address & ~(uint64_t)(SC_GRANULE - 1);
}

static uint64_t page_end(uint64_t address)
{
    return page_of(address + SC_GRANULE - 1);
}

static struct sc_mapped head_of(const struct sc_piece *piece, enum sc_mapped_what what)
{
    return (struct sc_mapped){.tick = sc_now(),
                              .process = sc_process.process,
                              .owner = piece->owner,
                              .number = piece->number,
                              .what = what,
                              .descriptor = -1};
}

static void put(const struct sc_piece *piece, enum sc_mapped_what what)
{
    struct sc_mapped head = head_of(piece, what);
    sc_put_meta(SC_META_MAPPED, &head, sizeof head, NULL, 0);
}

/* What the page holds; the first word mostly tells. */
static unsigned data_of(uint64_t page, void *scratch, size_t bytes)
{
    struct sc_first_byte first = sc_copied_first_byte(page, SC_GRANULE, scratch, bytes);
    if (!first.found)
        return SC_DATA_UNSEEN;
    return first.at == SC_GRANULE ? SC_DATA_ZERO : SC_DATA_SOME;
}

static void put_run(struct sc_list *list, const struct sc_page_run *run)
{
    uint8_t *to = sc_list_place(list); /* not as an argument beside what it may change */
    sc_list_added(list, sc_put_page_run(to, run, &list->before));
}

/* One range of pages as runs of those that hold alike. *budget: bytes that may still be looked at. */
static void put_range(struct sc_list *list, const struct sc_piece *piece, struct sc_present *look,
                      const struct sc_present_range *range, uint64_t *budget)
{
    struct sc_page_run run = {.first = piece->page + (range->begin - piece->begin) / SC_GRANULE};
    for (uint64_t at = range->begin; at < range->end; at += SC_GRANULE) {
        unsigned data = SC_DATA_UNSEEN;
        if (*budget) {
            data = data_of(at, look->scratch, sizeof look->scratch);
            *budget -= SC_GRANULE;
        } else if (run.data == SC_DATA_UNSEEN) { /* all that is left */
            run.pages += (range->end - at) / SC_GRANULE;
            break;
        }
        if (run.pages && run.data != data) {
            put_run(list, &run);
            run.first += run.pages;
            run.pages = 0;
        }
        run.data = (uint8_t)data;
        run.pages++;
    }
    put_run(list, &run);
}

static void put_found(const struct sc_piece *piece, struct sc_present *look, uint64_t *budget)
{
    struct sc_mapped head = head_of(piece, SC_MAPPED_TOUCHED);
    struct sc_list list;
    if (!look->count || !sc_list_begin(&list, sc_writer_get(), SC_META_MAPPED, &head, sizeof head))
        return;
    for (unsigned i = 0; i < look->count; i++)
        put_range(&list, piece, look, &look->ranges[i], budget);
    sc_list_end(&list);
}

static struct sc_present *begin_look(const struct sc_piece *piece)
{
    if (sc_process.no_syscalls)
        return NULL;
    long area = sc_place_memory(page_end(sizeof(struct sc_present)), PROT_READ | PROT_WRITE);
    if (sc_failed(area))
        return NULL;
    struct sc_present *look = (struct sc_present *)area;
    look->at = piece->begin;
    look->end = piece->end;
    return look;
}

/* Moves on; false at the end, or where it can't be told (look->error). */
static bool next(struct sc_present *look)
{
    uint64_t before = look->at;
    if (look->error || look->at >= look->end)
        return false;
    sc_present_next(look);
    if (look->at == before && !look->error)
        look->error = -1;
    return !look->error;
}

/* Leaves the number of pages that were found in *ret_pages. False: not all could be looked at. */
static bool look_at(const struct sc_piece *piece, bool record, uint64_t *ret_pages)
{
    struct sc_present *look = begin_look(piece);
    uint64_t budget = LOOKED_AT;
    *ret_pages = 0;
    if (!look)
        return false;
    while (next(look)) {
        for (unsigned i = 0; i < look->count; i++)
            *ret_pages += (look->ranges[i].end - look->ranges[i].begin) / SC_GRANULE;
        if (record)
            put_found(piece, look, &budget);
    }
    bool all = !look->error;
    sc_syscall(SYS_munmap, look, page_end(sizeof *look));
    return all;
}

static void tell(const struct sc_piece *piece)
{
    uint64_t pages;
    if (!look_at(piece, true, &pages))
        put(piece, SC_MAPPED_MISSED);
}

/* Nobody knows of which mapping. */
static void missed_something(void)
{
    struct sc_piece none = {.owner = sc_process.process};
    put(&none, SC_MAPPED_MISSED);
}

/* What is mapped there stays, but some of it may be about to leave the page table. */
static void tell_of(uint64_t begin, uint64_t end)
{
    struct sc_piece piece;
    enum sc_piece_answer answer;
    for (uint32_t at = 0; (answer = sc_pieces_next(begin, end, &at, &piece)) == SC_PIECE_FOUND;)
        tell(&piece);
    if (answer == SC_PIECE_MISSED)
        missed_something();
}

/* Before it is gone: once it is, another thread may have something else there. */
static void take_away(uint64_t begin, uint64_t end)
{
    struct sc_piece piece;
    enum sc_piece_answer answer;
    while ((answer = sc_pieces_take(begin, end, &piece)) == SC_PIECE_FOUND) {
        tell(&piece);
        if (piece.end > end)
            put(&piece, SC_MAPPED_MISSED); /* what is stored there from now on */
        if (piece.last)
            put(&piece, SC_MAPPED_GONE);
    }
    if (answer == SC_PIECE_MISSED)
        missed_something();
}

/* A program that syncs again and again is told of again when it has touched twice as much. */
static void tell_at_sync(uint64_t begin, uint64_t end)
{
    struct sc_piece piece;
    for (uint32_t at = 0; sc_pieces_next(begin, end, &at, &piece) == SC_PIECE_FOUND;) {
        uint64_t pages = 0;
        if (!look_at(&piece, false, &pages) || pages < 2 * piece.told || !pages)
            continue;
        if (look_at(&piece, true, &pages))
            sc_pieces_told(at - 1, &piece, pages);
    }
}

/* Can the file be stored into through the mapping, now or after an mprotect? */
static bool stores(const uint64_t *args)
{
    if (args[2] & PROT_WRITE)
        return true;
    long flags = sc_process.no_syscalls ? O_RDONLY : sc_syscall(SYS_fcntl, (int)args[4], F_GETFL);
    return !sc_failed(flags) && (flags & O_ACCMODE) == O_RDWR;
}

static void began(const uint64_t *args, uint64_t address)
{
    uint64_t type = args[3] & MAP_TYPE;
    if (args[3] & MAP_ANONYMOUS || (type != MAP_SHARED && type != MAP_SHARED_VALIDATE))
        return;
    /* Of other files even looking at a page may do something. */
    if (sc_fd_class_of((int)args[4]) != SC_FD_KEEPS || !stores(args))
        return;
    struct sc_piece piece = {
        .begin = address,
        .end = address + page_end(args[1]),
        .page = args[5] / SC_GRANULE,
        .owner = sc_process.process,
        .number = __atomic_add_fetch(&numbers, 1, __ATOMIC_RELAXED),
    };
    struct sc_mapped head = head_of(&piece, SC_MAPPED_BEGAN);
    head.descriptor = (int32_t)args[4];
    sc_put_meta(SC_META_MAPPED, &head, sizeof head, NULL, 0);
    if (!sc_pieces_add(&piece))
        put(&piece, SC_MAPPED_MISSED);
}

/* What was mapped at the old place is told already; the kernel moved the page table's entries along. */
static void moved(uint64_t from, uint64_t bytes, uint64_t to, uint64_t new_bytes, bool stays)
{
    struct sc_piece piece;
    uint32_t at = 0;
    if (to == from) {
        if (new_bytes > bytes)
            sc_pieces_extend(from + bytes, from + new_bytes);
        return;
    }
    enum sc_piece_answer answer = !bytes || stays ? sc_pieces_next(from, from + (bytes ? bytes : 1), &at, &piece)
                                                  : sc_pieces_take(from, from + bytes, &piece);
    if (answer == SC_PIECE_NONE)
        return;
    piece.begin = to + (answer == SC_PIECE_FOUND ? piece.begin - from : 0);
    piece.end = to + new_bytes;
    if (answer == SC_PIECE_MISSED || !sc_pieces_add(&piece))
        missed_something();
}

static void before_move(const uint64_t *args)
{
    uint64_t bytes = page_end(args[1]), new_bytes = page_end(args[2]);
    if (new_bytes < bytes)
        take_away(args[0] + new_bytes, args[0] + bytes);
    if (bytes)
        tell_of(args[0], args[0] + (bytes < new_bytes ? bytes : new_bytes));
    if (args[3] & MREMAP_FIXED)
        take_away(args[4], args[4] + new_bytes);
}

static bool drops_pages(uint64_t advice)
{
    return advice == MADV_DONTNEED || advice == MADV_REMOVE || advice == MADV_PAGEOUT;
}

void sc_mapped_before(enum sc_means means, const uint64_t *args)
{
    uint64_t begin = args[0], end = begin + page_end(args[1]);
    if (!sc_pieces_any() || begin % SC_GRANULE || end < begin)
        return;
    switch (means) {
    case SC_MEANS_MAP:
        if (args[3] & MAP_FIXED)
            take_away(begin, end);
        break;
    case SC_MEANS_UNMAP: take_away(begin, end); break;
    case SC_MEANS_REMAP: before_move(args); break;
    case SC_MEANS_SYNC_MAPPED: tell_at_sync(begin, end); break;
    case SC_MEANS_ADVISE_MAPPED:
        if (drops_pages(args[2]))
            tell_of(begin, end);
        break;
    default: break;
    }
}

void sc_mapped_after(enum sc_means means, const uint64_t *args, int64_t result)
{
    if (result < 0 && result > -4096)
        return;
    if (means == SC_MEANS_MAP)
        began(args, (uint64_t)result);
    else if (means == SC_MEANS_REMAP && sc_pieces_any())
        moved(args[0], page_end(args[1]), (uint64_t)result, page_end(args[2]), args[3] & MREMAP_DONTUNMAP);
}

void sc_mapped_tell(void)
{
    if (sc_pieces_any())
        tell_of(0, UINT64_MAX);
}
