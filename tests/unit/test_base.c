/* common/base: bytes, buffers, errors, arenas, regions, files. */
#include "common/base/arena.h"
#include "common/base/bytes.h"
#include "common/base/checksum.h"
#include "common/base/file.h"
#include "common/base/utf8_skip.h"
#include "common/base/utf8_step.h"
#include "tests/support/test.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static void varint_examples(void **state)
{
    (void)state;
    static const struct {
        uint64_t value;
        size_t size;
        uint8_t bytes[GS_VARINT_MAX];
    } rows[] = {
        {0, 1, {0x00}},
        {127, 1, {0x7F}},
        {128, 2, {0x80, 0x01}},
        {300, 2, {0xAC, 0x02}},
        {UINT32_MAX, 5, {0xFF, 0xFF, 0xFF, 0xFF, 0x0F}},
        {UINT64_MAX, 10, {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01}},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint8_t out[GS_VARINT_MAX];
        assert_int_equal(gs_varint_put(out, rows[i].value) - out, rows[i].size);
        assert_memory_equal(out, rows[i].bytes, rows[i].size);
        uint64_t value = 1;
        assert_ptr_equal(gs_varint_get(out, out + rows[i].size, &value), out + rows[i].size);
        assert_true(value == rows[i].value);
        assert_null(gs_varint_get(out, out + rows[i].size - 1, &value));
    }
    static const uint8_t too_long[11] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                         0xFF, 0xFF, 0xFF, 0x02, 0};
    uint64_t value;
    uint32_t value32;
    assert_null(gs_varint_get(too_long, too_long + 11, &value));
    assert_null(gs_varint_get32(too_long, too_long + 11, &value32));
}

static void numbers_are_little_endian(void **state)
{
    (void)state;
    uint8_t b[8];
    gs_store_u64(b, UINT64_C(0x0807060504030201));
    for (uint8_t i = 0; i < 8; i++)
        assert_int_equal(b[i], i + 1);
    assert_int_equal(gs_load_u16(b), 0x0201);
    assert_int_equal(gs_load_u32(b), 0x04030201);
    assert_true(gs_load_u64(b) == UINT64_C(0x0807060504030201));
    gs_store_u16(b, 0xABCD);
    assert_int_equal(b[0], 0xCD);
}

static void buffer_grows_to_its_cap_and_sticks(void **state)
{
    (void)state;
    struct gs_buf b;
    gs_buf_init(&b, 100);
    for (int i = 0; i < 100; i++)
        gs_buf_append_u8(&b, (uint8_t)i);
    assert_int_equal(gs_buf_status(&b), GAOSOU_OK);
    assert_int_equal(b.size, 100);
    gs_buf_append_u8(&b, 1);
    assert_int_equal(gs_buf_status(&b), GAOSOU_E_LIMIT);
    gs_buf_clear(&b);
    gs_buf_append_str(&b, "x"); /* still a no-op */
    assert_int_equal(b.size, 0);
    gs_buf_release(&b);
    assert_int_equal(gs_buf_status(&b), GAOSOU_OK);
    gs_buf_printf(&b, "%s-%d", "页", 18);
    gs_buf_append_varint(&b, 300);
    gs_buf_append_u32(&b, 7);
    gs_buf_append_u64(&b, 8);
    assert_int_equal(b.size, 6 + 2 + 4 + 8);
    assert_memory_equal(b.data, "页-18\xAC\x02\x07", 9);
    gs_buf_release(&b);
    gs_buf_release(&b);
    gs_buf_release(NULL);
}

static void errors_carry_their_words(void **state)
{
    (void)state;
    struct gs_err err = {0};
    assert_int_equal(gs_err_set(&err, GAOSOU_E_CORRUPT, "%s: offset %d", "a.seg", 12),
                     GAOSOU_E_CORRUPT);
    gs_err_prefix(&err, "cannot open %s", "idx");
    assert_string_equal(err.text, "cannot open idx: a.seg: offset 12");
    assert_int_equal(err.status, GAOSOU_E_CORRUPT);
    assert_int_equal(gs_err_sys(&err, ENOSPC, "cannot write x"), GAOSOU_E_FULL);
    assert_non_null(strstr(err.text, "cannot write x: "));
    assert_int_equal(gs_err_sys(NULL, ENOENT, "x"), GAOSOU_E_NOT_FOUND);
    char longer[2 * GS_ERR_CAP];
    memset(longer, 'a', sizeof(longer));
    longer[sizeof(longer) - 1] = '\0';
    gs_err_set(&err, GAOSOU_E_IO, "%s", longer);
    gs_err_prefix(&err, "%s", longer);
    assert_int_equal(strlen(err.text), GS_ERR_CAP - 1);
    assert_string_equal(gaosou_status_text((enum gaosou_status)999), "unknown status");
}

static void arena_hands_out_aligned_pieces(void **state)
{
    (void)state;
    struct gs_arena a;
    gs_arena_init(&a, (size_t)1 << 20);
    size_t given = 0;
    void *p;
    while ((p = gs_arena_alloc(&a, 1000)) != NULL) {
        assert_int_equal((uintptr_t)p % 16, 0);
        memset(p, 0xAA, 1000);
        given += 1000;
    }
    assert_true(given > ((size_t)700 << 10));
    assert_true(a.taken <= a.cap);
    assert_null(gs_arena_alloc(&a, SIZE_MAX));
    gs_arena_release(&a);
    gs_arena_release(&a);
}

static void region_is_zero_again_after_discard(void **state)
{
    (void)state;
    struct gs_region r = {0};
    assert_ok(gs_region_open(&r, (size_t)3 << 20, NULL));
    assert_int_equal((uintptr_t)r.data % ((size_t)2 << 20), 0);
    assert_int_equal(r.size, (size_t)4 << 20);
    memset(r.data, 1, r.size);
    gs_region_discard(&r);
    assert_int_equal(r.data[r.size - 1], 0);
    gs_region_close(&r);
    gs_region_close(&r);
    struct gs_err err;
    assert_int_not_equal(gs_region_open(&r, SIZE_MAX, &err), GAOSOU_OK);
}

static void a_file_appears_whole_or_not_at_all(void **state)
{
    (void)state;
    char folder[] = "/tmp/gs-base-XXXXXX";
    assert_non_null(mkdtemp(folder));
    char *path = gs_path_join(folder, "f");
    struct gs_outfile f;
    assert_ok(gs_outfile_open(&f, path, NULL));
    gs_outfile_write(&f, "headbody", 8);
    gs_outfile_rewrite(&f, 0, "HEAD", 4);
    gs_outfile_write(&f, "!", 1);
    assert_int_equal(access(path, F_OK), -1);
    assert_ok(gs_outfile_publish(&f, NULL));
    struct gs_map m = {0};
    assert_ok(gs_map_open(&m, path, NULL));
    assert_int_equal(m.size, 9);
    assert_memory_equal(m.data, "HEADbody!", 9);
    gs_map_close(&m);
    gs_map_close(&m);

    assert_ok(gs_outfile_open(&f, path, NULL));
    gs_outfile_write(&f, "other", 5);
    gs_outfile_discard(&f);
    struct gs_buf b;
    gs_buf_init(&b, 1000000);
    assert_ok(gs_file_read(path, &b, NULL));
    assert_int_equal(b.size, 9);
    gs_buf_release(&b);

    struct gs_err err;
    char *missing = gs_path_join(folder, "missing");
    assert_int_equal(gs_map_open(&m, missing, &err), GAOSOU_E_NOT_FOUND);
    assert_non_null(strstr(err.text, missing));
    assert_int_equal(gs_map_open(&m, folder, &err), GAOSOU_E_IO);
    free(missing);

    /* A pipe in a file's place is an error and nothing to wait for. */
    gs_buf_init(&b, 1000000);
    char *pipe = gs_path_join(folder, "pipe");
    assert_int_equal(mkfifo(pipe, 0600), 0);
    assert_int_equal(gs_map_open(&m, pipe, &err), GAOSOU_E_IO);
    assert_int_equal(gs_file_read(pipe, &b, &err), GAOSOU_E_IO);
    assert_non_null(strstr(err.text, pipe));
    unlink(pipe);
    free(pipe);
    unlink(path);
    free(path);
    assert_int_equal(rmdir(folder), 0); /* no temporary file is left */
}

static void a_write_that_fails_leaves_nothing(void **state)
{
    (void)state;
    struct gs_outfile f;
    struct gs_err err;
    if (access("/dev/full", W_OK) != 0)
        skip();
    assert_int_equal(gs_outfile_open(&f, "/no/such/folder/f", &err), GAOSOU_E_NOT_FOUND);
    /* /dev/full cannot be renamed to; the failure under test is the write before it */
    char folder[] = "/tmp/gs-base-XXXXXX";
    assert_non_null(mkdtemp(folder));
    char *path = gs_path_join(folder, "f");
    char *temp = gs_path_join(folder, "f.tmp");
    assert_int_equal(symlink("/dev/full", temp), 0);
    assert_ok(gs_outfile_open(&f, path, NULL));
    gs_outfile_write(&f, "x", 1);
    assert_int_equal(gs_outfile_publish(&f, &err), GAOSOU_E_FULL);
    assert_non_null(strstr(err.text, "cannot write"));
    assert_int_equal(access(path, F_OK), -1);
    free(path);
    free(temp);
    assert_int_equal(rmdir(folder), 0);
}

static void xxh3_is_the_published_one(void **state)
{
    (void)state;
    assert_true(gs_hash64("", 0) == UINT64_C(0x2D06800538D394C2));
}

/* Where valid UTF-8 first ends, one character at a time. */
static size_t valid_prefix(const uint8_t *bytes, size_t size)
{
    size_t at = 0;
    while (at < size) {
        uint32_t code;
        size_t step = gs_utf8_step(bytes + at, bytes + size, &code);
        if (code == GS_UTF8_BAD && !(step == 3 && memcmp(bytes + at, "\xEF\xBF\xBD", 3) == 0))
            break;
        at += step;
    }
    return at;
}

static void skip_stops_at_the_first_invalid_byte(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "a", "0123456789abcdef", "\xC3\xA9", "公", "公司年报", "\xF0\xA0\xAE\xB7", "\xEF\xBF\xBD",
        "\xF4\x8F\xBF\xBF", "\xED\x9F\xBF", "\xEE\x80\x80",
        /* wrong */
        "\x80", "\xC0\x80", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80", "\xE5\x85", "\xF0\xA0\xAE", "\xC3", "\xFF"};
    uint64_t x = 88172645463325252u;
    uint8_t text[600];
    for (int round = 0; round < 60000; round++) {
        size_t size = 0, count = 1 + (size_t)(round % 90);
        for (size_t i = 0; i < count; i++) {
            x ^= x << 13, x ^= x >> 7, x ^= x << 17;
            bool wrong = round % 3 == 0 && x >> 40 & 1 ? false : (x >> 32) % 64 == 0;
            const char *piece = pieces[wrong ? 10 + (x >> 8) % 11 : (x >> 8) % 10];
            size_t length = strlen(piece);
            if (size + length > sizeof(text))
                break;
            memcpy(text + size, piece, length);
            size += length;
        }
        uint8_t *exact = malloc(size ? size : 1); /* so that an over-read shows */
        assert_non_null(exact);
        memcpy(exact, text, size);
        size_t valid = valid_prefix(exact, size), skipped = gs_utf8_skip(exact, size);
        assert_true(skipped <= valid);
        assert_true(skipped == 0 || skipped + 67 > valid || skipped + 130 > size);
        assert_true(valid_prefix(exact, skipped) == skipped); /* ends on a character */
        free(exact);
    }
}

/* A character that is cut off at the end of a block of 64, and nothing but ASCII in the next. */
static void skip_sees_a_character_cut_off_before_ascii(void **state)
{
    (void)state;
    static const char *const cut[] = {"\xC3", "\xE5",     "\xE5\x85",
                                      "\xF0", "\xF0\xA0", "\xF0\xA0\xAE"};
    uint8_t text[256];
    for (size_t i = 0; i < GS_COUNT_OF(cut); i++)
        for (size_t end = 8; end <= 200; end++) {
            memset(text, 'a', sizeof text);
            memcpy(text + end - strlen(cut[i]), cut[i], strlen(cut[i]));
            assert_true(gs_utf8_skip(text, sizeof text) <= end - strlen(cut[i]));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(varint_examples),
        cmocka_unit_test(numbers_are_little_endian),
        cmocka_unit_test(buffer_grows_to_its_cap_and_sticks),
        cmocka_unit_test(errors_carry_their_words),
        cmocka_unit_test(arena_hands_out_aligned_pieces),
        cmocka_unit_test(region_is_zero_again_after_discard),
        cmocka_unit_test(a_file_appears_whole_or_not_at_all),
        cmocka_unit_test(a_write_that_fails_leaves_nothing),
        cmocka_unit_test(xxh3_is_the_published_one),
        cmocka_unit_test(skip_stops_at_the_first_invalid_byte),
        cmocka_unit_test(skip_sees_a_character_cut_off_before_ascii),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
