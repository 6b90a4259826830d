#!/bin/sh
# Holds the arrows of the architecture: an include may only go down the list below, third-party headers enter through one place
# each, and file names are unique across the tree (each program's main.c aside).
set -u
cd "$(dirname "$0")/.." || exit 2
bad=0

# forbid FOLDER REGEX WHY: no include of REGEX in FOLDER
forbid() {
    hits=$(grep -rnE "^[[:space:]]*#[[:space:]]*include[[:space:]]*[\"<]($2)" "$1" --include='*.c' --include='*.h' 2>/dev/null)
    [ -z "$hits" ] && return
    printf '%s\n    %s\n' "$hits" "$3"
    bad=1
}
forbid common/base '(common/(text|segment|filter)|indexer|query|tests|benchmarks)/' 'common/base knows nothing above it'
forbid common/text '(common/(segment|filter)|indexer|query|tests|benchmarks)/' 'common/text includes common/base only'
forbid common/filter '(common/segment|indexer|query|tests|benchmarks)/' 'common/filter includes common/text and common/base only'
forbid common/segment '(common/filter|indexer|query|tests|benchmarks)/' 'common/segment includes common/text and common/base only'
forbid indexer '(query|tests|benchmarks)/' 'indexer and query never include each other, nor tests'
forbid query '(indexer|tests|benchmarks)/' 'query and indexer never include each other, nor tests'

# only HEADER FILE...: the header is included by these files alone
only() {
    header=$1
    shift
    hits=$(grep -rlE "^[[:space:]]*#[[:space:]]*include[[:space:]]*<$header>" common indexer query 2>/dev/null)
    for file in $hits; do
        ok=0
        for allowed in "$@"; do
            case $file in $allowed) ok=1 ;; esac
        done
        [ $ok -eq 1 ] || {
            echo "$file includes <$header>; only $* may"
            bad=1
        }
    done
}
only 'xxhash.h' 'common/base/checksum.[ch]'
only 'zstd.h' 'common/segment/zstd_block.c' 'indexer/inflate*.c' 'indexer/text_cache.c'
only 'zdict.h' 'common/segment/zstd_block.c'
only 'zlib.h' 'indexer/inflate*.c'
only 'iconv.h' 'indexer/decode.c'
only 'uchardet/uchardet.h' 'indexer/detect.c'
only 'libxml/[A-Za-z0-9]*.h' 'indexer/markup.c'
only 'archive.h' 'indexer/archive.c'
only 'archive_entry.h' 'indexer/archive.c'

# the public header stands by itself
grep -E '^#include' common/gaosou.h | grep -vE '<(stddef|stdint).h>' && {
    echo 'common/gaosou.h includes more than <stddef.h> and <stdint.h>'
    bad=1
}

twice=$(find common indexer query tests benchmarks -name '*.[ch]' | sed 's|.*/||' | grep -vx 'main\.c' | sort | uniq -d)
[ -z "$twice" ] || {
    echo "file names that occur twice: $twice"
    bad=1
}
exit $bad
