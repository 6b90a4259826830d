#include "tests/support/archive_make.h"

#include "tests/support/test.h"

#include <archive.h>
#include <archive_entry.h>
#include <zlib.h>

#define MOST ((size_t)1 << 30)

static void put_u16(struct gs_buf *b, unsigned v)
{
    gs_buf_append_u8(b, (uint8_t)v);
    gs_buf_append_u8(b, (uint8_t)(v >> 8));
}

void zip_maker_init(struct zip_maker *z)
{
    *z = (struct zip_maker){0};
    gs_buf_init(&z->bytes, MOST);
    gs_buf_init(&z->directory, MOST);
}

void zip_maker_release(struct zip_maker *z)
{
    gs_buf_release(&z->bytes);
    gs_buf_release(&z->directory);
}

void deflate_make(struct gs_buf *out, const void *bytes, size_t size, bool gzip)
{
    z_stream s = {0};
    assert_int_equal(deflateInit2(&s, 6, Z_DEFLATED, gzip ? 31 : -15, 8, Z_DEFAULT_STRATEGY), Z_OK);
    size_t room = deflateBound(&s, (uLong)size);
    uint8_t *to = gs_buf_reserve(out, room);
    assert_non_null(to);
    union {
        const void *given;
        void *taken;
    } input = {bytes};
    s.next_in = input.taken;
    s.avail_in = (uInt)size;
    s.next_out = to;
    s.avail_out = (uInt)room;
    assert_int_equal(deflate(&s, Z_FINISH), Z_STREAM_END);
    out->size += room - s.avail_out;
    deflateEnd(&s);
}

/* What local header and directory have in common, from the version needed on. */
static void put_common(struct gs_buf *b, const struct zip_member *m, uint32_t packed,
                       size_t name_size)
{
    uint32_t crc = (uint32_t)crc32(0, m->bytes, (uInt)m->size) ^ m->crc_change;
    put_u16(b, 20);
    put_u16(b, m->flags);
    put_u16(b, m->deflated ? 8 : 0);
    put_u16(b, 0); /* midnight */
    put_u16(b, m->dos_date ? m->dos_date : (2024 - 1980) << 9 | 4 << 5 | 12);
    gs_buf_append_u32(b, crc);
    gs_buf_append_u32(b, packed);
    gs_buf_append_u32(b, (uint32_t)m->size + m->size_change);
    put_u16(b, (unsigned)name_size);
    put_u16(b, 0); /* extra field */
}

uint32_t zip_maker_add(struct zip_maker *z, const struct zip_member *m)
{
    struct gs_buf packed;
    size_t name_size = m->name_size ? m->name_size : strlen(m->name);
    uint32_t at = (uint32_t)z->bytes.size;
    gs_buf_init(&packed, MOST);
    if (m->deflated)
        deflate_make(&packed, m->bytes, m->size, false);
    else
        gs_buf_append(&packed, m->bytes, m->size);
    gs_buf_append_u32(&z->bytes, 0x04034B50);
    put_common(&z->bytes, m, (uint32_t)packed.size, name_size);
    gs_buf_append(&z->bytes, m->name, name_size);
    gs_buf_append(&z->bytes, packed.data, packed.size);
    gs_buf_append_u32(&z->directory, 0x02014B50);
    put_u16(&z->directory, m->mode ? 3 << 8 | 20 : 20);
    put_common(&z->directory, m, (uint32_t)packed.size, name_size);
    put_u16(&z->directory, 0); /* comment */
    put_u16(&z->directory, 0); /* disk */
    put_u16(&z->directory, 0); /* internal attributes */
    gs_buf_append_u32(&z->directory, m->mode << 16);
    gs_buf_append_u32(&z->directory, m->at ? *m->at : at);
    gs_buf_append(&z->directory, m->name, name_size);
    z->count++;
    gs_buf_release(&packed);
    return at;
}

void zip_maker_text(struct zip_maker *z, const char *name, const char *text)
{
    zip_maker_add(z, &(struct zip_member){
                         .name = name, .bytes = text, .size = strlen(text), .deflated = true});
}

void zip_maker_finish(struct zip_maker *z)
{
    uint32_t at = (uint32_t)z->bytes.size;
    gs_buf_append(&z->bytes, z->directory.data, z->directory.size);
    gs_buf_append_u32(&z->bytes, 0x06054B50);
    gs_buf_append_u32(&z->bytes, 0); /* disks */
    put_u16(&z->bytes, z->count & 0xFFFF);
    put_u16(&z->bytes, z->count & 0xFFFF);
    gs_buf_append_u32(&z->bytes, (uint32_t)z->directory.size);
    gs_buf_append_u32(&z->bytes, at);
    put_u16(&z->bytes, 0); /* comment */
    assert_int_equal(gs_buf_status(&z->bytes), GAOSOU_OK);
}

void tar_make_header(struct gs_buf *out, const char *name, char type, uint64_t size,
                     const char *link)
{
    char h[512] = {0};
    unsigned sum = 0;
    memcpy(h, name, strnlen(name, 100));
    memcpy(h + 100, "0000644", 8);
    memcpy(h + 108, "0000000", 8);
    memcpy(h + 116, "0000000", 8);
    snprintf(h + 124, 12, "%011llo", (unsigned long long)size & 077777777777);
    snprintf(h + 136, 12, "%011llo", 1712880000ull); /* 2024-04-12 */
    memset(h + 148, ' ', 8);
    h[156] = type;
    if (link)
        memcpy(h + 157, link, strnlen(link, 100));
    memcpy(h + 257, "ustar", 6);
    memcpy(h + 263, "00", 2);
    for (size_t i = 0; i < sizeof h; i++)
        sum += (unsigned char)h[i];
    snprintf(h + 148, 8, "%06o", sum);
    h[155] = ' ';
    gs_buf_append(out, h, sizeof h);
}

void tar_make_file(struct gs_buf *out, const char *name, const void *bytes, size_t size)
{
    static const char zeros[512];
    tar_make_header(out, name, '0', size, NULL);
    gs_buf_append(out, bytes, size);
    gs_buf_append(out, zeros, (512 - size % 512) % 512);
}

void tar_make_end(struct gs_buf *out)
{
    static const char zeros[1024];
    gs_buf_append(out, zeros, sizeof zeros);
}

static la_ssize_t on_write(struct archive *writer, void *ctx, const void *bytes, size_t size)
{
    (void)writer;
    gs_buf_append(ctx, bytes, size);
    return (la_ssize_t)size;
}

void compress_make(struct gs_buf *out, const char *filter, const void *bytes, size_t size)
{
    struct archive *w = archive_write_new();
    struct archive_entry *e = archive_entry_new();
    assert_int_equal(archive_write_set_format_raw(w), ARCHIVE_OK);
    assert_int_equal(archive_write_add_filter_by_name(w, filter), ARCHIVE_OK);
    archive_write_set_bytes_in_last_block(w, 1);
    assert_int_equal(archive_write_open(w, out, NULL, on_write, NULL), ARCHIVE_OK);
    archive_entry_set_pathname(e, "data");
    archive_entry_set_filetype(e, AE_IFREG);
    assert_int_equal(archive_write_header(w, e), ARCHIVE_OK);
    assert_int_equal(archive_write_data(w, bytes, size), (la_ssize_t)size);
    assert_int_equal(archive_write_close(w), ARCHIVE_OK);
    archive_entry_free(e);
    archive_write_free(w);
}
