#include "limit.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { PERCENT = 1000, MOST_PERCENT = 1000000 };

/* "+2.5%", "+5", "0%". */
static bool parse_allowance(const char *text, const char *end, struct sc_allowance *ret)
{
    const char *p = text + (*text == '+');
    int64_t whole = 0;
    int scale = PERCENT;
    if (!isdigit((unsigned char)*p))
        return false;
    for (; isdigit((unsigned char)*p); p++)
        if (__builtin_mul_overflow(whole, 10, &whole) || __builtin_add_overflow(whole, *p - '0', &whole))
            return false;
    *ret = (struct sc_allowance){.amount = whole};
    if (p == end)
        return true;
    if (whole > MOST_PERCENT)
        return false;
    ret->amount *= PERCENT;
    if (*p == '.' && !isdigit((unsigned char)*++p))
        return false;
    for (; isdigit((unsigned char)*p) && scale > 1; p++)
        ret->amount += (*p - '0') * (scale /= 10);
    ret->percent = true;
    return *p == '%' && p + 1 == end;
}

int sc_limit_parse(const char *text, struct sc_limit *ret_limit)
{
    *ret_limit = (struct sc_limit){.key = strdup(text)};
    if (!ret_limit->key)
        return -ENOMEM;
    /* Names of files may hold an equals sign; amounts do not. */
    char *equals = strrchr(ret_limit->key, '=');
    bool good = equals && equals > ret_limit->key;
    if (good) {
        *equals = '\0';
        ret_limit->text = equals + 1;
        const char *end = ret_limit->text + strlen(ret_limit->text), *colon = strchr(ret_limit->text, ':');
        ret_limit->has_hard = colon != NULL;
        good = parse_allowance(ret_limit->text, colon ? colon : end, &ret_limit->soft) &&
               (!colon || parse_allowance(colon + 1, end, &ret_limit->hard));
    }
    /* A hard limit below the soft one would leave nothing to the soft one: a slip of the pen. */
    if (good && ret_limit->has_hard && ret_limit->hard.percent == ret_limit->soft.percent)
        good = ret_limit->hard.amount >= ret_limit->soft.amount;
    if (!good)
        sc_limit_free(ret_limit);
    return good ? 0 : -EINVAL;
}

void sc_limit_free(struct sc_limit *limit)
{
    free(limit->key);
    *limit = (struct sc_limit){0};
}

bool sc_exceeds(const struct sc_allowance *allowance, int64_t was, int64_t growth)
{
    if (!allowance->percent)
        return growth > allowance->amount;
    return (__int128)growth * (100 * PERCENT) > (__int128)was * allowance->amount;
}
