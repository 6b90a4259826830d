#!/bin/sh
# Every passage says its page and the headings above it, in a long filing of form feeds and nested headings.
set -u
bad=0
TMP=${TMP:-$(mktemp -d)}

# Four parts, each of four sections of three of three headings, two pages a heading: 288 pages. Each says its mark, its number in
# letters: a line that recurs but for its digits would be a footer. wanted: mark, page, headings.
LC_ALL=C awk -v wanted="$TMP/wanted" 'BEGIN {
    split("一 二 三 四", han, " ")
    split("甲 乙 丙 丁 戊 己 庚 辛 壬 癸", letters, " ")
    for (a = 1; a <= 4; a++) { h1 = "第" han[a] "节 经营情况"; printf "%s\n", h1
    for (b = 1; b <= 4; b++) { h2 = han[b] "、主要业务"; printf "%s\n", h2
    for (c = 1; c <= 3; c++) { h3 = "（" han[c] "）核心技术"; printf "%s\n", h3
    for (d = 1; d <= 3; d++) { h4 = d ".研发投入"; printf "%s\n", h4
    for (e = 1; e <= 2; e++) {
        n++
        mark = letters[int(n / 100) + 1] letters[int(n / 10) % 10 + 1] letters[n % 10 + 1]
        printf "公司在报告期内持续推进研发工作，标记%s号项目已经完成验收，相关安排符合规定。\n\f", mark
        print mark "|" n "|" h1 " > " h2 " > " h3 " > " h4 >wanted
    } } } } } }' >"$TMP/long.txt"
"$GAOSOU_INDEX_BIN" add "$TMP/index" "$TMP/long.txt" --quiet || exit 1

while IFS='|' read -r mark page section; do
    [ $((page % 7)) -eq 1 ] || continue
    "$GAOSOU_QUERY_BIN" "$TMP/index" "标记${mark}号" --json >"$TMP/out"
    place="\"page\":$page,\"page_label\":null,\"section\":\"$section\""
    [ "$(grep -o "$place" "$TMP/out" | wc -l)" -eq 2 ] || { echo "$mark: wanted twice $place"; cat "$TMP/out"; bad=1; }
done <"$TMP/wanted"

# As text: the headings once above the passages that they are of, the page before each.
"$GAOSOU_QUERY_BIN" "$TMP/index" '标记甲甲乙号|标记丙甲甲号' --color never >"$TMP/out"
grep '>\|^ *page [0-9]*  *公司' "$TMP/out" | sed 's/^ *//; s/  *公司.*//' >"$TMP/places"
cat >"$TMP/expected" <<'END'
第一节 经营情况 > 一、主要业务 > （一）核心技术 > 1.研发投入
page 1
第三节 经营情况 > 四、主要业务 > （一）核心技术 > 1.研发投入
page 200
END
diff "$TMP/expected" "$TMP/places" || bad=1
exit $bad
