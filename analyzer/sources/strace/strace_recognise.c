#include "strace_log.h"

#include <stdlib.h>

enum { HEAD_MAX = 4096 };

struct score {
    unsigned strict; /* lines that only strace writes */
    unsigned other;
    bool partial; /* one line, broken off, that begins like a call */
};

static bool is_remark(struct sc_span body)
{
    return (sc_span_begins(body, "+++ ") && sc_span_ends(body, " +++")) ||
           (sc_span_begins(body, "--- SIG") && sc_span_ends(body, " ---")) ||
           sc_span_begins(body, "strace: Process ") ||
           (sc_span_begins(body, "<... ") && memmem(body.at, body.len, " resumed>", 9));
}

/* name(...) = result, or <unfinished ...>, of a call that the table knows. */
static bool is_call(const struct sc_strace_names *names, struct sc_span body, bool *ret_begins)
{
    size_t len = sc_strace_name_len(body);
    *ret_begins = len && sc_strace_call_named(names, body.at, len);
    if (!*ret_begins)
        return false;
    if (sc_span_ends(body, " <unfinished ...>"))
        return true;
    const char *p = body.at + len + 1, *end = body.at + body.len;
    while (p < end && (p = sc_strace_item_end(p, end)) < end && *p == ',')
        p++;
    if (p >= end || *p != ')')
        return false;
    for (p++; p < end && *p == ' ';)
        p++;
    return end - p > 2 && p[0] == '=' && p[1] == ' ' && (p[2] == '?' || p[2] == '-' || (p[2] >= '0' && p[2] <= '9'));
}

static void judge(const struct sc_strace_names *names, struct sc_span line, bool whole, struct score *score)
{
    if (line.len && line.at[line.len - 1] == '\r')
        line.len--;
    if (line.len == 0)
        return;
    struct sc_strace_prefix prefix;
    bool begins = false;
    sc_strace_prefix(line, &prefix);
    if (prefix.body.len && (is_remark(prefix.body) || is_call(names, prefix.body, &begins)))
        score->strict++;
    else if (whole)
        score->other++;
    else
        score->partial = begins && prefix.body.at[prefix.body.len - 1] != ' ';
}

static bool has_family(const char *path)
{
    struct sc_strace_input *inputs;
    size_t count;
    uint64_t total;
    (void)sc_strace_family_find(path, &inputs, &count, &total);
    for (size_t i = 0; i < count; i++)
        sc_strace_input_free(&inputs[i]);
    free(inputs);
    return count > 0;
}

bool sc_strace_recognise(const char *path, const unsigned char *head, size_t len)
{
    if (len == 0)
        return has_family(path);
    size_t bytes = len < HEAD_MAX ? len : HEAD_MAX;
    struct sc_strace_names *names = sc_strace_names_new();
    char *copy = calloc(1, HEAD_MAX + SC_STRACE_PAD);
    struct score score = {0};
    unsigned lines = 0;
    if (copy && names) {
        memcpy(copy, head, bytes);
        const char *p = copy, *end = copy + bytes;
        while (p < end) {
            const char *newline = memchr(p, '\n', (size_t)(end - p));
            const char *stop = newline ? newline : end;
            judge(names, (struct sc_span){p, (size_t)(stop - p)}, newline != NULL, &score);
            lines++;
            p = stop + 1;
        }
    }
    free(copy);
    sc_strace_names_free(names);
    /* program output may stand between the lines, yet a text that quotes a line of strace's is no log */
    return score.strict ? score.strict * 10 >= score.other : lines == 1 && score.partial;
}
