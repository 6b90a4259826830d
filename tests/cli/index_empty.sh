# Inputs that have nothing in them are named, whatever they are called.
set -u
. "$(dirname "$0")/index_lib.inc"

zip_end() { # zip_end COUNT: the end of a zip whose directory is missing
    printf 'PK\005\006\0\0\0\0'
    printf "\\00$1\\0\\00$1\\0"
    printf '\056\0\0\0\0\0\0\0\0\0'
}

mkdir -p in pack/folder pack/hidden
zip_end 6 >in/gone.zip
zip_end 0 >in/none.zip
head -c 20480 /dev/zero >in/zeros.tar
head -c 20480 /dev/zero | gzip -n >in/zeros.tar.gz
tar -cf in/folders.tar -C pack folder
: >pack/hidden/.x
tar -cf in/hidden.tar -C pack hidden
cp in/none.zip in/zeros.tar pack
tar -cf in/nested.tar -C pack none.zip zeros.tar
: >in/e.jsonl
printf '\n  \r\n\n' >in/blank.jsonl
cp in/blank.jsonl pack
tar -cf in/lines.tar -C pack blank.jsonl
: | gzip -n >in/packed.jsonl.gz
printf '净利润\n' >in/a.txt
run 1 "$index" add --report r.jsonl ix in
has 'indexed 1 filing '
has 'damaged: in/gone.zip: the directory lists 6 members, but only 0 are there'
for name in none.zip zeros.tar zeros.tar.gz folders.tar hidden.tar nested.tar!none.zip nested.tar!zeros.tar e.jsonl \
    blank.jsonl lines.tar!blank.jsonl packed.jsonl.gz; do
    has "skipped: in/$name: empty"
    grep -F "\"path\":\"in/$name\"" r.jsonl | grep -q '"outcome":"skipped","reason":"empty"' || fail "no line for $name"
done
[ "$(wc -l <r.jsonl)" = 13 ] || fail 'the report has other lines'
