/* Bytes of any kind as plain text: whatever encoding is found, valid UTF-8 without U+0000 comes
 * out, and the same however the bytes are cut. */
#include "indexer/decode.h"
#include "indexer/extract_text.h"
#include "indexer/plausible.h"
#include "tests/support/random_fuzz.h"
#include "tests/support/random_text.h"

#include <stdlib.h>
#include <string.h>

#define TEXT_MAX ((size_t)8 << 20)

static void check_text(const struct gs_buf *text)
{
    if (gs_utf8_valid(text->data, text->size) != text->size)
        abort();
    if (text->size > 0 && memchr(text->data, 0, text->size))
        abort();
    double p = gs_text_plausibility(text->data, text->size);
    if (!(p >= 0 && p <= 1))
        abort();
}

static void decode(const char *name, const uint8_t *bytes, size_t size, size_t step,
                   struct gs_buf *out)
{
    struct gs_decoder d;
    if (gs_decoder_open(&d, name, NULL) != GAOSOU_OK)
        return;
    for (size_t at = 0; at < size; at += step)
        if (gs_decoder_feed(&d, bytes + at, size - at < step ? size - at : step, false, out) !=
            GAOSOU_OK)
            abort();
    if (gs_decoder_feed(&d, NULL, 0, true, out) != GAOSOU_OK)
        abort();
    gs_decoder_close(&d);
}

/* `name` is tried on all of it in one piece and in pieces of some bytes. */
static void check_cuts(const char *name, const uint8_t *bytes, size_t size)
{
    struct gs_buf whole, parts;
    gs_buf_init(&whole, TEXT_MAX);
    gs_buf_init(&parts, TEXT_MAX);
    decode(name, bytes, size, size + 1, &whole);
    decode(name, bytes, size, 1 + size % 13, &parts);
    if (whole.size != parts.size ||
        (whole.size > 0 && memcmp(whole.data, parts.data, whole.size) != 0))
        abort();
    gs_buf_release(&whole);
    gs_buf_release(&parts);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const char *const users[] = {NULL, "GB18030", "BIG5-HKSCS", "UTF-16", "UTF-32LE"};
    if (size > TEXT_MAX / 8)
        return 0;
    struct gs_extracted x;
    const char *declared = NULL;
    gs_extracted_init(&x, TEXT_MAX);
    for (size_t i = 0; i < sizeof(users) / sizeof(users[0]); i++) {
        struct gs_extract_params params = {.encoding = users[i], .text_max = TEXT_MAX};
        gs_extracted_clear(&x);
        enum gaosou_status status = gs_extract_text(bytes, size, &params, &x, NULL);
        if (status == GAOSOU_OK)
            check_text(&x.text);
        else if (status != GAOSOU_E_INPUT)
            abort();
        if (users[i])
            check_cuts(users[i], bytes, size);
    }
    if (gs_encoding_declared(bytes, size, &declared)) {
        struct gs_encoding e;
        gs_encoding_find(bytes, size, NULL, declared, &e);
        gs_encoding_find_start(bytes, size, NULL, &e);
    }
    gs_extracted_release(&x);
    return 0;
}

static void make(struct random_source *r, struct gs_buf *out)
{
    static const char *const starts[] = {
        "",         "\xEF\xBB\xBF",       "\xFE\xFF",
        "\xFF\xFE", "<meta charset=gbk>", "<?xml encoding='big5'?>"};
    static const char *const parts[] = {"\xB9\xAB\xCB\xBE",
                                        "\xA4\xBD\xA5\x71",
                                        "公司",
                                        "\x88\x66",
                                        "\x81\x30\x81\x30",
                                        "\n",
                                        "a b",
                                        "\xD8\x3D\xDE\x00",
                                        "\xFF",
                                        "\x80",
                                        "<!--"};
    gs_buf_append_str(out, RANDOM_OF(r, starts));
    if (random_once_in(r, 3)) {
        random_soup(r, random_between(r, 1, 200), random_once_in(r, 2), out);
        return;
    }
    uint32_t kind = random_below(r, sizeof(parts) / sizeof(parts[0]));
    for (uint32_t n = random_between(r, 1, 400); n > 0; n--)
        gs_buf_append_str(out, random_once_in(r, 4) ? RANDOM_OF(r, parts) : parts[kind]);
}

RANDOM_FUZZ_MAIN("encoding", make, 1500)
