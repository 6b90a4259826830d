/* One filing: what is known about it, then its text page by page, with the hits of a query marked.
 * The text is read and written a piece at a time. */
#include "query/program.h"

#include "common/base/utf8_step.h"
#include "common/text/display.h"
#include "query/hit_ranges.h"
#include "query/output_style.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define NAME_COLUMNS 11 /* of what is known, before its value */
#define PIECE_BYTES  ((uint32_t)64 << 10)
#define MARK_OPEN    "【" /* around a hit where there is no colour */
#define MARK_CLOSE   "】"
#define PAGES_LISTED 200 /* of those with hits, by number; the rest is counted */

struct showing {
    struct gs_program *p;
    const struct gs_segment *segment;
    uint32_t segment_index, doc;
    struct gs_record_reader *records;
    struct gs_text_reader *texts;
    struct gs_results_hit hit;
    struct gs_hit_ranges ranges;
    size_t next_range;   /* the first that does not end before what has been written */
    bool marking;        /* a hit is open */
    struct gs_buf piece; /* of the content */
};

static enum gaosou_status find_filing(struct showing *s)
{
    struct gs_program *p = s->p;
    const char *id = p->options->id;
    for (size_t i = p->snapshot.segment_count; i-- > 0;) {
        const struct gs_snapshot_segment *part = &p->snapshot.segments[i];
        uint32_t doc;
        enum gaosou_status status =
            gs_segment_find_id(part->segment, s->records, id, strlen(id), &doc, &p->err);
        if (status != GAOSOU_OK)
            return status;
        if (doc == GS_DOC_END || gs_snapshot_is_deleted(part, doc))
            continue;
        s->segment = part->segment;
        s->segment_index = (uint32_t)i;
        s->doc = doc;
        return GAOSOU_OK;
    }
    return gs_err_set(
        &p->err, GAOSOU_E_NOT_FOUND,
        p->options->chinese ? "没有 id 为“%.256s”的公告" : "no filing has the id '%.256s'", id);
}

static enum gaosou_status find_hits(struct showing *s)
{
    struct gs_program *p = s->p;
    struct gs_occurrence *occurrences = NULL;
    size_t count = 0, capacity = 0;
    struct gs_request request = p->request;
    request.count = true; /* the whole index is asked for its totals; this filing for its places */
    enum gaosou_status status = gs_answer_run(p->answerer, &p->snapshot, &request, &p->err);
    if (status == GAOSOU_OK)
        status = gs_search_occurrences(gs_answer_search(p->answerer), &p->snapshot,
                                       gs_answer_query(p->answerer), s->segment_index, s->doc, 0,
                                       &occurrences, &count, &capacity, &p->err);
    if (status == GAOSOU_OK)
        status = gs_hit_ranges_find(&s->ranges, s->segment, s->doc, &s->hit.record, occurrences,
                                    count, &p->err);
    free(occurrences);
    return status;
}

static void write_known(struct gs_buf *out, const char *name, struct gs_str value)
{
    if (value.size == 0)
        return;
    gs_display_pad(out, name, strlen(name), NAME_COLUMNS, false);
    gs_display_append(out, value.bytes, value.size);
    gs_buf_append_u8(out, '\n');
}

/* A name and a value a line. */
static void write_metadata(struct showing *s)
{
    static const struct {
        enum gs_answer_field field;
        const char *chinese;
    } rows[] = {
        {GS_ANSWER_TITLE, "标题"}, {GS_ANSWER_ID, "id"},           {GS_ANSWER_CODES, "代码"},
        {GS_ANSWER_NAME, "简称"},  {GS_ANSWER_COMPANY, "公司"},    {GS_ANSWER_EXCHANGE, "交易所"},
        {GS_ANSWER_BOARD, "板块"}, {GS_ANSWER_DATE, "日期"},       {GS_ANSWER_PERIOD, "报告期"},
        {GS_ANSWER_TYPE, "类型"},  {GS_ANSWER_NUMBER, "公告编号"}, {GS_ANSWER_URL, "网址"},
        {GS_ANSWER_PATH, "路径"},
    };
    struct gs_buf *out = &s->p->out.buf;
    bool chinese = s->p->options->chinese;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        write_known(out, chinese ? rows[i].chinese : gs_answer_field_name(rows[i].field),
                    rows[i].field == GS_ANSWER_CODES ? s->hit.record.codes
                                                     : *gs_results_string(&s->hit, rows[i].field));
    write_known(out, chinese ? "其他" : "extra", s->hit.record.extra);
    const char *state = gs_json_text_state(s->hit.text_state);
    if (state)
        write_known(out, chinese ? "未能检索" : "unsearched",
                    (struct gs_str){state, strlen(state)});
}

static struct gs_str label_of(const struct gs_record *r, const struct gs_page *page)
{
    if (page->label_size == 0 || (size_t)page->label_offset + page->label_size > r->labels_size)
        return (struct gs_str){NULL, 0};
    return (struct gs_str){(const char *)r->labels + page->label_offset, page->label_size};
}

static uint32_t page_end(const struct gs_record *r, size_t page)
{
    uint32_t end = page + 1 < r->page_count ? r->pages[page + 1].offset : r->content_size;
    return end < r->content_size ? end : r->content_size;
}

/* How many hits there are and on which pages. */
static void write_hit_pages(struct showing *s)
{
    const struct gs_record *r = &s->hit.record;
    struct gs_buf *out = &s->p->out.buf;
    bool chinese = s->p->options->chinese;
    size_t at = 0, listed = 0, more = 0;
    gs_buf_printf(out, chinese ? "命中 %zu 处" : "%zu hits", s->ranges.count);
    for (size_t i = 0; i < r->page_count; i++) {
        size_t before = at;
        while (at < s->ranges.count && s->ranges.ranges[at].start < page_end(r, i))
            at++;
        if (at == before)
            continue;
        if (listed++ >= PAGES_LISTED) {
            more++;
            continue;
        }
        gs_buf_append_str(out, listed == 1 ? chinese ? "：" : ": " : chinese ? "，" : ", ");
        gs_text_write_page(out, r->pages[i].sheet, label_of(r, &r->pages[i]), chinese);
        if (at - before > 1)
            gs_buf_printf(out, " ×%zu", at - before);
    }
    if (more)
        gs_buf_printf(out, chinese ? "，另有 %zu 页" : ", and %zu more pages", more);
    if (s->ranges.unmarked)
        gs_buf_printf(out, chinese ? "；另有 %zu 处未能标出" : "; %zu more could not be marked",
                      s->ranges.unmarked);
    gs_buf_append_u8(out, '\n');
}

/* One character of the content as a terminal may have it: lines and gaps stay. */
static void write_character(struct gs_buf *out, uint32_t cp, const uint8_t *p, size_t size)
{
    switch (gs_display_class(cp)) {
    case GS_DISPLAY_DROP:
        break;
    case GS_DISPLAY_LINE:
        if (cp != '\r')
            gs_buf_append_u8(out, '\n');
        break;
    case GS_DISPLAY_TAB:
    case GS_DISPLAY_CELL:
        gs_buf_append_u8(out, '\t');
        break;
    case GS_DISPLAY_SPACE:
        gs_buf_append_u8(out, ' ');
        break;
    default:
        if (cp == GS_UTF8_BAD)
            gs_buf_append(out, "\xEF\xBF\xBD", 3);
        else
            gs_buf_append(out, p, size);
    }
}

/* Opens or closes the mark of a hit at byte `at` of the content. */
static void mark(struct showing *s, uint32_t at)
{
    const struct gs_hit_ranges *h = &s->ranges;
    struct gs_buf *out = &s->p->out.buf;
    bool color = s->p->options->color;
    if (s->marking && at >= h->ranges[s->next_range].end) {
        gs_buf_append_str(out, color ? GS_SGR_OFF : MARK_CLOSE);
        s->marking = false;
    }
    while (!s->marking && s->next_range < h->count && at >= h->ranges[s->next_range].end)
        s->next_range++;
    if (!s->marking && s->next_range < h->count && at >= h->ranges[s->next_range].start) {
        gs_buf_append_str(out, color ? GS_SGR_HIT : MARK_OPEN);
        s->marking = true;
    }
}

/* Bytes of the start of `size` that are whole characters, where more of the text follows. */
static uint32_t whole_characters(const uint8_t *p, uint32_t size, bool last)
{
    uint32_t cut = size;
    while (!last && cut > 0 && size - cut < 4 && gs_utf8_is_tail(p[cut - 1]))
        cut--;
    return !last && cut > 0 && p[cut - 1] >= 0xC0 ? cut - 1 : size;
}

/* Content [from, to) as text, a piece at a time. */
static enum gaosou_status write_text(struct showing *s, uint32_t from, uint32_t to)
{
    while (from < to && gs_program_is_read(s->p)) {
        uint32_t size = to - from < PIECE_BYTES ? to - from : PIECE_BYTES;
        gs_buf_clear(&s->piece);
        enum gaosou_status status =
            gs_text_read(s->texts, s->segment, s->doc, from, from + size, &s->piece, &s->p->err);
        if (status != GAOSOU_OK)
            return status;
        if (s->piece.size != size)
            return gs_err_set(&s->p->err, GAOSOU_E_CORRUPT, "%s: the text of filing %u is cut off",
                              gs_segment_path(s->segment), s->doc);
        size = whole_characters(s->piece.data, size, from + size == to);
        const uint8_t *p = s->piece.data, *stop = p + size;
        while (p < stop) {
            uint32_t cp;
            size_t step = gs_utf8_step(p, stop, &cp);
            mark(s, from + (uint32_t)(p - s->piece.data));
            write_character(&s->p->out.buf, cp, p, step);
            p += step;
        }
        from += size;
        gs_sink_relieve(&s->p->out);
    }
    mark(s, to);
    return GAOSOU_OK;
}

/* Where the text begins behind a title that was given as a field. */
static enum gaosou_status text_start(struct showing *s, uint32_t *start)
{
    const struct gs_record *r = &s->hit.record;
    *start = 0;
    if (r->title_size == 0 || (uint64_t)r->title_size + 2 > r->content_size)
        return GAOSOU_OK;
    gs_buf_clear(&s->piece);
    enum gaosou_status status = gs_text_read(s->texts, s->segment, s->doc, r->title_size,
                                             r->title_size + 2, &s->piece, &s->p->err);
    if (status == GAOSOU_OK && s->piece.size == 2 && memcmp(s->piece.data, "\x1F\n", 2) == 0)
        *start = r->title_size + 2;
    return status;
}

static enum gaosou_status show_text(struct showing *s)
{
    const struct gs_record *r = &s->hit.record;
    struct gs_buf *out = &s->p->out.buf;
    uint32_t at;
    gs_program_start_pager(s->p);
    write_metadata(s);
    if (s->p->options->has_query)
        write_hit_pages(s);
    gs_buf_append_u8(out, '\n');
    if (!gs_segment_get_stats(s->segment)->has_text) {
        gs_buf_append_str(out, s->p->options->chinese ? "索引没有存正文（--no-text）\n"
                                                      : "the index holds no texts (--no-text)\n");
        return GAOSOU_OK;
    }
    enum gaosou_status status = text_start(s, &at);
    for (size_t i = 0; i < r->page_count && status == GAOSOU_OK; i++) {
        uint32_t start = r->pages[i].offset > at ? r->pages[i].offset : at;
        if (start > at && start <= r->content_size)
            status = write_text(s, at, start);
        gs_buf_append_str(out, i ? "\n— " : "— ");
        gs_text_write_page(out, r->pages[i].sheet, label_of(r, &r->pages[i]),
                           s->p->options->chinese);
        gs_buf_append_str(out, " —\n");
        if (status == GAOSOU_OK && start < page_end(r, i))
            status = write_text(s, start, page_end(r, i));
        at = page_end(r, i) > at ? page_end(r, i) : at;
    }
    if (status == GAOSOU_OK && at < r->content_size)
        status = write_text(s, at, r->content_size);
    gs_buf_append_u8(out, '\n');
    return status;
}

/* The hits inside content [from, to), as offsets from `from`. */
static void write_spans(struct showing *s, struct gs_json *j, uint32_t from, uint32_t to)
{
    gs_json_key(j, "spans");
    gs_json_begin_array(j);
    for (; s->next_range < s->ranges.count && s->ranges.ranges[s->next_range].start < to;
         s->next_range++) {
        const struct gs_clean_range *range = &s->ranges.ranges[s->next_range];
        uint32_t start = range->start > from ? range->start : from,
                 end = range->end < to ? range->end : to;
        if (start < end) {
            gs_json_begin_array(j);
            gs_json_u64(j, start - from);
            gs_json_u64(j, end - from);
            gs_json_end_array(j);
        }
        if (range->end > to)
            break; /* it goes on there */
    }
    gs_json_end_array(j);
}

/* A page, or a text without pages (NULL), as an object. */
static enum gaosou_status write_page(struct showing *s, struct gs_json *j,
                                     const struct gs_page *page, uint32_t from, uint32_t to)
{
    struct gs_str label = page ? label_of(&s->hit.record, page) : (struct gs_str){NULL, 0};
    gs_buf_clear(&s->piece);
    enum gaosou_status status =
        gs_text_read(s->texts, s->segment, s->doc, from, to, &s->piece, &s->p->err);
    if (status != GAOSOU_OK)
        return status;
    gs_json_begin_object(j);
    gs_json_key(j, "page");
    if (page && page->sheet)
        gs_json_u64(j, page->sheet);
    else
        gs_json_null(j);
    gs_json_key(j, "page_label");
    if (label.size)
        gs_json_string_bytes(j, label.bytes, label.size);
    else
        gs_json_null(j);
    gs_json_key(j, "text");
    gs_json_string_bytes(j, s->piece.data, s->piece.size);
    write_spans(s, j, from, to);
    gs_json_end_object(j);
    gs_sink_relieve(&s->p->out);
    return GAOSOU_OK;
}

static enum gaosou_status show_json(struct showing *s)
{
    static const struct gs_answer_fields fields = {
        {GS_ANSWER_ID, GS_ANSWER_TITLE, GS_ANSWER_CODES, GS_ANSWER_NAME, GS_ANSWER_COMPANY,
         GS_ANSWER_EXCHANGE, GS_ANSWER_BOARD, GS_ANSWER_DATE, GS_ANSWER_PERIOD, GS_ANSWER_TYPE,
         GS_ANSWER_NUMBER, GS_ANSWER_URL, GS_ANSWER_PATH, GS_ANSWER_UNSEARCHED, GS_ANSWER_EXTRA},
        15};
    const struct gs_record *r = &s->hit.record;
    struct gs_buf *out = &s->p->out.buf;
    struct gs_json json;
    uint32_t at = 0;
    bool has_text = gs_segment_get_stats(s->segment)->has_text;
    gs_json_init(&json, out);
    gs_json_begin_object(&json);
    gs_json_key(&json, "filing");
    gs_json_write_hit(&json, &s->hit, &fields);
    gs_json_key(&json, "hits");
    if (s->p->options->has_query)
        gs_json_u64(&json, s->ranges.count);
    else
        gs_json_null(&json);
    gs_json_key(&json, "pages");
    gs_json_begin_array(&json);
    enum gaosou_status status = has_text ? text_start(s, &at) : GAOSOU_OK;
    if (has_text && status == GAOSOU_OK && r->page_count == 0)
        status = write_page(s, &json, NULL, at, r->content_size);
    for (size_t i = 0; has_text && i < r->page_count && status == GAOSOU_OK; i++) {
        uint32_t end = page_end(r, i);
        status = write_page(s, &json, &r->pages[i], at < end ? at : end, end);
        at = end > at ? end : at;
    }
    gs_json_end_array(&json);
    gs_json_end_object(&json);
    gs_buf_append_u8(out, '\n');
    if (status != GAOSOU_OK)
        gs_buf_clear(out); /* what is out is no object */
    return status;
}

enum gaosou_status gs_program_show(struct gs_program *p)
{
    struct showing s = {.p = p};
    gs_buf_init(&s.piece, (size_t)1 << 31);
    uint64_t state = 0;
    enum gaosou_status status = gs_record_reader_create(&s.records);
    if (status == GAOSOU_OK)
        status = gs_text_reader_create(&s.texts);
    if (status == GAOSOU_OK)
        status = find_filing(&s);
    if (status == GAOSOU_OK)
        status = gs_record_read(s.records, s.segment, s.doc, &s.hit.record, &p->err);
    if (status == GAOSOU_OK)
        status = gs_column_get(s.segment, GS_COLUMN_TEXT_STATE, s.doc, &state, &p->err);
    s.hit.text_state = state < GS_TEXT_STATE_COUNT ? (enum gs_text_state)state : GS_TEXT_NONE;
    if (status == GAOSOU_OK && p->options->has_query)
        status = find_hits(&s);
    p->found = status == GAOSOU_OK && (!p->options->has_query || s.ranges.count > 0);
    if (status == GAOSOU_OK && !p->options->quiet)
        status = p->options->format == GS_FORMAT_JSON ? show_json(&s) : show_text(&s);
    gs_hit_ranges_release(&s.ranges);
    gs_record_reader_free(s.records);
    gs_text_reader_free(s.texts);
    gs_buf_release(&s.piece);
    return status;
}
