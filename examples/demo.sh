#!/bin/sh
# Indexes the sample filings beside this script and shows a few searches.
#   examples/demo.sh GAOSOU_INDEX_PROGRAM GAOSOU_QUERY_PROGRAM SCRATCH_INDEX
set -eu
index_program=$1 query_program=$2 index=$3
here=$(cd "$(dirname "$0")" && pwd)

rm -rf "$index"
echo "\$ gaosou-index add $index examples/filings"
"$index_program" add "$index" "$here/filings"

show() { # options and query; printed as one would type them
    line="\$ gaosou-query $index"
    for argument in "$@"; do
        case $argument in
        *[\|\ \(\"]*) line="$line '$argument'" ;;
        *) line="$line $argument" ;;
        esac
    done
    printf '\n%s\n' "$line"
    "$query_program" "$index" "$@" || [ $? -eq 1 ]
}
show --limit 3 存货跌价准备
show --limit 3 '(募集资金|产能) 研发'
show --limit 2 61059.76
show --limit 2 金融资产控制
