/*
 * build_capture.h: captures made by hand for tests, chunk after chunk, in memory; a tick is a nanosecond.
 *
 * Asserts on its own misuse only. What a test wants broken it breaks in bytes afterwards.
 */
#ifndef SC_TEST_BUILD_CAPTURE_H
#define SC_TEST_BUILD_CAPTURE_H

#include "../../analyzer/sources/source.h"
#include "../../common/codec.h"

enum { BUILD_FIRST_CHUNK = 32768, BUILD_TICK0 = 1000000 };

struct build {
    uint8_t *bytes;
    size_t size, capacity;
    size_t chunk; /* offset of the open chunk */
    uint32_t process;
    struct sc_codec_base base;
};

/* Header and table of calls. */
void build_begin(struct build *build);
void build_free(struct build *build);

struct sc_file_header *build_header(struct build *build);
struct sc_chunk *build_chunk_header(struct build *build);

/* Opens a chunk of that process (the one before is complete then), with a segment of the thread. */
void build_chunk(struct build *build, uint32_t process, uint32_t tid, uint64_t tick);
void build_segment(struct build *build, uint32_t tid, uint64_t tick);

/* Meta records; build_meta returns its offset in the chunk. */
uint32_t build_meta(struct build *build, unsigned type, const void *head, size_t head_bytes, const void *more,
                    size_t more_bytes);
void build_process(struct build *build, uint32_t parent, uint32_t pid, enum sc_origin origin, uint64_t tick);
void build_text(struct build *build, enum sc_text_what what, const void *text, size_t bytes);
void build_main(struct build *build, uint64_t tick);
void build_counters(struct build *build, uint32_t tid, bool at_end, uint64_t reads, uint64_t writes);
void build_process_end(struct build *build, enum sc_end_how how, int status, uint64_t tick);
void build_child_end(struct build *build, uint32_t pid, int status, uint64_t tick);

/* A record; its desc is set here. */
void build_record(struct build *build, struct sc_record record);
/* The usual ones, of duration 10. */
void build_open(struct build *build, const char *path, int flags, int fd, uint64_t start);
void build_write(struct build *build, int fd, int64_t bytes, enum sc_data data, uint64_t start);
void build_read(struct build *build, int fd, int64_t bytes, uint64_t start);
void build_lseek(struct build *build, int fd, int64_t offset, int whence, int64_t result, uint64_t start);
void build_close(struct build *build, int fd, uint64_t start);

/* Header, table, and the root process 100 with its first chunk. */
void build_root(struct build *build);

/* A complete little run: root process 100, main, a file of two writes and a seek, exit with 0. 8 calls. */
void build_little(struct build *build);

/* Writes what is built (or its first bytes) into a new temporary file; its name, to be removed with build_remove. */
const char *build_save(const struct build *build, size_t bytes);
void build_remove(const char *path);

/* All events of the file, with copies of the strings of their arguments. */
struct build_events {
    struct sc_source *source;
    const struct sc_run *run;
    struct sc_event *list;
    size_t count;
    char **texts;
    size_t text_count;
    int result;
    struct sc_error error;
};
struct build_events build_load(const char *path);
void build_unload(struct build_events *events);

/* What was built is saved, loaded and freed; it has to be readable. */
struct build_events build_loaded(struct build *build);

#endif
