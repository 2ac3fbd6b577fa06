# bash completion for syscap-analyze; from --help, by completions/make.py

_syscap_analyze() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
    # bash takes the sign of --option=value for a word of its own.
    if [ "$cur" = = ]; then
        cur=
    elif [ "$prev" = = ] && [ "$COMP_CWORD" -gt 1 ]; then
        prev=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    COMPREPLY=()
    case $prev in
    -c|--compare|-o|--output|--html|--save-baseline|--baseline)
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$cur")
        return
        ;;
    --output-dir|--batch)
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -d -- "$cur")
        return
        ;;
    --prefixes|--label|--map|--top|--trace|--path|--process|--thread|--since|--until|--caller|--export|--assert|--threshold|--max-unpacked|--limit)
        return
        ;;
    --format)
        mapfile -t COMPREPLY < <(compgen -W 'text json' -- "$cur")
        return
        ;;
    --taxonomy)
        mapfile -t COMPREPLY < <(compgen -W 'default seed' -- "$cur")
        return
        ;;
    --startup)
        mapfile -t COMPREPLY < <(compgen -W 'include exclude auto' -- "$cur")
        return
        ;;
    --sort)
        mapfile -t COMPREPLY < <(compgen -W 'time calls bytes' -- "$cur")
        return
        ;;
    --symbols)
        mapfile -t COMPREPLY < <(compgen -W 'auto never always' -- "$cur")
        return
        ;;
    --color)
        mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$cur")
        return
        ;;
    --report)
        mapfile -t COMPREPLY < <(compgen -W 'junit markdown' -- "$cur")
        return
        ;;
    esac
    if [[ $cur == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W '-c --compare -o --output --output-dir --batch --prefixes --label --format --taxonomy --map --startup --sort --top --trace --path --process --thread --since --until --failed --succeeded --caller --calls --over-time --tree --ascii --export --html --summary-only --side-by-side --full-diff --symbols --stacks --show-data --color --exit-code --assert --threshold --max-unpacked --save-baseline --baseline --limit --accept --report --allow-incomplete -h --help -V --version --repeat --vs' -- "$cur")
    else
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$cur")
    fi
}
complete -F _syscap_analyze syscap-analyze
