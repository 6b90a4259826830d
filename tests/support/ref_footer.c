/* Rules F1 and F2 of the reference: page counts. See ref_layout.h. */
#include "tests/support/ref_layout.h"

#define DASHES "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uFF0D\u2500~\uFF5E\u00B7"

/* ---- a matcher for the patterns of F1 and F2 ---- */

/*
 * Patterns are ASCII: D 第, Y 页, G 共, N and M numbers with W inside, w is W*, S a separator, / a
 * slash, ( and ) brackets; { } around what may be left out.
 */
struct match {
    const uint32_t *cps;
    size_t count;
    uint32_t n, m; /* values of N and M, 0 at first */
};

static uint32_t at_or_0(const struct match *t, size_t i)
{
    return i < t->count ? t->cps[i] : 0;
}

static size_t skip_white(const struct match *t, size_t i)
{
    while (ref_is_white(at_or_0(t, i)))
        i++;
    return i;
}

static uint32_t digit_value(uint32_t cp)
{
    return cp >= 0xFF10 ? cp - 0xFF10 : cp - '0';
}

/* A number of 1 to 4 digits with W between; the place behind, or SIZE_MAX. */
static size_t match_number(const struct match *t, size_t i, uint32_t *value)
{
    uint32_t v = 0, digits = 0;
    size_t end = SIZE_MAX;
    while (digits < 4 && ref_is_digit(at_or_0(t, i))) {
        v = v * 10 + digit_value(t->cps[i]);
        digits++;
        end = i + 1;
        i = skip_white(t, i + 1);
    }
    *value = v;
    return v >= 1 ? end : SIZE_MAX;
}

static bool fits(char c, uint32_t cp)
{
    switch (c) {
    case 'D':
        return cp == 0x7B2C;
    case 'Y':
        return ref_is_among(cp, "页頁");
    case 'G':
        return ref_is_among(cp, "共总總");
    case 'S':
        return ref_is_among(cp, "/／,，、|｜;；");
    case '/':
        return ref_is_among(cp, "/／");
    case '(':
        return ref_is_among(cp, "(（");
    default:
        return ref_is_among(cp, ")）");
    }
}

/* The place behind the match of the pattern at i, or SIZE_MAX. */
static size_t match(struct match *t, const char *pattern, size_t i)
{
    if (i == SIZE_MAX || *pattern == '\0')
        return i;
    switch (*pattern) {
    case '{': {
        size_t with = match(t, pattern + 1, i);
        return with != SIZE_MAX ? with : match(t, strchr(pattern, '}') + 1, i);
    }
    case '}':
        return match(t, pattern + 1, i);
    case 'w':
        return match(t, pattern + 1, skip_white(t, i));
    case 'N':
        return match(t, pattern + 1, match_number(t, i, &t->n));
    case 'M':
        return match(t, pattern + 1, match_number(t, i, &t->m));
    default:
        return i < t->count && fits(*pattern, t->cps[i]) ? match(t, pattern + 1, i + 1) : SIZE_MAX;
    }
}

/* ---- F1 ---- */

static size_t match_footer(struct match *t, size_t i)
{
    static const char *const patterns[] = {"DwNwYw{Sw}GwMwY", "DwNwYw(wGwMwYw)",
                                           "DwNw{Yw}/w{Gw}MwY", "GwMwYw{Sw}DwNwY"};
    for (size_t k = 0; k < sizeof(patterns) / sizeof(patterns[0]); k++) {
        t->n = t->m = 0;
        size_t end = match(t, patterns[k], i);
        if (end != SIZE_MAX && t->n <= t->m)
            return end;
    }
    return SIZE_MAX;
}

static uint32_t *copy_cps(const struct ref_layout *l, size_t from, size_t to)
{
    uint32_t *cps = malloc((to - from + 1) * sizeof(*cps));
    if (!cps)
        abort();
    for (size_t i = from; i < to; i++)
        cps[i - from] = l->letters.at[i].cp;
    return cps;
}

static void find_footers(struct ref_layout *l, const struct ref_line *line)
{
    uint32_t *cps = copy_cps(l, line->start, line->end);
    struct match t = {.cps = cps, .count = line->end - line->start};
    for (size_t i = 0; i < t.count;) {
        size_t end = match_footer(&t, i);
        if (end == SIZE_MAX || ref_bytes_between(l, line->start + i, line->start + end) > 160) {
            i++;
            continue;
        }
        struct ref_number *n = REF_PUSH(&l->numbers);
        n->start = line->start + i;
        n->end = line->start + end;
        n->value = t.n;
        n->total = t.m;
        snprintf(n->label, sizeof(n->label), "%u", t.n);
        ref_mark_furniture(l, n->start, n->end);
        i = end;
    }
    free(cps);
}

/* ---- F2 ---- */

struct candidate {
    struct ref_number number;
    size_t line;
    bool counts, in_chain;
};

struct count_reader {
    const uint32_t *cps; /* the line's text without W */
    size_t count, at;
    struct ref_number *n;
};

static uint32_t now(const struct count_reader *r)
{
    return r->at < r->count ? r->cps[r->at] : 0;
}

/* Digits without W between; how many, at most `most`. */
static size_t read_digits(struct count_reader *r, size_t most, uint32_t *value)
{
    size_t n = 0;
    *value = 0;
    while (n < most && ref_is_digit(now(r))) {
        *value = *value * 10 + digit_value(now(r));
        r->at++;
        n++;
    }
    return n;
}

static bool read_number(struct count_reader *r, uint32_t *value)
{
    return read_digits(r, 4, value) > 0 && *value >= 1;
}

static size_t read_dashes(struct count_reader *r)
{
    size_t n = 0;
    for (; r->at < r->count && ref_is_among(now(r), DASHES); n++)
        r->at++;
    return n;
}

static bool read_word(struct count_reader *r, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; i < n; i++)
        if (r->at + i >= r->count ||
            (r->cps[r->at + i] | 0x20) != (uint32_t)(unsigned char)word[i] ||
            r->cps[r->at + i] > 'z')
            return false;
    r->at += n;
    return true;
}

static bool is_done(const struct count_reader *r)
{
    return r->at == r->count;
}

static bool shape_1(struct count_reader *r)
{
    return read_number(r, &r->n->value) && is_done(r);
}

static bool shape_2(struct count_reader *r)
{
    return read_dashes(r) > 0 && read_number(r, &r->n->value) && read_dashes(r) > 0 && is_done(r);
}

static bool shape_3(struct count_reader *r)
{
    if (!read_number(r, &r->n->value) || !ref_is_among(now(r), "/／"))
        return false;
    r->at++;
    return read_number(r, &r->n->total) && is_done(r) && r->n->value <= r->n->total;
}

static bool shape_4(struct count_reader *r)
{
    char *label = r->n->label, *parameters = r->n->parameters;
    size_t prefixes = 0;
    for (; prefixes < 3; prefixes++) {
        size_t back = r->at;
        uint32_t p;
        size_t digits = read_digits(r, 2, &p);
        if (digits == 0 || r->at >= r->count || !ref_is_among(now(r), "-－–")) {
            r->at = back;
            break;
        }
        for (size_t i = back; i < back + digits; i++)
            *label++ = (char)('0' + digit_value(r->cps[i]));
        *label++ = '-';
        parameters += sprintf(parameters, "%u-", p);
        r->at++;
    }
    if (prefixes == 0 || !read_number(r, &r->n->value) || !is_done(r))
        return false;
    sprintf(label, "%u", r->n->value);
    return true;
}

static bool shape_5(struct count_reader *r)
{
    read_dashes(r);
    if (now(r) != 0x7B2C)
        return false;
    r->at++;
    if (!read_number(r, &r->n->value) || r->at >= r->count || !ref_is_among(now(r), "页頁"))
        return false;
    r->at++;
    read_dashes(r);
    return is_done(r);
}

static bool shape_6(struct count_reader *r)
{
    if (!read_word(r, "page") && !read_word(r, "p"))
        return false;
    r->at += now(r) == '.';
    if (!read_number(r, &r->n->value))
        return false;
    if (is_done(r))
        return true;
    bool slash = now(r) == '/';
    r->at += slash;
    return (slash || read_word(r, "of")) && read_number(r, &r->n->total) && is_done(r) &&
           r->n->value <= r->n->total;
}

static bool read_count_line(struct ref_number *n, const uint32_t *cps, size_t count)
{
    static bool (*const shapes[])(struct count_reader *) = {shape_1, shape_2, shape_3,
                                                            shape_4, shape_5, shape_6};
    for (unsigned k = 0; k < 6; k++) {
        struct ref_number fresh = {.start = n->start, .end = n->end, .shape = k + 1};
        struct count_reader r = {.cps = cps, .count = count, .n = &fresh};
        if (!shapes[k](&r))
            continue;
        *n = fresh;
        if (n->label[0] == '\0')
            snprintf(n->label, sizeof(n->label), "%u", n->value);
        if (k + 1 == 3 || k + 1 == 6)
            snprintf(n->parameters, sizeof(n->parameters), "%u", n->total);
        return true;
    }
    return false;
}

/* Whether only W and line ends stand between a text and a form feed, before it or behind. */
static bool is_next_to_form_feed(const struct ref_layout *l, const struct ref_number *n)
{
    for (size_t i = n->start; i-- > 0;) {
        uint32_t cp = ref_letter_cp(l, i);
        if (cp == 0xC)
            return true;
        if (!ref_is_white(cp) && !ref_is_line_end(cp))
            break;
    }
    for (size_t i = n->end; i < l->letters.count; i++) {
        uint32_t cp = ref_letter_cp(l, i);
        if (cp == 0xC)
            return true;
        if (!ref_is_white(cp) && !ref_is_line_end(cp))
            break;
    }
    return false;
}

static bool read_candidate(struct ref_layout *l, size_t line_index, struct candidate *c)
{
    const struct ref_line *line = &l->lines.at[line_index];
    if (line->first == line->last || ref_bytes_between(l, line->start, line->end) > 128 ||
        ref_has_furniture(l, line->start, line->end))
        return false;
    uint32_t cps[128];
    size_t count = 0, bytes = 0;
    for (size_t i = line->first; i < line->last; i++) {
        if (ref_is_white(ref_letter_cp(l, i)))
            continue;
        cps[count++] = ref_letter_cp(l, i);
        bytes += ref_bytes_between(l, i, i + 1);
    }
    memset(c, 0, sizeof(*c));
    c->line = line_index;
    c->number.start = line->first;
    c->number.end = line->last;
    return bytes <= 40 && read_count_line(&c->number, cps, count);
}

bool ref_same_shape(const struct ref_number *a, const struct ref_number *b)
{
    return a->shape == b->shape && strcmp(a->parameters, b->parameters) == 0;
}

struct chain_search {
    struct ref_layout *l;
    REF_LIST(struct candidate *) members; /* of one shape, in no chain yet */
    size_t last_line;                     /* the last line that is not blank */
};

static uint32_t start_of(const struct chain_search *s, size_t i)
{
    return ref_letter_offset(s->l, s->members.at[i]->number.start);
}

static bool may_follow(const struct chain_search *s, size_t i, size_t j)
{
    uint32_t vi = s->members.at[i]->number.value, vj = s->members.at[j]->number.value;
    return start_of(s, j) - start_of(s, i) >= 100 && vj > vi && vj - vi <= 3;
}

/* Whether the chain of m members from a to z is accepted. */
static bool is_accepted(const struct chain_search *s, size_t m, size_t a, size_t z)
{
    uint64_t reach = start_of(s, z) - start_of(s, a);
    uint64_t steps = s->members.at[z]->number.value - s->members.at[a]->number.value;
    if (reach < 500 * (uint64_t)(m - 1) || reach > 10000 * steps)
        return false;
    bool bare = s->members.at[a]->number.shape == 1, wide = 2 * reach >= s->l->size;
    bool to_the_end = s->members.at[a]->number.value == 1 && s->members.at[z]->line == s->last_line;
    return (m >= 3 && !bare) || (m >= 5 && wide) || (m >= 2 && to_the_end);
}

/* The longest chain; its members are marked if it is accepted. */
static bool take_chain(struct chain_search *s)
{
    size_t n = s->members.count, best = 0;
    size_t *length = calloc(n + 1, sizeof(*length)), *before = calloc(n + 1, sizeof(*before));
    if (!length || !before)
        abort();
    for (size_t j = 0; j < n; j++) {
        length[j] = 1;
        before[j] = j;
        for (size_t i = 0; i < j; i++)
            if (may_follow(s, i, j) && length[i] + 1 >= length[j]) {
                length[j] = length[i] + 1;
                before[j] = i;
            }
        if (length[j] > length[best])
            best = j;
    }
    size_t first = best;
    while (n > 0 && before[first] != first)
        first = before[first];
    bool accepted = n > 0 && is_accepted(s, length[best], first, best);
    for (size_t i = best; accepted; i = before[i]) {
        s->members.at[i]->counts = s->members.at[i]->in_chain = true;
        if (before[i] == i)
            break;
    }
    free(length);
    free(before);
    return accepted;
}

static void find_count_lines(struct ref_layout *l)
{
    REF_LIST(struct candidate) all = {0};
    struct chain_search s = {.l = l};
    for (size_t i = 0; i < l->lines.count; i++) {
        struct candidate c;
        if (read_candidate(l, i, &c))
            *REF_PUSH(&all) = c;
        if (l->lines.at[i].first < l->lines.at[i].last)
            s.last_line = i;
    }
    for (size_t i = 0; i < all.count; i++) {
        all.at[i].counts |= is_next_to_form_feed(l, &all.at[i].number);
        bool first_of_shape = true;
        for (size_t j = 0; j < i; j++)
            first_of_shape &= !ref_same_shape(&all.at[j].number, &all.at[i].number);
        bool accepted = first_of_shape;
        for (int round = 0; round < 8 && accepted; round++) {
            REF_CLEAR(&s.members);
            for (size_t j = i; j < all.count; j++)
                if (!all.at[j].in_chain && ref_same_shape(&all.at[j].number, &all.at[i].number))
                    *REF_PUSH(&s.members) = &all.at[j];
            accepted = take_chain(&s);
        }
    }
    for (size_t i = 0; i < all.count; i++)
        if (all.at[i].counts) {
            *REF_PUSH(&l->numbers) = all.at[i].number;
            ref_mark_furniture(l, all.at[i].number.start, all.at[i].number.end);
        }
    REF_RELEASE(&s.members);
    REF_RELEASE(&all);
}

static int compare_numbers(const void *a, const void *b)
{
    const struct ref_number *x = a, *y = b;
    return x->start < y->start ? -1 : x->start > y->start;
}

void ref_footers_find(struct ref_layout *l)
{
    REF_CLEAR(&l->numbers);
    for (size_t i = 0; i < l->lines.count; i++)
        find_footers(l, &l->lines.at[i]);
    find_count_lines(l);
    if (l->numbers.count > 1)
        qsort(l->numbers.at, l->numbers.count, sizeof(*l->numbers.at), compare_numbers);
}
