/*
 * indexer: what filings say of themselves. Every text of tests/golden/metadata against its row of
 * expected.tsv; layouts that the rows do not show; what is given stays; any cut of a text is safe.
 */
#include "common/base/file.h"
#include "common/filter/filing_kinds.h"
#include "indexer/kind_rules.h"
#include "indexer/metadata.h"
#include "tests/support/test.h"

#define FOLDER "tests/golden/metadata"

static const enum gs_field columns[] = {
    GS_FIELD_CODES, GS_FIELD_NAME,   GS_FIELD_COMPANY, GS_FIELD_NUMBER,   GS_FIELD_TITLE,
    GS_FIELD_DATE,  GS_FIELD_PERIOD, GS_FIELD_TYPE,    GS_FIELD_EXCHANGE, GS_FIELD_BOARD,
};

static int setup(void **state)
{
    *state = gs_metadata_create();
    return *state ? 0 : -1;
}

static int teardown(void **state)
{
    gs_metadata_free(*state);
    return 0;
}

static void check_field(const char *what, enum gs_field field, struct gs_str got,
                        const char *wanted, size_t wanted_size)
{
    char value[2048];
    size_t n = got.size < sizeof(value) ? got.size : sizeof(value);
    for (size_t i = 0; i < n; i++)
        value[i] = got.bytes[i] == 0x1F ? '/' : got.bytes[i];
    if (wanted_size == 1 && *wanted == '-')
        wanted_size = 0;
    if (n != wanted_size || (n && memcmp(value, wanted, n) != 0))
        test_fail("%s: field %d is '%.*s', not '%.*s'", what, field, (int)n, value,
                  (int)wanted_size, wanted);
}

/* The row's cells behind its name. */
static void check_row(struct gs_metadata *m, const char *name, const char *p, const char *end)
{
    char *path = test_path(FOLDER, "%s.txt", name);
    struct gs_buf text;
    struct gs_err err;
    gs_buf_init(&text, 1 << 20);
    assert_ok_err(gs_file_read(path, &text, &err), &err);
    struct gs_filing f = {.text = {(const char *)text.data, text.size}};
    gs_metadata_derive(m, NULL, &f);
    for (size_t i = 0; i < GS_COUNT_OF(columns); i++) {
        const char *tab = memchr(p, '\t', (size_t)(end - p)), *stop = tab ? tab : end;
        assert_true(tab || i + 1 == GS_COUNT_OF(columns));
        check_field(name, columns[i], f.field[columns[i]], p, (size_t)(stop - p));
        p = stop + 1;
    }
    assert_true(f.title_from <= f.title_to && f.title_to <= text.size);
    assert_int_equal(f.title_to > 0, f.field[GS_FIELD_TITLE].size > 0);
    gs_buf_release(&text);
    free(path);
}

static void test_golden(void **state)
{
    struct gs_buf table;
    struct gs_err err;
    size_t rows = 0;
    gs_buf_init(&table, 1 << 20);
    assert_ok_err(gs_file_read(FOLDER "/expected.tsv", &table, &err), &err);
    const char *p = (const char *)table.data, *end = p + table.size;
    for (const char *line_end; p < end; p = line_end + 1) {
        line_end = memchr(p, '\n', (size_t)(end - p));
        assert_non_null(line_end);
        if (*p == '#')
            continue;
        const char *tab = memchr(p, '\t', (size_t)(line_end - p));
        char name[64];
        assert_non_null(tab);
        snprintf(name, sizeof(name), "%.*s", (int)(tab - p), p);
        check_row(*state, name, tab + 1, line_end);
        rows++;
    }
    assert_true(rows >= 45);
    gs_buf_release(&table);
}

#define PLEDGES_3                                                                                        \
    "本公司及全体董事承诺招股意向书不存在虚假记载并对其真实性承担责任\n" \
    "本公司及全体监事承诺招股意向书不存在虚假记载并对其真实性承担责任\n" \
    "本公司及高管人员承诺招股意向书不存在虚假记载并对其真实性承担责任\n"
#define PLEDGES_12 PLEDGES_3 PLEDGES_3 PLEDGES_3 PLEDGES_3

/* A field of a text of a few lines. */
static const struct line_row {
    enum gs_field field;
    const char *wanted, *text;
} line_rows[] = {
    /* codes */
    {GS_FIELD_CODES, "600001", "股票代码：600001.SH\n关于重大合同的公告\n"},
    {GS_FIELD_CODES, "00700", "（股份代號：700）\n公司通告\n董事會決議公告\n"},
    {GS_FIELD_CODES, "00700/80700", "(股份代號：700（港幣櫃台）及80700（人民幣櫃台）)\n"},
    {GS_FIELD_CODES, "600001", "证券代码：600001（A股）\n关于合同的公告\n"},
    {GS_FIELD_CODES, "600001/900901", "证券代码：600001（A股）、900901（B股）\n关于合同的公告\n"},
    {GS_FIELD_CODES, "600001/900901", "证券代码：A股 600001 B股 900901\n关于合同的公告\n"},
    {GS_FIELD_CODES, "600001", "证券代码：６００００１\n关于合同的公告\n"},
    {GS_FIELD_CODES, "600001", "证 券 代 码 ： 6 0 0 0 0 1\n关于合同的公告\n"},
    {GS_FIELD_CODES, "600001", "\r\n证券代码:600001\r\n关于合同的公告\r\n"},
    {GS_FIELD_CODES, "-", "债券代码：112558 债券简称：17某债01\n关于付息的公告\n"},
    {GS_FIELD_CODES, "-", "可转债代码：113001\n关于付息的公告\n"},
    {GS_FIELD_CODES, "-", "优先股代码：360001\n关于派息的公告\n"},
    {GS_FIELD_CODES, "-", "证券代码：【】\n关于合同的公告\n"},
    {GS_FIELD_CODES, "-", "证券代码：112558\n关于合同的公告\n"},
    {GS_FIELD_CODES, "-", "统一社会信用代码：91310000600001\n关于合同的公告\n"},
    {GS_FIELD_CODES, "-", "公司拟收购甲股份有限公司（股票代码：600111）的股权，请投资者注意。\n"},
    /* short names */
    {GS_FIELD_NAME, "万科A", "证券代码：000001 证券简称：万 科 A\n关于合同的公告\n"},
    {GS_FIELD_NAME, "TCL集团", "证券代码：000001 证券简称：TCL 集团\n关于合同的公告\n"},
    {GS_FIELD_NAME, "*ST甲乙", "证券代码：000001 证券简称：*ST甲乙\n关于合同的公告\n"},
    {GS_FIELD_NAME, "甲乙丙", "股票名称：甲乙丙 股票代码：000001\n关于合同的公告\n"},
    {GS_FIELD_NAME, "-", "证券代码：000001\n关于证券简称变更的公告\n"},
    /* numbers */
    {GS_FIELD_NUMBER, "2024-007", "证券代码：000001 公告编号：2024－007\n关于合同的公告\n"},
    {GS_FIELD_NUMBER, "临2024-007号", "证券代码：000001 编号：临2024-007号\n关于合同的公告\n"},
    {GS_FIELD_NUMBER, "-", "证券代码：000001\n关于合同的公告\n中标通知书（编号：2013-298）\n"},
    {GS_FIELD_NUMBER, "-", "合同编号：2013-298\n关于合同的公告\n"},
    /* titles */
    {GS_FIELD_TITLE, "关于合同的公告", "证券代码：000001\n甲股份有限公司\n关于合同的\n公告\n"},
    {GS_FIELD_TITLE, "关于2023年年度报告的更正公告",
     "证券代码：000001\n关于 2023 年年度报告\n的更正公告\n"},
    {GS_FIELD_TITLE, "甲股份有限公司重大合同公告（第二次）",
     "证券代码：000001\n甲股份有限公司重大合同公告\n（第二次）\n"},
    {GS_FIELD_TITLE, "-", "一、重大合同公告\n二、其他\n"},
    {GS_FIELD_TITLE, "-", "本公告\n最新公告\n"},
    {GS_FIELD_TITLE, "-", "的信息披露的说明\n"},
    {GS_FIELD_TITLE, "-", "资料来源：各上市公司年度报告\n"},
    {GS_FIELD_NAME, "-", "数据来源：各上市公司年度报告\n"},
    {GS_FIELD_TITLE, "-", "某某公司 玻璃瓶 2015.7.1 2016.7.1（三）借款合同\n"},
    {GS_FIELD_TITLE, "-", "投资公司名称    子公司名称    业务性质    有关说明\n"},
    {GS_FIELD_TITLE, "关于转让甲公司51.00%股权和乙公司49.00%股权的公告",
     "关于转让甲公司51.00%股权和乙公司49.00%股权的公告\n"},
    {GS_FIELD_TITLE, "China Water and Gas Holdings Limited中國水務2023年年報",
     "China Water and Gas Holdings Limited 中國水務2023年年報\n"},
    {GS_FIELD_TITLE, "-", "目录\n审计报告……1\n法律意见书......2\n"},
    /* a word processor's numbers of headings are not the title's, years and counts are */
    {GS_FIELD_TITLE, "关于回购股份的公告", "1\t甲股份有限公司\n2\t关于回购股份的公告\n"},
    {GS_FIELD_COMPANY, "甲股份有限公司", "1\t甲股份有限公司\n2\t关于回购股份的公告\n"},
    {GS_FIELD_TITLE, "关于回购股份的公告", "证券代码：000001\n2 关于回购股份的公告\n"},
    {GS_FIELD_TITLE, "甲股份有限公司董事会决议公告", "12\t甲股份有限公司董事会决议公告\n"},
    {GS_FIELD_COMPANY, "甲股份有限公司", "12\t甲股份有限公司董事会决议公告\n"},
    {GS_FIELD_TITLE, "2023年年度报告", "证券代码：000001\n2023\t年年度报告\n"},
    {GS_FIELD_TITLE, "3月份经营数据公告", "证券代码：000001\n3\t月份经营数据公告\n"},
    {GS_FIELD_TITLE, "5亿元公司债券发行公告", "证券代码：000001\n5\t亿元公司债券发行公告\n"},
    {GS_FIELD_TITLE, "17甲公司债券付息公告", "证券代码：000001\n17甲公司债券付息公告\n"},
    {GS_FIELD_TITLE, "17甲公司债券付息公告", "证券代码：000001\n17 甲公司债券付息公告\n"},
    {GS_FIELD_COMPANY, "3甲股份有限公司", "3 甲股份有限公司\n关于回购股份的公告\n"},
    /* dates */
    {GS_FIELD_DATE, "2024-04-12", "关于合同的公告\n董事会\n二〇二四年四月十二日\n"},
    {GS_FIELD_DATE, "2024-10-30", "关于合同的公告\n董事会\n二零二四年十月三十日\n"},
    {GS_FIELD_DATE, "2012-10-20", "关于合同的公告\n甲公司董事会二○一二年十月二十日\n"},
    {GS_FIELD_DATE, "2024-04-12", "關於合同的公告\n中華民國一一三年四月十二日\n"},
    {GS_FIELD_DATE, "2024-04-12", "關於合同的公告\n民國 113 年 4 月 12 日\n"},
    {GS_FIELD_DATE, "2024-04-12", "关于合同的公告\n甲公司董事会\n2024-04-12\n"},
    {GS_FIELD_DATE, "2024-04-12", "关于合同的公告\n甲公司董事会 2024/4/12\n"},
    {GS_FIELD_DATE, "2024-02-29", "关于合同的公告\n董事会\n2024年2月29日\n"},
    {GS_FIELD_DATE, "-", "关于合同的公告\n董事会\n2023年2月29日\n"},
    {GS_FIELD_DATE, "-", "关于合同的公告\n董事会\n2023年13月1日\n"},
    {GS_FIELD_DATE, "-", "关于合同的公告\n公司于2023年12月1日签订了合同。\n董事会\n年 月 日\n"},
    /* the day of signing, not the expected one of issue, which stands above it or below */
    {GS_FIELD_DATE, "2017-09-05",
     "首次公开发行股票招股意向书\n预计发行日期：\t2017年9月13日\n" PLEDGES_12 PLEDGES_12
     "招股意向书签署日期：\t2017年9月5日\n"},
    {GS_FIELD_DATE, "2017-09-05",
     "首次公开发行股票招股意向书\n预计发行日期：2017年9月13日\n签署日期：2017年9月5日\n"},
    {GS_FIELD_DATE, "2017-09-05",
     "首次公开发行股票招股意向书\n签署日期\n2017年9月5日\n预计发行日期\n2017年9月13日\n"},
    {GS_FIELD_DATE, "2017-09-05",
     "首次公开发行股票招股意向书\n签署日期：2017年9月5日 预计发行日期：2017年9月13日\n"},
    {GS_FIELD_DATE, "-", "首次公开发行股票招股意向书\n预计发行日期：2017年9月13日\n拟上市\n"},
    /* periods */
    {GS_FIELD_PERIOD, "2023-12-31", "甲股份有限公司二〇二三年年度报告\n"},
    {GS_FIELD_PERIOD, "2024-03-31", "甲股份有限公司2024年第一季度报告\n"},
    {GS_FIELD_PERIOD, "2024-06-30", "甲股份有限公司2024年半年度业绩快报公告\n"},
    {GS_FIELD_PERIOD, "2024-09-30", "甲股份有限公司2024年前三季度业绩预告\n"},
    {GS_FIELD_PERIOD, "2024-03", "甲股份有限公司2024年3月份经营数据公告\n"},
    {GS_FIELD_PERIOD, "2022-12-31", "甲股份有限公司2020年度至2022年度审计报告\n"},
    {GS_FIELD_PERIOD, "2023-12-31", "甲公司\n民國112年度財務報告\n"},
    {GS_FIELD_PERIOD, "2022-03-31",
     "甲 股 份 有 限 公 司 及 子 公 司\n合 併 資 產 負 債 表\n民國 111 年 3 月 31 日及民國 110 年 "
     "12 月 31 日\n"},
    {GS_FIELD_PERIOD, "2023-03-31",
     "甲股份有限公司及子公司\n合併現金流量表\n民國 112 年及 111 年 1 月 1 日至 3 月 31 日\n"},
    {GS_FIELD_PERIOD, "2022-09-30",
     "甲股份有限公司及子公司\n合併權益變動表\n民 國 111 及 110 年 1 月 1 日 至 9 月 30 日\n"},
    {GS_FIELD_PERIOD, "-",
     "甲股份有限公司\n合併權益變動表\n民國 999 及 110 年 1 月 1 日至 9 月 30 日\n"},
    {GS_FIELD_PERIOD, "2022-12-31", "甲公司\n民國111及110年度財務報告\n"},
    {GS_FIELD_PERIOD, "-", "关于召开2023年年度股东大会的通知\n"},
    {GS_FIELD_PERIOD, "-", "关于2024年度日常关联交易预计的公告\n"},
    /* companies */
    {GS_FIELD_COMPANY, "甲（集团）股份有限公司",
     "证券代码：000001\n甲（集团）股份有限公司关于合同的公告\n"},
    {GS_FIELD_COMPANY, "乙股份有限公司",
     "大江证券股份有限公司关于乙股份有限公司募集资金的核查意见\n"},
    {GS_FIELD_COMPANY, "丙股份有限公司", "审计报告\n丙股份有限公司全体股东：\n"},
    {GS_FIELD_COMPANY, "-", "关于合同的公告\n受影响的项目2020年1月1日合并母公司\n"},
    {GS_FIELD_COMPANY, "峰?電子股份有限公司",
     "峰?電子股份有限公司\n（根據開曼群島法律註冊成立的有限公司）\n董事會決議公告\n"},
    {GS_FIELD_COMPANY, "-",
     "关于合同的公告\n某某省某某市某某村\n（5）其他：甲成立于1987年，该公司\n"},
    /* exchange and board */
    {GS_FIELD_BOARD, "科创板", "证券代码：688001\n关于合同的公告\n"},
    {GS_FIELD_BOARD, "创业板", "证券代码：301001\n关于合同的公告\n"},
    {GS_FIELD_EXCHANGE, "SSE", "证券代码：900901\n关于合同的公告\n"},
    {GS_FIELD_EXCHANGE, "NEEQ", "证券代码：400001\n关于合同的公告\n"},
    {GS_FIELD_EXCHANGE, "-", "证券代码：839001\n关于合同的公告\n"},
    {GS_FIELD_EXCHANGE, "BSE", "证券代码：839001\n关于在北京证券交易所上市的公告\n"},
    {GS_FIELD_EXCHANGE, "TPEx", "股票代號：2999\n甲股份有限公司\n財務報告\n證券櫃檯買賣中心\n"},
};

static void test_lines(void **state)
{
    for (size_t i = 0; i < GS_COUNT_OF(line_rows); i++) {
        const struct line_row *r = &line_rows[i];
        struct gs_filing f = {.text = {r->text, strlen(r->text)}};
        gs_metadata_derive(*state, NULL, &f);
        check_field(r->text, r->field, f.field[r->field], r->wanted, strlen(r->wanted));
    }
}

static const struct {
    const char *title, *id;
} kind_rows[] = {
    {"2023年年度报告", "annual-report"},
    {"2023年年度报告摘要", "annual-report-summary"},
    {"2023年年度报告(更新后)", "annual-report"},
    {"2024年半年度报告", "half-year-report"},
    {"2024中期报告", "half-year-report"},
    {"2024年第三季度报告", "quarterly-report"},
    {"2023年度业绩预告", "performance-forecast"},
    {"2023年度业绩快报公告", "performance-express"},
    {"截至2023年12月31日止年度之全年业绩公告", "results-announcement"},
    {"2023年度审计报告", "audit-report"},
    {"2023年度内部控制审计报告", "internal-control-report"},
    {"关于收到深圳证券交易所问询函的公告", "inquiry-letter"},
    {"关于延期回复年报问询函的公告", "inquiry-letter"},
    {"关于2023年年度报告问询函的回复公告", "inquiry-reply"},
    {"会计师关于审核问询函的专项说明", "inquiry-reply"},
    {"投资者关系活动记录表", "investor-relations-record"},
    {"首次公开发行股票并在创业板上市招股说明书", "prospectus"},
    {"全球发售招股章程", "prospectus"},
    {"公司债券募集说明书", "offering-circular"},
    {"首次公开发行股票上市公告书", "listing-announcement"},
    {"可转换公司债券上市公告书", "listing-announcement"},
    {"关于签订重大合同的公告", "contract"},
    {"关于项目中标的提示性公告", "contract"},
    {"关于股东股份被轮候冻结的公告", "share-freeze"},
    {"关于控股股东部分股份解除质押的公告", "share-pledge"},
    {"关于股东减持股份计划的公告", "holding-reduction"},
    {"关于回购公司股份的进展公告", "share-repurchase"},
    {"2023年年度权益分派实施公告", "equity-distribution"},
    {"关于为子公司提供担保的公告", "guarantee"},
    {"关于2024年度日常关联交易预计的公告", "related-transaction"},
    {"第五届董事会第三次会议决议公告", "board-resolution"},
    {"第五届监事会第三次会议决议公告", "supervisory-resolution"},
    {"关于召开2024年第一次临时股东大会的通知", "meeting-notice"},
    {"2023年年度股东大会决议公告", "meeting-resolution"},
    {"2023年年度股东大会会议资料", "meeting-materials"},
    {"2023年年度股东大会的法律意见书", "legal-opinion"},
    {"使用闲置募集资金的核查意见", "sponsor-opinion"},
    {"股票交易异常波动公告", "abnormal-trading"},
    {"关于股票交易风险提示公告", "risk-warning"},
    {"关于重大事项停牌的公告", "suspension-resumption"},
    {"关于2023年年度报告的更正公告", "correction"},
    {"申请版本", "application-proof"},
    {"截至2024年1月31日止月份之股份发行人的证券变动月报表", "monthly-return"},
    {"翌日披露报表", "next-day-disclosure"},
    {"须予披露交易", "acquisition-disposal"},
    {"关于选举董事长的公告", "personnel-change"},
    {"独立董事2023年度述职报告", "independent-directors"},
    {"关于设立分公司办公地点的公告", "external-investment"},
    {"关于办公地址搬迁的公告", "other"},
    {"今天天气很好", NULL},
};

static void test_kinds(void **state)
{
    struct gs_kind_finder finder;
    (void)state;
    gs_kind_finder_init(&finder);
    for (size_t i = 0; i < GS_COUNT_OF(kind_rows); i++) {
        const char *title = kind_rows[i].title, *wanted = kind_rows[i].id;
        const struct gs_filing_kind *kind = gs_filing_kind_of_title(&finder, title, strlen(title));
        if (!wanted != !kind || (kind && strcmp(kind->id, wanted) != 0))
            test_fail("%s: %s, not %s", title, kind ? kind->id : "none", wanted ? wanted : "none");
    }
    size_t count;
    const struct gs_filing_kind *all = gs_filing_kinds(&count);
    for (size_t i = 0; i < count; i++) {
        assert_ptr_equal(gs_filing_kind_find(all[i].id, strlen(all[i].id)), &all[i]);
        assert_ptr_equal(gs_filing_kind_find(all[i].name, strlen(all[i].name)), &all[i]);
    }
    assert_string_equal(gs_filing_kind_find("一季报", 9)->id, "quarterly-report");
    assert_null(gs_filing_kind_find("", 0));
}

/* A given kind in other words is stored by its name, and the period follows it; any other stays. */
static void test_given_kinds(void **state)
{
    static const struct {
        const char *given, *stored;
    } rows[] = {
        {"配發結果", "配发结果公告"},
        {"年度報告", "年度报告"},
        {"年 度 報 告", "年度报告"},
        {"Annual Report", "年度报告"},
        {"annual-report", "年度报告"},
        {"ANNUAL_REPORT", "年度报告"},
        {"Interim report", "半年度报告"},
        {"ａｎｎｕａｌ　ｒｅｐｏｒｔ", "年度报告"},
        {"招股章程", "招股说明书"},
        {"穩價期終", "穩價期終"},
        {"Annual", "Annual"},
        {"\xFF年报", "\xFF年报"},
    };
    for (size_t i = 0; i < 2 * GS_COUNT_OF(rows); i++) {
        const char *given = rows[i / 2].given, *stored = rows[i / 2].stored;
        struct gs_filing f = {.text = {"证券代码：600001\n普通文本\n", 40}};
        f.text.size = strlen(f.text.bytes);
        f.field[GS_FIELD_TYPE] = (struct gs_str){given, strlen(given)};
        if (i % 2) /* a text that is no filing of itself */
            f.text = (struct gs_str){"普通文本", strlen("普通文本")};
        gs_metadata_derive(*state, NULL, &f);
        check_field(given, GS_FIELD_TYPE, f.field[GS_FIELD_TYPE], stored, strlen(stored));
    }
    struct gs_filing f = {.text = {"证券代码：600001\n", strlen("证券代码：600001\n")}};
    f.field[GS_FIELD_TYPE] = (struct gs_str){"Annual Report", 13};
    f.field[GS_FIELD_TITLE] = (struct gs_str){"甲公司2023年", strlen("甲公司2023年")};
    gs_metadata_derive(*state, NULL, &f);
    check_field("given", GS_FIELD_PERIOD, f.field[GS_FIELD_PERIOD], "2023-12-31", 10);
}

/* The exchange and the board follow a given code, whatever the text and the title are. */
static void test_exchange_of_a_given_code(void **state)
{
    static const struct {
        const char *codes, *title, *exchange, *board;
    } rows[] = {
        {"601658", NULL, "SSE", "主板"},
        {"300750", NULL, "SZSE", "创业板"},
        {"00700", NULL, "HKEX", "-"},
        {"688001", "今天天气很好", "SSE", "科创板"},
        {"000001", "普通文本", "SZSE", "主板"},
        {"600001\x1F"
         "00700",
         NULL, "SSE", "主板"},
        {"839001", NULL, "-", "-"},
        {"123", NULL, "-", "-"},
    };
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        struct gs_filing f = {.text = {"普通文本", strlen("普通文本")}};
        f.field[GS_FIELD_CODES] = (struct gs_str){rows[i].codes, strlen(rows[i].codes)};
        if (rows[i].title)
            f.field[GS_FIELD_TITLE] = (struct gs_str){rows[i].title, strlen(rows[i].title)};
        gs_metadata_derive(*state, NULL, &f);
        check_field(rows[i].codes, GS_FIELD_EXCHANGE, f.field[GS_FIELD_EXCHANGE], rows[i].exchange,
                    strlen(rows[i].exchange));
        check_field(rows[i].codes, GS_FIELD_BOARD, f.field[GS_FIELD_BOARD], rows[i].board,
                    strlen(rows[i].board));
        assert_int_equal(f.field[GS_FIELD_TYPE].size, 0);
    }
}

static void test_given_stays(void **state)
{
    const char *text =
        "证券代码：000001 证券简称：甲乙\n关于重大合同的公告\n董事会\n2024年1月2日\n";
    struct gs_filing f = {.text = {text, strlen(text)}};
    f.field[GS_FIELD_CODES] = (struct gs_str){"600001", 6};
    f.field[GS_FIELD_DATE] = (struct gs_str){"2020", 4};
    f.field[GS_FIELD_TITLE] = (struct gs_str){"2023年年度報告", strlen("2023年年度報告")};
    gs_metadata_derive(*state, NULL, &f);
    check_field("given", GS_FIELD_CODES, f.field[GS_FIELD_CODES], "600001", 6);
    check_field("given", GS_FIELD_DATE, f.field[GS_FIELD_DATE], "2020", 4);
    check_field("given", GS_FIELD_TITLE, f.field[GS_FIELD_TITLE], "2023年年度報告",
                strlen("2023年年度報告"));
    check_field("given", GS_FIELD_NAME, f.field[GS_FIELD_NAME], "甲乙", 6);
    check_field("given", GS_FIELD_TYPE, f.field[GS_FIELD_TYPE], "年度报告", 12); /* of that title */
    check_field("given", GS_FIELD_EXCHANGE, f.field[GS_FIELD_EXCHANGE], "SSE", 3);
    assert_int_equal(f.title_from, f.title_to);
}

/* Under a title that is no filing's: the code is found in whatever writing, at any place of the
 * first pass over the bytes, and there is nothing without it. */
static void test_signs_of_a_code(void **state)
{
    static const char *const codes[] = {
        "证券代码：600001",      "證券代碼：600001",
        "证 券 代 码 ： 600001", "证券代\u3000码：６００００１",
        "Stock Code: 600001",    "Ｓｔｏｃｋ Ｃｏｄｅ：600001",
    };
    for (size_t i = 0; i < GS_COUNT_OF(codes); i++) {
        for (size_t before = 0; before < 40; before++) {
            char text[512];
            int size = snprintf(text, sizeof(text), "%.*s\n%s\n以下从略。", (int)before,
                                "a bcd efg hij klm nop qrs tuv wxy zab cde", codes[i]);
            struct gs_filing f = {.text = {text, (size_t)size}};
            f.field[GS_FIELD_TITLE] = (struct gs_str){"今天", 6};
            gs_metadata_derive(*state, NULL, &f);
            check_field(codes[i], GS_FIELD_CODES, f.field[GS_FIELD_CODES], "600001", 6);
            f = (struct gs_filing){.text = {text, before}};
            f.field[GS_FIELD_TITLE] = (struct gs_str){"今天", 6};
            gs_metadata_derive(*state, NULL, &f);
            assert_int_equal(f.field[GS_FIELD_CODES].size, 0);
        }
    }
}

/* A heading that no rule knows gives no title, and so no place of one in the text either. */
static void test_no_place_without_a_title(void **state)
{
    const char *text = "某某项目往来资料\n第一段文字在这里。\n第二段文字在那里。\n";
    struct gs_filing f = {.text = {text, strlen(text)}};
    gs_metadata_derive(*state, NULL, &f);
    assert_int_equal(f.field[GS_FIELD_TITLE].size, 0);
    assert_int_equal(f.title_to, 0);
}

static void test_format_title_and_furniture(void **state)
{
    struct gs_extracted x;
    const char *text = "公司发布了下列内容。\n";
    gs_extracted_init(&x, 1 << 16);
    gs_buf_append_str(&x.title, " 甲股份：关于重大合同的公告_某某财经_某某网 ");
    gs_buf_append_str(&x.furniture, "甲股份有限公司 证券代码：600001\n");
    struct gs_filing f = {.text = {text, strlen(text)}};
    gs_metadata_derive(*state, &x, &f);
    check_field("format", GS_FIELD_TITLE, f.field[GS_FIELD_TITLE], "甲股份：关于重大合同的公告",
                strlen("甲股份：关于重大合同的公告"));
    check_field("format", GS_FIELD_CODES, f.field[GS_FIELD_CODES], "600001", 6);
    assert_int_equal(f.title_to, 0);
    gs_buf_clear(&x.title);
    gs_buf_append_str(&x.title, "某某财经首页");
    f = (struct gs_filing){.text = {text, strlen(text)}};
    gs_metadata_derive(*state, &x, &f);
    check_field("format", GS_FIELD_TITLE, f.field[GS_FIELD_TITLE], "-", 1);
    gs_extracted_release(&x);
}

/* Every beginning and every end of a text, also in the middle of a character. */
static void test_cuts(void **state)
{
    struct gs_buf text;
    struct gs_err err;
    gs_buf_init(&text, 1 << 20);
    assert_ok_err(gs_file_read(FOLDER "/hk_results.txt", &text, &err), &err);
    for (size_t i = 0; i <= text.size; i++) {
        char *copy = malloc(text.size - i + 1), *head = malloc(i + 1);
        memcpy(copy, text.data + i, text.size - i);
        memcpy(head, text.data, i);
        struct gs_filing f = {.text = {copy, text.size - i}};
        gs_metadata_derive(*state, NULL, &f);
        f = (struct gs_filing){.text = {head, i}};
        gs_metadata_derive(*state, NULL, &f);
        free(copy);
        free(head);
    }
    gs_buf_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden),
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_given_kinds),
        cmocka_unit_test(test_exchange_of_a_given_code),
        cmocka_unit_test(test_given_stays),
        cmocka_unit_test(test_signs_of_a_code),
        cmocka_unit_test(test_no_place_without_a_title),
        cmocka_unit_test(test_format_title_and_furniture),
        cmocka_unit_test(test_cuts),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
