/*
 * docx_package.h: the parts of a Word document in memory, found by the relationships between them
 * (ECMA-376 part 2: Open Packaging Conventions). One thread.
 */
#ifndef GS_INDEXER_DOCX_PACKAGE_H
#define GS_INDEXER_DOCX_PACKAGE_H

#include "common/base/buf.h"

enum gs_docx_role {
    GS_DOCX_DOCUMENT,
    GS_DOCX_STYLES,
    GS_DOCX_NUMBERING,
    GS_DOCX_FOOTNOTES,
    GS_DOCX_ENDNOTES,
    GS_DOCX_HEADER, /* any number of parts */
    GS_DOCX_FOOTER, /* any number of parts */
    GS_DOCX_CORE,   /* properties: the title */
    GS_DOCX_OTHER
};

struct gs_docx_part {
    char *name; /* in the zip: "word/document.xml" */
    struct gs_buf bytes;
    enum gs_docx_role role;
};

struct gs_docx_package {
    struct gs_docx_part *parts;
    size_t count, capacity;
    size_t size; /* bytes of all parts */
};

void gs_docx_package_init(struct gs_docx_package *p);
void gs_docx_package_release(struct gs_docx_package *p);

/*
 * Reads all XML parts and gives each its role; document.xml is there on success. GAOSOU_E_INPUT:
 * not a Word document (the message says what it is instead), or a part is damaged; GAOSOU_E_LIMIT:
 * parts larger than 512 MB in all, or an archive's limit (indexer/archive.h). Images and other
 * parts that are not XML are not read.
 */
GS_MUST_USE enum gaosou_status gs_docx_package_read(struct gs_docx_package *p, const uint8_t *bytes,
                                                    size_t size, struct gs_err *err);

/* The first part of a role, or NULL. */
struct gs_docx_part *gs_docx_package_part(struct gs_docx_package *p, enum gs_docx_role role);

#endif
