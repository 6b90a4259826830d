# Filings without text are named: the first twenty at the end, all with --verbose; and filings of the same text once each.
set -u
. "$(dirname "$0")/index_lib.inc"
command -v pdftotext >/dev/null || { echo 'SKIPPED: no pdftotext'; exit 0; }

mkdir in
cat >blank.pdf <<'END'
%PDF-1.4
1 0 obj
<< /Type /Catalog /Pages 2 0 R >>
endobj
2 0 obj
<< /Type /Pages /Kids [3 0 R] /Count 1 >>
endobj
3 0 obj
<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] >>
endobj
xref
0 4
0000000000 65535 f 
0000000009 00000 n 
0000000058 00000 n 
0000000115 00000 n 
trailer
<< /Root 1 0 R /Size 4 >>
startxref
186
%%EOF
END
for i in 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31; do cp blank.pdf in/$i.pdf; done
run 0 "$index" add ix in
has_line '^  without text  *22  no text layer'
has_line '^    in/10.pdf'
has_line '^    in/29.pdf'
has_line '^    and 2 more (--verbose or --report lists all)'
[ "$(grep -c '^    in/' out)" = 20 ] || fail 'not twenty are named'
run 0 "$index" add --verbose vx in
has 'in/31.pdf: without text'
[ "$(grep -c ': without text$' out)" = 22 ] || fail 'not all are named'

# What is broken besides is a loss, and no rescue.
{ head -n 10 blank.pdf && echo trailer && echo '<< /Root 1 0 R /Size 4 >>'; } >broken.pdf
run 1 "$index" add --report r.jsonl bx broken.pdf
has 'broken.pdf: damaged'
if grep -q '"outcome":"no_text"' r.jsonl; then
    grep -q '"reason":"damaged"' r.jsonl || fail "$(cat r.jsonl)"
    grep -q 'in part' out && fail 'nothing was rescued'
fi

for name in a b c; do printf '股东大会决议\n' >$name.txt; done
run 0 "$index" add --verbose dx a.txt b.txt c.txt
[ "$(grep -c 'has the same text as' out)" = 2 ] || fail 'a pair is named twice'
