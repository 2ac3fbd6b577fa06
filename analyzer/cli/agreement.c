#include "agreement.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "at_a_time.h"

enum { BATCH = 64, LOOK_AT = 4096 }; /* events: by then the loader is done, and who asks where it is has asked */

/* A source while its beginning is looked at. */
struct beginning {
    const char *path;
    struct sc_source *source;
    char *told;     /* where the root began, by what it was told while it was there */
    bool asked;     /* by its own getcwd, and not by strace -y */
    bool elsewhere; /* it has gone from there */
    struct sc_error error;
    int result;
};

/* The argument that names the directory in which the root is: getcwd's, or what strace -y prints beside AT_FDCWD. */
static const struct sc_arg *directory_in(const struct sc_event *event, bool *ret_asked)
{
    const struct sc_arg *first = &event->args[0];
    *ret_asked = event->desc->means == SC_MEANS_GET_CWD && !sc_event_failed(event);
    bool printed = first->kind == SC_KIND_DIRFD && first->state & SC_ARG_VALUE && first->value == AT_FDCWD;
    bool whole = event->nargs && first->state & SC_ARG_TEXT && !(first->state & SC_ARG_CUT);
    return whole && (*ret_asked || printed) && first->text_len && first->text[0] == '/' ? first : NULL;
}

static int look_at(struct beginning *beginning, const struct sc_event *event)
{
    bool asked;
    if (event->type != SC_EVENT_CALL || event->process != 0 || beginning->elsewhere)
        return 0;
    const struct sc_arg *directory = directory_in(event, &asked);
    beginning->elsewhere = event->desc->means == SC_MEANS_CHDIR;
    if (!directory || (beginning->told && !(beginning->asked && !asked)))
        return 0;
    free(beginning->told);
    beginning->told = strndup(directory->text, directory->text_len);
    beginning->asked = asked;
    return beginning->told ? 0 : -ENOMEM;
}

/* As far as it has to be read for what it knows of itself to be known here. */
static void *read_beginning(void *argument)
{
    struct beginning *beginning = argument;
    struct sc_event *events = calloc(BATCH, sizeof *events);
    beginning->result = events ? sc_source_open(beginning->path, &beginning->source, &beginning->error)
                               : sc_no_memory(&beginning->error);
    const struct sc_counted_call *rows;
    size_t count, seen = 0;
    bool table = beginning->result || sc_source_counts(beginning->source, &rows, &count) == 0;
    while (!table && !beginning->result && seen < LOOK_AT && !sc_source_run(beginning->source)->cwd) {
        int64_t got = sc_source_next(beginning->source, events, BATCH, &beginning->error);
        beginning->result = got < 0 ? (int)got : 0;
        for (int64_t i = 0; i < got && !beginning->result; i++)
            beginning->result = look_at(beginning, &events[i]) ? sc_no_memory(&beginning->error) : 0;
        if (got <= 0)
            break;
        seen += (size_t)got;
    }
    free(events);
    return NULL;
}

/* Where it began, as far as the source says it. */
static const char *cwd_of(const struct beginning *beginning)
{
    const struct sc_run *run = sc_source_run(beginning->source);
    return run->cwd ? run->cwd : beginning->asked ? NULL : beginning->told;
}

/* Where a log began of a pair of which one says it. */
static int find_cwd(const struct beginning *beginning, const char *other, struct sc_agreement *agreement,
                    unsigned number)
{
    const struct sc_run *run = sc_source_run(beginning->source);
    const char *began = beginning->told ? beginning->told : other;
    if (run->kind != SC_RUN_STRACE || run->cwd || !began || (!other && beginning->asked))
        return 0;
    agreement->assumed[number] = !beginning->told;
    agreement->cwd[number] = strdup(began);
    agreement->terms[number].cwd = agreement->cwd[number];
    return agreement->cwd[number] ? 0 : -ENOMEM;
}

static int settle(const struct beginning both[2], enum sc_startup startup, struct sc_agreement *agreement)
{
    const struct sc_run *runs[2] = {sc_source_run(both[0].source), sc_source_run(both[1].source)};
    bool capture = runs[0]->kind == SC_RUN_CAPTURE || runs[1]->kind == SC_RUN_CAPTURE;
    bool log = runs[0]->kind == SC_RUN_STRACE || runs[1]->kind == SC_RUN_STRACE;
    int error = 0;
    for (unsigned i = 0; i < 2 && !error; i++) {
        agreement->terms[i].own_names = runs[i]->kernel_names && !runs[1 - i]->kernel_names;
        agreement->terms[i].loader_only = capture && log && startup != SC_STARTUP_EXCLUDE;
        error = find_cwd(&both[i], cwd_of(&both[1 - i]), agreement, i);
    }
    return error;
}

int sc_agree(const char *const paths[2], enum sc_startup startup, struct sc_agreement *ret_agreement,
             struct sc_error *ret_error)
{
    struct beginning both[2] = {{.path = paths[0]}, {.path = paths[1]}};
    sc_at_a_time(read_beginning, &both[0], &both[1]);
    int error = 0;
    for (unsigned i = 0; i < 2 && !error; i++)
        if ((error = both[i].result))
            *ret_error = both[i].error;
    if (!error && settle(both, startup, ret_agreement))
        error = sc_no_memory(ret_error);
    for (unsigned i = 0; i < 2; i++) {
        ret_agreement->looked_at[i] = both[i].source;
        free(both[i].told);
    }
    return error;
}

void sc_agreement_loaded(struct sc_agreement *agreement)
{
    for (unsigned i = 0; i < 2; i++) {
        sc_source_close(agreement->looked_at[i]);
        agreement->looked_at[i] = NULL;
    }
}

void sc_agreement_note(const struct sc_agreement *agreement, struct sc_report *report)
{
    for (unsigned i = 0; i < 2; i++)
        if (agreement->assumed[i])
            sc_strings_addf(&report->notes, "%s does not say in which folder it began: taken to be that of %s, %s.",
                            report->runs[i].label, report->runs[1 - i].label, agreement->cwd[i]);
}

void sc_agreement_free(struct sc_agreement *agreement)
{
    sc_agreement_loaded(agreement);
    free(agreement->cwd[0]);
    free(agreement->cwd[1]);
}
