#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/version.h"
#include "launcher.h"

enum { OPT_MODE = 256, OPT_CHILDREN, OPT_STACK, OPT_MAX_SIZE, STACK_MAX = 64 };

static const struct option long_options[] = {
    {"output", required_argument, NULL, 'o'},
    {"mode", required_argument, NULL, OPT_MODE},
    {"children", required_argument, NULL, OPT_CHILDREN},
    {"stack", required_argument, NULL, OPT_STACK},
    {"max-size", required_argument, NULL, OPT_MAX_SIZE},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

/*
 * The standard output is the program's alone; help, where no program runs, is the one thing that is printed there.
 */
static void help(FILE *out)
{
    fputs("Usage: syscap-record [-o FILE] [options] [--] PROGRAM [ARGUMENT]...\n"
          "Runs PROGRAM and records the I/O system calls of it and its children.\n\n"
          "  -o, --output FILE              the capture (syscap.%n.%p.bin); %n: program, %p: pid, %%: %\n"
          "      --mode auto|interpose|full which calls are seen (auto)\n"
          "      --children follow|ignore   whether children are recorded too (follow)\n"
          "      --stack N                  frames to keep per call, 0 to 64 (0: the caller's address only)\n"
          "      --max-size SIZE            end the capture at so many bytes (K, M, G); the program goes on\n"
          "  -h, --help  -V, --version\n\n"
          "Defaults come from SYSCAP_OUTPUT, SYSCAP_MODE, SYSCAP_CHILDREN, SYSCAP_STACK and SYSCAP_MAX_SIZE.\n"
          "Exit status: the program's (128+N where signal N killed it); 125 where it cannot be captured, 126 where it\n"
          "cannot be executed, 127 where it is not found.\n",
          out);
}

static bool choose(const char *value, const char *const *names, unsigned *ret_index)
{
    for (unsigned i = 0; names[i]; i++) {
        if (strcmp(value, names[i]) == 0) {
            *ret_index = i;
            return true;
        }
    }
    return false;
}

/* Decimal digits and, where units is set, one of K, M, G behind them. The library reads its variables in the same way.
 */
static bool number(const char *text, bool units, uint64_t *ret_value)
{
    uint64_t value = 0;
    const char *p = text;
    for (; *p >= '0' && *p <= '9'; p++)
        if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, (uint64_t)(*p - '0'), &value))
            return false;
    if (p == text)
        return false;
    static const char letters[] = "KkMmGg";
    const char *unit = units && *p ? strchr(letters, *p) : NULL;
    if (unit) {
        unsigned shift = 10 * (unsigned)(1 + (unit - letters) / 2);
        if (value << shift >> shift != value)
            return false;
        value <<= shift;
        p++;
    }
    *ret_value = value;
    return *p == '\0';
}

static bool set(struct sc_launch *launch, int option, const char *value)
{
    static const char *const modes[] = {"auto", "interpose", "full", NULL};
    static const char *const children[] = {"follow", "ignore", NULL};
    unsigned index = 0;
    uint64_t count;
    switch (option) {
    case 'o': launch->output = value; return *value != '\0';
    case OPT_MODE: return choose(value, modes, &launch->mode);
    case OPT_CHILDREN:
        if (!choose(value, children, &index))
            return false;
        launch->follow = index == 0;
        return true;
    case OPT_STACK:
        if (!number(value, false, &count) || count > STACK_MAX)
            return false;
        launch->stack_depth = (unsigned)count;
        return true;
    default: return number(value, true, &launch->max_size);
    }
}

/* The library would say this of a wrong value, too, and capture nothing; here there is still time to stop. */
static bool read_variables(struct sc_launch *launch)
{
    static const struct {
        const char *name;
        int option;
    } variables[] = {{"SYSCAP_OUTPUT", 'o'},
                     {"SYSCAP_MODE", OPT_MODE},
                     {"SYSCAP_CHILDREN", OPT_CHILDREN},
                     {"SYSCAP_STACK", OPT_STACK},
                     {"SYSCAP_MAX_SIZE", OPT_MAX_SIZE}};
    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
        const char *value = getenv(variables[i].name);
        if (!value || (!*value && variables[i].option == 'o'))
            continue;
        if (!set(launch, variables[i].option, value)) {
            sc_say("%s: '%s' is no value for it", variables[i].name, value);
            return false;
        }
    }
    return true;
}

int sc_launch_options(int argc, char **argv, struct sc_launch *ret_launch)
{
    *ret_launch = (struct sc_launch){.output = "syscap.%n.%p.bin", .follow = true};
    if (!read_variables(ret_launch))
        return SC_EXIT_REFUSED;
    int option, index;
    opterr = 0; /* getopt's own messages would be a second wording */
    while (index = -1, (option = getopt_long(argc, argv, "+:o:hV", long_options, &index)) != -1) {
        switch (option) {
        case 'h': help(stdout); return fflush(stdout) == 0 ? EXIT_SUCCESS : SC_EXIT_REFUSED;
        case 'V': puts("syscap-record " SC_VERSION_TEXT); return fflush(stdout) == 0 ? EXIT_SUCCESS : SC_EXIT_REFUSED;
        case ':': sc_say("%s needs a value; see --help", argv[optind - 1]); return SC_EXIT_REFUSED;
        case '?':
            if (optopt && optopt < OPT_MODE && argv[optind - 1][1] != '-')
                sc_say("unknown option -%c; see --help", optopt);
            else
                sc_say("%s is no option, or not to be had in this form; see --help", argv[optind - 1]);
            return SC_EXIT_REFUSED;
        default:
            if (!set(ret_launch, option, optarg)) {
                sc_say("%s%s: '%s' is no value for it; see --help", index < 0 ? "-o" : "--",
                       index < 0 ? "" : long_options[index].name, optarg);
                return SC_EXIT_REFUSED;
            }
        }
    }
    if (optind == argc) {
        sc_say("no program is named; see --help");
        return SC_EXIT_REFUSED;
    }
    ret_launch->argv = argv + optind;
    return -1;
}
