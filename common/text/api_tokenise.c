#include "common/base/api_error.h"
#include "common/base/utf8_valid.h"
#include "common/text/analysis.h"

#include <string.h>

/* Gives the tokens of the last chunk; false where the caller wants no more. */
static bool give_tokens(const struct gs_analysis *a, gaosou_token_function *function, void *context)
{
    char name[GS_TERM_TEXT_CAP];
    for (size_t i = 0; i < a->batch.token_count; i++) {
        const struct gs_token *t = &a->batch.tokens[i];
        const struct gs_page *page =
            gs_layout_page_at(a->layout.pages, a->layout.page_count, t->start);
        const char *term = gs_term_text(&t->term, name);
        struct gaosou_token token = {.term = term,
                                     .term_size = strlen(term),
                                     .start = t->start,
                                     .end = t->end,
                                     .position = t->position,
                                     .page = page ? page->sheet : 0};
        if (function(context, &token) != 0)
            return false;
    }
    return true;
}

static enum gaosou_status tokenise(const uint8_t *bytes, size_t size,
                                   gaosou_token_function *function, void *context,
                                   struct gs_err *err)
{
    struct gs_analysis a;
    if (gs_analysis_init(&a, true) != GAOSOU_OK) {
        gs_analysis_release(&a);
        return gs_err_nomem(err, sizeof(a));
    }
    enum gaosou_status status = gs_analysis_begin(&a, bytes, size, 0, err);
    while (status == GAOSOU_OK && a.offset < size) {
        status = gs_analysis_chunk(&a, (uint32_t)size);
        if (status != GAOSOU_OK)
            (void)gs_err_nomem(err, size);
        else if (!give_tokens(&a, function, context))
            break;
    }
    gs_analysis_release(&a);
    return status;
}

enum gaosou_status gaosou_tokenise(const char *text, size_t size, gaosou_token_function *function,
                                   void *context, gaosou_error *error)
{
    GS_API_REQUIRE(error, function);
    GS_API_REQUIRE_BYTES(error, text, size);
    struct gs_err err = {0};
    const uint8_t *bytes = (const uint8_t *)text;
    if (size == 0)
        return GAOSOU_OK;
    if (size > GS_FILING_MAX)
        return gs_api_fail(error, GAOSOU_E_LIMIT, "a text of %zu bytes: at most %zu", size,
                           (size_t)GS_FILING_MAX);
    size_t valid = gs_utf8_valid(bytes, size);
    if (valid < size)
        return gs_api_fail(error, GAOSOU_E_ENCODING, "the text is no UTF-8 at byte %zu", valid);
    return gs_api_return(error, tokenise(bytes, size, function, context, &err), &err);
}
