#include "process.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/wait.h>

#include "../args/call_record.h"
#include "../args/fd_class.h"
#include "../args/mapped.h"
#include "../args/uring.h"
#include "../core/host.h"
#include "../core/kept.h"
#include "../core/peek.h"
#include "../core/proc_path.h"
#include "../core/raw_syscall.h"
#include "../core/ring.h"
#include "../core/writer.h"
#include "../unwind/modules.h"
#include "counters.h"
#include "message.h"
#include "variables.h"

/* The program's start-up data, on the stack where the kernel put it; valid until the process ends. */
static struct {
    char **argv;
    int argc;
    char **environment;
    uint64_t start_time;
} image;

static size_t read_whole(const char *path, char *buffer, size_t bytes)
{
    long fd = sc_syscall(SYS_open, path, O_RDONLY | O_CLOEXEC);
    if (sc_failed(fd))
        return 0;
    long got = sc_syscall(SYS_read, fd, buffer, bytes - 1);
    sc_syscall(SYS_close, fd);
    buffer[sc_failed(got) ? 0 : got] = '\0';
    return sc_failed(got) ? 0 : (size_t)got;
}

static uint64_t number_at(const char *p)
{
    uint64_t value = 0;
    for (; *p >= '0' && *p <= '9'; p++)
        value = value * 10 + (uint64_t)(*p - '0');
    return value;
}

/*
 * One field of a process's stat file; the second is the program's name and may hold blanks and parentheses. The first,
 * in *ret_pid, is its pid as this /proc has it; 0: there is no such file.
 */
static uint64_t read_stat_field(const char *path, int wanted, uint64_t *ret_pid)
{
    char text[1024];
    *ret_pid = 0;
    if (!read_whole(path, text, sizeof text))
        return 0;
    *ret_pid = number_at(text);
    const char *p = strrchr(text, ')');
    for (int field = 2; p && field < wanted; field++)
        p = strchr(p + 1, ' ');
    return p ? number_at(p + 1) : 0;
}

uint32_t sc_proc_parent(uint32_t pid)
{
    enum { PPID = 4 };
    char path[32];
    uint64_t own;
    sc_proc_path(path, pid, "/stat");
    return (uint32_t)read_stat_field(path, PPID, &own);
}

void sc_process_identify(char **environment, int argc, char **argv)
{
    enum { START_TIME = 22 };
    uint64_t pid;
    image.argv = argv;
    image.argc = argc;
    image.environment = environment;
    image.start_time = read_stat_field("/proc/self/stat", START_TIME, &pid);
    sc_process.proc_matches = pid == (uint64_t)sc_process.pid;
}

static bool begin_forked(void)
{
    sc_writer_forget();
    sc_fd_forked();
    sc_rings_forked();
    sc_pieces_forked();
    sc_process.lost_chunk = NULL;
    sc_process.forked = true;
    sc_process.ended = false;
    sc_process.leaving = false;
    sc_process.described = false;
    sc_process.ppid = sc_process.pid;
    sc_process.pid = sc_process.no_syscalls ? 0 : (int)sc_syscall(SYS_getpid, 0);
    sc_ring_forked();
    if (!sc_process.follow) {
        sc_process.active = false;
        return false;
    }
    sc_process.parent = sc_process.process;
    sc_process.process = __atomic_fetch_add(&sc_process.header->processes, 1, __ATOMIC_RELAXED);
    sc_process.execs = 0;
    return true;
}

static void put_text(enum sc_text_what what, const char *bytes, size_t count)
{
    struct sc_text text = {sc_process.process, what};
    if (count > SC_PATH_BYTES * 2) {
        count = SC_PATH_BYTES * 2;
        text.what |= SC_TEXT_CUT;
    }
    sc_put_meta(SC_META_TEXT, &text, sizeof text, bytes, count);
}

/* argv's strings are contiguous, as the kernel laid them out, unless somebody replaced them. */
static void put_argv(void)
{
    if (image.argc <= 0)
        return;
    const char *first = image.argv[0], *end = first;
    for (int i = 0; i < image.argc; i++) {
        if (image.argv[i] != end)
            return;
        end += strlen(end) + 1;
    }
    put_text(SC_TEXT_ARGV, first, (size_t)(end - first));
}

/* False: nothing in it can be run. */
static bool describe_module(const struct sc_elf_module *object, struct sc_module *module)
{
    *module = (struct sc_module){.process = sc_process.process, .bias = object->bias};
    for (unsigned i = 0; i < object->segment_count; i++) {
        const ElfW(Phdr) *segment = &object->segments[i];
        if (segment->p_type != PT_LOAD || !(segment->p_flags & PF_X))
            continue;
        uint64_t begin = object->bias + segment->p_vaddr;
        if (!module->begin || begin < module->begin)
            module->begin = begin;
        if (begin + segment->p_memsz > module->end)
            module->end = begin + segment->p_memsz;
    }
    module->build_id_bytes = sc_modules_build_id(object, module->build_id);
    return module->end != 0;
}

/* The program has no name in glibc, and in musl the one that it was started by; the kernel's object has none there. */
static const char *path_of(const struct dl_phdr_info *info, const char *exe)
{
    if (sc_process.musl && (uint64_t)info->dlpi_phdr == sc_host_auxiliary(AT_PHDR))
        return exe;
    if ((uint64_t)info->dlpi_phdr - sc_host_auxiliary(AT_SYSINFO_EHDR) < SC_GRANULE)
        return "linux-vdso.so.1";
    return info->dlpi_name[0] ? info->dlpi_name : exe;
}

static int put_module(struct dl_phdr_info *info, size_t size, void *exe)
{
    struct sc_module module;
    const char *path = path_of(info, exe);
    struct sc_elf_module object = {
        .bias = info->dlpi_addr, .segments = info->dlpi_phdr, .segment_count = info->dlpi_phnum};
    (void)size;
    if (describe_module(&object, &module))
        sc_put_meta(SC_META_MODULE, &module, sizeof module, path, strlen(path));
    return 0;
}

void sc_process_loaded(uint64_t tick, const struct sc_elf_module *object, const char *path, size_t path_bytes)
{
    struct sc_module_loaded loaded = {.tick = tick};
    if (describe_module(object, &loaded.module))
        sc_put_meta(SC_META_LOADED, &loaded, sizeof loaded, path, path_bytes);
}

void sc_process_unloaded(uint64_t tick, uint64_t begin, uint64_t end)
{
    struct sc_module_unloaded gone = {.tick = tick, .process = sc_process.process, .begin = begin, .end = end};
    sc_put_meta(SC_META_UNLOADED, &gone, sizeof gone, NULL, 0);
}

static void put_image(void)
{
    char path[SC_PATH_BYTES];
    long length = sc_host_program(path, sizeof path - 1);
    path[sc_failed(length) ? 0 : length] = '\0';
    put_text(SC_TEXT_EXE, path, strlen(path));
    put_argv();
    sc_put_variables(image.environment);
    char cwd[SC_PATH_BYTES];
    length = sc_syscall(SYS_getcwd, cwd, sizeof cwd);
    if (!sc_failed(length))
        put_text(SC_TEXT_CWD, cwd, (size_t)length - 1);
    sc_host_objects(put_module, path);
}

static void describe(void)
{
    struct sc_process process = {
        .process = sc_process.process,
        .parent = sc_process.parent,
        .pid = (uint32_t)sc_process.pid,
        .ppid = (uint32_t)sc_process.ppid,
        .execs = sc_process.execs,
        .origin = sc_process.forked    ? SC_ORIGIN_FORK
                  : sc_process.execs   ? SC_ORIGIN_EXEC
                  : sc_process.process ? SC_ORIGIN_SPAWN
                                       : SC_ORIGIN_ROOT,
        .mode = sc_process.interposing ? SC_MODE_INTERPOSE : SC_MODE_FULL,
        .start_time = sc_process.forked ? 0 : image.start_time,
        .tick = sc_now(),
        .real = sc_realtime(),
    };
    sc_put_meta(SC_META_PROCESS, &process, sizeof process, NULL, 0);
    if (!sc_process.forked)
        put_image();
}

const struct sc_writer_events sc_process_events = {begin_forked, describe, sc_counters_at_return};

void sc_process_untraced(enum sc_untraced reason, const char *name, bool replaces)
{
    struct sc_writer *writer = sc_writer_own();
    struct sc_untraced_program untraced = {.tick = sc_now(),
                                           .process = writer ? writer->process : sc_process.process,
                                           .reason = reason,
                                           .replaces = replaces};
    size_t length = strlen(name);
    sc_put_meta(SC_META_UNTRACED, &untraced, sizeof untraced, name, length < SC_TEXT_MAX ? length : SC_TEXT_MAX);
}

void sc_process_mark_main(void)
{
    struct sc_mark mark = {.tick = sc_now(), .process = sc_process.process, .what = SC_MARK_MAIN};
    sc_put_meta(SC_META_MARK, &mark, sizeof mark, NULL, 0);
}

static void child_ended(int pid, int status)
{
    struct sc_child_end end = {.tick = sc_now(), .process = sc_process.process, .pid = (uint32_t)pid, .status = status};
    sc_put_meta(SC_META_CHILD_END, &end, sizeof end, NULL, 0);
}

void sc_process_waited(int pid, sc_addr status)
{
    /* Without a place for the status the program does not learn how its child ended, and we don't either. */
    int how = pid > 0 && status ? sc_proved_i32(status) : 0;
    if (pid > 0 && status && (WIFEXITED(how) || WIFSIGNALED(how)))
        child_ended(pid, how);
}

void sc_process_waited_info(sc_addr info, uint64_t options)
{
    siginfo_t child;
    if (!info || options & WNOWAIT)
        return; /* the child can still be waited for, and is reported then */
    sc_proved_copy(&child, info, sizeof child);
    if (!child.si_pid)
        return;
    if (child.si_code == CLD_EXITED)
        child_ended(child.si_pid, (child.si_status & 0xff) << 8);
    else if (child.si_code == CLD_KILLED || child.si_code == CLD_DUMPED)
        child_ended(child.si_pid, child.si_status);
}

void sc_process_end(enum sc_end_how how, int status, bool now)
{
    struct sc_writer *writer = sc_writer_get();
    if (!writer)
        return;
    bool vforked = writer->process != sc_process.process; /* a vfork child shares our memory, not our end */
    if (!vforked && !sc_process.no_syscalls && (int)sc_syscall(SYS_getpid, 0) != sc_process.pid)
        return; /* such a child where vfork was not seen */
    bool first = !vforked && !__atomic_exchange_n(&sc_process.ended, true, __ATOMIC_ACQ_REL);
    if (how == SC_END_ABORT)
        sc_process.ended = false; /* a handler may yet save the process */
    if (sc_rings_any())
        sc_uring_end(writer);
    if (first)
        sc_mapped_tell();
    if (now && !vforked)
        __atomic_store_n(&sc_process.leaving, true, __ATOMIC_SEQ_CST); /* before the live writers are looked for */
    if (first)
        sc_counters_at_process_end(how == SC_END_EXIT && sc_process.interposing);
    else if (vforked)
        sc_counters_at_thread_end(writer);
    struct sc_process_end end = {
        .tick = sc_now(), .mono = sc_monotonic(), .process = writer->process, .how = how, .status = status};
    sc_put_meta(SC_META_PROCESS_END, &end, sizeof end, NULL, 0);
    if (writer->process == 0) {
        sc_process.header->tick1 = end.tick;
        sc_process.header->mono1 = end.mono;
    }
    if (now && !vforked) {
        sc_writer_bequeath(writer);
        sc_kept_bequeath();
    }
}

void sc_thread_end(void)
{
    struct sc_writer *writer = sc_writer_own();
    if (!writer || !writer->chunk || !writer->live)
        return;
    sc_orphan_calls(writer);
    if (sc_rings_any())
        sc_uring_thread_end(writer);
    sc_fd_vfork_gone(writer);
    sc_counters_at_thread_end(writer);
    struct sc_thread_end end = {.tick = sc_now(), .process = sc_process.process, .tid = writer->tid};
    sc_put_meta(SC_META_THREAD_END, &end, sizeof end, NULL, 0);
    sc_writer_end_thread(writer);
}
