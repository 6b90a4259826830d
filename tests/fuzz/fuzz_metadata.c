/* Any bytes as a filing's text, given title, format title and furniture: no crash, fields within
 * their caps, the title's place within the text; the same twice. */
#include "indexer/metadata.h"
#include "tests/support/random_fuzz.h"
#include "tests/support/random_text.h"

#include <stdlib.h>
#include <string.h>

static bool within(const struct gs_filing *f, size_t size)
{
    for (int i = 0; i < GS_FIELD_COUNT; i++)
        if (f->field[i].size > 1024)
            return false;
    return f->title_from <= f->title_to && f->title_to <= size;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct gs_metadata *m; /* as a thread of the intake has it */
    struct gs_extracted x;
    char *text = malloc(size + 1); /* so that a byte too far is seen */
    if (!m)
        m = gs_metadata_create();
    if (!m || !text)
        abort();
    if (size > 0)
        memcpy(text, bytes, size);
    gs_extracted_init(&x, size + 1);
    gs_buf_append(&x.title, bytes, size / 2);
    gs_buf_append(&x.furniture, bytes + size / 2, size - size / 2);
    struct gs_filing first = {.text = {text, size}}, second = first;
    gs_metadata_derive(m, &x, &first);
    if (!within(&first, size))
        abort();
    size_t sizes[GS_FIELD_COUNT];
    for (int i = 0; i < GS_FIELD_COUNT; i++)
        sizes[i] = first.field[i].size;
    gs_metadata_derive(m, &x, &second);
    for (int i = 0; i < GS_FIELD_COUNT; i++)
        if (second.field[i].size != sizes[i])
            abort();
    struct gs_filing given = {.text = {text, size}};
    given.field[GS_FIELD_TITLE] = (struct gs_str){text, size / 3};
    given.field[GS_FIELD_CODES] = (struct gs_str){text, size / 3};
    gs_metadata_derive(m, NULL, &given);
    gs_extracted_release(&x);
    free(text);
    return 0;
}

static const char *const parts[] = {
    "证券代码",
    "股票代碼",
    "股份代號",
    "：",
    ":",
    "600001",
    "0700",
    "6 0 0 0 0 1",
    "证券简称",
    "简称",
    "编号",
    "公告编号",
    "临2024-",
    "2024－007",
    "股份有限公司",
    "有限公司",
    "关于",
    "关于对",
    "的公告",
    "公告",
    "年度报告",
    "2023年",
    "二〇二三年",
    "民國112年",
    "截至2023年12月31日止",
    "12月31日",
    "四月十二日",
    "2024-04-12",
    "董事会",
    "承董事會命",
    "（",
    "）",
    "(",
    ")",
    "\n",
    "\n",
    "\n",
    "\r\n",
    "\f",
    " ",
    "\t",
    "　",
    "\xE2\x80\x82",
    "审计报告",
    "问询函的回复",
    "招股说明书",
    "香港交易及結算所有限公司",
    "（於開曼群島註冊成立的有限公司）",
    "全球發售",
    "一、",
    "……",
    "。",
    "*ST",
    "A股",
    "、",
    "时间",
    "日期",
    "签署日期",
    "全体股东：",
    "\xEF\x81\x81",
    "\xE8\x82",
    "\xFF",
    "股票代码\t",
    "一百",
    "十",
    "廿",
    "Ο",
    "-",
    "/",
    "号",
    "\xC2\xA0",
    "第一季度",
    "半年度",
};

static void make(struct random_source *r, struct gs_buf *out)
{
    for (uint32_t n = random_between(r, 1, random_once_in(r, 10) ? 3000 : 60); n > 0; n--)
        gs_buf_append_str(out, RANDOM_OF(r, parts));
}

RANDOM_FUZZ_MAIN("metadata", make, 20000)
