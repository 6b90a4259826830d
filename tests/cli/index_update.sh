# gaosou-index update: what is read, replaced and left alone; what is gone and what only looks so; work that goes on.
set -u
. "$(dirname "$0")/index_lib.inc"

old() { # old FILE...: last changed well before now, so that its time tells
    touch -d '2024-03-05 08:00:00' "$@"
}

number() { # number WORD: behind this word in the summary; 0 where it is missing
    sed -n "s/^ *$1[: ]*\([0-9]*\).*/\1/p" out | head -n 1 | grep . || echo 0
}

counts() { # counts REPLACED UNCHANGED REMOVED
    found="$(number replaced) $(number unchanged) $(number removed)"
    [ "$found" = "$*" ] || fail "replaced, unchanged, removed $found, wanted $*"
}

ids() { # the ids of the index, sorted, on one line
    "$index" dump "${1:-ix}" | awk -F'\t' '/^@[0-9]/ {print $2}' | LC_ALL=C sort | tr '\n' ' '
}

text_is() { # text_is ID TEXT
    "$index" dump --doc "$1" ix | tail -n 1 | grep -q -F -x -e "$2" || fail "$1 is not $2"
}

mkdir -p r/a r/b
for i in 0 1 2 3; do
    printf '公告甲%d' $i >r/a/$i.txt
    printf '公告乙%d' $i >r/b/$i.txt
done
old r/*/*.txt
run 0 "$index" update ix r
counts 0 0 0

# Nothing has changed: nothing is read, and no commit is made.
run 0 "$index" update ix r
counts 0 8 0
[ "$("$index" stats ix | sed -n 's/^commit	//p')" = 1 ] || fail 'a commit without a change'

# New, changed, the same size with another text, and merely touched.
printf '公告丙' >r/a/new.txt
printf '公告甲0改' >r/a/0.txt
printf '公告丁1' >r/a/1.txt
touch -d '2024-03-06 08:00:00' r/a/*.txt
run 0 "$index" update ix r
counts 2 6 0
text_is r/a/0.txt 公告甲0改
text_is r/a/1.txt 公告丁1
# Touched files have been read once; the next update knows.
[ -s ix/touched ] || fail 'touched files are not noted'
run 0 "$index" update ix r
counts 0 9 0

# A file that was written just now may change again within its time stamp: it is compared.
printf '公告戊' >r/a/now.txt
run 0 "$index" update ix r
touch -r r/a/now.txt stamp
printf '公告己' >r/a/now.txt
touch -r stamp r/a/now.txt
run 0 "$index" update ix r
text_is r/a/now.txt 公告己

# What is gone stays unless it is asked for; above a tenth it takes --force.
rm r/a/now.txt
before=$(ids)
run 0 "$index" update ix r
[ "$(ids)" = "$before" ] || fail 'dropped without --prune'
run 0 "$index" update --prune ix r
counts 0 9 1
[ "$(ids)" = "r/a/0.txt r/a/1.txt r/a/2.txt r/a/3.txt r/a/new.txt r/b/0.txt r/b/1.txt r/b/2.txt r/b/3.txt " ] || fail "$(ids)"
rm r/b/0.txt r/b/1.txt
before=$(ids)
run 1 "$index" update --prune ix r
[ "$(ids)" = "$before" ] || fail 'more than a tenth dropped without --force'
run 0 "$index" update --prune --force ix r
counts 0 7 2

# Below the paths given only; an empty one drops nothing.
mkdir -p r/c
before=$(ids)
mv r/b kept
mkdir r/b
run 2 "$index" update --prune --force --id-prefix r/b ix r/b
[ "$(ids)" = "$before" ] || fail 'an empty folder emptied the index'
run 2 "$index" update --prune --force ix no-such-folder
[ "$(ids)" = "$before" ] || fail 'a missing folder emptied the index'
rmdir r/b
mv kept r/b
rm r/a/new.txt
run 0 "$index" update --prune --force --id-prefix r/b ix r/b
[ "$(ids)" = "$before" ] || fail 'dropped outside of its root'

# A prefix may end in slashes.
cp -r r s
rm s/a/0.txt
run 0 "$index" add -q --id-prefix s/ ixs r
run 0 "$index" update -v --prune --force --id-prefix s// ixs s
has_line '^gaosou-index: removed: s/a/0.txt$'
[ "$(grep -c 'removed:' out)" = 1 ] || fail 'another was removed'
rm -r s

# What cannot be read is not gone. (A folder that root cannot open is hard to make: a loop will do.)
mkdir -p r/d
printf '公告' >r/d/x.txt
old r/d/x.txt
run 0 "$index" update ix r
rm -r r/d
ln -s d r/d
run 1 "$index" update --prune --force ix r
case $(ids) in
*r/d/x.txt*) ;;
*) fail 'dropped below what could not be read' ;;
esac
rm r/d
run 0 "$index" update --prune --force ix r
case $(ids) in
*r/d/x.txt*) fail 'not dropped' ;;
esac

# Feeds: a line that is gone, changed, or has moved.
rm -rf ix
printf '{"id":"n1","text":"一"}\n{"id":"n2","text":"二"}\n{"text":"三"}\n' >feed.jsonl
run 0 "$index" update ix feed.jsonl
counts 0 0 0
run 0 "$index" update ix feed.jsonl
counts 0 3 0
printf '{"id":"n2","text":"二改"}\n{"id":"n1","text":"一"}\n' >feed.jsonl
run 0 "$index" update --prune --force ix feed.jsonl
counts 1 1 1
[ "$(ids)" = "n1 n2 " ] || fail "$(ids)"
text_is n2 二改
# A line that cannot be read keeps what the index has of the feed.
printf '{"id":"n2","text":"二改"}\n{"id":"n1","text":\n' >feed.jsonl
run 1 "$index" update --prune --force ix feed.jsonl
[ "$(ids)" = "n1 n2 " ] || fail "$(ids)"

# Archives: a member that is the same is left alone, one that is gone is gone, and a damaged archive hides what it has.
rm -rf ix z
mkdir -p z/in
for i in 0 1 2 3; do printf '成员%d' $i >z/in/$i.txt; done
old z/in/*.txt
mkdir h
(cd z && tar cf ../h/z.tar in)
printf '别的' >h/other.txt
old h/z.tar h/other.txt
run 0 "$index" update ix h
[ "$(ids)" = "h/other.txt h/z.tar!in/0.txt h/z.tar!in/1.txt h/z.tar!in/2.txt h/z.tar!in/3.txt " ] || fail "$(ids)"
run 0 "$index" update ix h
counts 0 5 0
printf '成员改' >z/in/1.txt
rm z/in/3.txt
(cd z && tar cf ../h/z.tar in)
run 0 "$index" update --prune --force ix h
counts 1 3 1
text_is 'h/z.tar!in/1.txt' 成员改
before=$(ids)
head -c 1100 h/z.tar >cut.tar
mv cut.tar h/z.tar
run 1 "$index" update --prune --force ix h
[ "$(ids)" = "$before" ] || fail 'dropped from a damaged archive'
rm h/z.tar
run 0 "$index" update --prune --force ix h
[ "$(ids)" = "h/other.txt " ] || fail "$(ids)"

# The same text under two ids is counted, and named with --verbose.
cp h/other.txt h/again.txt
run 0 "$index" update --verbose ix h
has 'h/again.txt has the same text as h/other.txt'
has 'also there under another id'

# A heap that was moved: its path is a field, and is looked at where the file is read.
mkdir -p before/h
printf '净利润增长\n' >before/h/a.txt
touch -d '2024-01-02 03:04:05' before/h/a.txt
run 0 "$index" add moved before/h
mv before after
run 0 "$index" update moved after/h
has_line '^unchanged  *1'
run 0 "$index" dump moved --doc h/a.txt
has 'before/h/a.txt'
touch -d '2024-02-03 04:05:06' after/h/a.txt
run 0 "$index" update moved after/h
has_line '^  replaced  *1'
run 0 "$index" dump moved --doc h/a.txt
has 'after/h/a.txt'
run 0 "$index" delete --dry-run moved --where 'source:h/a.txt'
has_line '^h/a.txt$'
