#include "indexer/archive_name.h"

#include "common/base/checksum.h"
#include "common/text/utf8.h"
#include "indexer/detect.h"
#include "indexer/plausible.h"

#include <stdlib.h>
#include <string.h>

#define SAMPLE_MAX ((size_t)64 << 10) /* bytes of names that the encoding is judged by */
#define SHOWN_MAX  ((size_t)16 << 10) /* bytes of a raw name that are looked at */
#define SLOTS_MIN  ((size_t)1 << 10)

static const struct {
    const char *english, *chinese;
} refusals[GS_REFUSAL_COUNT] = {
    [GS_REFUSAL_ABSOLUTE] = {"absolute path", "绝对路径"},
    [GS_REFUSAL_PARENT] = {"path with \"..\"", "路径含“..”"},
    [GS_REFUSAL_DRIVE] = {"path with a drive letter", "路径含盘符"},
    [GS_REFUSAL_CONTROL] = {"control character in the name", "名称含控制字符"},
    [GS_REFUSAL_NAMELESS] = {"no name that can be read", "没有可读的名称"},
    [GS_REFUSAL_LONG] = {"name longer than 4096 bytes", "名称超过4096字节"},
    [GS_REFUSAL_TWICE] = {"second member of this name; the first was taken",
                          "同名成员再次出现，已取第一个"},
    [GS_REFUSAL_ENCRYPTED] = {"encrypted", "已加密"},
    [GS_REFUSAL_SYMLINK] = {"symbolic link", "符号链接"},
    [GS_REFUSAL_HARDLINK] = {"hard link to another member", "指向另一成员的硬链接"},
    [GS_REFUSAL_SPECIAL] = {"neither file nor folder", "既非文件也非文件夹"},
};

const char *gs_refusal_english(enum gs_refusal r)
{
    return refusals[r].english;
}

const char *gs_refusal_chinese(enum gs_refusal r)
{
    return refusals[r].chinese;
}

void gs_archive_names_init(struct gs_archive_names *n)
{
    *n = (struct gs_archive_names){0};
    gs_buf_init(&n->sample, SAMPLE_MAX);
    gs_buf_init(&n->decoded, 4 * SHOWN_MAX);
    gs_buf_init(&n->name, 4 * SHOWN_MAX);
}

void gs_archive_names_release(struct gs_archive_names *n)
{
    gs_buf_release(&n->sample);
    gs_buf_release(&n->decoded);
    gs_buf_release(&n->name);
    gs_decoder_close(&n->decoder);
    free(n->seen);
    n->seen = NULL;
}

void gs_archive_names_sample(struct gs_archive_names *n, const char *raw, size_t size)
{
    if (size + 1 > SAMPLE_MAX - n->sample.size || gs_utf8_valid((const uint8_t *)raw, size) == size)
        return;
    gs_buf_append(&n->sample, raw, size);
    gs_buf_append_u8(&n->sample, '\n');
}

/* How well the sample reads in an encoding: 0 to 1; below 0 for one that iconv does not know. */
static double reads_as(struct gs_archive_names *n, const char *encoding)
{
    struct gs_decoder decoder;
    struct gs_buf text;
    struct gs_plausible plausible = {0};
    if (gs_decoder_open(&decoder, encoding, NULL) != GAOSOU_OK)
        return -1;
    gs_buf_init(&text, 4 * SAMPLE_MAX);
    if (gs_decoder_feed(&decoder, n->sample.data, n->sample.size, true, &text) == GAOSOU_OK)
        gs_plausible_count(&plausible, text.data, text.size);
    gs_buf_release(&text);
    gs_decoder_close(&decoder);
    return gs_plausible_score_other(&plausible);
}

/* Names are a few characters each, too few for a detector of all the world's encodings: the choice
 * is between those that Chinese machines write. The first of equals wins. */
static const char *best_encoding(struct gs_archive_names *n)
{
    static const char *const candidates[] = {"GB18030", "BIG5-HKSCS"};
    struct gs_encoding found;
    gs_encoding_find(n->sample.data, n->sample.size, NULL, NULL, &found);
    if (strcmp(found.name, "UTF-8") == 0 && !found.binary)
        return "UTF-8"; /* with a little damage: a name that was cut off */
    const char *best = candidates[0];
    double best_score = -1;
    for (size_t i = 0; i < sizeof candidates / sizeof candidates[0]; i++) {
        double score = reads_as(n, candidates[i]);
        if (score > best_score) {
            best = candidates[i];
            best_score = score;
        }
    }
    return best;
}

/* Judges anew once the sample has doubled, so that the judging costs no more than the names. */
static enum gaosou_status judge(struct gs_archive_names *n, struct gs_err *err)
{
    if (n->encoding && n->sample.size < 2 * n->judged)
        return GAOSOU_OK;
    const char *best = best_encoding(n);
    n->judged = n->sample.size;
    if (n->encoding && strcmp(n->encoding, best) == 0)
        return GAOSOU_OK;
    gs_decoder_close(&n->decoder);
    n->encoding = best;
    return gs_decoder_open(&n->decoder, strcmp(best, "UTF-8") == 0 ? NULL : best, err);
}

/* The raw name in UTF-8, in n->decoded. */
static enum gaosou_status decode(struct gs_archive_names *n, const uint8_t *raw, size_t size,
                                 struct gs_clean_name *out, struct gs_err *err)
{
    gs_buf_clear(&n->decoded);
    if (gs_utf8_valid(raw, size) == size) {
        gs_buf_append(&n->decoded, raw, size);
    } else {
        if (!n->complete)
            gs_archive_names_sample(n, (const char *)raw, size);
        enum gaosou_status status = judge(n, err);
        if (status != GAOSOU_OK)
            return status;
        out->encoding = n->decoder.iconv ? n->encoding : NULL;
        if (n->decoder.iconv) {
            gs_decoder_reset(&n->decoder);
            status = gs_decoder_feed(&n->decoder, raw, size, true, &n->decoded);
            out->replaced = (uint32_t)n->decoder.replaced;
        } else {
            out->replaced = (uint32_t)gs_utf8_repair(raw, size, &n->decoded);
        }
        (void)status; /* that of the buffer, below */
    }
    return gs_buf_status(&n->decoded) == GAOSOU_OK ? GAOSOU_OK : gs_err_nomem(err, size);
}

static bool is_letter(uint8_t c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool is_separator(uint8_t c, bool backslash)
{
    return c == '/' || (backslash && c == '\\');
}

/* Appends one component of the path, control characters as U+FFFD. */
static enum gs_refusal append_component(struct gs_buf *out, const uint8_t *p, size_t size)
{
    enum gs_refusal refusal = GS_REFUSAL_NONE;
    if (size == 0 || (size == 1 && p[0] == '.'))
        return GS_REFUSAL_NONE;
    if (size == 2 && p[0] == '.' && p[1] == '.')
        refusal = GS_REFUSAL_PARENT;
    if (out->size > 0)
        gs_buf_append_u8(out, '/');
    for (size_t i = 0; i < size;) {
        struct gs_utf8_char c = gs_utf8_decode(p + i, size - i);
        if (c.size == 0)
            break; /* valid UTF-8 has no such end */
        bool control = c.code < 0x20 || (c.code >= 0x7F && c.code < 0xA0);
        if (control)
            refusal = GS_REFUSAL_CONTROL;
        gs_buf_append(out, control ? (const void *)"\xEF\xBF\xBD" : p + i, control ? 3 : c.size);
        i += c.size;
    }
    return refusal;
}

static enum gs_refusal clean(const struct gs_buf *decoded, bool backslash, struct gs_buf *out)
{
    const uint8_t *p = decoded->data, *end = p + decoded->size;
    enum gs_refusal refusal = GS_REFUSAL_NONE;
    if (p < end && is_separator(*p, backslash))
        refusal = GS_REFUSAL_ABSOLUTE;
    else if (end - p >= 2 && is_letter(p[0]) && p[1] == ':' &&
             (backslash || (end - p >= 3 && (p[2] == '/' || p[2] == '\\'))))
        refusal = GS_REFUSAL_DRIVE;
    while (p < end) {
        const uint8_t *from = p;
        while (p < end && !is_separator(*p, backslash))
            p++;
        enum gs_refusal r = append_component(out, from, (size_t)(p - from));
        if (refusal == GS_REFUSAL_NONE)
            refusal = r;
        if (p < end)
            p++;
    }
    return refusal;
}

enum gaosou_status gs_archive_names_clean(struct gs_archive_names *n, const char *raw, size_t size,
                                          bool backslash, struct gs_clean_name *out,
                                          struct gs_err *err)
{
    *out = (struct gs_clean_name){0};
    bool is_long = size > SHOWN_MAX;
    enum gaosou_status status =
        decode(n, (const uint8_t *)raw, is_long ? SHOWN_MAX : size, out, err);
    if (status != GAOSOU_OK)
        return status;
    gs_buf_clear(&n->name);
    out->refusal = clean(&n->decoded, backslash, &n->name);
    out->folder =
        n->decoded.size > 0 && is_separator(n->decoded.data[n->decoded.size - 1], backslash);
    if (n->name.size > GS_MEMBER_NAME_MAX || is_long) {
        n->name.size = gs_utf8_prefix(n->name.data, n->name.size, GS_MEMBER_NAME_MAX);
        out->refusal = GS_REFUSAL_LONG;
    }
    if (n->name.size == 0) {
        gs_buf_append_str(&n->name, "?");
        if (out->refusal == GS_REFUSAL_NONE)
            out->refusal = GS_REFUSAL_NAMELESS;
    }
    gs_buf_append_u8(&n->name, 0);
    if (gs_buf_status(&n->name) != GAOSOU_OK)
        return gs_err_nomem(err, size);
    out->name = (const char *)n->name.data;
    return GAOSOU_OK;
}

/* The slot that holds `hash`, or the free one where it belongs; slots is a power of two. */
static size_t slot_of(const uint64_t *seen, size_t slots, uint64_t hash)
{
    size_t i = (size_t)hash & (slots - 1);
    while (seen[i] != 0 && seen[i] != hash)
        i = (i + 1) & (slots - 1);
    return i;
}

static enum gaosou_status grow(struct gs_archive_names *n, struct gs_err *err)
{
    size_t slots = n->seen_slots ? 2 * n->seen_slots : SLOTS_MIN;
    uint64_t *seen = calloc(slots, sizeof *seen);
    if (!seen)
        return gs_err_nomem(err, slots * sizeof *seen);
    for (size_t i = 0; i < n->seen_slots; i++)
        if (n->seen[i] != 0)
            seen[slot_of(seen, slots, n->seen[i])] = n->seen[i];
    free(n->seen);
    n->seen = seen;
    n->seen_slots = slots;
    return GAOSOU_OK;
}

enum gaosou_status gs_archive_names_note(struct gs_archive_names *n, const char *name, bool *twice,
                                         struct gs_err *err)
{
    uint64_t hash = gs_hash64(name, strlen(name));
    if (hash == 0)
        hash = 1;
    if (2 * (n->seen_count + 1) > n->seen_slots) {
        enum gaosou_status status = grow(n, err);
        if (status != GAOSOU_OK)
            return status;
    }
    size_t i = slot_of(n->seen, n->seen_slots, hash);
    *twice = n->seen[i] == hash;
    if (!*twice) {
        n->seen[i] = hash;
        n->seen_count++;
    }
    return GAOSOU_OK;
}
