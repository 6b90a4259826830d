#include "tests/support/token_bag.h"

#include "common/text/cutter.h"
#include "tests/support/test.h"

static int compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static void add_tokens(const struct gs_cut_batch *batch, struct gs_buf *out)
{
    for (size_t i = 0; i < batch->token_count; i++) {
        const struct gs_term *t = &batch->tokens[i].term;
        uint64_t hash = (uint64_t)t->first << 32 | t->second;
        for (size_t k = 0; t->is_word && k < t->size; k++)
            hash = (hash ^ t->bytes[k]) * 0x100000001B3u;
        gs_buf_append_u64(out, hash);
    }
}

/* The whole of it as one text, or each line by itself. */
static void take(const uint8_t *p, size_t size, bool by_line, struct gs_buf *out)
{
    struct gs_cutter *c = gs_cutter_create(true);
    struct gs_cut_batch batch;
    assert_non_null(c);
    gs_buf_clear(out);
    gs_cut_batch_init(&batch);
    for (size_t at = 0, step; at < size; at += step) {
        const uint8_t *line_end = by_line ? memchr(p + at, '\n', size - at) : NULL;
        step = line_end ? (size_t)(line_end - p) + 1 - at : size - at;
        if (!by_line && step > GS_CUTTER_CHUNK)
            step = GS_CUTTER_CHUNK;
        if (by_line || at == 0)
            gs_cutter_begin(c, NULL, 0, NULL, 0);
        assert_ok(gs_cutter_feed(c, p + at, step, by_line || at + step == size, &batch));
        add_tokens(&batch, out);
    }
    gs_cut_batch_release(&batch);
    gs_cutter_free(c);
    assert_ok(gs_buf_status(out));
    if (out->size > 0)
        qsort(out->data, out->size / 8, 8, compare);
}

void token_bag(const void *text, size_t size, struct gs_buf *out)
{
    take(text, size, false, out);
}

void token_bag_of_lines(const void *text, size_t size, struct gs_buf *out)
{
    take(text, size, true, out);
}

size_t token_bag_missing(const struct gs_buf *a, const struct gs_buf *b)
{
    size_t n = a->size / 8, m = b->size / 8, i = 0, k = 0, both = 0;
    while (i < n && k < m) {
        uint64_t x = gs_load_u64(a->data + 8 * i), y = gs_load_u64(b->data + 8 * k);
        both += x == y;
        i += x <= y;
        k += y <= x;
    }
    return (n > m ? n : m) - both;
}

double token_bag_share(const struct gs_buf *a, const struct gs_buf *b)
{
    size_t most = (a->size > b->size ? a->size : b->size) / 8;
    return most ? 1 - (double)token_bag_missing(a, b) / (double)most : 1;
}
