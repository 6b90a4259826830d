/* indexer: which encoding bytes are in. */
#include "indexer/plausible.h"
#include "tests/support/encoding_rows.h"
#include "tests/support/random_source.h"
#include "tests/support/test.h"

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
        {"UTF-8", encoding_simplified, NULL},
        {"GB18030", encoding_simplified, "GB18030"},
        {"GBK", encoding_simplified, "GB18030"},
        {"GB2312", encoding_simplified, "GB18030"},
        {"UTF-16LE", encoding_simplified, "UTF-16LE"},
        {"UTF-16BE", encoding_simplified, "UTF-16BE"},
        {"UTF-8", encoding_traditional, NULL},
        {"GB18030", encoding_traditional, "GB18030"},
        {"GBK", encoding_traditional, "GB18030"},
        {"BIG5", encoding_traditional, "BIG5-HKSCS"},
        {"BIG5-HKSCS", encoding_traditional, "BIG5-HKSCS"},
        {"UTF-16LE", encoding_traditional, "UTF-16LE"},
        {"UTF-16BE", encoding_traditional, "UTF-16BE"},
        {"UTF-16LE", encoding_english, "UTF-16LE"},
        {"UTF-16BE", encoding_english, "UTF-16BE"},
        {"UTF-8", encoding_english, NULL},
        {"GBK", encoding_english, NULL},
    };
    struct encoding_case c;
    encoding_case_init(&c);
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        encoding_write_str(rows[i].as, rows[i].text, &c.bytes);
        assert_ok(encoding_extract(c.bytes.data, c.bytes.size, NULL, &c.x));
        encoding_assert_text(&c.x, rows[i].text);
        assert_int_equal(c.x.replaced, 0);
        if (rows[i].found)
            assert_string_equal(c.x.encoding, rows[i].found);
        else
            assert_null(c.x.encoding);
        assert_true(encoding_found(&c.bytes).confidence > 0.75);
    }
    encoding_case_release(&c);
}

/* Long texts that are ASCII for the most part: tables with a heading here and there. */
static void a_little_chinese_among_much_latin(void **state)
{
    (void)state;
    static const char *const as[] = {"GBK", "BIG5-HKSCS", "UTF-16LE", "UTF-16BE", "UTF-8"};
    struct random_source r = {42};
    struct gs_buf text, bytes;
    gs_buf_init(&text, ENCODING_TEXT_MAX);
    gs_buf_init(&bytes, ENCODING_TEXT_MAX);
    for (uint32_t line = 0; line < 3000; line++) {
        gs_buf_printf(&text, "%u\t%u.%02u\tItem %u\n", line, random_below(&r, 9999999),
                      random_below(&r, 100), random_below(&r, 999));
        if (line % 1000 == 700)
            gs_buf_append_str(&text, "附表二 主要股份持有人 合計\n");
    }
    for (size_t i = 0; i < GS_COUNT_OF(as); i++) {
        gs_buf_clear(&bytes);
        encoding_write(as[i], (const char *)text.data, text.size, &bytes);
        assert_string_equal(encoding_found(&bytes).name, gs_encoding_canonical(as[i]));
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
    gs_buf_init(&bytes, ENCODING_TEXT_MAX);
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        encoding_write_str(rows[i][0], rows[i][1], &bytes);
        if (strcmp(encoding_found(&bytes).name, gs_encoding_canonical(rows[i][0])) != 0)
            test_fail("%s of %s is taken for %s", rows[i][0], rows[i][1],
                      encoding_found(&bytes).name);
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
    struct encoding_case c;
    encoding_case_init(&c);
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        gs_buf_clear(&c.bytes);
        gs_buf_append(&c.bytes, rows[i].mark, rows[i].size);
        encoding_write(rows[i].as, encoding_simplified, strlen(encoding_simplified), &c.bytes);
        assert_ok(encoding_extract(c.bytes.data, c.bytes.size, NULL, &c.x));
        encoding_assert_text(&c.x, encoding_simplified);
        assert_ok(encoding_extract(c.bytes.data, c.bytes.size, users[i], &c.x));
        if (users[i])
            encoding_assert_text(&c.x, encoding_simplified);
        assert_string_equal(encoding_found(&c.bytes).name, rows[i].as);
        assert_int_equal(encoding_found(&c.bytes).bom_size, rows[i].size);
        /* nothing but the mark */
        assert_ok(encoding_extract(rows[i].mark, rows[i].size, users[i], &c.x));
        assert_int_equal(c.x.text.size, 0);
    }
    encoding_case_release(&c);
}

static void the_user_is_obeyed(void **state)
{
    (void)state;
    struct gs_extracted x;
    gs_extracted_init(&x, ENCODING_TEXT_MAX);
    assert_ok(encoding_extract("\xC4\xBF", 2, "ISO-8859-1", &x));
    encoding_assert_text(&x, "Ä¿");
    assert_ok(encoding_extract("\xC4\xBF", 2, "GB2312", &x));
    encoding_assert_text(&x, "目");
    assert_ok(encoding_extract("\xC4\xBF", 2, "UTF-8", &x));
    encoding_assert_text(&x, "Ŀ");
    assert_ok(encoding_extract("\xC4", 1, "UTF-8", &x));
    assert_int_equal(x.replaced, 1);
    assert_ok(encoding_extract("a\0\x2D\x4E", 4, "UTF-16",
                               &x)); /* no mark: the order that reads better */
    encoding_assert_text(&x, "a中");
    assert_status(encoding_extract("a", 1, "no-such", &x), GAOSOU_E_ENCODING);
    assert_status(encoding_extract("a", 1, "GBK//IGNORE", &x), GAOSOU_E_ENCODING);
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
        {"UTF-8", encoding_simplified, "gb2312", "UTF-8", GS_ENCODING_BY_VALIDITY},
        {"UTF-8", encoding_simplified, "utf-8", "UTF-8", GS_ENCODING_BY_DECLARATION},
        {"GBK", encoding_traditional, "gb2312", "GB18030", GS_ENCODING_BY_DECLARATION},
        {"GBK", encoding_simplified, "iso-8859-1", "GB18030", GS_ENCODING_BY_DETECTION},
        {"GBK", encoding_simplified, "utf-8", "GB18030", GS_ENCODING_BY_DETECTION},
        {"GBK", encoding_simplified, "big5", "GB18030", GS_ENCODING_BY_DETECTION},
        {"BIG5", encoding_traditional, "gbk", "BIG5-HKSCS", GS_ENCODING_BY_DETECTION},
        {"BIG5", encoding_traditional, "no-such", "BIG5-HKSCS", GS_ENCODING_BY_DETECTION},
        {"GBK", "临2024-018", "gbk", "GB18030", GS_ENCODING_BY_DECLARATION},
        {"CP1252", "Soci\xC3\xA9t\xC3\xA9 G\xC3\xA9n\xC3\xA9rale, r\xC3\xA9sultat", "iso-8859-1",
         "CP1252", GS_ENCODING_BY_DECLARATION},
    };
    struct gs_buf bytes;
    gs_buf_init(&bytes, ENCODING_TEXT_MAX);
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        struct gs_encoding e;
        encoding_write_str(rows[i].as, rows[i].text, &bytes);
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
    struct encoding_case c;
    encoding_case_init(&c);
    /* the last character cut */
    assert_ok(encoding_extract(encoding_traditional, strlen(encoding_traditional) - 2, NULL, &c.x));
    gs_buf_append_str(&c.bytes, "云岭股份关于签订合同的公告");
    assert_ok(encoding_extract(c.bytes.data, c.bytes.size - 1, NULL, &c.x));
    encoding_assert_text(&c.x, "云岭股份关于签订合同的公\xEF\xBF\xBD");
    assert_int_equal(c.x.replaced, 1);
    assert_null(c.x.encoding);
    /* one byte in a hundred overwritten */
    gs_buf_clear(&c.bytes);
    for (int i = 0; i < 20; i++)
        gs_buf_append_str(&c.bytes, encoding_simplified);
    for (size_t i = 50; i < c.bytes.size; i += 100)
        c.bytes.data[i] = 0xFF;
    assert_ok(encoding_extract(c.bytes.data, c.bytes.size, NULL, &c.x));
    assert_null(c.x.encoding);
    assert_in_range(c.x.replaced, c.bytes.size / 100, c.bytes.size / 100 * 3);
    /* very short, and half of it broken */
    assert_ok(encoding_extract("净\xFF润\xE5", 8, NULL, &c.x));
    encoding_assert_text(&c.x, "净\xEF\xBF\xBD润\xEF\xBF\xBD");
    assert_ok(encoding_extract("a\377b\n", 4, NULL, &c.x));
    encoding_assert_text(&c.x, "a\xEF\xBF\xBD"
                               "b\n");
    /* a stray byte in ASCII */
    assert_ok(encoding_extract("Revenue rose by 12% in 2023 \xE9 and fell after", 44, NULL, &c.x));
    assert_int_equal(c.x.replaced, 1);
    encoding_case_release(&c);
}

static void other_languages_are_not_claimed(void **state)
{
    (void)state;
    static const char japanese[] =
        "当社は、平成三十年度の連結業績について、次のとおりお知らせいたします。"
        "なお、株主の皆様にはご迷惑をおかけし、深くお詫び申し上げます。";
    static const char *const as[] = {"EUC-JP", "CP932"};
    struct gs_buf bytes;
    gs_buf_init(&bytes, ENCODING_TEXT_MAX);
    for (size_t i = 0; i < GS_COUNT_OF(as); i++) {
        encoding_write_str(as[i], japanese, &bytes);
        struct gs_encoding e = encoding_found(&bytes);
        bool chinese = gs_encoding_family(e.name) == GS_FAMILY_GB ||
                       gs_encoding_family(e.name) == GS_FAMILY_BIG5;
        if (chinese && e.confidence > 0.7)
            test_fail("%s is taken for %s, %.2f sure", as[i], e.name, e.confidence);
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
        {encoding_simplified, 0.9, 1},
        {encoding_traditional, 0.85, 1},
        {encoding_english, 0.9, 1},
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
        cmocka_unit_test(other_languages_are_not_claimed),
        cmocka_unit_test(plausibility),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
