#compdef syscap-analyze
# from --help, by completions/make.py

_arguments -s -S \
    '(-c --compare)'{-c,--compare=}'[the second run]:B:_files' \
    '(-o --output)'{-o,--output=}'[write the formatted log of one run]:FILE:_files' \
    '--output-dir=[where a comparison'\''s files go (syscap_diffs)]:DIR:_files -/' \
    '--batch=[compare every pair in DIR]:DIR:_files -/' \
    '--prefixes=[what the names of a batch'\''s pairs begin with (rust_,cpp_)]:A_,B_: ' \
    '--label=[names in the reports]:A,B: ' \
    '--format=[what is printed (text)]:value:(text json)' \
    '--taxonomy=[which call is of which category (default)]:value:(default seed)' \
    '*--map=[rewrite paths before comparing]:FROM=TO: ' \
    '--startup=[calls before main (auto\: leave them out where one side can'\''t know them)]:value:(include exclude auto)' \
    '--sort=[what comes first (time where it stands out, then calls)]:value:(time calls bytes)' \
    '--top=[how many of each kind are shown, 0\: all (what fits)]:N: ' \
    '--trace=[only these calls, as strace has it\: read,write or %file or !lseek or our categories\: %write_ops]:SET: ' \
    '*--path=[only calls on such files, by descriptor too]:GLOB: ' \
    '--process=[only of this pid, number of the table, or program]:P: ' \
    '--thread=[only of this thread'\''s id, or P0.T1 as the logs have it]:T: ' \
    '--since=[only calls that begin from then on\: seconds from the run'\''s begin, or a share\: 50%]:T: ' \
    '--until=[only calls that begin before then]:T: ' \
    '--failed[only calls that failed]' \
    '--succeeded[only calls that did not]' \
    '*--caller=[only calls from such functions or modules]:GLOB: ' \
    '--calls[the calls in their order, as strace -f -tt -T prints them]' \
    '--over-time[what was done in each interval of the time]' \
    '--tree[the processes below those that made them]' \
    '--ascii[no lines and bars of other characters on a terminal]' \
    '*--export=[the calls for other software]:FORMAT=FILE: ' \
    '--html=[one page for a browser, with pictures]:FILE:_files' \
    '--summary-only[write no files]' \
    '--side-by-side[print both runs'\'' calls in two columns instead of the summary]' \
    '--full-diff[the unified diff with every call, not with loops folded]' \
    '--symbols=[look into the modules'\'' files for the names of call sites (auto\: where they have the recorded build-id)]:value:(auto never always)' \
    '--stacks[show call stacks, where they were recorded (SYSCAP_STACK=N)]' \
    '--show-data[first bytes of buffers in -o FILE, where known]' \
    '--color=[emphasis]:value:(auto always never)' \
    '--exit-code[exit with 1 where the runs differ]' \
    '*--assert=[as '\''A.writes.zero <= B.writes.zero'\'' or '\''A.total < 500'\''\: exit with 1 where it fails]:EXPR: ' \
    '*--threshold=[from what on something is a finding]:ID.KEY=N: ' \
    '--max-unpacked=[the most that a packed input or a pipe may hold (16G)]:SIZE: ' \
    '--save-baseline=[keep the counts of this run, or with --repeat their ranges, for later runs]:FILE:_files' \
    '--baseline=[hold the run against them]:FILE:_files' \
    '*--limit=[how far a count may grow\: writes.zero=0%, calls=+2%\:+10%, calls.fsync=+5]:KEY=SOFT\[\:HARD\]: ' \
    '--accept[the baseline becomes what this run counted]' \
    '--report=[what --baseline says, for a CI system]:value:(junit markdown)' \
    '--allow-incomplete[let runs that died or were not seen completely pass assertions and baselines]' \
    '(-h --help)'{-h,--help}'[how it is used]' \
    '(-V --version)'{-V,--version}'[its version]' \
    '--repeat[several runs of each\: what differs beyond chance]' \
    '--vs[several runs of each\: what differs beyond chance]' \
    '*:run:_files'
