# gaosou-index on a heap of many formats: each is read as what it is, in the same order for any number of threads; what is not
# read is named; update leaves alone what is the same; --meta, --name-pattern and --cache.
set -u
. "$(dirname "$0")/index_lib.inc"

unpack() { # unpack FILE: base64 on standard input
    base64 -d >"$1" || fail "base64"
}

mkdir -p heap/texts heap/archives
printf '云岭股份有限公司净利润增长\n' >heap/texts/utf8.txt
printf '\276\273\300\373\310\363\324\366\263\244\n' >heap/texts/gbk.txt
printf '\377\376\154\121\370\123' >heap/texts/utf16.txt
printf '可编程片上系统\n' | zstd -q >heap/texts/packed.txt.zst
printf '{"id":"line-1","text":"第一行公告"}\n{"text":"第二行公告"}\n' >heap/lines.jsonl
unpack heap/report.docx <<'END'
UEsDBBQAAAAIAABQZVhqMj/j0gAAAIsBAAATAAAAW0NvbnRlbnRfVHlwZXNdLnhtbH2QO27DMAyGryJoLSI6HTIUtjO0WdsMvQAh07ZQvSAqaXr70kmaoQgy
kh//h9RuT8GrIxV2KXZ6bRq97dvPn0yshETu9FxrfgFgO1NANilTFDKmErDKWCbIaL9wInhumg3YFCvFuqqLh+7bNxrx4KvanWR9SRG5Vq+XuyWq05izdxar
YFgo3NUV8vxAeIzDv3arazMjyvMNzy7z0zXhQ55d3EBqj6W+YxA7+E5lgCHZQ5AI87jonbw0js7STb+45ZIsMbs4BW9uJKCLfz3g/N39L1BLAwQUAAAACAAA
UGVY/sabv5QAAAAFAQAACwAAAF9yZWxzLy5yZWxzjc87DsIwDAbgq0Q+QNwyMKCkXVhYKy4QpW5a0TzkhNftycBAEQOjf//6LKv+4VdxI85LDBpa2UDfqYFW
U2qQ5yVlURsha5hLSQfEbGfyJsuYKNTNFNmbUkd2mIy9GEe4a5o98qcBW1OcRg3cgjg/E/0jx2laLB2jvXoK5ceBr0aVDTsqGu6RRxzfsawsYKdw82D3AlBL
AwQUAAAACAAAUGVYFKWaT/AAAACQAQAAEQAAAHdvcmQvZG9jdW1lbnQueG1ss7GvyM1RKEstKs7Mz7NVMtQzUFJIzUvOT8nMS7dVCg1x07VQsrezKbdKyU8u
zU3NK1EAqs8rtiq3VcooKSmw0tcvTs5IzU0s1ssvSM0DyqXlF+UmlgC5Ren65flFKQVF+cmpxcVA43Jz9I0MDMz0cxMz85RARiblp1SC6AIQUQQiSuye7Jr4
dNPaF00Ln+ze+2xO58uZE562rnnav8NGHyQLIovAZAG6xqetm5/s6ns6e96LLVDtz2e1gPRO7MKqtyQpB0xBtCejG/dy4c7ns9dh0akPU41FT/vEl4vm4taj
D7FOH2q5PiwE9BGhawcAUEsBAhQDFAAAAAgAAFBlWGoyP+PSAAAAiwEAABMAAAAAAAAAAAAAAIABAAAAAFtDb250ZW50X1R5cGVzXS54bWxQSwECFAMUAAAA
CAAAUGVY/sabv5QAAAAFAQAACwAAAAAAAAAAAAAAgAEDAQAAX3JlbHMvLnJlbHNQSwECFAMUAAAACAAAUGVYFKWaT/AAAACQAQAAEQAAAAAAAAAAAAAAgAHA
AQAAd29yZC9kb2N1bWVudC54bWxQSwUGAAAAAAMAAwC5AAAA3wIAAAAA
END
# Members: a name in GBK, one that leads out of the archive, one more.
unpack heap/archives/gbk.zip <<'END'
UEsDBBQAAAAIAABQZVgZNjBTHgAAABkAAAAQAAAAcmVwb3J0cy/E6rGoLnR4dAEZAOb/5Yuf6ZuG6LWE6YeR5L2/55So5oOF5Ya1ClBLAwQUAAAACAAAUGVY
gxbcjAMAAAABAAAACwAAAC4uL2V2aWwudHh0qwAAUEsDBBQAAAAIAABQZVio5AWSFgAAABMAAAANAAAAcmVwb3J0cy9hLnR4dHvasfLZtmVPO9petvY+m7bz
2cIOLgBQSwECFAMUAAAACAAAUGVYGTYwUx4AAAAZAAAAEAAAAAAAAAAAAAAAgAEAAAAAcmVwb3J0cy/E6rGoLnR4dFBLAQIUAxQAAAAIAABQZViDFtyMAwAA
AAEAAAALAAAAAAAAAAAAAACAAUwAAAAuLi9ldmlsLnR4dFBLAQIUAxQAAAAIAABQZVio5AWSFgAAABMAAAANAAAAAAAAAAAAAACAAXgAAAByZXBvcnRzL2Eu
dHh0UEsFBgAAAAADAAMAsgAAALkAAAAAAA==
END
# One page of Latin text; and the same broken off.
cat >heap/page.pdf <<'END'
%PDF-1.4
1 0 obj
<< /Type /Catalog /Pages 2 0 R >>
endobj
2 0 obj
<< /Type /Pages /Kids [3 0 R] /Count 1 >>
endobj
3 0 obj
<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>
endobj
4 0 obj
<< /Length 64 >>
stream
BT /F1 12 Tf 20 100 Td (Annual Report of Yunling Limited) Tj ET
endstream
endobj
5 0 obj
<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>
endobj
xref
0 6
0000000000 65535 f 
0000000009 00000 n 
0000000058 00000 n 
0000000115 00000 n 
0000000241 00000 n 
0000000354 00000 n 
trailer
<< /Root 1 0 R /Size 6 >>
startxref
424
%%EOF
END
head -c 420 heap/page.pdf >heap/broken_off.pdf
# The table of objects is missing: it is rebuilt.
sed -e '/^xref/,/^trailer/{/^trailer/!d}' -e '/^startxref/,$d' heap/page.pdf >heap/rebuilt.pdf
cp heap/page.pdf heap/named_text.txt
printf '<html><head><meta charset="gb2312"><title>\261\352\314\342</title><script>no()</script></head><body><table><tr><td>\276\273\300\373<td>12.5</table></body></html>' >heap/page.html
cp heap/page.html heap/saved.pdf
printf '\320\317\021\340\241\261\032\341old word' >heap/old.doc
printf '\211PNG\r\n\032\nxx' >heap/picture.dat
printf 'x' >heap/photo.jpg
mkdir -p pack/inner
printf '募集资金专户存储\n' >pack/inner/m.txt
printf '{"id":"packed-line","text":"包内的一行"}\n' >pack/inner/l.jsonl
printf '关联交易公告\n' | gzip -n >pack/inner/p.txt.gz
tar -czf pack/nested.tar.gz -C pack inner/m.txt inner/p.txt.gz
tar -cf heap/archives/outer.tar -C pack inner/m.txt inner/l.jsonl inner/p.txt.gz nested.tar.gz
head -c 200 pack/nested.tar.gz >heap/archives/short.tgz
find heap -type f -exec touch -d 2024-01-02 {} +

run 1 "$index" add ix heap
has 'gbk.zip!../evil.txt: path with ".."'
has 'old.doc: not read: an OLE file'
has 'picture.dat: not read: an image (PNG)'
has 'photo.jpg: not a kind of file that is read'
has 'named_text.txt: is a PDF, and was read as that'
has 'saved.pdf: is HTML, and was read as that'
has 'short.tgz'
has 'broken_off.pdf'
has_line '^  in part  *1  what could be rescued was indexed$'
run 0 "$index" dump ix
for id in heap/archives/gbk.zip!reports/年报.txt heap/archives/gbk.zip!reports/a.txt heap/archives/outer.tar!inner/m.txt \
    packed-line heap/archives/outer.tar!inner/p.txt.gz heap/archives/outer.tar!nested.tar.gz!inner/m.txt line-1 \
    heap/lines.jsonl:2 heap/page.pdf heap/named_text.txt heap/report.docx heap/texts/gbk.txt heap/texts/packed.txt.zst \
    heap/texts/utf16.txt heap/texts/utf8.txt; do
    has_line "^@[0-9]*	$id	"
done
run 0 "$index" dump ix --doc heap/texts/gbk.txt
has '净利润增长'
run 0 "$index" dump ix --doc heap/texts/utf16.txt
has '公司'
run 0 "$index" dump ix --doc heap/report.docx
has_line '^title	关于回购股份的公告$'
has_line '^company	云岭股份有限公司$'
has_line '^项目	金额$'
for name in page.html saved.pdf; do
    run 0 "$index" dump ix --doc heap/$name
    has_line '^净利	12.5$'
done
run 0 "$index" dump ix --doc heap/page.pdf
has 'Annual Report of Yunling Limited'
run 0 "$GAOSOU_QUERY_BIN" --json ix Yunling
has '"page":1,' # of one page, too

# What options there are is said.
for words in 'add threads memory no-merge cache report' 'update prune force' 'delete where dry-run force no-merge quiet'; do
    set -- $words
    run 0 "$index" $1 --help
    shift
    for option; do has "--$option"; done
done

# Chinese has its own punctuation; what is typed as it stands (a field and its value) has not.
for command in '' add update delete merge check stats dump tokens; do
    run 0 env LC_ALL=zh_CN.UTF-8 "$index" $command --help
    sed -e 's/字段:值//g' -e 's/文件:行号//g' -e 's/编号:次数:位置,位置//g' out >help
    ! LC_ALL=C.UTF-8 grep -P '[\x{4E00}-\x{9FFF}][,:;()]|[,:;()][\x{4E00}-\x{9FFF}]' help || fail "$command --help"
done

# The same bytes for any number of threads.
for t in 1 3 8; do
    run 1 "$index" add -q --threads $t "t$t" heap
    cmp "t1/0000000001.seg" "t$t/0000000001.seg" || fail "$t threads differ"
done

# What is the same is left alone; what changed is replaced; what is gone goes with --prune alone.
run 1 "$index" update one heap/lines.jsonl heap/archives heap/report.docx heap/page.pdf heap/texts
run 1 "$index" update one heap/lines.jsonl heap/archives heap/report.docx heap/page.pdf heap/texts
has 'indexed 0 filings'
printf '净利润下降\n' >heap/texts/utf8.txt
rm heap/texts/gbk.txt
run 1 "$index" update one heap/texts heap/archives
has 'indexed 1 filing'
has_line '^  replaced  *1  older filings$'
run 0 "$index" dump one --doc texts/gbk.txt
run 1 "$index" update --prune one heap/texts heap/archives
run 2 "$index" dump one --doc texts/gbk.txt
run 0 "$index" dump one --doc line-1
run 2 "$index" update --force one heap
has 'force goes with --prune'

# Fields from a table and from names, over those of the text.
mkdir named
printf '年度情况\n' >named/2024-03-29__云岭股份__600111__2023__年度报告.txt
printf '别的\n' >named/other.txt
printf 'id,title,broker\nnamed/other.txt,自定标题,甲证券\nnowhere,无,乙\n' >meta.csv
run 0 "$index" add nx --meta meta.csv --name-pattern '{date}__{name}__{code}__{year}__{type}.txt' named
has 'names that the --name-pattern does not fit: 1'
has 'meta.csv: 1 of 2 rows fit no input'
run 0 "$index" dump nx --doc named/2024-03-29__云岭股份__600111__2023__年度报告.txt
has_line '^codes	600111'
has_line '^name	云岭股份$'
has_line '^date	2024-03-29$'
run 0 "$index" dump nx --doc named/other.txt
has_line '^title	自定标题$'
has_line '^extra	{"broker":"甲证券"}$'
run 2 "$index" add nx --meta no.csv named
has 'no.csv'
run 2 "$index" add nx --name-pattern '{dat' named

# Texts are kept; with them the index is the same.
run 0 "$index" add --cache kept c1 heap/report.docx heap/page.pdf
has 'cache: 0 texts taken, 2 written'
run 0 "$index" add --cache kept c2 heap/report.docx heap/page.pdf
has 'cache: 2 texts taken, 0 written'
cmp c1/0000000001.seg c2/0000000001.seg || fail 'the cache changes the index'

# Names that are not UTF-8: each byte of them shows in the id, so that two never share one.
mkdir bytes
printf 'x\n' >"bytes/$(printf 'a\377').txt"
printf 'y\n' >"bytes/$(printf 'a\376').txt"
run 0 "$index" add bx bytes
run 0 "$index" dump bx --doc 'bytes/a\xFF.txt'
run 0 "$index" dump bx --doc 'bytes/a\xFE.txt'

# The bytes decide, whatever the name says: text called a PDF, a Word document called a zip, what is packed under any name.
mkdir names
printf '云岭公告净利润一\n' >names/a.pdf
printf '云岭公告净利润二\n' >names/b.docx
printf '云岭公告净利润三\n' >names/c.zip
cp heap/report.docx names/d.zip
cp heap/report.docx names/e.bin
printf '<html><body><p>云岭公告净利润四</p></body></html>' | gzip >names/f.html
printf '{"id":"g1","text":"云岭公告净利润五"}\n{"id":"g2","text":"云岭公告净利润六"}\n' | gzip >names/g.jsonl
printf '云岭公告净利润七\n' | gzip >names/h.txt
printf '云岭公告净利润八\n' | gzip >names/i.gz
printf '{"id":"j1","text":"云岭公告净利润九"}\n{"id":"j2","text":"云岭公告净利润十"}\n' | gzip >names/j.gz
printf '<html><body><p>云岭公告净利润百</p></body></html>' | gzip >names/k.zip
printf '日志\n' | gzip >names/l.log.gz
run 1 "$index" add n1 names
has 'names/a.pdf: is plain text, and was read as that'
has 'names/b.docx: is plain text, and was read as that'
has 'names/c.zip: is plain text, and was read as that'
has 'names/d.zip: is a DOCX, and was read as that'
has 'names/k.zip: is HTML, and was read as that'
has 'skipped: names/l.log.gz: not a kind of file that is read'
[ "$(grep -c -e skipped: -e damaged: out)" = 1 ] || fail 'more was skipped'
has 'indexed 13 filings'
run 0 "$index" update -q n1 names/i.gz names/d.zip
tar -cf members.tar -C names a.pdf b.docx e.bin f.html h.txt i.gz
run 0 "$index" add n2 members.tar
has 'indexed 6 filings'
