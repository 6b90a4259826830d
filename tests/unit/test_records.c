/* common/segment/records, docs, ids: rows, columns and ids through the segment writer and back. */
#include "common/base/checksum.h"
#include "common/segment/id_table.h"
#include "common/segment/records.h"
#include "tests/support/random_source.h"
#include "tests/support/segment_bytes.h"
#include "tests/support/test.h"

#define MANY 400

/* A filing with everything, made from its number; strings live in the struct. */
struct filing {
    char text[GS_RECORD_FIELDS][96];
    struct gs_mark marks[MANY];
    struct gs_page pages[MANY];
    uint32_t positions[MANY];
    uint8_t labels[MANY * 6];
    struct gs_heading headings[MANY];
    struct gs_doc doc;
};

static void make_layout(struct filing *f, size_t n, struct random_source *r)
{
    struct gs_record *record = &f->doc.record;
    uint32_t mark = 0, page = 0, position = 0, heading = 0;
    size_t labels = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t start = mark + random_below(r, 300);
        mark = start + 1 + random_below(r, 40);
        f->marks[i] =
            (struct gs_mark){start, mark, random_once_in(r, 3) ? GS_MARK_JOIN : GS_MARK_FURNITURE};
        int size = sprintf((char *)f->labels + labels, "%u", (unsigned)i % 1000);
        bool has = !random_once_in(r, 5);
        f->pages[i] = (struct gs_page){page, random_once_in(r, 9) ? 0 : (uint32_t)i + 1,
                                       has ? (uint32_t)labels : 0, has ? (uint32_t)size : 0};
        f->positions[i] = position;
        labels += has ? (size_t)size : 0;
        page += random_below(r, 3000);
        position += random_below(r, 900);
        heading += random_below(r, 2000);
        f->headings[i] =
            (struct gs_heading){heading, heading + random_below(r, 60), 1 + (uint32_t)i % 5};
    }
    record->marks = f->marks;
    record->pages = f->pages;
    record->page_positions = f->positions;
    record->labels = f->labels;
    record->labels_size = n ? labels : 0;
    record->headings = f->headings;
    record->mark_count = record->page_count = record->heading_count = n;
    record->content_size = (uint32_t)n * 5000 + 77;
}

static struct filing *filing_make(uint32_t number)
{
    struct random_source r = {number};
    struct filing *f = calloc(1, sizeof(*f));
    assert_non_null(f);
    sprintf(f->text[0], "news/%u.txt", number % 1000 == 999 ? 999 : number);
    for (size_t i = 0; i < GS_RECORD_FIELDS; i++) {
        if (i > 0 && !random_once_in(&r, 3))
            snprintf(f->text[i], sizeof(f->text[i]), "第%zu项：瑞芯微电子股份有限公司 %u", i,
                     random_below(&r, 100));
        struct gs_str s = {f->text[i], strlen(f->text[i])};
        memcpy((char *)&f->doc.record + gs_record_field_offset(i), &s, sizeof(s));
    }
    make_layout(f, random_once_in(&r, 4) ? random_below(&r, MANY) : 0, &r);
    struct gs_doc *d = &f->doc;
    d->record.title_size = random_below(&r, 70);
    d->sequence = 500 + number * 3;
    d->content_hash = random_next(&r);
    d->source_size = random_next(&r) >> 30;
    d->commit = 1 + number / 100;
    d->date = random_once_in(&r, 3) ? 0 : 20200101 + random_below(&r, 1000);
    d->period = 20191231;
    d->length = random_below(&r, 100000);
    d->title_positions = random_below(&r, 30);
    d->title_start = random_once_in(&r, 3) ? random_below(&r, 3000) : 0;
    d->source_time = number < 4000 ? UINT64_C(1700000000123456789) : random_next(&r);
    d->text_state = random_once_in(&r, 9) ? GS_TEXT_NONE : GS_TEXT_READ;
    return f;
}

static uint8_t *segment_bytes(uint32_t first, uint32_t count, size_t *size)
{
    struct gs_err err = {0};
    char *folder = test_folder_create(), *path = test_path(folder, "a.seg");
    struct gs_segment_params params = {.analysis_id = 7};
    struct gs_segment_writer *w;
    assert_ok_err(gs_segment_writer_create(&w, path, &params, &err), &err);
    for (uint32_t i = 0; i < count; i++) {
        struct filing *f = filing_make(first + i);
        gs_segment_writer_add_doc(w, &f->doc);
        free(f);
    }
    assert_true(gs_segment_writer_memory(w) > 0);
    assert_ok_err(gs_segment_writer_finish(w, &err), &err);
    uint8_t *bytes = test_file_bytes(path, size);
    free(path);
    test_folder_remove(folder);
    return bytes;
}

static void check_strings(const struct gs_record *got, const struct gs_record *wanted)
{
    for (size_t i = 0; i < GS_RECORD_FIELDS; i++) {
        struct gs_str a, b;
        memcpy(&a, (const char *)got + gs_record_field_offset(i), sizeof(a));
        memcpy(&b, (const char *)wanted + gs_record_field_offset(i), sizeof(b));
        assert_int_equal(a.size, b.size);
        assert_true(a.size == 0 || memcmp(a.bytes, b.bytes, a.size) == 0);
    }
}

static void check_record(const struct gs_record *got, const struct gs_record *wanted)
{
    check_strings(got, wanted);
    assert_int_equal(got->content_size, wanted->content_size);
    assert_int_equal(got->title_size, wanted->title_size);
    assert_int_equal(got->mark_count, wanted->mark_count);
    assert_int_equal(got->page_count, wanted->page_count);
    assert_int_equal(got->heading_count, wanted->heading_count);
    assert_int_equal(got->labels_size, wanted->labels_size);
    for (size_t i = 0; i < got->mark_count; i++)
        assert_memory_equal(&got->marks[i], &wanted->marks[i], sizeof(struct gs_mark));
    for (size_t i = 0; i < got->page_count; i++) {
        assert_memory_equal(&got->pages[i], &wanted->pages[i], sizeof(struct gs_page));
        assert_int_equal(got->page_positions[i], wanted->page_positions[i]);
    }
    for (size_t i = 0; i < got->heading_count; i++)
        assert_memory_equal(&got->headings[i], &wanted->headings[i], sizeof(struct gs_heading));
    if (got->labels_size > 0)
        assert_memory_equal(got->labels, wanted->labels, got->labels_size);
}

static void check_doc_columns(const struct gs_segment *s, uint32_t doc, const struct gs_doc *d)
{
    const uint64_t wanted[GS_COLUMN_COUNT] = {
        [GS_COLUMN_SEQUENCE] = d->sequence,
        [GS_COLUMN_LENGTH] = d->length,
        [GS_COLUMN_TITLE_POSITIONS] = d->title_positions,
        [GS_COLUMN_DATE] = d->date,
        [GS_COLUMN_PERIOD] = d->period,
        [GS_COLUMN_CONTENT_HASH] = d->content_hash,
        [GS_COLUMN_SIZE] = d->source_size,
        [GS_COLUMN_COMMIT] = d->commit,
        [GS_COLUMN_TITLE_START] = d->title_start,
        [GS_COLUMN_SOURCE_TIME] = d->source_time,
        [GS_COLUMN_TEXT_STATE] = d->text_state,
    };
    for (uint32_t c = 0; c < GS_COLUMN_COUNT; c++) {
        uint64_t v = 0;
        assert_ok(gs_column_get(s, (enum gs_column)c, doc, &v, NULL));
        assert_true(v == wanted[c]);
    }
    uint32_t length = 0;
    assert_ok(gs_column_lengths(s, doc, 1, &length, NULL));
    assert_int_equal(length, d->length);
}

static void check_segment(const struct gs_segment *s, uint32_t first, uint32_t count)
{
    struct gs_record_reader *reader;
    struct gs_err err = {0};
    uint64_t problems = 0, total = 0;
    assert_ok(gs_record_reader_create(&reader));
    for (uint32_t i = 0; i < count; i++) {
        struct filing *f = filing_make(first + i);
        struct gs_record got;
        uint32_t doc = (i * 7919) % count; /* not in order: every block is decoded again */
        if (count % 7919 == 0)
            doc = i;
        free(f);
        f = filing_make(first + doc);
        assert_ok_err(gs_record_read(reader, s, doc, &got, &err), &err);
        check_record(&got, &f->doc.record);
        check_doc_columns(s, doc, &f->doc);
        total += f->doc.length;
        free(f);
    }
    const struct gs_segment_stats *stats = gs_segment_get_stats(s);
    assert_int_equal(stats->doc_count, count);
    assert_int_equal(stats->total_length, total);
    assert_int_equal(stats->first_sequence, count ? 500 + first * 3 : 0);
    struct gs_record got;
    uint64_t v;
    uint32_t lengths[4];
    assert_status(gs_record_read(reader, s, count, &got, NULL), GAOSOU_E_USE);
    assert_status(gs_column_get(s, GS_COLUMN_DATE, count, &v, NULL), GAOSOU_E_USE);
    assert_status(gs_column_lengths(s, count, 1, lengths, NULL), GAOSOU_E_USE);
    assert_ok_err(gs_segment_check(s, NULL, NULL, &problems, &err), &err);
    assert_int_equal(problems, 0);
    gs_record_reader_free(reader);
}

static void round_trips(void **state)
{
    (void)state;
    static const uint32_t counts[] = {0, 1, 2, 17, 128, 129, 1500};
    for (size_t c = 0; c < GS_COUNT_OF(counts); c++) {
        size_t size, again_size;
        uint8_t *bytes = segment_bytes(10, counts[c], &size);
        uint8_t *again = segment_bytes(10, counts[c], &again_size);
        assert_int_equal(size, again_size);
        assert_memory_equal(bytes, again, size);
        struct gs_segment *s;
        struct gs_err err = {0};
        assert_ok_err(gs_segment_parse(&s, bytes, size, "a.seg", &err), &err);
        check_segment(s, 10, counts[c]);
        gs_segment_close(s);
        free(bytes);
        free(again);
    }
}

static void find_id(const struct gs_segment *s, const char *id, uint32_t wanted)
{
    struct gs_record_reader *reader;
    struct gs_err err = {0};
    uint32_t doc = 1;
    assert_ok(gs_record_reader_create(&reader));
    assert_ok_err(gs_segment_find_id(s, reader, id, strlen(id), &doc, &err), &err);
    assert_int_equal(doc, wanted);
    gs_record_reader_free(reader);
}

static void ids(void **state)
{
    (void)state;
    size_t size;
    uint8_t *bytes = segment_bytes(0, 4500, &size);
    struct gs_segment *s;
    assert_ok(gs_segment_parse(&s, bytes, size, "a.seg", NULL));
    for (uint32_t i = 0; i < 4500; i += 13) {
        char id[32];
        sprintf(id, "news/%u.txt", i);
        if (i % 1000 != 999)
            find_id(s, id, i);
    }
    find_id(s, "news/999.txt", 3999); /* 999, 1999, .. share an id: the newest */
    find_id(s, "news/1999.txt", GS_DOC_END);
    find_id(s, "", GS_DOC_END);
    find_id(s, "news/5000.txt", GS_DOC_END);
    gs_segment_close(s);
    free(bytes);
}

/* Many filings, and one among them with a huge row: its neighbours are still right. */
static void large(void **state)
{
    (void)state;
    enum { COUNT = 100000, HUGE = 70001, MARKS = 200000, EXTRA = 5000000 };
    struct gs_err err = {0};
    char *folder = test_folder_create(), *path = test_path(folder, "large.seg");
    struct gs_segment_params params = {.analysis_id = 7};
    struct gs_segment_writer *w;
    struct gs_segment *s;
    struct gs_record_reader *reader;
    struct gs_mark *marks = malloc(MARKS * sizeof(*marks));
    char *extra = malloc(EXTRA), id[32];
    memset(extra, 'x', EXTRA);
    for (uint32_t i = 0; i < MARKS; i++)
        marks[i] = (struct gs_mark){i * 100, i * 100 + 10 + i % 7, GS_MARK_FURNITURE};
    assert_ok_err(gs_segment_writer_create(&w, path, &params, &err), &err);
    for (uint32_t i = 0; i < COUNT; i++) {
        struct gs_doc doc = {
            .sequence = 1 + i, .length = i, .content_hash = i * UINT64_C(0x9E3779B97F4A7C15)};
        doc.record.id = (struct gs_str){id, (size_t)sprintf(id, "%u", i)};
        doc.record.content_size = 1u << 30;
        if (i == HUGE) {
            doc.record.extra = (struct gs_str){extra, EXTRA};
            doc.record.marks = marks;
            doc.record.mark_count = MARKS;
        }
        gs_segment_writer_add_doc(w, &doc);
    }
    assert_ok_err(gs_segment_writer_finish(w, &err), &err);
    assert_ok_err(gs_segment_open(&s, path, &err), &err);
    assert_ok(gs_record_reader_create(&reader));
    for (uint32_t i = 0; i<COUNT; i += i> HUGE - 5 && i < HUGE + 5 ? 1 : 11) {
        struct gs_record got;
        uint64_t hash = 0;
        assert_ok_err(gs_record_read(reader, s, i, &got, &err), &err);
        assert_int_equal(got.id.size, sprintf(id, "%u", i));
        assert_memory_equal(got.id.bytes, id, got.id.size);
        assert_int_equal(got.mark_count, i == HUGE ? MARKS : 0);
        assert_int_equal(got.extra.size, i == HUGE ? EXTRA : 0);
        assert_ok(gs_column_get(s, GS_COLUMN_CONTENT_HASH, i, &hash, NULL));
        assert_true(hash == i * UINT64_C(0x9E3779B97F4A7C15));
    }
    find_id(s, "99999", 99999);
    find_id(s, "70001", HUGE);
    gs_record_reader_free(reader);
    gs_segment_close(s);
    free(marks);
    free(extra);
    free(path);
    test_folder_remove(folder);
}

/* Calls that the contract does not allow are refused, not written. */
static void misuse(void **state)
{
    (void)state;
    static const struct gs_mark turned[] = {{9, 5, GS_MARK_JOIN}},
                                beyond[] = {{5, 99, GS_MARK_JOIN}};
    static const struct gs_mark overlap[] = {{0, 5, GS_MARK_JOIN}, {4, 9, GS_MARK_JOIN}};
    static const struct gs_page falling[] = {{5, 1, 0, 0}, {2, 2, 0, 0}}, label[] = {{0, 1, 0, 4}};
    static const struct gs_heading far[] = {{5, 99, 1}};
    const struct gs_record records[] = {
        {.content_size = 50, .marks = turned, .mark_count = 1},
        {.content_size = 50, .marks = beyond, .mark_count = 1},
        {.content_size = 50, .marks = overlap, .mark_count = 2},
        {.content_size = 50, .pages = falling, .page_count = 2},
        {.content_size = 50, .pages = label, .page_count = 1},
        {.content_size = 50, .headings = far, .heading_count = 1},
        {.content_size = 50, .title_size = 51},
    };
    for (size_t i = 0; i < GS_COUNT_OF(records); i++) {
        struct gs_buf row;
        enum gaosou_status status;
        gs_buf_init(&row, 1000);
        gs_record_encode(&row, &records[i], &status);
        assert_int_equal(status, GAOSOU_E_USE);
        gs_buf_release(&row);
    }
}

static void poke_everything(const struct gs_segment *s)
{
    struct gs_record_reader *reader;
    struct gs_record record;
    uint32_t doc;
    uint64_t problems = 0, v;
    assert_ok(gs_record_reader_create(&reader));
    for (uint32_t i = 0; i < s->container.stats.doc_count; i++) {
        (void)!gs_record_read(reader, s, i, &record, NULL);
        (void)!gs_column_get(s, GS_COLUMN_CONTENT_HASH, i, &v, NULL);
    }
    (void)!gs_segment_find_id(s, reader, "news/3.txt", 10, &doc, NULL);
    gs_record_reader_free(reader);
    (void)!gs_segment_check(s, NULL, NULL, &problems, NULL);
}

/* Every byte of the sections of filings changed, the page checksums believed: errors or answers, no
 * crash. */
static void hostile_bytes(void **state)
{
    (void)state;
    static const enum gs_section_id sections[] = {GS_SECTION_COLUMNS, GS_SECTION_RECORDS,
                                                  GS_SECTION_RECORD_INDEX, GS_SECTION_IDS};
    size_t size;
    uint8_t *bytes = segment_bytes(0, 12, &size);
    struct gs_segment *s;
    struct random_source r = {5};
    assert_ok(gs_segment_parse(&s, bytes, size, "a.seg", NULL));
    test_trust_pages(&s->container);
    for (size_t i = 0; i < GS_COUNT_OF(sections); i++) {
        const struct gs_section *section = &s->container.known[sections[i]];
        for (uint64_t at = 0; at < section->size; at += 1 + section->size / 3000) {
            uint8_t *p = bytes + section->offset + at, kept = *p;
            *p = (uint8_t)(random_once_in(&r, 2) ? kept ^ 1u << random_below(&r, 8)
                                                 : random_below(&r, 256));
            poke_everything(s);
            *p = kept;
        }
    }
    gs_segment_close(s);
    free(bytes);
}

/* Every byte flipped, checksums at work: an error, or exactly the right records. */
static void damaged_file(void **state)
{
    (void)state;
    size_t size;
    uint8_t *bytes = segment_bytes(20, 3, &size);
    for (size_t at = 0; at < size; at += at < 8192 ? 1 : 3) {
        struct gs_segment *s;
        struct gs_record_reader *reader;
        bytes[at] ^= 0x10;
        enum gaosou_status status = gs_segment_parse(&s, bytes, size, "a.seg", NULL);
        if (status == GAOSOU_OK) {
            assert_ok(gs_record_reader_create(&reader));
            for (uint32_t doc = 0; doc < 3; doc++) {
                struct gs_record got;
                struct filing *f = filing_make(20 + doc);
                status = gs_record_read(reader, s, doc, &got, NULL);
                if (status == GAOSOU_OK)
                    check_record(&got, &f->doc.record);
                else
                    assert_int_equal(status, GAOSOU_E_CORRUPT);
                free(f);
            }
            gs_record_reader_free(reader);
            gs_segment_close(s);
        }
        bytes[at] ^= 0x10;
    }
    for (size_t shorter = 0; shorter < size; shorter += 1 + size / 500) {
        struct gs_segment *s;
        assert_true(gs_segment_parse(&s, bytes, shorter, "a.seg", NULL) != GAOSOU_OK);
    }
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trips),   cmocka_unit_test(ids),
        cmocka_unit_test(large),         cmocka_unit_test(misuse),
        cmocka_unit_test(hostile_bytes), cmocka_unit_test(damaged_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
