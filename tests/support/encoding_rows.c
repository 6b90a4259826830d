#include "tests/support/encoding_rows.h"

#include "indexer/decode.h"
#include "indexer/extract_text.h"
#include "tests/support/test.h"

#include <iconv.h>

const char encoding_simplified[] =
    "证券代码:699123　证券简称:云岭股份　公告编号:临2024-018\n"
    "云岭精密机械股份有限公司关于签订重大合同的公告\n"
    "本公司董事会及全体董事保证本公告内容不存在任何虚假记载、误导性陈"
    "述或者重大遗漏，并对其内容的真实性、"
    "准确性和完整性承担法律责任。\n一、合同金额：人民币壹亿贰仟万元整"
    "（含税），约占公司2023年度经审计营业收入的12.5%。\n";
const char encoding_traditional[] =
    "雲嶺精密機械控股有限公司（於開曼群島註冊成立之有限公司）股份代號：9123\n"
    "截至二零二三年十二月三十一日止年度之全年業績公告\n"
    "香港交易及結算所有限公司及香港聯合交易所有限公司對本公告的內容概不負責，對其準確性或完整性亦不"
    "發表任何聲明。\n"
    "收入　1,234,567　毛利　345,678　董事會不建議派發末期股息。\n";
const char encoding_english[] =
    "Annual Report 2023\nRevenue rose 12.5% to RMB 1,234 million; see Note 7.\n";

void encoding_case_init(struct encoding_case *c)
{
    gs_extracted_init(&c->x, ENCODING_TEXT_MAX);
    gs_buf_init(&c->bytes, ENCODING_TEXT_MAX);
}

void encoding_case_release(struct encoding_case *c)
{
    gs_buf_release(&c->bytes);
    gs_extracted_release(&c->x);
}

void encoding_write(const char *to, const char *text, size_t size, struct gs_buf *out)
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

void encoding_write_str(const char *to, const char *text, struct gs_buf *out)
{
    gs_buf_clear(out);
    encoding_write(to, text, strlen(text), out);
}

struct gs_encoding encoding_found(const struct gs_buf *b)
{
    struct gs_encoding e;
    gs_encoding_find(b->data, b->size, NULL, NULL, &e);
    return e;
}

enum gaosou_status encoding_extract(const void *bytes, size_t size, const char *user,
                                    struct gs_extracted *out)
{
    struct gs_extract_params params = {.encoding = user, .text_max = ENCODING_TEXT_MAX};
    struct gs_err err = {0};
    gs_extracted_clear(out);
    enum gaosou_status status = gs_extract_text(bytes, size, &params, out, &err);
    if (status == GAOSOU_OK)
        assert_int_equal(gs_utf8_valid(out->text.data, out->text.size), out->text.size);
    return status;
}

void encoding_assert_text(const struct gs_extracted *x, const char *wanted)
{
    size_t size = strlen(wanted);
    if (x->text.size != size || (size > 0 && memcmp(x->text.data, wanted, size) != 0)) {
        char *shown = test_escape(x->text.data, x->text.size);
        test_fail("got \"%s\" for \"%s\"", shown, wanted);
    }
}
