/* indexer: which encoding bytes are in, and what comes out of them. */
#include "common/text/utf8.h"
#include "indexer/decode.h"
#include "indexer/extract_text.h"
#include "indexer/plausible.h"
#include "indexer/text_stream.h"
#include "tests/support/random_source.h"
#include "tests/support/test.h"

#include <iconv.h>

#define TEXT_MAX ((size_t)4 << 20)

static const char simplified[] = "证券代码:699123　证券简称:云岭股份　公告编号:临2024-018\n"
                                 "云岭精密机械股份有限公司关于签订重大合同的公告\n"
                                 "本公司董事会及全体董事保证本公告内容不存在任何虚假记载、误导性陈"
                                 "述或者重大遗漏，并对其内容的真实性、"
                                 "准确性和完整性承担法律责任。\n一、合同金额：人民币壹亿贰仟万元整"
                                 "（含税），约占公司2023年度经审计营业收入的12.5%。\n";
static const char traditional[] =
    "雲嶺精密機械控股有限公司（於開曼群島註冊成立之有限公司）股份代號：9123\n"
    "截至二零二三年十二月三十一日止年度之全年業績公告\n"
    "香港交易及結算所有限公司及香港聯合交易所有限公司對本公告的內容概不負責，對其準確性或完整性亦不"
    "發表任何聲明。\n"
    "收入　1,234,567　毛利　345,678　董事會不建議派發末期股息。\n";
static const char english[] =
    "Annual Report 2023\nRevenue rose 12.5% to RMB 1,234 million; see Note 7.\n";

/* Appends the UTF-8 in another encoding; the text must be expressible in it. */
static void encode(const char *to, const char *text, size_t size, struct gs_buf *out)
{
    iconv_t cd = iconv_open(to, "UTF-8");
    assert_true(cd != (iconv_t)-1);
    char *in = (char *)(uintptr_t)text, *at = (char *)gs_buf_reserve(out, size * 4 + 16);
    size_t left = size, room = size * 4 + 16;
    assert_non_null(at);
    assert_int_not_equal(iconv(cd, &in, &left, &at, &room), -1);
    assert_int_not_equal(iconv(cd, NULL, NULL, &at, &room), -1);
    out->size += size * 4 + 16 - room;
    iconv_close(cd);
}

static void encode_str(const char *to, const char *text, struct gs_buf *out)
{
    gs_buf_clear(out);
    encode(to, text, strlen(text), out);
}

static struct gs_encoding find(const struct gs_buf *b)
{
    struct gs_encoding e;
    gs_encoding_find(b->data, b->size, NULL, NULL, &e);
    return e;
}

/* The text of the bytes, read with `user` as the encoding that was told. */
static enum gaosou_status extract(const void *bytes, size_t size, const char *user,
                                  struct gs_extracted *out)
{
    struct gs_extract_params params = {.encoding = user, .text_max = TEXT_MAX};
    struct gs_err err = {0};
    gs_extracted_clear(out);
    enum gaosou_status status = gs_extract_text(bytes, size, &params, out, &err);
    if (status == GAOSOU_OK)
        assert_int_equal(gs_utf8_valid(out->text.data, out->text.size), out->text.size);
    return status;
}

static void assert_text(const struct gs_extracted *x, const char *wanted)
{
    size_t size = strlen(wanted);
    if (x->text.size != size || (size > 0 && memcmp(x->text.data, wanted, size) != 0)) {
        char *shown = test_escape(x->text.data, x->text.size);
        test_fail("got \"%s\" for \"%s\"", shown, wanted);
    }
}

static void names(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"utf8", "UTF-8"},          {"UTF_8", "UTF-8"},       {"gb2312", "GB18030"},
        {"GBK", "GB18030"},         {"x-gbk", "GB18030"},     {"CP936", "GB18030"},
        {"GB18030", "GB18030"},     {"Big5", "BIG5-HKSCS"},   {"big5-hkscs", "BIG5-HKSCS"},
        {"cp950", "BIG5-HKSCS"},    {"UTF-16LE", "UTF-16LE"}, {"iso-8859-1", "CP1252"},
        {"Windows-1252", "CP1252"}, {"Shift_JIS", "CP932"},   {"windows-1250", "CP1250"},
    };
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        const char *name = gs_encoding_canonical(rows[i][0]);
        assert_non_null(name);
        assert_string_equal(name, rows[i][1]);
        assert_string_equal(gs_encoding_canonical(name), name);
        assert_int_equal(gs_encoding_family(name), gs_encoding_family(rows[i][0]));
    }
    assert_null(gs_encoding_canonical("no-such"));
    assert_null(gs_encoding_canonical(""));
    assert_null(gs_encoding_canonical(NULL));
}

/* Every encoding of a text is found and gives the text back, whole and from its middle. */
static void encodings_are_found(void **state)
{
    (void)state;
    static const struct {
        const char *as, *text, *found;
    } rows[] = {
        {"UTF-8", simplified, NULL},
        {"GB18030", simplified, "GB18030"},
        {"GBK", simplified, "GB18030"},
        {"GB2312", simplified, "GB18030"},
        {"UTF-16LE", simplified, "UTF-16LE"},
        {"UTF-16BE", simplified, "UTF-16BE"},
        {"UTF-8", traditional, NULL},
        {"GB18030", traditional, "GB18030"},
        {"GBK", traditional, "GB18030"},
        {"BIG5", traditional, "BIG5-HKSCS"},
        {"BIG5-HKSCS", traditional, "BIG5-HKSCS"},
        {"UTF-16LE", traditional, "UTF-16LE"},
        {"UTF-16BE", traditional, "UTF-16BE"},
        {"UTF-16LE", english, "UTF-16LE"},
        {"UTF-16BE", english, "UTF-16BE"},
        {"UTF-8", english, NULL},
        {"GBK", english, NULL},
    };
    struct gs_extracted x;
    struct gs_buf bytes;
    gs_extracted_init(&x, TEXT_MAX);
    gs_buf_init(&bytes, TEXT_MAX);
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        encode_str(rows[i].as, rows[i].text, &bytes);
        assert_ok(extract(bytes.data, bytes.size, NULL, &x));
        assert_text(&x, rows[i].text);
        assert_int_equal(x.replaced, 0);
        if (rows[i].found)
            assert_string_equal(x.encoding, rows[i].found);
        else
            assert_null(x.encoding);
        assert_true(find(&bytes).confidence > 0.75);
    }
    gs_buf_release(&bytes);
    gs_extracted_release(&x);
}

/* Long texts that are ASCII for the most part: tables with a heading here and there. */
static void a_little_chinese_among_much_latin(void **state)
{
    (void)state;
    static const char *const as[] = {"GBK", "BIG5-HKSCS", "UTF-16LE", "UTF-16BE", "UTF-8"};
    struct random_source r = {42};
    struct gs_buf text, bytes;
    gs_buf_init(&text, TEXT_MAX);
    gs_buf_init(&bytes, TEXT_MAX);
    for (uint32_t line = 0; line < 3000; line++) {
        gs_buf_printf(&text, "%u\t%u.%02u\tItem %u\n", line, random_below(&r, 9999999),
                      random_below(&r, 100), random_below(&r, 999));
        if (line % 1000 == 700)
            gs_buf_append_str(&text, "附表二 主要股份持有人 合計\n");
    }
    for (size_t i = 0; i < GS_COUNT_OF(as); i++) {
        gs_buf_clear(&bytes);
        encode(as[i], (const char *)text.data, text.size, &bytes);
        assert_string_equal(find(&bytes).name, gs_encoding_canonical(as[i]));
    }
    gs_buf_release(&text);
    gs_buf_release(&bytes);
}

static void short_texts(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"GBK", "年度报告.txt\n年度报告.txt\n"},
        {"GBK", "关于股份质押的公告"},
        {"GBK", "二〇二三年年度报告"},
        {"GBK", "云岭股份：对外担保"},
        {"GBK", "联通"},
        {"GBK", "目32,700,00"},
        {"GBK", "人民币肆仟柒佰肆拾玖万元整"},
        {"BIG5", "截至年度全年業績公告"},
        {"BIG5", "股東週年大會通告"},
        {"BIG5", "民國一百一十二年度財報"},
        {"BIG5", "雲嶺控股：須予披露交易"},
        {"UTF-16LE", "关于股份质押的公告。"},
        {"UTF-16BE", "截至年度全年業績公告，"},
        {"UTF-8", "关于"},
        {"UTF-8", "壹仟柒佰柒拾肆圆柒分"},
    };
    struct gs_buf bytes;
    gs_buf_init(&bytes, TEXT_MAX);
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        encode_str(rows[i][0], rows[i][1], &bytes);
        if (strcmp(find(&bytes).name, gs_encoding_canonical(rows[i][0])) != 0)
            test_fail("%s of %s is taken for %s", rows[i][0], rows[i][1], find(&bytes).name);
    }
    gs_buf_release(&bytes);
}

static void marks(void **state)
{
    (void)state;
    static const struct {
        const char *mark;
        size_t size;
        const char *as;
    } rows[] = {
        {"\xEF\xBB\xBF", 3, "UTF-8"},    {"\xFF\xFE", 2, "UTF-16LE"},
        {"\xFE\xFF", 2, "UTF-16BE"},     {"\xFF\xFE\0\0", 4, "UTF-32LE"},
        {"\0\0\xFE\xFF", 4, "UTF-32BE"}, {"\x84\x31\x95\x33", 4, "GB18030"},
        {"\xEF\xBB\xBF", 3, "GB18030"}, /* a lying mark */
    };
    static const char *const users[] = {"UTF-8",    "UTF-16",  "UTF-16BE", "UTF-32",
                                        "UTF-32BE", "GB18030", NULL};
    struct gs_extracted x;
    struct gs_buf bytes;
    gs_extracted_init(&x, TEXT_MAX);
    gs_buf_init(&bytes, TEXT_MAX);
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        gs_buf_clear(&bytes);
        gs_buf_append(&bytes, rows[i].mark, rows[i].size);
        encode(rows[i].as, simplified, strlen(simplified), &bytes);
        assert_ok(extract(bytes.data, bytes.size, NULL, &x));
        assert_text(&x, simplified);
        assert_ok(extract(bytes.data, bytes.size, users[i], &x));
        if (users[i])
            assert_text(&x, simplified);
        assert_string_equal(find(&bytes).name, rows[i].as);
        assert_int_equal(find(&bytes).bom_size, rows[i].size);
        /* nothing but the mark */
        assert_ok(extract(rows[i].mark, rows[i].size, users[i], &x));
        assert_int_equal(x.text.size, 0);
    }
    gs_buf_release(&bytes);
    gs_extracted_release(&x);
}

static void the_user_is_obeyed(void **state)
{
    (void)state;
    struct gs_extracted x;
    gs_extracted_init(&x, TEXT_MAX);
    assert_ok(extract("\xC4\xBF", 2, "ISO-8859-1", &x));
    assert_text(&x, "Ä¿");
    assert_ok(extract("\xC4\xBF", 2, "GB2312", &x));
    assert_text(&x, "目");
    assert_ok(extract("\xC4\xBF", 2, "UTF-8", &x));
    assert_text(&x, "Ŀ");
    assert_ok(extract("\xC4", 1, "UTF-8", &x));
    assert_int_equal(x.replaced, 1);
    assert_ok(extract("a\0\x2D\x4E", 4, "UTF-16", &x)); /* no mark: the order that reads better */
    assert_text(&x, "a中");
    assert_status(extract("a", 1, "no-such", &x), GAOSOU_E_ENCODING);
    assert_status(extract("a", 1, "GBK//IGNORE", &x), GAOSOU_E_ENCODING);
    gs_extracted_release(&x);
}

static void declarations(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"<meta charset=gbk>", "GB18030"},
        {"<META CharSet = 'Big5' />", "BIG5-HKSCS"},
        {"<html><head><meta name=a content='charset=big5'><meta http-equiv=\"Content-Type\" "
         "content=\"text/html; charset=gb2312\">",
         "GB18030"},
        {"<meta content='text/html;charset=\"utf-8\"' http-equiv=content-type>", "UTF-8"},
        {"<meta http-equiv=content-type content=text/html;charset=gbk>", "GB18030"},
        {"<?xml version='1.0' encoding='GB18030'?><a/>", "GB18030"},
        {"\xEF\xBB\xBF\n<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "UTF-8"},
        {"<?xml version='1.0'?><meta charset=big5>", "BIG5-HKSCS"},
        {"<!-- <meta charset=big5> --><meta charset=gbk>", "GB18030"},
        {"<!--><meta charset=big5> -->", "BIG5-HKSCS"},
        {"<a title='<meta charset=big5>'>", NULL},
        {"<metadata charset=gbk>", NULL},
        {"<meta charset=utf-16>", "UTF-8"},
        {"<meta charset=none><meta charset=gbk>", "GB18030"},
        {"<meta charset=>", NULL},
        {"<meta charset", NULL},
        {"<meta", NULL},
        {"<meta http-equiv=content-type content='charset charset = gbk'", "GB18030"},
        {"<", NULL},
        {"<!--", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        size_t size = strlen(rows[i][0]);
        uint8_t *exact = malloc(size + 1); /* the sanitizer sees a read behind the end */
        memcpy(exact, rows[i][0], size + 1);
        exact = realloc(exact, size ? size : 1);
        const char *name = NULL;
        bool found = gs_encoding_declared(exact, size, &name);
        if (found != (rows[i][1] != NULL) || (found && strcmp(name, rows[i][1]) != 0))
            test_fail("%s: %s", rows[i][0], found ? name : "nothing");
        for (size_t cut = 0; cut < size; cut++)
            (void)gs_encoding_declared(exact + cut, size - cut, &name);
        free(exact);
    }
}

static void wrong_declarations(void **state)
{
    (void)state;
    static const struct {
        const char *as, *text, *declared, *found;
        enum gs_encoding_origin origin;
    } rows[] = {
        {"UTF-8", simplified, "gb2312", "UTF-8", GS_ENCODING_BY_VALIDITY},
        {"UTF-8", simplified, "utf-8", "UTF-8", GS_ENCODING_BY_DECLARATION},
        {"GBK", traditional, "gb2312", "GB18030", GS_ENCODING_BY_DECLARATION},
        {"GBK", simplified, "iso-8859-1", "GB18030", GS_ENCODING_BY_DETECTION},
        {"GBK", simplified, "utf-8", "GB18030", GS_ENCODING_BY_DETECTION},
        {"GBK", simplified, "big5", "GB18030", GS_ENCODING_BY_DETECTION},
        {"BIG5", traditional, "gbk", "BIG5-HKSCS", GS_ENCODING_BY_DETECTION},
        {"BIG5", traditional, "no-such", "BIG5-HKSCS", GS_ENCODING_BY_DETECTION},
        {"GBK", "临2024-018", "gbk", "GB18030", GS_ENCODING_BY_DECLARATION},
        {"CP1252", "Soci\xC3\xA9t\xC3\xA9 G\xC3\xA9n\xC3\xA9rale, r\xC3\xA9sultat", "iso-8859-1",
         "CP1252", GS_ENCODING_BY_DECLARATION},
    };
    struct gs_buf bytes;
    gs_buf_init(&bytes, TEXT_MAX);
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        struct gs_encoding e;
        encode_str(rows[i].as, rows[i].text, &bytes);
        gs_encoding_find(bytes.data, bytes.size, NULL, rows[i].declared, &e);
        if (strcmp(e.name, rows[i].found) != 0 || e.origin != rows[i].origin)
            test_fail("row %zu: %s declared %s is taken for %s, origin %d", i, rows[i].as,
                      rows[i].declared, e.name, (int)e.origin);
    }
    gs_buf_release(&bytes);
}

static void damaged_utf8_stays_utf8(void **state)
{
    (void)state;
    struct gs_extracted x;
    struct gs_buf bytes;
    gs_extracted_init(&x, TEXT_MAX);
    gs_buf_init(&bytes, TEXT_MAX);
    /* the last character cut */
    assert_ok(extract(traditional, strlen(traditional) - 2, NULL, &x));
    gs_buf_append_str(&bytes, "云岭股份关于签订合同的公告");
    assert_ok(extract(bytes.data, bytes.size - 1, NULL, &x));
    assert_text(&x, "云岭股份关于签订合同的公\xEF\xBF\xBD");
    assert_int_equal(x.replaced, 1);
    assert_null(x.encoding);
    /* one byte in a hundred overwritten */
    gs_buf_clear(&bytes);
    for (int i = 0; i < 20; i++)
        gs_buf_append_str(&bytes, simplified);
    for (size_t i = 50; i < bytes.size; i += 100)
        bytes.data[i] = 0xFF;
    assert_ok(extract(bytes.data, bytes.size, NULL, &x));
    assert_null(x.encoding);
    assert_in_range(x.replaced, bytes.size / 100, bytes.size / 100 * 3);
    /* very short, and half of it broken */
    assert_ok(extract("净\xFF润\xE5", 8, NULL, &x));
    assert_text(&x, "净\xEF\xBF\xBD润\xEF\xBF\xBD");
    assert_ok(extract("a\377b\n", 4, NULL, &x));
    assert_text(&x, "a\xEF\xBF\xBD"
                    "b\n");
    /* a stray byte in ASCII */
    assert_ok(extract("Revenue rose by 12% in 2023 \xE9 and fell after", 44, NULL, &x));
    assert_int_equal(x.replaced, 1);
    gs_buf_release(&bytes);
    gs_extracted_release(&x);
}

/* What is no text, and what is text with something wrong in it. */
static void binary_or_not(void **state)
{
    (void)state;
    struct gs_extracted x;
    struct gs_buf bytes;
    struct random_source r = {7};
    gs_extracted_init(&x, TEXT_MAX);
    gs_buf_init(&bytes, TEXT_MAX);
    assert_status(extract("a\0b", 3, NULL, &x), GAOSOU_E_INPUT);
    assert_status(extract("\0\0\0\0\0\0\0\0", 8, NULL, &x), GAOSOU_E_INPUT);
    for (size_t size = 64; size <= 65536; size *= 4) {
        gs_buf_clear(&bytes);
        while (bytes.size < size)
            gs_buf_append_u64(&bytes, random_next(&r));
        assert_status(extract(bytes.data, bytes.size, NULL, &x), GAOSOU_E_INPUT);
        assert_ok(extract(bytes.data, bytes.size, "GB18030", &x)); /* told so: read so */
    }
    gs_buf_clear(&bytes);
    gs_buf_append_str(&bytes, simplified);
    bytes.data[40] = 0;
    bytes.data[41] = 0;
    gs_buf_append(&bytes, "\0\0\0\0", 4);
    assert_ok(extract(bytes.data, bytes.size, NULL, &x));
    assert_null(memchr(x.text.data, 0, x.text.size));
    assert_true(x.replaced >= 6);
    gs_buf_release(&bytes);
    gs_extracted_release(&x);
}

static void other_languages_are_not_claimed(void **state)
{
    (void)state;
    static const char japanese[] =
        "当社は、平成三十年度の連結業績について、次のとおりお知らせいたします。"
        "なお、株主の皆様にはご迷惑をおかけし、深くお詫び申し上げます。";
    static const char *const as[] = {"EUC-JP", "CP932"};
    struct gs_buf bytes;
    gs_buf_init(&bytes, TEXT_MAX);
    for (size_t i = 0; i < GS_COUNT_OF(as); i++) {
        encode_str(as[i], japanese, &bytes);
        struct gs_encoding e = find(&bytes);
        bool chinese = gs_encoding_family(e.name) == GS_FAMILY_GB ||
                       gs_encoding_family(e.name) == GS_FAMILY_BIG5;
        if (chinese && e.confidence > 0.7)
            test_fail("%s is taken for %s, %.2f sure", as[i], e.name, e.confidence);
    }
    gs_buf_release(&bytes);
}

/* One wrong byte costs one U+FFFD and shifts nothing behind it. */
static void damage_stays_where_it_is(void **state)
{
    (void)state;
    static const struct {
        const char *as, *text;
        const char *bytes; /* put over the encoded text */
        size_t at, size;
        const char *wanted;
    } rows[] = {
        /* a lead, a trail, both */
        {"GB18030", "中国人民银行的公告", "\xFF", 4, 1, "中国\xEF\xBF\xBD民银行的公告"},
        {"GB18030", "中国人民银行的公告", "\xFF", 5, 1, "中国\xEF\xBF\xBD民银行的公告"},
        {"GB18030", "中国人民银行的公告", "\xFF\xFF", 4, 2, "中国\xEF\xBF\xBD民银行的公告"},
        {"BIG5-HKSCS", "香港交易所對本公告", "\xFF", 4, 1, "香港\xEF\xBF\xBD易所對本公告"},
        {"BIG5-HKSCS", "香港交易所對本公告", "\xFF", 5, 1, "香港\xEF\xBF\xBD易所對本公告"},
        {"UTF-16LE", "中国人民银行", "\x00\xD8", 4, 2, "中国\xEF\xBF\xBD民银行"},
        {"UTF-16LE", "中国人民银行", "\x00\xDC", 4, 2, "中国\xEF\xBF\xBD民银行"},
        {"UTF-16BE", "中国人民银行", "\xD8\x00", 4, 2, "中国\xEF\xBF\xBD民银行"},
        {"GB18030", "a中b国c", "\xD6\n", 1, 2, "a\xEF\xBF\xBD\nb国c"},
        {"GB18030", "0000中国", "\xE3\x32\x9A\x36", 0, 4, "\xEF\xBF\xBD中国"},
    };
    struct gs_extracted x;
    struct gs_buf bytes;
    gs_extracted_init(&x, TEXT_MAX);
    gs_buf_init(&bytes, TEXT_MAX);
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        encode_str(rows[i].as, rows[i].text, &bytes);
        memcpy(bytes.data + rows[i].at, rows[i].bytes, rows[i].size);
        assert_ok(extract(bytes.data, bytes.size, rows[i].as, &x));
        assert_text(&x, rows[i].wanted);
        assert_int_equal(x.replaced, 1);
    }
    gs_buf_release(&bytes);
    gs_extracted_release(&x);
}

/* A byte that is missing does not pair up all that follows wrongly; in Big5 the shift may end by
 * itself. */
static void a_lost_byte_shifts_nothing(void **state)
{
    (void)state;
    static const char *const as[] = {"GB18030", "BIG5-HKSCS"};
    static const char *const texts[] = {
        "公告如下\n中国人民银行决定对云岭精密机械股份有限公司的申请作出批复\n二",
        "公告如下\n香港交易所對雲嶺精密機械控股有限公司的公告內容概不負責\n二"};
    struct gs_extracted x;
    struct gs_buf bytes;
    gs_extracted_init(&x, TEXT_MAX);
    gs_buf_init(&bytes, TEXT_MAX);
    for (size_t i = 0; i < 2; i++) {
        for (size_t at = 19; at < 29; at++) {
            encode_str(as[i], texts[i], &bytes);
            memmove(bytes.data + at, bytes.data + at + 1, bytes.size - at - 1);
            assert_ok(extract(bytes.data, bytes.size - 1, as[i], &x));
            const char *tail = i == 0 ? "公司的申请作出批复\n二" : "的公告內容概不負責\n二";
            gs_buf_append_u8(&x.text, 0);
            if (!strstr((const char *)x.text.data, tail))
                test_fail("without byte %zu: %s", at, (const char *)x.text.data);
            assert_true(x.replaced <= 2); /* none where an ASCII trail byte was left over */
        }
    }
    gs_buf_release(&bytes);
    gs_extracted_release(&x);
}

static void big5_of_all_kinds(void **state)
{
    (void)state;
    struct gs_extracted x;
    gs_extracted_init(&x, TEXT_MAX);
    /* what HKSCS lacks of code page 950; its euro; HKSCS's own; a character that iconv holds back
     */
    assert_ok(extract("\xA1\xFE\xA1\xC3\xA2\xCC\xA3\xE1", 8, "Big5", &x));
    assert_text(&x, "／￣十€");
    assert_ok(extract("\x88\x66", 2, "Big5", &x));
    assert_text(&x, "Ê");
    assert_ok(extract("\x88\x62\x88\x66\xFF\xA4\x40", 7, "Big5", &x));
    assert_text(&x, "Ê̄Ê\xEF\xBF\xBD一");
    gs_extracted_release(&x);
}

/* Mappings that the standard of 2022 changed against that of 2000, and its new four-byte forms. */
static void gb18030_of_2022(void **state)
{
    (void)state;
    struct gs_extracted x;
    gs_extracted_init(&x, TEXT_MAX);
    assert_ok(extract("\xA8\xBC\x81\x35\xF4\x37", 6, "GB18030", &x));
    char *shown = test_escape(x.text.data, x.text.size);
    if (strcmp(shown, "ḿ\\uE7C7") != 0 && x.text.size != 6)
        test_fail("A8BC 8135F437 give %s", shown);
    free(shown);
    assert_int_equal(x.replaced, 0);
    gs_extracted_release(&x);
}

/* However the input is cut, also behind damage, the same comes out. */
static void every_split_gives_the_same(void **state)
{
    (void)state;
    static const char *const as[] = {"GB18030", "BIG5-HKSCS", "UTF-16LE", "UTF-16BE"};
    struct random_source r = {11};
    struct gs_buf bytes, whole, parts;
    gs_buf_init(&bytes, TEXT_MAX);
    gs_buf_init(&whole, TEXT_MAX);
    gs_buf_init(&parts, TEXT_MAX);
    for (size_t i = 0; i < 400; i++) {
        struct gs_decoder d;
        encode_str(as[i % 4], i % 4 == 0 ? simplified : traditional, &bytes);
        for (uint32_t n = random_below(&r, 12); n > 0; n--)
            bytes.data[random_below(&r, (uint32_t)bytes.size)] = (uint8_t)random_next(&r);
        assert_ok(gs_decoder_open(&d, as[i % 4], NULL));
        gs_buf_clear(&whole);
        assert_ok(gs_decoder_feed(&d, bytes.data, bytes.size, true, &whole));
        uint64_t replaced = d.replaced;
        assert_int_equal(gs_utf8_valid(whole.data, whole.size), whole.size);
        gs_decoder_reset(&d);
        gs_buf_clear(&parts);
        uint32_t most = i < 40 ? 1 : random_between(&r, 1, 90);
        for (size_t at = 0, size; at < bytes.size; at += size) {
            size = random_between(&r, 1, most);
            size = size < bytes.size - at ? size : bytes.size - at;
            bool last = at + size == bytes.size && random_once_in(&r, 2);
            assert_ok(gs_decoder_feed(&d, bytes.data + at, size, last, &parts));
        }
        assert_ok(gs_decoder_feed(&d, NULL, 0, true, &parts));
        assert_int_equal(parts.size, whole.size);
        assert_memory_equal(parts.data, whole.data, whole.size);
        assert_int_equal(d.replaced, replaced);
        gs_decoder_close(&d);
    }
    gs_buf_release(&bytes);
    gs_buf_release(&whole);
    gs_buf_release(&parts);
}

static void the_cap_is_exact(void **state)
{
    (void)state;
    struct gs_extract_params params = {0};
    struct gs_buf bytes;
    gs_buf_init(&bytes, TEXT_MAX);
    encode_str("GBK", simplified, &bytes);
    for (int less = 0; less < 2; less++) {
        struct gs_extracted x;
        gs_extracted_init(&x, strlen(simplified) - (size_t)less);
        params.text_max = strlen(simplified) - (size_t)less;
        assert_status(gs_extract_text(bytes.data, bytes.size, &params, &x, NULL),
                      less ? GAOSOU_E_LIMIT : GAOSOU_OK);
        gs_extracted_release(&x);
    }
    gs_buf_release(&bytes);
}

static void plausibility(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double low, high;
    } rows[] = {
        {"", 1, 1},
        {simplified, 0.9, 1},
        {traditional, 0.85, 1},
        {english, 0.9, 1},
        {"1,234.56\t789\t0.12%\n", 0.95, 1},
        {"当社は次のとおりお知らせいたします", 0.4, 0.75},
        {"锘垮叧浜庣鎶鐨勫叕鍛", 0, 0.4}, /* UTF-8 read as GBK */
        {"\xEE\x80\x80\xEE\x80\x81\xEE\x80\x82", 0, 0},
        {"\x01\x02\x03\x04\x05", 0, 0},
        {"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD", 0, 0},
        {"å…³äºŽè‚¡ä»½", 0, 0.4}, /* UTF-8 read as Latin-1 */
    };
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        double got = gs_text_plausibility((const uint8_t *)rows[i].text, strlen(rows[i].text));
        if (got < rows[i].low || got > rows[i].high)
            test_fail("%s: %.3f", rows[i].text, got);
    }
}

/* A file of lines: the encoding is found on its first MB, and the rest is read in it. */
static void streams(void **state)
{
    (void)state;
    static const char *const as[] = {"UTF-8", "GB18030", "BIG5-HKSCS", "UTF-16LE", NULL};
    char *folder = test_folder_create(), *path = test_path(folder, "feed.jsonl");
    struct gs_buf text, bytes, read;
    gs_buf_init(&text, TEXT_MAX);
    gs_buf_init(&bytes, 4 * TEXT_MAX);
    gs_buf_init(&read, TEXT_MAX);
    while (text.size < (size_t)3 << 20)
        gs_buf_append_str(&text, traditional);
    for (size_t i = 0; as[i]; i++) {
        struct gs_text_stream s;
        gs_buf_clear(&bytes);
        gs_buf_clear(&read);
        if (i == 0)
            gs_buf_append(&bytes, "\xEF\xBB\xBF", 3);
        encode(as[i], (const char *)text.data, text.size, &bytes);
        test_file_write(path, bytes.data, bytes.size);
        assert_ok(gs_text_stream_open(&s, path, GS_PACKING_NONE, NULL, NULL));
        assert_string_equal(s.encoding.name, as[i]);
        while (!s.at_end)
            assert_ok(gs_text_stream_read(&s, &read, NULL));
        gs_text_stream_close(&s);
        assert_int_equal(read.size, text.size);
        assert_memory_equal(read.data, text.data, text.size);
    }
    struct gs_text_stream s;
    /* nothing but ASCII in the first MB */
    gs_buf_clear(&text);
    gs_buf_clear(&bytes);
    gs_buf_clear(&read);
    for (uint32_t i = 0; text.size < ((size_t)3 << 20) / 2; i++)
        gs_buf_printf(&text, "{\"id\": \"%u\", \"text\": \"Item %u\"}\n", i, i % 97);
    gs_buf_append_str(&text, simplified);
    encode("GBK", (const char *)text.data, text.size, &bytes);
    test_file_write(path, bytes.data, bytes.size);
    assert_ok(gs_text_stream_open(&s, path, GS_PACKING_NONE, NULL, NULL));
    while (!s.at_end)
        assert_ok(gs_text_stream_read(&s, &read, NULL));
    assert_string_equal(s.encoding.name, "GB18030");
    gs_text_stream_close(&s);
    assert_int_equal(read.size, text.size);
    assert_memory_equal(read.data, text.data, text.size);
    assert_status(gs_text_stream_open(&s, path, GS_PACKING_NONE, "no-such", NULL),
                  GAOSOU_E_ENCODING);
    test_file_write(path, "", 0);
    assert_ok(gs_text_stream_open(&s, path, GS_PACKING_NONE, NULL, NULL));
    assert_ok(gs_text_stream_read(&s, &read, NULL));
    assert_true(s.at_end);
    gs_text_stream_close(&s);
    gs_buf_release(&text);
    gs_buf_release(&bytes);
    gs_buf_release(&read);
    free(path);
    test_folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names),
        cmocka_unit_test(encodings_are_found),
        cmocka_unit_test(a_little_chinese_among_much_latin),
        cmocka_unit_test(short_texts),
        cmocka_unit_test(marks),
        cmocka_unit_test(the_user_is_obeyed),
        cmocka_unit_test(declarations),
        cmocka_unit_test(wrong_declarations),
        cmocka_unit_test(damaged_utf8_stays_utf8),
        cmocka_unit_test(binary_or_not),
        cmocka_unit_test(other_languages_are_not_claimed),
        cmocka_unit_test(damage_stays_where_it_is),
        cmocka_unit_test(a_lost_byte_shifts_nothing),
        cmocka_unit_test(big5_of_all_kinds),
        cmocka_unit_test(gb18030_of_2022),
        cmocka_unit_test(every_split_gives_the_same),
        cmocka_unit_test(the_cap_is_exact),
        cmocka_unit_test(plausibility),
        cmocka_unit_test(streams),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
