#include "indexer/metadata.h"

#include "indexer/metadata_internal.h"
#include "indexer/metadata_signs.h"

#include <stdlib.h>

struct gs_metadata *gs_metadata_create(void)
{
    struct gs_metadata *m = calloc(1, sizeof(*m));
    if (m)
        gs_kind_finder_init(&m->kinds);
    return m;
}

void gs_metadata_free(struct gs_metadata *m)
{
    free(m);
}

static void reset(struct gs_metadata *m)
{
    m->tail_bytes = GS_TAIL_FIRST_BYTES;
    m->tail_folded = SIZE_MAX;
    m->tail.count = 0;
    m->code_count = 0;
    m->name_in = NULL;
    m->any_label = m->disclaimer = false;
    m->title_line = SIZE_MAX;
    m->title_last = 0;
    m->title_fold_size = 0;
    m->kind = NULL;
    m->value.codes[0] = m->value.name[0] = m->value.number[0] = m->value.company[0] = 0;
    m->value.title[0] = m->value.date[0] = m->value.period[0] = 0;
}

static bool opens_with_disclaimer(const struct gs_lines *l)
{
    for (size_t i = 0; i < l->count && i < 6; i++)
        if (gs_begins(gs_line_text(l, i), gs_line_size(l, i), "香港交易及结算所"))
            return true;
    return false;
}

static void read_head(struct gs_metadata *m, const struct gs_str *text, size_t bytes)
{
    gs_lines_take(&m->head, (const uint8_t *)text->bytes, 0,
                  text->size < bytes ? text->size : bytes, false);
    memset(m->is_label, 0, sizeof(m->is_label));
    m->code_count = 0;
    m->name_in = NULL;
    m->any_label = false;
    m->value.number[0] = 0;
    gs_labels_find(m, &m->head, true);
}

/* Covers and headings are short lines; prose has none, and is not read any further. */
static bool has_short_lines(const struct gs_lines *l)
{
    size_t count = 0;
    for (size_t i = 0; i < l->count; i++)
        count += gs_line_size(l, i) <= 120;
    return count >= 3;
}

/* The head as far as is needed: mostly the title stands in the first lines. */
static bool find_in_head(struct gs_metadata *m, const struct gs_str *text, bool title_given)
{
    bool found;
    read_head(m, text, GS_HEAD_FIRST_BYTES);
    m->disclaimer = opens_with_disclaimer(&m->head);
    found = !m->disclaimer && gs_title_find(m);
    if ((text->size <= GS_HEAD_FIRST_BYTES || title_given) && !m->disclaimer)
        return found;
    if (found && m->title_last + 8 < m->head.count)
        return true;
    if (!found && !m->disclaimer && !m->any_label && !has_short_lines(&m->head))
        return false;
    read_head(m, text, m->disclaimer ? GS_HEAD_LONG_BYTES : GS_HEAD_BYTES);
    return gs_title_find(m);
}

const struct gs_lines *gs_tail(struct gs_metadata *m)
{
    const uint8_t *bytes = (const uint8_t *)m->text->bytes;
    size_t size = m->text->size, most = size < m->tail_bytes ? size : m->tail_bytes;
    if (m->tail_folded == most)
        return &m->tail;
    size_t from = size - most;
    while (from < size && (bytes[from] & 0xC0) == 0x80)
        from++;
    gs_lines_take(&m->tail, bytes, from, size, true);
    m->tail_folded = most;
    return &m->tail;
}

static void fold_title(struct gs_metadata *m, const uint8_t *title, size_t size)
{
    size_t n = 0;
    gs_lines_take(&m->tail, title, 0, size, false); /* the tail is read later */
    for (size_t i = 0; i < m->tail.count && n + gs_line_size(&m->tail, i) < sizeof(m->title_fold);
         i++) {
        memcpy(m->title_fold + n, gs_line_text(&m->tail, i), gs_line_size(&m->tail, i));
        n += gs_line_size(&m->tail, i);
    }
    m->title_fold_size = n;
    m->tail_folded = SIZE_MAX;
}

/* What a portal puts behind its pages' titles: cut at the last separator where the part before it
 * is a heading already. */
static size_t without_chrome(const char *title, size_t size)
{
    static const char *const separators[] = {"_", "|", " - ", "－", "——", "--", "-", NULL};
    for (size_t i = 0; separators[i]; i++) {
        const char *at = gs_finds(title, size, separators[i]);
        if (at && at - title >= 12)
            size = (size_t)(at - title);
    }
    while (size > 0 && (title[size - 1] == ' ' || title[size - 1] == '\n'))
        size--;
    return size;
}

static bool title_of_format(struct gs_metadata *m, const struct gs_extracted *x)
{
    const char *title = (const char *)x->title.data;
    size_t size = x->title.size;
    while (size > 0 && (*title == ' ' || *title == '\n' || *title == '\t')) {
        title++;
        size--;
    }
    if (size == 0 || size > 2048)
        return false;
    size_t cut = without_chrome(title, size);
    fold_title(m, (const uint8_t *)title, cut);
    if (m->title_fold_size == 0 || cut >= sizeof(m->value.title))
        return false;
    if (!gs_filing_kind_of_title(&m->kinds, m->title_fold, m->title_fold_size))
        return false;
    memcpy(m->value.title, title, cut);
    m->value.title[cut] = 0;
    return true;
}

/* Portals put the short name before the title: 瑞芯微:2023年度审计报告. It becomes the name. */
static void split_portal_name(struct gs_metadata *m)
{
    struct gs_lines *l = &m->head;
    const char *title = l->fold + m->title.start;
    size_t size = m->title.end - m->title.start;
    const char *colon = memchr(title, ':', size < 28 ? size : 28);
    size_t name = colon ? (size_t)(colon - title) : 0;
    if (name < 6 || m->title_line != m->title_last ||
        !gs_title_is_heading(colon + 1, size - name - 1) || gs_finds(title, name, "公司") ||
        (uint8_t)title[name - 1] < 0x80 || gs_finds(title, name, ","))
        return;
    if (!m->name_in && m->value.name[0] == 0)
        (void)gs_part_copy(l, (struct gs_part){m->title.start, m->title.start + (uint32_t)name},
                           m->value.name, sizeof(m->value.name));
    m->title.start += (uint32_t)name + 1;
}

/* Many lines of a JSONL file have the same title: the pages of one filing. */
static void find_kind(struct gs_metadata *m)
{
    size_t size = m->title_fold_size;
    if (size == 0)
        return;
    if (size != m->last_title_size || memcmp(m->last_title, m->title_fold, size) != 0) {
        memcpy(m->last_title, m->title_fold, size);
        m->last_title_size = size;
        m->last_kind = gs_filing_kind_of_title(&m->kinds, m->title_fold, size);
    }
    m->kind = m->last_kind;
}

/* The kind comes from the given title; what stands in the head is still to tell labels, dates and
 * company. */
static void take_given_title(struct gs_metadata *m, const struct gs_str *given)
{
    fold_title(m, (const uint8_t *)given->bytes, given->size < 2048 ? given->size : 2048);
    find_kind(m);
}

static void find_title(struct gs_metadata *m, const struct gs_extracted *x, struct gs_filing *f)
{
    bool given = f->field[GS_FIELD_TITLE].size > 0;
    bool found = find_in_head(m, &f->text, given);
    if (found)
        split_portal_name(m);
    if (given)
        return;
    if (!found) {
        m->title_line = SIZE_MAX;
        if (x)
            (void)title_of_format(m, x);
    } else {
        m->title_fold_size = m->title.end - m->title.start;
        memcpy(m->title_fold, m->head.fold + m->title.start, m->title_fold_size);
        (void)gs_part_copy(&m->head, m->title, m->value.title, sizeof(m->value.title));
    }
    find_kind(m);
}

/* A text under a given title that is no filing's, without a code in its head, is no filing: the
 * most of what is not one is settled here, at a small part of the cost. */
static bool is_no_filing(const struct gs_metadata *m, const struct gs_extracted *x,
                         const struct gs_filing *f)
{
    const struct gs_str *text = &f->text;
    size_t head = text->size < GS_HEAD_FIRST_BYTES ? text->size : GS_HEAD_FIRST_BYTES;
    return !m->kind && (!x || x->furniture.size == 0) && f->field[GS_FIELD_CODES].size == 0 &&
           !gs_signs_of_filing((const uint8_t *)text->bytes, head);
}

static void fill(struct gs_filing *f, enum gs_field field, const char *value)
{
    if (f->field[field].size == 0 && value && *value)
        f->field[field] = (struct gs_str){value, strlen(value)};
}

/* One that was found in the text stands in the text. */
static void fill_title(struct gs_metadata *m, struct gs_filing *f)
{
    if (f->field[GS_FIELD_TITLE].size == 0 && m->value.title[0] && m->title_line != SIZE_MAX) {
        f->title_from = gs_lines_source(&m->head, m->title.start);
        f->title_to = gs_lines_source_end(&m->head, m->title.end);
    }
    fill(f, GS_FIELD_TITLE, m->value.title);
}

static void write_codes(struct gs_metadata *m)
{
    size_t n = 0;
    for (size_t i = 0; i < m->code_count; i++) {
        size_t size = strlen(m->code[i].digits);
        if (i > 0)
            m->value.codes[n++] = 0x1F;
        memcpy(m->value.codes + n, m->code[i].digits, size);
        n += size;
    }
    m->value.codes[n] = 0;
}

static bool head_says(const struct gs_metadata *m, const char *what)
{
    return gs_finds(m->head.fold, m->head.size, what) != NULL;
}

/* Exchange and board from the first code, given or found, that names them. */
static void find_exchange(struct gs_metadata *m, struct gs_filing *f)
{
    const struct gs_str *codes = &f->field[GS_FIELD_CODES];
    const char *exchange = NULL, *board = NULL;
    for (size_t at = 0; at < codes->size && !exchange;) {
        const char *p = codes->bytes + at, *end = memchr(p, 0x1F, codes->size - at);
        size_t size = end ? (size_t)(end - p) : codes->size - at;
        struct gs_stock_code code;
        if (gs_stock_code_read(&code, p, size, GS_MARKET_UNKNOWN)) {
            exchange = gs_stock_code_exchange(&code);
            board = gs_stock_code_board(&code);
            if (!exchange && (head_says(m, "北京证券交易所") || head_says(m, "北交所"))) {
                exchange = "BSE";
                board = "北交所";
            }
        }
        at += size + 1;
    }
    if (codes->size == 0 && gs_finds(m->title_fold, m->title_fold_size, "科创板")) {
        exchange = "SSE";
        board = "科创板";
    } else if (codes->size == 0 && gs_finds(m->title_fold, m->title_fold_size, "创业板上市")) {
        exchange = "SZSE";
        board = "创业板";
    }
    if (!exchange && m->code_count > 0 && m->code[0].market == GS_MARKET_TAIWAN)
        exchange = head_says(m, "柜台买卖") || head_says(m, "上柜")     ? "TPEx"
                   : head_says(m, "证券交易所") || head_says(m, "上市") ? "TWSE"
                                                                        : NULL;
    fill(f, GS_FIELD_EXCHANGE, exchange);
    fill(f, GS_FIELD_BOARD, board);
}

/* What only the head can tell: an offering's cover is that of its formal notice and of its results
 * alike. */
static const struct gs_filing_kind *kind_by_head(const struct gs_metadata *m)
{
    static const char *const results[] = {"配发结果公告", "分配结果公告", "配发结果", "分配结果",
                                          NULL};
    const struct gs_lines *l = &m->head;
    if (m->kind && (!m->disclaimer || strcmp(m->kind->id, "issue-announcement") != 0))
        return m->kind;
    if (!m->disclaimer)
        return NULL;
    for (size_t i = m->title_line == SIZE_MAX ? 0 : m->title_last; i < l->count; i++)
        if (gs_line_size(l, i) <= 60 &&
            gs_ends_any(gs_line_text(l, i), gs_line_size(l, i), results))
            return gs_filing_kind_find("allotment-results", 17);
    if (head_says(m, "经重新分配"))
        return gs_filing_kind_find("allotment-results", 17);
    return m->kind && head_says(m, "可予重新分配") ? gs_filing_kind_find("formal-notice", 13)
                                                   : m->kind;
}

static bool is_periodical(const struct gs_filing_kind *kind)
{
    static const char *const ids[] = {"annual-report",
                                      "half-year-report",
                                      "annual-report-summary",
                                      "half-year-report-summary",
                                      "quarterly-report",
                                      "listing-announcement",
                                      NULL};
    return kind && gs_begins_any(kind->id, strlen(kind->id), ids);
}

/* A kind that is given in other words is stored by its own name; one that is none of the list stays
 * as it is. Most of a file's lines give the same. */
static const struct gs_filing_kind *settle_given_kind(struct gs_metadata *m, struct gs_filing *f)
{
    struct gs_str *type = &f->field[GS_FIELD_TYPE];
    if (type->size == 0 || type->size > sizeof(m->given))
        return NULL;
    if (type->size != m->given_size || memcmp(type->bytes, m->given, type->size) != 0) {
        memcpy(m->given, type->bytes, type->size);
        m->given_size = type->size;
        m->given_kind = gs_filing_kind_find(type->bytes, type->size);
    }
    if (m->given_kind)
        *type = (struct gs_str){m->given_kind->name, strlen(m->given_kind->name)};
    return m->given_kind;
}

void gs_metadata_derive(struct gs_metadata *m, const struct gs_extracted *x, struct gs_filing *f)
{
    reset(m);
    m->text = &f->text;
    const struct gs_filing_kind *given = settle_given_kind(m, f);
    if (f->field[GS_FIELD_TITLE].size > 0) {
        take_given_title(m, &f->field[GS_FIELD_TITLE]);
        if (is_no_filing(m, x, f))
            return;
    }
    find_title(m, x, f);
    if (x && x->furniture.size > 0) {
        gs_lines_take(&m->furniture, x->furniture.data, 0,
                      x->furniture.size < GS_HEAD_BYTES ? x->furniture.size : GS_HEAD_BYTES, false);
        gs_labels_find(m, &m->furniture, false);
    }
    m->kind = kind_by_head(m);
    gs_labels_take_name(m);
    if (m->code_count == 0 && is_periodical(m->kind)) {
        gs_labels_find_deep(m, &f->text);
        gs_labels_take_name(m);
    }
    if (!m->any_label && !m->kind) { /* the text does not say that it is a filing */
        if (f->field[GS_FIELD_CODES].size > 0)
            find_exchange(m, f);
        return;
    }
    if (given)
        m->kind = given;
    if (f->field[GS_FIELD_PERIOD].size == 0)
        gs_period_find(m);
    if (f->field[GS_FIELD_DATE].size == 0)
        gs_date_find(m);
    if (f->field[GS_FIELD_COMPANY].size == 0)
        gs_company_find(m);
    write_codes(m);
    fill(f, GS_FIELD_CODES, m->value.codes);
    fill(f, GS_FIELD_NAME, m->value.name);
    fill(f, GS_FIELD_NUMBER, m->value.number);
    fill_title(m, f);
    fill(f, GS_FIELD_COMPANY, m->value.company);
    fill(f, GS_FIELD_PERIOD, m->value.period);
    fill(f, GS_FIELD_DATE, m->value.date);
    fill(f, GS_FIELD_TYPE, m->kind ? m->kind->name : NULL);
    find_exchange(m, f);
}
