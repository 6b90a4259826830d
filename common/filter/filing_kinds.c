#include "common/filter/filing_kinds.h"

#include "common/base/utf8_step.h"
#include "common/text/chartab.h"
#include "common/text/utf8.h"

#include <string.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

static const struct gs_filing_kind kinds[] = {
    {"annual-report", "年度报告", GS_PERIOD_YEAR},
    {"half-year-report", "半年度报告", GS_PERIOD_HALF},
    {"quarterly-report", "季度报告", GS_PERIOD_QUARTER},
    {"annual-report-summary", "年度报告摘要", GS_PERIOD_YEAR},
    {"half-year-report-summary", "半年度报告摘要", GS_PERIOD_HALF},
    {"performance-forecast", "业绩预告", GS_PERIOD_YEAR},
    {"performance-express", "业绩快报", GS_PERIOD_YEAR},
    {"results-announcement", "业绩公告", GS_PERIOD_YEAR},
    {"financial-statements", "财务报表", GS_PERIOD_YEAR},
    {"audit-report", "审计报告", GS_PERIOD_YEAR},
    {"internal-control-report", "内部控制报告", GS_PERIOD_YEAR},
    {"verification-report", "鉴证报告", GS_PERIOD_YEAR},
    {"sustainability-report", "社会责任报告", GS_PERIOD_YEAR},
    {"inquiry-letter", "问询函", GS_PERIOD_NONE},
    {"inquiry-reply", "问询函回复", GS_PERIOD_NONE},
    {"investor-relations-record", "投资者关系活动记录表", GS_PERIOD_NONE},
    {"investor-briefing", "业绩说明会", GS_PERIOD_NONE},
    {"prospectus", "招股说明书", GS_PERIOD_NONE},
    {"offering-circular", "募集说明书", GS_PERIOD_NONE},
    {"issue-announcement", "发行公告", GS_PERIOD_NONE},
    {"listing-announcement", "上市公告书", GS_PERIOD_NONE},
    {"allotment-results", "配发结果公告", GS_PERIOD_NONE},
    {"application-proof", "申请版本", GS_PERIOD_NONE},
    {"formal-notice", "正式通告", GS_PERIOD_NONE},
    {"price-stabilisation", "稳定价格公告", GS_PERIOD_NONE},
    {"monthly-return", "月报表", GS_PERIOD_MONTH},
    {"next-day-disclosure", "翌日披露报表", GS_PERIOD_NONE},
    {"contract", "合同公告", GS_PERIOD_NONE},
    {"share-freeze", "股份冻结", GS_PERIOD_NONE},
    {"share-pledge", "股份质押", GS_PERIOD_NONE},
    {"holding-reduction", "股份减持", GS_PERIOD_NONE},
    {"holding-increase", "股份增持", GS_PERIOD_NONE},
    {"holding-change", "权益变动", GS_PERIOD_NONE},
    {"share-repurchase", "股份回购", GS_PERIOD_NONE},
    {"lock-up-release", "限售股上市流通", GS_PERIOD_NONE},
    {"equity-distribution", "权益分派", GS_PERIOD_NONE},
    {"equity-incentive", "股权激励", GS_PERIOD_NONE},
    {"guarantee", "担保公告", GS_PERIOD_NONE},
    {"related-transaction", "关联交易", GS_PERIOD_NONE},
    {"asset-restructuring", "资产重组", GS_PERIOD_NONE},
    {"acquisition-disposal", "收购出售资产", GS_PERIOD_NONE},
    {"external-investment", "对外投资", GS_PERIOD_NONE},
    {"raised-funds", "募集资金", GS_PERIOD_NONE},
    {"wealth-management", "委托理财", GS_PERIOD_NONE},
    {"litigation", "诉讼仲裁", GS_PERIOD_NONE},
    {"penalty", "处罚监管措施", GS_PERIOD_NONE},
    {"asset-impairment", "资产减值", GS_PERIOD_NONE},
    {"accounting-change", "会计政策变更", GS_PERIOD_NONE},
    {"auditor-appointment", "聘任会计师事务所", GS_PERIOD_NONE},
    {"government-grant", "政府补助", GS_PERIOD_NONE},
    {"board-resolution", "董事会决议", GS_PERIOD_NONE},
    {"supervisory-resolution", "监事会决议", GS_PERIOD_NONE},
    {"meeting-notice", "股东大会通知", GS_PERIOD_NONE},
    {"meeting-resolution", "股东大会决议", GS_PERIOD_NONE},
    {"meeting-materials", "股东大会资料", GS_PERIOD_NONE},
    {"circular", "通函", GS_PERIOD_NONE},
    {"proxy-form", "代表委任表格", GS_PERIOD_NONE},
    {"board-meeting-date", "董事会会议日期", GS_PERIOD_NONE},
    {"personnel-change", "人事变动", GS_PERIOD_NONE},
    {"independent-directors", "独立董事文件", GS_PERIOD_NONE},
    {"legal-opinion", "法律意见书", GS_PERIOD_NONE},
    {"sponsor-opinion", "保荐核查意见", GS_PERIOD_NONE},
    {"valuation-report", "评估报告", GS_PERIOD_NONE},
    {"rating-report", "评级报告", GS_PERIOD_NONE},
    {"trustee-report", "受托管理报告", GS_PERIOD_NONE},
    {"convertible-bond", "可转债公告", GS_PERIOD_NONE},
    {"bond", "债券公告", GS_PERIOD_NONE},
    {"abnormal-trading", "股票交易异常波动", GS_PERIOD_NONE},
    {"risk-warning", "风险提示", GS_PERIOD_NONE},
    {"suspension-resumption", "停牌复牌", GS_PERIOD_NONE},
    {"delisting", "退市", GS_PERIOD_NONE},
    {"operating-data", "经营数据", GS_PERIOD_MONTH},
    {"correction", "更正补充", GS_PERIOD_NONE},
    {"articles", "公司章程", GS_PERIOD_NONE},
    {"policy", "公司制度", GS_PERIOD_NONE},
    {"insurance-policy", "保险条款", GS_PERIOD_NONE},
    {"other", "其他", GS_PERIOD_NONE},
};

/* Other names that people and files have for them. */
static const struct {
    const char *name, *id;
} aliases[] = {
    {"年报", "annual-report"},
    {"年度报告书", "annual-report"},
    {"年度报告全文", "annual-report"},
    {"半年报", "half-year-report"},
    {"半年度报告全文", "half-year-report"},
    {"interim-report", "half-year-report"},
    {"semi-annual-report", "half-year-report"},
    {"semiannual-report", "half-year-report"},
    {"中期报告", "half-year-report"},
    {"中报", "half-year-report"},
    {"季报", "quarterly-report"},
    {"一季报", "quarterly-report"},
    {"三季报", "quarterly-report"},
    {"第一季度报告", "quarterly-report"},
    {"第三季度报告", "quarterly-report"},
    {"一季度报告", "quarterly-report"},
    {"三季度报告", "quarterly-report"},
    {"年报摘要", "annual-report-summary"},
    {"半年报摘要", "half-year-report-summary"},
    {"问询函的回复", "inquiry-reply"},
    {"问询函回函", "inquiry-reply"},
    {"业绩报告", "results-announcement"},
    {"annual-results", "results-announcement"},
    {"interim-results", "results-announcement"},
    {"annual-results-announcement", "results-announcement"},
    {"interim-results-announcement", "results-announcement"},
    {"配发结果", "allotment-results"},
    {"分配结果", "allotment-results"},
    {"分配结果公告", "allotment-results"},
    {"announcement-of-allotment-results", "allotment-results"},
    {"allotment-results-announcement", "allotment-results"},
    {"稳定价格行动", "price-stabilisation"},
    {"price-stabilization", "price-stabilisation"},
    {"聆讯后资料集", "application-proof"},
    {"证券变动月报表", "monthly-return"},
    {"next-day-disclosure-return", "next-day-disclosure"},
    {"关连交易", "related-transaction"},
    {"connected-transaction", "related-transaction"},
    {"可持续发展报告", "sustainability-report"},
    {"esg-report", "sustainability-report"},
    {"招股书", "prospectus"},
    {"招股章程", "prospectus"},
    {"招股意向书", "prospectus"},
    {"投资者关系活动记录", "investor-relations-record"},
    {"调研纪要", "investor-relations-record"},
};

const struct gs_filing_kind *gs_filing_kind_by_id(const char *id)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (strcmp(kinds[i].id, id) == 0)
            return &kinds[i];
    return NULL;
}

static bool same(const char *name, const char *bytes, size_t size)
{
    return strlen(name) == size && memcmp(name, bytes, size) == 0;
}

/* A name as the tables have it: simplified, half-width, small letters, spaces only between Latin
 * words, there as '-'. 0: it is longer than any of them. */
static size_t fold_name(const char *name, size_t size, char *out, size_t cap)
{
    const uint8_t *p = (const uint8_t *)name, *end = p + size;
    size_t n = 0;
    bool gap = false;
    for (uint32_t c; p < end;) {
        p += gs_utf8_step(p, end, &c);
        if (c >= 0xFF01 && c <= 0xFF5E)
            c -= 0xFEE0;
        if (c == ' ' || c == 0x3000 || c == 0xA0 || c == '_') {
            gap = n > 0;
            continue;
        }
        if (n + 5 > cap)
            return 0;
        if (gap && c < 0x80 && (uint8_t)out[n - 1] < 0x80)
            out[n++] = '-';
        gap = false;
        if (c >= 0x800 && c < 0x10000 && gs_chartab_bmp[c] >= GS_CHAR_HAN_MIN)
            c = gs_chartab_bmp[c];
        if (c >= 0x80) {
            n += gs_utf8_encode((uint8_t *)out + n, c);
            continue;
        }
        out[n++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
    return n;
}

static const struct gs_filing_kind *find_name(const char *name, size_t size)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (same(kinds[i].name, name, size) || same(kinds[i].id, name, size))
            return &kinds[i];
    for (size_t i = 0; i < COUNT_OF(aliases); i++)
        if (same(aliases[i].name, name, size))
            return gs_filing_kind_by_id(aliases[i].id);
    return NULL;
}

const struct gs_filing_kind *gs_filing_kind_find(const char *name, size_t size)
{
    char folded[64];
    const struct gs_filing_kind *kind = find_name(name, size);
    size_t n = kind || size == 0 ? 0 : fold_name(name, size, folded, sizeof(folded));
    return kind || n == 0 ? kind : find_name(folded, n);
}

const struct gs_filing_kind *gs_filing_kinds(size_t *count)
{
    *count = COUNT_OF(kinds);
    return kinds;
}
