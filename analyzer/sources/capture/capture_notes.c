/* capture_notes.c: what could not be seen, as the recorded processes noted it, and what it comes to. */
#include "../../model/array.h"
#include "capture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* Programs of one name that were not recorded for one reason. name_bytes 0: an older writer, which kept no names. */
static uint32_t add_untraced(struct sc_capture *capture, const struct sc_cap_process *starter, uint32_t reason,
                             const char *name, size_t name_bytes)
{
    struct sc_run *run = &capture->source.run;
    char key[sizeof reason + SC_TEXT_MAX];
    uint32_t id;
    name_bytes = name_bytes < SC_TEXT_MAX ? name_bytes : SC_TEXT_MAX;
    memcpy(key, &reason, sizeof reason);
    memcpy(key + sizeof reason, name, name_bytes);
    if (sc_intern_add(&capture->untraced_keys, key, sizeof reason + name_bytes, &id) != 0) {
        capture->failed = -ENOMEM;
        return SC_INDEX_NONE;
    }
    if (id == run->untraced_count) {
        if (SC_RESERVE(run->untraced, capture->untraced_capacity, (size_t)id + 1)) {
            capture->failed = -ENOMEM;
            return SC_INDEX_NONE;
        }
        run->untraced[id] = (struct sc_untraced_group){
            .name = name_bytes ? strndup(name, name_bytes) : NULL, .reason = reason, .pid = starter->pid};
        run->untraced_count++;
    }
    run->untraced[id].count++;
    return id;
}

void sc_capture_take_untraced(struct sc_capture *capture, const struct sc_item *item)
{
    struct sc_untraced_program info;
    memcpy(&info, item->payload, sizeof info);
    struct sc_cap_process *process = sc_capture_process(capture, info.process);
    if (!process)
        return;
    uint32_t process_at = (uint32_t)(process - capture->processes);
    uint32_t group = add_untraced(capture, process, info.reason, (const char *)item->payload + sizeof info,
                                  item->bytes - sizeof info);
    capture->processes[process_at].became = info.replaces && group != SC_INDEX_NONE ? group + 1 : 0;
    if (info.replaces)
        capture->processes[process_at].mappings = 0;
}

void sc_capture_new_image(struct sc_capture *capture, struct sc_cap_process *process)
{
    if (SC_RESERVE(capture->images, capture->image_capacity, capture->image_count + 1)) {
        capture->failed = -ENOMEM;
        return;
    }
    capture->images[capture->image_count] = (struct sc_cap_image){0};
    process->image = (uint32_t)++capture->image_count;
    if (process == capture->processes && !capture->root_image)
        capture->root_image = process->image;
}

/* The program that the process runs. A forked one that loads a library of its own has its parent's sites beside those.
 */
static struct sc_cap_image *image_of(struct sc_capture *capture, struct sc_cap_process *process)
{
    if (process->image)
        return &capture->images[process->image - 1];
    uint32_t parent = capture->processes[process->parent].image;
    sc_capture_new_image(capture, process);
    if (!process->image)
        return NULL;
    struct sc_cap_image *image = &capture->images[process->image - 1];
    if (parent) {
        *image = capture->images[parent - 1];
        image->program = image->program ? strdup(image->program) : NULL;
    }
    return image;
}

void sc_capture_name_image(struct sc_capture *capture, struct sc_cap_process *process, const char *program, size_t len)
{
    struct sc_cap_image *image = image_of(capture, process);
    if (!image || !len)
        return;
    const char *slash = memrchr(program, '/', len);
    size_t skip = slash && slash + 1 < program + len ? (size_t)(slash + 1 - program) : 0;
    free(image->program);
    image->program = strndup(program + skip, len - skip);
}

static void take_sites(struct sc_capture *capture, struct sc_cap_process *process, const struct sc_note *note)
{
    struct sc_cap_image *image = image_of(capture, process);
    if (!image)
        return;
    image->found += note->a;
    image->left += note->b;
}

void sc_capture_take_note(struct sc_capture *capture, const struct sc_item *item)
{
    struct sc_note info;
    memcpy(&info, item->payload, sizeof info);
    struct sc_cap_process *process = sc_capture_process(capture, info.process);
    if (!process)
        return;
    if (info.what <= SC_NOTE_LAST)
        capture->notes[info.what]++;
    switch (info.what) {
    case SC_NOTE_SITES: take_sites(capture, process, &info); break;
    case SC_NOTE_SITE_LEFT:
        /* Those of the root's first program only, by name. */
        if (process == capture->processes && process->image == capture->root_image &&
            capture->sites_left_count < SC_SITES_NAMED)
            capture->sites_left[capture->sites_left_count++] = sc_capture_address(capture, process, info.a + 1) - 1;
        break;
    case SC_NOTE_UNTRACED_CHILD: add_untraced(capture, process, (uint32_t)info.a, "", 0); break;
    case SC_NOTE_NOT_LOOKED_AT:
        if (info.a == SC_NOT_ALLOWED || info.a == SC_NOT_READABLE)
            process->not_looked_at |= (uint8_t)(1 << info.a);
        break;
    case SC_NOTE_RING_UNSEEN: capture->ring_unseen += info.a; break;
    case SC_NOTE_CLOCK:
        if (info.a <= SC_CLOCK_STANDS && !capture->clock_changes[info.a])
            capture->clock_changes[info.a] = info.tick;
        break;
    default: break;
    }
}

/* The sites of each distinct program: of its processes the one with the most that were left alone. */
static int by_program(const void *a, const void *b)
{
    const struct sc_program_sites *one = a, *other = b;
    int order = strcmp(one->program, other->program);
    return order ? order : one->left != other->left ? (one->left < other->left ? 1 : -1) : 0;
}

static int by_left(const void *a, const void *b)
{
    const struct sc_program_sites *one = a, *other = b;
    if (one->left != other->left)
        return one->left < other->left ? 1 : -1;
    return strcmp(one->program, other->program);
}

static void finish_programs(struct sc_capture *capture)
{
    struct sc_run *run = &capture->source.run;
    size_t count = 0;
    run->programs = calloc(capture->image_count + 1, sizeof *run->programs);
    for (size_t i = 0; run->programs && i < capture->image_count; i++) {
        struct sc_cap_image *image = &capture->images[i];
        if (image->found && image->program)
            run->programs[count++] = (struct sc_program_sites){image->program, image->found, image->left};
    }
    if (count) {
        qsort(run->programs, count, sizeof *run->programs, by_program);
        for (size_t i = 0; i < count; i++)
            if (run->program_count == 0 ||
                strcmp(run->programs[i].program, run->programs[run->program_count - 1].program) != 0)
                run->programs[run->program_count++] = run->programs[i];
        qsort(run->programs, run->program_count, sizeof *run->programs, by_left);
    }
    if (capture->root_image) {
        run->coverage.sites_found = capture->images[capture->root_image - 1].found;
        run->coverage.sites_left = capture->images[capture->root_image - 1].left;
    }
}

/* "libc.so.6+0x27274": the offset as objdump shows it, from the module map. */
static char *site_name(const struct sc_run *run, uint64_t address)
{
    char *text = NULL;
    const struct sc_module_map *module = sc_run_module(run, address + 1); /* the site itself, not what is behind it */
    const char *slash = module ? strrchr(module->path, '/') : NULL;
    if (module)
        return asprintf(&text, "%s+0x%llx", slash ? slash + 1 : module->path,
                        (unsigned long long)(address - module->bias)) < 0
                   ? NULL
                   : text;
    return asprintf(&text, "0x%llx", (unsigned long long)(address & ~SC_ADDRESS_GONE)) < 0 ? NULL : text;
}

static void name_sites(struct sc_capture *capture)
{
    struct sc_run *run = &capture->source.run;
    run->sites_left = calloc(capture->sites_left_count + 1, sizeof *run->sites_left);
    for (unsigned i = 0; run->sites_left && i < capture->sites_left_count; i++)
        if (!(run->sites_left[i] = site_name(run, capture->sites_left[i])))
            break; /* memory is short: the rest stays unnamed, the count tells */
}

static void warn_not_looked_at(struct sc_capture *capture)
{
    static const struct {
        enum sc_not_looked_at reason;
        const char *text;
    } reasons[] = {
        {SC_NOT_ALLOWED, "a seccomp filter is in force that might not allow it"},
        {SC_NOT_READABLE, "the kernel refused it (process_vm_readv)"},
    };
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        uint64_t writes = 0;
        bool any = false;
        for (size_t k = 0; k < capture->process_count; k++) {
            if (!(capture->processes[k].not_looked_at & 1 << reasons[i].reason))
                continue;
            any = true;
            writes += capture->processes[k].unseen;
        }
        if (any)
            sc_capture_warn(capture,
                            "The bytes of %llu writes to pipes, sockets or terminals could not be looked at, and are "
                            "neither zeros nor data in the counts: %s.",
                            (unsigned long long)writes, reasons[i].text);
    }
}

static void warn_clock(struct sc_capture *capture)
{
    static const char *const texts[] = {
        [SC_CLOCK_CALL] = "each time is asked of the kernel, which makes the calls of that process look longer",
        [SC_CLOCK_STANDS] = "no clock can be read any more: all times of that process are the last one",
    };
    for (unsigned i = SC_CLOCK_CALL; i <= SC_CLOCK_STANDS; i++) {
        uint64_t tick = capture->clock_changes[i];
        if (!tick)
            continue;
        uint64_t since = tick > capture->header.tick0 ? sc_ticks_to_ns(capture, tick - capture->header.tick0) : 0;
        if (capture->times_known)
            sc_capture_warn(capture, "Times are worse from %.3f s on: the program forbade the processor's clock; %s.",
                            (double)since / 1e9, texts[i]);
        else
            sc_capture_warn(capture, "The program forbade the processor's clock: %s.", texts[i]);
    }
}

void sc_capture_finish_notes(struct sc_capture *capture)
{
    const uint64_t *notes = capture->notes;
    struct sc_run *run = &capture->source.run;
    run->coverage.rings = notes[SC_NOTE_IO_URING];
    run->coverage.aio_contexts = notes[SC_NOTE_AIO];
    run->coverage.static_programs = notes[SC_NOTE_STATIC];
    run->coverage.requests_known = capture->header.version >= SC_VERSION_REQUESTS;
    run->coverage.requests = capture->requests.aio.handed_over;
    run->coverage.requests_told = capture->requests.aio.told;
    run->coverage.rings_known = capture->header.version >= SC_VERSION_RINGS;
    run->coverage.ring_requests = capture->requests.ring.handed_over + capture->ring_unseen;
    run->coverage.ring_requests_told = capture->requests.ring.told;
    sc_capture_finish_mapped(capture);
    if (notes[SC_NOTE_MODE_FALLBACK]) {
        run->mode_fallback = true;
        sc_capture_warn(capture, "Full mode was asked for and could not be had: what libc calls inside itself "
                                 "was not recorded.");
    }
    if (notes[SC_NOTE_SHARED_MAPPING])
        sc_capture_warn(capture, "%llu writable shared mappings of files: stores through them are not seen.",
                        (unsigned long long)notes[SC_NOTE_SHARED_MAPPING]);
    if (notes[SC_NOTE_NAME_TAKEN])
        sc_capture_warn(capture, "This capture has another name than was asked for: the file of that name was being "
                                 "recorded.");
    if (capture->header.turned_away)
        sc_capture_warn(capture,
                        "%u other programs wanted this file for their capture while it was recorded; theirs went to "
                        "other names. Where this run started one of them, its calls are there and not here.",
                        capture->header.turned_away);
    warn_not_looked_at(capture);
    warn_clock(capture);
    finish_programs(capture);
    name_sites(capture);
}

void sc_capture_free_notes(struct sc_capture *capture)
{
    struct sc_run *run = &capture->source.run;
    for (size_t i = 0; i < run->untraced_count; i++)
        free(run->untraced[i].name);
    for (size_t i = 0; i < capture->image_count; i++)
        free(capture->images[i].program);
    for (size_t i = 0; run->sites_left && run->sites_left[i]; i++)
        free(run->sites_left[i]);
    for (size_t i = 0; run->uncounted && run->uncounted[i]; i++)
        free(run->uncounted[i]);
    free(run->untraced);
    free(run->programs);
    free(run->sites_left);
    free(run->uncounted);
    free(capture->images);
    sc_intern_free(&capture->untraced_keys);
}
