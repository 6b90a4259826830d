#include "query/snippet_text.h"

#include <stdlib.h>

#define PIECE_BYTES 4096u /* read and cut at a time */
#define FOLLOW_WITHIN                                                                              \
    8000u /* positions: what lies this close behind is read on to, not started anew */

enum gaosou_status gs_snippet_text_init(struct gs_snippet_text *t)
{
    *t = (struct gs_snippet_text){.reader = NULL};
    gs_cut_batch_init(&t->batch);
    gs_buf_init(&t->bytes, GS_SNIPPET_TEXT_MAX + PIECE_BYTES);
    t->cutter = gs_cutter_create(true);
    if (!t->cutter)
        return GAOSOU_E_NOMEM;
    return gs_text_reader_create(&t->reader);
}

void gs_snippet_text_release(struct gs_snippet_text *t)
{
    if (!t)
        return;
    gs_text_reader_free(t->reader);
    gs_cutter_free(t->cutter);
    gs_cut_batch_release(&t->batch);
    gs_buf_release(&t->bytes);
    free(t->units);
    *t = (struct gs_snippet_text){.reader = NULL};
}

void gs_snippet_text_begin(struct gs_snippet_text *t, const struct gs_segment *segment,
                           uint32_t doc, const struct gs_record *record)
{
    t->segment = segment;
    t->doc = doc;
    t->record = record;
    t->active = t->complete = false;
    t->unit_count = 0;
    gs_buf_clear(&t->bytes);
}

static enum gaosou_status add_units(struct gs_snippet_text *t)
{
    size_t wanted = t->unit_count + t->batch.unit_count;
    if (wanted > t->unit_capacity) {
        size_t capacity = wanted + wanted / 2 + 256;
        struct gs_unit *units = realloc(t->units, capacity * sizeof(*units));
        if (!units)
            return GAOSOU_E_NOMEM;
        t->units = units;
        t->unit_capacity = capacity;
    }
    if (t->batch.unit_count)
        memcpy(t->units + t->unit_count, t->batch.units, t->batch.unit_count * sizeof(*t->units));
    t->unit_count = wanted;
    return GAOSOU_OK;
}

static enum gaosou_status read_piece(struct gs_snippet_text *t, struct gs_err *err)
{
    uint32_t from = t->offset + (uint32_t)t->bytes.size, left = t->record->content_size - from;
    uint32_t size = left < PIECE_BYTES ? left : PIECE_BYTES;
    if (t->bytes.size + size > GS_SNIPPET_TEXT_MAX)
        return GAOSOU_E_LIMIT;
    size_t before = t->bytes.size;
    enum gaosou_status status =
        gs_text_read(t->reader, t->segment, t->doc, from, from + size, &t->bytes, err);
    if (status != GAOSOU_OK)
        return status;
    if (t->bytes.size - before != size)
        return gs_err_set(err, GAOSOU_E_CORRUPT, "%s: text of filing %u ends at byte %zu, not %u",
                          gs_segment_path(t->segment), t->doc, t->offset + t->bytes.size,
                          from + size);
    bool last = size == left;
    status = gs_cutter_feed(t->cutter, t->bytes.data + before, size, last, &t->batch);
    if (status != GAOSOU_OK)
        return status;
    t->complete = last;
    return add_units(t);
}

static enum gaosou_status resume(struct gs_snippet_text *t, uint32_t position, struct gs_err *err)
{
    struct gs_cutter_state state;
    enum gaosou_status status =
        gs_text_resume_point(t->segment, t->doc, position, &t->offset, &state, err);
    if (status != GAOSOU_OK)
        return status;
    if (t->offset > t->record->content_size)
        return gs_err_set(err, GAOSOU_E_CORRUPT, "%s: filing %u resumes at byte %u of %u",
                          gs_segment_path(t->segment), t->doc, t->offset, t->record->content_size);
    gs_cutter_resume(t->cutter, t->record->marks, t->record->mark_count, NULL, 0, t->offset,
                     &state);
    gs_buf_clear(&t->bytes);
    t->unit_count = 0;
    t->first_position = state.position;
    t->active = true;
    t->complete = t->offset == t->record->content_size;
    return GAOSOU_OK;
}

static uint32_t last_position(const struct gs_snippet_text *t)
{
    return t->unit_count ? t->units[t->unit_count - 1].position : t->first_position;
}

enum gaosou_status gs_snippet_text_cover(struct gs_snippet_text *t, uint32_t from, uint64_t to,
                                         struct gs_err *err)
{
    bool follows = t->active && from >= t->first_position &&
                   from - t->first_position <= last_position(t) - t->first_position + FOLLOW_WITHIN;
    enum gaosou_status status = GAOSOU_OK;
    if (!follows)
        status = resume(t, from, err);
    while (status == GAOSOU_OK && !t->complete && (t->unit_count == 0 || last_position(t) < to)) {
        status = read_piece(t, err);
        if (status == GAOSOU_E_LIMIT && follows) {
            follows = false;
            status = resume(t, from, err);
        }
    }
    if (status != GAOSOU_OK)
        t->active = false;
    return status;
}
