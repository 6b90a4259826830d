/*
 * docx_styles.h: what the styles of a Word document say of the text: list numbers, hidden, a page
 * of its own. ECMA-376 part 1, 17.7. Immutable once read.
 */
#ifndef GS_INDEXER_DOCX_STYLES_H
#define GS_INDEXER_DOCX_STYLES_H

#include "common/base/buf.h"
#include "indexer/docx_xml.h"

#define GS_DOCX_UNSET UINT32_MAX

struct gs_docx_style {
    uint32_t id, based_on; /* offsets of NUL-ended names in `names`; based_on 0: nothing */
    uint32_t list, level;  /* numId and ilvl, or GS_DOCX_UNSET */
    bool hidden_set, hidden;
    bool page_break_set, page_break; /* before a paragraph of this style */
};

struct gs_docx_styles {
    struct gs_docx_style *items; /* sorted by name */
    size_t count, capacity;
    struct gs_buf names; /* byte 0 is no name */
    uint32_t paragraph;  /* the name of the default paragraph style; 0: none */
};

void gs_docx_styles_init(struct gs_docx_styles *s);
void gs_docx_styles_release(struct gs_docx_styles *s);

/* Reads styles.xml. */
GS_MUST_USE enum gaosou_status gs_docx_styles_read(struct gs_docx_styles *s, const uint8_t *bytes,
                                                   size_t size, struct gs_err *err);

/* What a style gives with all it is based on; `list_style` is the name of the one that the list
 * comes from. */
struct gs_docx_style_effect {
    uint32_t list, level; /* GS_DOCX_UNSET: none */
    const char *list_style;
    bool hidden, page_break;
};

/* Of the style with that id; name NULL: the default paragraph style. */
void gs_docx_style_effect(const struct gs_docx_styles *s, const char *name, size_t size,
                          struct gs_docx_style_effect *out);

#endif
