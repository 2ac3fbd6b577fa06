/*
 * Our decoder beside Capstone's: compare FILE...
 *
 * Each function of each ELF file is walked from its start, where the library would begin as well. Of every instruction
 * that ours accepts, length, flow, target, a reference to its own place and a write to the stack pointer must be the
 * same; each difference is a line. What Capstone does not know is counted. Exit status 1 where there is a difference.
 */
#include <capstone/capstone.h>
#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "eh_frame.h"
#include "insn.h"

static struct {
    unsigned long files, functions, unlike_starts, unfollowed, instructions, unknown, different;
} sum;

static csh capstone;
static cs_insn *theirs;

static bool starts(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static bool is_one_of(const char *name, const char *const *names)
{
    for (; *names; names++)
        if (strcmp(name, *names) == 0)
            return true;
    return false;
}

/* Of what an instruction without implied operands names. */
static bool names_stack_as_destination(void)
{
    static const char *const readers[] = {"cmp",      "test",    "push",    "call",    "jmp",     "bt",
                                          "nop",      "mul",     "div",     "imul",    "idiv",    "verr",
                                          "verw",     "ltr",     "lldt",    "lmsw",    "ptwrite", "wrfsbase",
                                          "wrgsbase", "incsspq", "incsspd", "vmptrld", "out",     NULL};
    static const char *const stack[] = {"rsp", "esp", "sp", "spl", NULL};
    char first[64];
    snprintf(first, sizeof first, "%.*s", (int)sizeof first - 1, theirs->op_str);
    first[strcspn(first, ",")] = '\0';
    if (strcmp(theirs->mnemonic, "xchg") == 0 || strcmp(theirs->mnemonic, "xadd") == 0) {
        const char *second = strchr(theirs->op_str, ',');
        if (second && is_one_of(second + 2, stack))
            return true;
    }
    return is_one_of(first, stack) && !is_one_of(theirs->mnemonic, readers);
}

static bool is_branch(const struct sc_insn *ours)
{
    return ours->flow == SC_FLOW_BRANCH || ours->flow == SC_FLOW_JUMP || ours->flow == SC_FLOW_CALL;
}

/* What differs, or NULL. */
static const char *compare(uint64_t at, const struct sc_insn *ours)
{
    const char *name = theirs->mnemonic + (starts(theirs->mnemonic, "bnd ") ? 4 : 0), *operands = theirs->op_str;
    bool direct = starts(operands, "0x") &&
                  (*name == 'j' || strcmp(name, "call") == 0 || starts(name, "loop") || strcmp(name, "xbegin") == 0);
    if (ours->length != theirs->size)
        return "length";
    if (direct != is_branch(ours))
        return "branch";
    if (direct && strtoull(operands, NULL, 16) != at + ours->length + (uint64_t)(int64_t)ours->relative)
        return "target";
    if (!direct && (strstr(operands, "rip") != NULL) != ours->position)
        return "position";
    if ((strcmp(name, "syscall") == 0) != (ours->flow == SC_FLOW_SYSCALL))
        return "syscall";
    if (strcmp(name, "jmp") == 0 && !direct && ours->flow != SC_FLOW_INDIRECT && ours->flow != SC_FLOW_LINKED)
        return "indirect jump";
    if (names_stack_as_destination() != (ours->writes == SC_RSP))
        return "stack pointer";
    return NULL;
}

static void walk(const char *path, const struct sc_elf_module *module, const struct sc_function *function)
{
    struct sc_insn ours;
    for (uint64_t at = function->begin; at < function->end; at += ours.length) {
        const uint8_t *code = (const uint8_t *)at;
        size_t left = function->end - at;
        uint64_t address = at;
        if (!sc_insn_decode(code, left, &ours)) {
            sum.unfollowed++;
            return;
        }
        sum.instructions++;
        /* Version 4 takes a rounding mode in an EVEX prefix for a further byte; objdump does not. */
        if (!cs_disasm_iter(capstone, &code, &left, &address, theirs) || strstr(theirs->op_str, "-sae}")) {
            sum.unknown++;
            continue;
        }
        const char *difference = compare(at, &ours);
        if (!difference)
            continue;
        sum.different++;
        printf("%s+%lx: %s: %s %s:", path, at - module->bias, difference, theirs->mnemonic, theirs->op_str);
        for (unsigned i = 0; i < 15 && at + i < function->end; i++)
            printf(" %02x", ((const uint8_t *)at)[i]);
        printf(" (ours: %u bytes)\n", ours.length);
    }
}

/* As the loader would lay it out. NULL where it is no library or program of this machine. */
static uint8_t *load(const uint8_t *file, size_t size, size_t *ret_span)
{
    const Elf64_Ehdr *header = (const Elf64_Ehdr *)file;
    if (size < sizeof *header || memcmp(file, ELFMAG, SELFMAG) != 0 || header->e_machine != EM_X86_64 ||
        header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_phoff + header->e_phnum * sizeof(Elf64_Phdr) > size)
        return NULL;
    const Elf64_Phdr *segments = (const Elf64_Phdr *)(file + header->e_phoff);
    *ret_span = 0;
    for (unsigned i = 0; i < header->e_phnum; i++)
        if (segments[i].p_type == PT_LOAD && segments[i].p_vaddr + segments[i].p_memsz > *ret_span)
            *ret_span = segments[i].p_vaddr + segments[i].p_memsz;
    if (!*ret_span || *ret_span > 1ul << 32) /* a fixed place high up is none of a library */
        return NULL;
    uint8_t *image = mmap(NULL, *ret_span, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (image == MAP_FAILED)
        return NULL;
    for (unsigned i = 0; i < header->e_phnum; i++)
        if (segments[i].p_type == PT_LOAD && segments[i].p_offset + segments[i].p_filesz <= size)
            memcpy(image + segments[i].p_vaddr, file + segments[i].p_offset, segments[i].p_filesz);
    return image;
}

static void compare_file(const char *path, const uint8_t *file, size_t size)
{
    const Elf64_Ehdr *header = (const Elf64_Ehdr *)file;
    struct sc_function function;
    size_t span;
    uint8_t *image = load(file, size, &span);
    if (!image)
        return;
    struct sc_elf_module module = {.bias = (uint64_t)image,
                                   .segments = (const Elf64_Phdr *)(file + header->e_phoff),
                                   .segment_count = header->e_phnum};
    sum.files++;
    for (uint32_t i = 0; sc_eh_frame_open(&module) && sc_eh_frame_at(&module, i, &function); i++) {
        sum.functions++;
        if (function.end > (uint64_t)image + span || !sc_eh_frame_begin_agrees(&module, &function))
            sum.unlike_starts++;
        else
            walk(path, &module, &function);
    }
    munmap(image, span);
}

int main(int count, char **paths)
{
    if (cs_open(CS_ARCH_X86, CS_MODE_64, &capstone) != CS_ERR_OK)
        return 2;
    theirs = cs_malloc(capstone);
    for (int i = 1; i < count; i++) {
        struct stat status;
        int fd = open(paths[i], O_RDONLY);
        if (fd < 0 || fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size == 0)
            continue;
        void *file = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (file != MAP_FAILED) {
            compare_file(paths[i], file, (size_t)status.st_size);
            munmap(file, (size_t)status.st_size);
        }
        close(fd);
    }
    printf("%lu files, %lu functions, %lu of them without a start that is agreed on and %lu not followed to their end; "
           "%lu instructions, %lu of them unknown to Capstone, %lu different\n",
           sum.files, sum.functions, sum.unlike_starts, sum.unfollowed, sum.instructions, sum.unknown, sum.different);
    return sum.different ? 1 : 0;
}
