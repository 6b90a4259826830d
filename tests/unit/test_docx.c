/* indexer: what the text of Word documents is. */
#include "tests/support/docx_rows.h"
#include "tests/support/test.h"

#define SYM(font, code) "<w:r><w:sym w:font=\"" font "\" w:char=\"" code "\"/></w:r>"

static void paragraphs(void **state)
{
    (void)state;
    static const struct {
        const char *body, *wanted;
    } rows[] = {
        {"", ""},
        {P("一") P("二"), "一\n二\n"},
        {"<w:p>" R("净") R("利润") "</w:p>", "净利润\n"},
        {P("一") "<w:p/><w:p/><w:p/>" P("二"), "一\n\n二\n"},
        {"<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:cr/><w:t>d</w:t>"
         "<w:noBreakHyphen/><w:softHyphen/><w:t>e</w:t></w:r></w:p>",
         "a\tb\nc\nd-e\n"},
        {"<w:p><w:r><w:t>a&#9;b\n c</w:t></w:r></w:p>", "a b  c\n"},
        {"<w:p>" R("a") "<w:ins>" R(
             "b") "</w:ins><w:del><w:r><w:delText>c</w:delText>"
                  "<w:t>d</w:t></w:r></w:del><w:moveFrom>" R("e") "</w:moveFrom><w:moveTo>" R(
                      "f") "</w:moveTo></w:p>",
         "abf\n"},
        {"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>" R("前") "</w:p>" P("后"), "前后\n"},
        {"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>x</w:t></w:r>"
         "<w:r><w:rPr><w:vanish w:val=\"0\"/></w:rPr><w:t>y</w:t></w:r>" R("z") "</w:p>",
         "yz\n"},
        {"<w:p><w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr>" R("x") "</w:p>", "x\n"},
    };
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++)
        docx_assert_text(&(struct docx_parts){.body = rows[i].body}, rows[i].wanted);
}

/* Fields, links, controls, ruby, symbols, formulas. */
static void what_stands_in_a_paragraph(void **state)
{
    (void)state;
    static const struct {
        const char *body, *wanted;
    } rows[] = {
        {"<w:p><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText>PAGEREF _1"
         "</w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>" R(
             "5") "<w:r><w:fldChar w:fldCharType=\"end\"/></w:r><w:fldSimple "
                  "w:instr=\"DATE\">" R("6") "</w:fldSimple></w:p>",
         "56\n"},
        {"<w:p><w:hyperlink>" R("a") "</w:hyperlink><w:sdt><w:sdtPr><w:rPr><w:vanish/></w:rPr>"
                                     "<w:placeholder/></w:sdtPr><w:sdtContent>" R(
                                         "b") "</w:sdtContent></w:sdt></w:p>"
                                              "<w:sdt><w:sdtContent>" P(
                                                  "c") "</w:sdtContent></w:sdt>",
         "ab\nc\n"},
        {"<w:p><w:r><w:ruby><w:rt>" R("jing") "</w:rt><w:rubyBase>" R(
             "净") "</w:rubyBase></w:ruby></w:r></w:p>",
         "净\n"},
        {"<w:p>" SYM("Wingdings 2", "F052") R("适用") SYM("Wingdings", "F0A8") R("不适用")
             SYM("Symbol", "F061") "</w:p>",
         "☑适用□不适用\n"},
        {"<w:p>" R("a") "<m:oMath><m:r><m:t>x+y</m:t></m:r></m:oMath></w:p>", "ax+y\n"},
        {"<w:p><w:pPr><w:tabs><w:tab w:val=\"left\" w:pos=\"1\"/></w:tabs><w:pPrChange>"
         "<w:pPr><w:numPr><w:numId w:val=\"1\"/></w:numPr></w:pPr></w:pPrChange></w:pPr>" R(
             "a") "</w:p>",
         "a\n"},
    };
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++)
        docx_assert_text(&(struct docx_parts){.body = rows[i].body}, rows[i].wanted);
}

static void tables(void **state)
{
    (void)state;
    static const struct {
        const char *body, *wanted;
    } rows[] = {
        {"<w:tbl><w:tr>" TC(P("项目")) TC(P("金额")) "</w:tr><w:tr>" TC(P("净利润"))
             TC(P("1,234")) "</w:tr></w:tbl>" P("后"),
         "项目\t金额\n净利润\t1,234\n后\n"},
        {"<w:tbl><w:tr>" TC("<w:p/>") TC(P("a")) TC("<w:p/>") "</w:tr><w:tr>" TC("<w:p/>")
             TC("<w:p/>") "</w:tr></w:tbl>",
         "\ta\n"},
        {"<w:tbl><w:tr>" TC(P("净利润") P("（万元）")) TC("<w:p><w:r><w:t>股东名</w:t><w:br/>"
                                                          "<w:t>称</w:t><w:br/><w:t>x</w:t>"
                                                          "</w:r></w:p>") "</w:tr></w:tbl>",
         "净利润 （万元）\t股东名称 x\n"},
        {"<w:tbl><w:tr>" TC("<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t></w:r></w:p>"
                            "<w:p/>") TC(P("c")) "</w:tr></w:tbl>",
         "a b\tc\n"},
        {"<w:tbl><w:tr>" TC(P("外") "<w:tbl><w:tr>" TC(P("内一")) TC(P("内二")) "</w:tr><w:tr>" TC(
             P("内三")) "</w:tr></w:tbl><w:p/>") TC(P("尾")) "</w:tr>"
                                                             "</w:tbl>",
         "外\n内一\t内二\n内三\n尾\n"},
        {"<w:tbl><w:tr>" TC("<w:tbl><w:tr>" TC(P("a")) "</w:tr></w:tbl>" P("b")) "</w:tr>"
                                                                                 "</w:tbl>",
         "a\nb\n"},
        {"<w:tbl><w:tr><w:trPr><w:del/></w:trPr>" TC(P("删")) "</w:tr><w:tr><w:trPr><w:ins/>"
                                                              "</w:trPr>" TC(P("增")) "</w:tr>"
                                                                                      "</w:tbl>",
         "增\n"},
    };
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++)
        docx_assert_text(&(struct docx_parts){.body = rows[i].body}, rows[i].wanted);
}

#define LONG /* 306 bytes */                                                                                                                     \
    "甲公司近期经营情况稳定，订单充足，产能利用率保持在较高水平，研发投入持续增加，海外市场拓展顺" \
    "利"                                                                                                                                        \
    "，预计全年营业收入与净利润均将实现增长，具体数据请以公司披露的定期报告为准，敬请广大投资者注" \
    "意投资"                                                                                                                                  \
    "风险谢谢"

/* Records of meetings put questions and answers of many pages into one cell. */
static void long_cells(void **state)
{
    (void)state;
    static const struct {
        const char *body, *wanted;
    } rows[] = {
        {"<w:tbl><w:tr>" TC(P("内容")) TC(P("问") P(LONG)) TC(P("尾")) "</w:tr></w:tbl>",
         "内容\t问\n" LONG "\n尾\n"},
        {"<w:tbl><w:tr>" TC(P("内容"))
             TC("<w:p><w:r><w:t>问</w:t><w:br/><w:t>" LONG "</w:t></w:r></w:p>"
                "<w:p><w:r><w:lastRenderedPageBreak/><w:t>答</w:t></w:r></w:p>")
                 TC("<w:p/>") "</w:tr></w:tbl>",
         "内容\t问\n" LONG "\n\f答\n"},
        {"<w:tbl><w:tr>" TC(P("内容")) TC(P(LONG) "<w:p><w:r><w:lastRenderedPageBreak/>"
                                                  "<w:t>一</w:t></w:r></w:p>")
             TC(P(LONG) "<w:p><w:r><w:lastRenderedPageBreak/><w:t>二</w:t></w:r></w:p>"
                        "<w:p><w:r><w:lastRenderedPageBreak/><w:t>三</w:t></w:r></w:p>") "</w:tr></"
                                                                                         "w:tbl>",
         "内容\t" LONG "\n\f一\n" LONG "\n二\n三\n\f"},
        {"<w:tbl><w:tr>" TC(P("独") P("格")) "</w:tr></w:tbl>", "独\n格\n"},
        {"<w:tbl><w:tr>" TC(P("项")) TC("<w:tbl><w:tr>" TC(P("a")) TC(P("b")) "</w:tr><w:tr>" TC(
             P("c")) TC(P("d")) "</w:tr></w:tbl><w:p/>") TC(P("尾")) "</w:tr></w:tbl>",
         "项\ta\tb\nc\td\n尾\n"},
        {"<w:p>" R("前") "<w:tbl><w:tr>" TC(P("a")) "</w:tr></w:tbl></w:p>", "前\na\n"},
    };
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++)
        docx_assert_text(&(struct docx_parts){.body = rows[i].body}, rows[i].wanted);
}

#define BOX(body)                                                                                  \
    "<w:r><mc:AlternateContent><mc:Choice Requires=\"wps\"><w:drawing><w:txbxContent>" body        \
    "</w:txbxContent></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent>" body \
    "</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"

static void text_boxes(void **state)
{
    (void)state;
    static const struct {
        const char *body, *wanted;
    } rows[] = {
        {"<w:p>" R("前") BOX(P("框")) R("后") "</w:p>" P("次"), "前后\n框\n次\n"},
        {"<w:p>" BOX("<w:p>" R("一") BOX(P("二")) "</w:p>" P("三")) R("零") "</w:p>",
         "零\n一\n二\n三\n"},
        {"<w:tbl><w:tr>" TC("<w:p>" R("格") BOX(P("框") P("二")) "</w:p>")
             TC(P("次")) "</w:tr></w:tbl>",
         "格 框 二\t次\n"},
        {"<w:p>" BOX("<w:tbl><w:tr>" TC(P("a")) TC(P("b")) "</w:tr></w:tbl>") R("c") "</w:p>",
         "c\na\tb\n"},
        {"<w:p><w:r><w:pict><v:textbox><w:txbxContent>" P("v") "</w:txbxContent></v:textbox>"
                                                               "</w:pict></w:r></w:p>",
         "v\n"},
    };
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++)
        docx_assert_text(&(struct docx_parts){.body = rows[i].body}, rows[i].wanted);
}

#define BREAK "<w:br w:type=\"page\"/>"
#define MARK  "<w:lastRenderedPageBreak/>"

static void pages(void **state)
{
    (void)state;
    static const struct {
        const char *body, *wanted;
        uint32_t pages;
    } rows[] = {
        {P("a"), "a\n", 0},
        {P("a") "<w:p><w:r>" MARK "<w:t>b</w:t></w:r></w:p>", "a\n\fb\n", 2},
        {P("a") "<w:p><w:r>" BREAK "</w:r></w:p><w:p><w:r>" MARK "<w:t>b</w:t></w:r></w:p>",
         "a\n\f\nb\n", 2},
        {"<w:p>" R("a") "<w:r>" BREAK "</w:r><w:r>" BREAK "</w:r>" R("b") "</w:p>", "a\f\fb\n", 3},
        {"<w:p><w:r>" MARK "<w:t>a</w:t></w:r></w:p>", "a\n", 0},
        {"<w:p>" R("段") "<w:r>" MARK "<w:t>落</w:t></w:r></w:p>", "段\f落\n", 2},
        {P("a") "<w:p><w:pPr><w:pageBreakBefore/></w:pPr><w:r>" MARK "<w:t>b</w:t></w:r></w:p>",
         "a\n\fb\n", 2},
        {P("a") "<w:p><w:pPr><w:sectPr><w:pgSz/></w:sectPr></w:pPr>" R("b") "</w:p>" P("c"),
         "a\nb\n\fc\n", 2},
        {"<w:p><w:pPr><w:sectPr><w:type w:val=\"continuous\"/></w:sectPr></w:pPr>" R(
             "b") "</w:p>" P("c") "<w:sectPr/>",
         "b\nc\n", 0},
        /* a row that begins on a new page; one that is broken over two, in both its cells */
        {P("a") "<w:tbl><w:tr>" TC("<w:p/>")
             TC("<w:p><w:r>" MARK "<w:t>b</w:t></w:r></w:p>") "</w:tr></w:tbl>",
         "a\n\f\tb\n", 2},
        {"<w:tbl><w:tr>" TC(P("a") "<w:p><w:r>" MARK "<w:t>b</w:t></w:r></w:p>")
             TC(P("c") "<w:p><w:r>" MARK "<w:t>d</w:t></w:r></w:p>") "</w:tr></w:tbl>",
         "a b\tc d\n\f", 2},
        {"<w:p>" R("a") BOX("<w:p><w:r>" BREAK "<w:t>b</w:t></w:r></w:p>") "</w:p>", "a\nb\n", 0},
    };
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        struct gs_extracted x;
        const struct docx_parts parts = {.body = rows[i].body};
        docx_assert_text(&parts, rows[i].wanted);
        docx_extract(&parts, &x);
        assert_int_equal(x.pages, rows[i].pages);
        gs_extracted_release(&x);
    }
}

static void other_parts(void **state)
{
    (void)state;
    struct gs_extracted x;
    docx_extract(
        &(struct docx_parts){
            .body = "<w:p>" R("正文") "<w:r><w:footnoteReference w:id=\"1\"/></w:r></w:p>",
            .footnotes = "<w:footnote w:type=\"separator\" w:id=\"-1\">" P(
                "—") "</w:footnote>"
                     "<w:footnote w:id=\"1\"><w:p><w:r><w:footnoteRef/></w:r>" R(
                         "脚注") "</w:p></w:footnote>",
            .endnotes = "<w:endnote w:id=\"1\">" P("尾注") "</w:endnote>",
            .header = P("甲公司2023年年度报告") "<w:p/>",
            .footer = P("甲公司2023年年度报告") P("第 1 页"),
            .title = " 年度&amp;报告 ",
        },
        &x);
    assert_string_equal((const char *)x.text.data, "正文\n脚注\n尾注\n");
    assert_string_equal((const char *)x.title.data, "年度&报告");
    assert_string_equal((const char *)x.furniture.data, "甲公司2023年年度报告\n第 1 页\n");
    gs_extracted_release(&x);
}

static void strict_and_other_prefixes(void **state)
{
    (void)state;
    docx_assert_text(&(struct docx_parts){.body = P("严格"), .strict = true}, "严格\n");
    docx_assert_text(&(struct docx_parts){.body = "<x:p><x:r><x:t>前缀</x:t></x:r></x:p>"
                                                  "<w:p xmlns:w=\"urn:x\"><w:t>别的</w:t></w:p>",
                                          .prefixed = true},
                     "前缀\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paragraphs),  cmocka_unit_test(what_stands_in_a_paragraph),
        cmocka_unit_test(tables),      cmocka_unit_test(long_cells),
        cmocka_unit_test(text_boxes),  cmocka_unit_test(pages),
        cmocka_unit_test(other_parts), cmocka_unit_test(strict_and_other_prefixes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
