#include <criterion/criterion.h>
#include <limits.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../analyzer/passes/symbols.h"

/* Symbols without debug information, as a stripped library has them: C++, Rust (old and new), C. */
#define CODE(name) __asm__(".text\n.globl " name "\n.type " name ",@function\n" name ": nop\nret\n.size " name ",2\n")
CODE("_ZN5outer5inner5writeEPKcm");
CODE("_ZN3std2io5Write9write_all17h0123456789abcdefE");
CODE("_RNvCskwGfYPst2Cb_3foo16example_function");
CODE("sc_test_plain_symbol");
extern char cpp[] __asm__("_ZN5outer5inner5writeEPKcm");
extern char rust_old[] __asm__("_ZN3std2io5Write9write_all17h0123456789abcdefE");
extern char rust_new[] __asm__("_RNvCskwGfYPst2Cb_3foo16example_function");
extern char plain[] __asm__("sc_test_plain_symbol");

/* This very program as a module. */
struct self {
    struct sc_run run;
    struct sc_module_map map;
    char path[PATH_MAX];
};

static int find_self(struct dl_phdr_info *info, size_t size, void *context)
{
    struct sc_module_map *map = context;
    (void)size;
    map->bias = info->dlpi_addr;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        const char *at = (const char *)(info->dlpi_addr + segment->p_vaddr), *end = at + segment->p_memsz;
        if (segment->p_type == PT_LOAD && segment->p_flags & PF_X) {
            map->begin = (uint64_t)at;
            map->end = (uint64_t)end;
        }
        while (segment->p_type == PT_NOTE && at < end) {
            const ElfW(Nhdr) *note = (const ElfW(Nhdr) *)at;
            at += sizeof *note + (note->n_namesz + 3) / 4 * 4;
            if (note->n_type == NT_GNU_BUILD_ID && note->n_descsz <= sizeof map->build_id) {
                memcpy(map->build_id, at, note->n_descsz);
                map->build_id_bytes = note->n_descsz;
            }
            at += (note->n_descsz + 3) / 4 * 4;
        }
    }
    return 1; /* the program itself comes first */
}

/* The run anew, with the module as it is described now. */
static void self_map(struct self *self)
{
    sc_run_free_modules(&self->run);
    self->run = (struct sc_run){.kind = SC_RUN_CAPTURE, .processes = 1};
    struct sc_module_map map = self->map;
    map.path = strdup(self->map.path);
    cr_assert_eq(sc_run_add_module(&self->run, map), 0);
}

static void self_init(struct self *self)
{
    memset(self, 0, sizeof *self);
    dl_iterate_phdr(find_self, &self->map);
    cr_assert_gt(self->map.build_id_bytes, 0);
    cr_assert_gt(readlink("/proc/self/exe", self->path, sizeof self->path - 1), 0);
    self->map.path = self->path;
    self_map(self);
}

__attribute__((noinline)) static uint64_t my_address(void)
{
    return (uint64_t)__builtin_return_address(0);
}

__attribute__((always_inline)) static inline uint64_t inner_function(int *line)
{
    *line = __LINE__ + 1;
    volatile uint64_t address = my_address(); /* volatile: no jump instead of a call */
    return address;
}

__attribute__((noinline)) static uint64_t outer_function(int *line, int *inlined_line)
{
    *inlined_line = __LINE__ + 1;
    uint64_t address = inner_function(line);
    return address;
}

static void expect_name(struct self *self, const char *code, const char *expected)
{
    struct sc_symbols *symbols = sc_symbols_new(&self->run);
    char text[256];
    snprintf(text, sizeof text, "%s [%s]", expected, strrchr(self->path, '/') + 1);
    cr_expect_str_eq(sc_symbols_name(symbols, (uint64_t)code + 1), text);
    sc_symbols_free(symbols);
}

Test(symbols, inlined_functions_with_file_and_line)
{
    struct self self;
    self_init(&self);
    struct sc_symbols *symbols = sc_symbols_new(&self.run);
    int line, inlined_line;
    uint64_t address = outer_function(&line, &inlined_line);
    const struct sc_symbol *symbol = sc_symbols_find(symbols, address);
    cr_assert_not_null(symbol);
    cr_assert_eq(symbol->frame_count, 2, "%s", symbol->text);
    cr_expect_str_eq(symbol->frames[0].function, "inner_function");
    cr_expect_str_eq(symbol->frames[1].function, "outer_function");
    cr_expect_eq(symbol->frames[0].line, line);
    cr_expect_eq(symbol->frames[1].line, inlined_line);
    cr_expect(strstr(symbol->frames[0].file, "test_symbols.c") != NULL);
    char text[256];
    snprintf(text, sizeof text,
             "inner_function (test_symbols.c:%d) inlined into outer_function (test_symbols.c:%d) [%s]", line,
             inlined_line, strrchr(self.path, '/') + 1);
    cr_expect_str_eq(symbol->text, text);
    cr_expect_eq(sc_symbols_find(symbols, address), symbol, "the same, from memory");
    sc_symbols_free(symbols);
}

Test(symbols, names_are_demangled)
{
    struct self self;
    self_init(&self);
    expect_name(&self, cpp, "outer::inner::write");
    expect_name(&self, rust_old, "std::io::Write::write_all");
    expect_name(&self, rust_new, "foo::example_function");
    expect_name(&self, plain, "sc_test_plain_symbol");
}

/* Library and offset, and what is said of the module; warning: a part of it, or NULL for none. */
static void expect_offset(struct self *self, enum sc_symbols_mode mode, const char *warning)
{
    self_map(self);
    struct sc_symbols *symbols = sc_symbols_new(&self->run);
    sc_symbols_set_mode(symbols, mode);
    char text[256];
    const char *slash = strrchr(self->map.path, '/');
    snprintf(text, sizeof text, "%s+0x%llx", slash ? slash + 1 : self->map.path,
             (unsigned long long)((uint64_t)plain + 1 - self->map.bias));
    cr_expect_str_eq(sc_symbols_name(symbols, (uint64_t)plain + 1), text);
    struct sc_strings lines = {0};
    sc_symbols_warnings(symbols, &lines);
    cr_expect_eq(lines.count, warning ? 1 : 0);
    if (warning && lines.count)
        cr_expect(strstr(lines.items[0], warning) != NULL, "%s", lines.items[0]);
    sc_strings_free(&lines);
    sc_symbols_free(symbols);
}

Test(symbols, a_module_that_changed_is_not_looked_into)
{
    struct self self;
    self_init(&self);
    self.map.build_id[3] ^= 1;
    expect_offset(&self, SC_SYMBOLS_AUTO, "has changed since the capture");
    expect_offset(&self, SC_SYMBOLS_ALWAYS, "has changed since the capture");
    expect_offset(&self, SC_SYMBOLS_NEVER, NULL);
    self_init(&self);
    self.map.build_id_bytes = 4;
    expect_offset(&self, SC_SYMBOLS_AUTO, "has changed since the capture");
}

Test(symbols, never_opens_nothing)
{
    struct self self;
    self_init(&self);
    expect_offset(&self, SC_SYMBOLS_NEVER, NULL);
}

Test(symbols, without_a_build_id_only_always_trusts_the_path)
{
    struct self self;
    self_init(&self);
    self.map.build_id_bytes = 0;
    expect_offset(&self, SC_SYMBOLS_AUTO, NULL);
    struct sc_symbols *symbols = sc_symbols_new(&self.run);
    sc_symbols_set_mode(symbols, SC_SYMBOLS_ALWAYS);
    cr_expect(strstr(sc_symbols_name(symbols, (uint64_t)plain + 1), "sc_test_plain_symbol") != NULL);
    sc_symbols_free(symbols);
}

Test(symbols, what_is_no_regular_file_is_not_opened, .timeout = 300)
{
    struct self self;
    char directory[] = "/tmp/sc_fifo_XXXXXX", fifo[64];
    self_init(&self);
    cr_assert_not_null(mkdtemp(directory));
    snprintf(fifo, sizeof fifo, "%s/fifo", directory);
    cr_assert_eq(mkfifo(fifo, 0600), 0);
    char *const paths[] = {fifo, "/dev/zero", "/nothing/here", "/tmp", "relative", ""};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        self.map.path = paths[i];
        expect_offset(&self, SC_SYMBOLS_AUTO, "is not there or cannot be read");
        expect_offset(&self, SC_SYMBOLS_ALWAYS, "is not there or cannot be read");
    }
    unlink(fifo);
    rmdir(directory);
    self.map.path = "/etc/passwd";
    expect_offset(&self, SC_SYMBOLS_AUTO, "has changed since the capture");
}

Test(symbols, what_is_in_no_module)
{
    struct self self;
    self_init(&self);
    struct sc_symbols *symbols = sc_symbols_new(&self.run);
    cr_expect_str_eq(sc_symbols_name(symbols, 0x10), "unknown at 0x10");
    cr_expect_str_eq(sc_symbols_name(symbols, 0x10 + SC_ADDRESS_GONE), "unknown at 0x10");
    sc_symbols_free(symbols);
}

Test(symbols, another_module_at_the_same_addresses_is_moved)
{
    struct self self;
    self_init(&self);
    struct sc_module_map other = self.map;
    other.path = strdup("/nothing/b");
    cr_assert_eq(sc_run_add_module(&self.run, other), 0);
    struct sc_symbols *symbols = sc_symbols_new(&self.run);
    uint64_t distance = self.run.modules[1].begin - self.map.begin;
    const struct sc_symbol *first = sc_symbols_find(symbols, (uint64_t)plain + 1);
    const struct sc_symbol *second = sc_symbols_find(symbols, (uint64_t)plain + 1 + distance);
    cr_expect_str_eq(first->module, self.path);
    cr_expect_str_eq(second->module, "/nothing/b");
    cr_expect_eq(first->offset, second->offset);
    sc_symbols_free(symbols);
}
