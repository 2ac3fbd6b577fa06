/* options_help.c: what --help says. */
#include "options.h"

void sc_options_help(FILE *out)
{
    fputs(
        "Usage: syscap-analyze A [B] [options]        one run, or two compared\n"
        "       syscap-analyze A -c B [options]\n"
        "       syscap-analyze A -o FILE              formatted log of one run into FILE\n"
        "       syscap-analyze --batch DIR            every pair rust_X, cpp_X in DIR\n"
        "       syscap-analyze --repeat A1 A2 ... --vs B1 B2 ...   several runs of each: what differs beyond chance\n"
        "       syscap-analyze --repeat RUN1 RUN2 ... --save-baseline FILE\n"
        "A, B: captures of libsyscap.so, strace logs (for -ff the prefix) or strace -c tables; also packed by gzip,\n"
        "bzip2, xz, zstd or lz4, in pipes, or - for standard input.\n\n"
        "  -c, --compare B             the second run\n"
        "  -o, --output FILE           write the formatted log of one run\n"
        "  --output-dir DIR            where a comparison's files go (syscap_diffs)\n"
        "  --batch DIR                 compare every pair in DIR\n"
        "  --prefixes A_,B_            what the names of a batch's pairs begin with (rust_,cpp_)\n"
        "  --label A,B                 names in the reports; must differ\n"
        "  --format text|json          what is printed (text)\n"
        "  --taxonomy default|seed     which call is of which category (default)\n"
        "  --map FROM=TO               rewrite paths before comparing; may be repeated\n"
        "  --startup include|exclude|auto   calls before main (auto: leave them out where one side can't know them)\n"
        "  --sort time|calls|bytes     what comes first (time where it stands out, then calls)\n"
        "  --top N                     how many of each kind are shown, 0: all (what fits)\n"
        "  --trace SET                 only these calls, as strace has it: read,write or %file or !lseek\n"
        "                              or our categories: %write_ops\n"
        "  --path GLOB                 only calls on such files, by descriptor too; may be repeated\n"
        "  --process P                 only of this pid, number of the table, or program\n"
        "  --thread T                  only of this thread's id, or P0.T1 as the logs have it\n"
        "  --since T                   only calls that begin from then on: seconds from the run's begin, or a share: 50%\n"
        "  --until T                   only calls that begin before then\n"
        "  --failed                    only calls that failed\n"
        "  --succeeded                 only calls that did not\n"
        "  --caller GLOB               only calls from such functions or modules; may be repeated\n",
        out);
    fputs("  --export FORMAT=FILE        the calls for other software; FILE - is standard output; may be repeated\n",
          out);
    for (size_t i = 0; sc_export_row(i); i++)
        fprintf(out, "      %-10s              %s\n", sc_export_row(i)->name, sc_export_row(i)->what);
    fputs("  --summary-only              write no files\n"
          "  --side-by-side              print both runs' calls in two columns instead of the summary\n"
          "  --full-diff                 the unified diff with every call, not with loops folded\n"
          "  --symbols auto|never|always look into the modules' files for the names of call sites (auto: where they "
          "have\n"
          "                              the recorded build-id)\n"
          "  --stacks                    show call stacks, where they were recorded (SYSCAP_STACK=N)\n"
          "  --show-data                 first bytes of buffers in -o FILE, where known\n"
          "  --color auto|always|never   emphasis; NO_COLOR is honoured (auto)\n"
          "  --exit-code                 exit with 1 where the runs differ\n"
          "  --assert EXPR               as 'A.writes.zero <= B.writes.zero' or 'A.total < 500': exit with 1 where it\n"
          "                              fails; may be repeated; operands are keys of the JSON, or integers;\n"
          "                              files, findings, processes, causes by name: A.files[\"t.f0\"].writes <= 5\n"
          "  --threshold ID.KEY=N        from what on something is a finding; may be repeated; --threshold help lists "
          "them\n"
          "  --max-unpacked SIZE         the most that a packed input or a pipe may hold (16G)\n"
          "  --save-baseline FILE        keep the counts of this run, or with --repeat their ranges, for later runs\n"
          "  --baseline FILE             hold the run against them\n"
          "  --limit KEY=SOFT[:HARD]     how far a count may grow: writes.zero=0%, calls=+2%:+10%, calls.fsync=+5; may "
          "be\n"
          "                              repeated (without it: no total may grow)\n"
          "  --accept                    the baseline becomes what this run counted\n"
          "  --report junit|markdown     what --baseline says, for a CI system\n"
          "  --allow-incomplete          let runs that died or were not seen completely pass assertions and baselines\n"
          "  -h, --help  -V, --version\n\n"
          "Exit status: 0 done, 1 as --exit-code and --assert say or a hard limit is passed, 2 unusable arguments or\n"
          "input, 3 a soft limit is passed.\n",
          out);
}
