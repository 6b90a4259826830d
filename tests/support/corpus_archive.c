#include "indexer/archive.h"
#include "tests/support/corpus.h"
#include "tests/support/test.h"

void corpus_needed(void)
{
    if (corpus_root())
        return;
    print_message("the corpora are not here: skipped\n");
    skip();
}

void corpus_each_file(const char *name, size_t file_max,
                      void (*file)(void *ctx, const char *name, const struct gs_buf *bytes),
                      void *ctx)
{
    struct gs_archive *a;
    struct gs_member m;
    struct gs_buf bytes;
    struct gs_err err = {0};
    bool at_end = false;
    char *path = test_path(corpus_root(), "%s", name);
    gs_buf_init(&bytes, file_max);
    assert_ok_err(gs_archive_open(&a, path, GS_ARCHIVE_TAR, NULL, &err), &err);
    for (;;) {
        assert_ok_err(gs_archive_next(a, &m, &at_end, &err), &err);
        if (at_end)
            break;
        if (m.kind != GS_MEMBER_FILE)
            continue;
        gs_buf_clear(&bytes);
        assert_ok_err(gs_archive_read(a, &bytes, &err), &err);
        file(ctx, m.name, &bytes);
    }
    gs_archive_close(a);
    gs_buf_release(&bytes);
    free(path);
}
