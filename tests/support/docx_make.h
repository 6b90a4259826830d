/*
 * docx_make.h: Word documents made in memory out of the XML of their parts. One thread.
 */
#ifndef GS_TESTS_SUPPORT_DOCX_MAKE_H
#define GS_TESTS_SUPPORT_DOCX_MAKE_H

#include "common/base/buf.h"

#include <stdbool.h>

/* Contents of the parts' root elements; NULL: no such part. */
struct docx_parts {
    const char *body; /* of w:body */
    const char *styles, *numbering, *footnotes, *endnotes, *header, *footer, *title;
    bool strict;   /* the namespaces of strict Open XML */
    bool prefixed; /* "x:" instead of "w:": body and others must use that */
};

/* The document as a zip, into out (initialised by the caller). */
void docx_make(struct gs_buf *out, const struct docx_parts *parts);

#endif
