/*
 * start.c: syscap-static. Started in the place of a statically linked program, whose name it finds in the session's
 * description, it loads the program, patches its sites, and goes to its entry. Where that can't be done the program is
 * executed as it is.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "../../common/environment.h"
#include "../../common/version.h"
#include "../core/clock.h"
#include "../core/host.h"
#include "../core/peek.h"
#include "../core/placement.h"
#include "../core/raw_syscall.h"
#include "../core/writer.h"
#include "../rewrite/patch.h"
#include "../rewrite/rewrite.h"
#include "../session/counters.h"
#include "../session/message.h"
#include "../session/process.h"
#include "../session/session_begin.h"
#include "functions.h"
#include "own_answers.h"
#include "static_program.h"
#include "thread_block.h"

/* For who finds the file alone: strings syscap-static. */
__attribute__((used)) static const char version[] = SC_STATIC_LOADER " " SC_VERSION_TEXT;

extern Elf64_Dyn _DYNAMIC[] __attribute__((visibility("hidden")));
extern const char __ehdr_start[] __attribute__((visibility("hidden")));

/* Addresses in our data are relative to our own place until this has run; nothing before it may use one. */
static void relocate(void)
{
    uint64_t base = (uint64_t)__ehdr_start, bytes = 0;
    const Elf64_Rela *at = NULL;
    for (const Elf64_Dyn *entry = _DYNAMIC; entry->d_tag != DT_NULL; entry++) {
        if (entry->d_tag == DT_RELA)
            at = (const Elf64_Rela *)(base + entry->d_un.d_ptr);
        else if (entry->d_tag == DT_RELASZ)
            bytes = entry->d_un.d_val;
    }
    for (const Elf64_Rela *end = at + bytes / sizeof *at; at < end; at++)
        if (ELF64_R_TYPE(at->r_info) == R_X86_64_RELATIVE)
            *(uint64_t *)(base + at->r_offset) = base + (uint64_t)at->r_addend;
}

static __attribute__((noreturn)) void end(int status)
{
    for (;;)
        sc_syscall(SYS_exit_group, status);
}

static void copy_text(char *to, const char *from)
{
    size_t length = strlen(from);
    if (length >= SC_PATH_BYTES)
        length = SC_PATH_BYTES - 1;
    sc_copy(to, from, length);
    to[length] = '\0';
}

/* The names are the program's to see nowhere: they go from where the kernel put the variables. */
static void take_names(const struct sc_to_load *load)
{
    copy_text(sc_static_program.path, load->program);
    copy_text(sc_static_program.execfn, load->execfn);
    memset((char *)(uintptr_t)load->program, 0, strlen(load->program));
    memset((char *)(uintptr_t)load->execfn, 0, strlen(load->execfn));
}

/* Ours lies beside the library's, whose name children are to find in LD_PRELOAD. */
static bool find_library(void)
{
    const char *own = (const char *)sc_host_auxiliary(AT_EXECFN);
    return sc_name_beside(sc_process.library, own, SC_LIBRARY) &&
           sc_name_beside(sc_process.other, own, SC_LIBRARY_MUSL);
}

/* Whether the name that it was started by leads to the program: not of a script, nor where it means us. */
static bool is_named_itself(void)
{
    const struct sc_static_program *program = &sc_static_program;
    struct stat named, itself;
    return sc_syscall(SYS_stat, program->execfn, &named) == 0 && sc_syscall(SYS_stat, program->path, &itself) == 0 &&
           named.st_dev == itself.st_dev && named.st_ino == itself.st_ino;
}

/* The program as it would have been without us. */
static __attribute__((noreturn)) void execute(bool hide)
{
    struct sc_static_program *program = &sc_static_program;
    const char *path = is_named_itself() ? program->execfn : program->path;
    static struct sc_options cleaning; /* not on the stack, which it might not fit */
    cleaning.hide = hide;
    sc_environment_clean(program->data.environment, &cleaning);
    long result = sc_syscall(SYS_execve, path, program->data.argv, program->data.environment);
    sc_complain(path, "", sc_error_text((int)-result));
    end(result == -ENOENT ? 127 : 126);
}

static void find_functions(void)
{
    struct sc_static_program *program = &sc_static_program;
    const struct sc_loaded *loaded = &program->loaded;
    program->functions = (struct sc_elf_module){
        .bias = loaded->bias,
        .segments = (const Elf64_Phdr *)(loaded->bias + loaded->image.headers),
        .segment_count = loaded->image.header.e_phnum,
    };
    sc_functions_find(loaded, &program->functions);
}

/*
 * Whether enough of the program's calls will be seen, and none of its threads can come to us unnoticed. Where not even
 * half of its sites could be proved (stripped, and without unwind tables), a capture would say nothing.
 */
static bool is_worth_it(void)
{
    const struct sc_patched_sites *sites = &sc_patched_sites;
    return !sc_functions_cancels(&sc_static_program.loaded) && sites->left * 2 <= sites->found &&
           (!sites->unknown || sc_threads_may_be_unseen());
}

/* loaded: it is in memory. False: it is not recorded, which the capture says. */
static bool begin_recording(const struct sc_options *options, bool loaded)
{
    struct sc_static_program *program = &sc_static_program;
    if (loaded) {
        find_functions();
        sc_modules_list();
    }
    bool patched =
        loaded && sc_rewrite_begin(SC_OWNER_PROGRAM, program->data.environment) == SC_FALLBACK_NONE && is_worth_it();
    program->functions.symbols = NULL; /* they are in the file */
    sc_process.active = true;
    if (!sc_writer_get())
        return patched;
    sc_rewrite_note();
    if (options->renamed)
        sc_put_note(SC_NOTE_NAME_TAKEN, 0, 0);
    if (!patched) {
        sc_process_untraced(SC_UNTRACED_STATIC, program->execfn, true);
        return false;
    }
    sc_put_note(SC_NOTE_STATIC, 0, 0);
    sc_counters_at_start();
    return true;
}

static void begin_core(void)
{
    sc_process.pid = (int)sc_syscall(SYS_getpid, 0);
    sc_process.ppid = (int)sc_syscall(SYS_getppid, 0);
    sc_clock_find(sc_host_auxiliary(AT_SYSINFO_EHDR));
    sc_placement_begin((uint64_t)__ehdr_start);
    sc_peek_begin();
    sc_writer_begin(&sc_process_events);
}

/* The stack pointer that the program begins with; ret_entry: its first instruction. */
__attribute__((used)) static uint64_t *begin(uint64_t *stack, uint64_t *ret_entry)
{
    static struct sc_options options;
    struct sc_static_program *program = &sc_static_program;
    relocate();
    program->data = sc_start_data_of(stack);
    sc_threads_use_first();
    begin_core();
    bool found = find_library();
    sc_options_read(program->data.environment, &options);
    if (!found || !options.load.program) {
        sc_complain(SC_STATIC_LOADER, "", " is started by syscap-record and libsyscap.so, and by nobody else");
        end(127);
    }
    take_names(&options.load);
    if (options.bad) {
        sc_complain("", options.bad, " has a value that is none of its own; nothing is captured");
        execute(options.hide);
    }
    bool loaded =
        sc_load_program(program->path, &program->loaded) == 0 && sc_threads_begin(sc_functions_is_go(&program->loaded));
    if (!loaded)
        program->loaded.image.header.e_phnum = 0; /* whoever asks for objects is told of none of its parts */
    sc_own_names_begin(program->path, program->loaded.dev, program->loaded.ino);
    sc_start_data_tell(&program->data, &program->loaded, program->execfn);
    sc_process_identify(program->data.environment, program->data.argc, program->data.argv);
    if (!sc_session_begin(&options) || !begin_recording(&options, loaded))
        execute(options.hide || options.join);
    sc_environment_clean(program->data.environment, &options);
    sc_start_data_close(&program->data);
    sc_start_data_to_kernel(&program->data, &program->loaded, program->execfn);
    sc_load_done(&program->loaded);
    *ret_entry = program->loaded.bias + program->loaded.image.header.e_entry;
    return stack;
}

/* As the kernel leaves the registers: all 0 but the stack pointer. */
__asm__(".globl _start\n"
        "_start:\n\t"
        "mov %rsp, %rdi\n\t"
        "xor %ebp, %ebp\n\t"
        "and $-16, %rsp\n\t"
        "sub $16, %rsp\n\t"
        "mov %rsp, %rsi\n\t"
        "call begin\n\t"
        "mov (%rsp), %rcx\n\t"
        "lea -8(%rax), %rsp\n\t"
        "mov %rcx, (%rsp)\n\t"
        "xor %eax, %eax\n\t"
        "xor %ebx, %ebx\n\t"
        "xor %ecx, %ecx\n\t"
        "xor %edx, %edx\n\t"
        "xor %esi, %esi\n\t"
        "xor %edi, %edi\n\t"
        "xor %r8d, %r8d\n\t"
        "xor %r9d, %r9d\n\t"
        "xor %r10d, %r10d\n\t"
        "xor %r11d, %r11d\n\t"
        "xor %r12d, %r12d\n\t"
        "xor %r13d, %r13d\n\t"
        "xor %r14d, %r14d\n\t"
        "xor %r15d, %r15d\n\t"
        "ret");
