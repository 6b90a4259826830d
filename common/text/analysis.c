#include "common/text/analysis.h"

#include "common/base/checksum.h"
#include "common/text/chartab_version.h"

#include <string.h>

/* The number goes up with every change of a rule that changes tokens, positions, lengths or ends.
 */
#define ANALYSIS_NAME "gaosou-1 " GS_CHARTAB_VERSION

uint64_t gs_analysis_id(void)
{
    return gs_hash64(ANALYSIS_NAME, sizeof(ANALYSIS_NAME) - 1);
}

const char *gs_analysis_name(void)
{
    return ANALYSIS_NAME;
}

void gs_content_build(struct gs_buf *content, const uint8_t *title, size_t title_bytes,
                      const uint8_t *text, size_t text_bytes, uint32_t *title_size)
{
    bool leads = text_bytes >= title_bytes && title_bytes && !memcmp(text, title, title_bytes);
    if (title_bytes && !leads) {
        gs_buf_append(content, title, title_bytes);
        gs_buf_append(content, "\x1F\n", 2);
    }
    if (text_bytes)
        gs_buf_append(content, text, text_bytes);
    *title_size = (uint32_t)title_bytes;
}

enum gaosou_status gs_analysis_init(struct gs_analysis *a, bool with_spans)
{
    memset(a, 0, sizeof(*a));
    gs_layout_init(&a->layout);
    gs_structure_init(&a->structure);
    gs_cut_batch_init(&a->batch);
    a->cutter = gs_cutter_create(with_spans);
    return a->cutter ? GAOSOU_OK : GAOSOU_E_NOMEM;
}

void gs_analysis_release(struct gs_analysis *a)
{
    gs_layout_release(&a->layout);
    gs_structure_release(&a->structure);
    gs_cut_batch_release(&a->batch);
    gs_cutter_free(a->cutter);
    a->cutter = NULL;
}

enum gaosou_status gs_analysis_begin(struct gs_analysis *a, const uint8_t *content, size_t size,
                                     uint32_t title_size, struct gs_err *err)
{
    enum gaosou_status st = gs_layout_find(&a->layout, content, size, err);
    if (st)
        return st;
    st = gs_structure_find(&a->structure, &a->layout, content, size, err);
    if (st)
        return st;
    a->content = content;
    a->size = (uint32_t)size;
    a->offset = 0;
    gs_analysis_set_title(a, 0, title_size);
    gs_cutter_begin(a->cutter, a->layout.marks, a->layout.mark_count, a->structure.ends,
                    a->structure.end_count);
    return GAOSOU_OK;
}

void gs_analysis_set_title(struct gs_analysis *a, uint32_t from, uint32_t to)
{
    a->title_from = from;
    a->title_to = to;
    a->title_start = a->title_positions = 0;
}

/* The title's positions where the cutter has been fed up to `stop`. */
static void note_title(struct gs_analysis *a, uint32_t stop)
{
    if (a->offset < a->title_from && stop == a->title_from)
        a->title_start = gs_cutter_positions(a->cutter);
    if (a->offset < a->title_to && stop == a->title_to) {
        /* Fewer than at its start where it begins in the middle of a number: 1,23|4. */
        uint32_t end = gs_cutter_positions(a->cutter);
        a->title_positions = end > a->title_start ? end - a->title_start : 0;
    }
}

enum gaosou_status gs_analysis_chunk(struct gs_analysis *a, uint32_t until)
{
    uint32_t stop = until - a->offset > GS_CUTTER_CHUNK ? a->offset + GS_CUTTER_CHUNK : until;
    /* The title's positions are known where it begins and ends. */
    if (a->offset < a->title_from && a->title_from < stop)
        stop = a->title_from;
    else if (a->offset < a->title_to && a->title_to < stop)
        stop = a->title_to;
    enum gaosou_status st = gs_cutter_feed(a->cutter, a->content + a->offset, stop - a->offset,
                                           stop == a->size, &a->batch);
    if (st)
        return st;
    note_title(a, stop);
    a->offset = stop;
    return GAOSOU_OK;
}

uint32_t gs_analysis_positions(const struct gs_analysis *a)
{
    return gs_cutter_positions(a->cutter);
}

uint32_t gs_analysis_length(const struct gs_analysis *a)
{
    return gs_cutter_length(a->cutter);
}
