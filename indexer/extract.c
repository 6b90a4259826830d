#include "indexer/extract.h"

#define TITLE_MAX     ((size_t)64 << 10) /* bytes */
#define FURNITURE_MAX ((size_t)1 << 20)

void gs_extracted_init(struct gs_extracted *x, size_t text_max)
{
    *x = (struct gs_extracted){0};
    gs_buf_init(&x->text, text_max);
    gs_buf_init(&x->title, TITLE_MAX);
    gs_buf_init(&x->furniture, FURNITURE_MAX);
}

void gs_extracted_clear(struct gs_extracted *x)
{
    gs_buf_clear(&x->text);
    gs_buf_clear(&x->title);
    gs_buf_clear(&x->furniture);
    x->encoding = NULL;
    x->replaced = 0;
    x->pages = 0;
    x->pages_without_text = 0;
    x->damaged = false;
    x->state = GS_TEXT_READ;
    x->encoding_by = GS_ENCODING_BY_NOTHING;
}

void gs_extracted_release(struct gs_extracted *x)
{
    gs_buf_release(&x->text);
    gs_buf_release(&x->title);
    gs_buf_release(&x->furniture);
}
