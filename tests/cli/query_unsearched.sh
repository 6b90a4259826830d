# Filings without a text layer, from the file to the answer: the index keeps them as entries, filters and titles that were given
# find them, words do not, and every answer counts those that it could not search.
set -u
. "$(dirname "$0")/index_lib.inc"
: "${GAOSOU_QUERY_BIN:?}"
query=$GAOSOU_QUERY_BIN

object() { # object TEXT: the next object of the PDF on descriptor 3 (file $pdf)
    offsets="$offsets $(wc -c <"$pdf")"
    objects=$((objects + 1))
    printf '%s 0 obj\n%s\nendobj\n' "$objects" "$1" >>"$pdf"
}

scan() { # scan FILE: a PDF of one page that is an image
    pdf=$1 objects=0 offsets=
    printf '%%PDF-1.4\n' >"$pdf"
    object '<< /Type /Catalog /Pages 2 0 R >>'
    object '<< /Type /Pages /Kids [3 0 R] /Count 1 >>'
    object '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >> >>'
    object '<< /Length 31 >>
stream
q 300 0 0 200 0 0 cm /I Do Q   
endstream'
    object '<< /Type /XObject /Subtype /Image /Width 2 /Height 2 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 4 >>
stream
0aAz
endstream'
    start=$(wc -c <"$pdf")
    printf 'xref\n0 6\n0000000000 65535 f \n' >>"$pdf"
    for o in $offsets; do printf '%010d 00000 n \n' "$o" >>"$pdf"; done
    printf 'trailer\n<< /Root 1 0 R /Size 6 >>\nstartxref\n%s\n%%%%EOF\n' "$start" >>"$pdf"
}

mkdir f
scan f/2024-03-29__云岭股份__600111__2023__年度报告.pdf
scan f/2024-04-01__远山股份__600222__2023__年度报告.pdf
scan f/2019-04-01__远山股份__600222__2018__年度报告.pdf
printf '云岭股份的净利润增长，没有亏损。\n' >f/2024-05-05__云岭股份__600111__2024__临时公告.txt
printf 'id,title\nf/2024-04-01__远山股份__600222__2023__年度报告.pdf,远山股份扫描的年度报告\n' >meta.csv
run 0 "$index" add ix --meta meta.csv --name-pattern '{date}__{name}__{code}__{year}__{type}' f

asks() { # asks CODE QUERY OPTIONS...: the answer, without times and the last digits of scores, is in the file out
    wanted=$1 q=$2
    shift 2
    "$query" ix "$q" "$@" >raw 2>&1
    code=$?
    [ "$code" = "$wanted" ] || { cp raw out; fail "exit $code, wanted $wanted: $q $*"; }
    sed 's/"took_us":[0-9]*/"took_us":0/' raw >out
}

counts() { # counts NUMBER QUERY: so many match
    asks "$([ "$1" = 0 ] && echo 1 || echo 0)" "$2" --count
    has_line "^$1\$"
}

# Words: what could not be searched is counted, among those that the filters take in.
asks 0 净利润
has_line '^1 filing, 1 hit '
has_line '^the text of 3 could not be searched (3 without a text layer)$'
asks 0 净利润 --json
has '"total":1,'
has '"unsearched":{"no_text_layer":3}'
has '"unsearched":null'
asks 0 '净利润 date:2024'
has_line '^the text of 2 could not be searched (2 without a text layer)$'
LC_ALL=zh_CN.UTF-8
export LC_ALL
asks 0 '净利润 date:2024'
has '有 2 份没有可检索的文本，未能检索（2 份无文本层）'
unset LC_ALL
asks 0 '净利润 date:2018..2019|净利润' --json
has '"unsearched":{"no_text_layer":3}'
asks 1 '净利润 date:2019' --json
has '"unsearched":{"no_text_layer":1}'
counts 1 净利润
counts 1 '净利润 date:2024'

# Filters alone find them; an exclusion cannot be answered.
asks 0 date:2024
has_line '^3 filings, 0 hits '
has_line '^2 of them without a text (2 without a text layer)$'
has_line '600111  云岭股份  2024-03-29  年度报告  text: none  f/2024-03-29__'
asks 0 date:2024 --json
has '"unsearched":"no_text_layer"'
counts 3 date:2024
counts 1 date:2019
counts 0 'date:2024 -亏损'
counts 3 '净利润|date:2024'

# No text is the same as no other.
asks 0 date:2024 --collapse
has_line '^3 filings, 0 hits '
asks 0 date:2024 --collapse --json
has '"collapsed":0'
has '"duplicates":[]'

# A title that was given is known, and is found as such and as words.
for q in title:扫描 title:年度报告 扫描的年度报告 '扫描|没有的词' 'title:扫描 date:2024-04-01' '(扫描 -亏损)|title:扫描'; do
    counts 1 "$q"
    asks 0 "$q" --json
    has '"id":"f/2024-04-01__远山股份__600222__2023__年度报告.pdf"'
    has '"unsearched":"no_text_layer"'
    has '"text":"远山股份扫描的年度报告"'
done
asks 0 title:扫描 --collapse
has_line '^ 1  [0-9.]*  远山股份扫描的年度报告$'
counts 0 '扫描 -亏损'
counts 1 'date:2024 -扫描' # the one with a text

# A feed: a line with a title and an empty text.
printf '{"id":"only-title","title":"关于停牌的提示","text":""}\n' >feed.jsonl
run 0 "$index" add iy feed.jsonl
run 0 "$query" iy title:停牌 --count
has_line '^1$'

# An update leaves them alone; a new title is another filing.
run 0 "$index" update --quiet ix --meta meta.csv --name-pattern '{date}__{name}__{code}__{year}__{type}' f
counts 1 title:扫描
sed -i 's/扫描/影印/' meta.csv
run 0 "$index" update --quiet ix --meta meta.csv --name-pattern '{date}__{name}__{code}__{year}__{type}' f
counts 0 title:扫描
counts 1 title:影印
