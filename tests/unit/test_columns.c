/* common/segment/column, id hash: what goes in comes out, at the promised size; damage is an error.
 */
#include "common/segment/column.h"
#include "tests/support/random_source.h"
#include "tests/support/segment_bytes.h"
#include "tests/support/test.h"

#define SECTION GS_SECTION_COLUMNS

struct column { /* a container with one column, in memory */
    struct gs_column_builder builder;
    struct gs_buf plain;
    uint8_t *bytes;
    size_t size;
    struct gs_container c;
    struct gs_column_ref ref;
};

static void fill(struct gs_container_writer *w, void *ctx)
{
    struct column *k = ctx;
    struct gs_column_part parts[2] = {{.packed = &k->builder}, {.plain = &k->plain}};
    gs_column_set_write(w, SECTION, parts, 2);
}

static void column_make(struct column *k, const uint64_t *values, size_t count)
{
    struct gs_segment_stats stats = {0};
    struct gs_err err = {0};
    gs_column_builder_init(&k->builder);
    gs_buf_init(&k->plain, 1 << 24);
    for (size_t i = 0; i < count; i++) {
        gs_column_builder_add(&k->builder, values[i]);
        gs_buf_append_u32(&k->plain, (uint32_t)values[i]);
    }
    assert_ok(gs_column_builder_finish(&k->builder));
    k->bytes = test_container_bytes(fill, k, &stats, &k->size);
    assert_ok_err(gs_container_parse(&k->c, k->bytes, k->size, "c.seg", &err), &err);
    assert_ok_err(gs_column_open(&k->c, SECTION, 2, 0, &k->ref, &err), &err);
    assert_int_equal(k->ref.count, count);
}

static void column_free(struct column *k)
{
    gs_column_builder_release(&k->builder);
    gs_buf_release(&k->plain);
    gs_container_close(&k->c);
    free(k->bytes);
}

static void check_values(const struct column *k, const uint64_t *values, size_t count,
                         struct random_source *r)
{
    uint64_t *all = malloc((count + 1) * sizeof(*all)), v = 0;
    struct gs_err err = {0};
    assert_ok_err(gs_column_values(&k->c, &k->ref, 0, count, all, &err), &err);
    assert_memory_equal(all, values, count * sizeof(*all));
    for (size_t i = 0; i<count; i += count> 5000 ? 37 : 1) {
        assert_ok_err(gs_column_value(&k->c, &k->ref, i, &v, &err), &err);
        assert_true(v == values[i]);
    }
    for (int round = 0; round < 20 && count > 0; round++) {
        size_t first = random_below(r, (uint32_t)count);
        size_t n = random_below(r, (uint32_t)(count - first) + 1);
        assert_ok_err(gs_column_values(&k->c, &k->ref, first, n, all, &err), &err);
        assert_memory_equal(all, values + first, n * sizeof(*all));
    }
    assert_status(gs_column_value(&k->c, &k->ref, count, &v, NULL), GAOSOU_E_CORRUPT);
    assert_status(gs_column_values(&k->c, &k->ref, count, 1, all, NULL), GAOSOU_E_CORRUPT);
    assert_status(gs_column_values(&k->c, &k->ref, 0, count + 1, all, NULL), GAOSOU_E_CORRUPT);
    struct gs_column_ref plain;
    assert_ok_err(gs_column_open(&k->c, SECTION, 2, 1, &plain, &err), &err);
    for (size_t i = 0; i < count; i += 1 + count / 100) {
        assert_ok(gs_column_value(&k->c, &plain, i, &v, NULL));
        assert_int_equal(v, (uint32_t)values[i]);
    }
    free(all);
}

/* Kinds of columns; each makes the i-th value from the one before. */
static uint64_t value_of(unsigned kind, size_t i, uint64_t last, struct random_source *r)
{
    switch (kind) {
    case 0:
        return 0;
    case 1:
        return 1000000007 + i; /* sequence numbers */
    case 2:
        return last + random_below(r, 4000); /* offsets */
    case 3:
        return random_next(r); /* hashes */
    case 4:
        return last + random_next(r) % ((uint64_t)1 << 35); /* offsets of huge things */
    case 5:
        return i % 2 ? UINT64_MAX : 0;
    case 6:
        return UINT64_MAX - i; /* falling */
    case 7:
        return 20200000 + random_below(r, 50000);
    case 8:
        return last + (random_once_in(r, 300) ? (uint64_t)1 << 39 : 1);
    default:
        return random_next(r) >> (i / 128 % 64); /* every width */
    }
}
#define KINDS 10

static void round_trips(void **state)
{
    (void)state;
    static const size_t counts[] = {0, 1, 2, 127, 128, 129, 255, 256, 257, 1000, 9000, 100000};
    struct random_source r = {7};
    uint64_t *values = malloc(100000 * sizeof(*values));
    for (size_t c = 0; c < GS_COUNT_OF(counts); c++)
        for (unsigned kind = 0; kind < KINDS; kind++) {
            uint64_t last = 0;
            for (size_t i = 0; i < counts[c]; i++)
                values[i] = last = value_of(kind, i, last, &r);
            struct column k;
            column_make(&k, values, counts[c]);
            check_values(&k, values, counts[c], &r);
            column_free(&k);
        }
    free(values);
}

static void sizes(void **state)
{
    (void)state;
    struct gs_column_builder b;
    gs_column_builder_init(&b);
    for (size_t i = 0; i < 12800; i++)
        gs_column_builder_add(&b, 5 + 3 * i);
    assert_ok(gs_column_builder_finish(&b));
    assert_int_equal(b.data.size, 0); /* an even slope costs the directory alone */
    assert_int_equal(b.directory.size, 101 * 16);
    gs_column_builder_release(&b);
}

static void upper_bounds(void **state)
{
    (void)state;
    struct random_source r = {9};
    uint64_t values[700];
    values[0] = 3;
    for (size_t i = 1; i < GS_COUNT_OF(values); i++)
        values[i] = values[i - 1] + random_below(&r, 3);
    struct column k;
    column_make(&k, values, GS_COUNT_OF(values));
    for (uint64_t key = 0; key < values[699] + 3; key++) {
        uint64_t found = 0, wanted = 0;
        while (wanted < GS_COUNT_OF(values) && values[wanted] <= key)
            wanted++;
        assert_ok(gs_column_upper_bound(&k.c, &k.ref, 0, GS_COUNT_OF(values), key, &found, NULL));
        assert_int_equal(found, wanted);
    }
    column_free(&k);
}

static void nonzero_values(void **state)
{
    (void)state;
    struct random_source r = {13};
    static const uint32_t once_in[] = {1, 2, 50, 400, 5000, UINT32_MAX};
    for (size_t round = 0; round < 60; round++) {
        uint64_t values[1000] = {0};
        size_t count = random_below(&r, 1000) + 1;
        for (size_t i = 0; i < count; i++)
            values[i] = random_once_in(&r, once_in[round % 6]) ? random_below(&r, 3) : 0;
        struct column k;
        struct gs_column_ref plain;
        column_make(&k, values, count);
        assert_ok(gs_column_open(&k.c, SECTION, 2, 1, &plain, NULL));
        for (size_t from = 0; from <= count; from++) {
            uint64_t found = 0;
            size_t wanted = from;
            while (wanted < count && values[wanted] == 0)
                wanted++;
            assert_ok(gs_column_next_nonzero(&k.c, &k.ref, from, &found, NULL));
            assert_int_equal(found, wanted);
            assert_ok(gs_column_next_nonzero(&k.c, &plain, from, &found, NULL));
            assert_int_equal(found, wanted);
        }
        column_free(&k);
    }
}

static void poke_everything(struct column *k)
{
    uint64_t v, some[64];
    for (uint32_t index = 0; index < 2; index++) {
        struct gs_column_ref ref;
        if (gs_column_open(&k->c, SECTION, 2, index, &ref, NULL) != GAOSOU_OK)
            continue;
        for (uint32_t i = 0; i < 400; i += 7) {
            (void)!gs_column_value(&k->c, &ref, i, &v, NULL);
            (void)!gs_column_values(&k->c, &ref, i, 64, some, NULL);
        }
        (void)!gs_column_upper_bound(&k->c, &ref, 0, ref.count, 12345, &v, NULL);
        if (ref.count < 100000)
            (void)!gs_column_next_nonzero(&k->c, &ref, 0, &v, NULL);
    }
}

/* Every bit of the section flipped, the page checksums believed: an answer or an error, no crash.
 */
static void hostile_bytes(void **state)
{
    (void)state;
    struct random_source r = {11};
    uint64_t values[300];
    for (size_t i = 0; i < GS_COUNT_OF(values); i++)
        values[i] = value_of(i < 150 ? 2 : 3, i, i ? values[i - 1] : 0, &r);
    struct column k;
    column_make(&k, values, GS_COUNT_OF(values));
    test_trust_pages(&k.c);
    const struct gs_section *s = &k.c.known[SECTION];
    for (uint64_t at = 0; at < s->size; at++)
        for (unsigned bit = 0; bit < 8; bit++) {
            k.bytes[s->offset + at] ^= (uint8_t)(1u << bit);
            poke_everything(&k);
            k.bytes[s->offset + at] ^= (uint8_t)(1u << bit);
        }
    uint64_t whole = s->size;
    for (uint64_t size = 0; size < whole; size++) {
        k.c.known[SECTION].size = size; /* as if the section ended here */
        struct gs_column_ref ref;
        if (size < whole - 16)
            assert_status(gs_column_open(&k.c, SECTION, 2, 1, &ref, NULL), GAOSOU_E_CORRUPT);
        poke_everything(&k);
    }
    column_free(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trips),   cmocka_unit_test(sizes),
        cmocka_unit_test(upper_bounds),  cmocka_unit_test(nonzero_values),
        cmocka_unit_test(hostile_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
