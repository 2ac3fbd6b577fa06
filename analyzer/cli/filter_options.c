#include "filter_options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../model/array.h"

static int set_moment(const char *value, struct sc_moment *moment)
{
    char *end;
    double number = strtod(value, &end);
    bool is_share = *end == '%';
    if (end == value || end[is_share] || !(number >= 0 && number <= 1e12) || (is_share && number > 100))
        return -EINVAL;
    *moment = (struct sc_moment){true, is_share, is_share ? number / 100 : number};
    return 0;
}

/* The last one counts, as strace has it. */
static int set_calls(struct sc_filter_rules *rules, const char *value, char ret_bad[SC_CALL_WORD_BYTES])
{
    if (!rules->calls && !(rules->calls = calloc(1, sizeof *rules->calls)))
        return -ENOMEM;
    return sc_call_set_parse(value, rules->calls, ret_bad);
}

static bool is_number(const char *text)
{
    return *text && text[strspn(text, "0123456789")] == '\0';
}

/* The last one counts: a number is no name. */
static void set_process(struct sc_filter_rules *rules, const char *value)
{
    rules->by_process = is_number(value);
    rules->process = rules->by_process ? strtoull(value, NULL, 10) : 0;
    rules->program = rules->by_process ? NULL : value;
}

static int set_thread(struct sc_filter_rules *rules, const char *value)
{
    struct sc_thread_number *thread = &rules->thread;
    int used = 0;
    rules->by_id = is_number(value);
    rules->id = rules->by_id ? strtoull(value, NULL, 10) : 0;
    /* NOLINTNEXTLINE(cert-err34-c): what does not fit is a number that no thread has */
    rules->by_thread = sscanf(value, "P%u.T%u%n", &thread->process, &thread->thread, &used) == 2 && !value[used];
    return rules->by_id || rules->by_thread ? 0 : -EINVAL;
}

static int add(const char ***list, size_t *count, const char *value)
{
    if (SC_RESERVE_NEXT(*list, *count))
        return -ENOMEM;
    (*list)[(*count)++] = value;
    return 0;
}

/* Each once more, for the reader of the report. */
static int say(struct sc_filter_rules *rules, const char *name, const char *value)
{
    char *text;
    const char *before = rules->text ? rules->text : "";
    if (asprintf(&text, "%s%s--%s%s%s", before, *before ? " " : "", name, value ? "=" : "", value ? value : "") < 0)
        return -ENOMEM;
    free(rules->text);
    rules->text = text;
    return 0;
}

int sc_filter_option(struct sc_filter_rules *rules, const char *name, const char *value, char *ret_why,
                     size_t why_bytes)
{
    const char *expected = "";
    char bad[SC_CALL_WORD_BYTES] = "";
    int error = 0;
    if (strcmp(name, "trace") == 0) {
        error = set_calls(rules, value, bad);
    } else if (strcmp(name, "since") == 0 || strcmp(name, "until") == 0) {
        error = set_moment(value, *name == 's' ? &rules->since : &rules->until);
        expected = "expected seconds, or a share such as 50%";
    } else if (strcmp(name, "thread") == 0) {
        error = set_thread(rules, value);
        expected = "expected a thread's id, or P0.T1 as the logs have it";
    } else if (strcmp(name, "process") == 0) {
        set_process(rules, value);
    } else if (strcmp(name, "path") == 0) {
        error = add(&rules->paths, &rules->path_count, value);
    } else if (strcmp(name, "caller") == 0) {
        error = add(&rules->callers, &rules->caller_count, value);
    } else {
        *(*name == 'f' ? &rules->failed : &rules->succeeded) = true;
        if (rules->failed && rules->succeeded) {
            snprintf(ret_why, why_bytes, "--failed and --succeeded leave no call");
            return -EINVAL;
        }
    }
    if (error == -EINVAL && *bad)
        snprintf(ret_why, why_bytes, "--%s '%s': '%s' is no call and no class of calls: %s", name, value, bad,
                 "%file, %desc, %network, %memory, %process, %signal, %ipc, %stat, %clock, %write_ops, %read_ops, "
                 "%seek_ops, %file_ops, %other");
    else if (error == -EINVAL)
        snprintf(ret_why, why_bytes, "--%s '%s': %s", name, value, expected);
    return error ? error : say(rules, name, value);
}

void sc_filter_rules_free(struct sc_filter_rules *rules)
{
    free(rules->calls);
    free(rules->paths);
    free(rules->callers);
    free(rules->text);
    *rules = (struct sc_filter_rules){.text = NULL};
}
