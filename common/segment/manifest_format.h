/*
 * manifest_format.h: what the manifest and the deletions file share on disk, and its constants.
 * FORMAT.md, sections Manifest and Deletions. Both begin with a magic, the version they are written
 * in and the oldest version whose readers understand them, and end with the XXH3-64 of all before.
 */
#ifndef GS_SEGMENT_MANIFEST_FORMAT_H
#define GS_SEGMENT_MANIFEST_FORMAT_H

#include "common/base/buf.h"

#define GS_MANIFEST_NAME         "manifest"
#define GS_MANIFEST_MAGIC        "\x89GAOSOU MAN\r\n\x1a\n"
#define GS_DELETIONS_MAGIC       "\x89GAOSOU DEL\r\n\x1a\n"
#define GS_ENVELOPE_MAGIC_SIZE   16u /* with the final NUL */
#define GS_ENVELOPE_HEADER       24u /* magic, u32 version, u32 oldest reader */
#define GS_ENVELOPE_CHECKSUM     8u
#define GS_MANIFEST_VERSION      1u
#define GS_MANIFEST_HEADER       64u
#define GS_MANIFEST_SEGMENT      40u      /* bytes an entry */
#define GS_MANIFEST_SEGMENTS_MAX 1048576u /* entries */
#define GS_DELETIONS_VERSION     1u
#define GS_DELETIONS_HEADER      32u

/* Checks magic, versions, size (at least `least`) and checksum; what is the file's kind in
 * messages. */
GS_MUST_USE enum gaosou_status gs_envelope_check(const uint8_t *bytes, size_t size,
                                                 const char *magic, uint32_t version, size_t least,
                                                 const char *name, const char *what,
                                                 struct gs_err *err);
void gs_envelope_begin(struct gs_buf *b, const char *magic, uint32_t version);
/* Appends the checksum and publishes the bytes as the file `path`. */
GS_MUST_USE enum gaosou_status gs_envelope_publish(struct gs_buf *b, const char *path,
                                                   struct gs_err *err);

#endif
