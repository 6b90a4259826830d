/* Seeded filters, and what random filings are known by. See random_query.h. */
#include "tests/support/random_query.h"

const struct gs_str random_filterable[] = {{"industry", 8}, {"score", 5}, {"f_1", 3}};
const size_t random_filterable_count = 3;

/* What filings have in a field, and what is asked for: ranges, prefixes, other spellings, and a
 * little that is wrong. */
struct pool {
    const char *field, *stored[12], *asked[24];
};
static const struct pool pools[] = {
    {"code",
     {"600001", "600036", "688088", "000001", "300750", "830799", "920001", "00700", "09988"},
     {"600001",    "600001.SH", "600001.sz", "60*",        "688＊",          "700", "0700.HK",
      "00700",     "700.hk",    "000001.SZ", "6..688",     "600001..600036", "..3", "688..",
      "830799.BJ", "920001.ss", "９９８８",  "\"600001\"", "\"60\"*",        "9..3"}},
    {"name",
     {"芯原甲", "大地股份", "*ST大地", "ABC科技", "國電乙", "芯 丙"},
     {"芯原甲", "芯*", "*ST大地", "ＡＢＣ科技", "abc*", "国电乙", "國電*", "\"芯 丙\"", "“芯 丙”",
      "大地", "「芯 」*", "甲..乙", "\"芯*\""}},
    {"company",
     {"大地科技股份有限公司", "芯原电子（上海）股份有限公司", "ABC Holdings Limited"},
     {"大地科技股份有限公司", "大地*", "芯原电子(上海)股份有限公司", "芯原電子（上海）股份有限公司",
      "芯原电子(*", "\"abc  Holdings Limited\"", "\"ＡＢＣ holdings limited\"", "『ABC H』*"}},
    {"type",
     {"年度报告", "半年度报告", "审计报告", "问询函回复", "其他", "特别说明"},
     {"年度报告", "年報", "年报", "annual-report", "ANNUAL-REPORT", "审计*", "audit-report",
      "\"Annual Report\"", "半年*", "中期报告", "特别说明", "特别*", "不知道", "招股书", "問詢函*",
      "其他", "不知*"}},
    {"exchange",
     {"SSE", "SZSE", "HKEX", "BSE"},
     {"SSE", "sh", "上交所", "上海證券交易所", "深交所", "港交所", "hkex", "ＨＫ", "S*", "NYSE",
      "北京证券交易所"}},
    {"board",
     {"主板", "科创板", "创业板", "北交所"},
     {"主板", "科創板", "科*", "创业板", "“主板”", "没有"}},
    {"industry",
     {"半导体", "軟件", "Chips", "银行", "半导体 设备"},
     {"半导体", "半*", "软件", "chips", "CHIPS", "\"半导体 设备\"", "a..d", "c..", "没有"}},
    {"score",
     {"12", "3.5", "-7", "100", "9", "03", "n/a", "0.50"},
     {"3..20", "..5", "9..", "12", "1*", "-10..0", "0..100", "3..a", "100..9", "\"9\"", ".5..3.5"}},
    {"f_1", {"true", "甲", "乙", "A1", "a2"}, {"true", "甲", "A*", "a1..a2", "ａ１", "丙"}},
    {"id", {NULL}, {"f1", "f2", "f3", "f1*", "f*", "f", "F1", "“f1”", "f2..f3", "g*"}},
    {"since", {NULL}, {"0", "1", "2", "3", "１", "x", "-1"}},
};

static size_t count_of(const char *const *list, size_t most)
{
    size_t n = 0;
    while (n < most && list[n])
        n++;
    return n;
}

const char *random_stored(struct random_source *r, const char *field)
{
    for (size_t i = 0; i < sizeof(pools) / sizeof(pools[0]); i++)
        if (strcmp(pools[i].field, field) == 0)
            return pools[i].stored[random_below(r, (uint32_t)count_of(pools[i].stored, 12))];
    return "";
}

static void add_date(struct random_source *r, struct gs_buf *out)
{
    static const char *const months[] = {"03", "06", "09", "12", "3", "１２"};
    static const char *const signs[] = {"-", "-", "/", ".", "年", "－"};
    static const char *const behind[] = {"-", "-", "/", "月", "."};
    static const char *const days[] = {"27", "28", "29", "30", "31", "1"};
    static const char *const parts[] = {
        "Q1",     "q3",   "Q4",     "Q5",         "H1",      "h2",       "年半年度", "年上半年",
        "下半年", "年度", "一季度", "年第四季度", "第2季度", "年３季度", "季度",     "年第半年度"};
    gs_buf_printf(out, "%u", random_between(r, 2022, 2024));
    if (random_once_in(r, 6))
        gs_buf_append_str(out, RANDOM_OF(r, parts));
    else if (random_once_in(r, 3))
        return;
    gs_buf_append_str(out, RANDOM_OF(r, signs));
    gs_buf_append_str(out, RANDOM_OF(r, months));
    if (random_once_in(r, 3))
        return;
    gs_buf_append_str(out, RANDOM_OF(r, behind));
    gs_buf_append_str(out, RANDOM_OF(r, days));
    if (random_once_in(r, 6))
        gs_buf_append_str(out, "日");
}

/* Mostly well formed; some days do not exist, some ranges run backwards. */
static void add_dates(struct random_source *r, struct gs_buf *out)
{
    static const char *const ranges[] = {"..", "..", "~", "～", "至"};
    static const char *const commas[] = {",", "，", "、"};
    static const char *const ends[] = {"6月", "12月31日", "0月",    "９月3",
                                       "Q3",  "下半年",   "三季度", "6"};
    static const char *const names[] = {"date:", "date:", "period:", "Date：", "period："};
    gs_buf_append_str(out, RANDOM_OF(r, names));
    for (bool more = true; more;) {
        bool from = !random_once_in(r, 5);
        if (from)
            add_date(r, out);
        if (!from || !random_once_in(r, 3)) {
            gs_buf_append_str(out, RANDOM_OF(r, ranges));
            if (from && random_once_in(r, 5))
                gs_buf_append_str(out, RANDOM_OF(r, ends));
            else if (!from || !random_once_in(r, 4))
                add_date(r, out);
        }
        more = random_once_in(r, 5);
        if (more)
            gs_buf_append_str(out, RANDOM_OF(r, commas));
    }
}

static bool is_filterable(const char *field)
{
    bool is = false;
    for (size_t i = 0; i < random_filterable_count; i++)
        is |= strcmp(random_filterable[i].bytes, field) == 0;
    return is;
}

static void add_values(struct random_source *r, struct gs_buf *out)
{
    static const char *const commas[] = {",", "，", "、"};
    const struct pool *pool = &RANDOM_OF(r, pools);
    while (!random_forms.filterable && is_filterable(pool->field))
        pool = &RANDOM_OF(r, pools);
    gs_buf_append_str(out, pool->field);
    gs_buf_append_str(out, random_once_in(r, 4) ? "：" : ":");
    for (bool more = true; more;) {
        gs_buf_append_str(out, pool->asked[random_below(r, (uint32_t)count_of(pool->asked, 24))]);
        more = random_once_in(r, 4);
        if (more)
            gs_buf_append_str(out, RANDOM_OF(r, commas));
    }
}

void random_filter(struct random_source *r, struct gs_buf *out)
{
    if (random_forms.fields && !random_once_in(r, 3))
        add_values(r, out);
    else
        add_dates(r, out);
}

void random_filters(struct random_source *r, struct gs_buf *out)
{
    static const char *const joints[] = {" ", " ", "|", " -", " NOT ", " OR "};
    if (random_once_in(r, 5))
        gs_buf_append_str(out, "-");
    random_filter(r, out);
    while (random_once_in(r, 3)) {
        gs_buf_append_str(out, RANDOM_OF(r, joints));
        random_filter(r, out);
    }
}
