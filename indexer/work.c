#include "indexer/work.h"

#include "common/base/date.h"
#include "common/text/analysis.h"

#include <stdlib.h>
#include <string.h>

#define ARRAY_MAX ((size_t)1 << 32) /* bytes of any array of a batch */

enum gaosou_status gs_work_init(struct gs_work *w, size_t content_max, size_t filing_max,
                                bool with_text, int text_level, struct gs_err *err)
{
    *w = (struct gs_work){.content_max = content_max};
    gs_buf_init(&w->content, content_max + filing_max + GS_METADATA_MAX + 64);
    gs_buf_init(&w->fields, ARRAY_MAX);
    gs_buf_init(&w->marks, ARRAY_MAX);
    gs_buf_init(&w->pages, ARRAY_MAX);
    gs_buf_init(&w->page_positions, ARRAY_MAX);
    gs_buf_init(&w->labels, ARRAY_MAX);
    gs_buf_init(&w->headings, ARRAY_MAX);
    gs_buf_init(&w->values, ARRAY_MAX);
    gs_buf_init(&w->filterable, ARRAY_MAX);
    if (with_text && gs_text_pack_create(&w->pack, text_level) != GAOSOU_OK)
        return gs_err_nomem(err, content_max);
    return GAOSOU_OK;
}

void gs_work_release(struct gs_work *w)
{
    if (!w)
        return;
    gs_buf_release(&w->content);
    gs_buf_release(&w->fields);
    gs_buf_release(&w->marks);
    gs_buf_release(&w->pages);
    gs_buf_release(&w->page_positions);
    gs_buf_release(&w->labels);
    gs_buf_release(&w->headings);
    gs_buf_release(&w->values);
    gs_buf_release(&w->filterable);
    gs_text_pack_free(w->pack);
    free(w->docs);
    free(w->slices);
    *w = (struct gs_work){0};
}

/* Empties a buffer; one that a huge filing blew up gives its memory back. */
static void clear_buf(struct gs_buf *b, size_t keep)
{
    if (b->capacity > keep)
        gs_buf_release(b);
    gs_buf_clear(b);
}

void gs_work_clear(struct gs_work *w)
{
    clear_buf(&w->content, 4 * w->content_max);
    clear_buf(&w->fields, 2 * w->content_max);
    gs_buf_clear(&w->marks);
    gs_buf_clear(&w->pages);
    gs_buf_clear(&w->page_positions);
    gs_buf_clear(&w->labels);
    gs_buf_clear(&w->headings);
    clear_buf(&w->values, w->content_max);
    gs_buf_clear(&w->filterable);
    if (w->pack)
        gs_text_pack_clear(w->pack);
    w->doc_count = 0;
    w->slice_count = 0;
    w->failure = (struct gs_err){0};
}

static enum gaosou_status work_grow(struct gs_work *w, struct gs_err *err)
{
    if (w->doc_count < w->doc_capacity)
        return GAOSOU_OK;
    size_t capacity = w->doc_capacity ? w->doc_capacity * 2 : 256;
    struct gs_work_doc *grown = realloc(w->docs, capacity * sizeof(*grown));
    if (!grown)
        return gs_err_nomem(err, capacity * sizeof(*grown));
    w->docs = grown;
    w->doc_capacity = capacity;
    return GAOSOU_OK;
}

/* Title and text to the end of w->content. Of a filing without a text layer what it says is the
 * title that it was given. */
static void add_content(struct gs_work *w, struct gs_work_doc *d, const struct gs_filing *filing)
{
    struct gs_str title = filing->field[GS_FIELD_TITLE], text = filing->text;
    if (filing->text_state != GS_TEXT_READ)
        text.size = 0;
    if (filing->title_from < filing->title_to && filing->title_to <= text.size) {
        title.size = 0;
        d->title_from = filing->title_from;
        d->title_to = filing->title_to;
    }
    gs_content_build(&w->content, (const uint8_t *)title.bytes, title.size,
                     (const uint8_t *)text.bytes, text.size, &d->title_size);
    d->content_size = (uint32_t)(w->content.size - d->content);
}

enum gaosou_status gs_work_add(struct gs_work *w, const struct gs_filing *filing,
                               struct gs_err *err)
{
    enum gaosou_status status = work_grow(w, err);
    if (status != GAOSOU_OK)
        return status;
    struct gs_work_doc *d = &w->docs[w->doc_count];
    *d = (struct gs_work_doc){.content = w->content.size,
                              .source_size = filing->source_size,
                              .source_time = filing->source_time,
                              .text_state = filing->text_state};
    add_content(w, d, filing);
    for (size_t f = 0; f < GS_FIELD_COUNT; f++) {
        d->field[f].offset = w->fields.size;
        d->field[f].size = filing->field[f].size;
        if (filing->field[f].size > 0)
            gs_buf_append(&w->fields, filing->field[f].bytes, filing->field[f].size);
    }
    if (gs_buf_status(&w->content) != GAOSOU_OK || gs_buf_status(&w->fields) != GAOSOU_OK)
        return gs_err_nomem(err, filing->text.size);
    w->doc_count++;
    return GAOSOU_OK;
}

static struct gs_str field_of(const struct gs_work *w, const struct gs_work_doc *d, enum gs_field f)
{
    if (d->field[f].size == 0)
        return (struct gs_str){"", 0};
    return (struct gs_str){(const char *)w->fields.data + d->field[f].offset, d->field[f].size};
}

#define EXTENT(buffer, type, extent)                                                               \
    ((extent).count ? (const type *)(const void *)(buffer).data + (extent).first : NULL)

/* NULL where there are no such fields. */
static const struct gs_str *filterable_of(const struct gs_work *w, const struct gs_work_doc *d)
{
    size_t each = w->filterable.size / sizeof(struct gs_str) / w->doc_count;
    const struct gs_str *all = (const struct gs_str *)(const void *)w->filterable.data;
    return each > 0 ? all + (size_t)(d - w->docs) * each : NULL;
}

void gs_work_doc_view(const struct gs_work *w, const struct gs_work_doc *d, struct gs_doc *out)
{
    struct gs_record record = {
        .id = field_of(w, d, GS_FIELD_ID),
        .title = field_of(w, d, GS_FIELD_TITLE),
        .name = field_of(w, d, GS_FIELD_NAME),
        .company = field_of(w, d, GS_FIELD_COMPANY),
        .date = field_of(w, d, GS_FIELD_DATE),
        .period = field_of(w, d, GS_FIELD_PERIOD),
        .type = field_of(w, d, GS_FIELD_TYPE),
        .exchange = field_of(w, d, GS_FIELD_EXCHANGE),
        .board = field_of(w, d, GS_FIELD_BOARD),
        .url = field_of(w, d, GS_FIELD_URL),
        .path = field_of(w, d, GS_FIELD_PATH),
        .codes = field_of(w, d, GS_FIELD_CODES),
        .extra = field_of(w, d, GS_FIELD_EXTRA),
        .number = field_of(w, d, GS_FIELD_NUMBER),
        .source = field_of(w, d, GS_FIELD_SOURCE),
        .content_size = d->content_size,
        .title_size = d->title_size,
        .marks = EXTENT(w->marks, struct gs_mark, d->marks),
        .mark_count = d->marks.count,
        .pages = EXTENT(w->pages, struct gs_page, d->pages),
        .page_count = d->pages.count,
        .page_positions = EXTENT(w->page_positions, uint32_t, d->pages),
        .labels = EXTENT(w->labels, uint8_t, d->labels),
        .labels_size = d->labels.count,
        .headings = EXTENT(w->headings, struct gs_heading, d->headings),
        .heading_count = d->headings.count,
    };
    *out = (struct gs_doc){
        .record = record,
        .content_hash = d->content_hash,
        .source_size = d->source_size,
        .source_time = d->source_time,
        .text_state = d->text_state,
        .date = gs_date_parse_given(record.date.bytes, record.date.size),
        .period = gs_date_parse_period(record.period.bytes, record.period.size),
        .length = d->length,
        .positions = d->positions,
        .title_start = d->title_start,
        .title_positions = d->title_positions,
        .filterable = filterable_of(w, d),
    };
}

/* Sizes become strings once the bytes stay where they are. */
static void place_values(struct gs_work *w)
{
    struct gs_str *all = (struct gs_str *)(void *)w->filterable.data;
    size_t at = 0, count = w->filterable.size / sizeof(*all);
    for (size_t i = 0; i < count; i++) {
        all[i].bytes = w->values.size > 0 ? (const char *)w->values.data + at : "";
        at += all[i].size;
    }
}

void gs_work_find_values(struct gs_work *w, const struct gs_filterable *filterable)
{
    struct gs_err *err = &w->failure;
    enum gaosou_status status = GAOSOU_OK;
    for (size_t i = 0; i < w->doc_count && filterable->count > 0 && status == GAOSOU_OK; i++) {
        const struct gs_work_doc *d = &w->docs[i];
        const struct gs_record record = {
            .extra = field_of(w, d, GS_FIELD_EXTRA),
            .number = field_of(w, d, GS_FIELD_NUMBER),
            .url = field_of(w, d, GS_FIELD_URL),
            .path = field_of(w, d, GS_FIELD_PATH),
        };
        size_t sizes[GS_FILTERABLE_MAX];
        status = gs_filterable_values(filterable, &record, &w->values, sizes, err);
        for (size_t k = 0; k < filterable->count && status == GAOSOU_OK; k++) {
            const struct gs_str value = {"", sizes[k]};
            gs_buf_append(&w->filterable, &value, sizeof(value));
        }
    }
    if (status == GAOSOU_OK && gs_buf_status(&w->filterable) != GAOSOU_OK)
        status = gs_err_nomem(err, w->filterable.size);
    if (status == GAOSOU_OK)
        place_values(w);
}
