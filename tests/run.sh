#!/bin/sh
# Runs every test program and script of one build; ends with one line "N passed, N failed".
#   tests/run.sh BUILD_FOLDER [NAME...]     only the named ones where names are given
# A unit program counts by its own tests (cmocka's summary); a script counts as one. Output is shown where something failed
# or was skipped; logs stay in BUILD_FOLDER/logs.
set -u
build=$1
shift
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root" || exit 2
logs=$build/logs
mkdir -p "$logs"
passed=0 failed=0 skipped=0
GAOSOU_CORPORA=${GAOSOU_CORPORA:-$root/../shared/corpora}
GAOSOU_INDEX_BIN=$root/$build/gaosou-index
GAOSOU_QUERY_BIN=$root/$build/gaosou-query
GAOSOU_LIB_DIR=$root/$build/lib
export GAOSOU_CORPORA GAOSOU_INDEX_BIN GAOSOU_QUERY_BIN GAOSOU_LIB_DIR
unset GAOSOU_INDEX
[ -d "$GAOSOU_CORPORA" ] || echo "skipped: tests on real filings (no folder $GAOSOU_CORPORA; set GAOSOU_CORPORA)"

wanted() {
    [ $# -eq 1 ] && return 0
    name=$1
    shift
    for n in "$@"; do
        [ "$n" = "$name" ] && return 0
    done
    return 1
}

count() { # count LOG WORD: the number in cmocka's line "[  WORD  ] N test(s)"
    sed -n "s/.*\[  $2 *\] \([0-9][0-9]*\) test(s).*/\1/p" "$1" | awk '{n += $1} END {print n + 0}'
}

run_program() { # run_program PROGRAM NAME: counts what it says; NAME is shown, and names the log
    log=$logs/$2.log
    TMP=$(mktemp -d)
    export TMP
    started=$(date +%s)
    "$1" >"$log" 2>&1
    code=$?
    took=$(($(date +%s) - started))
    rm -rf "$TMP"
    p=$(count "$log" PASSED) f=$(count "$log" FAILED) s=$(count "$log" SKIPPED)
    [ "$code" -ne 0 ] && [ "$f" -eq 0 ] && f=1
    [ "$code" -eq 0 ] && [ "$p" -eq 0 ] && [ "$s" -eq 0 ] && p=1
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
    if [ "$f" -ne 0 ]; then
        echo "FAIL  $2 ($f failed, exit $code, ${took} s): $log"
        grep -v '^\[       OK' "$log" | tail -n 60
    else
        echo "ok    $2 ($p tests, ${took} s)"
        grep -i '^skipped' "$log"
    fi
}

for program in "$build"/tests/unit/test_* "$build"/tests/fault/test_* "$build"/tests/fuzz/fuzz_*; do
    case $program in *.o | *.d | *'*') continue ;; esac
    name=$(basename "$program")
    [ -e "tests/unit/$name.c" ] || [ -e "tests/fault/$name.c" ] || [ -e "tests/fuzz/$name.c" ] || continue
    wanted "$name" "$@" || continue
    run_program "$program" "$name"
done

# What was shown above with the best instruction set of this processor holds for the portable code too.
for twin in unit/test_cutter unit/test_layout unit/test_structure unit/test_tokens_golden unit/test_oracle_tokens \
    unit/test_oracle_layout fuzz/fuzz_cutter; do
    wanted "$(basename "$twin")" "$@" || continue
    GAOSOU_KERNEL=scalar
    export GAOSOU_KERNEL
    run_program "$build/tests/$twin" "$(basename "$twin")-scalar"
    unset GAOSOU_KERNEL
done

for script in tests/cli/*.sh tests/fault/*.sh; do
    [ -e "$script" ] || continue
    name=$(basename "$script" .sh)
    wanted "$name" "$@" || continue
    log=$logs/$name.log
    TMP=$(mktemp -d)
    export TMP
    if sh "$script" >"$log" 2>&1; then
        passed=$((passed + 1))
        echo "ok    $name"
        grep -i '^skipped' "$log"
    else
        failed=$((failed + 1))
        echo "FAIL  $name: $log"
        tail -n 40 "$log"
    fi
    rm -rf "$TMP"
done

if [ "$skipped" -gt 0 ]; then
    echo "$passed passed, $failed failed, $skipped skipped"
else
    echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
