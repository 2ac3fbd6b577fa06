#include "variables.h"

#include <string.h>

#include "../../common/environment.h"
#include "../../common/siphash.h"
#include "../../common/user_options.h"
#include "../core/writer.h"

enum {
    RECORD_MOST = 2 * SC_PATH_BYTES, /* of one record: it lies on the program's stack while it is made */
    ALL_MOST = 64 * 1024,            /* of all records, so that no environment fills a capture */
};

/* Our own variables differ between any two runs and say nothing about the program. */
static bool is_ours(const char *entry)
{
    return strncmp(entry, "SYSCAP_", 7) == 0 || strncmp(entry, SC_PRELOAD_IS, strlen(SC_PRELOAD_IS)) == 0;
}

/* Variables that change what a program does with files or how it starts: their values are no secrets. */
static bool is_of_interest(const char *entry)
{
    static const char *const prefixes[] = {"LD_", "MALLOC_", "GLIBC_", "OMP_",    "CASA",         "AIPSPATH", "RUST",
                                           "LC_", "LANG",    "TZ=",    "TMPDIR=", "MEASURESDATA", "PYTHON",   "HDF5_"};
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++)
        if (strncmp(entry, prefixes[i], strlen(prefixes[i])) == 0)
            return true;
    return false;
}

/* A record being filled with variables. */
struct listing {
    struct sc_variables head;
    size_t used, total;
    char bytes[RECORD_MOST];
};

static void put_record(struct listing *listing)
{
    sc_put_meta(SC_META_TEXT, &listing->head, sizeof listing->head, listing->bytes, listing->used);
    listing->total += listing->used;
    listing->used = 0;
}

static void add_entry(struct listing *listing, const char *entry)
{
    const char *equals = strchr(entry, '=');
    size_t length = strlen(entry), name = equals ? (size_t)(equals - entry) : length;
    bool hashed = listing->head.text.what == SC_TEXT_HASHES;
    size_t kept = listing->head.text.what == SC_TEXT_VALUES ? length : name;
    uint64_t hash = hashed ? sc_variable_hash(entry, length) : 0;
    size_t bytes = kept + 1 + (hashed ? sizeof hash : 0);
    if (bytes > sizeof listing->bytes || listing->total + listing->used + bytes > ALL_MOST) {
        listing->head.left_out++;
        return;
    }
    if (listing->used + bytes > sizeof listing->bytes) {
        uint32_t left_out = listing->head.left_out;
        listing->head.left_out = 0; /* the last record says it */
        put_record(listing);
        listing->head.left_out = left_out;
    }
    char *at = listing->bytes + listing->used;
    sc_copy(at, entry, kept);
    at[kept] = '\0';
    if (hashed)
        sc_copy(at + kept + 1, &hash, sizeof hash);
    listing->used += bytes;
}

/* Those with values; more than go into one record are left to the others. Their end. */
static char *const *put_of_interest(struct listing *listing, char *const *environment)
{
    struct sc_text text = {sc_process.process, SC_TEXT_ENVIRON};
    for (; *environment; environment++) {
        size_t length = strlen(*environment) + 1;
        if (!is_of_interest(*environment) || is_ours(*environment))
            continue;
        if (listing->used + length > sizeof listing->bytes)
            break;
        sc_copy(listing->bytes + listing->used, *environment, length);
        listing->used += length;
    }
    if (*environment)
        text.what |= SC_TEXT_CUT;
    sc_put_meta(SC_META_TEXT, &text, sizeof text, listing->bytes, listing->used);
    listing->used = 0;
    return environment;
}

void sc_put_variables(char *const *environment)
{
    static const uint32_t forms[] = {
        [SC_ENV_HASH] = SC_TEXT_HASHES, [SC_ENV_NAMES] = SC_TEXT_NAMES, [SC_ENV_VALUES] = SC_TEXT_VALUES};
    if (sc_process.env_asked == SC_ENV_NONE)
        return;
    struct listing listing;
    listing.used = listing.total = 0;
    listing.head = (struct sc_variables){{sc_process.process, forms[sc_process.env_asked]}, 0};
    bool with_values = sc_process.env_asked != SC_ENV_NAMES;
    char *const *end = with_values ? put_of_interest(&listing, environment) : environment;
    if (sc_process.process != 0 || sc_process.execs != 0)
        return;
    for (char *const *entry = environment; *entry; entry++)
        if (!is_ours(*entry) && !(with_values && entry < end && is_of_interest(*entry)))
            add_entry(&listing, *entry);
    put_record(&listing);
}
