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

void token_bag(const void *text, size_t size, struct gs_buf *out)
{
    const uint8_t *p = text;
    struct gs_cutter *c = gs_cutter_create(true);
    struct gs_cut_batch batch;
    assert_non_null(c);
    gs_buf_clear(out);
    gs_cut_batch_init(&batch);
    gs_cutter_begin(c, NULL, 0, NULL, 0);
    for (size_t at = 0, take; at < size; at += take) {
        take = size - at < GS_CUTTER_CHUNK ? size - at : GS_CUTTER_CHUNK;
        assert_ok(gs_cutter_feed(c, p + at, take, at + take == size, &batch));
        add_tokens(&batch, out);
    }
    gs_cut_batch_release(&batch);
    gs_cutter_free(c);
    assert_ok(gs_buf_status(out));
    if (out->size > 0)
        qsort(out->data, out->size / 8, 8, compare);
}

double token_bag_share(const struct gs_buf *a, const struct gs_buf *b)
{
    size_t n = a->size / 8, m = b->size / 8, i = 0, k = 0, both = 0;
    while (i < n && k < m) {
        uint64_t x = gs_load_u64(a->data + 8 * i), y = gs_load_u64(b->data + 8 * k);
        both += x == y;
        i += x <= y;
        k += y <= x;
    }
    size_t most = n > m ? n : m;
    return most ? (double)both / (double)most : 1;
}
