#include "strace_log.h"

#include <errno.h>

const char *sc_strace_string_end(const char *p, const char *end)
{
    const char *begin = ++p;
    for (;;) {
        const char *quote = p < end ? memchr(p, '"', (size_t)(end - p)) : NULL;
        if (!quote)
            return NULL;
        size_t slashes = 0;
        while (quote - slashes > begin && quote[-1 - (ptrdiff_t)slashes] == '\\')
            slashes++;
        p = quote + 1;
        if (slashes % 2 == 0)
            return p;
    }
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* p stands behind the backslash; behind the escape is returned. */
static const char *one_escape(const char *p, const char *end, char *ret_byte)
{
    unsigned value = 0;
    char c = *p++;
    switch (c) {
    case 'n': *ret_byte = '\n'; return p;
    case 't': *ret_byte = '\t'; return p;
    case 'r': *ret_byte = '\r'; return p;
    case 'v': *ret_byte = '\v'; return p;
    case 'f': *ret_byte = '\f'; return p;
    case 'a': *ret_byte = '\a'; return p;
    case 'b': *ret_byte = '\b'; return p;
    case 'e': *ret_byte = 27; return p;
    case 'x':
        for (int i = 0; i < 2 && p < end && hex_digit(*p) >= 0; i++)
            value = value * 16 + (unsigned)hex_digit(*p++);
        *ret_byte = (char)value;
        return p;
    default: break;
    }
    if (c < '0' || c > '7') {
        *ret_byte = c;
        return p;
    }
    value = (unsigned)(c - '0');
    for (int i = 0; i < 2 && p < end && *p >= '0' && *p <= '7'; i++)
        value = value * 8 + (unsigned)(*p++ - '0');
    *ret_byte = (char)value;
    return p;
}

int sc_strace_unescape(struct sc_strace_arena *arena, struct sc_span quoted, struct sc_span *ret_bytes)
{
    if (quoted.len == 0 || !memchr(quoted.at, '\\', quoted.len)) {
        *ret_bytes = quoted;
        return 0;
    }
    char *out = sc_strace_arena_room(arena, quoted.len);
    if (!out)
        return -ENOMEM;
    char *begin = out;
    const char *p = quoted.at, *end = p + quoted.len;
    while (p < end) {
        /* Runs of \0 are what such a log consists of. */
        while (end - p > 2 && p[0] == '\\' && p[1] == '0' && p[2] == '\\') {
            *out++ = 0;
            p += 2;
        }
        if (*p != '\\' || p + 1 == end) {
            *out++ = *p++;
            continue;
        }
        p = one_escape(p + 1, end, out);
        out++;
    }
    *ret_bytes = (struct sc_span){begin, (size_t)(out - begin)};
    sc_strace_arena_take(arena, ret_bytes->len);
    return 0;
}

/* Is this '>' the end of a descriptor's description? Old versions of strace do not escape a '>' in a path. */
static bool ends_descriptor(const char *p, const char *end)
{
    p++;
    if (p == end)
        return true;
    return *p == ',' || *p == ')' || *p == ']' || *p == '}' || *p == ' ' || *p == '(' || *p == '>' || *p == '|' ||
           (*p == '=' && end - p > 1 && p[1] == '>');
}

const char *sc_strace_angle_end(const char *p, const char *end)
{
    unsigned depth = 0;
    bool path = end - p > 1 && p[1] == '/';
    for (; p < end; p++) {
        if (*p == '\\' && p + 1 < end) {
            p++;
        } else if (*p == '<') {
            /* <char 1:3> and <block 8:1> follow a path; any other '<' in one belongs to its name */
            struct sc_span rest = {p, (size_t)(end - p)};
            if (depth == 0 || !path || sc_span_begins(rest, "<char ") || sc_span_begins(rest, "<block "))
                depth++;
        } else if (*p == '>' && (path || p[-1] != '-') && ends_descriptor(p, end) && --depth == 0) {
            return p + 1;
        }
    }
    return NULL;
}

/* Characters at which a search for the end of an argument has to look closer. */
static bool is_special(char c)
{
    switch (c) {
    case '"':
    case ',':
    case '(':
    case ')':
    case '[':
    case ']':
    case '{':
    case '}':
    case '<':
    case '/': return true;
    default: return false;
    }
}

static const char *comment_end(const char *p, const char *end)
{
    const char *star = memmem(p + 2, (size_t)(end - p - 2), "*/", 2);
    return star ? star + 2 : NULL;
}

const char *sc_strace_item_end(const char *p, const char *end)
{
    const char *begin = p;
    size_t depth = 0;
    while (p < end) {
        const char *next = NULL;
        if (!is_special(*p)) {
            p++;
            continue;
        }
        switch (*p) {
        case '"': next = sc_strace_string_end(p, end); break;
        case '(':
        case '[':
        case '{': depth++; break;
        case ')':
        case ']':
        case '}':
            if (depth-- == 0)
                return p;
            break;
        case ',':
            if (depth == 0)
                return p;
            break;
        case '<': /* behind a descriptor; flags can hold 21<<MAP_HUGE_SHIFT */
            if (p > begin && end - p > 1 && p[1] != '<' && ((p[-1] >= '0' && p[-1] <= '9') || p[-1] == 'D'))
                next = sc_strace_angle_end(p, end);
            break;
        default:
            if (end - p > 3 && p[1] == '*')
                next = comment_end(p, end);
            break;
        }
        p = next ? next : p + 1;
    }
    return end;
}

const char *sc_strace_number(const char *p, const char *end, int64_t *ret_value)
{
    bool minus = p < end && *p == '-';
    p += minus;
    if (p >= end || *p < '0' || *p > '9')
        return NULL;
    uint64_t value = 0;
    if (*p != '0' || end - p == 1) {
        for (; p < end && *p >= '0' && *p <= '9'; p++)
            value = value * 10 + (uint64_t)(*p - '0');
    } else if (p[1] == 'x' && end - p > 2 && hex_digit(p[2]) >= 0) {
        for (p += 2; p < end && hex_digit(*p) >= 0; p++)
            value = value << 4 | (uint64_t)hex_digit(*p);
    } else {
        for (; p < end && *p >= '0' && *p <= '7'; p++)
            value = value << 3 | (uint64_t)(*p - '0');
    }
    *ret_value = (int64_t)(minus ? 0 - value : value);
    return p;
}

const char *sc_strace_seconds(const char *p, const char *end, uint64_t *ret_ns)
{
    const char *begin = p;
    uint64_t seconds = 0, fraction = 0, unit = UINT64_C(1000000000);
    for (; p < end && *p >= '0' && *p <= '9'; p++)
        seconds = seconds * 10 + (uint64_t)(*p - '0');
    if (p == begin)
        return NULL;
    if (end - p > 1 && *p == '.' && p[1] >= '0' && p[1] <= '9')
        for (p++; p < end && *p >= '0' && *p <= '9'; p++)
            if (unit > 1) {
                unit /= 10;
                fraction += (uint64_t)(*p - '0') * unit;
            }
    *ret_ns = seconds * UINT64_C(1000000000) + fraction;
    return p;
}

bool sc_strace_field(struct sc_span structure, const char *key, struct sc_span *ret_value)
{
    const char *p = structure.at, *end = p + structure.len;
    size_t key_len = strlen(key);
    if (p == end || (*p != '{' && *p != '['))
        return false;
    for (p++; p < end;) {
        while (p < end && *p == ' ')
            p++;
        const char *stop = sc_strace_item_end(p, end);
        if ((size_t)(stop - p) > key_len && memcmp(p, key, key_len) == 0 && p[key_len] == '=') {
            *ret_value = (struct sc_span){p + key_len + 1, (size_t)(stop - p) - key_len - 1};
            return true;
        }
        if (stop == end || *stop != ',')
            return false;
        p = stop + 1;
    }
    return false;
}
