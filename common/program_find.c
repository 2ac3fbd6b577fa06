#include "program_find.h"

#include <errno.h>
#include <string.h>

int sc_search_path(const struct sc_path_search *search, void *context, const char *name, char *path, size_t bytes)
{
    size_t name_bytes = strlen(name) + 1;
    int result = -ENOENT;
    int64_t next;
    while ((next = search->next(context, path, bytes)) >= 0) {
        size_t length = (size_t)next;
        if (length + (length != 0) + name_bytes > bytes)
            continue;
        if (length)
            path[length++] = '/';
        memcpy(path + length, name, name_bytes);
        int error = search->executable(context, path);
        if (error == 0)
            return 0;
        if (error == -EACCES)
            result = error;
    }
    return result;
}

enum sc_untraced sc_follow_scripts(sc_judge_file *judge, void *context, const char *name)
{
    enum { LEVELS = 5 /* as many as the kernel follows */ };
    char names[2][SC_INTERPRETER_BYTES];
    enum sc_untraced reason = SC_SCRIPT;
    for (unsigned level = 0; level <= LEVELS && reason == SC_SCRIPT; level++) {
        reason = judge(context, name, level == 0, names[level & 1]);
        name = names[level & 1];
    }
    return reason;
}
