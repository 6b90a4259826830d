/* indexer: what the text of Word documents is. */
#include "indexer/extract_docx.h"
#include "indexer/list_label.h"
#include "tests/support/docx_make.h"
#include "tests/support/test.h"

#define MOST     ((size_t)256 << 20)
#define P(text)  "<w:p><w:r><w:t>" text "</w:t></w:r></w:p>"
#define R(text)  "<w:r><w:t xml:space=\"preserve\">" text "</w:t></w:r>"
#define TC(body) "<w:tc><w:tcPr><w:tcW w:w=\"1\"/></w:tcPr>" body "</w:tc>"

static void extract(const struct docx_parts *parts, struct gs_extracted *x)
{
    struct gs_buf docx;
    struct gs_err err = {.text = ""};
    static const struct gs_extract_params params = {.text_max = MOST};
    gs_buf_init(&docx, MOST);
    docx_make(&docx, parts);
    gs_extracted_init(x, MOST);
    gs_extracted_clear(x);
    assert_ok_err(gs_extract_docx(docx.data, docx.size, &params, x, &err), &err);
    gs_buf_append_u8(&x->text, 0);
    gs_buf_append_u8(&x->title, 0);
    gs_buf_append_u8(&x->furniture, 0);
    gs_buf_release(&docx);
}

static void check_text(const struct docx_parts *parts, const char *wanted)
{
    struct gs_extracted x;
    extract(parts, &x);
    if (strcmp((const char *)x.text.data, wanted) != 0)
        fail_msg("for %s\ngot    %s\nwanted %s", parts->body,
                 test_escape(x.text.data, x.text.size - 1), test_escape(wanted, strlen(wanted)));
    gs_extracted_release(&x);
}

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
        {"<w:p><w:r><w:sym w:font=\"Wingdings 2\" w:char=\"F052\"/></w:r>" R(
             "适用") "<w:r><w:sym w:font=\"Wingdings\" w:char=\"F0A8\"/></w:r>" R("不适用") "<w"
                                                                                            ":r"
                                                                                            "><"
                                                                                            "w:"
                                                                                            "sy"
                                                                                            "m "
                                                                                            "w:"
                                                                                            "fo"
                                                                                            "nt"
                                                                                            "="
                                                                                            "\""
                                                                                            "Sy"
                                                                                            "mb"
                                                                                            "ol"
                                                                                            "\""
                                                                                            " w"
                                                                                            ":c"
                                                                                            "ha"
                                                                                            "r="
                                                                                            "\""
                                                                                            "F0"
                                                                                            "61"
                                                                                            "\""
                                                                                            "/>"
                                                                                            "</"
                                                                                            "w:"
                                                                                            "r>"
                                                                                            "</"
                                                                                            "w:"
                                                                                            "p"
                                                                                            ">",
         "☑适用□不适用\n"},
        {"<w:p>" R("a") "<m:oMath><m:r><m:t>x+y</m:t></m:r></m:oMath></w:p>", "ax+y\n"},
        {"<w:p><w:pPr><w:tabs><w:tab w:val=\"left\" w:pos=\"1\"/></w:tabs><w:pPrChange>"
         "<w:pPr><w:numPr><w:numId w:val=\"1\"/></w:numPr></w:pPr></w:pPrChange></w:pPr>" R(
             "a") "</w:p>",
         "a\n"},
    };
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++)
        check_text(&(struct docx_parts){.body = rows[i].body}, rows[i].wanted);
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
        check_text(&(struct docx_parts){.body = rows[i].body}, rows[i].wanted);
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
        check_text(&(struct docx_parts){.body = rows[i].body}, rows[i].wanted);
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
        check_text(&(struct docx_parts){.body = rows[i].body}, rows[i].wanted);
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
        check_text(&parts, rows[i].wanted);
        extract(&parts, &x);
        assert_int_equal(x.pages, rows[i].pages);
        gs_extracted_release(&x);
    }
}

#define LVL(ilvl, format, text, more)                                                              \
    "<w:lvl w:ilvl=\"" ilvl "\"><w:start w:val=\"1\"/><w:numFmt w:val=\"" format                   \
    "\"/><w:lvlText w:val=\"" text "\"/>" more "</w:lvl>"
#define NUMBERED(list, level, text)                                                                \
    "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"" level "\"/><w:numId w:val=\"" list                     \
    "\"/></w:numPr></w:pPr>" R(text) "</w:p>"
#define STYLED(style, text) "<w:p><w:pPr><w:pStyle w:val=\"" style "\"/></w:pPr>" R(text) "</w:p>"

static const char numbering[] = "<w:abstractNum w:abstractNumId=\"0\">" LVL(
    "0", "japaneseCounting", "第%1节",
    "<w:pStyle w:val=\"1\"/>") LVL("1", "chineseCountingThousand", "%2、",
                                   "<w:pStyle w:val=\"2\"/>") LVL("2", "chineseCounting", "（%3）",
                                                                  "")
    LVL("3", "decimal", "%4.",
        "<w:suff w:val=\"nothing\"/>") "</w:abstractNum><w:abstractNum w:abstractNumId=\"1\">" LVL("0",
                                                                                                   "decimal",
                                                                                                   "%1",
                                                                                                   "")
        LVL("1", "decimal", "%1.%2", "") LVL(
            "2", "lowerLetter", "%3)",
            "<w:lvlRestart w:val=\"0\"/>") "</w:abstractNum><w:abstractNum "
                                           "w:abstractNumId=\"2\">" LVL(
                                               "0", "bullet", "•",
                                               "") "</"
                                                   "w:abstractNum><w:"
                                                   "abstractNum "
                                                   "w:abstractNumId=\"3\">"
                                                   "<w:numStyleLink "
                                                   "w:val=\"list\"/>"
                                                   "</"
                                                   "w:abstractNum><w:"
                                                   "abstractNum "
                                                   "w:abstractNumId="
                                                   "\"4\">" LVL("0", "chineseCounting", "第%1章",
                                                                "")
                                                       LVL("1", "decimal", "%1.%2",
                                                           "<w:isLgl/"
                                                           ">") "</"
                                                                "w:"
                                                                "abstr"
                                                                "actNu"
                                                                "m>"
                                                                "<w:"
                                                                "num "
                                                                "w:"
                                                                "numId"
                                                                "=\"1"
                                                                "\"><"
                                                                "w:"
                                                                "abstr"
                                                                "actNu"
                                                                "mId "
                                                                "w:"
                                                                "val="
                                                                "\"0\""
                                                                "/></"
                                                                "w:"
                                                                "num>"
                                                                "<w:"
                                                                "num "
                                                                "w:"
                                                                "numId"
                                                                "=\"2"
                                                                "\"><"
                                                                "w:"
                                                                "abstr"
                                                                "actNu"
                                                                "mId "
                                                                "w:"
                                                                "val="
                                                                "\"1\""
                                                                "/></"
                                                                "w:"
                                                                "num>"
                                                                "<w:"
                                                                "num "
                                                                "w:"
                                                                "numId"
                                                                "=\"3"
                                                                "\"><"
                                                                "w:"
                                                                "abstr"
                                                                "actNu"
                                                                "mId "
                                                                "w:"
                                                                "val="
                                                                "\"1\""
                                                                "/><w:"
                                                                "lvlOv"
                                                                "errid"
                                                                "e "
                                                                "w:"
                                                                "ilvl="
                                                                "\"0\""
                                                                ">"
                                                                "<w:"
                                                                "start"
                                                                "Overr"
                                                                "ide "
                                                                "w:"
                                                                "val="
                                                                "\"7\""
                                                                "/></"
                                                                "w:"
                                                                "lvlOv"
                                                                "errid"
                                                                "e></"
                                                                "w:"
                                                                "num>"
                                                                "<w:"
                                                                "num "
                                                                "w:"
                                                                "numId"
                                                                "=\"4"
                                                                "\"><"
                                                                "w:"
                                                                "abstr"
                                                                "actNu"
                                                                "mId "
                                                                "w:"
                                                                "val="
                                                                "\"2\""
                                                                "/></"
                                                                "w:"
                                                                "num>"
                                                                "<w:"
                                                                "num "
                                                                "w:"
                                                                "numId"
                                                                "=\"5"
                                                                "\"><"
                                                                "w:"
                                                                "abstr"
                                                                "actNu"
                                                                "mId "
                                                                "w:"
                                                                "val="
                                                                "\"3\""
                                                                "/></"
                                                                "w:"
                                                                "num>"
                                                                "<w:"
                                                                "num "
                                                                "w:"
                                                                "numId"
                                                                "=\"6"
                                                                "\"><"
                                                                "w:"
                                                                "abstr"
                                                                "actNu"
                                                                "mId "
                                                                "w:"
                                                                "val="
                                                                "\"4\""
                                                                "/></"
                                                                "w:"
                                                                "num>"
                                                                "<w:"
                                                                "num "
                                                                "w:"
                                                                "numId"
                                                                "=\"7"
                                                                "\"><"
                                                                "w:"
                                                                "abstr"
                                                                "actNu"
                                                                "mId "
                                                                "w:"
                                                                "val="
                                                                "\"1\""
                                                                "/><w:"
                                                                "lvlOv"
                                                                "errid"
                                                                "e "
                                                                "w:"
                                                                "ilvl="
                                                                "\"0\""
                                                                ">" LVL(
                                                                    "0",
                                                                    "u"
                                                                    "p"
                                                                    "p"
                                                                    "e"
                                                                    "r"
                                                                    "R"
                                                                    "o"
                                                                    "m"
                                                                    "a"
                                                                    "n",
                                                                    "%"
                                                                    "1"
                                                                    ".",
                                                                    "") "</w:lvlOverride></w:num>";

static const char styles[] =
    "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"a\"><w:name w:val=\"Normal\"/>"
    "</w:style>"
    "<w:style w:type=\"paragraph\" w:styleId=\"1\"><w:pPr><w:numPr><w:numId w:val=\"1\"/></w:numPr>"
    "</w:pPr></w:style>"
    "<w:style w:type=\"paragraph\" w:styleId=\"2\"><w:basedOn w:val=\"1\"/><w:pPr><w:numPr>"
    "<w:ilvl w:val=\"1\"/></w:numPr></w:pPr></w:style>"
    "<w:style w:type=\"paragraph\" w:styleId=\"11\"><w:basedOn w:val=\"1\"/><w:pPr>"
    "<w:pageBreakBefore/></w:pPr></w:style>"
    "<w:style w:type=\"numbering\" w:styleId=\"list\"><w:pPr><w:numPr><w:numId w:val=\"2\"/>"
    "</w:numPr></w:pPr></w:style>"
    "<w:style w:type=\"paragraph\" w:styleId=\"hidden\"><w:rPr><w:vanish/></w:rPr></w:style>"
    "<w:style w:type=\"character\" w:styleId=\"shy\"><w:rPr><w:vanish/></w:rPr></w:style>"
    "<w:style w:type=\"paragraph\" w:styleId=\"round\"><w:basedOn w:val=\"round\"/></w:style>";

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
        check_text(
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

static void other_parts(void **state)
{
    (void)state;
    struct gs_extracted x;
    extract(
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
    check_text(&(struct docx_parts){.body = P("严格"), .strict = true}, "严格\n");
    check_text(&(struct docx_parts){.body = "<x:p><x:r><x:t>前缀</x:t></x:r></x:p>"
                                            "<w:p xmlns:w=\"urn:x\"><w:t>别的</w:t></w:p>",
                                    .prefixed = true},
               "前缀\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paragraphs),
        cmocka_unit_test(tables),
        cmocka_unit_test(long_cells),
        cmocka_unit_test(text_boxes),
        cmocka_unit_test(pages),
        cmocka_unit_test(list_numbers),
        cmocka_unit_test(list_formats),
        cmocka_unit_test(other_parts),
        cmocka_unit_test(strict_and_other_prefixes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
