/* common/segment/text_*: the text code, packed blocks, cuts, packs, reading and resuming. */
#include "common/base/checksum.h"
#include "common/segment/packed_block.h"
#include "common/segment/text_code.h"
#include "common/segment/text_store.h"
#include "tests/support/random_source.h"
#include "tests/support/segment_bytes.h"
#include "tests/support/test.h"

/* ---- the text code ---- */

static size_t put_utf8(uint8_t *p, uint32_t cp)
{
    if (cp < 0x80) {
        p[0] = (uint8_t)cp;
        return 1;
    }
    if (cp < 0x800) {
        p[0] = (uint8_t)(0xC0 | cp >> 6);
        p[1] = (uint8_t)(0x80 | (cp & 0x3F));
        return 2;
    }
    size_t n = cp < 0x10000 ? 3 : 4;
    p[0] = (uint8_t)((n == 3 ? 0xE0 : 0xF0) | cp >> 6 * (n - 1));
    for (size_t i = 1; i < n; i++)
        p[i] = (uint8_t)(0x80 | (cp >> 6 * (n - 1 - i) & 0x3F));
    return n;
}

static struct gs_text_code *code; /* one for all tests */

static void code_table_is_sound(void **state)
{
    (void)state;
    uint8_t *seen = calloc(1, 65536);
    uint32_t singles = 0;
    for (uint32_t i = 0; i < GS_TEXT_CODE_COUNT; i++) {
        uint32_t c = gs_text_code_characters[i];
        assert_true(c >= 0x80 && !(c >= 0xD800 && c < 0xE000));
        assert_false(seen[c]);
        seen[c] = 1;
        singles += (code->code[c] & 0xFF) < GS_TEXT_CODE_LEAD;
    }
    assert_int_equal(singles, GS_TEXT_CODE_SINGLES);
    /* The table is part of the format: it may never change. */
    assert_int_equal(gs_text_code_characters[0], 0xFF0C);
    uint8_t bytes[GS_TEXT_CODE_COUNT * 2];
    for (uint32_t i = 0; i < GS_TEXT_CODE_COUNT; i++)
        gs_store_u16(bytes + 2 * i, gs_text_code_characters[i]);
    assert_true(gs_hash64(bytes, sizeof(bytes)) == UINT64_C(0xAADC5B18558CF86E));
    free(seen);
}

/* Every character there is, in a text that is worth coding. */
static void code_knows_every_character(void **state)
{
    (void)state;
    uint8_t text[160 + 8], coded[160 + 8], back[160 + 8];
    for (uint32_t cp = 0; cp < 0x110000; cp += cp < 0x11000 ? 1 : 251) {
        if (cp >= 0xD800 && cp < 0xE000)
            continue;
        size_t size = 0;
        for (int i = 0; i < 8; i++) {
            size += put_utf8(text + size, 0x80 + 0x4E00);
            size += put_utf8(text + size, i % 2 ? cp : 0x6709);
        }
        memset(text + size, 0xE4, 8); /* behind the end: must decide nothing */
        size_t n = gs_text_code_encode(code, text, size, coded);
        assert_true(n > 0 && n < size);
        memset(coded + n, 0xE4, 8);
        assert_true(gs_text_code_decode(coded, n, back, size));
        assert_memory_equal(text, back, size);
        assert_false(gs_text_code_decode(coded, n, back, size - 1));
        assert_false(gs_text_code_decode(coded, n - 1, back, size));
    }
}

static void code_refuses_what_is_not_utf8(void **state)
{
    (void)state;
    static const char *const bad[] = {"\x80",
                                      "\xC0\x80",
                                      "\xC1\xBF",
                                      "\xE0\x80\x80",
                                      "\xED\xA0\x80",
                                      "\xF0\x80\x80\x80",
                                      "\xF4\x90\x80\x80",
                                      "\xF5\x80\x80\x80",
                                      "\xE4\xB8",
                                      "\xFF",
                                      "\xE4\xB8\x41",
                                      "\xC2"};
    for (size_t i = 0; i < GS_COUNT_OF(bad); i++) {
        uint8_t text[160] = "", out[160];
        size_t size = 0;
        for (int k = 0; k < 30; k++)
            size += put_utf8(text + size, 0x4E00);
        size_t n = strlen(bad[i]);
        memcpy(text + size, bad[i], n);
        assert_int_equal(gs_text_code_encode(code, text, size + n, out), 0);
    }
}

/* ---- packed blocks ---- */

static const char *const words[] = {"净利润", "增长",   "，",   "。",       "公司",     "2023年",
                                    "\n",     "RK3588", "證券", "1,234.56", "募集资金", "𠮷",
                                    " ",      "本報告", "、",   "、\n"};

static size_t make_text(uint8_t *out, size_t size, struct random_source *r)
{
    size_t n = 0;
    for (;;) {
        const char *w = words[random_below(r, GS_COUNT_OF(words))];
        size_t k = strlen(w);
        if (n + k > size)
            return n;
        memcpy(out + n, w, k);
        n += k;
    }
}

static void check_block(struct gs_packer *p, struct gs_unpacker *u, const uint8_t *raw, size_t size)
{
    struct gs_buf packed;
    gs_buf_init(&packed, 1 << 24);
    assert_ok(gs_packer_pack(p, raw, size, &packed));
    assert_true(packed.size <= size + 1);
    uint8_t *back = malloc(size + GS_UNPACK_SLACK + 1);
    assert_ok(gs_unpacker_unpack(u, packed.data, packed.size, back, size));
    assert_true(size == 0 || memcmp(raw, back, size) == 0);
    assert_status(gs_unpacker_unpack(u, packed.data, packed.size, back, size + 1),
                  GAOSOU_E_CORRUPT);
    if (size > 0)
        assert_status(gs_unpacker_unpack(u, packed.data, packed.size, back, size - 1),
                      GAOSOU_E_CORRUPT);
    for (size_t n = 0; n < packed.size && n < 300; n++) /* truncated: error, or the whole by luck */
        if (gs_unpacker_unpack(u, packed.data, n, back, size) == GAOSOU_OK)
            assert_memory_equal(raw, back, size);
    packed.data[0] |= GS_PACKED_DICTIONARY;
    assert_status(gs_unpacker_unpack(u, packed.data, packed.size, back, size), GAOSOU_E_TOO_NEW);
    free(back);
    gs_buf_release(&packed);
}

static void packed_blocks(void **state)
{
    (void)state;
    struct random_source r = {3};
    struct gs_packer *p;
    struct gs_unpacker *u;
    assert_ok(gs_packer_create(&p, 0));
    assert_ok(gs_unpacker_create(&u));
    uint8_t *raw = malloc(40000);
    static const size_t sizes[] = {0, 1, 2, 3, 10, 100, 1000, 8192, 40000};
    for (size_t i = 0; i < GS_COUNT_OF(sizes); i++) {
        check_block(p, u, raw, make_text(raw, sizes[i], &r));
        for (size_t k = 0; k < sizes[i]; k++)
            raw[k] = (uint8_t)random_next(&r); /* neither text nor compressible */
        check_block(p, u, raw, sizes[i]);
        memset(raw, 'a', sizes[i]);
        check_block(p, u, raw, sizes[i]);
    }
    free(raw);
    gs_packer_free(p);
    gs_unpacker_free(u);
}

/* Random damage never writes past the room or crashes. */
static void hostile_blocks(void **state)
{
    (void)state;
    struct random_source r = {4};
    struct gs_packer *p;
    struct gs_unpacker *u;
    struct gs_buf packed;
    uint8_t *raw = malloc(8192);
    assert_ok(gs_packer_create(&p, 0));
    assert_ok(gs_unpacker_create(&u));
    gs_buf_init(&packed, 1 << 20);
    size_t size = make_text(raw, 3000, &r);
    assert_ok(gs_packer_pack(p, raw, size, &packed));
    uint8_t *bytes = malloc(packed.size), *back = malloc(size + GS_UNPACK_SLACK);
    for (int round = 0; round < 30000; round++) {
        memcpy(bytes, packed.data, packed.size);
        for (uint32_t n = random_between(&r, 1, 4); n > 0; n--)
            bytes[random_below(&r, (uint32_t)packed.size)] = (uint8_t)random_next(&r);
        if (random_once_in(&r, 4))
            bytes[0] = (uint8_t)random_below(&r, 4);
        (void)!gs_unpacker_unpack(u, bytes, packed.size, back, size);
    }
    free(bytes);
    free(back);
    free(raw);
    gs_buf_release(&packed);
    gs_packer_free(p);
    gs_unpacker_free(u);
}

/* ---- cuts ---- */

static void cuts_are_sound(void **state)
{
    (void)state;
    struct random_source r = {5};
    struct gs_text_cut *cuts = NULL;
    size_t capacity = 0, count = 99;
    uint8_t *text = malloc(200000);
    for (int round = 0; round < 200; round++) {
        uint32_t size = (uint32_t)make_text(text, random_below(&r, 100000), &r);
        bool garbage = round % 10 == 9;
        if (garbage)
            memset(text, 0x80 + round % 64, size);
        assert_ok(gs_text_cuts(text, size, &cuts, &count, &capacity));
        assert_true(size > GS_TEXT_BLOCK || count == 0);
        uint32_t last = 0;
        for (size_t i = 0; i < count; i++) {
            assert_true(cuts[i].offset > last && cuts[i].offset - last <= GS_TEXT_BLOCK);
            assert_true(cuts[i].offset - last >= GS_TEXT_BLOCK - GS_TEXT_CUT_TAIL);
            if (!garbage) {
                assert_true((text[cuts[i].offset] & 0xC0) != 0x80);
                assert_int_equal(text[cuts[i].offset - 1], '\n'); /* there are plenty */
            }
            last = cuts[i].offset;
        }
        assert_true(size - last <= GS_TEXT_BLOCK);
    }
    /* No line end: behind 。 Neither: at a character. */
    for (size_t i = 0; i < 30000; i += 3)
        memcpy(text + i, "利", 3);
    assert_ok(gs_text_cuts(text, 30000, &cuts, &count, &capacity));
    assert_int_equal(cuts[0].offset, 8190);
    memcpy(text + 7500, "。", 3);
    assert_ok(gs_text_cuts(text, 30000, &cuts, &count, &capacity));
    assert_int_equal(cuts[0].offset, 7503);
    free(text);
    free(cuts);
}

/* ---- segments with text ---- */

struct heap { /* contents of all filings, and their cuts' states made up from the offset */
    uint8_t *bytes;
    uint32_t *sizes;
    size_t *starts;
    uint32_t count;
};

static uint32_t size_of(struct random_source *r)
{
    switch (random_below(r, 8)) {
    case 0:
        return random_below(r, 60000);
    case 1:
        return random_below(r, 3);
    case 2:
        return GS_TEXT_BLOCK - 40 + random_below(r, 80);
    default:
        return random_below(r, 3000);
    }
}

static void heap_make(struct heap *h, uint32_t count, uint64_t seed)
{
    struct random_source r = {seed};
    size_t at = 0;
    h->count = count;
    h->bytes = malloc((size_t)count * 60000 + 16);
    h->sizes = calloc(count + 1, sizeof(*h->sizes));
    h->starts = calloc(count + 1, sizeof(*h->starts));
    for (uint32_t i = 0; i < count; i++) {
        h->starts[i] = at;
        h->sizes[i] = (uint32_t)make_text(h->bytes + at, size_of(&r), &r);
        at += h->sizes[i];
    }
}

static void heap_free(struct heap *h)
{
    free(h->bytes);
    free(h->sizes);
    free(h->starts);
}

/* Positions are a third of the offsets; one cut in four cannot be resumed. */
static void fill_cuts(struct gs_text_cut *cuts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t offset = cuts[i].offset;
        cuts[i].position = offset / 3;
        cuts[i].resumable = offset % 4 != 0;
        cuts[i].state = (struct gs_cutter_state){offset / 3, offset * 17, (uint8_t)(offset % 5),
                                                 (uint8_t)(offset % 7)};
    }
}

static uint8_t *heap_segment(const struct heap *h, size_t docs_a_pack, size_t *size)
{
    struct gs_err err = {0};
    struct gs_text_cut *cuts = NULL;
    size_t cut_count, cut_capacity = 0;
    char *folder = test_folder_create(), *path = test_path(folder, "t.seg");
    struct gs_segment_params params = {.analysis_id = 7, .with_text = true};
    struct gs_segment_writer *w;
    struct gs_text_pack *pack;
    assert_ok_err(gs_segment_writer_create(&w, path, &params, &err), &err);
    assert_ok(gs_text_pack_create(&pack, 0));
    for (uint32_t i = 0; i < h->count; i++) {
        char id[16];
        struct gs_doc doc = {.sequence = i + 1, .record.content_size = h->sizes[i]};
        doc.record.id = (struct gs_str){id, (size_t)sprintf(id, "%u", i)};
        gs_segment_writer_add_doc(w, &doc);
        const uint8_t *content = h->bytes + h->starts[i];
        assert_ok(gs_text_cuts(content, h->sizes[i], &cuts, &cut_count, &cut_capacity));
        fill_cuts(cuts, cut_count);
        gs_text_pack_add(pack, content, h->sizes[i], cuts, cut_count);
        if ((i + 1) % docs_a_pack == 0 || i + 1 == h->count) {
            assert_ok_err(gs_text_pack_finish(pack, &err), &err);
            gs_segment_writer_append_text(w, pack);
            gs_text_pack_clear(pack);
        }
    }
    assert_ok_err(gs_segment_writer_finish(w, &err), &err);
    uint8_t *bytes = test_file_bytes(path, size);
    gs_text_pack_free(pack);
    free(cuts);
    free(path);
    test_folder_remove(folder);
    return bytes;
}

static void check_ranges(const struct gs_segment *s, const struct heap *h, struct random_source *r)
{
    struct gs_text_reader *reader;
    struct gs_buf out;
    struct gs_err err = {0};
    assert_ok(gs_text_reader_create(&reader));
    gs_buf_init(&out, 1 << 20);
    for (uint32_t round = 0; round < 4 * h->count; round++) {
        uint32_t doc = round < h->count ? round : random_below(r, h->count);
        uint32_t from = 0, to = h->sizes[doc];
        if (round >= h->count) {
            from = random_below(r, to + 1);
            to = from + random_below(r, to - from + 1);
        }
        gs_buf_clear(&out);
        assert_ok_err(gs_text_read(reader, s, doc, from, to, &out, &err), &err);
        assert_int_equal(out.size, to - from);
        assert_true(to == from ||
                    memcmp(out.data, h->bytes + h->starts[doc] + from, to - from) == 0);
        assert_status(gs_text_read(reader, s, doc, 0, h->sizes[doc] + 1, &out, NULL), GAOSOU_E_USE);
    }
    assert_status(gs_text_read(reader, s, h->count, 0, 0, &out, NULL), GAOSOU_E_USE);
    gs_buf_release(&out);
    gs_text_reader_free(reader);
}

static void check_resume(const struct gs_segment *s, const struct heap *h)
{
    struct gs_text_cut *cuts = NULL;
    size_t count, capacity = 0;
    for (uint32_t doc = 0; doc < h->count; doc++) {
        assert_ok(gs_text_cuts(h->bytes + h->starts[doc], h->sizes[doc], &cuts, &count, &capacity));
        fill_cuts(cuts, count);
        for (uint32_t position = 0; position <= h->sizes[doc] / 3 + 1;
             position += 1 + h->sizes[doc] / 100) {
            struct gs_text_cut zero = {.resumable = true}, *wanted = &zero;
            for (size_t i = 0; i < count; i++)
                if (cuts[i].resumable && cuts[i].position <= position)
                    wanted = &cuts[i];
            uint32_t offset = 1;
            struct gs_cutter_state state;
            struct gs_err err = {0};
            assert_ok_err(gs_text_resume_point(s, doc, position, &offset, &state, &err), &err);
            assert_int_equal(offset, wanted->offset);
            assert_int_equal(state.position, wanted->state.position);
            assert_int_equal(state.last_char, wanted->state.last_char);
            assert_int_equal(state.last_kind, wanted->state.last_kind);
            assert_int_equal(state.flags, wanted->state.flags);
        }
    }
    free(cuts);
}

static void segments(void **state)
{
    (void)state;
    static const struct {
        uint32_t docs;
        size_t docs_a_pack;
    } shapes[] = {{1, 1}, {2, 1}, {40, 7}, {300, 300}, {300, 1}};
    struct random_source r = {6};
    for (size_t i = 0; i < GS_COUNT_OF(shapes); i++) {
        struct heap h;
        size_t size, again_size;
        struct gs_segment *s;
        struct gs_err err = {0};
        uint64_t problems = 0;
        heap_make(&h, shapes[i].docs, 100 + i);
        uint8_t *bytes = heap_segment(&h, shapes[i].docs_a_pack, &size);
        uint8_t *again = heap_segment(&h, shapes[i].docs_a_pack, &again_size);
        assert_int_equal(size, again_size);
        assert_memory_equal(bytes, again, size);
        assert_ok_err(gs_segment_parse(&s, bytes, size, "t.seg", &err), &err);
        check_ranges(s, &h, &r);
        check_resume(s, &h);
        assert_ok_err(gs_segment_check(s, NULL, NULL, &problems, &err), &err);
        assert_int_equal(problems, 0);
        gs_segment_close(s);
        free(bytes);
        free(again);
        heap_free(&h);
    }
}

static void without_text(void **state)
{
    (void)state;
    struct gs_err err = {0};
    char *folder = test_folder_create(), *path = test_path(folder, "n.seg");
    struct gs_segment_params params = {.with_text = false};
    struct gs_segment_writer *w;
    struct gs_segment *s;
    struct gs_text_reader *reader;
    struct gs_buf out;
    struct gs_doc doc = {.sequence = 1, .record.content_size = 9};
    assert_ok(gs_segment_writer_create(&w, path, &params, &err));
    gs_segment_writer_add_doc(w, &doc);
    assert_ok_err(gs_segment_writer_finish(w, &err), &err);
    assert_ok_err(gs_segment_open(&s, path, &err), &err);
    assert_ok(gs_text_reader_create(&reader));
    gs_buf_init(&out, 100);
    assert_status(gs_text_read(reader, s, 0, 0, 9, &out, NULL), GAOSOU_E_NOT_FOUND);
    gs_text_reader_free(reader);
    gs_segment_close(s);
    free(path);
    test_folder_remove(folder);
}

/* A filing that got no text, or text that no filing has: the segment is not written. */
static void text_must_match_filings(void **state)
{
    (void)state;
    char *folder = test_folder_create(), *path = test_path(folder, "n.seg");
    for (int texts = 0; texts < 4; texts++) {
        struct gs_segment_params params = {.with_text = true};
        struct gs_segment_writer *w;
        struct gs_text_pack *pack;
        struct gs_doc doc = {.sequence = 1, .record.content_size = 5};
        assert_ok(gs_segment_writer_create(&w, path, &params, NULL));
        assert_ok(gs_text_pack_create(&pack, 0));
        gs_segment_writer_add_doc(w, &doc);
        for (int i = 0; i < texts; i++) /* 3: one text of a wrong size */
            if (texts < 3 || i == 0)
                gs_text_pack_add(pack, (const uint8_t *)"12345", texts == 3 ? 4 : 5, NULL, 0);
        assert_ok(gs_text_pack_finish(pack, NULL));
        gs_segment_writer_append_text(w, pack);
        assert_status(gs_segment_writer_finish(w, NULL), texts == 1 ? GAOSOU_OK : GAOSOU_E_USE);
        gs_text_pack_free(pack);
    }
    free(path);
    test_folder_remove(folder);
}

static void poke_everything(const struct gs_segment *s)
{
    struct gs_text_reader *reader;
    struct gs_cutter_state state;
    struct gs_buf out;
    uint32_t offset;
    uint64_t problems = 0;
    assert_ok(gs_text_reader_create(&reader));
    gs_buf_init(&out, 1 << 20);
    for (uint32_t doc = 0; doc < s->container.stats.doc_count; doc++) {
        (void)!gs_text_read(reader, s, doc, 0, 1, &out, NULL);
        (void)!gs_text_read(reader, s, doc, 10, 9000, &out, NULL);
        (void)!gs_text_resume_point(s, doc, 5000, &offset, &state, NULL);
    }
    gs_buf_release(&out);
    gs_text_reader_free(reader);
    (void)!gs_segment_check(s, NULL, NULL, &problems, NULL);
}

static void hostile_sections(void **state)
{
    (void)state;
    static const enum gs_section_id sections[] = {GS_SECTION_TEXT_DOCS, GS_SECTION_TEXT_BLOCKS,
                                                  GS_SECTION_TEXT};
    struct random_source r = {8};
    struct heap h;
    struct gs_segment *s;
    size_t size;
    heap_make(&h, 5, 42);
    uint8_t *bytes = heap_segment(&h, 2, &size);
    assert_ok(gs_segment_parse(&s, bytes, size, "t.seg", NULL));
    test_trust_pages(&s->container);
    for (size_t i = 0; i < GS_COUNT_OF(sections); i++) {
        const struct gs_section *section = &s->container.known[sections[i]];
        for (uint64_t at = 0; at < section->size; at += 1 + section->size / 400) {
            uint8_t *p = bytes + section->offset + at, kept = *p;
            *p = (uint8_t)(random_once_in(&r, 2) ? kept ^ 1u << random_below(&r, 8)
                                                 : random_below(&r, 256));
            poke_everything(s);
            *p = kept;
        }
    }
    gs_segment_close(s);
    free(bytes);
    heap_free(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(code_table_is_sound),
        cmocka_unit_test(code_knows_every_character),
        cmocka_unit_test(code_refuses_what_is_not_utf8),
        cmocka_unit_test(packed_blocks),
        cmocka_unit_test(hostile_blocks),
        cmocka_unit_test(cuts_are_sound),
        cmocka_unit_test(segments),
        cmocka_unit_test(without_text),
        cmocka_unit_test(text_must_match_filings),
        cmocka_unit_test(hostile_sections),
    };
    code = malloc(sizeof(*code));
    if (!code)
        return 1;
    gs_text_code_init(code);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    free(code);
    return failed;
}
