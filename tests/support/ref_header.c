/* Rule F3 of the reference: running headers and footers. See ref_layout.h. */
#include "tests/support/ref_layout.h"

/* ---- F3 ---- */

struct place {
    size_t start, end;
};

struct header_search {
    struct ref_layout *l;
    REF_LIST(struct place) places; /* in order; then boundaries, neighbours joined */
    REF_LIST(size_t) candidates;   /* lines, ascending, each once */
    size_t boundaries;             /* of the first round */
};

static void find_boundaries(struct header_search *s)
{
    struct ref_layout *l = s->l;
    size_t number = 0;
    bool apart = true; /* body since the last place */
    REF_CLEAR(&s->places);
    for (size_t i = 0; i < l->letters.count; i++) {
        struct place p = {i, i + 1};
        bool is_place = ref_letter_cp(l, i) == 0xC;
        if (number < l->numbers.count && l->numbers.at[number].start == i) {
            p.end = l->numbers.at[number++].end;
            is_place = true;
        }
        if (is_place && apart)
            *REF_PUSH(&s->places) = p;
        else if (is_place)
            s->places.at[s->places.count - 1].end = p.end;
        apart = is_place ? false : apart || ref_is_body(l, i);
    }
}

static size_t line_of(const struct ref_layout *l, size_t letter)
{
    size_t i = l->lines.count;
    while (i > 0 && l->lines.at[i - 1].start > letter)
        i--;
    return i - 1;
}

static bool is_title_sized(const struct ref_layout *l, size_t line)
{
    const struct ref_line *n = &l->lines.at[line];
    return ref_bytes_between(l, n->start, n->end) <= 256 &&
           !ref_has_furniture(l, n->start, n->end) && n->first < n->last;
}

/* The line's text, W removed, runs of digits as #; malloc'ed, 0-ended. */
static uint32_t *line_key(const struct ref_layout *l, size_t line, bool *has_name)
{
    const struct ref_line *n = &l->lines.at[line];
    uint32_t *key = malloc((n->last - n->first + 1) * sizeof(*key));
    if (!key)
        abort();
    size_t count = 0;
    *has_name = false;
    for (size_t i = n->first; i < n->last; i++) {
        uint32_t cp = ref_letter_cp(l, i);
        if (ref_is_white(cp))
            continue;
        uint32_t one = ref_is_digit(cp) ? 0x110000 : cp; /* beyond all characters */
        if (one == 0x110000 && count > 0 && key[count - 1] == one)
            continue;
        *has_name |= (one != 0x110000 && cp > 0x7F) || ((cp | 0x20) >= 'a' && (cp | 0x20) <= 'z');
        key[count++] = one;
    }
    key[count] = 0;
    return key;
}

static void add_candidate(struct header_search *s, size_t letter, bool on_line)
{
    size_t line = line_of(s->l, letter);
    bool has_name;
    free(line_key(s->l, line, &has_name));
    if (on_line || !is_title_sized(s->l, line) || !has_name)
        return;
    for (size_t i = 0; i < s->candidates.count; i++)
        if (s->candidates.at[i] == line)
            return;
    *REF_PUSH(&s->candidates) = line;
}

static bool on_line(const struct ref_layout *l, size_t line, size_t letter)
{
    return letter >= l->lines.at[line].start && letter < l->lines.at[line].end;
}

static void find_header_candidates(struct header_search *s)
{
    REF_CLEAR(&s->candidates);
    for (size_t k = 0; k < s->places.count; k++) {
        size_t before = s->places.at[k].start, behind = s->places.at[k].end;
        while (before > 0 && !ref_is_body(s->l, before - 1))
            before--;
        while (behind < s->l->letters.count && !ref_is_body(s->l, behind))
            behind++;
        if (before > 0)
            add_candidate(s, before - 1,
                          on_line(s->l, line_of(s->l, before - 1), s->places.at[k].start));
        if (behind < s->l->letters.count)
            add_candidate(s, behind, on_line(s->l, line_of(s->l, behind), s->places.at[k].end - 1));
    }
}

static bool same_key(const uint32_t *a, const uint32_t *b)
{
    size_t i = 0;
    while (a[i] && a[i] == b[i])
        i++;
    return a[i] == b[i];
}

static bool is_candidate(const struct header_search *s, size_t line)
{
    for (size_t i = 0; i < s->candidates.count; i++)
        if (s->candidates.at[i] == line)
            return true;
    return false;
}

/* Whether the key of a candidate recurs often enough at the boundaries and seldom elsewhere. */
static bool is_running(const struct header_search *s, size_t line, uint32_t *const *keys)
{
    size_t near = 0, elsewhere = 0;
    for (size_t i = 0; i < s->l->lines.count; i++) {
        if (!keys[i] || !same_key(keys[i], keys[line]))
            continue;
        if (is_candidate(s, i))
            near++;
        else
            elsewhere++;
    }
    return near >= 3 && near * 5 >= s->boundaries * 2 && elsewhere * 2 <= near;
}

static bool take_headers(struct header_search *s)
{
    struct ref_layout *l = s->l;
    uint32_t **keys = calloc(l->lines.count + 1, sizeof(*keys));
    bool *accepted = calloc(s->candidates.count + 1, sizeof(*accepted)), any = false, has_name;
    if (!keys || !accepted)
        abort();
    for (size_t i = 0; i < l->lines.count; i++)
        if (is_title_sized(l, i))
            keys[i] = line_key(l, i, &has_name);
    for (size_t i = 0; i < s->candidates.count; i++)
        accepted[i] = is_running(s, s->candidates.at[i], keys);
    for (size_t i = 0; i < s->candidates.count; i++) {
        const struct ref_line *line = &l->lines.at[s->candidates.at[i]];
        if (accepted[i])
            ref_mark_furniture(l, line->first, line->last);
        any |= accepted[i];
    }
    for (size_t i = 0; i < l->lines.count; i++)
        free(keys[i]);
    free(keys);
    free(accepted);
    return any;
}

void ref_headers_find(struct ref_layout *l)
{
    struct header_search s = {.l = l};
    for (int round = 0; round < 3; round++) {
        find_boundaries(&s);
        if (round == 0)
            s.boundaries = s.places.count;
        find_header_candidates(&s);
        if (!take_headers(&s))
            break;
    }
    REF_RELEASE(&s.places);
    REF_RELEASE(&s.candidates);
}
