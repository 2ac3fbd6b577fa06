#include "site_stub.h"

#include <string.h>

enum { SYSCALL_BYTES = 2, BRANCH_AT = 5 };

/* Up to the syscall; the distance of its one branch is the linker's. */
static const uint8_t cancel_point[] = {
    0x8b, 0x07,                   /* mov (%rdi), %eax */
    0x85, 0xc0,                   /* test %eax, %eax */
    0x75, 0x00,                   /* jnz __cp_cancel */
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
enum { CANCEL_SYSCALL = sizeof cancel_point - SYSCALL_BYTES - 1 };

static const uint8_t unmap_self[] = {
    0xb8, 11,   0,    0, 0, /* mov $SYS_munmap, %eax */
    0x0f, 0x05,             /* syscall */
    0x48, 0x31, 0xff,       /* xor %rdi, %rdi */
    0xb8, 60,   0,    0, 0, /* mov $SYS_exit, %eax */
    0x0f, 0x05,             /* syscall */
};
enum { UNMAP_SYSCALL = 5, EXIT_SYSCALL = sizeof unmap_self - SYSCALL_BYTES };

static bool is_cancel_point(uint64_t begin, uint64_t at)
{
    const uint8_t *code = (const uint8_t *)at;
    return at >= begin && memcmp(code, cancel_point, BRANCH_AT) == 0 &&
           memcmp(code + BRANCH_AT + 1, cancel_point + BRANCH_AT + 1, sizeof cancel_point - BRANCH_AT - 1) == 0;
}

static bool is_unmap_self(uint64_t begin, uint64_t at)
{
    return at >= begin && memcmp((const void *)at, unmap_self, sizeof unmap_self) == 0;
}

enum sc_stub_kind sc_stub_at(uint64_t begin, uint64_t address, uint64_t *ret_stub)
{
    *ret_stub = address - CANCEL_SYSCALL;
    if (is_cancel_point(begin, *ret_stub))
        return SC_STUB_CANCEL;
    *ret_stub = address - UNMAP_SYSCALL;
    if (is_unmap_self(begin, *ret_stub))
        return SC_STUB_UNMAP;
    *ret_stub = address - EXIT_SYSCALL;
    return is_unmap_self(begin, *ret_stub) ? SC_STUB_UNMAP : SC_STUB_NONE;
}

enum sc_stub_kind sc_stub_begins(uint64_t begin, uint64_t end, uint64_t at)
{
    if (at < begin || at >= end - sizeof cancel_point)
        return SC_STUB_NONE;
    return is_cancel_point(begin, at) ? SC_STUB_CANCEL : is_unmap_self(begin, at) ? SC_STUB_UNMAP : SC_STUB_NONE;
}
