/*
 * files_internal.h: what the files of the model share; private to analyzer/model/files*.c.
 *
 *   files.c        what a process event does; the public functions
 *   files_calls.c  what a call does that is in none of:
 *   files_inodes.c which names are one file, by device and inode
 *   files_links.c  calls that give, move and take away names
 *   files_io.c     calls and requests that move bytes and offsets
 *   files_rings.c  requests that do what other calls do; a ring's own table of files
 *   files_ranges.c what the accesses of a file look like: order, alignment, what is done again
 *   files_open.c   calls that make or drop descriptors
 *   files_table.c  descriptors and open file descriptions
 *   files_names.c  names of files
 *   files_folders.c renamed folders
 *   files_paths.c  what a path means: folded, with symbolic links followed as far as they are known
 */
#ifndef SC_FILES_INTERNAL_H
#define SC_FILES_INTERNAL_H

#include "files.h"
#include "index.h"
#include "intern.h"

#define SC_SIZE_UNKNOWN INT64_MIN

enum {
    SC_STANDARD = 3,            /* descriptors that every program is given */
    SC_FD_LIMIT = 1 << 20,      /* descriptors from here on are not followed: nobody gets them without trying */
    SC_PROCESS_LIMIT = 1 << 22, /* PID_MAX_LIMIT */
    SC_FORKS_LIMIT = 64,        /* forked and not yet seen to do anything */
    SC_OVERTAKEN = 16,          /* of the last calls that got a descriptor */
    SC_NO_OPEN = 0,
    SC_PATH_LIMIT = 4352, /* longer names are not renamed or linked: the kernel's limit is 4096 */
    /*
     * What tables of descriptors, resolved names and looking for links in these may take, in slots and bytes: so much,
     * and so much more with each event. No program comes near; a hostile file makes each of its few bytes a table of a
     * million descriptors, or a name below a directory a thousand levels down.
     */
    SC_SLOTS_FREE = 1 << 21,
    SC_SLOTS_EACH = 64,
    SC_NAMES_FREE = 1 << 20,
    SC_NAMES_EACH = 512,
};

/* Where the accesses of one kind went. */
struct sc_track {
    int64_t begin, end, step; /* of the last one, and from the one before it */
    bool any;
};

/* Pages that were touched through mappings, and of these those that held zeros or were not looked at. */
struct sc_touched {
    struct sc_extents all, zeros, unseen;
};

/* Which bytes of a file were touched, and how. */
struct sc_ranges {
    struct sc_extents written, read;
    struct sc_zeros zeros;
    struct sc_touched *touched; /* or NULL */
};

/* What open() makes and dup() and fork() share. */
struct sc_open {
    uint32_t file;
    uint32_t references; /* free ones: the next free one */
    int64_t offset;      /* or SC_OFFSET_UNKNOWN */
    bool append;
    bool seekable; /* it has an offset, for all that is known */
    bool sought;   /* the last thing done with its offset was a seek that moved it */
    struct sc_track reads, writes;
};

/* A descriptor: the number of an open file description above close-on-exec in bit 0; 0: closed or not known. */
typedef uint32_t sc_slot;

struct sc_table {
    sc_slot *slots;
    uint32_t count;     /* slots from there on are free */
    size_t capacity;    /* slots there are */
    uint8_t std_closed; /* bit i: descriptor i of the first three is not the one that the program was given */
    char *cwd;          /* or NULL */
};

/*
 * A descriptor that a call got while it still was another: that one's close has begun after the call, and comes behind
 * it in the order of their begins, but was there first.
 */
struct sc_overtaken {
    const struct sc_table *table; /* or NULL */
    int64_t fd;
    uint32_t thread; /* which got it */
    uint64_t until;  /* when it had got it: what begins later closes what it is now */
    uint32_t open;   /* what it was; a reference */
};

struct sc_fork {
    int32_t pid;
    struct sc_table *table;
};

struct sc_files {
    struct sc_table **tables; /* by process */
    size_t table_count;
    uint32_t last_ended; /* its table is kept a while: destructors may still write */
    char *root_cwd;
    struct sc_fork forks[SC_FORKS_LIMIT];
    size_t fork_count;

    struct sc_overtaken overtaken[SC_OVERTAKEN]; /* a ring */
    unsigned next_overtaken;
    uint64_t overtaken_until; /* the latest of them */

    struct sc_open *opens; /* 0 is none */
    uint32_t open_count, free_open;
    size_t open_capacity;
    uint64_t slots_left, names_left; /* see SC_SLOTS_FREE */
    struct sc_index mappings;        /* by their numbers: the files that they store into */
    uint32_t *held;                  /* of the requests under way by their slots: number in opens, or 0 */
    size_t held_capacity;
    struct sc_index rings; /* of io_uring, by process and number: number of the table of their own files */
    struct sc_table **ring_tables;
    size_t ring_count, ring_capacity;

    struct sc_file *files;
    int64_t *sizes;           /* of the files, where known */
    struct sc_ranges *ranges; /* of the files */
    size_t file_count, file_capacity;
    struct sc_intern names;
    struct sc_intern executed; /* paths of programs */
    uint32_t *name_files;      /* of the names by their numbers: what each means now, or SC_NO_FILE */
    size_t name_count, name_capacity;
    struct sc_intern folders; /* in which there are names */
    struct sc_intern private_folders;
    struct sc_intern fifos;  /* paths of pipes and sockets that were not open yet */
    struct sc_intern inodes; /* device and inode */
    uint32_t *inode_files;   /* by their numbers */
    size_t inode_count, inode_capacity;
    struct sc_intern links; /* names of symbolic links */
    uint32_t *link_targets; /* of the links by their numbers: number of the name that each stands for, or none */
    size_t link_count, link_capacity;
    uint64_t links_left;     /* see SC_NAMES_FREE */
    unsigned pipes, sockets; /* made so far */
    char *scratch;           /* for resolving names */
    size_t scratch_bytes;
    bool own_names;    /* see sc_run */
    bool offsets_lost; /* see sc_run */
    bool only_follow;  /* see sc_files_only_follow */
    bool failed;       /* memory was short */
};

/* files_table.c. NULL and none where memory is short (files->failed). */
struct sc_table *sc_table_of(struct sc_files *files, uint32_t process);
struct sc_table *sc_table_new(struct sc_files *files);
struct sc_table *sc_table_copy(struct sc_files *files, struct sc_table *from);
void sc_table_free(struct sc_files *files, struct sc_table *table);
void sc_table_exec(struct sc_files *files, struct sc_table *table);
void sc_table_close(struct sc_files *files, struct sc_table *table, int64_t fd);
/* The call got fd, as the lowest that was free; by a call that returned it, before it becomes what that made. */
void sc_table_got(struct sc_files *files, const struct sc_table *table, int64_t fd, const struct sc_event *event);
/*
 * What fd was when that call began, if it was overtaken; else NULL. A close of it has closed that one then, which
 * nobody has to be told of any more.
 */
struct sc_open *sc_table_overtaken(struct sc_files *files, const struct sc_table *table, int64_t fd,
                                   const struct sc_event *event);
/* fd becomes a new open file description of that file. */
void sc_table_open(struct sc_files *files, struct sc_table *table, int64_t fd, uint32_t file, int64_t offset,
                   bool append, bool cloexec);
void sc_table_dup(struct sc_files *files, struct sc_table *table, int64_t from, int64_t to, bool cloexec);
/* to of that table means what from means in the other one. */
void sc_table_share(struct sc_files *files, struct sc_table *table, int64_t from, struct sc_table *to_table,
                    int64_t to);
void sc_table_close_range(struct sc_files *files, struct sc_table *table, int64_t first, int64_t last, bool on_exec);
void sc_table_cloexec(struct sc_table *table, int64_t fd, bool on);
/* What fd means is held for that slot, whatever becomes of fd; and what was held is let go of. */
void sc_table_hold(struct sc_files *files, struct sc_table *table, int64_t fd, uint32_t slot);
void sc_table_release(struct sc_files *files, uint32_t slot);
/* What fd means, by the text that the source printed beside it where there is one (or NULL). NULL: no descriptor. */
struct sc_open *sc_table_get(struct sc_files *files, struct sc_table *table, int64_t fd, const struct sc_arg *arg);

/* files_paths.c. 0 where memory is short; a name is at least "." long. */
/* The absolute name in files->scratch, folded; its length. base: a directory, or length 0. */
size_t sc_resolve(struct sc_files *files, const char *base, size_t base_len, const char *path, size_t len);
/* The same with the links in files->scratch followed that are known; last: also where the whole name is one. */
size_t sc_links_follow(struct sc_files *files, size_t len, bool last);
/* The name is a link from now on, to that path as the link has it; or none any more. */
void sc_link_set(struct sc_files *files, const char *name, size_t len, const char *to, size_t to_len);
void sc_link_drop(struct sc_files *files, const char *name, size_t len);
void sc_link_rename(struct sc_files *files, const char *from, size_t from_len, const char *to, size_t to_len,
                    bool exchange);

/* files_names.c */
/* The name's number, made where it has none. Or SC_NOT_INTERNED where memory is short. */
uint32_t sc_name_number(struct sc_files *files, const char *text, size_t len);
uint32_t sc_file_named(struct sc_files *files, const char *name, size_t len, bool create);
/* A file that no name means; what it goes by until one does. */
uint32_t sc_file_unnamed(struct sc_files *files, const char *text, size_t len);
/* The name means that file from now on. */
void sc_file_link(struct sc_files *files, uint32_t file, const char *name, size_t len);
void sc_file_rename(struct sc_files *files, const char *from, size_t from_len, const char *to, size_t to_len,
                    bool exchange);
/* The name means no file any more. */
void sc_file_unlink(struct sc_files *files, const char *name, size_t len);
/* One call while it is applied. */
struct sc_work {
    struct sc_files *files;
    struct sc_table *table;
    const struct sc_event *event;
    struct sc_access *access;
    bool done; /* it succeeded */
};

/* -1 where it is not known. */
static inline int64_t sc_work_value(const struct sc_work *work, unsigned arg)
{
    return sc_event_value(work->event, arg);
}

static inline struct sc_file *sc_work_file(const struct sc_work *work, const struct sc_open *open)
{
    return &work->files->files[open->file];
}

/*
 * What a descriptor argument means, or NULL; sc_work_first also makes it the access's file. Where the call said that
 * there is no such descriptor none is made up.
 */
struct sc_open *sc_work_get(const struct sc_work *work, unsigned arg);
struct sc_open *sc_work_first(const struct sc_work *work, unsigned arg);

/* files_folders.c: where the name is; and what is in a folder is somewhere else now. */
void sc_folders_note(struct sc_files *files, const char *name, size_t len);
void sc_folder_rename(struct sc_files *files, const char *from, size_t from_len, const char *to, size_t to_len);

/* What a path argument is to be taken for: what it leads to, or the name itself, which may be that of a link. */
enum sc_follow { SC_ITSELF, SC_FOLLOWED };

/*
 * The file that a path argument names, by the directory of the descriptor dir (an argument's index, or -1): its name in
 * files->scratch; or its number, also by a name in /proc that stands for a descriptor.
 */
bool sc_work_resolve(const struct sc_work *work, int dir, unsigned path, enum sc_follow follow, size_t *ret_len);
uint32_t sc_work_named(const struct sc_work *work, int dir, unsigned path, enum sc_follow follow, bool create);

/* files_calls.c */
/* The descriptor that a name in /proc stands for, or -1. */
int64_t sc_descriptor_named(const struct sc_work *work, const char *name);
void sc_apply_call(struct sc_files *files, const struct sc_event *event, struct sc_access *access);
/* What the event's call does, by its table; not how often a file was used. */
void sc_apply_any(const struct sc_work *work);

/* files_io.c. False where the call is none of these. */
bool sc_apply_io(const struct sc_work *work);
/* Descriptors are what they were when the requests were handed over. */
void sc_apply_submit(const struct sc_work *work);
void sc_apply_request(struct sc_files *files, const struct sc_event *event, struct sc_access *access);
/* It was about that file. */
void sc_count_request(const struct sc_work *work, struct sc_file *file);
void sc_apply_size(const struct sc_work *work, uint32_t file, int64_t size, bool only_larger);

/* files_rings.c. NULL where memory is short (files->failed). */
struct sc_table *sc_ring_table(struct sc_files *files, uint32_t process, uint32_t ring);
void sc_ring_tables_free(struct sc_files *files);
/* One of the event's list that says what is in the ring's table. */
void sc_apply_ring_file(const struct sc_work *work, const struct sc_request_fields *is);
void sc_apply_ring_request(struct sc_files *files, const struct sc_event *event, struct sc_access *access);

/* files_inodes.c: the access's file, or the name in access->path, is of that size and has that identity. */
void sc_apply_inode(const struct sc_work *work, int64_t size, int64_t device, int64_t inode);

/* files_links.c. Likewise. */
bool sc_apply_names(const struct sc_work *work);

/* files_mapped.c */
void sc_apply_mapped(struct sc_files *files, const struct sc_event *event, struct sc_access *access);
void sc_touched_free(struct sc_touched *touched);

/* files_ranges.c: n bytes from at were moved; the file's contents behind size are gone; what the ranges hold. */
void sc_note_access(const struct sc_work *work, struct sc_open *open, int64_t at, int64_t n, bool is_write);
/* by bytes were put in at that place, or -by taken out there. */
void sc_ranges_move(struct sc_files *files, uint32_t file, int64_t at, int64_t by);
void sc_ranges_cut(struct sc_files *files, uint32_t file, int64_t size);
void sc_ranges_free(struct sc_ranges *ranges);

/* files_open.c: calls that make or drop descriptors. Likewise. */
bool sc_apply_open(const struct sc_work *work);

#endif
