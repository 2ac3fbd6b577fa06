# bash completion for syscap-record; from --help, by completions/make.py

_syscap_record() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
    # bash takes the sign of --option=value for a word of its own.
    if [ "$cur" = = ]; then
        cur=
    elif [ "$prev" = = ] && [ "$COMP_CWORD" -gt 1 ]; then
        prev=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    COMPREPLY=()
    # Behind the options stand the program and what is its own.
    local at=1
    while [ "$at" -lt "$COMP_CWORD" ]; do
        case ${COMP_WORDS[at]} in
        --) at=$((at + 1)) && break ;;
        -o|--output|--mode|--children|--stack|--max-size|--keep|--env|--static|--trace|--path)
            [ "${COMP_WORDS[at + 1]}" = = ] && at=$((at + 1))
            at=$((at + 2))
            ;;
        -*) at=$((at + 1)) ;;
        *) break ;;
        esac
    done
    if [ "$at" -lt "$COMP_CWORD" ] || { [ "$at" -eq "$COMP_CWORD" ] && { [[ $cur != -* ]] || [ "$prev" = -- ]; }; }; then
        if declare -F _command_offset >/dev/null; then
            _command_offset "$at"
        elif [ "$at" -eq "$COMP_CWORD" ]; then
            mapfile -t COMPREPLY < <(compgen -c -- "$cur")
        else
            compopt -o filenames 2>/dev/null
            mapfile -t COMPREPLY < <(compgen -f -- "$cur")
        fi
        return
    fi
    case $prev in
    -o|--output)
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$cur")
        return
        ;;
    --mode)
        mapfile -t COMPREPLY < <(compgen -W 'auto interpose full' -- "$cur")
        return
        ;;
    --children)
        mapfile -t COMPREPLY < <(compgen -W 'follow ignore' -- "$cur")
        return
        ;;
    --stack|--max-size|--trace|--path)
        return
        ;;
    --keep)
        mapfile -t COMPREPLY < <(compgen -W 'first last' -- "$cur")
        return
        ;;
    --env)
        mapfile -t COMPREPLY < <(compgen -W 'hash names values none' -- "$cur")
        return
        ;;
    --static)
        mapfile -t COMPREPLY < <(compgen -W 'follow leave' -- "$cur")
        return
        ;;
    esac
    mapfile -t COMPREPLY < <(compgen -W '-o --output --mode --children --stack --max-size --keep --env --static --trace --path -q --quiet -h --help -V --version' -- "$cur")
}
complete -F _syscap_record syscap-record
