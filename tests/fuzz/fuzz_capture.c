/*
 * fuzz_capture: any bytes as a capture; or, since a capture is mostly zeros and its table of calls always the same, as
 * a list of pieces of one:
 *
 *     'P' flags, then pieces: offset / 4 (u32), length (u16), so many bytes
 *
 * flags bit 0: before the pieces are laid in there is a sound header and our own table of calls; bit 1: the file ends
 * where the last piece ends (else with its unit of chunks). tests/fuzz/make_corpus.py makes such lists of recorded
 * captures.
 */
#include <stdlib.h>
#include <string.h>

#include "../../common/capture_format.h"
#include "fuzz.h"

enum { FILE_BYTES = 256 * 1024, FIRST_CHUNK = 32768, NONCE = 0x1234567 };

static size_t put_sound_header(uint8_t *file)
{
    struct sc_file_header header = {.version = SC_VERSION,
                                    .first_chunk = FIRST_CHUNK,
                                    .nonce = NONCE,
                                    .calls_offset = sizeof header,
                                    .calls_bytes = sizeof(struct sc_file_call),
                                    .granule = SC_GRANULE,
                                    .clock = SC_CLOCK_MONOTONIC,
                                    .root_pid = 100,
                                    .tick0 = 1000000,
                                    .mono0 = 1000000,
                                    .tick1 = 2000000,
                                    .mono1 = 2000000};
    memcpy(header.magic, SC_MAGIC, sizeof header.magic);
    uint8_t *at = file + sizeof header;
    for (unsigned nr = 0; nr < SC_NR_LIMIT; nr++) {
        const struct sc_call_desc *desc = sc_call(nr);
        if (!desc->name)
            continue;
        struct sc_file_call row = {desc->nr,     desc->nargs,   desc->ret,  desc->expect, desc->category,
                                   desc->stored, desc->skipped, desc->text, {0},          {0}};
        memcpy(row.kinds, desc->kinds, sizeof row.kinds);
        strncpy(row.name, desc->name, sizeof row.name - 1);
        memcpy(at, &row, sizeof row);
        at += sizeof row;
        header.calls_count++;
    }
    memcpy(file, &header, sizeof header);
    return FIRST_CHUNK;
}

static size_t lay_pieces(uint8_t *file, const uint8_t *data, size_t size)
{
    size_t end = data[1] & 1 ? put_sound_header(file) : 0;
    for (size_t at = 2; size - at >= 6;) {
        uint32_t place;
        uint16_t len;
        memcpy(&place, data + at, sizeof place);
        memcpy(&len, data + at + 4, sizeof len);
        at += 6;
        size_t offset = (size_t)place * 4, bytes = len < size - at ? len : size - at;
        if (offset > FILE_BYTES || bytes > FILE_BYTES - offset)
            break;
        memcpy(file + offset, data + at, bytes);
        at += bytes;
        if (offset + bytes > end)
            end = offset + bytes;
    }
    size_t granule_end = (end + SC_GRANULE - 1) / SC_GRANULE * SC_GRANULE;
    return data[1] & 2 || granule_end > FILE_BYTES ? end : granule_end;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t *file;
    const char *path;
    if (size >= 2 && data[0] == 'P') {
        if (!file && !(file = malloc(FILE_BYTES)))
            abort();
        memset(file, 0, FILE_BYTES);
        path = fuzz_file(file, lay_pieces(file, data, size));
    } else {
        path = fuzz_file(data, size);
        (void)sc_capture_source.recognise(path, data, size < 4096 ? size : 4096);
    }
    fuzz_whole_path(&sc_capture_source, path);
    return 0;
}
