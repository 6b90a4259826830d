#include "tests/support/built_index.h"

#include "indexer/builder.h"
#include "indexer/commands.h"
#include "indexer/merge.h"
#include "tests/support/test.h"

size_t built_index_add(const char *folder, const struct built_filing *filings, size_t count,
                       const struct built_params *params)
{
    struct gs_index_writer *w;
    struct gs_builder *b;
    struct gs_err err;
    struct gs_builder_params p = {.threads = params->threads ? params->threads : 1,
                                  .memory = params->memory ? params->memory : GS_MEMORY_DEFAULT,
                                  .run_bytes = params->run_bytes,
                                  .with_text = !params->no_text};
    assert_ok_err(gs_index_writer_open(&w, folder, true, &err), &err);
    assert_ok_err(gs_builder_create(&b, w, &p, &err), &err);
    for (size_t i = 0; i < count; i++) {
        const struct built_filing *f = &filings[i];
        struct gs_filing filing = {.text = {f->text, f->size}, .source_size = f->size};
        filing.field[GS_FIELD_ID] = (struct gs_str){f->id, strlen(f->id)};
        if (f->title)
            filing.field[GS_FIELD_TITLE] = (struct gs_str){f->title, strlen(f->title)};
        assert_ok_err(gs_builder_add(b, &filing, &err), &err);
    }
    assert_ok_err(gs_builder_finish(b, &err), &err);
    assert_ok_err(gs_index_writer_commit(w, &err), &err);
    size_t segments = gs_index_writer_manifest(w)->segment_count;
    gs_builder_free(b);
    gs_index_writer_close(w);
    return segments;
}

bool built_index_delete(const char *folder, const char *id)
{
    struct gs_index_writer *w;
    struct gs_err err;
    bool found;
    assert_ok_err(gs_index_writer_open(&w, folder, false, &err), &err);
    assert_ok_err(gs_index_writer_delete(w, id, strlen(id), &found, &err), &err);
    if (found)
        assert_ok_err(gs_index_writer_commit(w, &err), &err);
    gs_index_writer_close(w);
    return found;
}

void built_index_merge(const char *folder)
{
    struct gs_index_writer *w;
    struct gs_merge_counts counts;
    struct gs_err err;
    assert_ok_err(gs_index_writer_open(&w, folder, false, &err), &err);
    assert_ok_err(gs_merge_all(w, &counts, &err), &err);
    if (gs_index_writer_is_changed(w))
        assert_ok_err(gs_index_writer_commit(w, &err), &err);
    gs_index_writer_close(w);
}

/* Runs a command of the program, its output in *out; the exit code. */
static int run_command(int (*command)(const struct gs_index_options *, struct gs_console *),
                       const struct gs_index_options *o, char **out, size_t *size)
{
    FILE *stream = open_memstream(out, size);
    assert_non_null(stream);
    struct gs_console c = {.out = stream, .err = stderr};
    int code = command(o, &c);
    fclose(stream);
    return code;
}

void built_index_dump(const char *folder, const char *doc_id, struct gs_buf *out)
{
    struct gs_index_options o = {.index = folder, .doc_id = doc_id};
    char *text = NULL;
    size_t size = 0;
    assert_int_equal(run_command(gs_command_dump, &o, &text, &size), GS_EXIT_OK);
    gs_buf_append(out, text, size);
    free(text);
}

void built_index_check(const char *folder)
{
    struct gs_index_options o = {.index = folder};
    char *text = NULL;
    size_t size = 0;
    if (run_command(gs_command_check, &o, &text, &size) != GS_EXIT_OK)
        test_fail("%s", text);
    free(text);
}
