# Every option that exists stands in the help (both languages), in the man page and in the completions of bash, zsh and fish,
# and those name no other.
. "$(dirname "$0")/index_lib.inc"
root=$here/../..
bad=0

miss() {
    echo "FAILED: $*"
    bad=1
}

# options_of PROGRAM: a long or short option a line, as its table has them.
options_of() {
    case $1 in
    query) sed -n 's/^ *[A-Z]*("\(-[^"]*\)".*/\1/p' "$root/query/option_table.c" ;;
    index)
        grep -hoE '\{\{"[a-z0-9-]+"' "$root"/indexer/index_options.c | tr -d '{"' | sed 's/^/--/'
        printf -- '-q\n-v\n'
        ;;
    esac | sort -u
}

# A long option as the page has it: `Fl -name`; a short one: `Fl n`.
in_man() {
    grep -qE -e "Fl (-?[A-Za-z0-9-]+ , |[A-Za-z] \| )*$(printf '%s' "$1" | sed 's/^-//')( |\$)" "$root/docs/man/gaosou-$2.1"
}

in_text() { # in_text OPTION FILE
    grep -qE -e "(^|[^A-Za-z0-9-])$1([^A-Za-z0-9-]|\$)" "$2"
}

in_fish() {
    case $1 in
    --*) grep -qE -e "gaosou-$2 .*-l ${1#--}( |\$)" "$root/docs/completions/gaosou.fish" ;;
    *) grep -qE -e "gaosou-$2 .*-s ${1#-}( |\$)" "$root/docs/completions/gaosou.fish" ;;
    esac
}

# The part of a completion file that is a program's.
part_of() { # part_of PROGRAM FILE
    sed -n "/^_gaosou_$1()/,/^}/p" "$2"
}

check() { # check PROGRAM HELP...
    options_of "$1" >options
    [ "$(wc -l <options)" -gt 15 ] || fail "the table of options of gaosou-$1 is not where it was"
    part_of "$1" "$root/docs/completions/gaosou.bash" >bash
    part_of "$1" "$root/docs/completions/_gaosou" >zsh
    while read -r option; do
        in_text "$option" help || miss "gaosou-$1 --help lacks $option"
        in_text "$option" help.zh || miss "gaosou-$1 --help in Chinese lacks $option"
        in_man "$option" "$1" || miss "gaosou-$1(1) lacks $option"
        in_text "$option" bash || miss "bash completion of gaosou-$1 lacks $option"
        in_text "$option" zsh || { [ "$1" = index ] && case $option in -?) grep -q "{$option," zsh ;; *) false ;; esac; } ||
            miss "zsh completion of gaosou-$1 lacks $option"
        in_fish "$option" "$1" || miss "fish completion of gaosou-$1 lacks $option"
    done <options
    for file in bash zsh help help.zh; do
        grep -oE -e '(^|[^A-Za-z0-9-])--[a-z][a-z0-9-]+' "$file" | grep -oE -e '--[a-z0-9-]+' | sort -u | while read -r option; do
            grep -q -x -e "$option" options || echo "$option"
        done >unknown
        [ -s unknown ] && miss "$file of gaosou-$1 names what there is not: $(tr '\n' ' ' <unknown)"
    done
}

unset LANG LC_ALL LC_MESSAGES
"$GAOSOU_QUERY_BIN" --help >help && LC_ALL=zh_CN.UTF-8 "$GAOSOU_QUERY_BIN" --help >help.zh || fail 'gaosou-query --help'
check query
for command in '' add update delete merge check stats dump tokens; do
    "$index" $command --help && LC_ALL=zh_CN.UTF-8 "$index" $command --help >>help.zh.new
done >help.new || fail 'gaosou-index --help'
mv help.new help && mv help.zh.new help.zh
check index
if command -v bash >/dev/null 2>&1; then
    bash -n "$root/docs/completions/gaosou.bash" || miss 'gaosou.bash is no script'
fi
for page in gaosou-index.1 gaosou-query.1 gaosou-query.7 gaosou-index.5; do
    [ -s "$root/docs/man/$page" ] || miss "$page is missing"
done
[ $bad = 0 ]
