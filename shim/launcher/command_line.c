#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/version.h"
#include "launcher.h"

/* Long options without a letter, beyond all letters: OPTION and the number of what it sets. */
enum { OPTION = 256 };

static const struct option long_options[] = {
    {"output", required_argument, NULL, 'o'},
    {"mode", required_argument, NULL, OPTION + SC_USER_MODE},
    {"children", required_argument, NULL, OPTION + SC_USER_CHILDREN},
    {"stack", required_argument, NULL, OPTION + SC_USER_STACK},
    {"max-size", required_argument, NULL, OPTION + SC_USER_MAX_SIZE},
    {"keep", required_argument, NULL, OPTION + SC_USER_KEEP},
    {"env", required_argument, NULL, OPTION + SC_USER_ENV},
    {"static", required_argument, NULL, OPTION + SC_USER_STATIC},
    {"trace", required_argument, NULL, OPTION + SC_USER_TRACE},
    {"path", required_argument, NULL, OPTION + SC_USER_PATHS},
    {"quiet", no_argument, NULL, 'q'},
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
          "      --keep first|last          which calls stay where --max-size is too small for all (first)\n"
          "      --env hash|names|values|none what is kept of the environment's values (hash)\n"
          "      --static follow|leave      whether statically linked programs are recorded (follow)\n"
          "      --trace SET                record these calls only, as strace -e trace= names them (all)\n"
          "      --path PATTERN[:PATTERN]   record calls on files of such a name only (all)\n"
          "  -q, --quiet                    do not say on a terminal what was made\n"
          "  -h, --help  -V, --version\n\n"
          "Defaults come from SYSCAP_OUTPUT, SYSCAP_MODE, SYSCAP_CHILDREN, SYSCAP_STACK, SYSCAP_MAX_SIZE,\n"
          "SYSCAP_KEEP, SYSCAP_ENV, SYSCAP_STATIC, SYSCAP_TRACE and SYSCAP_PATHS.\n"
          "Exit status: the program's (128+N where signal N killed it); 125 where it cannot be captured, 126 where it\n"
          "cannot be executed, 127 where it is not found.\n",
          out);
}

/* The library would say this of a wrong value, too, and capture nothing; here there is still time to stop. */
static bool read_variables(struct sc_launch *launch)
{
    for (enum sc_user_option option = 0; option < SC_USER_COUNT; option++) {
        const char *name = sc_user_variable(option), *value = getenv(name);
        if (!value || (!*value && option == SC_USER_OUTPUT))
            continue;
        if (!sc_user_set(&launch->asked, option, value)) {
            sc_say("%s: '%s' is no value for it", name, value);
            return false;
        }
    }
    return true;
}

int sc_launch_options(int argc, char **argv, struct sc_launch *ret_launch)
{
    *ret_launch = (struct sc_launch){.asked = sc_user_defaults()};
    if (!read_variables(ret_launch))
        return SC_EXIT_REFUSED;
    int option, index;
    opterr = 0; /* getopt's own messages would be a second wording */
    while (index = -1, (option = getopt_long(argc, argv, "+:o:qhV", long_options, &index)) != -1) {
        switch (option) {
        case 'h': help(stdout); return fflush(stdout) == 0 ? EXIT_SUCCESS : SC_EXIT_REFUSED;
        case 'V': puts("syscap-record " SC_VERSION_TEXT); return fflush(stdout) == 0 ? EXIT_SUCCESS : SC_EXIT_REFUSED;
        case 'q': ret_launch->quiet = true; break;
        case ':': sc_say("%s needs a value; see --help", argv[optind - 1]); return SC_EXIT_REFUSED;
        case '?':
            if (optopt && optopt < OPTION && argv[optind - 1][1] != '-')
                sc_say("unknown option -%c; see --help", optopt);
            else
                sc_say("%s is no option, or not to be had in this form; see --help", argv[optind - 1]);
            return SC_EXIT_REFUSED;
        default:
            if (!sc_user_set(&ret_launch->asked,
                             option == 'o' ? SC_USER_OUTPUT : (enum sc_user_option)(option - OPTION), optarg)) {
                sc_say("%s%s: '%s' is no value for it; see --help", index < 0 ? "-o" : "--",
                       index < 0 ? "" : long_options[index].name, optarg);
                return SC_EXIT_REFUSED;
            }
        }
    }
    if (ret_launch->asked.keep_last && ret_launch->asked.max_size < SC_KEEP_LEAST) {
        sc_say("--keep last needs a --max-size of 512K or more; see --help");
        return SC_EXIT_REFUSED;
    }
    if (optind == argc) {
        sc_say("no program is named; see --help");
        return SC_EXIT_REFUSED;
    }
    ret_launch->argv = argv + optind;
    return -1;
}
