#include "site_stub.h"

#include <string.h>

enum { SYSCALL_BYTES = 2, HEAD_BYTES = 7 };

/* How a cancellation point begins, up to its one branch, whose distance is the linker's. */
static const struct head {
    uint8_t bytes[HEAD_BYTES];
    uint8_t length;
    uint8_t distance; /* bytes after it */
    enum sc_stub_kind kind;
} heads[] = {
    /* mov (%rdi), %eax; test %eax, %eax; jnz __cp_cancel */
    {{0x8b, 0x07, 0x85, 0xc0, 0x75}, 5, 1, SC_STUB_CANCEL},
    /* mov (%rdi), %eax; testb $8, (%rdi); jne __syscall_do_cancel */
    {{0x8b, 0x07, 0xf6, 0x07, 0x08, 0x0f, 0x85}, 7, 4, SC_STUB_UNWOUND},
};

/* And how it goes on. */
static const uint8_t tail[] = {
    0x49, 0x89, 0xfb,             /* mov %rdi, %r11 */
    0x48, 0x89, 0xf0,             /* mov %rsi, %rax */
    0x48, 0x89, 0xd7,             /* mov %rdx, %rdi */
    0x48, 0x89, 0xce,             /* mov %rcx, %rsi */
    0x4c, 0x89, 0xc2,             /* mov %r8, %rdx */
    0x4d, 0x89, 0xca,             /* mov %r9, %r10 */
    0x4c, 0x8b, 0x44, 0x24, 0x08, /* mov 8(%rsp), %r8 */
    0x4c, 0x8b, 0x4c, 0x24, 0x10, /* mov 16(%rsp), %r9 */
    0x4c, 0x89, 0x5c, 0x24, 0x08, /* mov %r11, 8(%rsp) */
    0x0f, 0x05, 0xc3,             /* syscall; ret */
};
enum { TAIL_SYSCALL = sizeof tail - SYSCALL_BYTES - 1, LONGEST = HEAD_BYTES + 4 + sizeof tail };

static const uint8_t unmap_self[] = {
    0xb8, 11,   0,    0, 0, /* mov $SYS_munmap, %eax */
    0x0f, 0x05,             /* syscall */
    0x48, 0x31, 0xff,       /* xor %rdi, %rdi */
    0xb8, 60,   0,    0, 0, /* mov $SYS_exit, %eax */
    0x0f, 0x05,             /* syscall */
};
enum { UNMAP_SYSCALL = 5, EXIT_SYSCALL = sizeof unmap_self - SYSCALL_BYTES };

static enum sc_stub_kind cancel_point(uint64_t begin, uint64_t at, const struct head *head)
{
    const uint8_t *code = (const uint8_t *)at;
    bool is = at >= begin && memcmp(code, head->bytes, head->length) == 0 &&
              memcmp(code + head->length + head->distance, tail, sizeof tail) == 0;
    return is ? head->kind : SC_STUB_NONE;
}

static bool is_unmap_self(uint64_t begin, uint64_t at)
{
    return at >= begin && memcmp((const void *)at, unmap_self, sizeof unmap_self) == 0;
}

enum sc_stub_kind sc_stub_at(uint64_t begin, uint64_t address, uint64_t *ret_stub)
{
    for (unsigned i = 0; i < sizeof heads / sizeof *heads; i++) {
        *ret_stub = address - TAIL_SYSCALL - heads[i].distance - heads[i].length;
        enum sc_stub_kind kind = cancel_point(begin, *ret_stub, &heads[i]);
        if (kind != SC_STUB_NONE)
            return kind;
    }
    *ret_stub = address - UNMAP_SYSCALL;
    if (is_unmap_self(begin, *ret_stub))
        return SC_STUB_UNMAP;
    *ret_stub = address - EXIT_SYSCALL;
    return is_unmap_self(begin, *ret_stub) ? SC_STUB_UNMAP : SC_STUB_NONE;
}

enum sc_stub_kind sc_stub_begins(uint64_t begin, uint64_t end, uint64_t at)
{
    enum sc_stub_kind kind = SC_STUB_NONE;
    if (at < begin || at >= end - LONGEST)
        return SC_STUB_NONE;
    for (unsigned i = 0; i < sizeof heads / sizeof *heads && kind == SC_STUB_NONE; i++)
        kind = cancel_point(begin, at, &heads[i]);
    return kind == SC_STUB_NONE && is_unmap_self(begin, at) ? SC_STUB_UNMAP : kind;
}
