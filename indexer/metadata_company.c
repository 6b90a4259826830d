#include "indexer/metadata_internal.h"

static const char *const suffixes[] = {"股份有限公司", "有限责任公司", "有限公司", "集团公司",
                                       "股份公司",     "总公司",       "控股公司", "集团",
                                       "公司",         "银行",         NULL};

/* Firms that write about a company, and institutions: not the issuer where another is named. */
static const char *const others[] = {"交易所",   "结算有限", "登记结算", "事务所", "证监会",
                                     "监督管理", "资产评估", "信用评级", "资信",   "香港交易及结算",
                                     "律师",     "会计师",   NULL};
static const char *const brokers[] = {"证券股份有限公司",
                                      "证券有限责任公司",
                                      "证券有限公司",
                                      "证券承销保荐",
                                      "国际金融股份",
                                      "融资有限公司",
                                      NULL};

/* Beginnings that make it a sentence or a heading, not a name. */
static const char *const not_names[] = {"关于", "本公司", "公司",   "贵公司", "由",     "与",
                                        "对",   "致:",    "致",     "保荐",   "主承销", "发行人:",
                                        "其中", "全资",   "子公司", "联席",   "独家",   "上市",
                                        "各",   "本招股", "本募集", "本报告", NULL};

/* What a line has that is more than a name, however the name is written. */
static const char *const sentence_signs[] = {"。", ";", ":", "、", "!", "“", NULL};

/* What no name of a company holds. */
static const char *const not_in_names[] = {"。", ",", ";",    ":",    "、",   "!",  "?", "“",
                                           "”",  "…", "截至", "以下", "公告", "于", NULL};

/* A row of a table that ends in 合并母公司 and the like. */
static bool has_date(const char *text, size_t size)
{
    static const char *const units[] = {"年", "月", "日", NULL};
    for (size_t p = 1; p < size; p++)
        if (text[p - 1] >= '0' && text[p - 1] <= '9' && gs_begins_any(text + p, size - p, units))
            return true;
    return false;
}

bool gs_company_is_line(const char *text, size_t size)
{
    while (size > 0 && (text[size - 1] == '*' || text[size - 1] == '#'))
        size--;
    return size >= 12 && size <= 150 && gs_ends_any(text, size, suffixes) &&
           !gs_begins_any(text, size, not_names) && !gs_finds_any(text, size, not_in_names) &&
           !has_date(text, size);
}

size_t gs_company_prefix(const char *text, size_t size)
{
    size_t best = 0;
    size = size < 168 ? size : 168; /* of a longer line only the beginning matters */
    if (!gs_finds(text, size, "公司"))
        return 0;
    static const char *const ends[] = {"股份有限公司", "有限责任公司", "有限公司", "集团公司",
                                       NULL};
    for (size_t i = 0; ends[i]; i++) {
        const char *at = gs_finds(text, size, ends[i]);
        size_t end = at ? (size_t)(at - text) + strlen(ends[i]) : 0;
        if (end > 12 && (best == 0 || end < best))
            best = end;
    }
    if (best == 0 || best > 150 || gs_begins_any(text, best, not_names) ||
        gs_finds_any(text, best, not_in_names))
        return 0;
    return best;
}

size_t gs_company_foundation(const struct gs_lines *l, size_t i)
{
    static const char *const openings[] = {"(于", "(在", "(根据", "(依", "(一家", "(一间", NULL};
    size_t last = i, most = i + 4 < l->count ? i + 4 : l->count;
    const char *text = gs_line_text(l, i);
    if (!gs_begins_any(text, gs_line_size(l, i), openings))
        return SIZE_MAX;
    while (last < most && !gs_ends(gs_line_text(l, last), gs_line_size(l, last), ")"))
        last++;
    if (last == most)
        return SIZE_MAX;
    size_t size = l->line[last].end - l->line[i].start; /* lines stand one behind the other */
    const char *founded = gs_finds(text, size, "成立");
    return founded && gs_finds(founded, size - (size_t)(founded - text), "公司") &&
                   !gs_finds(text, size, "。")
               ? last
               : SIZE_MAX;
}

static bool is_other(const char *text, size_t size)
{
    return gs_finds_any(text, size, others);
}

static bool take(struct gs_metadata *m, const struct gs_lines *l, size_t start, size_t size)
{
    char *out = m->value.company;
    while (size > 0 && (l->fold[start + size - 1] == '*' || l->fold[start + size - 1] == '#'))
        size--;
    if (gs_ends(l->fold + start, size, "及子公司"))
        size -= strlen("及子公司");
    size_t number = gs_lines_heading_number(l, start, start + size);
    start += number;
    size -= number;
    struct gs_part part = {(uint32_t)start, (uint32_t)(start + size)};
    return gs_part_copy(l, part, out, sizeof(m->value.company)) > 0;
}

/* X股份有限公司全体股东: whom an auditor's report is for. */
static bool by_addressee(struct gs_metadata *m)
{
    static const char *const whom_ends[] = {"东:", "东", "会:", "会", NULL};
    static const char *const whom[] = {"全体股东", "董事会:", "董事会", NULL};
    const struct gs_lines *l = &m->head;
    for (size_t i = 0; i < l->count && i < 60; i++) {
        const char *text = gs_line_text(l, i);
        size_t size = gs_line_size(l, i);
        if (!gs_ends_any(text, size, whom_ends))
            continue;
        size_t end = gs_company_prefix(text, size);
        if (end > 0 && end < size && size - end <= 20 &&
            gs_begins_any(text + end, size - end, whom))
            return take(m, l, l->line[i].start, end);
    }
    return false;
}

/* 关于X股份有限公司…: whom a firm's letter is about. */
static bool by_subject(struct gs_metadata *m)
{
    const struct gs_lines *l = &m->head;
    const char *title = l->fold + m->title.start;
    size_t size = m->title.end - m->title.start;
    if (m->title_line == SIZE_MAX)
        return false;
    const char *about = gs_finds(title, size, "关于");
    if (!about)
        return false;
    size_t from = (size_t)(about - title) + 6;
    if (gs_begins(title + from, size - from, "对"))
        from += 3;
    size_t end = gs_company_prefix(title + from, size - from);
    return end > 0 && take(m, l, m->title.start + from, end);
}

static bool by_title_prefix(struct gs_metadata *m)
{
    const struct gs_lines *l = &m->head;
    const char *title = l->fold + m->title.start;
    size_t size = m->title.end - m->title.start;
    if (m->title_line == SIZE_MAX)
        return false;
    const char *colon = memchr(title, ':', size);
    size_t from = colon && colon - title < 36 ? (size_t)(colon - title) + 1 : 0;
    size_t end = gs_company_prefix(title + from, size - from);
    if (end == 0 || is_other(title + from, end))
        return false;
    return take(m, l, m->title.start + from, end);
}

/* Hong Kong: the name above （於開曼群島註冊成立的有限公司）, in whatever language it is given. */
static bool by_foundation(struct gs_metadata *m)
{
    const struct gs_lines *l = &m->head;
    size_t most = m->disclaimer ? l->count : 30;
    for (size_t i = 1; i < l->count && i < most; i++) {
        const char *above = gs_line_text(l, i - 1);
        size_t above_size = gs_line_size(l, i - 1);
        if (gs_company_foundation(l, i) == SIZE_MAX)
            continue;
        if ((uint8_t)above[0] >= 0x80 && gs_finds_any(above, above_size, sentence_signs))
            continue;
        if (i > 1 && (uint8_t)above[0] < 0x80 &&
            gs_company_is_line(gs_line_text(l, i - 2), gs_line_size(l, i - 2)))
            return take(m, l, l->line[i - 2].start, gs_line_size(l, i - 2));
        return above_size <= 120 && !gs_finds(above, above_size, "。") &&
               take(m, l, l->line[i - 1].start, above_size);
    }
    return false;
}

/* A line of its own near the title. */
static bool by_line(struct gs_metadata *m)
{
    const struct gs_lines *l = &m->head;
    size_t most = m->title_line == SIZE_MAX ? 12 : m->title_last + 4;
    size_t broker = SIZE_MAX;
    for (size_t i = 0; i < l->count && i < most; i++) {
        const char *text = gs_line_text(l, i);
        size_t size = gs_line_size(l, i);
        if (l->line[i].cut || !gs_company_is_line(text, size) || is_other(text, size))
            continue;
        if (gs_finds_any(text, size, brokers)) {
            broker = broker == SIZE_MAX ? i : broker;
            continue;
        }
        return take(m, l, l->line[i].start, size);
    }
    return broker != SIZE_MAX && take(m, l, l->line[broker].start, gs_line_size(l, broker));
}

/* X股份有限公司董事会 at the end, or 承董事會命 and the name below it. */
static bool by_signature(struct gs_metadata *m)
{
    const struct gs_lines *l = gs_tail(m);
    bool commanded = false;
    for (size_t i = 0; i < l->count; i++) {
        const char *text = gs_line_text(l, i);
        size_t size = gs_line_size(l, i);
        if (commanded && gs_company_is_line(text, size))
            return take(m, l, l->line[i].start, size);
        if (gs_begins(text, size, "承董事会命") || gs_begins(text, size, "承董事局命"))
            commanded = true;
        const char *board = gs_finds(text, size, "董事");
        if (!board && i + 4 < l->count)
            continue;
        size_t end = gs_company_prefix(text, size);
        if (end > 0 && !is_other(text, end) &&
            ((board && (size_t)(board - text) == end) || (end == size && i + 4 >= l->count)))
            return take(m, l, l->line[i].start, end);
    }
    return false;
}

void gs_company_find(struct gs_metadata *m)
{
    const char *kind = m->kind ? m->kind->id : "";
    bool audit = strcmp(kind, "audit-report") == 0 || strcmp(kind, "verification-report") == 0 ||
                 strcmp(kind, "internal-control-report") == 0;
    bool by_firm = strcmp(kind, "legal-opinion") == 0 || strcmp(kind, "sponsor-opinion") == 0 ||
                   strcmp(kind, "inquiry-reply") == 0 || strcmp(kind, "inquiry-letter") == 0;
    if (by_foundation(m) || (audit && by_addressee(m)))
        return;
    if (by_firm && by_subject(m))
        return;
    if (by_title_prefix(m) || by_line(m) || by_signature(m))
        return;
    if (!audit)
        (void)by_addressee(m);
}
