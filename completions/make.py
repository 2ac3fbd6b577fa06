#!/usr/bin/env python3
"""Writes what bash, zsh and fish complete for one program, from what its --help says.

make.py bash|zsh|fish PROGRAM HELP     HELP: a file with the output of PROGRAM --help
"""
import re
import sys


def read_options(text):
    """(short or "", long, value or "", description) of each option; those of the usage alone come last."""
    options = []
    for line in text.splitlines():
        if re.match(r"  +-", line):
            parts = re.split(r"  +", line.strip())
            if len(parts) == 1:  # a long one has but one blank before what is said of it
                parts = re.match(r"(-[^ ]+(?:, --[^ ]+)? [^ ]*) (.*)", parts[0]).groups()
            elif all(part.startswith("-") for part in parts):  # "-h, --help  -V, --version"
                parts = [field for part in parts for field in (part, "")]
            for form, said in zip(parts[::2], parts[1::2]):
                match = re.match(r"(?:(-[A-Za-z]), )?(--[a-z-]+)(?: (.*))?$", form)
                options.append((match[1] or "", match[2], match[3] or "", said))
        elif options and re.match(r" {20,}[^ ]", line) and options[-1][3]:
            options[-1] = options[-1][:3] + (options[-1][3] + " " + line.strip(),)
    known = {option[1] for option in options}
    for line in text.splitlines():
        usage = re.match(r"(?:Usage:)? +syscap-[a-z]+ (.*?)   +(.*)", line)
        for name in re.findall(r"--[a-z][a-z-]*", usage[1]) if usage else []:
            if name not in known:
                options.append(("", name, "", usage[2]))
                known.add(name)
    if len(options) < 5:
        sys.exit("make.py: no options are found")
    names = {"--help": "how it is used", "--version": "its version"}
    return [option[:3] + (names.get(option[1], option[3]),) for option in options]


def kind(value):
    if re.fullmatch(r"[a-z]+(\|[a-z]+)+", value):
        return value.split("|")
    return {"FILE": "files", "B": "files", "DIR": "folders"}.get(value, "none")


def brief(said):
    return said.split(";")[0]


def takers(options):
    return [name for option in options if option[2] for name in option[:2] if name]


def bash(program, options):
    function = "_" + program.replace("-", "_")
    print("# bash completion for %s; from --help, by completions/make.py\n" % program)
    print("%s() {" % function)
    print("    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}")
    print("    # bash takes the sign of --option=value for a word of its own.")
    print('    if [ "$cur" = = ]; then')
    print("        cur=")
    print('    elif [ "$prev" = = ] && [ "$COMP_CWORD" -gt 1 ]; then')
    print("        prev=${COMP_WORDS[COMP_CWORD - 2]}")
    print("    fi")
    print("    COMPREPLY=()")
    if program == "syscap-record":
        print("    # Behind the options stand the program and what is its own.")
        print("    local at=1")
        print('    while [ "$at" -lt "$COMP_CWORD" ]; do')
        print('        case ${COMP_WORDS[at]} in')
        print("        --) at=$((at + 1)) && break ;;")
        print("        %s)" % "|".join(takers(options)))
        print('            [ "${COMP_WORDS[at + 1]}" = = ] && at=$((at + 1))')
        print("            at=$((at + 2))")
        print("            ;;")
        print("        -*) at=$((at + 1)) ;;")
        print("        *) break ;;")
        print("        esac")
        print("    done")
        print('    if [ "$at" -lt "$COMP_CWORD" ] || { [ "$at" -eq "$COMP_CWORD" ] && { [[ $cur != -* ]] || [ "$prev" = -- ]; }; }; then')
        print('        if declare -F _command_offset >/dev/null; then')
        print('            _command_offset "$at"')
        print('        elif [ "$at" -eq "$COMP_CWORD" ]; then')
        print('            mapfile -t COMPREPLY < <(compgen -c -- "$cur")')
        print("        else")
        print("            compopt -o filenames 2>/dev/null")
        print('            mapfile -t COMPREPLY < <(compgen -f -- "$cur")')
        print("        fi")
        print("        return")
        print("    fi")
    print('    case $prev in')
    groups = {}
    for short, long, value, _ in options:
        if value:
            what = kind(value)
            groups.setdefault(" ".join(what) if isinstance(what, list) else "<" + what, []).extend(filter(None, (short, long)))
    actions = {"<files": "-f", "<folders": "-d"}
    for what, names in groups.items():
        print("    %s)" % "|".join(names))
        if what in actions:
            print("        compopt -o filenames 2>/dev/null")
            print('        mapfile -t COMPREPLY < <(compgen %s -- "$cur")' % actions[what])
        elif what != "<none":
            print("        mapfile -t COMPREPLY < <(compgen -W '%s' -- \"$cur\")" % what)
        print("        return")
        print("        ;;")
    print("    esac")
    every = " ".join(name for option in options for name in option[:2] if name)
    if program == "syscap-record":
        print("    mapfile -t COMPREPLY < <(compgen -W '%s' -- \"$cur\")" % every)
    else:
        print("    if [[ $cur == -* ]]; then")
        print("        mapfile -t COMPREPLY < <(compgen -W '%s' -- \"$cur\")" % every)
        print("    else")
        print("        compopt -o filenames 2>/dev/null")
        print('        mapfile -t COMPREPLY < <(compgen -f -- "$cur")')
        print("    fi")
    print("}")
    print("complete -F %s %s" % (function, program))


def quoted(text):
    return text.replace("'", "'\\''")


def zsh(program, options):
    print("#compdef %s" % program)
    print("# from --help, by completions/make.py\n")
    print("_arguments -s -S \\")
    for short, long, value, said in options:
        said = re.sub(r"([\[\]:])", r"\\\1", said)
        what = kind(value)
        action = "(%s)" % " ".join(what) if isinstance(what, list) else {"files": "_files", "folders": "_files -/", "none": " "}[what]
        name = re.sub(r"([\[\]:])", r"\\\1", "value" if isinstance(what, list) else value)
        tail = ":%s:%s" % (name, action) if value else ""
        repeated = "may be repeated" in said
        said = brief(said)
        if short:
            print("    '(%s %s)'{%s,%s%s}'[%s]%s' \\" % (short, long, short, long, "=" if value else "", quoted(said), quoted(tail)))
        else:
            print("    '%s%s%s[%s]%s' \\" % ("*" if repeated else "", long, "=" if value else "", quoted(said), quoted(tail)))
    if program == "syscap-record":
        print("    '(-)1:program:_command_names -e' \\")
        print("    '*::argument:_normal'")
    else:
        print("    '*:run:_files'")


def fish(program, options):
    print("# fish completion for %s; from --help, by completions/make.py" % program)
    if program == "syscap-record":
        print("complete -c %s -x -a '(__fish_complete_subcommand -- %s)'" % (program, " ".join(takers(options))))
    for short, long, value, said in options:
        what = kind(value)
        line = "complete -c %s%s -l %s" % (program, " -s " + short[1:] if short else "", long[2:])
        if isinstance(what, list):
            line += " -x -a '%s'" % " ".join(what)
        elif value:
            line += {"files": " -r -F", "folders": " -x -a '(__fish_complete_directories)'", "none": " -x"}[what]
        print("%s -d '%s'" % (line, brief(said).replace("\\", "\\\\").replace("'", "\\'")))


if __name__ == "__main__":
    shells = {"bash": bash, "zsh": zsh, "fish": fish}
    if len(sys.argv) != 4 or sys.argv[1] not in shells:
        sys.exit(__doc__)
    with open(sys.argv[3], encoding="utf-8") as file:
        shells[sys.argv[1]](sys.argv[2], read_options(file.read()))
