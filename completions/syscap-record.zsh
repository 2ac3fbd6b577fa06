#compdef syscap-record
# from --help, by completions/make.py

_arguments -s -S \
    '(-o --output)'{-o,--output=}'[the capture (syscap.%n.%p.bin)]:FILE:_files' \
    '--mode=[which calls are seen (auto)]:value:(auto interpose full)' \
    '--children=[whether children are recorded too (follow)]:value:(follow ignore)' \
    '--stack=[frames to keep per call, 0 to 64 (0\: the caller'\''s address only)]:N: ' \
    '--max-size=[end the capture at so many bytes (K, M, G)]:SIZE: ' \
    '--keep=[which calls stay where --max-size is too small for all (first)]:value:(first last)' \
    '--env=[what is kept of the environment'\''s values (hash)]:value:(hash names values none)' \
    '--static=[whether statically linked programs are recorded (follow)]:value:(follow leave)' \
    '--trace=[record these calls only, as strace -e trace= names them (all)]:SET: ' \
    '--path=[record calls on files of such a name only (all)]:PATTERN\[\:PATTERN\]: ' \
    '(-q --quiet)'{-q,--quiet}'[do not say on a terminal what was made]' \
    '(-h --help)'{-h,--help}'[how it is used]' \
    '(-V --version)'{-V,--version}'[its version]' \
    '(-)1:program:_command_names -e' \
    '*::argument:_normal'
