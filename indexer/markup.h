/*
 * markup.h: HTML and XML as a sequence of events. The one door to libxml2.
 *
 * Takes bytes of UTF-8, builds no tree, reads no other file and no network. Events come in the
 * order of the document; the first status other than GAOSOU_OK that a callback gives ends the
 * reading and is returned (the message is then the callback's affair). Pointers given to a callback
 * live until it returns. Any number of threads may read at once, each its own document.
 *
 * HTML is read as libxml2 repairs it: every start has its end, implied elements (html, body, p)
 * come as if they were written, names are in lower case, entities are decoded, comments dropped.
 * Only limits and memory make it fail. XML is read strictly: what is not well-formed is
 * GAOSOU_E_INPUT, and so is a document type declaration, the only place that could define entities
 * or name other files. Messages begin with "line N".
 *
 * Whatever the bytes are, time is linear in them up to the limits below (GAOSOU_E_LIMIT), and
 * memory is a small multiple of their size.
 */
#ifndef GS_INDEXER_MARKUP_H
#define GS_INDEXER_MARKUP_H

#include "common/base/err.h"

#include <stdbool.h>

#define GS_MARKUP_INPUT_MAX      ((size_t)512 << 20) /* bytes of a document */
#define GS_MARKUP_HTML_DEPTH     1000000             /* elements open at once */
#define GS_MARKUP_HTML_NAMES     ((size_t)90 << 10)  /* bytes of different names, about */
#define GS_MARKUP_XML_NAMES      ((size_t)350 << 10)
#define GS_MARKUP_XML_DEPTH      256
#define GS_MARKUP_XML_ATTRIBUTES 256 /* of one element, namespace declarations included */
#define GS_MARKUP_XML_SPACES     256 /* namespace declarations in scope at once */

struct gs_markup_attribute {
    const char *name;  /* NUL-ended, without prefix */
    const char *space; /* namespace URI; NULL: none (always in HTML) */
    const char *value; /* size bytes, NOT NUL-ended; "" for an attribute without value */
    size_t size;
};

struct gs_markup_element {
    const char *name;  /* NUL-ended, without prefix in XML, as written (o:p) in HTML */
    const char *space; /* as above */
    const struct gs_markup_attribute *attributes; /* in the order of the document */
    size_t attribute_count;
    unsigned line; /* of the start tag's end, from 1 */
};

struct gs_markup_events {
    enum gaosou_status (*start)(void *user, const struct gs_markup_element *element);
    enum gaosou_status (*end)(void *user, const char *name, const char *space);
    /* Text between tags, in pieces of any size, each of whole characters; CDATA, and what stands in
     * script and style, too. White space is as in the document, line ends are LF. */
    enum gaosou_status (*text)(void *user, const char *bytes, size_t size);
};

/* Bytes: valid UTF-8 without BOM; control characters and U+0000 count as spaces. A declaration of
 * a charset in the document is ignored. */
GS_MUST_USE enum gaosou_status gs_markup_read_html(const uint8_t *bytes, size_t size,
                                                   const struct gs_markup_events *events,
                                                   void *user, struct gs_err *err);

/* Bytes: UTF-8, or UTF-16 with a BOM, whatever the document declares. */
GS_MUST_USE enum gaosou_status gs_markup_read_xml(const uint8_t *bytes, size_t size,
                                                  const struct gs_markup_events *events, void *user,
                                                  struct gs_err *err);

/* The first attribute of this name, in any namespace; NULL: there is none. */
const struct gs_markup_attribute *gs_markup_attribute(const struct gs_markup_element *element,
                                                      const char *name);
/* The value is `text`. attribute may be NULL (false). */
bool gs_markup_value_is(const struct gs_markup_attribute *attribute, const char *text);

#endif
