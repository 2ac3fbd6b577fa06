/*
 * files.h: the model of the files of one run: which file a descriptor means, and what was done to each file.
 *
 * Descriptors are followed through open, dup, fork, exec, close and inheritance, per process; the offset through every
 * read, write and lseek of an open file description (shared by dup and fork, honouring O_APPEND). Raw identity only:
 * nothing here is normalised.
 */
#ifndef SC_FILES_H
#define SC_FILES_H

#include "event.h"
#include "extents.h"
#include "intern.h"
#include "run.h"
#include "sizes.h"

struct sc_files;

enum {
    SC_NO_FILE = UINT32_MAX,
    SC_PAGE = 4096, /* accesses that begin on no multiple of it are misaligned, shorter ones small */
};
#define SC_OFFSET_UNKNOWN INT64_MIN

/* What was done to one file; counters only, see add_counters.h. */
struct sc_file_counts {
    uint64_t opens, reads, writes, zero_writes, seeks, redundant_seeks;
    uint64_t bytes_read, bytes_written, zero_bytes;
    uint64_t errors, time_ns;      /* the time of calls */
    uint64_t requests, request_ns; /* of reads, writes and syncs: those that are no calls, and how long these took */
    /* Of the accesses of regular files whose offset is known: */
    uint64_t seek_writes, seek_reads;   /* a seek that moved the offset, and right behind it a write or read there */
    uint64_t rewrites, rewritten_bytes; /* of what this run had written before */
    uint64_t rereads, reread_bytes;     /* of what this run had read before */
    uint64_t sequential, strided,
        random;                 /* where the last one ended; as far from it as that from the one before; else */
    uint64_t misaligned, small; /* see SC_PAGE */
    uint64_t zeros_overwritten; /* zero bytes that data replaced later */
    uint64_t grows;             /* one zero byte behind a hole or in a mapped file: it only sets the size */
    uint64_t maps;
    uint64_t unseen_writes; /* from a buffer whose bytes the source does not know */
    /* Pages touched through mappings that store into the file; of these, as they were last looked at, those that held
       zeros, and those of which that is not known: */
    uint64_t touched_pages, touched_zero_pages, touched_unseen_pages;
};

/*
 * One file of the run, by absolute path as opened, or a pipe, socket, terminal and the like. Several may have one path,
 * one after the other.
 */
struct sc_file {
    const char *path; /* the last it had; absolute where the directory is known; "pipe:[N]", "socket:[N]", "stdin" and
                         the like else */
    const char *first_path; /* the one it was first known by */
    uint32_t name;          /* the path's number: files of one path have one */
    uint32_t same_as;       /* the file that it turned out to be, which has its counts; or SC_NO_FILE */
    uint32_t link;          /* number of the last further name that it was given; UINT32_MAX: none */
    bool regular;           /* opened by path, and no pipe or socket with a name */
    bool fifo;              /* one of these */
    bool made_here;         /* open said that it made it, so it is none of the files that were known before */
    bool identified;        /* by device and inode */
    bool unnamed;           /* made by O_TMPFILE: "DIR/(no name)" until a link gives it a name */
    bool given;             /* what some process had as its standard input from the start on */
    bool made;              /* emptied or made by an open */
    bool own;               /* made by an open that wanted it new and for nobody else, as mkstemp does */
    bool read_to_end;
    uint64_t length; /* as far as it was read: its size where it was read to its end */
    struct sc_file_counts counts;
    struct sc_sizes *sizes; /* of the calls that read or wrote; or NULL */
};

/* The ranges that were written with zeros, and of those the ones that still hold them; merged. */
struct sc_zeros {
    struct sc_extents ever, left;
};

/* What an event meant, by the model before the event was applied to it. */
struct sc_access {
    uint32_t file;        /* index of the file of the call's first descriptor or path, or SC_NO_FILE */
    uint32_t united;      /* a file that this call showed to be another one, see sc_file.same_as, or SC_NO_FILE */
    uint32_t second_file; /* of its second one (dup2, copy_file_range, sendfile, rename), or SC_NO_FILE */
    int64_t offset;       /* where the access began, or SC_OFFSET_UNKNOWN */
    int64_t length;       /* bytes moved */
    bool redundant_seek;  /* an lseek to where the offset already was */
    int64_t seek_delta;   /* an lseek: new offset minus old one, or SC_OFFSET_UNKNOWN */
    uint32_t open;        /* number of the open file description that was read, written or sought in; 0: none */
    bool after_seek;      /* a read or write whose open was sought in right before, and moved by that */
    bool follows;         /* it begins where the last one of its kind on its open ended */
    bool random;          /* neither that nor as far from the last one as that from the one before */
    bool grows;           /* see sc_file_counts */
    bool empties;         /* an open that emptied a file which the run had written to */
    int64_t again;        /* bytes of it that this run had written (a read: had read) before */
    const char *path; /* the resolved path of a call that names a file unknown so far; until the next event; or NULL */
};

/* cwd: the root's working directory, or NULL. NULL where memory is short. */
struct sc_files *sc_files_new(const char *cwd);
/* For the calls of that run, as far as it is known by now. */
struct sc_files *sc_files_of_run(const struct sc_run *run);
void sc_files_free(struct sc_files *files);
/* What descriptors and names mean is followed and no more: of an access after_seek, follows, grows and again are not
 * known, nor what sc_file says of the accesses' order, nor ranges. */
void sc_files_only_follow(struct sc_files *files);

/* Follows the event. 0, or -ENOMEM. */
int sc_files_apply(struct sc_files *files, const struct sc_event *event, struct sc_access *ret_access);

/* What a call of that meaning makes that has no name in a directory: "socket", "epoll"; NULL where it makes no such. */
const char *sc_made_name(enum sc_means means);

/* What descriptor fd of that process means now, or SC_NO_FILE. */
uint32_t sc_files_of_descriptor(const struct sc_files *files, uint32_t process, int fd);
/* The same of a file in the table that a ring of io_uring has of its own. */
uint32_t sc_files_of_ring(const struct sc_files *files, uint32_t process, uint32_t ring, uint32_t index);

/* The directory that the process is in now; NULL where it is not known. */
const char *sc_files_directory(const struct sc_files *files, uint32_t process);

/* Does it carry bytes to somebody: a pipe, a socket, a terminal? Not a counter, a timer or the like. */
bool sc_file_carries(const struct sc_file *file);

/*
 * Does such a call on that file, or SC_NO_FILE, wait for somebody else: a process, a thread, a message, the clock? A
 * read of what is no file in a directory does, and a write to what carries bytes to somebody, who may take them late.
 * And vfork, which returns when the child runs a program or ends.
 */
bool sc_files_waits(const struct sc_files *files, const struct sc_call_desc *call, uint32_t file);

/* Some process became the program of that absolute path. */
bool sc_files_executed(const struct sc_files *files, const char *path);
/* Paths of the folders that it made for nobody else, as mkdtemp does. */
const struct sc_intern *sc_files_private_folders(const struct sc_files *files);

/* All files, in the order of their first use. */
/* Some of what reads, writes and seeks was not recorded: offsets are those that calls are given, and no others. */
bool sc_files_lost_offsets(const struct sc_files *files);

size_t sc_files_count(const struct sc_files *files);
size_t sc_files_names(const struct sc_files *files); /* the numbers of names are below it */
const struct sc_file *sc_files_get(const struct sc_files *files, uint32_t index);
/* The same, or the file that it turned out to be. */
const struct sc_file *sc_files_get_last(const struct sc_files *files, uint32_t index);
/* As the run was told it, or learnt by reading to its end; negative where it was not. */
int64_t sc_files_size(const struct sc_files *files, uint32_t index);
const struct sc_zeros *sc_files_zeros(const struct sc_files *files, uint32_t index);

#endif
