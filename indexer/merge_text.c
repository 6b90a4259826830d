#include "indexer/merge_text.h"

#include "common/text/analysis.h"

#include <stdlib.h>

#define PACK_BYTES ((size_t)2 << 20) /* content after which a pack goes to the writer */

struct gs_merge_text {
    struct gs_text_reader *reader;
    struct gs_text_pack *pack;
    size_t packed; /* bytes of content in the pack */
    struct gs_analysis analysis;
    bool analysis_ready;
    struct gs_buf content;
    struct gs_text_cut *cuts;
    size_t cut_count, cut_capacity;
};

enum gaosou_status gs_merge_text_create(struct gs_merge_text **out, struct gs_err *err)
{
    struct gs_merge_text *m = calloc(1, sizeof(*m));
    if (!m)
        return gs_err_nomem(err, sizeof(*m));
    gs_buf_init(&m->content, GS_FILING_MAX);
    m->analysis_ready = gs_analysis_init(&m->analysis, false) == GAOSOU_OK;
    if (!m->analysis_ready || gs_text_reader_create(&m->reader) != GAOSOU_OK ||
        gs_text_pack_create(&m->pack, 0) != GAOSOU_OK) {
        gs_merge_text_free(m);
        return gs_err_nomem(err, sizeof(*m));
    }
    *out = m;
    return GAOSOU_OK;
}

void gs_merge_text_free(struct gs_merge_text *m)
{
    if (!m)
        return;
    gs_text_reader_free(m->reader);
    gs_text_pack_free(m->pack);
    if (m->analysis_ready)
        gs_analysis_release(&m->analysis);
    gs_buf_release(&m->content);
    free(m->cuts);
    free(m);
}

/* Positions and states at the cuts. */
static enum gaosou_status find_states(struct gs_merge_text *m, const struct gs_record *record,
                                      struct gs_err *err)
{
    struct gs_analysis *a = &m->analysis;
    enum gaosou_status status =
        gs_analysis_begin(a, m->content.data, m->content.size, record->title_size, err);
    for (size_t i = 0; i < m->cut_count && status == GAOSOU_OK; i++) {
        struct gs_text_cut *cut = &m->cuts[i];
        while (a->offset < cut->offset && status == GAOSOU_OK)
            status = gs_analysis_chunk(a, cut->offset);
        if (status != GAOSOU_OK)
            return gs_err_nomem(err, m->content.size);
        cut->position = gs_cutter_positions(a->cutter);
        cut->resumable = gs_cutter_state(a->cutter, &cut->state);
    }
    return status;
}

enum gaosou_status gs_merge_text_finish(struct gs_merge_text *m, struct gs_segment_writer *to,
                                        struct gs_err *err)
{
    enum gaosou_status status = gs_text_pack_finish(m->pack, err);
    if (status != GAOSOU_OK)
        return status;
    gs_segment_writer_append_text(to, m->pack);
    gs_text_pack_clear(m->pack);
    m->packed = 0;
    return GAOSOU_OK;
}

enum gaosou_status gs_merge_text_copy(struct gs_merge_text *m, const struct gs_segment *from,
                                      uint32_t doc, const struct gs_record *record,
                                      struct gs_segment_writer *to, struct gs_err *err)
{
    gs_buf_clear(&m->content);
    m->cut_count = 0;
    enum gaosou_status status =
        gs_text_read(m->reader, from, doc, 0, record->content_size, &m->content, err);
    if (status != GAOSOU_OK)
        return status;
    if (m->content.size != record->content_size || record->title_size > record->content_size)
        return gs_err_set(err, GAOSOU_E_CORRUPT,
                          "%s: filing %u has %zu bytes of text, its record says %u",
                          gs_segment_path(from), doc, m->content.size, record->content_size);
    if (gs_text_cuts(m->content.data, record->content_size, &m->cuts, &m->cut_count,
                     &m->cut_capacity) != GAOSOU_OK)
        return gs_err_nomem(err, m->content.size);
    if (m->cut_count > 0)
        status = find_states(m, record, err);
    if (status != GAOSOU_OK)
        return status;
    gs_text_pack_add(m->pack, m->content.data, record->content_size, m->cuts, m->cut_count);
    m->packed += record->content_size;
    return m->packed >= PACK_BYTES ? gs_merge_text_finish(m, to, err) : GAOSOU_OK;
}

enum gaosou_status gs_merge_text_copy_all(struct gs_merge_text *m, const struct gs_segment *from,
                                          struct gs_segment_writer *to, struct gs_err *err)
{
    enum gaosou_status status = gs_merge_text_finish(m, to, err); /* what came before */
    return status == GAOSOU_OK ? gs_segment_writer_copy_text(to, from, err) : status;
}
