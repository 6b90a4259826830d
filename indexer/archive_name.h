/*
 * archive_name.h: from the bytes of a member's name to a name that an id can be made of, or the
 * reason why not; and which names there have been.
 *
 * Zips hold names in whatever the packer's machine spoke: UTF-8 by a flag or in fact, else mostly
 * GBK or Big5. One name is too short to tell, so all names of an archive that are not UTF-8 are
 * judged together, as far as they have come by. One thread owns an object.
 */
#ifndef GS_INDEXER_ARCHIVE_NAME_H
#define GS_INDEXER_ARCHIVE_NAME_H

#include "common/base/buf.h"
#include "indexer/decode.h"

/* Why a member is refused; the order is that of the messages in archive_name.c. */
enum gs_refusal {
    GS_REFUSAL_NONE,
    GS_REFUSAL_ABSOLUTE,
    GS_REFUSAL_PARENT,
    GS_REFUSAL_DRIVE,
    GS_REFUSAL_CONTROL,
    GS_REFUSAL_NAMELESS,
    GS_REFUSAL_LONG,
    GS_REFUSAL_TWICE,
    GS_REFUSAL_ENCRYPTED,
    GS_REFUSAL_SYMLINK,
    GS_REFUSAL_HARDLINK,
    GS_REFUSAL_SPECIAL,
    GS_REFUSAL_COUNT
};

/* Static; English and Chinese. NULL for NONE. */
const char *gs_refusal_english(enum gs_refusal r);
const char *gs_refusal_chinese(enum gs_refusal r);

#define GS_MEMBER_NAME_MAX 4096u /* bytes, in UTF-8 */

struct gs_archive_names {
    struct gs_buf sample; /* names that are not UTF-8, a line each, up to a cap */
    bool complete;        /* the sample has all names there are: set by the owner */
    const char *encoding; /* found from the sample; NULL: no such name yet */
    size_t judged;        /* bytes of the sample that the encoding was found from */
    struct gs_decoder decoder;
    struct gs_buf decoded, name; /* the present one, before and after it is cleaned */
    uint64_t *seen;              /* hashes of names of files; open addressing, 0 is free */
    size_t seen_count, seen_slots;
};

void gs_archive_names_init(struct gs_archive_names *n);
void gs_archive_names_release(struct gs_archive_names *n);

/* Takes raw bytes of a name into the sample where they are not UTF-8: names that are known before
 * the first is needed are better judged. */
void gs_archive_names_sample(struct gs_archive_names *n, const char *raw, size_t size);

struct gs_clean_name {
    const char *name; /* NUL-ended; until the next call */
    enum gs_refusal refusal;
    const char *encoding; /* NULL: it was UTF-8 */
    uint32_t replaced;
    bool folder; /* it ends in a separator */
};

/* Decodes a name and cleans it ("./a//b/" is "a/b"). `backslash`: '\' separates folders too.
 * GAOSOU_E_NOMEM only. */
GS_MUST_USE enum gaosou_status gs_archive_names_clean(struct gs_archive_names *n, const char *raw,
                                                      size_t size, bool backslash,
                                                      struct gs_clean_name *out,
                                                      struct gs_err *err);

/* Notes a name; *twice: it was there before (by a 64-bit hash: of a million different names one is
 * taken for another once in forty million archives). */
GS_MUST_USE enum gaosou_status gs_archive_names_note(struct gs_archive_names *n, const char *name,
                                                     bool *twice, struct gs_err *err);

#endif
