/* The cutter on any bytes: the first one chooses mode and chunk size. Spans lie inside the text, in
 * order. */
#include "common/text/cutter.h"
#include "tests/support/random_fuzz.h"
#include "tests/support/random_text.h"

#include <stdlib.h>

static void check_batch(const struct gs_cut_batch *b, size_t size, uint32_t *position)
{
    for (size_t i = 0; i < b->token_count; i++) {
        const struct gs_token *t = &b->tokens[i];
        if (t->start >= t->end || t->end > size || t->position < *position)
            abort();
        *position = t->position;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size == 0)
        return 0;
    bool spans = bytes[0] & 1;
    size_t chunk = (size_t)1 + (bytes[0] >> 1), text_size = size - 1;
    uint32_t position = 0;
    struct gs_cut_batch batch;
    struct gs_cutter *cutter = gs_cutter_create(spans);
    if (!cutter)
        return 0;
    gs_cut_batch_init(&batch);
    gs_cutter_begin(cutter, NULL, 0, NULL, 0);
    for (size_t at = 0, last = 0; !last; at += chunk) {
        last = text_size - at <= chunk;
        if (gs_cutter_feed(cutter, bytes + 1 + at, last ? text_size - at : chunk, last, &batch) !=
            GAOSOU_OK)
            abort();
        check_batch(&batch, text_size, &position);
    }
    gs_cut_batch_release(&batch);
    gs_cutter_free(cutter);
    return 0;
}

static void make(struct random_source *r, struct gs_buf *out)
{
    gs_buf_append_u8(out, (uint8_t)random_next(r));
    random_soup(r, random_between(r, 0, 60), random_once_in(r, 2), out);
}

RANDOM_FUZZ_MAIN("cutter", make, 20000)
