#include "indexer/metadata_internal.h"

#include "common/base/utf8_step.h"
#include "indexer/metadata_signs.h"

enum label { LABEL_NONE, LABEL_CODE, LABEL_NAME, LABEL_NUMBER, LABEL_FOREIGN };

/* How a label ends, by what stands before that and what it is then. The first row that fits. */
static const struct label_row {
    const char *tail, *before;
    enum label label;
    enum gs_market market; /* of a code that is too short to say it itself */
} rows[] = {
    {"代码", "证券", LABEL_CODE, GS_MARKET_UNKNOWN},
    {"代码", "股票", LABEL_CODE, GS_MARKET_UNKNOWN},
    {"代码", "公司", LABEL_CODE, GS_MARKET_UNKNOWN},
    {"代码", "股份", LABEL_CODE, GS_MARKET_HONG_KONG},
    {"代码", "A股", LABEL_CODE, GS_MARKET_MAINLAND},
    {"代码", "B股", LABEL_CODE, GS_MARKET_MAINLAND},
    {"代码", "H股", LABEL_CODE, GS_MARKET_HONG_KONG},
    {"代码", "普通股", LABEL_CODE, GS_MARKET_UNKNOWN},
    {"代号", "股份", LABEL_CODE, GS_MARKET_HONG_KONG},
    {"代号", "证券", LABEL_CODE, GS_MARKET_TAIWAN},
    {"代号", "股票", LABEL_CODE, GS_MARKET_TAIWAN},
    {"代号", "公司", LABEL_CODE, GS_MARKET_TAIWAN},
    {"简称", "证券", LABEL_NAME, GS_MARKET_UNKNOWN},
    {"简称", "股票", LABEL_NAME, GS_MARKET_UNKNOWN},
    {"简称", "公司", LABEL_NAME, GS_MARKET_UNKNOWN},
    {"简称", "股份", LABEL_NAME, GS_MARKET_UNKNOWN},
    {"简称", "A股", LABEL_NAME, GS_MARKET_UNKNOWN},
    {"简称", "B股", LABEL_FOREIGN, GS_MARKET_UNKNOWN},
    {"简称", "H股", LABEL_FOREIGN, GS_MARKET_UNKNOWN},
    {"名称", "证券", LABEL_NAME, GS_MARKET_UNKNOWN},
    {"名称", "股票", LABEL_NAME, GS_MARKET_UNKNOWN},
    {"编号", "公告", LABEL_NUMBER, GS_MARKET_UNKNOWN},
    {"编码", "公告", LABEL_NUMBER, GS_MARKET_UNKNOWN},
    {"代码", "", LABEL_FOREIGN, GS_MARKET_UNKNOWN},
    {"代号", "", LABEL_FOREIGN, GS_MARKET_UNKNOWN},
    {"简称", "", LABEL_FOREIGN, GS_MARKET_UNKNOWN},
    {"编号", "", LABEL_FOREIGN, GS_MARKET_UNKNOWN},
};

/* Before a label of ours these make it another's: 可转债证券代码. */
static const char *const foreign[] = {"债券", "债",   "转债", "优先股",   "基金",
                                      "权证", "信用", "标的", "交易对方", NULL};

struct scan {
    struct gs_metadata *m;
    const struct gs_lines *l;
    size_t line, end; /* the line and where it ends */
    const struct label_row *row;
    size_t rest;            /* where what is no label's value begins behind a number; 0: nowhere */
    size_t label_start, at; /* the label, and right behind it */
};

static bool is_han(const struct gs_lines *l, size_t p)
{
    uint8_t b = (uint8_t)l->fold[p];
    return b >= 0xE4 && b <= 0xE9;
}

/* The label whose tail stands at p, its start in *start; NULL: none. */
static const struct label_row *label_at(const struct gs_lines *l, size_t line_start, size_t p,
                                        size_t end, size_t *start)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        size_t before = strlen(rows[i].before);
        if (end - p < 6 || memcmp(l->fold + p, rows[i].tail, 6) != 0)
            continue;
        if (p - line_start < before || memcmp(l->fold + p - before, rows[i].before, before) != 0)
            continue;
        *start = p - before;
        return &rows[i];
    }
    return NULL;
}

static bool english_label(const struct gs_lines *l, size_t p, size_t end)
{
    return end - p >= 9 && strncasecmp(l->fold + p, "StockCode", 9) == 0;
}

/* Whether 代码, 代号, 名称, 简称, 编号 or 编码 may stand at p: by the first of the two. */
static bool may_be_tail(const char *p)
{
    const uint8_t *b = (const uint8_t *)p;
    switch (b[0] << 16 | b[1] << 8 | b[2]) {
    case 0xE4BBA3: /* 代 */
    case 0xE5908D: /* 名 */
    case 0xE7AE80: /* 简 */
    case 0xE7BC96: /* 编 */
        return true;
    default:
        return false;
    }
}

/* The next label of the line from s->at on; false: none. Leaves s->at behind it. */
static bool next_label(struct scan *s)
{
    static const struct label_row english = {"StockCode", "", LABEL_CODE, GS_MARKET_HONG_KONG};
    const struct gs_lines *l = s->l;
    size_t line_start = l->line[s->line].start;
    for (size_t p = s->at; p + 6 <= s->end; p++) {
        uint8_t b = (uint8_t)l->fold[p];
        if (b == 'S' && english_label(l, p, s->end)) {
            s->row = &english;
            s->label_start = p;
            s->at = p + 9;
            return true;
        }
        if (b < 0xE0)
            continue;
        if (!may_be_tail(l->fold + p)) {
            p += 2;
            continue;
        }
        const struct label_row *row = label_at(l, line_start, p, s->end, &s->label_start);
        if (!row)
            continue;
        s->row = row;
        s->at = p + 6;
        return true;
    }
    return false;
}

/* Where the value behind the label ends at the latest: at the next label or the line's end. */
static size_t value_end(const struct scan *s)
{
    struct scan next = *s;
    return next_label(&next) ? next.label_start : s->end;
}

static size_t skip_value_start(const struct gs_lines *l, size_t p, size_t end)
{
    while (p < end && strchr(":(/;.", l->fold[p]))
        p++;
    return p;
}

static void add_code(struct gs_metadata *m, const struct gs_stock_code *code)
{
    for (size_t i = 0; i < m->code_count; i++)
        if (strcmp(m->code[i].digits, code->digits) == 0)
            return;
    if (m->code_count < GS_CODES_MAX)
        m->code[m->code_count++] = *code;
}

/* One run of digits at *p, spaced out or not, with its suffix. Digits that stand apart in groups
 * are codes of their own (600320 900947). */
static size_t read_digits(const struct gs_lines *l, size_t *p, size_t end, char out[16])
{
    size_t n = 0, group = 0, at = *p;
    bool spaced = true; /* each group so far is one digit */
    while (at < end && l->fold[at] >= '0' && l->fold[at] <= '9') {
        if (n > 0 && gs_lines_gap(l, at)) {
            if (n >= 6 || (!spaced && group > 2) || (spaced && group > 1))
                break;
            group = 0;
        }
        if (++group > 1)
            spaced = false;
        if (n < 8)
            out[n++] = l->fold[at];
        at++;
    }
    size_t suffix = at;
    while (suffix < end && suffix - at < 4 &&
           (l->fold[suffix] == '.' ||
            ((l->fold[suffix] | 32) >= 'a' && (l->fold[suffix] | 32) <= 'z')))
        suffix++;
    if (suffix - at >= 3 && l->fold[at] == '.') {
        memcpy(out + n, l->fold + at, suffix - at);
        n += suffix - at;
        at = suffix;
    }
    *p = at;
    return n;
}

/* What may stand between the codes of one value. */
static const char *const between[] = {
    "A股",    "B股",    "H股",  "沪市",   "深市", "上海", "深圳", "香港", "港股",       "上交所",
    "深交所", "联交所", "主板", "创业板", "和",   "及",   "、",   "或",   "人民币柜台", "港币柜台",
    "|",      "/",      ",",    ":",      ";",    "(",    ")",    "·",    NULL};

static size_t between_at(const char *text, size_t size)
{
    for (size_t i = 0; between[i]; i++)
        if (gs_begins(text, size, between[i]))
            return strlen(between[i]);
    return 0;
}

/* The Hong Kong spelling of a label in traditional characters with four digits is Taiwan's where
 * the label is Taiwan's; in simplified ones it is neither. */
static enum gs_market market_of(const struct scan *s, size_t digits)
{
    if (digits >= 6)
        return GS_MARKET_UNKNOWN;
    if (digits == 5)
        return GS_MARKET_HONG_KONG;
    if (s->row->market != GS_MARKET_UNKNOWN && s->row->market != GS_MARKET_MAINLAND)
        return s->row->market;
    size_t tail = s->at - 3; /* 码 or 碼 */
    bool traditional = memcmp(s->l->text + gs_lines_source(s->l, tail), s->l->fold + tail, 3) != 0;
    return traditional && digits == 4 ? GS_MARKET_TAIWAN : GS_MARKET_UNKNOWN;
}

static bool take_codes(struct scan *s, size_t end)
{
    const struct gs_lines *l = s->l;
    size_t p = s->at;
    bool any = false;
    while (p < end && p - s->at < 160) {
        if (l->fold[p] >= '0' && l->fold[p] <= '9') {
            char digits[24];
            size_t start = p, n = read_digits(l, &p, end, digits);
            struct gs_stock_code code;
            if (gs_stock_code_read(&code, digits, n, market_of(s, p - start))) {
                add_code(s->m, &code);
                any = true;
            }
            continue;
        }
        size_t step = between_at(l->fold + p, end - p);
        if (step == 0)
            break;
        p += step;
    }
    return any;
}

static bool name_char(const struct gs_lines *l, size_t p)
{
    uint8_t b = (uint8_t)l->fold[p];
    return b >= 0xE4 || (b >= '0' && b <= '9') || ((b | 32) >= 'a' && (b | 32) <= 'z') ||
           b == '*' || b == '-' || b == '&' || (b >= 0xC3 && b < 0xE2);
}

static bool take_name(struct scan *s, size_t end)
{
    const struct gs_lines *l = s->l;
    size_t start = skip_value_start(l, s->at, end), p = start;
    uint32_t c;
    bool colon = start > s->at;
    if (!colon && !(start < end && gs_lines_gap(l, start)))
        return false; /* 证券简称变更: no value */
    while (p < end && name_char(l, p))
        p += gs_utf8_step((const uint8_t *)l->fold + p, (const uint8_t *)l->fold + end, &c);
    if (p - start < 2 || p - start > 90)
        return false;
    if (!s->m->name_in) {
        s->m->name_in = l;
        s->m->name = (struct gs_part){(uint32_t)start, (uint32_t)p};
    }
    return true;
}

static bool number_char(const char *text, size_t size, size_t *step)
{
    static const char *const signs[] = {"临", "时", "年", "第", "号", "〔", "〕", "【", "】", NULL};
    *step = 1;
    if ((*text >= '0' && *text <= '9') || (*text >= 'A' && *text <= 'Z') ||
        (*text && strchr("-/[]()", *text)))
        return true;
    *step = 3;
    return gs_begins_any(text, size, signs);
}

/* 临 2014 － 006: what may belong to a number, without its spaces. */
static bool take_number(struct scan *s, size_t end)
{
    const struct gs_lines *l = s->l;
    size_t p = skip_value_start(l, s->at, end), n = 0, digits = 0, group = 0, step;
    char *out = s->m->value.number;
    if (*out)
        return true;
    if (gs_begins(l->fold + p, end - p, "公告"))
        p += 6;
    if (p == s->at &&
        !(p < end && (gs_lines_gap(l, p) || (l->fold[p] >= '0' && l->fold[p] <= '9'))))
        return false;
    while (p < end && n < 40 && number_char(l->fold + p, end - p, &step)) {
        bool digit = step == 1 && l->fold[p] >= '0' && l->fold[p] <= '9';
        if (digits >= 6 && group >= 3 && gs_lines_gap(l, p) && l->fold[p] != '-' &&
            !gs_begins(l->fold + p, end - p, "号"))
            break;
        digits += digit;
        group = digit ? group + 1 : 0;
        memcpy(out + n, l->fold + p, step);
        n += step;
        p += step;
    }
    while (n > 0 &&
           (out[n - 1] == '(' || out[n - 1] == '-' || (out[n - 1] == ')' && !memchr(out, '(', n))))
        n--;
    if (digits < 3)
        n = 0;
    out[n] = 0;
    /* 编号：2009－017新疆国统管道股份有限公司: the heading goes on in the same line. */
    if (n > 0 && p + 12 <= s->end && end == s->end && is_han(l, p))
        s->rest = p;
    return n > 0;
}

/* Whether a label's own words stand at the line's start, or behind white space. */
static bool at_value_start(const struct scan *s)
{
    size_t p = s->label_start;
    return p == s->l->line[s->line].start || gs_lines_gap(s->l, p);
}

static bool is_foreign(const struct scan *s)
{
    size_t start = s->l->line[s->line].start;
    return gs_ends_any(s->l->fold + start, s->label_start - start, foreign);
}

/* What a label is: its own words aside, near the top a bare 编号, 简称 or 代码 with a value, and a
 * 代码 that begins a line behind two characters of whatever the extractor made of 证券. */
static enum label label_of(const struct scan *s, bool near_top, bool first)
{
    if (s->row->label != LABEL_FOREIGN)
        return is_foreign(s) ? LABEL_FOREIGN : s->row->label;
    size_t offset = s->label_start - s->l->line[s->line].start;
    bool colon = s->at < s->end && s->l->fold[s->at] == ':';
    bool is_code = strcmp(s->row->tail, "代码") == 0;
    if (!near_top || is_foreign(s) || s->at >= s->end)
        return LABEL_FOREIGN;
    if (is_code && colon && (offset <= 6 || at_value_start(s)))
        return LABEL_CODE;
    if (first && !at_value_start(s))
        return LABEL_FOREIGN;
    if (strcmp(s->row->tail, "编号") == 0 &&
        (colon || gs_begins(s->l->fold + s->at, s->end - s->at, "临") ||
         (s->l->fold[s->at] >= '0' && s->l->fold[s->at] <= '9')))
        return LABEL_NUMBER;
    return colon && strcmp(s->row->tail, "简称") == 0 ? LABEL_NAME : LABEL_FOREIGN;
}

static bool take_value(struct scan *s, enum label label)
{
    size_t end = value_end(s);
    switch (label) {
    case LABEL_CODE:
        return take_codes(s, end);
    case LABEL_NAME:
        return take_name(s, end);
    case LABEL_NUMBER:
        return take_number(s, end);
    default:
        return false;
    }
}

/* A column of labels with the column of its values behind it: the code is a line of its own. */
static void take_column(struct scan *s)
{
    const struct gs_lines *l = s->l;
    for (size_t i = s->line + 1; i < l->count && i < s->line + 6; i++) {
        struct gs_stock_code code;
        size_t size = gs_line_size(l, i);
        if (size > 7 || !gs_stock_code_read(&code, gs_line_text(l, i), size, market_of(s, size)))
            continue;
        add_code(s->m, &code);
        return;
    }
}

/* A sentence only mentions what it names: 贵州某公司（股票代码：600001）今日宣布，… */
static bool is_sentence(const char *text, size_t size)
{
    static const char *const signs[] = {"。", ",", "；", NULL};
    return gs_finds_any(text, size, signs);
}

/* The labels of one line; whether any had a value. *rest: see scan. */
static bool find_in_line(struct gs_metadata *m, const struct gs_lines *l, size_t line,
                         bool near_top, size_t *rest)
{
    struct scan s = {
        .m = m, .l = l, .line = line, .end = l->line[line].end, .at = l->line[line].start};
    bool any = false, first = true;
    size_t codes = m->code_count;
    while (next_label(&s)) {
        enum label label = label_of(&s, near_top, first);
        size_t offset = s.label_start - l->line[line].start;
        /* In the middle of a long line it is a sentence that mentions it. */
        bool own = !first || offset <= 3 || at_value_start(&s) ||
                   (near_top && !is_sentence(gs_line_text(l, line), gs_line_size(l, line)));
        if (!own)
            break;
        if (take_value(&s, label)) {
            any = true;
        } else if (label == LABEL_CODE && s.at == s.end && codes == 0 && m->code_count == 0) {
            take_column(&s);
            any = any || m->code_count > 0;
        } else if (label == LABEL_FOREIGN) {
            any = any || (near_top && offset <= 12);
        }
        first = false;
    }
    *rest = s.rest;
    return any;
}

static bool is_body(const char *text, size_t size)
{
    static const char *const signs[] = {"。", "虚假记载", "误导性陈述", NULL};
    return gs_finds_any(text, size, signs);
}

/* What stands from p on becomes a line of its own. */
static void split_line(struct gs_lines *l, size_t i, size_t p)
{
    if (l->count == GS_LINES_MAX)
        return;
    memmove(&l->line[i + 2], &l->line[i + 1], (l->count - i - 1) * sizeof(l->line[0]));
    l->line[i + 1] = l->line[i];
    l->line[i + 1].start = (uint32_t)p;
    l->line[i + 1].after_blank = l->line[i + 1].after_page = l->line[i + 1].may_label = false;
    l->line[i].end = (uint32_t)p;
    l->count++;
}

void gs_labels_find(struct gs_metadata *m, const struct gs_lines *l, bool is_head)
{
    size_t most = !is_head ? l->count : m->disclaimer ? GS_LINES_MAX : 40, with_codes = SIZE_MAX;
    for (size_t i = 0; i < l->count && i < most; i++) {
        bool near_top = !is_head || i < 8;
        if (!m->disclaimer && is_head && with_codes != SIZE_MAX &&
            (i > with_codes + 6 || is_body(gs_line_text(l, i), gs_line_size(l, i))))
            break;
        if (m->disclaimer && m->code_count > 0 && i > with_codes + 2)
            break;
        size_t rest = 0;
        bool found = l->line[i].may_label && find_in_line(m, l, i, near_top, &rest);
        if (is_head)
            m->is_label[i] = found;
        if (is_head && rest > 0)
            split_line(&m->head, i, rest);
        m->any_label = m->any_label || (found && m->code_count > 0);
        if (m->code_count > 0 && with_codes == SIZE_MAX)
            with_codes = i;
    }
}

void gs_labels_find_deep(struct gs_metadata *m, const struct gs_str *text)
{
    static const char *const signs[] = {"股票代码", "证券代码", "股份代號", "股票代碼",
                                        "股份代号", "股票代號", NULL};
    const uint8_t *bytes = (const uint8_t *)text->bytes;
    size_t most = text->size < GS_DEEP_BYTES ? text->size : GS_DEEP_BYTES;
    for (size_t i = 0; signs[i] && m->code_count == 0; i++) {
        const char *at = gs_signs_find(text->bytes, most, signs[i]);
        if (!at)
            continue;
        size_t from = (size_t)(at - text->bytes), to = from + 600 < most ? from + 600 : most;
        while (from > 0 && bytes[from - 1] != '\n' &&
               (size_t)((const uint8_t *)at - bytes) - from < 200)
            from--;
        gs_lines_take(&m->furniture, bytes, from, to, false);
        size_t rest;
        for (size_t k = 0; k < m->furniture.count && k < 6 && m->code_count == 0; k++)
            (void)find_in_line(m, &m->furniture, k, true, &rest);
    }
}

/* Pieces of a name that belong together: 五 粮 液, *ST 大地, 万科 A; of two names the first. */
void gs_labels_take_name(struct gs_metadata *m)
{
    const struct gs_lines *l = m->name_in;
    char *out = m->value.name;
    m->name_in = NULL;
    if (!l)
        return;
    size_t n = 0, chars = 0, piece = 0;
    bool latin = true; /* the piece so far is Latin only */
    uint32_t c;
    for (size_t p = m->name.start; p < m->name.end;) {
        size_t step =
            gs_utf8_step((const uint8_t *)l->fold + p, (const uint8_t *)l->fold + m->name.end, &c);
        if (n > 0 && gs_lines_gap(l, p)) {
            size_t next = p + step;
            while (next < m->name.end && !gs_lines_gap(l, next))
                next++;
            bool lone = next - p <= step;
            if (!lone && !latin && piece != 1 && (m->code_count > 1 || chars >= 4))
                break;
            piece = 0;
            latin = true;
        }
        n += gs_char_copy(l, p, step, out + n);
        latin = latin && step == 1;
        piece++;
        chars++;
        p += step;
    }
    out[n] = 0;
    if (chars < 2 || chars > 16)
        out[0] = 0;
}
