#include "indexer/detect.h"

#include "common/base/utf8_step.h"
#include "indexer/decode.h"
#include "indexer/plausible.h"

#include <string.h>
#include <uchardet/uchardet.h>

#define SAMPLE_SIZE   ((size_t)1024)
#define SAMPLES_MAX   4
#define ASK_SIZE      ((size_t)1024) /* bytes for uchardet, which takes half a microsecond a byte */
#define SYNC_SIZE     ((size_t)256)  /* in which a sample looks for a place to begin */
#define CONVINCING    0.6 /* share of the text that is what text is made of: believed at once */
#define DECISIVE      0.75 /* ... and the other of GBK and Big5 so much less: nothing else is tried */
#define DECISIVE_LEAD 0.25
#define MOSTLY_ASCII  0.8
#define SOME          0.1 /* share of what is not ASCII */
#define LETTERS_MIN   8   /* characters outside ASCII before a Western encoding is believed */
#define HARDLY_TEXT   0.3
#define SHORT_SIZE    64 /* bytes: too few for validity as UTF-8 to be more than chance */
#define NUL_SHARE     64 /* one U+0000 in so many bytes: binary */
#define CONTROL_SHARE 32 /* one control character in so many bytes that are no text: binary */

/* The input and where it is looked at. */
struct samples {
    const uint8_t *bytes;
    size_t size;
    bool goes_on; /* behind size */
    size_t from[SAMPLES_MAX], to[SAMPLES_MAX];
    size_t count;
};

struct trial {
    const char *name;
    struct gs_plausible seen;
    double other; /* share of the text outside ASCII that reads as text */
};

static bool is_same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

/* ---- samples ---- */

static void add_sample(struct samples *s, size_t from)
{
    size_t before = s->count > 0 ? s->to[s->count - 1] : 0;
    from &= ~(size_t)3; /* units of UTF-16 and UTF-32 stay whole */
    if (from < before)
        from = before;
    size_t left = s->size - from;
    if (left == 0)
        return;
    s->from[s->count] = from;
    s->to[s->count++] = left < SAMPLE_SIZE ? s->size : from + SAMPLE_SIZE;
}

/* Start, the first byte that is not UTF-8, middle, end. */
static void take_samples(struct samples *s, size_t first_bad)
{
    s->count = 0;
    if (s->size <= SAMPLES_MAX * SAMPLE_SIZE) {
        s->from[0] = 0;
        s->to[0] = s->size;
        s->count = 1;
        return;
    }
    size_t middle = s->size / 2, end = s->size - SAMPLE_SIZE;
    size_t bad = first_bad < SAMPLE_SIZE / 2 ? 0 : first_bad - SAMPLE_SIZE / 2;
    add_sample(s, 0);
    if (bad > 0 && bad <= middle)
        add_sample(s, bad);
    add_sample(s, middle);
    if (bad > middle && bad < s->size)
        add_sample(s, bad);
    if (s->count < SAMPLES_MAX && s->to[s->count - 1] < end)
        add_sample(s, end);
}

/* Where in a sample a character surely begins, if it does not begin the input: behind a byte that
 * no encoding has inside a character, as far as there is one. */
static size_t sync(const struct samples *s, size_t i, enum gs_encoding_family family)
{
    size_t from = s->from[i];
    if (from == 0 || family == GS_FAMILY_UTF16 || family == GS_FAMILY_UTF32)
        return from;
    for (size_t at = from; at < s->to[i] && at - from < SYNC_SIZE; at++) {
        bool begins = family == GS_FAMILY_UTF8 ? !gs_utf8_is_tail(s->bytes[at])
                                               : at > from && s->bytes[at - 1] < 0x30;
        if (begins)
            return at;
    }
    return from;
}

/* ---- one encoding tried on the samples ---- */

static void count_sample(const struct samples *s, size_t i, struct gs_decoder *d, size_t from,
                         struct gs_buf *text, struct gs_plausible *seen)
{
    size_t to = s->to[i];
    bool last = to == s->size && !s->goes_on;
    gs_decoder_reset(d);
    gs_buf_clear(text);
    if (gs_decoder_feed(d, s->bytes + from, to - from, last, text) != GAOSOU_OK)
        return; /* no memory: nothing is seen, and the next best has it */
    size_t size = text->size;
    if (!d->iconv && !last) /* a character that the sample cut */
        for (size_t back = 0; back < 3 && size > 0 && text->data[size - 1] >= 0x80; back++)
            size--;
    gs_plausible_count(seen, text->data, size);
}

/* A sample that begins nowhere sure may begin within a character: the better of both readings. */
static void try_sample(const struct samples *s, size_t i, struct gs_decoder *d, struct gs_buf *text,
                       struct gs_plausible *seen)
{
    size_t from = sync(s, i, d->family);
    bool unsure = from > 0 && from == s->from[i] && s->bytes[from - 1] >= 0x30 &&
                  (d->family == GS_FAMILY_GB || d->family == GS_FAMILY_BIG5);
    struct gs_plausible one = *seen, two = *seen;
    count_sample(s, i, d, from, text, &one);
    if (unsure)
        count_sample(s, i, d, from + 1, text, &two);
    *seen = unsure && gs_plausible_score(&two) > gs_plausible_score(&one) ? two : one;
}

static struct trial try_encoding(const struct samples *s, const char *name)
{
    struct trial t = {.name = name};
    struct gs_decoder d;
    struct gs_buf text;
    if (gs_decoder_open(&d, name, NULL) != GAOSOU_OK)
        return t;
    gs_buf_init(&text, SAMPLES_MAX * SAMPLE_SIZE * 8);
    for (size_t i = 0; i < s->count; i++)
        try_sample(s, i, &d, &text, &t.seen);
    t.other = gs_plausible_score_other(&t.seen);
    gs_buf_release(&text);
    gs_decoder_close(&d);
    return t;
}

/* ---- uchardet ---- */

/* What it says of what begins outside ASCII in each sample, as a canonical name; NULL for nothing,
 * or nothing known here. */
static const char *ask_uchardet(const struct samples *s)
{
    uchardet_t u = uchardet_new();
    size_t left = ASK_SIZE;
    if (!u)
        return NULL;
    for (size_t i = 0; i < s->count && left > 0; i++) {
        size_t from = sync(s, i, GS_FAMILY_OTHER);
        while (from < s->to[i] && s->bytes[from] < 0x80)
            from++;
        size_t size = s->to[i] - from < left ? s->to[i] - from : left;
        if (uchardet_handle_data(u, (const char *)s->bytes + from, size) != 0)
            break;
        left -= size;
    }
    uchardet_data_end(u);
    const char *name = gs_encoding_canonical(uchardet_get_charset(u));
    uchardet_delete(u);
    return is_same(name, "UTF-8") ? NULL : name;
}

/* ---- the decision ---- */

static void settle(struct gs_encoding *out, const struct trial *t, enum gs_encoding_origin origin)
{
    out->name = t->name;
    out->origin = origin;
    out->confidence = t->other;
}

static bool is_chinese(const char *name)
{
    enum gs_encoding_family family = gs_encoding_family(name);
    return family == GS_FAMILY_GB || family == GS_FAMILY_BIG5;
}

/* By what it is compared. Single bytes can be read as letters whatever they are. uchardet's word
 * counts where it knows more than the trials; between GBK and Big5, for a character or two, it
 * guesses. */
static double rank_trial(const struct trial *t, const char *detected, const char *declared)
{
    double rank = gs_encoding_family(t->name) == GS_FAMILY_SINGLE ? t->other * 0.8 : t->other;
    rank += is_same(t->name, detected) && !is_chinese(detected) ? 0.03 : 0;
    return rank + (is_same(t->name, declared) ? 0.03 : 0);
}

/* All that may be, the most plausible wins; uchardet's and the declared one among near equals. */
static struct trial try_all(const struct samples *s, const char *detected, const char *declared)
{
    static const char *const always[] = {"UTF-8",    "GB18030",  "BIG5-HKSCS",
                                         "UTF-16LE", "UTF-16BE", "CP1252"};
    enum { KNOWN = sizeof(always) / sizeof(always[0]) };
    const char *names[KNOWN + 2];
    size_t count = KNOWN;
    memcpy(names, always, sizeof(always));
    if (detected)
        names[count++] = detected;
    if (declared)
        names[count++] = declared;
    struct trial best = {.name = "UTF-8"};
    double best_rank = -1;
    for (size_t i = 0; i < count; i++) {
        struct trial t = try_encoding(s, names[i]);
        double rank = rank_trial(&t, detected, declared);
        if (t.seen.characters > 0 && rank > best_rank) {
            best = t;
            best_rank = rank;
        }
    }
    return best;
}

static bool is_wide(const char *name)
{
    enum gs_encoding_family family = gs_encoding_family(name);
    return family == GS_FAMILY_UTF16 || family == GS_FAMILY_UTF32;
}

/* Control characters of the samples, NUL aside, as bytes. */
static size_t count_controls(const struct samples *s, size_t *of)
{
    size_t controls = 0;
    *of = 0;
    for (size_t i = 0; i < s->count; i++) {
        *of += s->to[i] - s->from[i];
        for (size_t at = s->from[i]; at < s->to[i]; at++) {
            uint8_t c = s->bytes[at];
            controls += (c < 0x20 && c > 0 && (c < '\t' || c > '\r') && c != 0x1B) || c == 0x7F;
        }
    }
    return controls;
}

/* Zeros, those at the very end aside: padding of a file that was not cut. */
static size_t count_nuls(const uint8_t *bytes, size_t size)
{
    size_t count = 0;
    while (size > 0 && bytes[size - 1] == 0)
        size--;
    if (size == 0)
        return SIZE_MAX / NUL_SHARE;
    const uint8_t *at = bytes, *end = bytes + size;
    while ((at = memchr(at, 0, (size_t)(end - at))) != NULL) {
        count++;
        at++;
    }
    return count;
}

static bool is_binary(const struct samples *s, const struct gs_encoding *e)
{
    if (is_wide(e->name))
        return e->confidence < HARDLY_TEXT && e->origin == GS_ENCODING_BY_DETECTION;
    if (count_nuls(s->bytes, s->size) * NUL_SHARE > s->size)
        return true;
    size_t of, controls = count_controls(s, &of);
    return controls * CONTROL_SHARE > of;
}

/* One of the usual encodings, where it reads well and those like it do not; else what uchardet
 * says, if the text agrees, among all that may be. uchardet alone takes longer than all trials. */
static struct trial detect(const struct samples *s, const char *declared)
{
    static const char *const pairs[][2] = {{"GB18030", "BIG5-HKSCS"}, {"UTF-16LE", "UTF-16BE"}};
    double others = 0; /* the best of those that were not decisive */
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        struct trial a = try_encoding(s, pairs[i][0]), b = try_encoding(s, pairs[i][1]);
        const struct trial *better = a.other >= b.other ? &a : &b;
        const struct trial *worse = better == &a ? &b : &a;
        others = worse->other > others ? worse->other : others;
        if (better->other >= DECISIVE && others <= better->other - DECISIVE_LEAD)
            return *better;
        others = better->other > others ? better->other : others;
    }
    return try_all(s, ask_uchardet(s), declared);
}

/* Whether the bytes are rather UTF-8 with damage than what was found: nothing reads well, but
 * nearly all is ASCII; or some of it is UTF-8, which it hardly is by chance; or a few bytes could
 * be letters of an encoding in which every byte is one. */
static bool is_damaged_utf8(const struct trial *found, const struct trial *utf8,
                            const char *declared)
{
    double least = is_wide(found->name) ? CONVINCING : HARDLY_TEXT;
    if (found->other < least && gs_plausible_score(&utf8->seen) >= MOSTLY_ASCII)
        return true;
    if (found->other < CONVINCING && utf8->other > SOME)
        return true;
    if (gs_encoding_family(found->name) != GS_FAMILY_SINGLE)
        return false;
    bool too_few = found->seen.other < LETTERS_MIN && !is_same(found->name, declared);
    return utf8->other > SOME || too_few;
}

static void find_invalid(struct samples *s, const char *declared, struct gs_encoding *out)
{
    struct trial utf8 = try_encoding(s, "UTF-8");
    bool has_nul = memchr(s->bytes, 0, s->size) != NULL;
    if (utf8.other >= CONVINCING && utf8.seen.other > 0 && !has_nul) {
        settle(out, &utf8, GS_ENCODING_BY_VALIDITY);
        return;
    }
    enum gs_encoding_family family = gs_encoding_family(declared);
    if (declared && family != GS_FAMILY_UTF8 && family != GS_FAMILY_SINGLE) {
        struct trial t = try_encoding(s, declared);
        if (t.other >= CONVINCING) {
            settle(out, &t, GS_ENCODING_BY_DECLARATION);
            return;
        }
    }
    struct trial t = detect(s, declared);
    if (is_damaged_utf8(&t, &utf8, declared))
        t = utf8;
    settle(out, &t,
           is_same(t.name, declared)  ? GS_ENCODING_BY_DECLARATION
           : is_same(t.name, "UTF-8") ? GS_ENCODING_BY_VALIDITY
                                      : GS_ENCODING_BY_DETECTION);
}

/* ---- byte order marks and the user's word ---- */

static const struct {
    const char *name;
    size_t size;
    char bytes[5];
} marks[] = {
    {"UTF-8", 3, "\xEF\xBB\xBF"},    {"UTF-32LE", 4, "\xFF\xFE\0\0"},
    {"UTF-32BE", 4, "\0\0\xFE\xFF"}, {"UTF-16LE", 2, "\xFF\xFE"},
    {"UTF-16BE", 2, "\xFE\xFF"},     {"GB18030", 4, "\x84\x31\x95\x33"},
};

/* The name of the mark in front, if it goes with `family` (any: GS_FAMILY_OTHER). */
static const char *find_mark(const uint8_t *bytes, size_t size, enum gs_encoding_family family,
                             size_t *mark_size)
{
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        bool fits = family == GS_FAMILY_OTHER || gs_encoding_family(marks[i].name) == family;
        if (fits && size >= marks[i].size && memcmp(bytes, marks[i].bytes, marks[i].size) == 0) {
            *mark_size = marks[i].size;
            return marks[i].name;
        }
    }
    *mark_size = 0;
    return NULL;
}

/* UTF-16 or UTF-32 without a mark: the byte order that reads better. */
static const char *find_order(struct samples *s, enum gs_encoding_family family)
{
    bool two = family == GS_FAMILY_UTF16;
    take_samples(s, 0);
    struct trial little = try_encoding(s, two ? "UTF-16LE" : "UTF-32LE");
    struct trial big = try_encoding(s, two ? "UTF-16BE" : "UTF-32BE");
    return gs_plausible_score(&big.seen) > gs_plausible_score(&little.seen) ? big.name
                                                                            : little.name;
}

static void obey(struct samples *s, const char *user, struct gs_encoding *out)
{
    const char *known = gs_encoding_canonical(user);
    *out = (struct gs_encoding){
        .name = known ? known : user, .origin = GS_ENCODING_BY_USER, .confidence = 1};
    enum gs_encoding_family family = gs_encoding_family(user);
    const char *marked =
        family != GS_FAMILY_OTHER ? find_mark(s->bytes, s->size, family, &out->bom_size) : NULL;
    bool open_order = strcmp(out->name, "UTF-16") == 0 || strcmp(out->name, "UTF-32") == 0;
    if (open_order)
        out->name = marked ? marked : find_order(s, family);
    else if (marked && strcmp(marked, out->name) != 0)
        out->bom_size = 0;
    if (family == GS_FAMILY_UTF8)
        out->valid = gs_utf8_valid(s->bytes + out->bom_size, s->size - out->bom_size) ==
                         s->size - out->bom_size &&
                     !memchr(s->bytes, 0, s->size);
}

/* Where the valid UTF-8 ends; a character that the end of the first part of an input cuts is no
 * damage. */
static size_t find_bad(const struct samples *s)
{
    size_t good = gs_utf8_valid(s->bytes, s->size);
    if (s->goes_on && s->size - good < 4) {
        size_t at = good + 1;
        while (at < s->size && gs_utf8_is_tail(s->bytes[at]))
            at++;
        if (at == s->size && s->bytes[good] >= 0xC2)
            return s->size;
    }
    return good;
}

/* Whether a few bytes that are valid as UTF-8 are so by chance: only two-byte forms, and what they
 * spell is no text, as in GBK's C1 AA CD A8 and its kind. */
static bool is_by_chance(const struct samples *s)
{
    if (s->size > SHORT_SIZE)
        return false;
    for (size_t i = 0; i < s->size; i++) {
        if (s->bytes[i] >= 0xE0)
            return false;
    }
    struct gs_plausible seen = {0};
    gs_plausible_count(&seen, s->bytes, s->size);
    return seen.other > 0 && gs_plausible_score_other(&seen) < CONVINCING;
}

static void find(struct samples *s, const char *user, const char *declared, struct gs_encoding *out)
{
    *out = (struct gs_encoding){.name = "UTF-8"};
    if (s->size == 0) {
        out->valid = true;
        out->confidence = 1;
        return;
    }
    if (user) {
        obey(s, user, out);
        return;
    }
    size_t mark_size;
    const char *marked = find_mark(s->bytes, s->size, GS_FAMILY_OTHER, &mark_size);
    out->bom_size = mark_size;
    s->bytes += mark_size;
    s->size -= mark_size;
    declared = gs_encoding_canonical(marked ? marked : declared);
    size_t bad = is_wide(marked) ? 0 : find_bad(s);
    take_samples(s, bad);
    if (bad == s->size && !memchr(s->bytes, 0, s->size) && !is_by_chance(s)) {
        out->origin = marked                       ? GS_ENCODING_BY_BOM
                      : is_same(declared, "UTF-8") ? GS_ENCODING_BY_DECLARATION
                                                   : GS_ENCODING_BY_VALIDITY;
        out->confidence = 1;
        out->valid = !s->goes_on;
        return;
    }
    if (is_wide(marked)) {
        struct trial t = try_encoding(s, marked);
        settle(out, &t, GS_ENCODING_BY_BOM);
    } else {
        find_invalid(s, declared, out);
        if (is_same(marked, out->name))
            out->origin = GS_ENCODING_BY_BOM;
    }
    out->binary = is_binary(s, out);
    if (out->binary)
        out->name = "UTF-8";
}

void gs_encoding_find(const uint8_t *bytes, size_t size, const char *user, const char *declared,
                      struct gs_encoding *out)
{
    struct samples s = {.bytes = bytes, .size = size};
    find(&s, user, declared, out);
}

void gs_encoding_find_start(const uint8_t *bytes, size_t size, const char *user,
                            struct gs_encoding *out)
{
    struct samples s = {.bytes = bytes, .size = size, .goes_on = true};
    find(&s, user, NULL, out);
}

const char *gs_encoding_origin_name(enum gs_encoding_origin origin)
{
    static const char *const names[GS_ENCODING_ORIGIN_COUNT] = {
        [GS_ENCODING_BY_USER] = "option",         [GS_ENCODING_BY_BOM] = "bom",
        [GS_ENCODING_BY_VALIDITY] = "validity",   [GS_ENCODING_BY_DECLARATION] = "declaration",
        [GS_ENCODING_BY_DETECTION] = "detection",
    };
    return names[origin];
}
