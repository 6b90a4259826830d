/*
 * archive_make.h: zips and tars made in memory, well-formed ones and such as no packer would make.
 *
 * The zip writer is by hand (stored or deflated members, any name, any flag, any lie about sizes);
 * tars are plain ustar blocks by hand; gs' own archive reader is not used. One thread. Everything
 * ends the test on failure.
 */
#ifndef GS_TESTS_SUPPORT_ARCHIVE_MAKE_H
#define GS_TESTS_SUPPORT_ARCHIVE_MAKE_H

#include "common/base/buf.h"

struct zip_member {
    const char *name;
    size_t name_size; /* 0: strlen */
    const void *bytes;
    size_t size;
    bool deflated;
    uint16_t flags;       /* general purpose: 1 encrypted, 0x800 UTF-8 */
    uint32_t mode;        /* Unix mode; 0: as DOS has it */
    uint32_t crc_change;  /* XORed to the checksum */
    uint32_t size_change; /* added to the size that is written down */
    uint16_t dos_date;    /* 0: 2024-04-12 */
    const uint32_t *at;   /* the directory points there instead: overlapping members */
};

struct zip_maker {
    struct gs_buf bytes, directory;
    uint32_t count;
};

void zip_maker_init(struct zip_maker *z);
void zip_maker_release(struct zip_maker *z);
/* Returns the offset of the member's header. */
uint32_t zip_maker_add(struct zip_maker *z, const struct zip_member *m);
/* A deflated member of a C string. */
void zip_maker_text(struct zip_maker *z, const char *name, const char *text);
/* Appends directory and end record: z->bytes is the zip. */
void zip_maker_finish(struct zip_maker *z);

/* Appends a ustar header for a member of `size` bytes; type '0' file, '2' symbolic link, '1' hard
 * link, '3' device, '5' folder. The name is cut at 100 bytes. */
void tar_make_header(struct gs_buf *out, const char *name, char type, uint64_t size,
                     const char *link);
/* Header and bytes, padded. */
void tar_make_file(struct gs_buf *out, const char *name, const void *bytes, size_t size);
void tar_make_end(struct gs_buf *out);

/* Raw deflate (window bits -15), or gzip. */
void deflate_make(struct gs_buf *out, const void *bytes, size_t size, bool gzip);
/* `filter`: "gzip", "zstd", "bzip2", "xz", through libarchive's writer. */
void compress_make(struct gs_buf *out, const char *filter, const void *bytes, size_t size);

#endif
