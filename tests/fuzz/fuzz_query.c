/* The query parser on any bytes: the first one chooses the mode. */
#include "query/query.h"
#include "tests/support/random_query.h"
#include "tests/support/random_fuzz.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const enum gs_query_mode modes[] = {GS_QUERY_SYNTAX, GS_QUERY_LITERAL, GS_QUERY_ANY,
                                               GS_QUERY_SYNTAX};
    struct gs_query *query = NULL;
    struct gs_err err = {.text = ""};
    if (size == 0)
        return 0;
    enum gaosou_status status = gs_query_parse(
        &query, (const char *)bytes + 1, size - 1,
        &(struct gs_query_params){.mode = modes[bytes[0] & 3], .chinese = bytes[0] & 4}, &err);
    if (status != GAOSOU_OK && status != GAOSOU_E_QUERY && status != GAOSOU_E_LIMIT)
        abort();
    if (status != GAOSOU_OK && err.text[0] == '\0')
        abort();
    gs_query_free(query);
    return 0;
}

static void make(struct random_source *r, struct gs_buf *out)
{
    struct random_corpus corpus;
    gs_buf_append_u8(out, (uint8_t)random_next(r));
    random_corpus_init(&corpus, r);
    random_query(&corpus, r, GS_QUERY_SYNTAX, random_once_in(r, 2), (const uint8_t *)"净利润 a1",
                 12, out);
}

RANDOM_FUZZ_MAIN("query", make, 20000)
