/*
 * used.c: how many bytes of a capture hold records, all kinds counted: sum over its chunks.
 */
#include <stdio.h>
#include <stdlib.h>

#include "../common/capture_format.h"

int main(int argc, char **argv)
{
    struct sc_file_header header;
    struct sc_chunk chunk;
    unsigned long long used = 0;
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
    if (!file || fread(&header, sizeof header, 1, file) != 1) {
        fprintf(stderr, "usage: used CAPTURE\n");
        return 2;
    }
    for (uint64_t at = header.first_chunk; at < header.next; at += SC_GRANULE) {
        if (fseek(file, (long)at, SEEK_SET) != 0 || fread(&chunk, sizeof chunk, 1, file) != 1)
            break;
        if (chunk.magic != SC_CHUNK_MAGIC || chunk.nonce != header.nonce)
            continue;
        used += chunk.used - sizeof chunk;
        at += chunk.bytes - SC_GRANULE;
    }
    fclose(file);
    printf("%llu\n", used);
    return 0;
}
