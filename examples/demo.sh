#!/bin/sh
# Indexes the sample filings beside this script and shows a few searches.
#   examples/demo.sh GAOSOU_INDEX_PROGRAM GAOSOU_QUERY_PROGRAM SCRATCH_INDEX
set -eu
index_program=$1 query_program=$2 index=$3
here=$(cd "$(dirname "$0")" && pwd)

rm -rf "$index"
echo "\$ gaosou-index add $index examples/filings"
"$index_program" add "$index" "$here/filings"

show() {
    echo
    echo "\$ gaosou-query $index $*"
    "$query_program" "$index" "$@" || [ $? -eq 1 ]
}
show --limit 3 存货跌价准备
show --limit 3 '募集资金|募集資金 产能'
show --limit 2 61059.76
show --limit 2 金融资产控制
