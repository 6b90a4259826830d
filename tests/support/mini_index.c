#include "tests/support/mini_index.h"

#include "common/segment/manifest.h"
#include "common/segment/segment_internal.h"
#include "common/segment/segment_writer.h"
#include "common/text/analysis.h"
#include "tests/support/test.h"

struct posting {
    struct gs_term term;
    uint8_t word[GS_WORD_MAX];
    uint32_t doc, position;
};

struct postings {
    struct posting *all;
    size_t count, capacity;
};

static void add_token(struct postings *p, const struct gs_token *t, uint32_t doc)
{
    if (p->count == p->capacity) {
        p->capacity = p->capacity * 2 + 1024;
        p->all = realloc(p->all, p->capacity * sizeof(*p->all));
        assert_non_null(p->all);
    }
    struct posting *x = &p->all[p->count++];
    *x = (struct posting){.term = t->term, .doc = doc, .position = t->position};
    if (t->term.is_word)
        memcpy(x->word, t->term.bytes, t->term.size);
}

static int compare_postings(const void *a, const void *b)
{
    const struct posting *x = a, *y = b;
    struct gs_term t = x->term, u = y->term;
    t.bytes = x->word;
    u.bytes = y->word;
    int order = gs_term_compare(&t, &u);
    if (order)
        return order;
    if (x->doc != y->doc)
        return x->doc < y->doc ? -1 : 1;
    return x->position < y->position ? -1 : x->position > y->position;
}

/* One term's postings [first, end) as a list. */
static void add_list(struct gs_term_part *part, const struct posting *first, size_t count,
                     const struct gs_doc_lengths *lengths)
{
    uint32_t *arrays = calloc(3 * (count + GS_BLOCK), sizeof(*arrays)), df = 0;
    assert_non_null(arrays);
    uint32_t *docs = arrays, *freqs = docs + count + GS_BLOCK,
             *positions = freqs + count + GS_BLOCK;
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || first[i].doc != first[i - 1].doc)
            docs[df++] = first[i].doc;
        freqs[df - 1]++;
        positions[i] = first[i].position;
    }
    struct gs_term term = first->term;
    term.bytes = first->word;
    gs_term_part_add(part, &term, docs, freqs, df, positions, count, lengths);
    free(arrays);
}

static void write_terms(struct gs_segment_writer *w, struct postings *p,
                        const struct gs_doc_lengths *lengths)
{
    struct gs_term_part *part;
    assert_ok(gs_term_part_create(&part));
    if (p->count)
        qsort(p->all, p->count, sizeof(*p->all), compare_postings);
    for (size_t i = 0, end; i < p->count; i = end) {
        struct gs_term a = p->all[i].term;
        a.bytes = p->all[i].word;
        for (end = i + 1; end < p->count; end++) {
            struct gs_term b = p->all[end].term;
            b.bytes = p->all[end].word;
            if (gs_term_compare(&a, &b))
                break;
        }
        add_list(part, &p->all[i], end - i, lengths);
    }
    assert_ok(gs_term_part_status(part));
    gs_segment_writer_append_terms(w, part);
    gs_term_part_free(part);
}

/* An end as the structural terms of its kinds. */
static void add_end(struct postings *p, const struct gs_cut_end *end, uint32_t doc)
{
    static const struct {
        uint32_t kind, term;
    } kinds[] = {{GS_END_SENTENCE, GS_STRUCT_SENTENCE},
                 {GS_END_PARAGRAPH, GS_STRUCT_PARAGRAPH},
                 {GS_END_HEADING, GS_STRUCT_HEADING}};
    for (size_t i = 0; i < GS_COUNT_OF(kinds); i++) {
        const struct gs_token token = {.term = {.second = kinds[i].term},
                                       .position = end->position};
        if (end->kinds & kinds[i].kind)
            add_token(p, &token, doc);
    }
}

/* Analyses one filing and adds it to the segment; its length out. */
static uint32_t write_filing(struct gs_segment_writer *w, const struct mini_filing *f,
                             size_t number, uint32_t doc, struct postings *p)
{
    struct gs_buf content;
    struct gs_analysis a;
    uint32_t title_size;
    const char *title = f->title ? f->title : "";
    gs_buf_init(&content, (size_t)1 << 30);
    gs_content_build(&content, (const uint8_t *)title, strlen(title), (const uint8_t *)f->text,
                     strlen(f->text), &title_size);
    gs_buf_append_u8(&content, ' '); /* never empty */
    assert_ok(gs_analysis_init(&a, true));
    assert_ok(gs_analysis_begin(&a, content.data, content.size, title_size, NULL));
    while (a.offset < a.size) {
        assert_ok(gs_analysis_chunk(&a, a.size));
        for (size_t i = 0; i < a.batch.token_count; i++)
            add_token(p, &a.batch.tokens[i], doc);
        for (size_t i = 0; i < a.batch.end_count; i++)
            add_end(p, &a.batch.ends[i], doc);
    }
    char id[32];
    snprintf(id, sizeof(id), "f%zu", number);
    struct gs_doc d = {.sequence = number,
                       .commit = 1,
                       .length = gs_analysis_length(&a),
                       .positions = gs_analysis_positions(&a),
                       .title_positions = a.title_positions};
    d.record.id = (struct gs_str){id, strlen(id)};
    d.record.title = (struct gs_str){title, strlen(title)};
    d.date = f->date;
    if (f->codes)
        d.record.codes = (struct gs_str){f->codes, strlen(f->codes)};
    if (f->type)
        d.record.type = (struct gs_str){f->type, strlen(f->type)};
    d.record.content_size = (uint32_t)content.size;
    d.record.title_size = title_size;
    gs_segment_writer_add_doc(w, &d);
    gs_analysis_release(&a);
    gs_buf_release(&content);
    return d.length;
}

static void write_segment(const char *path, const struct mini_filing *filings, size_t first,
                          size_t count)
{
    struct gs_err err = {0};
    struct gs_segment_params params = {.analysis_id = gs_analysis_id()};
    struct gs_segment_writer *w;
    struct postings p = {0};
    uint32_t *lengths = calloc(count + GS_BLOCK, sizeof(*lengths));
    assert_non_null(lengths);
    assert_ok_err(gs_segment_writer_create(&w, path, &params, &err), &err);
    for (size_t i = 0; i < count; i++)
        lengths[i] = write_filing(w, &filings[first + i], first + i, (uint32_t)i, &p);
    write_terms(w, &p, &(struct gs_doc_lengths){lengths, (uint32_t)count});
    assert_ok_err(gs_segment_writer_finish(w, &err), &err);
    free(lengths);
    free(p.all);
}

/* The manifest's entry of a written segment, with its deletions. */
static struct gs_manifest_segment describe(const char *folder, const char *path, uint64_t number,
                                           const struct mini_filing *filings, size_t count)
{
    struct gs_segment *s;
    struct gs_map map;
    uint64_t bits[512] = {0};
    struct gs_manifest_segment entry = {.number = number, .doc_count = (uint32_t)count};
    assert_true(count <= 64 * GS_COUNT_OF(bits));
    for (size_t i = 0; i < count; i++) {
        bits[i / 64] |= (uint64_t)filings[i].deleted << (i % 64);
        entry.deleted_count += filings[i].deleted;
    }
    assert_ok(gs_segment_open(&s, path, NULL));
    entry.checksum = gs_segment_header_checksum(s);
    gs_segment_close(s);
    assert_ok(gs_map_open(&map, path, NULL));
    entry.file_size = map.size;
    gs_map_close(&map);
    if (entry.deleted_count) {
        entry.del_generation = 1;
        char *deletions = gs_manifest_deletions_path(folder, number, 1);
        assert_ok(gs_deletions_write(bits, deletions, entry.doc_count, NULL));
        free(deletions);
    }
    return entry;
}

void mini_index_write(const char *folder, const struct mini_filing *filings, size_t count,
                      size_t per_segment)
{
    struct gs_err err = {0};
    struct gs_manifest m;
    size_t segments = (count + per_segment - 1) / per_segment;
    gs_manifest_init(&m);
    m.segments = calloc(segments ? segments : 1, sizeof(*m.segments));
    assert_non_null(m.segments);
    m.segment_capacity = segments ? segments : 1;
    for (size_t i = 0; i < segments; i++) {
        size_t first = i * per_segment,
               n = count - first < per_segment ? count - first : per_segment;
        char *path = gs_manifest_segment_path(folder, i + 1);
        write_segment(path, filings, first, n);
        m.segments[m.segment_count++] = describe(folder, path, i + 1, filings + first, n);
        free(path);
    }
    m.commit = 1;
    m.next_sequence = count;
    m.next_number = segments + 1;
    m.analysis_id = gs_analysis_id();
    assert_ok_err(gs_manifest_publish(&m, folder, &err), &err);
    gs_manifest_release(&m);
}
