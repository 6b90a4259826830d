# gaosou-index on what goes wrong while a heap is read: files that change, vanish, cannot be opened, are no files, or are huge.
# All is named, the rest is indexed, --prune takes nothing away that could not be read.
set -u
. "$(dirname "$0")/index_lib.inc"

# A file that is written to all the time; the others are read. What it says of that file depends on luck, not the outcome.
mkdir heap
for i in 1 2 3 4 5 6 7 8 9; do printf '净利润%d\n' $i >heap/$i.txt; done
(while [ ! -e stop ]; do echo 增长 >>heap/growing.txt; done) &
writer=$!
(while [ ! -e stop ]; do echo 有 >heap/now.txt && rm -f heap/now.txt; done) &
remover=$!
for round in 1 2 3 4 5; do
    "$index" update ix heap >out 2>&1
    code=$?
    [ $code -le 1 ] || { touch stop; fail "exit $code in round $round"; }
done
touch stop
wait $writer $remover
for i in 1 2 3 4 5 6 7 8 9; do run 0 "$index" dump ix --doc heap/$i.txt; done
run 0 "$index" check ix
find heap -type f -exec touch -d 2024-01-02 {} +
run 0 "$index" update ix heap
run 0 "$index" dump ix --doc heap/growing.txt
rm -f heap/now.txt

# Folders and files that may not be opened (root opens all).
if [ "$(id -u)" != 0 ]; then
    mkdir heap/locked && printf '一\n' >heap/locked/a.txt && printf '二\n' >heap/shut.txt
    run 0 "$index" update ix heap
    chmod 000 heap/locked heap/shut.txt
    run 1 "$index" update --prune --force ix heap
    has 'heap/locked'
    run 0 "$index" dump ix --doc heap/locked/a.txt
    run 0 "$index" dump ix --doc heap/shut.txt
    chmod 755 heap/locked heap/shut.txt
else
    echo "skipped: unreadable folders (root reads them)"
fi

# Loops, links to nothing, FIFOs, devices.
mkdir links
printf '净利润\n' >links/a.txt
ln -s . links/loop
ln -s nowhere links/gone.txt
ln -s me.txt links/me.txt
ln -s /dev/zero links/zero.txt
mkfifo links/pipe.txt
run 1 "$index" add lx links
has 'indexed 1 filing ('
has 'links/loop: folder loop'
has 'links/gone.txt'
has 'links/me.txt'
has 'links/zero.txt: not a regular file'
has 'links/pipe.txt: not a regular file'

# One line of 200 MB, as a text, in a feed and packed; memory is bounded by --memory.
head -c 200000000 /dev/zero | tr '\000' x >line.txt
{ printf '{"id":"long","text":"' && cat line.txt && printf '"}\n{"id":"behind","text":"后"}\n'; } >line.jsonl
gzip -1 -c line.txt >line.txt.gz
run 1 "$index" add --memory 64M hx line.txt line.txt.gz line.jsonl
has 'line.txt: more than 32 MB'
has 'line.txt.gz: more than 32 MB'
has 'line.jsonl:1: the line is too long'
run 0 "$index" dump hx --doc behind
rm line.txt line.jsonl line.txt.gz

# An archive that is broken off: the members before stand, the archive is named once.
mkdir pack
for i in 1 2 3 4; do head -c 30000 /dev/urandom | od -x >pack/$i.txt; done
tar -czf whole.tar.gz pack
head -c 150000 whole.tar.gz >cut.tar.gz
run 1 "$index" add ax cut.tar.gz
has 'cut.tar.gz'
[ "$(grep -c -e 'gaosou-index: skipped' -e 'gaosou-index: damaged' out)" = 1 ] || fail 'more than one message'
run 0 "$index" dump ax --doc 'cut.tar.gz!pack/1.txt'
# The whole one, broken off later: what it had is not gone.
cp whole.tar.gz keep.tar.gz
run 0 "$index" add kx keep.tar.gz
head -c 150000 whole.tar.gz >keep.tar.gz
run 1 "$index" update --prune --force kx keep.tar.gz
run 0 "$index" dump kx --doc 'keep.tar.gz!pack/4.txt'
