/* capture_variables.c: the environment of the root's first program, beyond what is always recorded. */
#include "capture.h"

#include <string.h>

/* Far more than fit into what a writer keeps: a file made by hand makes us hold no more. */
enum { VARIABLES_MOST = 100 * 1000 };

static void add(struct sc_capture *capture, const char *entry, size_t bytes, struct sc_variable variable)
{
    struct sc_run *run = &capture->source.run;
    if (run->variables.count >= VARIABLES_MOST)
        run->variables.left_out++;
    else if (sc_run_add_variable(run, entry, bytes, variable) != 0)
        capture->failed = -ENOMEM;
}

void sc_capture_take_variables(struct sc_capture *capture, const struct sc_item *item)
{
    struct sc_variables head;
    if (item->bytes < sizeof head)
        return;
    memcpy(&head, item->payload, sizeof head);
    capture->source.run.variables.listed = true;
    capture->source.run.variables.left_out += head.left_out;
    const size_t hash_bytes = head.text.what == SC_TEXT_HASHES ? sizeof(uint64_t) : 0;
    const char *at = (const char *)item->payload + sizeof head, *end = (const char *)item->payload + item->bytes;
    for (const char *nul; (nul = memchr(at, '\0', (size_t)(end - at))); at = nul + 1 + hash_bytes) {
        struct sc_variable variable = {.hashed = hash_bytes != 0, .has_value = head.text.what == SC_TEXT_VALUES};
        if ((size_t)(end - nul - 1) < hash_bytes)
            return;
        memcpy(&variable.hash, nul + 1, hash_bytes);
        add(capture, at, (size_t)(nul - at), variable);
    }
}

void sc_capture_finish_variables(struct sc_capture *capture)
{
    uint64_t left_out = capture->source.run.variables.left_out;
    if (left_out)
        sc_capture_warn(
            capture,
            "%llu variable%s of the environment %s not in the capture, being too long or too many: how they "
            "differ is not known.",
            (unsigned long long)left_out, left_out == 1 ? "" : "s", left_out == 1 ? "is" : "are");
}
