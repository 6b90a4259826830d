#include "indexer/metadata_internal.h"

#include "common/base/utf8_step.h"

/* What a document's heading ends in. */
static const char *const nouns[] = {
    "公告",     "通告",     "公布",     "通函",     "报告",       "报告书",     "年报",
    "季报",     "中报",     "报告全文", "报告摘要", "摘要",       "说明书",     "意向书",
    "招股章程", "意见书",   "意见",     "通知",     "通知书",     "回复",       "答复",
    "复函",     "回函",     "问询函",   "关注函",   "监管函",     "工作函",     "警示函",
    "决定书",   "记录表",   "记录",     "纪要",     "决议",       "方案",       "预案",
    "草案",     "声明",     "承诺函",   "承诺书",   "专项说明",   "说明",       "月报表",
    "报表",     "资料集",   "保荐书",   "公告书",   "备忘录",     "协议",       "合同",
    "议事录",   "议事手册", "财务报表", "决算",     "章程",       "条款",       "反馈意见",
    "提示",     "须知",     "业绩",     "资料",     "函",         "制度",       "细则",
    "规则",     "管理办法", "预告",     "公示",     "资产负债表", "权益变动表", "现金流量表",
    "损益表",   "利润表",   "工作报告", "披露表",   "月报",       "简报",       "快报",
    "结果",     NULL};

/* Alone they say enough. */
static const char *const whole_nouns[] = {
    "审计报告",     "招股说明书", "招股意向书",     "招股章程",   "法律意见书",
    "年度报告",     "半年度报告", "中标公告",       "募集说明书", "上市公告书",
    "律师工作报告", "评级报告",   "权益变动报告书", "合同公告",   "正式通告",
    "翌日披露报表", NULL};

/* 本公告 and the like end a line of the body. */
static const char *const pointers[] = {
    "本公告",       "该公告",     "此公告",       "述公告",       "等公告",
    "关公告",       "本报告",     "该报告",       "述报告",       "本通函",
    "本通知",       "本招股章程", "本招股说明书", "本募集说明书", "特此公告",
    "本招股意向书", "本意见",     "本说明",       "公司公告",     "最新公告",
    "临时公告",     "研究报告",   "特此说明",     "特此通知",     "特此报告",
    "备查文件",     "以下说明",   "如下说明",     "重要提示",     "特别提示",
    "温馨提示",     "风险提示",   "重大事项提示", "全部公告",     "如下公告",
    "查阅本",       "有限公司",   "之公告全文",   "本摘要",       "本报告书",
    "本法律意见书", "本回复",     "编制说明",     "声明",         NULL};

static const char *const prose_starts[] = {
    "本公司",   "公司董事会", "公司及董事", "公司全体", "董事会及", "特此", "重要内容", "重要提示",
    "特别提示", "目录",       "释义",       "根据",     "除非",     "为了", "近日",     "兹",
    "资料来源", "数据来源",   "如有",       "敬启",     "致",       "附件", "备查",     NULL};

static const char *const heading_starts[] = {
    "首次公开", "公开发行", "向特定", "向不特定", "非公开发行", "发行股份", "重大资产",
    "年度",     "创业板",   "科创板", "申请",     "以简易",     "配股",     NULL};

static const char *const continues[] = {"的", "之", "及", "和", "与", "暨",
                                        "》", "、", ")",  "并", "/",  NULL};

/* What begins so is the rest of a line that a page's end or a table cut off. */
static const char *const fragments[] = {"的", "及", "》", "、", ")", NULL};

/* Behind these a line goes on in the next. */
static const char *const joins[] = {"、", "及", "与", "和", "暨", ",", NULL};

/* The size without what stands in brackets at the end, and the marks of footnotes. */
static size_t bare_size(const char *text, size_t size)
{
    for (;;) {
        while (size > 0 && (text[size - 1] == '*' || text[size - 1] == '#'))
            size--;
        if (size == 0 || text[size - 1] != ')')
            return size;
        size_t open = size - 1;
        while (open > 0 && text[open] != '(')
            open--;
        if (open == 0)
            return size;
        size = open;
    }
}

static bool has_han(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if ((uint8_t)text[i] >= 0xE4 && (uint8_t)text[i] <= 0xE9)
            return true;
    return false;
}

/* 2023年报, 年报2023, 二零二三年中期报告 are said by their year and a word. */
static bool is_yearly(const char *text, size_t size)
{
    static const char *const reports[] = {"年报", "中期报告", "年度报告", "年度报告书", NULL};
    static const char *const digits[] = {"一", "二", "三", "四", "五", "六", "七",
                                         "八", "九", "零", "〇", "年", NULL};
    size_t start = 0, year = 0;
    while (size > 0 && text[size - 1] >= '0' && text[size - 1] <= '9') {
        size--;
        year++;
    }
    while (start < size && text[start] >= '0' && text[start] <= '9')
        start++;
    while (start + 3 < size && gs_begins_any(text + start, size - start, digits) &&
           !gs_begins_any(text + start, size - start, reports))
        start += 3;
    for (size_t i = 0; reports[i]; i++)
        if (strlen(reports[i]) == size - start &&
            memcmp(reports[i], text + start, size - start) == 0)
            return start >= 4 || year == 4;
    return false;
}

bool gs_title_is_heading(const char *text, size_t size)
{
    if (is_yearly(text, size))
        return true;
    size = bare_size(text, size);
    if (size < 12 || size > 360 || !gs_ends_any(text, size, nouns))
        return false;
    for (size_t i = 0; whole_nouns[i]; i++)
        if (strlen(whole_nouns[i]) == size && memcmp(whole_nouns[i], text, size) == 0)
            return true;
    return size >= 15 && !gs_ends_any(text, size, pointers);
}

/* 一、 (一) 1. (1) 第一节: a heading within the text. */
static bool is_numbered(const char *text, size_t size)
{
    static const char *const digits[] = {"一", "二", "三", "四", "五", "六",
                                         "七", "八", "九", "十", "百", NULL};
    size_t at = gs_begins(text, size, "(") ? 1 : gs_begins(text, size, "第") ? 3 : 0, start = at;
    while (at < size &&
           ((text[at] >= '0' && text[at] <= '9') || gs_begins_any(text + at, size - at, digits)))
        at += text[at] >= '0' && text[at] <= '9' ? 1 : 3;
    static const char *const behind[] = {"、", ")", ".", "章", "节", "部分", "条", NULL};
    return at > start && at - start <= 9 && gs_begins_any(text + at, size - at, behind);
}

static bool is_prose(const char *text, size_t size)
{
    static const char *const signs[] = {"。", "……", "....", "···",  ";",
                                        "?",  "!",  "http", "www.", NULL};
    static const char *const ends[] = {",", ":", "、", NULL};
    return gs_begins_any(text, size, prose_starts) || gs_finds_any(text, size, signs) ||
           gs_ends_any(text, size, ends) || is_numbered(text, size);
}

/* A row of a table: pieces with white space of a column's width between them. */
static bool is_row(const struct gs_lines *l, size_t i)
{
    size_t piece = l->line[i].start, columns = 0;
    for (size_t p = piece + 1; p < l->line[i].end; p++) {
        if (((uint8_t)l->fold[p] & 0xC0) == 0x80 || !gs_lines_gap(l, p))
            continue;
        columns += p - piece >= 6 && gs_lines_source(l, p) - gs_lines_source_end(l, p) >= 3;
        piece = p;
    }
    return columns >= 3;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Amounts and days in figures, two or more of them: 3,538.34 2020.12-2021.12. Shares in per cent
 * are a title's. */
static bool has_figures(const struct gs_lines *l, size_t i)
{
    size_t figures = 0, end = l->line[i].end;
    for (size_t p = l->line[i].start; p < end;) {
        bool marked = false;
        size_t start = p;
        while (p < end && (p == start || !gs_lines_gap(l, p)) &&
               (is_digit(l->fold[p]) || (p > start && (l->fold[p] == '.' || l->fold[p] == ',') &&
                                         is_digit(l->fold[p + 1])))) {
            marked |= !is_digit(l->fold[p]);
            p++;
        }
        figures += marked && l->fold[p] != '%';
        p += p == start;
    }
    return figures >= 2;
}

/* English prose before the first Han character, as in a text in two columns: words in small
 * letters, which a company's name has few of. */
static bool is_english(const struct gs_lines *l, size_t i)
{
    size_t words = 0;
    for (size_t p = l->line[i].start; p < l->line[i].end && (uint8_t)l->fold[p] < 0xE0; p++)
        words += l->fold[p] >= 'a' && l->fold[p] <= 'z' && gs_lines_gap(l, p);
    return words >= 4;
}

static bool is_file_number(const char *text, size_t size)
{
    return gs_ends(text, size, "号") && size < 90 &&
           (gs_finds(text, size, "字") || gs_finds(text, size, "〔") ||
            gs_finds(text, size, "【") || gs_finds(text, size, "[") ||
            gs_begins(text, size, "编号"));
}

static bool is_address(const char *text, size_t size)
{
    static const char *const signs[] = {"住所",     "地址", "省",        "市",   "区",   "路", "街",
                                        "注册成立", "楼",   "StockCode", "代号", "代码", NULL};
    return gs_begins(text, size, "(") && gs_ends(text, size, ")") &&
           gs_finds_any(text, size, signs);
}

/* A line that may be part of a heading over several. */
static bool may_belong(const struct gs_metadata *m, size_t i)
{
    const struct gs_lines *l = &m->head;
    const char *text = gs_line_text(l, i);
    size_t size = gs_line_size(l, i);
    return !l->line[i].cut && size <= 210 && !m->is_label[i] && !is_prose(text, size) &&
           !is_file_number(text, size) && !is_address(text, size) && has_han(text, size) &&
           !is_row(l, i) && !is_english(l, i) && !has_figures(l, i);
}

/* The first line of the heading that ends at `last`. */
static size_t first_line(const struct gs_metadata *m, size_t last)
{
    const struct gs_lines *l = &m->head;
    const char *text = gs_line_text(l, last);
    size_t size = gs_line_size(l, last), first = last;
    if (gs_finds(text, size, "关于"))
        return last;
    for (size_t up = 1; up <= 5 && up <= last; up++) {
        size_t i = last - up;
        const char *line = gs_line_text(l, i);
        size_t line_size = gs_line_size(l, i);
        if (!may_belong(m, i) || l->line[i + 1].after_page)
            break;
        if (gs_begins(line, line_size, "关于") || gs_ends(line, line_size, "关于"))
            return i;
    }
    if (last > 0 && gs_line_size(l, last - 1) == 4 && size < 20 &&
        strspn(gs_line_text(l, last - 1), "0123456789") >= 4)
        return last - 1; /* 2023 / 年报 */
    while (first > 0 && last - first < 3) {
        const char *line = gs_line_text(l, first), *above = gs_line_text(l, first - 1);
        size_t line_size = gs_line_size(l, first), above_size = gs_line_size(l, first - 1);
        if (!may_belong(m, first - 1) || gs_company_is_line(above, above_size) ||
            gs_title_is_heading(above, above_size) || l->line[first].after_page)
            break;
        size_t company = gs_company_prefix(above, above_size);
        if (!gs_begins_any(line, line_size, continues) &&
            !gs_begins_any(above, above_size, heading_starts) &&
            !(company > 0 && company < above_size) &&
            !(above[0] == '2' && (gs_finds(above, above_size, "年") != NULL) && above_size < 180))
            break;
        first--;
    }
    return first;
}

/* The last line of the heading that `last` seems to end: 2023年年度报告 /
 * 的信息披露监管问询函的回复. */
static size_t last_line(const struct gs_metadata *m, size_t first, size_t last)
{
    const struct gs_lines *l = &m->head;
    bool about = gs_finds(gs_line_text(l, first), gs_line_size(l, first), "关于") != NULL;
    for (size_t down = 1, i = last + 1; down <= 3 && i < l->count; down++, i++) {
        const char *text = gs_line_text(l, i);
        size_t size = gs_line_size(l, i);
        if (!may_belong(m, i) || gs_company_is_line(text, size) || l->line[i].after_page)
            break;
        bool goes_on = gs_begins_any(text, size, continues);
        if (!goes_on && !(about && down == 1 && !l->line[i].after_blank))
            break;
        if (gs_title_is_heading(text, size) ||
            (goes_on && gs_ends_any(text, bare_size(text, size), nouns)))
            last = i;
    }
    size_t next = last + 1;
    if (next < l->count && may_belong(m, next) && gs_line_size(l, next) <= 180 &&
        gs_begins(gs_line_text(l, next), gs_line_size(l, next), "(") &&
        gs_ends(gs_line_text(l, next), gs_line_size(l, next), ")"))
        last = next;
    return last;
}

static bool set_title(struct gs_metadata *m, size_t first, size_t last)
{
    const struct gs_lines *l = &m->head;
    while (first < last && gs_company_is_line(gs_line_text(l, first), gs_line_size(l, first)))
        first++;
    size_t start = l->line[first].start, end = l->line[last].end;
    start += gs_lines_heading_number(l, start, end);
    m->title = (struct gs_part){(uint32_t)start, (uint32_t)end};
    m->title_line = first;
    m->title_last = last;
    return m->title.end - m->title.start < sizeof(m->title_fold);
}

/* The first line of the heading below the company's name, where it was founded and its code; count:
 * none. */
static size_t below_company(const struct gs_metadata *m)
{
    const struct gs_lines *l = &m->head;
    size_t founded = SIZE_MAX, first;
    for (size_t i = 0; i < l->count && founded == SIZE_MAX; i++)
        founded = gs_company_foundation(l, i);
    if (founded == SIZE_MAX)
        return l->count;
    for (first = founded + 1; first < l->count && first < founded + 6; first++) {
        const char *text = gs_line_text(l, first);
        size_t size = gs_line_size(l, first);
        if (!m->is_label[first] && has_han(text, size) && !gs_begins(text, size, "("))
            return first;
    }
    return l->count;
}

/* The first heading of the text says again what the title says: most of its pairs of characters
 * stand there. */
static bool repeats(const char *title, size_t title_size, const char *text, size_t size)
{
    size_t pairs = 0, found = 0;
    for (size_t p = 0; p + 6 <= size; p++) {
        if (((uint8_t)text[p] & 0xF0) != 0xE0)
            continue;
        pairs++;
        found += memmem(title, title_size, text + p, 6) != NULL;
    }
    return pairs >= 3 && found * 10 >= pairs * 7;
}

/* The first heading of the text may stand below the title: short, no document's, and nothing that
 * the line above it waits for (…及 / 超額配股權失效; …於香港聯合交易所有限公司 / GEM上市). */
static bool is_text_heading(const struct gs_lines *l, size_t i)
{
    const char *text = gs_line_text(l, i);
    size_t size = gs_line_size(l, i);
    return size <= 24 && !gs_ends_any(text, size, nouns) && !gs_ends(text, size, "上市") &&
           !gs_begins_any(text, size, continues) &&
           !gs_ends_any(gs_line_text(l, i - 1), gs_line_size(l, i - 1), joins);
}

/* Hong Kong: until a table or the text begins. */
static bool find_below_company(struct gs_metadata *m)
{
    static const char *const ends[] = {"绪言", "兹提述", "董事会", "概要", "本公告",
                                       "联席", "独家",   "配售",   NULL};
    static const char *const table[] = {":", "数目", "港元", NULL};
    const struct gs_lines *l = &m->head;
    size_t first = below_company(m), last;
    for (last = first; last < l->count && last < first + 5; last++) {
        const char *text = gs_line_text(l, last);
        size_t size = gs_line_size(l, last);
        if (!(may_belong(m, last) || gs_ends(text, size, "、")) || size > 150 ||
            gs_begins_any(text, size, ends) || gs_finds_any(text, size, table))
            break;
        bool joined = last > first &&
                      gs_ends_any(gs_line_text(l, last - 1), gs_line_size(l, last - 1), joins);
        if (last > first && !joined &&
            repeats(l->fold + l->line[first].start, l->line[last].start - l->line[first].start,
                    text, size))
            break;
    }
    if (last > first + 1 && is_text_heading(l, last - 1))
        last--;
    return last > first && set_title(m, first, last - 1);
}

/* A heading that the text follows in the same line, behind white space. */
static bool find_in_line(struct gs_metadata *m)
{
    const struct gs_lines *l = &m->head;
    for (size_t i = 0; i < l->count && i < 12; i++) {
        size_t start = l->line[i].start;
        const char *text = gs_line_text(l, i);
        size_t size = gs_line_size(l, i);
        if (m->is_label[i] || !(gs_begins(text, size, "关于") ||
                                (l->line[i].may_company && gs_company_prefix(text, size))))
            continue;
        for (size_t p = start + 1; p < l->line[i].end && p < start + 240; p++) {
            if (((uint8_t)l->fold[p] & 0xC0) == 0x80 || !gs_lines_gap(l, p) ||
                !gs_title_is_heading(text, p - start) || is_prose(text, p - start))
                continue;
            m->title = (struct gs_part){(uint32_t)start, (uint32_t)p};
            m->title_line = m->title_last = i;
            return true;
        }
    }
    return false;
}

/* 关于…七号线 / 七、八号线供电系统中标的公告: what looks like a number is the heading's second
 * line. */
static bool goes_on(const struct gs_metadata *m, size_t i)
{
    const struct gs_lines *l = &m->head;
    const char *text = gs_line_text(l, i);
    size_t size = gs_line_size(l, i);
    if (i == 0 || m->is_label[i] || l->line[i].cut || !is_numbered(text, size) ||
        gs_finds(text, size, "。") || !gs_ends_any(text, size, nouns))
        return false;
    const char *above = gs_line_text(l, i - 1);
    size_t above_size = gs_line_size(l, i - 1), company = gs_company_prefix(above, above_size);
    return may_belong(m, i - 1) && !gs_ends_any(above, above_size, nouns) &&
           (gs_begins(above, above_size, "关于") || (company > 0 && company < above_size));
}

/* Whether the line may end in one of `nouns`: by its last character. Most lines do not. */
static bool may_end_in_noun(const char *text, size_t size)
{
    static const char lasts[] = "书册函则同告复布度录报文料明果案款法知示程算绩表要见议集";
    size = bare_size(text, size);
    while (size > 0 && text[size - 1] >= '0' && text[size - 1] <= '9')
        size--; /* 年报2023 */
    return size >= 3 && memmem(lasts, sizeof(lasts) - 1, text + size - 3, 3);
}

/* The first heading from line `from` on. */
static bool find_heading(struct gs_metadata *m, size_t from)
{
    const struct gs_lines *l = &m->head;
    for (size_t i = from; i < l->count && i < 60; i++) {
        const char *text = gs_line_text(l, i);
        size_t size = gs_line_size(l, i);
        if (l->line[i].cut || !may_end_in_noun(text, size))
            continue;
        if (!(may_belong(m, i) || goes_on(m, i)) ||
            !gs_ends_any(text, bare_size(text, size), nouns) || gs_company_is_line(text, size))
            continue;
        size_t first = first_line(m, i), start = l->line[first].start;
        if (first < from)
            first = from;
        if (!gs_title_is_heading(l->fold + start, l->line[i].end - start) ||
            gs_begins_any(l->fold + start, l->line[i].end - start, fragments) ||
            gs_ends_any(text, bare_size(text, size), pointers))
            continue;
        return set_title(m, first, last_line(m, first, i));
    }
    return false;
}

/* Behind the first line of labels; what stands before it is a page's own heading. */
static size_t behind_labels(const struct gs_metadata *m)
{
    for (size_t i = 0; i < m->head.count && i < 12 && m->any_label; i++)
        if (m->is_label[i])
            return i + 1;
    return 0;
}

bool gs_title_find(struct gs_metadata *m)
{
    size_t labels = behind_labels(m);
    m->title_line = SIZE_MAX;
    if (m->disclaimer && find_below_company(m))
        return true;
    if (labels > 0 && find_heading(m, labels) && m->title_line <= labels + 10)
        return true;
    return find_heading(m, 0) || find_in_line(m);
}
