#include "common/segment/segment_writer.h"
#include "common/segment/terms.h"

#include <stdlib.h>

#define PART_CAP ((size_t)1 << 36) /* bytes of one buffer of a part */

enum gaosou_status gs_term_part_create(struct gs_term_part **out)
{
    struct gs_term_part *p = calloc(1, sizeof(*p));
    if (!p)
        return GAOSOU_E_NOMEM;
    gs_buf_init(&p->sinks.payload, PART_CAP);
    gs_buf_init(&p->sinks.postings, PART_CAP);
    gs_buf_init(&p->sinks.positions, PART_CAP);
    gs_buf_init(&p->records, PART_CAP);
    gs_buf_init(&p->words, PART_CAP);
    *out = p;
    return GAOSOU_OK;
}

void gs_term_part_free(struct gs_term_part *p)
{
    if (!p)
        return;
    gs_buf_release(&p->sinks.payload);
    gs_buf_release(&p->sinks.postings);
    gs_buf_release(&p->sinks.positions);
    gs_buf_release(&p->records);
    gs_buf_release(&p->words);
    free(p);
}

void gs_term_part_clear(struct gs_term_part *p)
{
    gs_buf_clear(&p->sinks.payload);
    gs_buf_clear(&p->sinks.postings);
    gs_buf_clear(&p->sinks.positions);
    gs_buf_clear(&p->records);
    gs_buf_clear(&p->words);
    p->posting_count = p->position_count = 0;
}

enum gaosou_status gs_term_part_status(const struct gs_term_part *p)
{
    const struct gs_buf *bufs[] = {&p->sinks.payload, &p->sinks.postings, &p->sinks.positions,
                                   &p->records, &p->words};
    enum gaosou_status status = p->status;
    for (size_t i = 0; status == GAOSOU_OK && i < sizeof(bufs) / sizeof(bufs[0]); i++)
        status = gs_buf_status(bufs[i]);
    return status;
}

size_t gs_term_part_memory(const struct gs_term_part *p)
{
    return sizeof(*p) + p->sinks.payload.capacity + p->sinks.postings.capacity +
           p->sinks.positions.capacity + p->records.capacity + p->words.capacity;
}

static bool term_fits(const struct gs_term *t)
{
    if (t->is_word)
        return t->size > 0 && t->size <= GS_WORD_MAX;
    return t->first <= GS_CODE_POINT_MAX && t->second <= GS_CODE_POINT_MAX;
}

void gs_term_part_add(struct gs_term_part *p, const struct gs_term *term, const uint32_t *docs,
                      const uint32_t *freqs, uint32_t df, const uint32_t *positions, uint64_t cf,
                      const struct gs_doc_lengths *lengths)
{
    if (p->status != GAOSOU_OK)
        return;
    if (df == 0 || cf < df || docs[df - 1] >= lengths->count || !term_fits(term)) {
        p->status = GAOSOU_E_USE;
        return;
    }
    struct gs_list_sinks *s = &p->sinks;
    size_t payload = s->payload.size, postings = s->postings.size, at = s->positions.size;
    const struct gs_list_input in = {docs, freqs, positions, lengths, df, cf};
    if (!gs_list_encode(s, &in))
        p->status = GAOSOU_E_LIMIT;
    struct gs_part_record record = {
        .first = term->is_word ? GS_PART_WORD : term->first,
        .second = term->is_word ? (uint32_t)term->size : term->second,
        .payload = (uint32_t)(s->payload.size - payload),
        .postings = s->postings.size - postings,
        .positions = s->positions.size - at,
    };
    gs_buf_append(&p->records, &record, sizeof(record));
    if (term->is_word)
        gs_buf_append(&p->words, term->bytes, term->size);
    p->posting_count += df;
    p->position_count += cf;
}
