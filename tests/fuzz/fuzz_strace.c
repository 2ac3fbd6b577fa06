/* fuzz_strace: any bytes as a strace log. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = fuzz_file(data, size);
    (void)sc_strace_source.recognise(path, data, size < 4096 ? size : 4096);
    fuzz_whole_path(&sc_strace_source, path);
    return 0;
}
