#include "indexer/resync.h"

#include <stdbool.h>

/* How much two bytes look like a character that occurs in text: 2 common, 1 less so, 0 rare, -3
 * none. */
static int rate_gb(uint8_t lead, uint8_t trail)
{
    if (lead < 0x81 || lead == 0xFF || trail < 0x40 || trail == 0x7F || trail == 0xFF)
        return -3;
    if (trail < 0xA1)
        return 0;
    return (lead >= 0xB0 && lead <= 0xD7) || lead == 0xA1 || lead == 0xA3 ? 2 : lead <= 0xF7;
}

static int rate_big5(uint8_t lead, uint8_t trail)
{
    bool is_trail = (trail >= 0x40 && trail <= 0x7E) || (trail >= 0xA1 && trail <= 0xFE);
    if (lead < 0x81 || lead == 0xFF || !is_trail)
        return -3;
    return lead >= 0xA4 && lead <= 0xC6 ? 2 : lead >= 0xA1 && lead <= 0xF9;
}

/* How well the bytes read from here on, up to a byte that begins a character in any case. */
static int rate(enum gs_encoding_family family, const uint8_t *p, size_t size)
{
    int sum = 0;
    for (size_t at = 0; at < size && p[at] >= 0x30;) {
        if (p[at] < 0x80) {
            at++;
            continue;
        }
        if (at + 1 == size)
            break;
        int one = family == GS_FAMILY_GB ? rate_gb(p[at], p[at + 1]) : rate_big5(p[at], p[at + 1]);
        sum += one;
        at += one < 0 ? 1 : 2;
    }
    return sum;
}

/* A four-byte form of GB18030 that stands for nothing. */
static bool is_four_bytes(const uint8_t *p, size_t size)
{
    return size >= 4 && p[0] >= 0x81 && p[0] != 0xFF && p[1] >= 0x30 && p[1] <= 0x39 &&
           p[2] >= 0x81 && p[2] != 0xFF && p[3] >= 0x30 && p[3] <= 0x39;
}

#define MARGIN 3 /* how much better the reading must be that drops a byte more */

size_t gs_resync_skip(enum gs_encoding_family family, const uint8_t *bytes, size_t size)
{
    size_t unit = family == GS_FAMILY_UTF16 ? 2 : family == GS_FAMILY_UTF32 ? 4 : 1;
    if (unit > 1)
        return unit < size ? unit : size;
    if (family == GS_FAMILY_GB && is_four_bytes(bytes, size))
        return 4;
    if ((family != GS_FAMILY_GB && family != GS_FAMILY_BIG5) || size < 2 || bytes[1] < 0x80)
        return 1;
    size_t seen = size < GS_RESYNC_LOOK ? size : GS_RESYNC_LOOK;
    return rate(family, bytes + 2, seen - 2) >= rate(family, bytes + 1, seen - 1) + MARGIN ? 2 : 1;
}

static int rate_pair(enum gs_encoding_family family, const uint8_t *p)
{
    return family == GS_FAMILY_GB ? rate_gb(p[0], p[1]) : rate_big5(p[0], p[1]);
}

#define RUN_MAX     4096 /* bytes */
#define MARK_MARGIN 8    /* how much better the run must read with a byte dropped */

/* A run of bytes that ends in a broken character: drops the byte behind which it reads best. */
static void mark_run(enum gs_encoding_family family, uint8_t *p, size_t size)
{
    int from_here[RUN_MAX + 2] = {0}; /* how well the bytes read from each place on */
    for (size_t at = size; at-- > 0;) {
        bool is_pair = p[at] >= 0x80 && at + 1 < size;
        int one = is_pair ? rate_pair(family, p + at) : 0;
        from_here[at] = one + from_here[is_pair && one >= 0 ? at + 2 : at + 1];
    }
    int before = 0, best = from_here[0] + MARK_MARGIN;
    size_t drop = size;
    for (size_t at = 0; at + 1 < size;) {
        if (p[at] >= 0x80 && before + from_here[at + 1] > best) {
            best = before + from_here[at + 1];
            drop = at;
        }
        int one = p[at] >= 0x80 ? rate_pair(family, p + at) : 0;
        before += one;
        at += p[at] >= 0x80 && one >= 0 ? 2 : 1;
    }
    if (drop < size)
        p[drop] = 0xFF;
}

void gs_resync_mark(enum gs_encoding_family family, uint8_t *bytes, size_t size)
{
    if (family != GS_FAMILY_GB && family != GS_FAMILY_BIG5)
        return;
    size_t run = 0; /* where the present run begins */
    for (size_t at = 0; at < size;) {
        if (bytes[at] < 0x80) {
            run = bytes[at] < 0x40 ? at + 1 : run;
            at++;
            continue;
        }
        if (family == GS_FAMILY_GB && is_four_bytes(bytes + at, size - at)) {
            at += 4;
            continue;
        }
        if (at + 1 < size && rate_pair(family, bytes + at) >= 0) {
            at += 2;
            continue;
        }
        size_t from = at + 1 - run > RUN_MAX ? at + 1 - RUN_MAX : run;
        mark_run(family, bytes + from, at + 1 - from);
        run = ++at;
    }
}

const char *gs_resync_rescue(enum gs_encoding_family family, const uint8_t *bytes, size_t size)
{
    /* Big5 of 1984 and code page 950 have them; HKSCS has their likes elsewhere. */
    static const struct {
        uint8_t bytes[2];
        const char *text;
    } extra[] = {
        {{0xA1, 0x5A}, "╴"},  {{0xA1, 0xC3}, "￣"}, {{0xA1, 0xC5}, "ˍ"},  {{0xA1, 0xFE}, "／"},
        {{0xA2, 0x40}, "＼"}, {{0xA2, 0xCC}, "十"}, {{0xA2, 0xCE}, "卅"}, {{0xA3, 0xE1}, "€"},
    };
    if (family != GS_FAMILY_BIG5 || size < 2)
        return NULL;
    for (size_t i = 0; i < sizeof(extra) / sizeof(extra[0]); i++) {
        if (bytes[0] == extra[i].bytes[0] && bytes[1] == extra[i].bytes[1])
            return extra[i].text;
    }
    return NULL;
}
