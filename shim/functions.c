#include "functions.h"

#include <string.h>

enum {
    ENCODING_UDATA4 = 0x03,
    ENCODING_PCREL_SDATA4 = 0x1b,
    ENCODING_DATAREL_SDATA4 = 0x3b,
};

static int32_t load32(const uint8_t *p)
{
    int32_t value;
    memcpy(&value, p, sizeof value);
    return value;
}

static uint64_t entry_start(const struct sc_object *object, uint32_t index)
{
    return object->header + (uint64_t)(int64_t)load32(object->table + 8 * (uint64_t)index);
}

bool sc_functions_open(struct sc_object *object)
{
    object->table = NULL;
    object->count = 0;
    for (unsigned i = 0; i < object->segment_count; i++) {
        if (object->segments[i].p_type != PT_GNU_EH_FRAME)
            continue;
        const uint8_t *header = (const uint8_t *)(object->bias + object->segments[i].p_vaddr);
        /* version, encodings of the frame's address, of the count, of the table */
        if (header[0] != 1 || header[1] != ENCODING_PCREL_SDATA4 || header[2] != ENCODING_UDATA4 ||
            header[3] != ENCODING_DATAREL_SDATA4)
            return false;
        object->header = (uint64_t)header;
        object->count = (uint32_t)load32(header + 8);
        object->table = header + 12;
        return object->count > 0;
    }
    return false;
}

static const uint8_t *entry_fde(const struct sc_object *object, uint32_t index)
{
    return (const uint8_t *)object->header + load32(object->table + 8 * (uint64_t)index + 4);
}

/* An FDE of the table: where its function ends. Its CIE says how the addresses are encoded; ours is the usual way. */
static uint64_t entry_end(const struct sc_object *object, uint32_t index)
{
    const uint8_t *fde = entry_fde(object, index);
    const uint8_t *cie = fde + 4 - load32(fde + 4);
    uint64_t start = entry_start(object, index);
    if (load32(fde) == -1 || load32(fde) < 12) /* 64-bit DWARF, or nothing in it */
        return start;
    /* augmentation "zR" or longer: the pointer encoding is among the augmentation data; the address proves it */
    if (cie[8] != 1 || cie[9] != 'z' || (uint64_t)(fde + 8) + (uint64_t)(int64_t)load32(fde + 8) != start)
        return start;
    return start + (uint32_t)load32(fde + 12);
}

/* Index of the last function that begins at or before address; count where none does. */
static uint32_t find_entry(const struct sc_object *object, uint64_t address)
{
    uint32_t low = 0, high = object->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (entry_start(object, middle) <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? low - 1 : object->count;
}

bool sc_functions_find(const struct sc_object *object, uint64_t address, uint64_t *ret_begin, uint64_t *ret_end)
{
    uint32_t index = find_entry(object, address);
    if (index >= object->count)
        return false;
    *ret_begin = entry_start(object, index);
    *ret_end = entry_end(object, index);
    return address < *ret_end;
}

const uint8_t *sc_functions_fde(const struct sc_object *object, uint64_t address)
{
    uint32_t index = object->count ? find_entry(object, address) : 0;
    return index < object->count && address < entry_end(object, index) ? entry_fde(object, index) : NULL;
}

/* Only bytes that compilers pad with: what else lies between functions may be code without tables. */
static bool is_padding(const uint8_t *code, unsigned bytes)
{
    static const uint8_t known[] = {0x90, 0xcc, 0x66, 0x2e, 0x0f, 0x1f, 0x84, 0x80, 0x40, 0x44, 0x00};
    for (unsigned i = 0; i < bytes; i++)
        if (!memchr(known, code[i], sizeof known))
            return false;
    return true;
}

uint64_t sc_functions_gap(const struct sc_object *object, uint64_t address, unsigned reach, unsigned bytes)
{
    uint32_t index = find_entry(object, address - reach);
    if (index >= object->count)
        index = 0;
    for (; index + 1 < object->count; index++) {
        uint64_t gap = entry_end(object, index), next = entry_start(object, index + 1);
        if (gap > address + reach)
            return 0;
        /* In steps: an earlier jump that took the beginning leaves what is behind it. */
        for (; gap + bytes <= next && gap <= address + reach; gap += bytes)
            if (gap + reach >= address && is_padding((const uint8_t *)gap, bytes))
                return gap;
    }
    return 0;
}
