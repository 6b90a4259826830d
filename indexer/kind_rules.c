#include "indexer/kind_rules.h"

#include <string.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

/*
 * Rules in order, the first that fits wins: a word of `any` stands in the title, one of `also` too,
 * and none of `none`. Words are separated by '|'; '*' in a word stands for any text, '$' at its end
 * for the title's end (what stands in brackets there aside). Titles are folded, so simplified
 * covers traditional, and 覆 is 复.
 *
 * What a title speaks about must not be taken for what it is: so replies, letters and opinions come
 * first, then the reports that have names of their own, then what a company did.
 */
static const struct rule {
    const char *any, *also, *none, *id;
} rules[] = {
    {"投资者关系活动记录|投资者关系活动情况|调研活动记录|投资者调研|投资者接待|调研记录|接待调研|"
     "机构调研",
     NULL, NULL, "investor-relations-record"},
    {"问询|反馈意见|关注函|监管函|工作函|审核意见|落实函|问核",
     "回复|答复|复函|回函|说明$|专项核查|核查意见|法律意见", "延期|收到", "inquiry-reply"},
    {"问询函|关注函|监管函|反馈意见|审核意见|落实函|监管工作函", NULL, NULL, "inquiry-letter"},
    {"法律意见|法律服务|律师工作报告|律师*见证", NULL, NULL, "legal-opinion"},
    {"代表委任表格|委任代表表格|委任表格|股东回条|回条$", NULL, NULL, "proxy-form"},
    {"翌日披露", NULL, NULL, "next-day-disclosure"},
    {"月报表|证券变动月报", NULL, NULL, "monthly-return"},
    {"聆讯后资料集|申请版本", NULL, NULL, "application-proof"},
    {"更正|补充公告|补充说明|修订说明|勘误|补充资料|澄清", NULL, "回复|招股|募集说明书",
     "correction"},
    {"受托管理", NULL, NULL, "trustee-report"},
    {"评级报告|跟踪评级|信用评级", NULL, NULL, "rating-report"},
    {"核查意见|保荐*意见|保荐书|保荐总结|保荐工作|持续督导|现场检查报告|独立财务顾问|财务顾问报告",
     NULL, "招股", "sponsor-opinion"},
    {"资产评估|评估报告|评估说明|估值报告", NULL, "公告$|意见$", "valuation-report"},
    {"内部控制*报告|内控*报告|内部控制评价|内部控制审计|内部控制鉴证|内部控制声明", NULL, "公告$",
     "internal-control-report"},
    {"财务报告|财务报表", "查核报告|核阅报告", NULL, "financial-statements"},
    {"审计报告|核数师报告|会计师查核报告|会计师核阅报告|查核报告", NULL, "公告$", "audit-report"},
    {"鉴证报告|专项审核|专项审计说明|专项说明|审核报告|审阅报告|占用*说明", NULL, "公告$",
     "verification-report"},
    {"社会责任报告|可持续发展报告|环境、社会|环境,社会|ESG报告|永续报告|企业责任报告|"
     "社会及管治报告",
     NULL, "公告$", "sustainability-report"},
    {"独立董事", NULL, "选举|辞职|离任|公告$|任职|变更|补选|制度$|细则$", "independent-directors"},
    /* meetings */
    {"董事会会议日期|董事会会议通告|董事会召开日期|董事会会议召开", NULL, "决议",
     "board-meeting-date"},
    {"股东大会|股东会|股东周年大会|股东特别大会|股东常会", "决议|表决结果|投票结果|议事录",
     "提请|通告$|通知$", "meeting-resolution"},
    {"股东大会|股东会|股东周年大会|股东特别大会|股东常会", "资料|文件|材料|议事手册|会议手册",
     "公告$", "meeting-materials"},
    {"股东大会|股东会|股东周年大会|股东特别大会|股东常会",
     "通知|通告|通函|召开|延期|取消|提示性公告|临时提案|开会", "决议", "meeting-notice"},
    {"投票表决结果", NULL, NULL, "meeting-resolution"},
    {"监事会*决议", NULL, NULL, "supervisory-resolution"},
    {"董事会*决议|董事局*决议", NULL, NULL, "board-resolution"},
    /* offerings */
    {"上市公告书", NULL, NULL, "listing-announcement"},
    {"招股说明书|招股意向书|招股章程|招股书|公开说明书", NULL, "公告$|更正", "prospectus"},
    {"募集说明书|发售备忘录|发行备忘录|发售通函|上市文件", NULL, "公告$|通告$",
     "offering-circular"},
    {"配发结果|分配结果", NULL, NULL, "allotment-results"},
    {"稳定价格|稳价", NULL, NULL, "price-stabilisation"},
    {"正式通告", NULL, NULL, "formal-notice"},
    {"发行公告|发行安排|初步询价|网上发行|网下发行|网上路演|网上中签|发行结果|配售结果|摇号|"
     "申购情况|"
     "投资风险特别公告|全球发售|股份发售|发售价",
     NULL, "债券|增发|债务融资|票据", "issue-announcement"},
    /* periodical reports */
    {"业绩说明会|业绩发布会|业绩交流会|投资者说明会|集体接待日", NULL, NULL, "investor-briefing"},
    {"业绩预告|业绩预增|业绩预减|业绩预亏|业绩修正|业绩预盈|预计*业绩|盈利预警|盈利警告|盈利预告|"
     "正面盈利|业绩预测|扭亏为盈|预盈|预亏|预增",
     NULL, NULL, "performance-forecast"},
    {"业绩快报", NULL, NULL, "performance-express"},
    {"半年度报告|半年报|中期报告|中报", "摘要", "公告$", "half-year-report-summary"},
    {"年度报告|年报", "摘要", "公告$|股东", "annual-report-summary"},
    {"半年度报告|半年报|中期报告|中报$", NULL, "公告$|说明$|意见$|披露|董事会|决议|股东|预约|通知",
     "half-year-report"},
    {"季度报告|季报|季度业绩报告", NULL, "公告$|说明$|意见$|披露|董事会|决议|股东",
     "quarterly-report"},
    {"年度报告|年报", NULL, "公告$|说明$|意见$|披露|决议|股东|制度$|重大差错|规程$|通知",
     "annual-report"},
    {"年度业绩|全年业绩|末期业绩|中期业绩|季度业绩|半年度业绩|业绩公告|业绩公布|年度之业绩", NULL,
     "承诺|补偿|说明会", "results-announcement"},
    {"财务报告|财务报表|财务决算|会计报表|备考财务|资产负债表|权益变动表|现金流量表|损益表|利润表$",
     NULL, "公告$|决议", "financial-statements"},
    /* holdings */
    {"质押|解质押", NULL, "应收|合同|专利|知识产权|担保", "share-pledge"},
    {"冻结|司法标记", NULL, "资金|账户|帐户", "share-freeze"},
    {"限售股|限售条件|解除限售|解禁", NULL, "激励", "lock-up-release"},
    {"回购*股|购回*股|股份回购|回购公司|回购方案|回购注销", NULL, "质押|激励|逆回购|限制性",
     "share-repurchase"},
    {"股权激励|激励计划|限制性股票|员工持股|股票期权|激励对象|购股权|股份奖励", NULL, NULL,
     "equity-incentive"},
    {"减持", NULL, NULL, "holding-reduction"},
    {"增持", NULL, NULL, "holding-increase"},
    {"权益变动|持股变动|要约收购报告|股东持股|被动稀释|持股比例|实际控制人*变更|控制权", NULL, NULL,
     "holding-change"},
    {"权益分派|利润分配|分红|派息|转增股本|股息|派发|除权|除息", NULL, "政策|规划|说明会",
     "equity-distribution"},
    /* business */
    {"重大资产重组|资产重组|发行股份购买资产|重组报告书|重大资产购买|重大资产出售|资产置换|"
     "吸收合并",
     NULL, NULL, "asset-restructuring"},
    {"担保", NULL, NULL, "guarantee"},
    {"关联交易|关连交易|持续关连|日常关联", NULL, NULL, "related-transaction"},
    {"中标|合同|采购订单|订单|中选|成交通知|定点|PPP项目|工程承包|框架协议|合作协议|战略合作|"
     "备忘录|"
     "意向书",
     NULL, "劳动合同|募集|收购|投资协议|监管协议|激励|投资意向", "contract"},
    {"募集资金|募投项目|闲置募集|三方监管协议|四方监管协议|超募资金", NULL, NULL, "raised-funds"},
    {"委托理财|理财产品|现金管理|结构性存款", NULL, NULL, "wealth-management"},
    {"收购|出售|转让|受让|购买资产|须予披露|主要交易|非常重大|取得*不动产|处分*不动产|竞得|挂牌|"
     "拍卖",
     NULL, "质押|专利|终止挂牌|可转换|转债", "acquisition-disposal"},
    {"对外投资|投资设立|设立*公司|增资|投资建设|合资|投资协议|产业基金|设立*基金", NULL, NULL,
     "external-investment"},
    {"诉讼|仲裁|判决|裁定|起诉|破产|重整|冻结", NULL, NULL, "litigation"},
    {"处罚|立案|警示函|监管措施|纪律处分|公开谴责|监管决定|通报批评", NULL, NULL, "penalty"},
    {"减值|核销", NULL, NULL, "asset-impairment"},
    {"会计政策|会计估计|会计差错|前期差错", NULL, NULL, "accounting-change"},
    {"聘*会计师|续聘*审计|变更*会计师|聘*审计机构|核数师", NULL, NULL, "auditor-appointment"},
    {"政府补助|政府补贴|财政补助|补助资金", NULL, NULL, "government-grant"},
    {"可转换公司债券|可转债|转债|可转换债券", NULL, NULL, "convertible-bond"},
    {"债券|中期票据|短期融资券|融资券|公司债|优先票据|债务融资工具|票据", NULL, NULL, "bond"},
    {"异常波动|交易异动|股价异动|不寻常价格", NULL, NULL, "abnormal-trading"},
    {"风险提示|风险警示|特别处理", NULL, NULL, "risk-warning"},
    {"退市|终止上市|终止挂牌|除牌|撤销上市|取消上市地位", NULL, NULL, "delisting"},
    {"停牌|复牌|暂停买卖|恢复买卖", NULL, NULL, "suspension-resumption"},
    {"产销|销售情况|经营数据|经营情况简报|运营数据|销售简报|营业收入|营运数据|主要经营|保费收入|"
     "月营收",
     NULL, NULL, "operating-data"},
    {"辞职|离任|离职|选举|聘任|任职|委任|辞任|变更*董事|董事*变更|高级管理人员|董事长|总经理|监事|"
     "董事会秘书|更换*董事|董事名单",
     NULL, "薪酬|会议|制度|细则|规则", "personnel-change"},
    {"公司章程|章程$|组织章程|章程修正案|章程修订", NULL, NULL, "articles"},
    {"制度$|规则$|细则$|办法$|规程$|工作条例$|职权范围$", NULL, NULL, "policy"},
    {"保险*条款|保单条款|保险单", NULL, "公告$|报告", "insurance-policy"},
    {"定向增发|非公开发行|向特定对象发行|向不特定对象发行|配股|增发|发行股票", NULL, NULL,
     "issue-announcement"},
    /* it says that it is a filing */
    {"公告$|通告$|公布$|报告$|报告书$|通知$|声明$|说明$|意见$|意见书$|决议$|承诺$|承诺函$|承诺书$|"
     "方案$|预案$|草案$|公告书$|申请文件$|协议$|合约$|协议书$|委任书$|函$|函件$|说明书$|计划$|议案$"
     "|规划$|"
     "摘要$|提示$|表$",
     NULL, NULL, "other"},
};

/* Which characters a title has, by a hash of them: most words of the rules begin with none of
 * these, and need not be looked for. */
struct signs {
    uint64_t bits[16];
};

struct span {
    const char *at, *end;
    const struct signs *signs;
};

static unsigned sign_of(const char *p)
{
    const uint8_t *b = (const uint8_t *)p;
    return b[0] < 0xE0 ? b[0]
                       : ((b[0] & 15u) << 6 ^ (b[1] & 63u) << 4 ^ (b[2] & 63u) * 37u) & 1023u;
}

static void note_signs(struct signs *s, const char *title, size_t size)
{
    memset(s, 0, sizeof(*s));
    for (size_t p = 0; p < size; p++) {
        uint8_t b = (uint8_t)title[p];
        if ((b & 0xC0) == 0x80 || (b >= 0xE0 && p + 3 > size))
            continue;
        unsigned sign = sign_of(title + p);
        s->bits[sign / 64] |= 1ull << sign % 64;
    }
}

static bool has_sign(const struct signs *s, const char *word)
{
    unsigned sign = sign_of(word);
    return s->bits[sign / 64] >> sign % 64 & 1;
}

/* The title without what stands in brackets at its end. */
static size_t size_without_brackets(const char *title, size_t size)
{
    while (size > 0 && title[size - 1] == ')') {
        size_t open = size - 1;
        while (open > 0 && title[open] != '(')
            open--;
        if (open == 0)
            break;
        size = open;
    }
    return size;
}

/* Steps over the first place of a piece of a word; at_end: only the last place counts. */
static bool find_piece(struct span *s, const char *piece, size_t size, bool at_end)
{
    size_t left = (size_t)(s->end - s->at);
    const char *found = NULL;
    if (left < size || !has_sign(s->signs, piece))
        return false;
    if (!at_end)
        found = memmem(s->at, left, piece, size);
    else if (memcmp(s->end - size, piece, size) == 0)
        found = s->end - size;
    if (found)
        s->at = found + size;
    return found != NULL;
}

/* The pieces of the word [p, end) stand in the title one behind the other. */
static bool find_word(struct span s, const char *p, const char *end)
{
    bool at_end = end[-1] == '$';
    end -= at_end;
    while (p < end) {
        const char *star = memchr(p, '*', (size_t)(end - p)), *stop = star ? star : end;
        if (!find_piece(&s, p, (size_t)(stop - p), at_end && !star))
            return false;
        p = stop + 1;
    }
    return true;
}

/* Any of the words, which '|' separates. */
static bool find_any(const struct span *s, const char *words)
{
    for (const char *p = words; *p;) {
        const char *end = strchrnul(p, '|');
        if (find_word(*s, p, end))
            return true;
        p = *end ? end + 1 : end;
    }
    return false;
}

static bool fits(const struct span *title, const struct rule *rule)
{
    return find_any(title, rule->any) && (!rule->also || find_any(title, rule->also)) &&
           !(rule->none && find_any(title, rule->none));
}

/* ---- which rules may fit ---- */

_Static_assert(COUNT_OF(rules) <= GS_KIND_RULES_MAX, "a bit per rule");

static size_t char_size(const char *p, const char *end)
{
    uint8_t lead = (uint8_t)*p;
    size_t size = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    return size < (size_t)(end - p) ? size : (size_t)(end - p);
}

static uint32_t char_bytes(const char *p, size_t size)
{
    uint32_t bytes = 0;
    for (size_t i = 0; i < size; i++)
        bytes = bytes << 8 | (uint8_t)p[i];
    return bytes;
}

/* first and second: their bytes; second 0: the title ends behind the first. */
static uint32_t pair_hash(uint32_t first, uint32_t second)
{
    return ((first * 0x9E3779B1u) ^ (second * 0x85EBCA6Bu)) >> 16 & (GS_KIND_PAIRS - 1);
}

/* The word [p, end) of a rule: by its first two characters. */
static void index_word(struct gs_kind_finder *f, size_t rule, const char *p, const char *end)
{
    uint64_t bit = 1ull << rule % 64;
    size_t size = char_size(p, end);
    const char *next = p + size;
    if (next == end || *next == '*') {
        f->always[rule / 64] |= bit;
        return;
    }
    uint32_t second = *next == '$' ? 0 : char_bytes(next, char_size(next, end));
    uint32_t hash = pair_hash(char_bytes(p, size), second);
    f->pairs[hash / 64] |= 1ull << hash % 64;
    f->rules[hash % GS_KIND_PAIR_GROUPS][rule / 64] |= bit;
}

void gs_kind_finder_init(struct gs_kind_finder *finder)
{
    memset(finder, 0, sizeof(*finder));
    for (size_t i = 0; i < COUNT_OF(rules); i++) {
        for (const char *p = rules[i].any; *p;) {
            const char *end = strchrnul(p, '|');
            index_word(finder, i, p, end);
            p = *end ? end + 1 : end;
        }
    }
}

static void note_pair(const struct gs_kind_finder *f, uint32_t first, uint32_t second,
                      uint64_t *may)
{
    uint32_t hash = pair_hash(first, second);
    if (!(f->pairs[hash / 64] >> hash % 64 & 1))
        return;
    for (size_t i = 0; i < GS_KIND_RULES_MAX / 64; i++)
        may[i] |= f->rules[hash % GS_KIND_PAIR_GROUPS][i];
}

/* The rules that have a word which begins as something in the title does. */
static void possible_rules(const struct gs_kind_finder *f, const char *title, size_t size,
                           uint64_t *may)
{
    const char *end = title + size;
    uint32_t before = 0;
    memcpy(may, f->always, sizeof(f->always));
    for (const char *p = title; p < end;) {
        size_t step = char_size(p, end);
        uint32_t bytes = char_bytes(p, step);
        note_pair(f, before, bytes, may);
        before = bytes;
        p += step;
    }
    note_pair(f, before, 0, may);
}

const struct gs_filing_kind *gs_filing_kind_of_title(const struct gs_kind_finder *finder,
                                                     const char *title, size_t size)
{
    struct signs signs;
    uint64_t may[GS_KIND_RULES_MAX / 64];
    size = size_without_brackets(title, size);
    possible_rules(finder, title, size, may);
    note_signs(&signs, title, size);
    struct span span = {title, title + size, &signs};
    for (size_t word = 0; word < GS_KIND_RULES_MAX / 64; word++) {
        for (uint64_t left = may[word]; left; left &= left - 1) {
            size_t i = word * 64 + (size_t)__builtin_ctzll(left);
            if (fits(&span, &rules[i]))
                return gs_filing_kind_by_id(rules[i].id);
        }
    }
    return NULL;
}
