/* The query parser on any bytes: the first one chooses the mode, the language, the place that the
 * query is put into, and whether what stands behind the first line is filters beside it. */
#include "query/query.h"
#include "tests/support/random_fuzz.h"
#include "tests/support/random_query.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const enum gs_query_mode modes[] = {GS_QUERY_SYNTAX, GS_QUERY_LITERAL, GS_QUERY_ANY,
                                               GS_QUERY_SYNTAX};
    static const enum gs_query_within within[] = {GS_WITHIN_FILING, GS_WITHIN_SENTENCE,
                                                  GS_WITHIN_PARAGRAPH, GS_WITHIN_FILING};
    struct gs_query *query = NULL;
    struct gs_err err = {.text = ""};
    if (size == 0)
        return 0;
    const char *text = (const char *)bytes + 1, *line = memchr(text, '\n', size - 1);
    struct gs_query_params params = {.mode = modes[bytes[0] & 3],
                                     .chinese = bytes[0] & 4,
                                     .within = within[bytes[0] >> 3 & 3],
                                     .fields = random_filterable,
                                     .field_count = random_filterable_count};
    size_t text_size = size - 1;
    if (line && bytes[0] & 32) {
        text_size = (size_t)(line - text);
        params.filters = line + 1;
        params.filters_size = size - 2 - text_size;
    }
    enum gaosou_status status = gs_query_parse(&query, text, text_size, &params, &err);
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
    if (random_once_in(r, 2)) {
        gs_buf_append_u8(out, '\n');
        random_filters(r, out);
    }
}

RANDOM_FUZZ_MAIN("query", make, 20000)
