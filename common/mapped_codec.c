#include "mapped_codec.h"

int sc_get_page_run(const uint8_t **p, const uint8_t *end, uint64_t *before, struct sc_page_run *ret_run)
{
    const uint64_t most = INT64_MAX / SC_FILE_PAGE; /* no file has more */
    uint64_t step, pages;
    if (sc_get(p, end, &step) != 0 || sc_get(p, end, &pages) != 0)
        return -EBADMSG;
    *ret_run = (struct sc_page_run){*before + (uint64_t)sc_unzigzag(step), pages >> 2, pages & 3};
    if (!ret_run->pages || ret_run->pages > most || ret_run->first > most - ret_run->pages)
        return -EBADMSG;
    *before = ret_run->first + ret_run->pages;
    return 0;
}
