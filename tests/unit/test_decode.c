/* indexer: what comes out of bytes in an encoding, damaged ones too. */
#include "common/text/utf8.h"
#include "indexer/decode.h"
#include "indexer/extract_text.h"
#include "indexer/text_stream.h"
#include "tests/support/encoding_rows.h"
#include "tests/support/random_source.h"
#include "tests/support/test.h"

/* What is no text, and what is text with something wrong in it. */
static void binary_or_not(void **state)
{
    (void)state;
    struct encoding_case c;
    struct random_source r = {7};
    encoding_case_init(&c);
    assert_status(encoding_extract("a\0b", 3, NULL, &c.x), GAOSOU_E_INPUT);
    assert_status(encoding_extract("\0\0\0\0\0\0\0\0", 8, NULL, &c.x), GAOSOU_E_INPUT);
    for (size_t size = 64; size <= 65536; size *= 4) {
        gs_buf_clear(&c.bytes);
        while (c.bytes.size < size)
            gs_buf_append_u64(&c.bytes, random_next(&r));
        assert_status(encoding_extract(c.bytes.data, c.bytes.size, NULL, &c.x), GAOSOU_E_INPUT);
        assert_ok(
            encoding_extract(c.bytes.data, c.bytes.size, "GB18030", &c.x)); /* told so: read so */
    }
    gs_buf_clear(&c.bytes);
    gs_buf_append_str(&c.bytes, encoding_simplified);
    c.bytes.data[40] = 0;
    c.bytes.data[41] = 0;
    gs_buf_append(&c.bytes, "\0\0\0\0", 4);
    assert_ok(encoding_extract(c.bytes.data, c.bytes.size, NULL, &c.x));
    assert_null(memchr(c.x.text.data, 0, c.x.text.size));
    assert_true(c.x.replaced >= 6);
    encoding_case_release(&c);
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
    struct encoding_case c;
    encoding_case_init(&c);
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        encoding_write_str(rows[i].as, rows[i].text, &c.bytes);
        memcpy(c.bytes.data + rows[i].at, rows[i].bytes, rows[i].size);
        assert_ok(encoding_extract(c.bytes.data, c.bytes.size, rows[i].as, &c.x));
        encoding_assert_text(&c.x, rows[i].wanted);
        assert_int_equal(c.x.replaced, 1);
    }
    encoding_case_release(&c);
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
    struct encoding_case c;
    encoding_case_init(&c);
    for (size_t i = 0; i < 2; i++) {
        for (size_t at = 19; at < 29; at++) {
            encoding_write_str(as[i], texts[i], &c.bytes);
            memmove(c.bytes.data + at, c.bytes.data + at + 1, c.bytes.size - at - 1);
            assert_ok(encoding_extract(c.bytes.data, c.bytes.size - 1, as[i], &c.x));
            const char *tail = i == 0 ? "公司的申请作出批复\n二" : "的公告內容概不負責\n二";
            gs_buf_append_u8(&c.x.text, 0);
            if (!strstr((const char *)c.x.text.data, tail))
                test_fail("without byte %zu: %s", at, (const char *)c.x.text.data);
            assert_true(c.x.replaced <= 2); /* none where an ASCII trail byte was left over */
        }
    }
    encoding_case_release(&c);
}

static void big5_of_all_kinds(void **state)
{
    (void)state;
    struct gs_extracted x;
    gs_extracted_init(&x, ENCODING_TEXT_MAX);
    /* what HKSCS lacks of code page 950; its euro; HKSCS's own; a character that iconv holds back
     */
    assert_ok(encoding_extract("\xA1\xFE\xA1\xC3\xA2\xCC\xA3\xE1", 8, "Big5", &x));
    encoding_assert_text(&x, "／￣十€");
    assert_ok(encoding_extract("\x88\x66", 2, "Big5", &x));
    encoding_assert_text(&x, "Ê");
    assert_ok(encoding_extract("\x88\x62\x88\x66\xFF\xA4\x40", 7, "Big5", &x));
    encoding_assert_text(&x, "Ê̄Ê\xEF\xBF\xBD一");
    gs_extracted_release(&x);
}

/* Its only character. */
static uint32_t code_of(const struct gs_extracted *x)
{
    assert_int_not_equal(x->text.size, 0);
    struct gs_utf8_char c = gs_utf8_decode(x->text.data, x->text.size);
    assert_int_equal(c.size, x->text.size);
    return c.code;
}

/* Where the standard of 2022 differs from those before it: the vertical forms and the characters
 * that once had private code points have their own. Euro, supplementary planes and both ends of the
 * four-byte range as ever. */
static void gb18030_of_2022(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        uint32_t code;
    } rows[] = {
        {"\xA8\xBC", 0x1E3F},           {"\x81\x35\xF4\x37", 0xE7C7}, {"\xA6\xD9", 0xFE10},
        {"\xA6\xDA", 0xFE12},           {"\xA6\xDB", 0xFE11},         {"\xA6\xDC", 0xFE13},
        {"\xA6\xDD", 0xFE14},           {"\xA6\xDE", 0xFE15},         {"\xA6\xDF", 0xFE16},
        {"\xA6\xEC", 0xFE17},           {"\xA6\xED", 0xFE18},         {"\xA6\xF3", 0xFE19},
        {"\xFE\x59", 0x9FB4},           {"\xFE\x61", 0x9FB5},         {"\xFE\x66", 0x9FB6},
        {"\xFE\x67", 0x9FB7},           {"\xFE\x6D", 0x9FB8},         {"\xFE\x7E", 0x9FB9},
        {"\xFE\x90", 0x9FBA},           {"\xFE\xA0", 0x9FBB},         {"\xFE\x51", 0x20087},
        {"\xFE\x91", 0x241FE},          {"\xA2\xE3", 0x20AC},         {"\xA9\x89", 0x303E},
        {"\x82\x35\x8F\x33", 0x9FA6},   {"\x82\x35\x98\x33", 0xA000}, {"\x90\x30\x81\x30", 0x10000},
        {"\xE3\x32\x9A\x35", 0x10FFFF},
    };
    struct gs_extracted x;
    gs_extracted_init(&x, ENCODING_TEXT_MAX);
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        assert_ok(encoding_extract(rows[i].bytes, strlen(rows[i].bytes), "GB18030", &x));
        assert_int_equal(x.replaced, 0);
        if (code_of(&x) != rows[i].code)
            test_fail("row %zu is U+%04X and not U+%04X", i, code_of(&x), rows[i].code);
    }
    gs_extracted_release(&x);
}

/* The four-byte forms that went to the private code points: those, or U+FFFD; nothing else. */
static void gb18030_that_is_private(void **state)
{
    (void)state;
    static const char *const rows[] = {"\x84\x31\x82\x36", "\x84\x31\x82\x38", "\x82\x35\x90\x37",
                                       "\x82\x35\x91\x33"};
    struct gs_extracted x;
    gs_extracted_init(&x, ENCODING_TEXT_MAX);
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        assert_ok(encoding_extract(rows[i], 4, "GB18030", &x));
        uint32_t code = code_of(&x);
        assert_true(x.replaced == 1 ? code == GS_REPLACEMENT : code >= 0xE000 && code <= 0xF8FF);
    }
    gs_extracted_release(&x);
}

/* However the input is cut, also behind damage, the same comes out. */
static void every_split_gives_the_same(void **state)
{
    (void)state;
    static const char *const as[] = {"GB18030", "BIG5-HKSCS", "UTF-16LE", "UTF-16BE"};
    struct random_source r = {11};
    struct gs_buf bytes, whole, parts;
    gs_buf_init(&bytes, ENCODING_TEXT_MAX);
    gs_buf_init(&whole, ENCODING_TEXT_MAX);
    gs_buf_init(&parts, ENCODING_TEXT_MAX);
    for (size_t i = 0; i < 400; i++) {
        struct gs_decoder d;
        encoding_write_str(as[i % 4], i % 4 == 0 ? encoding_simplified : encoding_traditional,
                           &bytes);
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
    gs_buf_init(&bytes, ENCODING_TEXT_MAX);
    encoding_write_str("GBK", encoding_simplified, &bytes);
    for (int less = 0; less < 2; less++) {
        struct gs_extracted x;
        gs_extracted_init(&x, strlen(encoding_simplified) - (size_t)less);
        params.text_max = strlen(encoding_simplified) - (size_t)less;
        assert_status(gs_extract_text(bytes.data, bytes.size, &params, &x, NULL),
                      less ? GAOSOU_E_LIMIT : GAOSOU_OK);
        gs_extracted_release(&x);
    }
    gs_buf_release(&bytes);
}

/* A file of lines: the encoding is found on its first MB, and the rest is read in it. */
static void streams(void **state)
{
    (void)state;
    static const char *const as[] = {"UTF-8", "GB18030", "BIG5-HKSCS", "UTF-16LE", NULL};
    char *folder = test_folder_create(), *path = test_path(folder, "feed.jsonl");
    struct gs_buf text, bytes, read;
    gs_buf_init(&text, ENCODING_TEXT_MAX);
    gs_buf_init(&bytes, 4 * ENCODING_TEXT_MAX);
    gs_buf_init(&read, ENCODING_TEXT_MAX);
    while (text.size < (size_t)3 << 20)
        gs_buf_append_str(&text, encoding_traditional);
    for (size_t i = 0; as[i]; i++) {
        struct gs_text_stream s;
        gs_buf_clear(&bytes);
        gs_buf_clear(&read);
        if (i == 0)
            gs_buf_append(&bytes, "\xEF\xBB\xBF", 3);
        encoding_write(as[i], (const char *)text.data, text.size, &bytes);
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
    gs_buf_append_str(&text, encoding_simplified);
    encoding_write("GBK", (const char *)text.data, text.size, &bytes);
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
        cmocka_unit_test(binary_or_not),
        cmocka_unit_test(damage_stays_where_it_is),
        cmocka_unit_test(a_lost_byte_shifts_nothing),
        cmocka_unit_test(big5_of_all_kinds),
        cmocka_unit_test(gb18030_of_2022),
        cmocka_unit_test(gb18030_that_is_private),
        cmocka_unit_test(every_split_gives_the_same),
        cmocka_unit_test(the_cap_is_exact),
        cmocka_unit_test(streams),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
