/* Layout, structure and cutter on any bytes, as a filing with a title goes through them. */
#include "common/text/analysis.h"
#include "tests/support/random_fuzz.h"
#include "tests/support/random_text.h"

#include <stdlib.h>

static void check_found(const struct gs_analysis *a, size_t size)
{
    uint32_t end = 0;
    for (size_t i = 0; i < a->layout.mark_count; i++) {
        const struct gs_mark *m = &a->layout.marks[i];
        if (m->start < end || m->start >= m->end || m->end > size)
            abort();
        end = m->end;
    }
    for (size_t i = 0; i < a->structure.end_count; i++)
        if (a->structure.ends[i].offset > size ||
            (i > 0 && a->structure.ends[i].offset <= a->structure.ends[i - 1].offset))
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct gs_analysis a;
    struct gs_buf content;
    uint32_t title_size;
    size_t title = size ? bytes[0] % 32 : 0;
    title = title < size ? title : 0;
    gs_buf_init(&content, (size_t)1 << 28);
    gs_content_build(&content, bytes, title, bytes + title, size - title, &title_size);
    if (gs_buf_status(&content) == GAOSOU_OK && gs_analysis_init(&a, title % 2) == GAOSOU_OK) {
        if (gs_analysis_begin(&a, content.data, content.size, title_size, NULL) != GAOSOU_OK)
            abort();
        check_found(&a, content.size);
        while (a.offset < a.size)
            if (gs_analysis_chunk(&a, a.size) != GAOSOU_OK)
                abort();
        gs_analysis_release(&a);
    }
    gs_buf_release(&content);
    return 0;
}

static void make(struct random_source *r, struct gs_buf *out)
{
    random_pages(r, random_between(r, 1, 40), out);
}

RANDOM_FUZZ_MAIN("layout", make, 4000)
