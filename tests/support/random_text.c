#include "tests/support/random_text.h"

#include "tests/support/ref_tokenise.h"

/* Kinds of piece. The lists are short so that what a rule speaks of meets its neighbours often. */
static const char *const han[] = {"净", "利", "润", "年", "月", "日", "第", "页", "共", "中", "国",
                                  "的", "一", "〇", "々", "资", "产", "資", "產", "債", "頁", "著",
                                  "乾", "後", "裏", "臺", "衞", "𠀀", "𪜀", "㐀", "𤋮", "豈", "年"};
static const char *const kana[] = {"か", "ガ", "は", "ハ", "ｶ",  "ﾊ",  "ー", "ｰ",  "ゝ", "ヽ",
                                   "う", "ウ", "ワ", "ゟ", "ヿ", "ㇰ", "っ", "ン", "ﾝ",  "・"};
static const char *const kana_marks[] = {"\u3099", "\u309A", "ﾞ", "ﾟ", "゛", "゜"};
static const char *const hangul[] = {"한", "글", "ㄱ", "ᄀ", "ᅡ", "ﾡ", "㈀", "㉠"};
static const char *const letters[] = {"a", "B", "x", "K", "m", "R",  "é",  "É", "ﬁ", "Å", "ß", "İ",
                                      "ı", "α", "Ω", "ж", "Ё", "Ａ", "ｚ", "ǆ", "ŉ", "ſ", "א", "ก",
                                      "Ⅳ", "ⅷ", "µ", "K", "Å", "ẞ",  "ά",  "ﬓ", "Ⱥ", "ñ", "đ", "ø"};
static const char *const digits[] = {"0", "1", "2",  "3",  "4",  "5", "6", "7",
                                     "8", "9", "１", "２", "９", "𝟐", "٣", "५"};
static const char *const separators[] = {".", ",",  "．", "，", "、", "·",
                                         "․", "﹒", "﹐", "-",  "－", "/"};
static const char *const superscripts[] = {"²", "³", "¹", "⁰", "⁴", "⁹",
                                           "ⁿ", "ª", "™", "₂", "ᵃ", "℠"};
static const char *const isolated[] = {"②",  "⑴",  "⒈",  "㎡", "½",  "㈱", "㊤", "㏕",
                                       "🄐",  "㍿", "Ⓐ",  "㉈", "㋕", "㌀", "⅐",  "↉",
                                       "㍘", "㏠", "㊀", "❶",  "🅐",  "🈁",  "🄁",  "㋿"};
static const char *const breaks[] = {"。", "！", "？", "；", "：",   "，",     "（", "）", "(",
                                     ")",  "%",  "“",  "”",  "_",    "#",      "…",  "—",  "￥",
                                     "$",  "℃",  "№",  "@",  "\x1F", "\uFFFD", "、", "《", "!",
                                     "?",  ";",  ":",  "|",  "゠",   "〜"};
static const char *const spaces[] = {" ",  " ",      " ",    "\t", "\u3000", "\u2002",   "\u00A0",
                                     "\n", "\n",     "\r\n", "\r", "\f",     "\xC2\x85", "\u2028",
                                     "\v", "\u2029", "\n\n", "  ", "\u202F", "\u1680"};
static const char *const vanishing[] = {"\u00AD", "\u200B", "\uFEFF", "\uFE0F", "\U000E0100",
                                        "\u200D", "\u034F", "\u2060", "\u3164", "\u180B"};
static const char *const marks[] = {"\u0301", "\u0308", "\u20E3", "\u0345",
                                    "\u302A", "\u064B", "\u093E"};
static const char *const transparent[] = {"\uE000",     "\U000F0000", "\u0378", "\x01",  "\x7F",
                                          "\U0010FFFF", "\u2FE0",     "\x08",   "\uFDD0"};
static const char *const radicals[] = {
    "⼀", "⽉",         "⽇",         "⺠",         "⻁",         "⺁",         "⻝",    "㇀",
    "⿰", "\U0002F800", "\U0002FA1D", "\U0002A6E0", "\U0003FFF0", "\U00030000", "\uFA0E"};
static const char *const numbers[] = {"1,234.56",
                                      "213,452.21",
                                      "34670453.6518115421.66",
                                      "12.3445.67",
                                      "2023.06.30",
                                      "1.2015年",
                                      "12.1999年",
                                      "1.2.3",
                                      "1,234,5678",
                                      "1,234,567.8",
                                      "0.5",
                                      ".5",
                                      "1,",
                                      "1,23",
                                      "1.2015",
                                      "１．２０１５年",
                                      "12,345.678,901.23",
                                      "1.234.56",
                                      "1.2345.67",
                                      "99.9900.01",
                                      "1,000.002,000.00",
                                      "100，200",
                                      "3.14",
                                      "1234,567"};
static const char *const phrases[] = {
    "第18页共88页", "第 3 页 共 9 页", "第3頁/共9頁", "- 18 -", "18 / 156",     "1-1-23",
    "RK3588",       "6TOPs",           "RMB1,234.5",  "2.5MW",  "m²",           "m²³",
    "②2014年",      "PM2.5",           "v1.2.3b",     "净利润", "2024年半年度", "A股",
    "民 國 1 11 年"};

#define KIND(list)                                                                                 \
    {                                                                                              \
        list, sizeof(list) / sizeof((list)[0])                                                     \
    }
static const struct {
    const char *const *list;
    size_t count;
} kinds[] = {
    KIND(han),    KIND(han),         KIND(han),        KIND(kana),         KIND(kana_marks),
    KIND(hangul), KIND(letters),     KIND(letters),    KIND(digits),       KIND(digits),
    KIND(digits), KIND(separators),  KIND(separators), KIND(superscripts), KIND(isolated),
    KIND(breaks), KIND(breaks),      KIND(spaces),     KIND(spaces),       KIND(vanishing),
    KIND(marks),  KIND(transparent), KIND(radicals),   KIND(numbers),      KIND(phrases)};

static void append_random_character(struct random_source *r, struct gs_buf *out)
{
    static const uint32_t tops[] = {0x80,    0x800,   0x3100,  0x10000,
                                    0x10000, 0x20000, 0x32000, 0x110000};
    uint32_t cp = random_below(r, RANDOM_OF(r, tops));
    if (cp >= 0xD800 && cp < 0xE000)
        cp = 0x4E00 + (cp & 0x3FF);
    uint8_t utf8[4];
    gs_buf_append(out, utf8, ref_encode(cp, utf8));
}

static void append_damage(struct random_source *r, struct gs_buf *out)
{
    static const char *const bad[] = {"\x80",
                                      "\xFF",
                                      "\xC0\xAF",
                                      "\xE4\xB8",
                                      "\xF0\x90\x80",
                                      "\xED\xA0\x80",
                                      "\xF5\x80\x80\x80",
                                      "\xE0\x80\x80",
                                      "\xC3",
                                      "\xF4\x90\x80\x80",
                                      "\xBF\xBF"};
    gs_buf_append_str(out, RANDOM_OF(r, bad));
}

void random_soup(struct random_source *r, size_t pieces, bool with_damage, struct gs_buf *out)
{
    /* A few kinds a text: what meets is then likelier to be what a rule speaks of. */
    size_t chosen[6];
    for (size_t i = 0; i < 6; i++)
        chosen[i] = random_below(r, (uint32_t)(sizeof(kinds) / sizeof(kinds[0])));
    for (size_t i = 0; i < pieces; i++) {
        size_t k = random_once_in(r, 5)
                       ? random_below(r, (uint32_t)(sizeof(kinds) / sizeof(kinds[0])))
                       : chosen[random_below(r, 6)];
        if (with_damage && random_once_in(r, 8))
            append_damage(r, out);
        else if (random_once_in(r, 25))
            append_random_character(r, out);
        else
            gs_buf_append_str(out, kinds[k].list[random_below(r, (uint32_t)kinds[k].count)]);
    }
}

/* ---- lines as a filing has them ---- */

struct page_style {
    const char *header, *footer; /* # is the page, @ the total; or NULL */
    uint32_t number, total;
    bool form_feeds, headers_too, spaced;
    uint32_t lines_a_page;
    const char *line_end;
};

static void append_sentence(struct random_source *r, struct gs_buf *out, uint32_t most)
{
    static const char *const ends[] = {"。", "；", "！", "？", "：", "，",
                                       "、", "",   "",   "!",  ";",  "?"};
    for (uint32_t n = random_between(r, 1, most); n > 0; n--) {
        if (random_once_in(r, 12))
            gs_buf_append_str(out, RANDOM_OF(r, numbers));
        else if (random_once_in(r, 20))
            gs_buf_append_str(out, RANDOM_OF(r, phrases));
        else
            gs_buf_append_str(out, han[random_below(r, 17)]);
        if (random_once_in(r, 9))
            gs_buf_append_str(out, RANDOM_OF(r, ends));
    }
    gs_buf_append_str(out, RANDOM_OF(r, ends));
}

static void append_spaced_line(struct random_source *r, struct gs_buf *out)
{
    static const char *const dates[] = {"1 11 年 ",    "1 2 月 ", "3 日 ",
                                        "2 0 2 4 年 ", "1  1 月", "R K 3588 "};
    for (uint32_t n = random_between(r, 5, 14); n > 0; n--) {
        if (random_once_in(r, 5))
            gs_buf_append_str(out, RANDOM_OF(r, dates));
        gs_buf_append_str(out, han[random_below(r, 20)]);
        gs_buf_append_str(out, random_once_in(r, 8) ? "" : random_once_in(r, 8) ? "  " : " ");
    }
}

static void append_row(struct random_source *r, struct gs_buf *out)
{
    static const char *const gaps[] = {"  ", "   ",          "\t",          "\x1F",
                                       " ",  "\u3000\u3000", "\u2002\u2002"};
    const char *gap = RANDOM_OF(r, gaps);
    for (uint32_t n = random_between(r, 2, 5); n > 0; n--) {
        gs_buf_append_str(out,
                          random_once_in(r, 3) ? han[random_below(r, 17)] : RANDOM_OF(r, numbers));
        gs_buf_append_str(out, gap);
    }
}

static void append_heading(struct random_source *r, struct gs_buf *out)
{
    static const char *const heads[] = {
        "第三节 ", "第十二章", "一、",  "十二、", "(一)",   "（三）", "1. ", "1、",  "(1)",
        "（12）",  "2.1 ",     "3.2.1", "１．",   "第一條", "第5条",  "①",   "附录", "第二節　"};
    gs_buf_append_str(out, RANDOM_OF(r, heads));
    append_sentence(r, out, 8);
}

static void append_line(struct random_source *r, const struct page_style *s, struct gs_buf *out)
{
    static const char *const small[] = {"单位:万元", "18", "2",     "3.",    "目录",
                                        "—",         "……", "- 5 -", "7 / 9", "12"};
    switch (random_below(r, 10)) {
    case 0:
        append_row(r, out);
        break;
    case 1:
        append_heading(r, out);
        break;
    case 2:
        break; /* blank */
    case 3:
        gs_buf_append_str(out, RANDOM_OF(r, small));
        break;
    case 4:
        random_soup(r, random_between(r, 1, 8), false, out);
        break;
    default:
        if (s->spaced && random_once_in(r, 2))
            append_spaced_line(r, out);
        else
            append_sentence(r, out, 25);
    }
}

static void append_template(const struct page_style *s, const char *template, struct gs_buf *out)
{
    for (const char *p = template; *p; p++) {
        if (*p == '#')
            gs_buf_printf(out, "%u", s->number);
        else if (*p == '@')
            gs_buf_printf(out, "%u", s->total);
        else
            gs_buf_append_u8(out, (uint8_t)*p);
    }
}

static void append_page_end(struct random_source *r, struct page_style *s, struct gs_buf *out)
{
    if (s->footer && !random_once_in(r, 12)) {
        append_template(s, s->footer, out);
        if (!random_once_in(r, 6)) /* else glued to what follows */
            gs_buf_append_str(out, s->line_end);
    }
    s->number += random_once_in(r, 15) ? random_below(r, 4) : 1;
    if (s->form_feeds && !random_once_in(r, 8))
        gs_buf_append_str(out, random_once_in(r, 3) ? "\f\n" : "\f");
    if (s->header && !random_once_in(r, 12)) {
        append_template(s, s->header, out);
        gs_buf_append_str(out, s->line_end);
    }
}

void random_pages(struct random_source *r, size_t lines, struct gs_buf *out)
{
    static const char *const headers[] = {"某某股份有限公司 #", "某某公司招股说明书",
                                          "2023年年度报告全文 #/@", "单位:万元", "  审计报告  "};
    static const char *const footers[] = {
        "第#页共@页", "第 # 页 / 共 @ 页", "第#頁", "- # -",        "#",  "# / @", "1-1-#",
        "－ # －",    "   #   ",           "—#—",   "第#页，共@页", "#/@"};
    static const char *const line_ends[] = {"\n", "\n", "\n", "\r\n", "\r", "\n\n", "\u2028"};
    struct page_style s = {.number = random_between(r, 1, 30), .line_end = RANDOM_OF(r, line_ends)};
    s.total = s.number + random_between(r, 3, 60);
    s.header = random_once_in(r, 2) ? RANDOM_OF(r, headers) : NULL;
    s.footer = random_once_in(r, 5) ? NULL : RANDOM_OF(r, footers);
    s.form_feeds = random_once_in(r, 2);
    s.spaced = random_once_in(r, 4);
    s.lines_a_page = random_between(r, 1, random_once_in(r, 2) ? 9 : 30);
    for (size_t i = 1; i <= lines; i++) {
        append_line(r, &s, out);
        gs_buf_append_str(out, s.line_end);
        if (random_once_in(r, 30))
            gs_buf_append_str(out, "\n");
        if (i % s.lines_a_page == 0)
            append_page_end(r, &s, out);
    }
}

/* ---- marks and ends for the cutter alone ---- */

static bool is_white(uint32_t cp)
{
    return cp == ' ' || (cp >= 9 && cp <= 13) || cp == 0x3000 || cp == 0x2002 || cp == 0xA0;
}

void random_marks(struct random_source *r, const uint8_t *text, size_t size,
                  struct gs_mark **marks_out, size_t *count)
{
    REF_LIST(struct gs_mark) list = {0};
    uint32_t rarity = random_between(r, 2, 40);
    for (size_t at = 0; at < size;) {
        uint32_t cp;
        size_t next = at + ref_decode(text + at, text + size, &cp);
        bool join = cp == ' ' && random_once_in(r, 3);
        if (join || random_once_in(r, rarity)) {
            uint32_t more = join ? 0 : random_below(r, 6);
            for (; more > 0 && next < size; more--)
                next += ref_decode(text + next, text + size, &cp);
            *REF_PUSH(&list) = (struct gs_mark){.start = (uint32_t)at,
                                                .end = (uint32_t)next,
                                                .kind = join ? GS_MARK_JOIN : GS_MARK_FURNITURE};
        }
        at = next;
    }
    *marks_out = list.at;
    *count = list.count;
}

void random_ends(struct random_source *r, const uint8_t *text, size_t size, struct gs_end **ends,
                 size_t *count)
{
    REF_LIST(struct gs_end) list = {0};
    for (size_t at = 0; at < size;) {
        uint32_t cp;
        struct ref_char c = {0};
        at += ref_decode(text + at, text + size, &cp);
        ref_look_up(cp, &c);
        bool full_stop = cp == 0x3002 || cp == 0xFF01 || cp == 0xFF1F || cp == 0xFF1B;
        if ((full_stop || (is_white(cp) && cp != ' ') || at == size) && random_once_in(r, 2))
            *REF_PUSH(&list) = (struct gs_end){
                .offset = (uint32_t)at, .kinds = RANDOM_OF(r, ((const uint32_t[]){1, 3, 7}))};
    }
    *ends = list.at;
    *count = list.count;
}

/* ---- shrinking ---- */

static size_t next_boundary(const uint8_t *text, size_t size, size_t at)
{
    while (at < size && (text[at] & 0xC0) == 0x80)
        at++;
    return at;
}

/* One pass that tries to take away pieces of `piece` bytes, rounded up to whole characters. */
static size_t shrink_by(uint8_t *text, size_t size, size_t piece, random_fails *fails, void *ctx,
                        uint8_t *spare)
{
    for (size_t at = 0; at < size;) {
        size_t end = at + piece < size ? next_boundary(text, size, at + piece) : size;
        memcpy(spare, text, at);
        memcpy(spare + at, text + end, size - end);
        size_t rest = size - (end - at);
        if (fails(spare, rest, ctx)) {
            memcpy(text, spare, rest);
            size = rest;
        } else {
            at = end;
        }
    }
    return size;
}

size_t random_shrink(uint8_t *text, size_t size, random_fails *fails, void *ctx)
{
    uint8_t *spare = malloc(size ? size : 1);
    if (!spare)
        return size;
    for (size_t before = size + 1; size < before;) {
        before = size;
        for (size_t piece = size / 2; piece > 0; piece /= 2)
            size = shrink_by(text, size, piece, fails, ctx, spare);
    }
    free(spare);
    return size;
}
