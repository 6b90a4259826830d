/*
 * docx_xml.h: what all parts of a Word document have in common: namespaces, the val attribute, and
 * the growing of tables. Pure.
 */
#ifndef GS_INDEXER_DOCX_XML_H
#define GS_INDEXER_DOCX_XML_H

#include "indexer/markup.h"

#include <stdint.h>

#define GS_DOCX_LEVELS    9      /* of a list: ilvl 0 to 8 */
#define GS_DOCX_TABLE_MAX 65536u /* styles, lists, list instances of a document */

/* The WordprocessingML namespace, transitional or strict. NULL is none. */
bool gs_docx_is_word(const char *space);

/* The val attribute as a number; `otherwise` where there is none, or it is no number of up to nine
 * digits. */
uint32_t gs_docx_number(const struct gs_markup_attribute *a, uint32_t otherwise);

/* A property that is on by being there, unless its val says 0, false or off. */
bool gs_docx_is_on(const struct gs_markup_element *e);

/* Room for one more item of `size` bytes at *items, which is realloc'ed. */
GS_MUST_USE enum gaosou_status gs_docx_grow(void **items, size_t *capacity, size_t count,
                                            size_t size, struct gs_err *err);

#endif
