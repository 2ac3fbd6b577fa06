/* code_file.h: whether code in memory is what its file has. */
#ifndef SC_CODE_FILE_H
#define SC_CODE_FILE_H

#include <stdbool.h>
#include <stdint.h>

/* file: "": the program's, as the loader names it; NULL: it has none. Takes a descriptor for a moment. */
bool sc_code_is_as_in_file(const char *file, uint64_t begin, uint64_t offset, uint64_t bytes);

#endif
