#!/usr/bin/env python3
"""What the documents say, for the scripts beside this file.

documents.py commands FILE     the commands that a document shows, one a line: indented blocks of Markdown, in which two blanks end
                             a command and begin what is said of it; .Dl of a man page
documents.py scripts FILE    what the YAML that a document shows runs, a shell script for each block of it, with a NUL behind it
documents.py options HELP PAGE     compares what --help says (a file) with a man page; one line for each difference
"""
import re
import sys

# Indented blocks that are no commands, by what their first line begins with: a screen, sources.
NO_COMMANDS = ("# Rust vs C++ Syscall Comparison", "SC_CALL(", "if (!sc_process.interposing)")


def blocks(text):
    block = []
    for line in re.sub(r"(?ms)^```.*?^```$", "", text).splitlines() + ["x"]:
        if line.startswith("    ") or (block and not line):
            block.append(line[4:])
        elif block:
            yield block
            block = []


def markdown_commands(text):
    for block in blocks(text):
        if block[0].startswith(NO_COMMANDS):
            continue
        for line in re.sub(r"\\\n +", "", "\n".join(block)).splitlines():
            if line and not line.startswith(" "):  # else what the line before says goes on
                yield line.split("  ")[0]


def yaml_scripts(text):
    """The scripts of GitHub's steps (run:) and GitLab's jobs (script:), as far as CI.md writes YAML."""
    for block in re.findall(r"(?ms)^```yaml\n(.*?)^```$", text):
        lines, within = [], None
        for line in block.splitlines():
            indent = len(line) - len(line.lstrip())
            if within is not None and indent > within:
                lines.append(re.sub(r"^- ", "", line.strip()))
                continue
            step = re.match(r" +(?:- )?(run|script):(?: (.*))?$", line)
            within = indent if step and step[2] in (None, "|") else None
            if step and within is None:
                lines.append(step[2])
        yield "\n".join(lines)


def page_commands(text):
    for line in text.splitlines():
        if line.startswith(".Dl "):
            yield line[4:]


def help_options(text):
    """Each option of --help with the set of its values, where these are listed."""
    options = {}
    for line in text.splitlines():
        usage = re.match(r"(?:Usage:)? +syscap-[a-z]+ (.*)", line)
        parts = [usage[1].split("  ")[0]] if usage else re.split(r"  +", line.strip()) if re.match(r" +-", line) else []
        for part in parts:
            if usage or part.startswith("-"):
                names = re.findall(r"(?:^|[ \[])(--?[A-Za-z][A-Za-z-]*)", part)
                values = None if usage else re.search(r" ([a-z]+(?:\|[a-z]+)+)", part)
                options.update((name, set(values[1].split("|")) if values else set()) for name in names)
    return options


def page_options(text):
    options = {}
    for line in text.splitlines():
        if not line.startswith(".It Fl "):
            continue
        names = ["-" + name for name in re.findall(r"\bFl ([^ ]+)", line)]
        values = re.search(r" Cm ([a-z]+(?: \| [a-z]+)+)", line)
        options.update((name, set(values[1].split(" | ")) if values else set()) for name in names)
    return options


def compare(help_text, page_text):
    said, written = help_options(help_text), page_options(page_text)
    if len(said) < 5 or len(written) < 5:
        yield "options are not found: %d and %d" % (len(said), len(written))
    for name in sorted(said.keys() - written.keys()):
        yield name + " is in --help and not in the page"
    for name in sorted(written.keys() - said.keys()):
        yield name + " is in the page and not in --help"
    for name in sorted(said.keys() & written.keys()):
        if said[name] != written[name]:
            yield "%s takes %s in --help, %s in the page" % (name, sorted(said[name]), sorted(written[name]))
    for name in sorted(set(re.findall(r"SYSCAP_[A-Z_]+", help_text)) - set(re.findall(r"SYSCAP_[A-Z_]+", page_text))):
        yield name + " is in --help and not in the page"


def read(name):
    with open(name) as file:
        return file.read()


def main():
    if sys.argv[1] == "scripts":
        for script in yaml_scripts(read(sys.argv[2])):
            sys.stdout.write(script + "\n\0")
    elif sys.argv[1] == "commands":
        name = sys.argv[2]
        for command in (page_commands if name.endswith(".1") else markdown_commands)(read(name)):
            print(command)
    else:
        found = list(compare(read(sys.argv[2]), read(sys.argv[3])))
        print("\n".join(found), end="\n" if found else "")
        sys.exit(bool(found))


main()
