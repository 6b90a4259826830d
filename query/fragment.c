#include "query/fragment.h"

#include "common/base/utf8_step.h"
#include "common/text/display.h"

#include <stdlib.h>

/* Before an anchor for each character: a word may be as long as it likes; twice that behind. */
#define REGION_CHAR_BYTES 26u
#define SENTENCE_CHARS    2000u /* of a fragment that is a sentence alone */
#define CONTEXT_CHARS     40u   /* before the anchor, where a long sentence is cut */
#define SNAP_CHARS        20u   /* a clause may begin or end this far from where a cut would be */
#define ELLIPSIS          "…"

/* Part of the source that is cleaned and cut, and where the anchor is in it. */
struct region {
    uint32_t start, end;        /* bytes of the content */
    size_t unit, unit_end;      /* units inside */
    bool open_left, open_right; /* the content goes on there */
    struct gs_clean_range anchor;
};

/* Characters [from, to) of the cleaned text. */
struct window {
    size_t from, to;
};

struct gs_fragment_shape gs_fragment_shape_common(void)
{
    return (struct gs_fragment_shape){.chars = GS_FRAGMENT_CHARS, .fill = true};
}

struct gs_fragment_shape gs_fragment_shape_context(size_t context)
{
    size_t chars = context < GS_FRAGMENT_CHARS_MAX
                       ? SENTENCE_CHARS + 2 * context * GS_FRAGMENT_CHARS
                       : GS_FRAGMENT_CHARS_MAX;
    if (chars > GS_FRAGMENT_CHARS_MAX)
        chars = GS_FRAGMENT_CHARS_MAX;
    return (struct gs_fragment_shape){.chars = (uint32_t)chars, .sentences = (uint32_t)context};
}

void gs_fragment_init(struct gs_fragment *f)
{
    *f = (struct gs_fragment){.spans = NULL};
    gs_buf_init(&f->text, (size_t)1 << 20);
}

void gs_fragment_release(struct gs_fragment *f)
{
    if (!f)
        return;
    gs_buf_release(&f->text);
    free(f->spans);
    f->spans = NULL;
    f->span_count = f->span_capacity = 0;
}

void gs_fragment_cutter_init(struct gs_fragment_cutter *k)
{
    *k = (struct gs_fragment_cutter){.ranges = NULL};
    gs_clean_init(&k->clean);
}

void gs_fragment_cutter_release(struct gs_fragment_cutter *k)
{
    if (!k)
        return;
    gs_clean_release(&k->clean);
    free(k->ranges);
    k->ranges = NULL;
    k->range_count = k->range_capacity = 0;
}

size_t gs_fragment_unit_at(const struct gs_unit *units, size_t count, uint32_t position)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (units[middle].position < position)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The bytes of an occurrence; false where the source does not hold all of it. */
static bool occurrence_bytes(const struct gs_fragment_source *s, const struct gs_occurrence *o,
                             struct gs_clean_range *out)
{
    uint64_t behind = (uint64_t)o->position + o->width;
    size_t first = gs_fragment_unit_at(s->units, s->unit_count, o->position);
    if (first == s->unit_count || s->units[first].position >= behind || behind > UINT32_MAX)
        return false;
    size_t next = gs_fragment_unit_at(s->units, s->unit_count, (uint32_t)behind);
    if (next == s->unit_count && s->units[next - 1].position + 1 < behind)
        return false;
    *out = (struct gs_clean_range){s->units[first].start, s->units[next - 1].end};
    return out->start < out->end;
}

/* Moves an offset that may stand inside a character to the next character's start. */
static uint32_t character_start(const struct gs_fragment_source *s, uint32_t at)
{
    while (at - s->offset < s->size && gs_utf8_is_tail(s->bytes[at - s->offset]))
        at++;
    return at;
}

static bool region_find(const struct gs_fragment_source *s, const struct gs_occurrence *o,
                        struct region *r)
{
    if (!occurrence_bytes(s, o, &r->anchor))
        return false;
    uint32_t around = gs_fragment_around(&s->shape), bytes = s->shape.chars * REGION_CHAR_BYTES;
    uint32_t left = o->position > around ? o->position - around : 0;
    uint64_t right = (uint64_t)o->position + o->width + around;
    uint32_t source_end = s->offset + (uint32_t)s->size;
    r->unit = gs_fragment_unit_at(s->units, s->unit_count, left);
    r->unit_end = gs_fragment_unit_at(s->units, s->unit_count,
                                      right > UINT32_MAX ? UINT32_MAX : (uint32_t)right);
    r->start = r->unit == 0 ? s->offset : s->units[r->unit - 1].end;
    r->end = r->unit_end < s->unit_count ? s->units[r->unit_end].start : source_end;
    if (r->end == source_end && !s->complete)
        r->end =
            s->units[s->unit_count - 1].end; /* what stands behind may still be inside a unit */
    if (r->anchor.start - r->start > bytes)
        r->start = character_start(s, r->anchor.start - bytes);
    if (r->end > r->anchor.start && r->end - r->anchor.start > 2 * bytes)
        r->end = character_start(s, r->anchor.start + 2 * bytes);
    if (r->end < r->anchor.end)
        r->anchor.end = r->end;
    r->open_left = r->start > 0;
    r->open_right = r->end < source_end || !s->complete;
    return r->start <= r->anchor.start && r->anchor.start < r->anchor.end;
}

static bool add_range(struct gs_fragment_cutter *k, struct gs_clean_range range)
{
    if (k->range_count == k->range_capacity) {
        size_t capacity = k->range_capacity * 2 + 32;
        struct gs_clean_range *ranges = realloc(k->ranges, capacity * sizeof(*ranges));
        if (!ranges)
            return false;
        k->ranges = ranges;
        k->range_capacity = capacity;
    }
    k->ranges[k->range_count++] = range;
    return true;
}

/* The bytes of the occurrences that lie in the region, by their starts; of the anchor what lies in
 * it. */
static bool region_ranges(struct gs_fragment_cutter *k, const struct gs_fragment_source *s,
                          const struct region *r, size_t anchor)
{
    k->range_count = 0;
    uint32_t first = s->units[r->unit].position;
    size_t low = 0, high = s->occurrence_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (s->occurrences[middle].position < first)
            low = middle + 1;
        else
            high = middle;
    }
    for (size_t i = low; i < s->occurrence_count; i++) {
        struct gs_clean_range range;
        if (r->unit_end < s->unit_count &&
            s->occurrences[i].position >= s->units[r->unit_end].position)
            break;
        if (!occurrence_bytes(s, &s->occurrences[i], &range) || range.start < r->start ||
            range.start >= r->end)
            continue;
        if (range.end > r->end && i != anchor)
            continue;
        if (range.end > r->end)
            range.end = r->end;
        if (!add_range(k, range))
            return false;
    }
    return true;
}

static bool is_ender(uint32_t cp)
{
    return cp == 0x3002 || cp == 0xFF01 || cp == 0xFF1F || cp == 0xFF1B || cp == 0xFF61;
}

static bool is_clause_end(uint32_t cp)
{
    return cp == 0xFF0C || cp == 0x3001 || cp == 0xFF1A || cp == ',' || cp == ';' || cp == ':' ||
           is_ender(cp);
}

/* Punctuation that belongs to what stands before it. */
static bool is_trailing(uint32_t cp)
{
    static const uint16_t set[] = {'!',    '%',    '\'',   '"',    ')',    ',',    '.',    ':',
                                   ';',    '?',    ']',    '}',    0xB0,   0x2019, 0x201D, 0x2026,
                                   0x2030, 0x2103, 0x3001, 0x3002, 0x3009, 0x300B, 0x300D, 0x300F,
                                   0x3011, 0x3015, 0xFF01, 0xFF05, 0xFF09, 0xFF0C, 0xFF0E, 0xFF1A,
                                   0xFF1B, 0xFF1F, 0xFF3D, 0xFF5D, 0xFF61};
    for (size_t i = 0; i < sizeof(set) / sizeof(set[0]); i++)
        if (set[i] == cp)
            return true;
    return false;
}

static bool is_space(const struct gs_clean_char *c)
{
    return c->class == GS_DISPLAY_SPACE;
}

/* Notes where sentences begin: behind full enders with their closers, and where the index says. */
static void mark_sentences(struct gs_clean *c, const struct gs_fragment_source *s,
                           const struct region *r)
{
    for (size_t i = 1; i < c->count; i++)
        if (is_ender(c->chars[i - 1].cp)) {
            while (i < c->count && is_trailing(c->chars[i].cp))
                i++;
            if (i < c->count)
                c->chars[i].begins = true;
        }
    uint32_t first = s->units[r->unit].position;
    size_t low = 0, high = s->end_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (s->ends[middle] <= first)
            low = middle + 1;
        else
            high = middle;
    }
    for (size_t e = low; e < s->end_count; e++) {
        size_t unit = gs_fragment_unit_at(s->units, s->unit_count, s->ends[e]);
        if (unit >= r->unit_end)
            break;
        if (unit <= r->unit || s->units[unit].start < r->start)
            continue;
        /* Punctuation directly behind the last unit closes the sentence; anything else opens the
         * next. */
        size_t i = gs_clean_find(c, s->units[unit - 1].end);
        while (i < c->count && c->chars[i].in < s->units[unit].start && is_trailing(c->chars[i].cp))
            i++;
        if (i < c->count)
            c->chars[i].begins = true;
    }
}

/* Whether the sentence that ends before `to` is running text: its last character but closers is a
 * full ender. */
static bool is_prose(const struct gs_clean *c, size_t from, size_t to)
{
    while (to > from && (is_space(&c->chars[to - 1]) ||
                         (is_trailing(c->chars[to - 1].cp) && !is_ender(c->chars[to - 1].cp))))
        to--;
    return to > from && is_ender(c->chars[to - 1].cp);
}

/* Start of the sentence that holds i; false where the region begins inside it. */
static bool sentence_start(const struct gs_clean *c, const struct region *r, size_t i,
                           size_t *start)
{
    while (i > 0 && !c->chars[i].begins)
        i--;
    *start = i;
    return i > 0 || c->chars[0].begins || !r->open_left;
}

/* The place behind the sentence that holds i; false where the region ends inside it. */
static bool sentence_end(const struct gs_clean *c, const struct region *r, size_t i, size_t *end)
{
    for (i++; i < c->count && !c->chars[i].begins;)
        i++;
    *end = i < c->count ? i : c->count;
    return i < c->count || !r->open_right;
}

static size_t trimmed_size(const struct gs_clean *c, struct window w)
{
    while (w.from < w.to && is_space(&c->chars[w.from]))
        w.from++;
    while (w.to > w.from && is_space(&c->chars[w.to - 1]))
        w.to--;
    return w.to - w.from;
}

/* The characters around the anchor that no other fragment shows. */
static struct window free_space(const struct gs_clean *c, const struct gs_fragment_source *s,
                                size_t anchor)
{
    struct window w = {0, c->count};
    for (size_t i = 0; i < s->taken_count; i++) {
        size_t from = gs_clean_find(c, s->taken[i].start), to = gs_clean_find(c, s->taken[i].end);
        if (from >= to)
            continue;
        if (from > anchor)
            w.to = from < w.to ? from : w.to;
        else
            w.from = to > w.from ? to : w.from;
    }
    return w;
}

/* Sentences of any kind on both sides, as many as the shape wants and as fit. */
static struct window add_context(const struct gs_clean *c, const struct region *r, struct window w,
                                 struct window room, const struct gs_fragment_shape *shape)
{
    size_t at;
    for (uint32_t i = 0; i < shape->sentences; i++) {
        if (w.from > 0 && sentence_start(c, r, w.from - 1, &at) && at >= room.from &&
            trimmed_size(c, (struct window){at, w.to}) <= shape->chars)
            w.from = at;
        if (w.to < c->count && sentence_end(c, r, w.to, &at) && at <= room.to &&
            trimmed_size(c, (struct window){w.from, at}) <= shape->chars)
            w.to = at;
    }
    return w;
}

/* Whole sentences of running text, first behind, then before, as long as they fit in the fragment
 * and in `room`. */
static struct window extend(const struct gs_clean *c, const struct region *r, struct window w,
                            struct window room, size_t chars)
{
    if (!is_prose(c, w.from, w.to))
        return w;
    size_t at;
    while (w.to < c->count && sentence_end(c, r, w.to, &at) && at <= room.to &&
           is_prose(c, w.to, at) && trimmed_size(c, (struct window){w.from, at}) <= chars)
        w.to = at;
    while (w.from > 0 && sentence_start(c, r, w.from - 1, &at) && at >= room.from &&
           is_prose(c, at, w.from) && trimmed_size(c, (struct window){at, w.to}) <= chars)
        w.from = at;
    return w;
}

/* What stands below a heading, of any kind, as it fits. */
static struct window extend_below(const struct gs_clean *c, const struct region *r, struct window w,
                                  struct window room, size_t chars)
{
    for (size_t at; w.to < c->count && sentence_end(c, r, w.to, &at) && at <= room.to &&
                    trimmed_size(c, (struct window){w.from, at}) <= chars;)
        w.to = at;
    return w;
}

static bool is_digit(uint32_t cp)
{
    return cp >= '0' && cp <= '9';
}

/* Headings and heads of tables have neither clauses nor figures like 12.5 and 3,021. */
static bool says_something(const struct gs_clean *c, struct window w)
{
    for (size_t i = w.from; i < w.to; i++) {
        const struct gs_clean_char *at = &c->chars[i];
        if (at->cp == 0xFF0C || is_ender(at->cp))
            return true;
        if ((at->cp == '.' || at->cp == ',') && i > w.from && i + 1 < w.to && is_digit(at[-1].cp) &&
            is_digit(at[1].cp))
            return true;
    }
    return false;
}

static bool is_inside_word(const struct gs_clean *c, size_t i)
{
    return i > 0 && i < c->count && c->chars[i - 1].class == GS_DISPLAY_NARROW &&
           c->chars[i].class == GS_DISPLAY_NARROW;
}

static size_t snap_start(const struct gs_clean *c, size_t from, size_t least, size_t most)
{
    size_t stop = from + SNAP_CHARS < most ? from + SNAP_CHARS : most;
    for (size_t i = from; i <= stop; i++)
        if (i > least && is_clause_end(c->chars[i - 1].cp) && !is_inside_word(c, i))
            return i;
    while (from < most && is_inside_word(c, from))
        from++;
    return from;
}

static size_t snap_end(const struct gs_clean *c, size_t to, size_t least)
{
    size_t stop = to > least + SNAP_CHARS ? to - SNAP_CHARS : least;
    for (size_t i = to; i > stop; i--)
        if (is_clause_end(c->chars[i - 1].cp) && !is_inside_word(c, i))
            return i;
    size_t end = to;
    while (end > least && is_inside_word(c, end))
        end--;
    return is_inside_word(c, end) ? to : end;
}

/* The end of the last match that ends inside [.., to), at least `least`. */
static size_t last_hit_end(const struct gs_fragment_cutter *k, size_t least, size_t to)
{
    for (size_t i = k->range_count; i-- > 0;) {
        size_t end = gs_clean_find(&k->clean, k->ranges[i].end);
        if (end <= to)
            return end > least ? end : least;
    }
    return least;
}

/* A window of a sentence that is too long, around the anchor's characters. */
static struct window cut_long(const struct gs_fragment_cutter *k, struct window sentence,
                              struct window anchor, size_t chars)
{
    const struct gs_clean *c = &k->clean;
    const size_t most = chars - 2;
    if (anchor.to - anchor.from >= most)
        return (struct window){anchor.from, anchor.from + most};
    size_t lead = (most - (anchor.to - anchor.from)) / 3;
    if (lead > CONTEXT_CHARS)
        lead = CONTEXT_CHARS;
    struct window w = {.from =
                           anchor.from - sentence.from > lead ? anchor.from - lead : sentence.from};
    w.to = sentence.to - w.from > most ? w.from + most : sentence.to;
    if (w.to == sentence.to && sentence.to - sentence.from > most && w.to - w.from < most)
        w.from = w.to - most > sentence.from ? w.to - most : sentence.from;
    if (w.from > sentence.from)
        w.from = snap_start(c, w.from, sentence.from, anchor.from);
    if (w.to < sentence.to)
        w.to = snap_end(c, w.to, last_hit_end(k, anchor.to, w.to));
    return w;
}

/* A window with the sides on which its sentence goes on. */
struct cut {
    struct window window;
    bool left, right;
    size_t below; /* where what stands below a heading begins, a space before it; 0: nowhere */
};

/* The beginning of what stands below a heading, where that is too long to be shown whole. */
static void begin_below(const struct gs_clean *c, struct window room, size_t chars, struct cut *cut)
{
    size_t most = cut->window.from + chars - 3; /* a space, two ellipses */
    size_t least = cut->window.to, to = most < room.to ? most : room.to;
    if (to <= least + SNAP_CHARS)
        return;
    cut->window.to = to < c->count ? snap_end(c, to, least) : to;
    cut->right = true;
}

static struct cut cut_find(const struct gs_fragment_cutter *k, const struct gs_fragment_source *s,
                           const struct region *r)
{
    const struct gs_clean *c = &k->clean;
    struct window anchor = {gs_clean_find(c, r->anchor.start), gs_clean_find(c, r->anchor.end)},
                  sentence;
    if (anchor.from >= anchor.to)
        return (struct cut){.left = false};
    struct window room = free_space(c, s, anchor.from);
    bool starts = sentence_start(c, r, anchor.from, &sentence.from);
    bool ends = sentence_end(c, r, anchor.to - 1, &sentence.to);
    if (sentence.from < room.from) {
        sentence.from = room.from < anchor.to ? room.from : anchor.to;
        starts = false;
    }
    if (sentence.to > room.to) {
        sentence.to = room.to;
        ends = false;
    }
    if (anchor.from < sentence.from)
        anchor.from = sentence.from;
    if (anchor.to > sentence.to)
        anchor.to = sentence.to;
    if (anchor.from >= anchor.to)
        return (struct cut){.left = false};
    struct cut cut = {.window = sentence, .left = !starts, .right = !ends};
    size_t ellipses = (starts ? 0u : 1u) + (ends ? 0u : 1u);
    if (trimmed_size(c, sentence) + ellipses > s->shape.chars) {
        cut.window = cut_long(k, sentence, anchor, s->shape.chars);
        cut.left |= cut.window.from > sentence.from;
        cut.right |= cut.window.to < sentence.to;
    } else if (starts && ends) {
        cut.window = !s->shape.fill ? add_context(c, r, sentence, room, &s->shape)
                     : s->leads     ? extend_below(c, r, sentence, room, s->shape.chars - 1)
                                    : extend(c, r, sentence, room, s->shape.chars);
    }
    if (s->leads && s->shape.fill && starts && ends && cut.window.to == sentence.to)
        begin_below(c, room, s->shape.chars, &cut);
    if (s->leads && cut.window.to > sentence.to && !is_space(&c->chars[sentence.to]) &&
        !is_space(&c->chars[sentence.to - 1]))
        cut.below = sentence.to;
    while (cut.window.from < cut.window.to && is_space(&c->chars[cut.window.from]))
        cut.window.from++;
    while (cut.window.to > cut.window.from && is_space(&c->chars[cut.window.to - 1]))
        cut.window.to--;
    return cut;
}

static bool add_span(struct gs_fragment *f, uint32_t start, uint32_t end)
{
    if (f->span_count && start <= f->spans[f->span_count - 1].end) {
        if (end > f->spans[f->span_count - 1].end)
            f->spans[f->span_count - 1].end = end;
        return true;
    }
    if (f->span_count == f->span_capacity) {
        size_t capacity = f->span_capacity * 2 + 8;
        struct gs_fragment_span *spans = realloc(f->spans, capacity * sizeof(*spans));
        if (!spans)
            return false;
        f->spans = spans;
        f->span_capacity = capacity;
    }
    f->spans[f->span_count++] = (struct gs_fragment_span){start, end};
    return true;
}

/* Marks the anchor, or what the window holds of it, and the occurrences that lie whole in the
 * window. */
static bool mark_hits(const struct gs_fragment_cutter *k, const struct region *r,
                      const struct cut *cut, uint32_t shift, struct gs_fragment *f)
{
    const struct gs_clean *c = &k->clean;
    const struct window w = cut->window;
    const size_t below = cut->below ? cut->below : c->count;
    f->span_count = 0;
    for (size_t i = 0; i < k->range_count; i++) {
        const struct gs_clean_range *range = &k->ranges[i];
        size_t from = gs_clean_find(c, range->start), to = gs_clean_find(c, range->end);
        bool is_anchor = range->start == r->anchor.start && range->end == r->anchor.end;
        if (!is_anchor && (from < w.from || to > w.to))
            continue;
        from = from < w.from ? w.from : from;
        to = to > w.to ? w.to : to;
        if (from >= to)
            continue;
        if (f->span_count == 0)
            f->first_hit = range->start;
        if (!add_span(f, c->chars[from].out - c->chars[w.from].out + shift + (from >= below),
                      c->chars[to].out - c->chars[w.from].out + shift + (to > below)))
            return false;
    }
    return true;
}

static void note_positions(const struct gs_fragment_source *s, const struct region *r,
                           struct gs_fragment *f)
{
    f->first_position = UINT32_MAX;
    f->end_position = 0;
    for (size_t u = r->unit; u < r->unit_end; u++) {
        if (s->units[u].start < f->start || s->units[u].end > f->end)
            continue;
        if (f->first_position == UINT32_MAX)
            f->first_position = s->units[u].position;
        f->end_position = s->units[u].position + 1;
    }
}

enum gaosou_status gs_fragment_cut(struct gs_fragment_cutter *k, const struct gs_fragment_source *s,
                                   size_t anchor, struct gs_fragment *f)
{
    struct region r;
    if (anchor >= s->occurrence_count || s->unit_count == 0 ||
        !region_find(s, &s->occurrences[anchor], &r))
        return GAOSOU_E_NOT_FOUND;
    if (!region_ranges(k, s, &r, anchor))
        return GAOSOU_E_NOMEM;
    enum gaosou_status status =
        gs_clean_run(&k->clean, s->bytes + (r.start - s->offset), r.end - r.start, r.start,
                     s->marks, s->mark_count, k->ranges, k->range_count);
    if (status != GAOSOU_OK)
        return status;
    struct gs_clean *c = &k->clean;
    mark_sentences(c, s, &r);
    struct cut cut = cut_find(k, s, &r);
    struct window w = cut.window;
    if (w.from == w.to)
        return GAOSOU_E_NOT_FOUND;
    gs_buf_clear(&f->text);
    if (cut.left)
        gs_buf_append_str(&f->text, ELLIPSIS);
    uint32_t shift = (uint32_t)f->text.size;
    size_t first_end = cut.below ? cut.below : w.to;
    gs_buf_append(&f->text, c->text.data + c->chars[w.from].out,
                  c->chars[first_end].out - c->chars[w.from].out);
    if (cut.below)
        gs_buf_append_str(&f->text, " ");
    gs_buf_append(&f->text, c->text.data + c->chars[first_end].out,
                  c->chars[w.to].out - c->chars[first_end].out);
    if (cut.right)
        gs_buf_append_str(&f->text, ELLIPSIS);
    f->start = c->chars[w.from].in;
    f->end = w.to < c->count ? c->chars[w.to].in : r.end;
    f->first_hit = r.anchor.start;
    f->says_something = says_something(c, w);
    if (!mark_hits(k, &r, &cut, shift, f))
        return GAOSOU_E_NOMEM;
    note_positions(s, &r, f);
    return gs_buf_status(&f->text);
}
