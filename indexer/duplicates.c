#include "indexer/duplicates.h"

#include "indexer/filing.h"
#include "indexer/live_filings.h"

#include <stdlib.h>
#include <string.h>

#define FILTER_BITS ((uint64_t)1 << 23) /* a bit by hash: most filings are told apart by it */

struct filing {
    uint64_t hash, sequence;
};
struct pair { /* a new filing and one that has the same text */
    uint64_t sequence, other;
};

struct search {
    const struct gs_index_writer *writer;
    const struct gs_duplicates_params *params;
    struct filing *filings; /* the chunk: by sequence, then by hash */
    size_t count, capacity;
    uint64_t first, last; /* their sequence numbers */
    uint64_t *filter;
    struct gs_buf pairs;
};

#define PAIRS_MAX ((size_t)1 << 36)

static int by_hash(const void *a, const void *b)
{
    const struct filing *x = a, *y = b;
    if (x->hash != y->hash)
        return (x->hash > y->hash) - (x->hash < y->hash);
    return (x->sequence > y->sequence) - (x->sequence < y->sequence);
}

static int by_sequence(const void *a, const void *b)
{
    const struct pair *x = a, *y = b;
    return (x->sequence > y->sequence) - (x->sequence < y->sequence);
}

/* The filings of the chunk that begins at sequence number `from`. */
static enum gaosou_status take_chunk(struct search *s, uint64_t from, struct gs_err *err)
{
    struct gs_live_filings live;
    bool more = true;
    enum gaosou_status status = GAOSOU_OK;
    s->count = 0;
    gs_live_filings_begin(&live, s->writer, GS_COLUMN_CONTENT_HASH);
    gs_live_filings_seek(&live, from);
    while (s->count < s->capacity) {
        status = gs_live_filings_next(&live, &more, err);
        if (status != GAOSOU_OK || !more)
            break;
        if (live.sequence >= from && live.value != 0)
            s->filings[s->count++] = (struct filing){live.value, live.sequence};
    }
    if (s->count == 0)
        return status;
    s->first = s->filings[0].sequence;
    s->last = s->filings[s->count - 1].sequence;
    qsort(s->filings, s->count, sizeof(*s->filings), by_hash);
    memset(s->filter, 0, FILTER_BITS / 8);
    for (size_t i = 0; i < s->count; i++) {
        uint64_t bit = s->filings[i].hash % FILTER_BITS;
        s->filter[bit / 64] |= (uint64_t)1 << (bit % 64);
    }
    return status;
}

static void note(struct search *s, const struct filing *f, uint64_t other)
{
    struct pair pair = {f->sequence, other};
    gs_buf_append(&s->pairs, &pair, sizeof(pair));
}

/* Pairs within the chunk; only filings that have none are kept in it, in their order. */
static void pair_inside(struct search *s)
{
    size_t kept = 0;
    for (size_t i = 0; i < s->count;) {
        size_t end = i + 1;
        while (end < s->count && s->filings[end].hash == s->filings[i].hash)
            end++;
        if (end - i == 1)
            s->filings[kept++] = s->filings[i];
        for (size_t k = i; end - i > 1 && k < end; k++)
            note(s, &s->filings[k], s->filings[k == i ? i + 1 : i].sequence);
        i = end;
    }
    s->count = kept;
}

static struct filing *find(const struct search *s, uint64_t hash)
{
    size_t from = 0, to = s->count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (s->filings[middle].hash < hash)
            from = middle + 1;
        else
            to = middle;
    }
    return from < s->count && s->filings[from].hash == hash ? &s->filings[from] : NULL;
}

/* Pairs of those that are alone in the chunk with the other filings of the index. */
static enum gaosou_status pair_outside(struct search *s, struct gs_err *err)
{
    struct gs_live_filings live;
    gs_live_filings_begin(&live, s->writer, GS_COLUMN_CONTENT_HASH);
    for (bool more;;) {
        enum gaosou_status status = gs_live_filings_next(&live, &more, err);
        if (status != GAOSOU_OK || !more)
            return status;
        uint64_t bit = live.value % FILTER_BITS;
        if (!(s->filter[bit / 64] >> (bit % 64) & 1) ||
            (live.sequence >= s->first && live.sequence <= s->last))
            continue;
        struct filing *f = find(s, live.value);
        if (!f || f->sequence == UINT64_MAX)
            continue;
        note(s, f, live.sequence);
        f->sequence = UINT64_MAX; /* once is enough */
    }
}

static enum gaosou_status copy_id(const struct search *s, struct gs_record_reader *records,
                                  uint64_t sequence, struct gs_buf *id, struct gs_err *err)
{
    struct gs_index_place place;
    struct gs_record record;
    gs_buf_clear(id);
    enum gaosou_status status = gs_live_filings_find(s->writer, sequence, &place, err);
    if (status != GAOSOU_OK || place.doc == GS_DOC_END)
        return status;
    const struct gs_segment *segment = gs_index_writer_get(s->writer, place.segment)->segment;
    status = gs_record_read(records, segment, place.doc, &record, err);
    if (status == GAOSOU_OK)
        gs_buf_append(id, record.id.bytes, record.id.size);
    return status;
}

static enum gaosou_status report(struct search *s, struct gs_err *err)
{
    size_t count = s->pairs.size / sizeof(struct pair);
    if (!s->params->found || count == 0)
        return GAOSOU_OK;
    struct pair *pairs = (struct pair *)(void *)s->pairs.data;
    qsort(pairs, count, sizeof(*pairs), by_sequence);
    struct gs_record_reader *records = NULL;
    if (gs_record_reader_create(&records) != GAOSOU_OK)
        return gs_err_nomem(err, sizeof(*pairs));
    struct gs_buf id, other;
    gs_buf_init(&id, GS_METADATA_MAX);
    gs_buf_init(&other, GS_METADATA_MAX);
    enum gaosou_status status = GAOSOU_OK;
    for (size_t i = 0; i < count && status == GAOSOU_OK; i++) {
        status = copy_id(s, records, pairs[i].sequence, &id, err);
        if (status == GAOSOU_OK)
            status = copy_id(s, records, pairs[i].other, &other, err);
        if (status == GAOSOU_OK)
            s->params->found(s->params->ctx, (struct gs_str){(const char *)id.data, id.size},
                             (struct gs_str){(const char *)other.data, other.size});
    }
    gs_buf_release(&id);
    gs_buf_release(&other);
    gs_record_reader_free(records);
    return status;
}

static enum gaosou_status search_chunk(struct search *s, struct gs_err *err)
{
    gs_buf_clear(&s->pairs);
    pair_inside(s);
    enum gaosou_status status = s->count > 0 ? pair_outside(s, err) : GAOSOU_OK;
    if (status == GAOSOU_OK && gs_buf_status(&s->pairs) != GAOSOU_OK)
        status = gs_err_nomem(err, s->pairs.size);
    return status == GAOSOU_OK ? report(s, err) : status;
}

static enum gaosou_status search_all(struct search *s, uint64_t *count, struct gs_err *err)
{
    uint64_t from = s->params->from_sequence, total = 0;
    for (bool is_last = false; !is_last; from = s->last + 1) {
        enum gaosou_status status = take_chunk(s, from, err);
        is_last = s->count < s->capacity;
        if (status == GAOSOU_OK && s->count > 0) {
            status = search_chunk(s, err);
            total += s->pairs.size / sizeof(struct pair);
        }
        if (status != GAOSOU_OK)
            return status;
    }
    *count = total;
    return GAOSOU_OK;
}

enum gaosou_status gs_duplicates_find(const struct gs_index_writer *w,
                                      const struct gs_duplicates_params *params, uint64_t *count,
                                      struct gs_err *err)
{
    struct search s = {.writer = w,
                       .params = params,
                       .capacity = params->chunk ? params->chunk : GS_DUPLICATES_CHUNK};
    gs_buf_init(&s.pairs, PAIRS_MAX);
    s.filings = malloc(s.capacity * sizeof(*s.filings));
    s.filter = malloc(FILTER_BITS / 8);
    enum gaosou_status status = s.filings && s.filter
                                    ? search_all(&s, count, err)
                                    : gs_err_nomem(err, s.capacity * sizeof(*s.filings));
    free(s.filings);
    free(s.filter);
    gs_buf_release(&s.pairs);
    return status;
}
