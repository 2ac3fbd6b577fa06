/* format_paths.c: names of files among the arguments, by the folder that each is relative to. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "format_internal.h"

/* What the path is relative to that stands at i. NULL: not known, or not asked for. */
static const char *directory_of(const struct sc_line *line, unsigned i)
{
    const struct sc_formatter *formatter = line->formatter;
    const struct sc_event *event = line->event;
    const struct sc_arg *before = i > 0 ? &event->args[i - 1] : NULL;
    if (!before || before->kind != SC_KIND_DIRFD || before->value == AT_FDCWD)
        return sc_files_directory(formatter->files, event->process);
    uint32_t file = (before->state & SC_ARG_VALUE) ? sc_line_file(line, i - 1) : (uint32_t)SC_NO_FILE;
    return file == SC_NO_FILE ? NULL : sc_files_get(formatter->files, file)->path;
}

/* A link's text is relative to the folder that it lies in. */
static const char *show_link_text(const struct sc_line *line, const struct sc_arg *text, unsigned link)
{
    struct sc_normaliser *normaliser = line->formatter->normaliser;
    const struct sc_arg *arg = &line->event->args[link];
    char *name = (arg->state & SC_ARG_TEXT) && !(arg->state & SC_ARG_CUT) ? strndup(arg->text, arg->text_len) : NULL;
    char *path = name ? sc_path_below(directory_of(line, link), name) : NULL, *slash = path ? strrchr(path, '/') : NULL;
    if (slash)
        *(slash == path ? slash + 1 : slash) = '\0';
    const char *shown = sc_normalise_below(normaliser, slash ? path : NULL, text->text, text->text_len);
    free(path);
    free(name);
    return shown;
}

/* The process is in there now, where the files are in the state after the event: its path is the full one. */
static const char *show_entered(const struct sc_line *line, const struct sc_arg *arg)
{
    const char *entered = sc_files_directory(line->formatter->files, line->event->process);
    size_t len = entered ? strlen(entered) : 0;
    bool below = len > arg->text_len && entered[len - arg->text_len - 1] == '/' &&
                 memcmp(entered + len - arg->text_len, arg->text, arg->text_len) == 0;
    char *above = below ? strndup(entered, len - arg->text_len - (len - arg->text_len > 1)) : NULL;
    const char *shown = sc_normalise_below(line->formatter->normaliser, above, arg->text, arg->text_len);
    free(above);
    return shown;
}

const char *sc_line_path(const struct sc_line *line, unsigned i)
{
    const struct sc_event *event = line->event;
    const struct sc_arg *arg = &event->args[i];
    unsigned kind = arg->kind;
    if (event->desc->means == SC_MEANS_SYMLINK && i == 0)
        return show_link_text(line, arg, event->desc->nargs - 1U);
    if (event->desc->means == SC_MEANS_READ_LINK && kind == SC_KIND_STR_OUT && i > 0)
        return show_link_text(line, arg, i - 1);
    if (event->desc->means == SC_MEANS_CHDIR && line->formatter->access && !line->failed)
        return show_entered(line, arg);
    return sc_normalise_below(line->formatter->normaliser, directory_of(line, i), arg->text, arg->text_len);
}
