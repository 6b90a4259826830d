# bash completion of gaosou-index and gaosou-query

# Replies with what of "$1" (words) begins with the word at the cursor; a trailing = takes no space.
_gaosou_words() {
    local cur=$2
    mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur")
}

_gaosou_files() {
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$1")
}

_gaosou_query() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
    COMPREPLY=()
    case $prev in
    --sort) _gaosou_words 'score newest oldest code length' "$cur"; return ;;
    --ties) _gaosou_words 'closest sequence' "$cur"; return ;;
    --within) _gaosou_words 'sentence paragraph' "$cur"; return ;;
    --facet) _gaosou_words 'code name company type exchange board year' "$cur"; return ;;
    --facet-limit | --limit | --fragments) _gaosou_words 'all' "$cur"; return ;;
    --rank) _gaosou_words 'plain full title proximity stop passages' "$cur"; return ;;
    --rows) _gaosou_words 'filings hits' "$cur"; return ;;
    --spans) _gaosou_words 'bytes utf16' "$cur"; return ;;
    --color | --colour) _gaosou_words 'auto always never' "$cur"; return ;;
    --pager) _gaosou_words 'auto never' "$cur"; return ;;
    --synonyms | --matrix) _gaosou_files "$cur"; return ;;
    -e | -F | --b | --k1 | --context | --cursor | --fields | --filter | --min-match | --offset | --show | \
        --threads | --timeout | --why-not) return ;;
    esac
    if [[ $cur == -* ]]; then
        _gaosou_words '-F -c -e -h -l -q --any --b --batch --collapse --color --colour --context --count --csv
            --cursor --explain --facet --facet-limit --fields --filter --fragments --help --json --jsonl --k1
            --limit --matrix --min-match --no-snippets --offset --pager --quiet --rank --rows --show --sort
            --spans --synonyms --threads --ties --timeout --together --tsv --unknown --version --why-not
            --within' "$cur"
    else
        _gaosou_files "$cur"
    fi
}

_gaosou_index() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} word command=
    COMPREPLY=()
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case $word in
        add | update | delete | merge | check | stats | dump | tokens) command=$word; break ;;
        esac
    done
    case $prev in
    --encoding) _gaosou_words 'utf-8 gb18030 big5-hkscs utf-16le utf-16be' "$cur"; return ;;
    --kernel) _gaosou_words 'scalar avx512' "$cur"; return ;;
    --meta | --cache | --report) _gaosou_files "$cur"; return ;;
    --threads | --memory | --id-prefix | --name-pattern | --checkpoint | --where | --doc | --filterable) return ;;
    esac
    if [[ -z $command ]]; then
        _gaosou_words 'add update delete merge check stats dump tokens --help --version' "$cur"
    elif [[ $cur == -* ]]; then
        local all='--help --quiet --verbose --version -q -v'
        local building='--cache --checkpoint --encoding --filterable --id-prefix --kernel --memory --meta
            --name-pattern --no-merge --no-text --report --threads'
        case $command in
        add) _gaosou_words "$all $building" "$cur" ;;
        update) _gaosou_words "$all $building --force --prune" "$cur" ;;
        delete) _gaosou_words "$all --dry-run --force --no-merge --where" "$cur" ;;
        stats) _gaosou_words "$all --json" "$cur" ;;
        dump) _gaosou_words "$all --doc" "$cur" ;;
        tokens) _gaosou_words "$all --encoding --kernel" "$cur" ;;
        *) _gaosou_words "$all" "$cur" ;;
        esac
    else
        _gaosou_files "$cur"
    fi
}

complete -F _gaosou_query gaosou-query
complete -F _gaosou_index gaosou-index
