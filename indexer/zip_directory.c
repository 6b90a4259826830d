#include "indexer/zip_directory.h"

#include "common/base/bytes.h"

#define END_SIZE       22u /* end of central directory record, without its comment */
#define COMMENT_MAX    65535u
#define LOCATOR64_SIZE 20u
#define END64_SIZE     56u
#define HEADER_SIZE    46u /* of one member, without name, extra field and comment */

#define HEADER_MAGIC    0x02014B50u
#define END_MAGIC       0x06054B50u
#define LOCATOR64_MAGIC 0x07064B50u

/* `size` bytes at `offset`, all of them, or NULL. */
static const uint8_t *whole(struct gs_archive_input *in, uint64_t offset, size_t size)
{
    size_t got;
    const uint8_t *p = gs_archive_input_at(in, offset, size, &got);
    return got == size ? p : NULL;
}

/* The offset of the end record: the last one within the reach of a comment. */
static bool find_end(struct gs_archive_input *in, uint64_t *end)
{
    uint64_t lowest = in->size > END_SIZE + COMMENT_MAX ? in->size - END_SIZE - COMMENT_MAX : 0;
    if (in->size < END_SIZE)
        return false;
    for (uint64_t at = in->size - END_SIZE;; at--) {
        /* From the lowest on, so that a file's window is filled once and not for each step back. */
        uint64_t from = at - lowest > 4096 ? at - 4096 : lowest;
        size_t size = (size_t)(at - from) + 4;
        const uint8_t *p = whole(in, from, size);
        for (size_t i = size - 4; p; i--) {
            if (gs_load_u32(p + i) == END_MAGIC) {
                *end = from + i;
                return true;
            }
            if (i == 0)
                break;
        }
        if (!p || from == lowest)
            return false;
        at = from;
    }
}

/* The first file header from `at` on and before `end`; `end` where there is none. */
static uint64_t first_header(struct gs_archive_input *in, uint64_t at, uint64_t end)
{
    while (at < end) {
        size_t got;
        const uint8_t *p = gs_archive_input_at(in, at, 4096, &got);
        for (size_t i = 0; p && i + 4 <= got; i++)
            if (gs_load_u32(p + i) == HEADER_MAGIC)
                return at + i;
        if (got < 4096)
            return end;
        at += got - 3;
    }
    return end;
}

/* Where the directory begins: as far before the end record as its size says (there may be something
 * in front of the zip that its offsets do not count); in a zip64 where its offset says. From there
 * on to the first header: the same way as libarchive goes, so that what is counted here is what it
 * will hold. */
static bool find_start(struct gs_archive_input *in, uint64_t end, uint64_t *start)
{
    const uint8_t *p = whole(in, end, END_SIZE);
    if (!p)
        return false;
    uint64_t size = gs_load_u32(p + 12);
    *start = size <= end ? end - size : 0;
    if (end >= LOCATOR64_SIZE && (p = whole(in, end - LOCATOR64_SIZE, LOCATOR64_SIZE)) != NULL &&
        gs_load_u32(p) == LOCATOR64_MAGIC &&
        (p = whole(in, gs_load_u64(p + 8), END64_SIZE)) != NULL)
        *start = gs_load_u64(p + 48);
    *start = first_header(in, *start, end);
    return true;
}

bool gs_zip_directory_scan(struct gs_archive_input *in, const struct gs_zip_visitor *visitor,
                           uint64_t *announced)
{
    uint64_t end, at;
    *announced = 0;
    if (!find_end(in, &end) || !find_start(in, end, &at))
        return false;
    const uint8_t *record = whole(in, end, END_SIZE);
    *announced = record ? gs_load_u16(record + 10) : 0;
    for (;;) {
        const uint8_t *p = whole(in, at, HEADER_SIZE);
        if (!p || gs_load_u32(p) != HEADER_MAGIC)
            return true;
        size_t name = gs_load_u16(p + 28), extra = gs_load_u16(p + 30),
               comment = gs_load_u16(p + 32);
        if (name > 0 && (p = whole(in, at + HEADER_SIZE, name)) == NULL)
            return true;
        if (!visitor->name(visitor->ctx, (const char *)p, name))
            return true;
        at += HEADER_SIZE + name + extra + comment;
    }
}
