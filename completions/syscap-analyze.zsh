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
    '--allow-incomplete[let assertions pass on runs that died or were not seen completely]' \
    '(-h --help)'{-h,--help}'[how it is used]' \
    '(-V --version)'{-V,--version}'[its version]' \
    '--repeat[several runs of each\: what differs beyond chance]' \
    '--vs[several runs of each\: what differs beyond chance]' \
    '*:run:_files'
