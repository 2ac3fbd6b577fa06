#include "idle_variables.h"

#include <stddef.h>
#include <string.h>

/*
 * One belongs here where it differs between two runs that nobody would call different, and says nothing of which files
 * a program uses, or how. Not here: LS_COLORS (ls asks more of each file for some of its colours), TERM, HOME, USER and
 * LOGNAME (they choose files).
 */
static const char *const idle[] = {
    /* all that begin so where one ends with '*' */
    "SYSCAP_*",                 /* the recording's own */
    "LD_PRELOAD",               /* has the recording's library; what else it loads is among the modules */
    "PWD",                      /* the shell's copy of the working folder */
    "OLDPWD",                   /* the shell's folder before that */
    "SHLVL",                    /* how many shells deep */
    "_",                        /* the shell's last command */
    "PS1",                      /* the shell's prompt */
    "HISTFILE",                 /* where the interactive shell keeps its history */
    "COLUMNS",                  /* how wide the terminal is */
    "LINES",                    /* how high */
    "WINDOWID",                 /* which window the terminal is */
    "TERM_SESSION_ID",          /* which window the terminal is */
    "TMUX*",                    /* which pane of tmux the terminal is */
    "STY",                      /* which session of screen */
    "SSH_*",                    /* from where the login came */
    "XDG_SESSION_ID",           /* the login's number */
    "DBUS_SESSION_BUS_ADDRESS", /* the login's bus */
    "INVOCATION_ID",            /* another one at each start of a service */
    "JOURNAL_STREAM",           /* another one at each start of a service */
    "HOSTNAME",                 /* another one in each container */
    "MAIL",                     /* where the login shell looks for new mail */
};

bool sc_variable_is_idle(const char *name)
{
    for (size_t i = 0; i < sizeof idle / sizeof idle[0]; i++) {
        size_t fixed = strcspn(idle[i], "*");
        if (strncmp(name, idle[i], fixed) == 0 && (idle[i][fixed] == '*' || !name[fixed]))
            return true;
    }
    return false;
}
