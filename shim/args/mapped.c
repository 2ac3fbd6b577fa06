#include "mapped.h"

#include <fcntl.h>
#include <sys/mman.h>

#include "../../common/mapped_codec.h"
#include "../../common/zero.h"
#include "../core/helper.h"
#include "../core/placement.h"
#include "../core/present.h"
#include "../core/raw_syscall.h"
#include "fd_class.h"
#include "list_record.h"

enum {
    LOOKED_AT = 32 << 20, /* bytes: of so many it is found out around one call whether they are zeros */
    ALWAYS = 64,          /* looks, and looks at a sync, before they become fewer */
};

static uint32_t numbers;         /* of mappings made by this process */
static uint32_t looks, syncs;    /* that were made, or would have been */
static struct sc_present *spare; /* kept for the next look; NULL: in use, or none yet */

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

static void put_run(struct sc_list *list, const struct sc_page_run *run)
{
    uint8_t *to = sc_list_place(list, 0); /* not as an argument beside what it may change */
    sc_list_added(list, sc_put_page_run(to, run, &list->before));
}

struct by_file {
    void *to;
    uint64_t from;
    size_t bytes;
    bool done;
};

/* Uses nothing but what sc_helper_run allows. */
static void read_by_file(void *argument)
{
    struct by_file *copy = argument;
    long fd = sc_syscall(SYS_open, "/proc/self/mem", O_RDONLY | O_CLOEXEC);
    if (sc_failed(fd))
        return;
    copy->done = sc_own_read(fd, copy->to, copy->bytes, (int64_t)copy->from) == (long)copy->bytes;
    sc_syscall(SYS_close, fd);
}

/* A mapping with PROT_WRITE alone is refused to process_vm_readv, and not to the file. */
static bool copy_pages(void *to, uint64_t from, size_t bytes)
{
    struct by_file copy = {to, from, bytes, false};
    return sc_copied(to, from, bytes) || (sc_helper_run(read_by_file, &copy) == 0 && copy.done);
}

/*
 * What so many pages hold, enum sc_data each. Mostly the first word tells; else the kernel copies them, at once, or one
 * by one where some are gone.
 */
static void look_into(uint64_t at, unsigned pages, uint8_t *scratch, uint8_t *ret_data)
{
    bool all_told = true;
    for (unsigned i = 0; i < pages; i++) {
        bool told = sc_copied_not_zero(at + (uint64_t)i * SC_GRANULE);
        ret_data[i] = told ? SC_DATA_SOME : SC_DATA_NONE;
        all_told &= told;
    }
    bool copied = !all_told && copy_pages(scratch, at, (size_t)pages * SC_GRANULE);
    for (unsigned i = 0; i < pages; i++) {
        if (ret_data[i] == SC_DATA_SOME)
            continue;
        uint8_t *page = scratch + (size_t)i * SC_GRANULE;
        if (!copied && !sc_copied(page, at + (uint64_t)i * SC_GRANULE, SC_GRANULE))
            ret_data[i] = SC_DATA_UNSEEN;
        else
            ret_data[i] = sc_is_zero(page, SC_GRANULE) ? SC_DATA_ZERO : SC_DATA_SOME;
    }
}

/* Pages that hold alike are one run. */
static void add_pages(struct sc_list *list, struct sc_page_run *run, uint64_t pages, uint8_t data)
{
    if (run->pages && run->data != data) {
        put_run(list, run);
        run->first += run->pages;
        run->pages = 0;
    }
    run->data = data;
    run->pages += pages;
}

/* *budget: bytes that may still be looked at. */
static void put_range(struct sc_list *list, const struct sc_piece *piece, struct sc_present *look,
                      const struct sc_present_range *range, uint64_t *budget)
{
    enum { BATCH = sizeof look->scratch / SC_GRANULE };
    uint8_t data[BATCH];
    struct sc_page_run run = {.first = piece->page + (range->begin - piece->begin) / SC_GRANULE};
    uint64_t at = range->begin;
    while (at < range->end && *budget) {
        uint64_t left = (range->end - at) / SC_GRANULE;
        unsigned pages = left < BATCH ? (unsigned)left : BATCH;
        look_into(at, pages, look->scratch, data);
        for (unsigned i = 0; i < pages; i++)
            add_pages(list, &run, 1, data[i]);
        at += (uint64_t)pages * SC_GRANULE;
        *budget -= *budget < sizeof look->scratch ? *budget : sizeof look->scratch;
    }
    if (at < range->end)
        add_pages(list, &run, (range->end - at) / SC_GRANULE, SC_DATA_UNSEEN);
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
    sc_list_end(&list, false);
}

static struct sc_present *begin_look(const struct sc_piece *piece)
{
    if (sc_process.no_syscalls)
        return NULL;
    struct sc_present *look = __atomic_exchange_n(&spare, NULL, __ATOMIC_ACQ_REL);
    if (!look) {
        long area = sc_place_memory(page_end(sizeof *look), PROT_READ | PROT_WRITE);
        if (sc_failed(area))
            return NULL;
        look = (struct sc_present *)area;
    }
    look->error = 0;
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

/*
 * Records what is found unless budget is NULL; see put_range. Leaves the number of pages in *ret_pages. False: not all
 * could be looked at.
 */
static bool look_at(const struct sc_piece *piece, uint64_t *budget, uint64_t *ret_pages)
{
    struct sc_present *look = begin_look(piece);
    *ret_pages = 0;
    if (!look)
        return false;
    while (next(look)) {
        for (unsigned i = 0; i < look->count; i++)
            *ret_pages += (look->ranges[i].end - look->ranges[i].begin) / SC_GRANULE;
        if (budget)
            put_found(piece, look, budget);
    }
    bool all = !look->error;
    struct sc_present *other = __atomic_exchange_n(&spare, look, __ATOMIC_ACQ_REL);
    if (other)
        sc_syscall(SYS_munmap, other, page_end(sizeof *other));
    return all;
}

/*
 * A look costs some microseconds, with threads some ten more. A program that maps a bit of a file again and again is
 * asked less and less: then all pages of a small piece are taken for touched, and not for zeros.
 */
static bool told_by_length(const struct sc_piece *piece)
{
    enum { LOOKS_A_PAGE = 8 };
    uint64_t pages = (piece->end - piece->begin) / SC_GRANULE;
    uint32_t before_this = __atomic_fetch_add(&looks, 1, __ATOMIC_RELAXED);
    if (before_this < ALWAYS || pages > before_this / LOOKS_A_PAGE)
        return false;
    struct sc_mapped head = head_of(piece, SC_MAPPED_TOUCHED);
    struct sc_page_run run = {piece->page, pages, SC_DATA_UNSEEN};
    uint8_t bytes[SC_PAGE_RUN_MAX + sizeof(uint64_t)];
    uint64_t before = 0;
    const uint8_t *end = sc_put_page_run(bytes, &run, &before);
    sc_put_meta(SC_META_MAPPED, &head, sizeof head, bytes, (size_t)(end - bytes));
    return true;
}

static void tell(const struct sc_piece *piece, uint64_t *budget)
{
    uint64_t pages;
    if (!piece->stores || told_by_length(piece))
        return;
    if (!look_at(piece, budget, &pages))
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
    uint64_t budget = LOOKED_AT;
    for (uint32_t at = 0; (answer = sc_pieces_next(begin, end, &at, &piece)) == SC_PIECE_FOUND;)
        tell(&piece, &budget);
    if (answer == SC_PIECE_MISSED)
        missed_something();
}

/* Before it is gone: once it is, another thread may have something else there. */
static void take_away(uint64_t begin, uint64_t end)
{
    struct sc_piece piece;
    enum sc_piece_answer answer;
    uint64_t budget = LOOKED_AT;
    while ((answer = sc_pieces_take(begin, end, &piece)) == SC_PIECE_FOUND) {
        tell(&piece, &budget);
        if (piece.end > end && piece.stores)
            put(&piece, SC_MAPPED_MISSED); /* what is stored there from now on */
        if (piece.last && piece.stores)
            put(&piece, SC_MAPPED_GONE);
    }
    if (answer == SC_PIECE_MISSED)
        missed_something();
}

/* A program that syncs again and again is told of again when it has touched twice as much, and is looked at less. */
static void tell_at_sync(uint64_t begin, uint64_t end)
{
    struct sc_piece piece;
    uint64_t budget = LOOKED_AT;
    uint32_t before_this = __atomic_fetch_add(&syncs, 1, __ATOMIC_RELAXED);
    if (before_this >= ALWAYS && before_this & (before_this - 1))
        return;
    for (uint32_t at = 0; sc_pieces_next(begin, end, &at, &piece) == SC_PIECE_FOUND;) {
        uint64_t pages = 0;
        if (!piece.stores || !look_at(&piece, NULL, &pages) || pages < 2 * piece.told || !pages)
            continue;
        if (look_at(&piece, &budget, &pages))
            sc_pieces_told(at - 1, &piece, pages);
    }
}

/* Could the file be stored into through the mapping, after an mprotect? */
static bool may_store(const uint64_t *args)
{
    long flags = sc_process.no_syscalls ? O_RDONLY : sc_syscall(SYS_fcntl, (int)args[4], F_GETFL);
    return !sc_failed(flags) && (flags & O_ACCMODE) == O_RDWR;
}

static void began(const uint64_t *args, uint64_t address)
{
    uint64_t type = args[3] & MAP_TYPE;
    bool stores = args[2] & PROT_WRITE;
    if (args[3] & MAP_ANONYMOUS || (type != MAP_SHARED && type != MAP_SHARED_VALIDATE))
        return;
    /* Of other files even looking at a page may do something. */
    if (sc_fd_class_of((int)args[4]) != SC_FD_KEEPS || !(stores || may_store(args)))
        return;
    struct sc_piece piece = {
        .begin = address,
        .end = address + page_end(args[1]),
        .page = args[5] / SC_GRANULE,
        .owner = sc_process.process,
        .number = __atomic_add_fetch(&numbers, 1, __ATOMIC_RELAXED),
        .stores = stores,
    };
    struct sc_mapped head = head_of(&piece, stores ? SC_MAPPED_BEGAN : SC_MAPPED_READ);
    head.descriptor = (int32_t)args[4];
    sc_put_meta(SC_META_MAPPED, &head, sizeof head, NULL, 0);
    if (!sc_pieces_add(&piece) && stores)
        put(&piece, SC_MAPPED_MISSED);
}

static void opened(uint64_t begin, uint64_t end)
{
    struct sc_piece piece;
    while (sc_pieces_open(begin, end, &piece))
        put(&piece, SC_MAPPED_BEGAN);
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

static bool records(void)
{
    return sc_process.active && !sc_process.stop_reason;
}

void sc_mapped_before(enum sc_means means, const uint64_t *args)
{
    uint64_t begin = args[0], end = begin + page_end(args[1]);
    if (!sc_pieces_any() || !records() || begin % SC_GRANULE || end < begin)
        return;
    switch (means) {
    case SC_MEANS_MAP:
        if (args[3] & MAP_FIXED)
            take_away(begin, end);
        break;
    case SC_MEANS_UNMAP: take_away(begin, end); break;
    case SC_MEANS_REMAP: before_move(args); break;
    case SC_MEANS_PROTECT_MAPPED:
        if (args[2] & PROT_WRITE)
            opened(begin, end);
        break;
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
    if ((result < 0 && result > -4096) || !records())
        return;
    if (means == SC_MEANS_MAP)
        began(args, (uint64_t)result);
    else if (means == SC_MEANS_REMAP && sc_pieces_any())
        moved(args[0], page_end(args[1]), (uint64_t)result, page_end(args[2]), args[3] & MREMAP_DONTUNMAP);
}

void sc_mapped_tell(void)
{
    if (sc_pieces_any() && records())
        tell_of(0, UINT64_MAX);
}
