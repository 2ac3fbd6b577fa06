/* fuzz_strace_summary: any bytes as a table of strace -c. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = fuzz_file(data, size);
    (void)sc_strace_summary_source.recognise(path, data, size < 4096 ? size : 4096);
    fuzz_whole_path(&sc_strace_summary_source, path);
    return 0;
}
