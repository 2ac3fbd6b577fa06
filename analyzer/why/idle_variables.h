/* idle_variables.h: variables of which it is known that what a program does with files does not depend on them. */
#ifndef SC_IDLE_VARIABLES_H
#define SC_IDLE_VARIABLES_H

#include <stdbool.h>

/* All others' differences are said. */
bool sc_variable_is_idle(const char *name);

#endif
