/*
 * archive.h: the members of a zip, a tar, or a single compressed file, one after the other. The one
 * door to libarchive.
 *
 * An archive is read from a file or from bytes (a member that is an archive itself; a DOCX is a
 * zip). Members come in the order in which they lie in the archive:
 *
 *     open -> next -> [read] -> next -> [read] -> ... -> *at_end -> close
 *
 * A member that is not read costs nothing in a zip; in a compressed tar it is decompressed and
 * thrown away. What gs_archive_read() returns concerns that member only, and the next one can be
 * asked for; what gs_archive_next() returns ends the archive, and the members before it stand.
 *
 * Nothing is passed over in silence: a member that is not taken (a link, a device, encrypted, a
 * name that leads out of the archive, a second member of the same name) comes out of next() as
 * GS_MEMBER_REFUSED with the reason.
 *
 * Bombs: see struct gs_archive_limits. All archives opened inside another one count to the totals
 * of the outermost. GAOSOU_E_LIMIT's message names archive, member and limit.
 *
 * One thread owns an archive and all opened inside it. Bytes given to gs_archive_open_bytes stay
 * the caller's and must outlive the archive.
 */
#ifndef GS_INDEXER_ARCHIVE_H
#define GS_INDEXER_ARCHIVE_H

#include "common/base/buf.h"

enum gs_archive_kind {
    GS_ARCHIVE_NONE,  /* no archive */
    GS_ARCHIVE_ZIP,   /* .zip, and what is a zip inside (.docx) */
    GS_ARCHIVE_TAR,   /* .tar, plain or compressed: .tar.gz .tgz .tar.zst .tzst .tar.bz2 .tbz .tbz2
                         .tar.xz .txz */
    GS_ARCHIVE_SINGLE /* one compressed file: .gz .zst .bz2 .xz; its member is named as the file is
                         without that suffix */
};

/* By the suffix of a name (ASCII, any case); .docx is none. */
enum gs_archive_kind gs_archive_kind_of(const char *name);

/* A zip or a tar by its name; a single compressed file is none. */
bool gs_archive_is_one(const char *name);

/* By the first bytes (512 suffice): a zip, a plain tar, or something compressed, of which only
 * decompression tells what it is (SINGLE). Also true of a .docx (ZIP). */
enum gs_archive_kind gs_archive_kind_of_bytes(const uint8_t *bytes, size_t size);

struct gs_archive_limits {
    uint64_t members;    /* in all: folders and refused ones too */
    uint64_t ratio;      /* bytes that come out for each byte of the outermost archive ... */
    uint64_t ratio_from; /* ... once so many bytes have come out */
    unsigned depth;      /* archives in archives: 1 is an archive that has none inside; a single
                            compressed file in a zip or tar does not count */
};

/* 1,000,000 members; 1000 : 1 beyond 64 MB; 3 deep. */
extern const struct gs_archive_limits gs_archive_limits;

enum gs_member_kind { GS_MEMBER_FILE, GS_MEMBER_FOLDER, GS_MEMBER_REFUSED };

struct gs_member {
    const char *name; /* valid UTF-8 without control characters, '/' between folders, none at its
                         ends; never empty; of a refused one as near to it as can be shown. Until
                         the next call. */
    enum gs_member_kind kind;
    const char *why;        /* of a refused one: static, English, no period */
    const char *why_zh;     /* the same in Chinese */
    const char *encoding;   /* static: what the name was converted from; NULL: UTF-8 */
    uint32_t name_replaced; /* U+FFFD in the name for bytes that could not be read */
    bool size_known;        /* before it is read; not in a single file, or in a cut-off zip */
    uint64_t size;          /* as the archive says it: a hint only */
    uint64_t time;          /* last changed, ns since 1970; 0: not known */
};

struct gs_archive;

/* kind: ZIP, TAR or SINGLE. `limits` NULL: gs_archive_limits. GAOSOU_E_INPUT: not an archive of
 * that kind; GAOSOU_E_LIMIT: a zip that announces more members than that; GAOSOU_E_NOT_FOUND,
 * GAOSOU_E_IO: the file cannot be read. *out is untouched on failure. */
GS_MUST_USE enum gaosou_status gs_archive_open(struct gs_archive **out, const char *path,
                                               enum gs_archive_kind kind,
                                               const struct gs_archive_limits *limits,
                                               struct gs_err *err);

/* `name` is how messages call it (copied), e.g. "a.zip!b.tar". With `outer`, which must outlive
 * this one, it is counted to the totals of the outermost and its depth is one more (`limits` is
 * then not looked at). */
GS_MUST_USE enum gaosou_status
gs_archive_open_bytes(struct gs_archive **out, const uint8_t *bytes, size_t size, const char *name,
                      enum gs_archive_kind kind, struct gs_archive *outer,
                      const struct gs_archive_limits *limits, struct gs_err *err);

void gs_archive_close(struct gs_archive *a); /* NULL is fine */

/* The next member; skips what was not read of the one before. GAOSOU_OK with *at_end and no member
 * at the end. GAOSOU_E_INPUT: damaged or cut off here; GAOSOU_E_LIMIT: more members, or more bytes,
 * than the limits allow; both name the member before. After an error the archive is only good for
 * gs_archive_close(). */
GS_MUST_USE enum gaosou_status gs_archive_next(struct gs_archive *a, struct gs_member *member,
                                               bool *at_end, struct gs_err *err);

/* Appends the bytes of the present member, which must be a GS_MEMBER_FILE, once. GAOSOU_E_INPUT: a
 * wrong checksum or bad data; GAOSOU_E_LIMIT: larger than *out may hold, or the archive's totals
 * are used up (then next() says so again); GAOSOU_E_NOMEM. All name the member. On failure *out has
 * its old size. */
GS_MUST_USE enum gaosou_status gs_archive_read(struct gs_archive *a, struct gs_buf *out,
                                               struct gs_err *err);

/* Bytes of the file or of the given bytes that have been read so far: for progress. */
uint64_t gs_archive_consumed(const struct gs_archive *a);

#endif
