#include "common/segment/segment_writer.h"

#include "common/segment/docs.h"
#include "common/segment/terms.h"

#include <stdlib.h>

struct gs_segment_writer {
    struct gs_container_writer container;
    struct gs_docs_writer docs;
    struct gs_term_writer terms;
    uint64_t analysis_id;
    bool terms_begun;
};

enum gaosou_status gs_segment_writer_create(struct gs_segment_writer **out, const char *path,
                                            const struct gs_segment_params *params,
                                            struct gs_err *err)
{
    struct gs_segment_writer *w = calloc(1, sizeof(*w));
    if (!w)
        return gs_err_nomem(err, sizeof(*w));
    w->analysis_id = params->analysis_id;
    enum gaosou_status status = gs_container_writer_open(&w->container, path, err);
    if (status == GAOSOU_OK) {
        gs_term_writer_init(&w->terms, &w->container);
        status = gs_docs_writer_init(&w->docs, &w->container, params);
        if (status != GAOSOU_OK)
            gs_err_set(err, status, "cannot write %s: %s", path, gaosou_status_text(status));
    }
    if (status == GAOSOU_OK)
        *out = w;
    else
        gs_segment_writer_discard(w);
    return status;
}

static void parts_release(struct gs_segment_writer *w)
{
    gs_docs_writer_release(&w->docs);
    gs_term_writer_release(&w->terms);
}

void gs_segment_writer_discard(struct gs_segment_writer *w)
{
    if (!w)
        return;
    parts_release(w);
    gs_container_writer_discard(&w->container);
    free(w);
}

void gs_segment_writer_add_doc(struct gs_segment_writer *w, const struct gs_doc *doc)
{
    gs_docs_writer_add(&w->docs, doc);
}

void gs_segment_writer_append_text(struct gs_segment_writer *w, const struct gs_text_pack *p)
{
    gs_docs_writer_append_text(&w->docs, p);
}

enum gaosou_status gs_segment_writer_copy_text(struct gs_segment_writer *w,
                                               const struct gs_segment *from, struct gs_err *err)
{
    return gs_docs_writer_copy_text(&w->docs, from, err);
}

void gs_segment_writer_append_terms(struct gs_segment_writer *w, const struct gs_term_part *p)
{
    if (!w->terms_begun)
        gs_container_stream(&w->container, GS_SECTION_POSTINGS);
    w->terms_begun = true;
    gs_term_writer_append(&w->terms, p);
}

size_t gs_segment_writer_memory(const struct gs_segment_writer *w)
{
    return sizeof(*w) + gs_container_writer_memory(&w->container) +
           gs_docs_writer_memory(&w->docs) + gs_term_writer_memory(&w->terms);
}

enum gaosou_status gs_segment_writer_finish(struct gs_segment_writer *w, struct gs_err *err)
{
    struct gs_segment_stats stats = {.analysis_id = w->analysis_id};
    enum gaosou_status status = gs_docs_writer_finish(&w->docs, &stats, err);
    if (status != GAOSOU_OK) {
        gs_segment_writer_discard(w);
        return status;
    }
    gs_container_fail(&w->container, gs_term_writer_finish(&w->terms));
    stats.terms = w->terms.terms;
    stats.postings = w->terms.postings;
    stats.positions = w->terms.positions;
    parts_release(w);
    status = gs_container_finish(&w->container, &stats, err);
    free(w);
    return status;
}
