/*
 * The character table against expectations written by hand from docs/ANALYSIS.md, section
 * Characters: what one character becomes, and of which class it is. The reference shares this
 * table, so it is checked here by itself.
 */
#include "common/text/chartab.h"
#include "tests/support/ref_tokenise.h"
#include "tests/support/test.h"

/* character=result, separated by blanks. */
static const char han_rows[] =
    /* radicals */
    "⼀=一 ⼁=丨 ⼈=人 ⽉=月 ⽇=日 ⽔=水 ⾦=金 ⾔=言 ⾨=门 ⾺=马 ⿓=龙 ⿕=龠 ⺠=民 ⻁=虎 ⻝=食 "
    "⻓=长 ⻄=西 ⻅=见 ⻋=车 ⻔=门 ⻚=页 "
    /* compatibility ideographs */
    "豈=岂 更=更 車=车 金=金 年=年 樂=乐 來=来 不=不 參=参 " /* U+F900 block, as they are typed */
    /* Traditional to Simplified */
    "資=资 產=产 債=债 頁=页 國=国 報=报 財=财 務=务 證=证 券=券 業=业 續=续 經=经 營=营 淨=净 "
    "潤=润 應=应 款=款 賬=账 "
    "壽=寿 險=险 單=单 據=据 價=价 額=额 關=关 聯=联 東=东 會=会 員=员 際=际 電=电 書=书 訊=讯 "
    "審=审 計=计 號=号 "
    "幣=币 銀=银 買=买 賣=卖 貨=货 運=运 輸=输 龍=龙 龜=龟 體=体 點=点 麼=么 發=发 髮=发 鐘=钟 "
    "鍾=钟 "
    /* themselves */
    "著=著 〇=〇 々=々 净=净 利=利 芯=芯 㐀=㐀 𠀀=𠀀 𪜀=𪜀 "
    /* kana and Hangul */
    "か=か が=が ガ=ガ ｶ=カ ｱ=ア ﾝ=ン ｰ=ー ー=ー ゝ=ゝ ヽ=ヽ っ=っ ｯ=ッ ㇰ=ㇰ 한=한 글=글";

static const char word_rows[] =
    "a=a Z=z Ａ=a ｚ=z ０=0 ９=9 5=5 é=e É=e ü=u Ñ=n ç=c Å=a Å=a ø=ø Ø=ø đ=đ ß=ß ı=ı ſ=s ﬁ=fi ﬂ=fl "
    "ﬀ=ff "
    "Ⅳ=iv ⅷ=viii µ=μ μ=μ Ω=ω Ω=ω ά=α Ж=ж Ё=е й=и K=k ǆ=dz 𝐀=a 𝟐=2 ٣=٣ א=א ก=ก";

static const char isolated_rows[] =
    "ª=a º=o ①=1 ②=2 ⑳=20 ⒈=1. ⑴=(1) ㈠=(一) ㈱=(株) ㊀=一 ㊤=上 ㋿=令和 "
    "㎡=m2 ㎏=kg ㏕=mil ½=1⁄2 ¼=1⁄4 Ⓐ=a ⓩ=z 🄐=(a) ™=tm "
    "㍿=株式会社 ❶=1 ⓫=11 ⁿ=n ㋕=カ ㌔=キロ";

static const char superscript_rows[] = "²=2 ³=3 ¹=1 ⁰=0 ⁴=4 ⁹=9";

static const uint32_t transparent[] = {' ',      '\t',   '\n',   '\r',   '\f',   '\v',
                                       0x85,     0xA0,   0x1680, 0x2002, 0x2028, 0x2029,
                                       0x202F,   0x205F, 0x3000, 0xE000, 0xF8FF, 0xF0000,
                                       0x10FFFD, 1,      0x7F,   0x80,   0x0378, 0xFDD0};
static const uint32_t vanishing[] = {
    0xAD,   0x34F,  0x61C,  0x180B, 0x200B, 0x200C,  0x200D,  0x200E, 0x202A, 0x2060, 0x2066,
    0x3164, 0xFE00, 0xFE0F, 0xFEFF, 0xFFA0, 0xE0001, 0xE0100, 0x301,  0x308,  0x20E3, 0x302A};
static const uint32_t breaking[] = {
    '.',    ',',    '%',           '-',    '(',    ')',    '/',     '|',    '_',    '"',
    '$',    '+',    '<',           '~',    0x1F,   0xFFFD, 0x3001,  0x3002, 0xFF0C, 0xFF0E,
    0xFF01, 0xFF1F, 0xFF1A,        0xFF1B, 0xFF08, 0xFF05, 0x201C,  0x2014, 0x2026, 0xFFE5,
    0x300A, 0x30FB, 0x3000 + 0x10, 0x25A0, 0x2192, 0x2044, 0x1F600, 0x309B};

/* Checks every row of a list: results and their kind. */
static void check_rows(const char *rows, enum gs_char_kind kind, bool isolated, bool superscript)
{
    const uint8_t *p = (const uint8_t *)rows, *end = p + strlen(rows);
    while (p < end) {
        uint32_t from, wanted;
        struct gs_char_info info;
        p += ref_decode(p, end, &from);
        assert_int_equal(*p++, '=');
        gs_char_lookup(from, &info);
        bool flags = info.class == GS_CLASS_TEXT && info.isolated == isolated &&
                     info.superscript == superscript;
        for (size_t i = 0; p < end && *p != ' '; i++) {
            p += ref_decode(p, end, &wanted);
            bool mark = wanted == '(' || wanted == ')' || wanted == '.' || wanted == 0x2044;
            bool same = i < info.count && info.chars[i] == wanted;
            /* Among isolated ones stand breaks, words and Han. */
            same = same &&
                   (isolated ? (info.kinds[i] == GS_KIND_BREAK) == mark : info.kinds[i] == kind);
            bool last = p == end || *p == ' ';
            if (!flags || !same || (last && info.count != i + 1))
                test_fail("U+%04X: result %zu is U+%04X of %zu, wanted U+%04X (isolated %d, "
                          "superscript %d, class %d)",
                          from, i, i < info.count ? info.chars[i] : 0, info.count, wanted,
                          info.isolated, info.superscript, info.class);
        }
        p += p < end;
    }
}

static void check_class(const uint32_t *list, size_t count, enum gs_char_class class)
{
    for (size_t i = 0; i < count; i++) {
        struct gs_char_info info;
        gs_char_lookup(list[i], &info);
        if (info.class != class)
            test_fail("U+%04X is of class %d, wanted %d", list[i], info.class, class);
    }
}

static void test_han(void **state)
{
    (void)state;
    check_rows(han_rows, GS_KIND_HAN, false, false);
}

static void test_words(void **state)
{
    (void)state;
    check_rows(word_rows, GS_KIND_WORD, false, false);
}

static void test_isolated(void **state)
{
    (void)state;
    check_rows(isolated_rows, GS_KIND_WORD, true, false);
    check_rows(superscript_rows, GS_KIND_WORD, false, true);
}

static void test_classes(void **state)
{
    (void)state;
    check_class(transparent, GS_COUNT_OF(transparent), GS_CLASS_TRANSPARENT);
    check_class(vanishing, GS_COUNT_OF(vanishing), GS_CLASS_VANISHING);
    check_class(breaking, GS_COUNT_OF(breaking), GS_CLASS_BREAK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_han),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_isolated),
        cmocka_unit_test(test_classes),
    };
    return cmocka_run_group_tests_name("oracle: characters", tests, NULL, NULL);
}
