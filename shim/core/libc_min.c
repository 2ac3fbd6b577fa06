/*
 * libc_min.c: the string functions that this library's code uses and those that a compiler inserts.
 *
 * libc's use vector registers, which hold the program's values while our code runs in place of a system call. These are
 * hidden: any memcpy in this library is the one here, the program keeps libc's.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define HIDDEN __attribute__((visibility("hidden"), used))

HIDDEN void *memcpy(void *restrict to, const void *restrict from, size_t bytes)
{
    void *result = to;
    __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(bytes) : : "memory");
    return result;
}

HIDDEN void *memmove(void *to, const void *from, size_t bytes)
{
    char *t = to;
    const char *f = from;
    if ((uintptr_t)t - (uintptr_t)f >= bytes)
        return memcpy(to, from, bytes);
    while (bytes--)
        t[bytes] = f[bytes];
    return to;
}

HIDDEN void *memset(void *to, int value, size_t bytes)
{
    void *result = to;
    __asm__ volatile("rep stosb" : "+D"(to), "+c"(bytes) : "a"(value) : "memory");
    return result;
}

/* At any address, and whatever stands there. */
typedef uint64_t word __attribute__((may_alias, aligned(1)));

HIDDEN int memcmp(const void *a, const void *b, size_t bytes)
{
    const unsigned char *x = a, *y = b;
    size_t i = 0;
    while (i + sizeof(word) <= bytes && *(const word *)(x + i) == *(const word *)(y + i))
        i += sizeof(word);
    for (; i < bytes; i++)
        if (x[i] != y[i])
            return x[i] - y[i];
    return 0;
}

HIDDEN void *memchr(const void *bytes, int value, size_t count)
{
    const unsigned char *p = bytes;
    for (size_t i = 0; i < count; i++)
        if (p[i] == (unsigned char)value)
            return (void *)(uintptr_t)(p + i);
    return NULL;
}

HIDDEN size_t strlen(const char *text)
{
    size_t length = 0;
    while (text[length])
        length++;
    return length;
}

HIDDEN int strncmp(const char *a, const char *b, size_t most)
{
    for (size_t i = 0; i < most; i++)
        if (a[i] != b[i] || !a[i])
            return (unsigned char)a[i] - (unsigned char)b[i];
    return 0;
}

HIDDEN int strcmp(const char *a, const char *b)
{
    return strncmp(a, b, SIZE_MAX);
}

HIDDEN char *strchr(const char *text, int value)
{
    for (;; text++) {
        if (*text == (char)value)
            return (char *)(uintptr_t)text;
        if (!*text)
            return NULL;
    }
}

HIDDEN char *strrchr(const char *text, int value)
{
    const char *found = NULL;
    for (; *text; text++)
        if (*text == (char)value)
            found = text;
    return (char *)(uintptr_t)found;
}

HIDDEN size_t strcspn(const char *text, const char *stops)
{
    size_t length = 0;
    while (text[length] && !strchr(stops, text[length]))
        length++;
    return length;
}
