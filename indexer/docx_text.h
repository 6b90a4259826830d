/*
 * docx_text.h: the text of one part of a Word document (its body, its notes, a header), by the
 * events of its XML. ECMA-376 part 1, 17; transitional and strict, whatever the prefixes.
 *
 * Taken: text as the document shows it with all changes accepted: inserted text, results of fields,
 * list numbers, text boxes. Left out: deleted and hidden text, field codes, comments, old
 * properties, ruby. One thread; any number of documents at once.
 */
#ifndef GS_INDEXER_DOCX_TEXT_H
#define GS_INDEXER_DOCX_TEXT_H

#include "indexer/docx_flow.h"
#include "indexer/docx_lists.h"
#include "indexer/docx_styles.h"

struct gs_docx_context {
    struct gs_docx_styles styles;
    struct gs_docx_lists lists; /* their counters run through all parts that are read */
    bool embedded;              /* there is text in another format that was not read (altChunk) */
};

/* Reads a part's XML; its text goes to `flow`. The root must be the element `root` of
 * WordprocessingML ("document"), or GAOSOU_E_INPUT. Messages begin with "line N". */
GS_MUST_USE enum gaosou_status gs_docx_text_read(struct gs_docx_context *c, const char *root,
                                                 const uint8_t *bytes, size_t size,
                                                 struct gs_docx_flow *flow, struct gs_err *err);

#endif
