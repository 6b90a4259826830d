#include "benchmarks/contents.h"
#include "common/text/analysis.h"
#include "tests/support/corpus.h"

#include <stdlib.h>
#include <string.h>

#define CONTENTS_CAP ((size_t)3 << 30)

static enum gaosou_status add(struct contents *c, const struct corpus_doc *doc)
{
    if (c->count == c->capacity) {
        size_t capacity = c->capacity ? 2 * c->capacity : 1024;
        struct content *more = realloc(c->items, capacity * sizeof(*more));
        if (!more)
            return GAOSOU_E_NOMEM;
        c->items = more;
        c->capacity = capacity;
    }
    struct content *item = &c->items[c->count++];
    item->start = c->bytes.size;
    gs_content_build(&c->bytes, doc->title, doc->title_size, doc->text, doc->text_size,
                     &item->title_size);
    item->size = (uint32_t)(c->bytes.size - item->start);
    return gs_buf_status(&c->bytes);
}

enum gaosou_status contents_load(struct contents *c, const char *path, size_t limit,
                                 struct gs_err *err)
{
    gs_buf_init(&c->bytes, CONTENTS_CAP);
    struct corpus *file = corpus_open(path, err);
    if (!file)
        return err->status ? err->status : GAOSOU_E_IO;
    struct corpus_doc doc;
    enum gaosou_status st = GAOSOU_OK;
    int r = 1;
    while (!st && c->bytes.size < limit && (r = corpus_next(file, &doc, err)) > 0)
        st = add(c, &doc);
    corpus_close(file);
    if (r < 0)
        return err->status ? err->status : GAOSOU_E_IO;
    if (st)
        return gs_err_set(err, st, "%s: too large to be held in memory", path);
    return c->bytes.size ? GAOSOU_OK : gs_err_set(err, GAOSOU_E_USE, "%s: no filings in it", path);
}

void contents_release(struct contents *c)
{
    gs_buf_release(&c->bytes);
    free(c->items);
    memset(c, 0, sizeof(*c));
}
