#!/bin/sh
# How well --any ranks, by bench_relevance, and what each part of the ranking is worth (benchmarks/README.md).
#   benchmarks/relevance.sh BUILD_FOLDER [TASK...]
# Needs the corpora (GAOSOU_CORPORA) and zstd. Tasks: drcd cmrc2018, with judgements; and of made questions
# long_title long_part long_drop news_title news_part long_question long_named short_question pages_question news_question
# prospectus_question. JSON lines on standard output; RUNS=FOLDER keeps the runs in TREC's form.
set -eu
build=$1
shift
corpora=${GAOSOU_CORPORA:-../shared/corpora}
[ -d "$corpora/relevance" ] || { echo "relevance.sh: no corpora at $corpora (GAOSOU_CORPORA)" >&2; exit 2; }
[ $# -gt 0 ] || set -- drcd cmrc2018 long_title long_part long_drop news_title news_part \
    long_question long_named short_question pages_question news_question prospectus_question
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

news=$corpora/news/docs.jsonl.zst
whole=$corpora/prospectus/fulldocs.jsonl.zst
pages=$corpora/prospectus/pages.jsonl.zst
short="$corpora/hkex_ipo/docs.jsonl.zst $corpora/fddc_html/docs.jsonl.zst"

index() { # index NAME FILE...: made once
    [ ! -d "$scratch/$1" ] || return 0
    name=$1
    shift
    "$build/gaosou-index" add --quiet "$scratch/$name" "$@" >&2
}

ask() { # ask TASK NUMBER KIND FILE...: questions about the filings
    task=$1 number=$2 kind=$3
    shift 3
    "$build/benchmarks/gen_relevance" --task "$kind" --number "$number" --out "$scratch/$task" "$@"
}

measure() { # measure TASK INDEX QUERIES QRELS
    run=
    [ -z "${RUNS:-}" ] || run="--run $RUNS/$1"
    # shellcheck disable=SC2086
    "$build/benchmarks/bench_relevance" --task "$1" --index "$scratch/$2" --queries "$3" --qrels "$4" $run \
        --rank stop --rank title --rank passages --rank proximity --rank full
}

made() { # made TASK INDEX
    measure "$1" "$2" "$scratch/$1.tsv" "$scratch/$1.qrels"
}

for task; do
    kind=${task##*_}
    case $task in
    drcd | cmrc2018)
        index "$task" "$corpora/relevance/$task/docs.jsonl.zst"
        measure "$task" "$task" "$corpora/relevance/$task/queries.tsv" "$corpora/relevance/$task/qrels.txt"
        continue
        ;;
    pages_question)
        index pages "$pages"
        ask "$task" 1500 question "$pages"
        made "$task" pages
        continue
        ;;
    prospectus_question)
        index whole "$whole"
        ask "$task" 1500 question "$whole"
        made "$task" whole
        continue
        ;;
    long_question | long_named) ask "$task" 1500 "$kind" "$whole" ;;
    short_question) ask "$task" 1500 "$kind" $short ;;
    long_*) ask "$task" 600 "$kind" "$whole" $short ;;
    news_*) ask "$task" 1500 "$kind" "$news" ;;
    *) echo "relevance.sh: no task is called $task" >&2; exit 2 ;;
    esac
    # shellcheck disable=SC2086
    index mixed "$news" "$whole" $short
    made "$task" mixed
done
