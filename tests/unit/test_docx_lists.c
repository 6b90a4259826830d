/* indexer: numbers of lists in Word documents, which stand in its styles and not in its text. */
#include "indexer/list_label.h"
#include "tests/support/docx_rows.h"
#include "tests/support/test.h"

/* clang-format off: it breaks strings between macros into pieces */
#define LVL(ilvl, format, text, more)                                                              \
    "<w:lvl w:ilvl=\"" ilvl "\"><w:start w:val=\"1\"/><w:numFmt w:val=\"" format                   \
    "\"/><w:lvlText w:val=\"" text "\"/>" more "</w:lvl>"
#define NUMBERED(list, level, text)                                                                \
    "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"" level "\"/><w:numId w:val=\"" list                     \
    "\"/></w:numPr></w:pPr>" R(text) "</w:p>"
#define STYLED(style, text) "<w:p><w:pPr><w:pStyle w:val=\"" style "\"/></w:pPr>" R(text) "</w:p>"

#define ABSTRACT(id, body) "<w:abstractNum w:abstractNumId=\"" id "\">" body "</w:abstractNum>"
#define NUM(id, list, body)                                                                        \
    "<w:num w:numId=\"" id "\"><w:abstractNumId w:val=\"" list "\"/>" body "</w:num>"
#define OVERRIDE(body)  "<w:lvlOverride w:ilvl=\"0\">" body "</w:lvlOverride>"
#define LEVEL_STYLE(id) "<w:pStyle w:val=\"" id "\"/>"

static const char numbering[] =
    ABSTRACT("0", LVL("0", "japaneseCounting", "第%1节", LEVEL_STYLE("1"))
                      LVL("1", "chineseCountingThousand", "%2、", LEVEL_STYLE("2"))
                          LVL("2", "chineseCounting", "（%3）", "")
                              LVL("3", "decimal", "%4.", "<w:suff w:val=\"nothing\"/>"))
        ABSTRACT("1", LVL("0", "decimal", "%1", "") LVL("1", "decimal", "%1.%2", "")
                          LVL("2", "lowerLetter", "%3)", "<w:lvlRestart w:val=\"0\"/>"))
            ABSTRACT("2", LVL("0", "bullet", "•", ""))
                ABSTRACT("3", "<w:numStyleLink w:val=\"list\"/>")
                    ABSTRACT("4", LVL("0", "chineseCounting", "第%1章", "")
                                      LVL("1", "decimal", "%1.%2", "<w:isLgl/>")) NUM("1", "0", "")
                        NUM("2", "1", "") NUM("3", "1", OVERRIDE("<w:startOverride w:val=\"7\"/>"))
                            NUM("4", "2", "") NUM("5", "3", "") NUM("6", "4", "")
                                NUM("7", "1", OVERRIDE(LVL("0", "upperRoman", "%1.", "")));

#define STYLE(type, id, body) "<w:style w:type=\"" type "\" w:styleId=\"" id "\">" body "</w:style>"
#define BASED(id)             "<w:basedOn w:val=\"" id "\"/>"
#define LISTED(body)          "<w:pPr><w:numPr>" body "</w:numPr></w:pPr>"
#define HIDDEN                "<w:rPr><w:vanish/></w:rPr>"

static const char styles[] =
    "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"a\"><w:name "
    "w:val=\"Normal\"/></w:style>" STYLE("paragraph", "1", LISTED("<w:numId w:val=\"1\"/>"))
        STYLE("paragraph", "2", BASED("1") LISTED("<w:ilvl w:val=\"1\"/>"))
            STYLE("paragraph", "11", BASED("1") "<w:pPr><w:pageBreakBefore/></w:pPr>")
                STYLE("numbering", "list", LISTED("<w:numId w:val=\"2\"/>"))
                    STYLE("paragraph", "hidden", HIDDEN) STYLE("character", "shy", HIDDEN)
                        STYLE("paragraph", "round", BASED("round"));

/* clang-format on */

static void list_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *body, *wanted;
    } rows[] = {
        {NUMBERED("1", "0", "提示") NUMBERED("1", "1", "甲") NUMBERED("1", "2", "乙")
             NUMBERED("1", "2", "丙") NUMBERED("1", "3", "丁") NUMBERED("1", "0", "概况")
                 NUMBERED("1", "1", "戊"),
         "第一节 提示\n一、甲\n（一）乙\n（二）丙\n1.丁\n第二节 概况\n一、戊\n"},
        {STYLED("1", "提示") STYLED("2", "甲") STYLED("2", "乙") STYLED("1", "概况"),
         "第一节 提示\n一、甲\n二、乙\n第二节 概况\n"},
        {P("x") STYLED("11", "提示"), "x\n\f第一节 提示\n"},
        {NUMBERED("2", "0", "a") NUMBERED("2", "1", "b") NUMBERED("2", "2", "c")
             NUMBERED("2", "0", "d") NUMBERED("2", "1", "e") NUMBERED("2", "2", "f"),
         "1 a\n1.1 b\na) c\n2 d\n2.1 e\nb) f\n"},
        {NUMBERED("2", "1", "a") NUMBERED("3", "0", "b") NUMBERED("3", "0", "c"),
         "1.1 a\n7 b\n8 c\n"},
        {NUMBERED("4", "0", "a") NUMBERED("0", "0", "b") NUMBERED("99", "0", "c"), "a\nb\nc\n"},
        {NUMBERED("5", "0", "a") NUMBERED("7", "0", "b"), "1 a\nII. b\n"},
        {NUMBERED("6", "0", "a") NUMBERED("6", "1", "b"), "第一章 a\n1.1 b\n"},
        {"<w:tbl><w:tr>" TC(NUMBERED("2", "0", "a") NUMBERED("2", "0", "b")) "</w:tr></w:tbl>",
         "1 a\n2 b\n"},
        {STYLED("hidden", "x") STYLED("round", "y") "<w:p><w:r><w:rPr><w:rStyle w:val=\"shy\"/>"
                                                    "</w:rPr><w:t>z</w:t></w:r></w:p>",
         "y\n\n"},
    };
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++)
        docx_assert_text(
            &(struct docx_parts){.body = rows[i].body, .styles = styles, .numbering = numbering},
            rows[i].wanted);
}

static void list_formats(void **state)
{
    (void)state;
    static const struct {
        const char *format;
        uint32_t number;
        const char *wanted;
    } rows[] = {
        {"decimal", 12, "12"},
        {"nothing known", 12, "12"},
        {"decimalZero", 7, "07"},
        {"decimalFullWidth", 12, "１２"},
        {"upperRoman", 1994, "MCMXCIV"},
        {"lowerRoman", 4000, "4000"},
        {"lowerLetter", 28, "bb"},
        {"upperLetter", 26, "Z"},
        {"chineseCounting", 10, "十"},
        {"chineseCounting", 11, "十一"},
        {"chineseCountingThousand", 20, "二十"},
        {"japaneseCounting", 105, "一百零五"},
        {"chineseCounting", 1010, "一千零一十"},
        {"chineseCounting", 110, "一百一十"},
        {"chineseCounting", 10000, "10000"},
        {"chineseLegalSimplified", 12, "壹拾贰"},
        {"ideographLegalTraditional", 3, "參"},
        {"ideographDigital", 20, "二〇"},
        {"ideographTraditional", 3, "丙"},
        {"ideographTraditional", 11, "11"},
        {"ideographZodiac", 12, "亥"},
        {"decimalEnclosedCircleChinese", 3, "③"},
        {"decimalEnclosedCircle", 21, "21"},
        {"decimalEnclosedParen", 1, "⑴"},
        {"decimalEnclosedFullstop", 20, "⒛"},
        {"ideographEnclosedCircle", 0, "0"},
        {"none", 3, ""},
    };
    struct gs_buf out;
    gs_buf_init(&out, 1024);
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        gs_buf_clear(&out);
        gs_list_number(&out, gs_list_format_of(rows[i].format, strlen(rows[i].format)),
                       rows[i].number);
        gs_buf_append_u8(&out, 0);
        assert_string_equal((const char *)out.data, rows[i].wanted);
    }
    gs_buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(list_numbers),
        cmocka_unit_test(list_formats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
