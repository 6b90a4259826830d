#include "common/text/analysis.h"
#include "indexer/builder.h"
#include "indexer/commands.h"
#include "indexer/source.h"
#include "indexer/text_stream.h"

static void print_tokens(const struct gs_analysis *a, FILE *out)
{
    char name[GS_TERM_TEXT_CAP];
    for (size_t i = 0; i < a->batch.token_count; i++) {
        const struct gs_token *t = &a->batch.tokens[i];
        const struct gs_page *page =
            gs_layout_page_at(a->layout.pages, a->layout.page_count, t->start);
        fprintf(out, "%s\t%u\t%u\t%u\t", gs_term_text(&t->term, name), t->position, t->start,
                t->end);
        if (page && page->sheet > 0)
            fprintf(out, "%u\n", page->sheet);
        else
            fputs("-\n", out);
    }
}

static enum gaosou_status cut_text(const uint8_t *bytes, size_t size, FILE *out, struct gs_err *err)
{
    struct gs_analysis a;
    if (gs_analysis_init(&a, true) != GAOSOU_OK)
        return gs_err_nomem(err, sizeof(a));
    enum gaosou_status status = gs_analysis_begin(&a, bytes, size, 0, err);
    while (status == GAOSOU_OK && a.offset < size && !ferror(out)) {
        status = gs_analysis_chunk(&a, (uint32_t)size);
        if (status == GAOSOU_OK)
            print_tokens(&a, out);
        else
            (void)gs_err_nomem(err, size);
    }
    gs_analysis_release(&a);
    return status;
}

static enum gaosou_status read_all(const char *path, enum gs_packing packing, const char *encoding,
                                   struct gs_buf *out, uint64_t *replaced, struct gs_err *err)
{
    struct gs_text_stream stream;
    enum gaosou_status status = gs_text_stream_open(&stream, path, packing, encoding, err);
    if (status != GAOSOU_OK)
        return status;
    while (status == GAOSOU_OK && !stream.at_end)
        status = gs_text_stream_read(&stream, out, err);
    *replaced = stream.decoder.replaced;
    gs_text_stream_close(&stream);
    return status;
}

int gs_command_tokens(const struct gs_index_options *o, struct gs_console *c)
{
    const char *path = o->arg_count > 0 ? o->args[0] : "-";
    enum gs_packing packing;
    enum gs_source_kind kind;
    (void)gs_source_kind_of(path, &kind, &packing);
    uint64_t replaced = 0;
    struct gs_err err = {0};
    struct gs_buf raw, repaired;
    gs_buf_init(&raw, GS_FILING_MAX);
    gs_buf_init(&repaired, GS_FILING_MAX);
    enum gaosou_status status = read_all(path, packing, o->encoding, &raw, &replaced, &err);
    struct gs_buf *text = &raw;
    if (status == GAOSOU_OK && gs_utf8_valid(raw.data, raw.size) != raw.size) {
        replaced += gs_utf8_repair(raw.data, raw.size, &repaired);
        text = &repaired;
        if (gs_buf_status(text) != GAOSOU_OK)
            status = gs_err_nomem(&err, raw.size);
    }
    if (status == GAOSOU_OK) {
        /* Offsets are those of the text as it would be stored: without a byte order mark. */
        status = text->size > 0 ? cut_text(text->data, text->size, c->out, &err) : GAOSOU_OK;
    }
    if (status != GAOSOU_OK)
        gs_console_error(c, "%s", err.text);
    else if (replaced > 0)
        gs_console_warn(c,
                        GS_TR(c, "%s: %llu invalid byte sequences read as U+FFFD",
                              "%s：%llu 处无效字节按 U+FFFD 处理"),
                        path, (unsigned long long)replaced);
    gs_buf_release(&raw);
    gs_buf_release(&repaired);
    return status != GAOSOU_OK ? GS_EXIT_ERROR : replaced > 0 ? GS_EXIT_LOSSES : GS_EXIT_OK;
}
