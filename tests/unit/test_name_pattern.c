/* indexer: fields out of file names. */
#include "indexer/name_pattern.h"
#include "tests/support/test.h"

static struct gs_str str(const char *text)
{
    return (struct gs_str){text, strlen(text)};
}

static void check_field(const struct gs_filing *f, enum gs_field field, const char *wanted,
                        const char *path)
{
    struct gs_str got = f->field[field];
    if (got.size != strlen(wanted) || (got.size && memcmp(got.bytes, wanted, got.size) != 0))
        test_fail("%s: field %d is '%.*s', not '%s'", path, field, (int)got.size, got.bytes,
                  wanted);
}

struct row {
    const char *pattern, *path;
    const char *date, *company, *codes, *name, *period, *type, *title;
    bool fits;
};

static const struct row rows[] = {
    {"{date}__{company}__{code}__{name}__{year}__{type}.txt",
     "heap/2020-03-26__公司__601658__邮储银行__2019年__年度报告.txt", "2020-03-26", "公司",
     "601658", "邮储银行", "2019-12-31", "年度报告", "", true},
    {"{date}__{company}__{code}__{name}__{year}__{type}.txt",
     "2020-10-26__公司__601658__邮储银行__2020年__第三季度报告.txt", "2020-10-26", "公司", "601658",
     "邮储银行", "2020-09-30", "季度报告", "", true},
    {"{code}_{name}_{title}", "a.zip!b/600001_甲股份_关于重大合同_补充的公告.pdf", "", "", "600001",
     "甲股份", "", "", "关于重大合同_补充的公告", true},
    {"{code}-{}-{year}", "0700.HK-x y-2023.html", "", "", "00700", "", "2023", "", "", true},
    {"{code}-{*}-{year}.*", "600001+900901-x-2023年度.tar", "", "",
     "600001\x1f"
     "900901",
     "", "2023", "", "", true},
    {"{year}/{name}/{date}_{type}.pdf", "/x/2023/甲股份/20240412_半年报.pdf", "2024-04-12", "", "",
     "甲股份", "2023-06-30", "半年度报告", "", true},
    {"{name}：{title}", "甲股份：中标公告.txt", "", "", "", "甲股份", "", "", "中标公告", true},
    {"{code}_{title}.pdf", "600001_x.txt", .fits = false},
    {"{code}_{title}.pdf", "60000_x.pdf", "", "", "60000", "", "", "", "x", true},
    {"{code}_{title}.pdf", "110001_x.pdf", .fits = false}, /* a bond's */
    {"{date}_{title}.pdf", "2023-02-30_x.pdf", .fits = false},
    {"{year}_{title}", "23_x", .fits = false},
    {"{code}_{title}.pdf", "600001_.pdf", .fits = false},
    {"{code}_{title}.pdf", "_x.pdf", .fits = false},
    {"{code}_{title}.pdf", "", .fits = false},
    {"x{title}", "y", .fits = false},
};

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        const struct row *r = &rows[i];
        struct gs_name_pattern p;
        struct gs_name_fields fields;
        struct gs_filing f = {0};
        struct gs_err err;
        assert_ok_err(gs_name_pattern_parse(&p, r->pattern, &err), &err);
        if (gs_name_pattern_apply(&p, str(r->path), &fields, &f) != r->fits)
            test_fail("%s: %s %s", r->pattern, r->path, r->fits ? "does not fit" : "fits");
        if (!r->fits) {
            for (int k = 0; k < GS_FIELD_COUNT; k++)
                assert_int_equal(f.field[k].size, 0);
            continue;
        }
        check_field(&f, GS_FIELD_DATE, r->date, r->path);
        check_field(&f, GS_FIELD_COMPANY, r->company, r->path);
        check_field(&f, GS_FIELD_CODES, r->codes, r->path);
        check_field(&f, GS_FIELD_NAME, r->name, r->path);
        check_field(&f, GS_FIELD_PERIOD, r->period, r->path);
        check_field(&f, GS_FIELD_TYPE, r->type, r->path);
        check_field(&f, GS_FIELD_TITLE, r->title, r->path);
    }
}

static void test_bad_patterns(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *says;
    } bad[] = {
        {"x.txt", "no field"},
        {"{codes}", "column 1: unknown field"},
        {"a{code", "column 2"},
        {"a}b", "column 2"},
        {"{code}{name}", "column 7: text is needed"},
        {"{code}_{code}", "column 8: the field stands twice"},
        {"", "no field"},
    };
    for (size_t i = 0; i < GS_COUNT_OF(bad); i++) {
        struct gs_name_pattern p;
        struct gs_err err;
        assert_status(gs_name_pattern_parse(&p, bad[i].pattern, &err), GAOSOU_E_USE);
        if (!strstr(err.text, bad[i].says))
            test_fail("%s: '%s' does not say '%s'", bad[i].pattern, err.text, bad[i].says);
    }
    struct gs_buf many;
    struct gs_name_pattern p;
    struct gs_err err;
    gs_buf_init(&many, 4096);
    for (int i = 0; i < 40; i++)
        gs_buf_append_str(&many, "{}_");
    gs_buf_append_u8(&many, 0);
    assert_status(gs_name_pattern_parse(&p, (char *)many.data, &err), GAOSOU_E_USE);
    gs_buf_release(&many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_bad_patterns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
