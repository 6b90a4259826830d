/*
 * layout_running.c: running headers and footers: lines that recur next to page numbers and form
 * feeds, their digits aside (rule F3 of docs/ANALYSIS.md).
 */
#include "common/base/checksum.h"
#include "common/text/layout_internal.h"
#include "common/text/text_array.h"

/* ---- over white space and furniture ---- */

/* Spans that begin before `at`. */
static size_t furniture_before(const struct gs_layout_scratch *s, uint32_t at)
{
    size_t low = 0, high = s->furniture_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (s->furniture[middle].start < at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint32_t gs_skip_forward(const struct gs_layout_scratch *s, uint32_t at)
{
    const uint8_t *content = s->content, *end = content + s->size;
    size_t next = furniture_before(s, at);
    while (at < s->size) {
        while (next < s->furniture_count && s->furniture[next].start < at)
            next++;
        if (next < s->furniture_count && s->furniture[next].start == at) {
            at = s->furniture[next].end;
            continue;
        }
        size_t n = gs_space_at(content + at, end);
        if (!n && !(n = gs_line_end_at(content + at, end)))
            break;
        at += (uint32_t)n;
    }
    return at;
}

uint32_t gs_skip_backward(const struct gs_layout_scratch *s, uint32_t at)
{
    const uint8_t *content = s->content;
    size_t before = furniture_before(s, at);
    while (at > 0) {
        while (before > 0 && s->furniture[before - 1].end > at)
            before--;
        if (before > 0 && s->furniture[before - 1].end == at) {
            at = s->furniture[--before].start;
            continue;
        }
        size_t n = gs_space_before(content, content + at);
        if (!n && !(n = gs_line_end_before(content, content + at)))
            break;
        at -= (uint32_t)n;
    }
    return at;
}

/* Whether a piece of furniture lies in [start, end). */
static bool holds_furniture(const struct gs_layout_scratch *s, uint32_t start, uint32_t end)
{
    size_t before = furniture_before(s, end);
    return before > 0 && s->furniture[before - 1].end > start;
}

/* ---- boundaries: places that only white space, line ends and furniture part ---- */

/* The next place in order: a form feed or a page number; false at the end. */
static bool next_place(const struct gs_layout_scratch *s, size_t *feed, size_t *number,
                       struct gs_span *out)
{
    bool has_feed = *feed < s->feed_count, has_number = *number < s->number_count;
    if (has_feed && (!has_number || s->feeds[*feed] < s->numbers[*number].start)) {
        out->start = s->feeds[(*feed)++];
        out->end = out->start + 1;
        return true;
    }
    if (has_number) {
        *out = (struct gs_span){s->numbers[*number].start, s->numbers[*number].end};
        ++*number;
    }
    return has_number;
}

/* Fills s->boundaries: from the end of the content before to the start of the content behind. */
static enum gaosou_status find_boundaries(struct gs_layout_scratch *s)
{
    size_t feed = 0, number = 0;
    struct gs_span place;
    s->boundary_count = 0;
    while (next_place(s, &feed, &number, &place)) {
        if (s->boundary_count > 0 && place.start < s->boundaries[s->boundary_count - 1].end)
            continue;
        GS_ARRAY_FIT(s->boundaries, s->boundary_count, s->boundary_capacity);
        s->boundaries[s->boundary_count++] =
            (struct gs_span){gs_skip_backward(s, place.start), gs_skip_forward(s, place.end)};
    }
    return GAOSOU_OK;
}

/* ---- lines ---- */

/* Key of the line's text [start, end), at most GS_RUNNING_LINE_BYTES: without white space, digit
 * runs as '#', hashed. false where it has neither an ASCII letter nor anything beyond ASCII. */
static bool line_key(const uint8_t *p, const uint8_t *end, uint64_t *key)
{
    uint8_t text[GS_RUNNING_LINE_BYTES];
    size_t count = 0;
    bool named = false;
    uint32_t digit;
    for (size_t n; p < end; p += n) {
        if ((n = gs_space_at(p, end)) > 0)
            continue;
        if ((n = gs_digit_at(p, end, &digit)) > 0) {
            if (count == 0 || text[count - 1] != '#')
                text[count++] = '#';
            continue;
        }
        n = gs_utf8_step(p, end, &digit);
        named = named || *p >= 0x80 || gs_is_ascii_letter(*p);
        memcpy(text + count, p, n);
        count += n;
    }
    *key = gs_hash64(text, count);
    return named;
}

/* Cuts white space off both ends of the line. */
static void trim(const uint8_t *content, uint32_t *start, uint32_t *end)
{
    size_t n;
    while (*start < *end && (n = gs_space_at(content + *start, content + *end)) > 0)
        *start += (uint32_t)n;
    while (*start < *end && (n = gs_space_before(content + *start, content + *end)) > 0)
        *end -= (uint32_t)n;
}

/* The line around the content character at or before `at`, if it is short enough and holds no
 * furniture. */
static bool line_around(const struct gs_layout_scratch *s, uint32_t at, uint32_t *start,
                        uint32_t *end)
{
    const uint8_t *content = s->content;
    uint32_t low = at, high = at;
    size_t n;
    while (low > 0 && at - low <= GS_RUNNING_LINE_BYTES &&
           !gs_line_end_before(content, content + low))
        low--;
    while (high < s->size && high - low <= GS_RUNNING_LINE_BYTES &&
           !(n = gs_line_end_at(content + high, content + s->size)))
        high++;
    *start = low;
    *end = high;
    return high - low <= GS_RUNNING_LINE_BYTES && !holds_furniture(s, low, high);
}

static enum gaosou_status add_candidate(struct gs_layout_scratch *s, uint32_t at)
{
    struct gs_running_line line = {0};
    if (!line_around(s, at, &line.line_start, &line.end))
        return GAOSOU_OK;
    if (s->line_count > 0 && s->lines[s->line_count - 1].line_start == line.line_start)
        return GAOSOU_OK;
    line.start = line.line_start;
    trim(s->content, &line.start, &line.end);
    if (line.start == line.end ||
        !line_key(s->content + line.start, s->content + line.end, &line.key))
        return GAOSOU_OK;
    GS_ARRAY_FIT(s->lines, s->line_count, s->line_capacity);
    s->lines[s->line_count++] = line;
    return GAOSOU_OK;
}

static enum gaosou_status find_candidates(struct gs_layout_scratch *s)
{
    enum gaosou_status status = GAOSOU_OK;
    s->line_count = 0;
    for (size_t i = 0; i < s->boundary_count && status == GAOSOU_OK; i++) {
        struct gs_span b = s->boundaries[i];
        if (b.start > 0)
            status = add_candidate(s, b.start);
        if (status == GAOSOU_OK && b.end < s->size)
            status = add_candidate(s, b.end);
    }
    return status;
}

/* ---- keys that recur there and nowhere else ---- */

static int compare_keys(const void *a, const void *b)
{
    const struct gs_running_line *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->line_start < y->line_start ? -1 : x->line_start > y->line_start;
}

struct recurring {
    uint64_t key;
    uint32_t first, count; /* of s->lines */
    uint64_t everywhere;   /* lines of the filing with this key */
};

/* The groups of s->lines, sorted by key, that recur often enough. A boundary gives
 * two lines, so no more than 5 keys can have the share that is wanted. */
#define RECURRING_MOST 16
static size_t find_recurring(const struct gs_layout_scratch *s, size_t boundaries,
                             struct recurring out[RECURRING_MOST])
{
    size_t found = 0;
    for (size_t from = 0, to; from < s->line_count; from = to) {
        for (to = from + 1; to < s->line_count && s->lines[to].key == s->lines[from].key;)
            to++;
        size_t count = to - from;
        if (count < GS_RUNNING_LINES || GS_RUNNING_SHARE(count) < boundaries * 2)
            continue;
        if (found < RECURRING_MOST)
            out[found++] =
                (struct recurring){s->lines[from].key, (uint32_t)from, (uint32_t)count, 0};
    }
    return found;
}

/* A line of the filing: counts it where its key is among those. firsts: the first bytes of their
 * texts, a bit each. */
static void count_line(const struct gs_layout_scratch *s, uint32_t start, uint32_t end,
                       const uint64_t firsts[4], struct recurring *keys, size_t key_count)
{
    uint64_t key;
    if (end - start > GS_RUNNING_LINE_BYTES)
        return;
    const uint8_t *p = gs_skip_spaces(s->content + start, s->content + end);
    if (p == s->content + end || !(firsts[*p >> 6] >> (*p & 63) & 1) ||
        !line_key(p, s->content + end, &key))
        return;
    for (size_t k = 0; k < key_count; k++) {
        if (keys[k].key == key && !holds_furniture(s, start, end))
            keys[k].everywhere++;
    }
}

static enum gaosou_status count_everywhere(const struct gs_layout *l, struct recurring *keys,
                                           size_t key_count)
{
    const struct gs_layout_scratch *s = l->scratch;
    uint64_t firsts[4] = {0};
    for (size_t k = 0; k < key_count; k++) {
        for (uint32_t i = 0; i < keys[k].count; i++) {
            uint8_t b = s->content[s->lines[keys[k].first + i].start];
            firsts[b >> 6] |= (uint64_t)1 << (b & 63);
        }
    }
    for (unsigned b = '0'; b <= '9'; b++) /* a digit is any digit, full-width ones begin EF */
        firsts[b >> 6] |= (uint64_t)1 << (b & 63);
    firsts[0xEF >> 6] |= (uint64_t)1 << (0xEF & 63);
    uint32_t line_start = 0;
    enum gaosou_status status;
    struct gs_scan_walk walk;
    gs_scan_walk_begin(&walk, l, s->content, s->size);
    while ((status = gs_scan_walk_next(&walk)) == GAOSOU_OK && walk.more) {
        for (size_t i = 0; i < walk.scan->line_count; i++) {
            uint32_t at = walk.scan->lines[i].at;
            count_line(s, line_start, at, firsts, keys, key_count);
            line_start = at + gs_line_end_size(s->content[at]);
        }
    }
    gs_scan_walk_end(&walk);
    count_line(s, line_start, (uint32_t)s->size, firsts, keys, key_count);
    return status;
}

static int compare_spans(const void *a, const void *b)
{
    const struct gs_span *x = a, *y = b;
    return x->start < y->start ? -1 : x->start > y->start;
}

/* Makes the lines of accepted keys furniture; *accepted counts the lines. */
static enum gaosou_status accept(struct gs_layout_scratch *s, const struct recurring *keys,
                                 size_t key_count, size_t *accepted)
{
    *accepted = 0;
    for (size_t k = 0; k < key_count; k++) {
        if ((keys[k].everywhere - keys[k].count) * 2 > keys[k].count)
            continue;
        for (uint32_t i = 0; i < keys[k].count; i++) {
            const struct gs_running_line *line = &s->lines[keys[k].first + i];
            GS_ARRAY_FIT(s->furniture, s->furniture_count, s->furniture_capacity);
            s->furniture[s->furniture_count++] = (struct gs_span){line->start, line->end};
        }
        *accepted += keys[k].count;
    }
    if (*accepted > 0)
        qsort(s->furniture, s->furniture_count, sizeof(*s->furniture), compare_spans);
    return GAOSOU_OK;
}

enum gaosou_status gs_running_find(struct gs_layout *l)
{
    struct gs_layout_scratch *s = l->scratch;
    size_t boundaries = 0;
    for (unsigned round = 0; round < GS_RUNNING_ROUNDS; round++) {
        enum gaosou_status status = find_boundaries(s);
        if (status == GAOSOU_OK)
            status = find_candidates(s);
        if (status != GAOSOU_OK)
            return status;
        if (s->line_count == 0)
            return GAOSOU_OK;
        if (round == 0)
            boundaries = s->boundary_count;
        qsort(s->lines, s->line_count, sizeof(*s->lines), compare_keys);
        struct recurring keys[RECURRING_MOST];
        size_t accepted, key_count = find_recurring(s, boundaries, keys);
        if (key_count == 0)
            return GAOSOU_OK;
        status = count_everywhere(l, keys, key_count);
        if (status == GAOSOU_OK)
            status = accept(s, keys, key_count, &accepted);
        if (status != GAOSOU_OK || accepted == 0)
            return status;
    }
    return GAOSOU_OK;
}
