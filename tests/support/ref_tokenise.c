#include "tests/support/ref_tokenise.h"

#include "common/base/checksum.h"
#include "common/text/chartab.h"

/* ---- UTF-8 ---- */

static bool in_range(uint32_t v, uint32_t low, uint32_t high)
{
    return v >= low && v <= high;
}

size_t ref_decode(const uint8_t *p, const uint8_t *end, uint32_t *cp)
{
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    size_t size = p[0] < 0x80 ? 1 : p[0] < 0xC0 ? 0 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
    *cp = 0xFFFD;
    if (size == 1)
        *cp = p[0];
    if (size < 2 || p[0] > 0xF4 || (size_t)(end - p) < size)
        return 1;
    uint32_t v = p[0] & (0xFFu >> (size + 1));
    for (size_t i = 1; i < size; i++) {
        if (!in_range(p[i], 0x80, 0xBF))
            return 1; /* what follows is looked at by itself */
        v = v << 6 | (p[i] & 0x3F);
    }
    if (v < least[size] || v > 0x10FFFF || in_range(v, 0xD800, 0xDFFF))
        return 1;
    *cp = v;
    return size;
}

size_t ref_encode(uint32_t cp, uint8_t out[4])
{
    if (cp < 0x80) {
        out[0] = (uint8_t)cp;
        return 1;
    }
    size_t size = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
    for (size_t i = size - 1; i > 0; i--) {
        out[i] = (uint8_t)(0x80 | (cp & 0x3F));
        cp >>= 6;
    }
    out[0] = (uint8_t)((0xF00u >> size & 0xFF) | cp);
    return size;
}

size_t ref_word_term(const uint8_t *word, size_t size, uint8_t out[GS_WORD_MAX])
{
    if (size <= GS_WORD_MAX) {
        memcpy(out, word, size);
        return size;
    }
    size_t kept = GS_WORD_PREFIX;
    while ((word[kept] & 0xC0) == 0x80)
        kept--;
    char hash[17];
    snprintf(hash, sizeof(hash), "%016llx", (unsigned long long)gs_hash64(word, size));
    memcpy(out, word, kept);
    memcpy(out + kept, hash, 16);
    return kept + 16;
}

/* ---- characters: the one thing shared with common/text is its table ---- */

void ref_look_up(uint32_t cp, struct ref_char *c)
{
    struct gs_char_info info;
    gs_char_lookup(cp, &info);
    c->cp = cp;
    c->class = info.class == GS_CLASS_TRANSPARENT ? REF_TRANSPARENT
               : info.class == GS_CLASS_VANISHING ? REF_VANISHING
                                                  : REF_WORD;
    c->isolated = info.isolated;
    c->superscript = info.superscript;
    c->result_count = info.count;
    for (size_t i = 0; i < info.count; i++) {
        c->results[i].cp = info.chars[i];
        c->results[i].class = info.kinds[i] == GS_KIND_HAN    ? REF_HAN
                              : info.kinds[i] == GS_KIND_WORD ? REF_WORD
                                                              : REF_BREAK;
    }
}

/* ---- characters: decoded, furniture and vanishing ones dealt with ---- */

static bool is_kana_mark(uint32_t cp)
{
    return cp == 0x3099 || cp == 0x309A || cp == 0xFF9E || cp == 0xFF9F;
}

/* The kana that `base` and a voicing mark make, or 0: Unicode's canonical compositions. */
static uint32_t compose_kana(uint32_t base, bool semi_voiced)
{
    static const uint16_t voiced[][2] = {{0x3046, 0x3094}, {0x309D, 0x309E}, {0x30A6, 0x30F4},
                                         {0x30EF, 0x30F7}, {0x30F0, 0x30F8}, {0x30F1, 0x30F9},
                                         {0x30F2, 0x30FA}, {0x30FD, 0x30FE}};
    uint32_t hiragana = in_range(base, 0x30A0, 0x30FF) ? base - 0x60 : base;
    if (in_range(hiragana, 0x306F, 0x307B) && (hiragana - 0x306F) % 3 == 0) /* は ひ ふ へ ほ */
        return base + (semi_voiced ? 2 : 1);
    if (semi_voiced)
        return 0;
    bool ka_to_ti = in_range(hiragana, 0x304B, 0x3061) && (hiragana - 0x304B) % 2 == 0;
    bool tu_to_to = in_range(hiragana, 0x3064, 0x3068) && (hiragana - 0x3064) % 2 == 0;
    if (ka_to_ti || tu_to_to)
        return base + 1;
    for (size_t i = 0; i < sizeof(voiced) / sizeof(voiced[0]); i++)
        if (voiced[i][0] == base)
            return voiced[i][1];
    return 0;
}

/* Joins a voicing mark to the character before it, where there is such a kana. */
static void apply_kana_mark(struct ref_tokens *t, uint32_t mark, uint32_t end)
{
    if (t->chars.count == 0)
        return;
    struct ref_char *last = &t->chars.at[t->chars.count - 1];
    if (last->class != REF_WORD || last->isolated || last->result_count != 1)
        return;
    struct ref_result *kana = &last->results[last->result_count - 1];
    uint32_t composed = compose_kana(kana->cp, mark == 0x309A || mark == 0xFF9F);
    if (composed) {
        kana->cp = composed;
        last->end = end;
    }
}

static void read_chars(struct ref_tokens *t, const uint8_t *text, size_t size,
                       const struct gs_mark *marks, size_t mark_count)
{
    size_t mark = 0;
    for (size_t at = 0, next; at < size; at = next) {
        uint32_t cp;
        next = at + ref_decode(text + at, text + size, &cp);
        while (mark < mark_count && marks[mark].end <= at)
            mark++;
        bool marked = mark < mark_count && marks[mark].start <= at;
        struct ref_char c = {0};
        ref_look_up(cp, &c);
        if (marked) {
            c.superscript = false;
            c.class = marks[mark].kind == GS_MARK_JOIN ? REF_VANISHING : REF_TRANSPARENT;
        }
        if (!marked && is_kana_mark(cp))
            apply_kana_mark(t, cp, (uint32_t)next);
        else if (c.class != REF_VANISHING) {
            c.start = (uint32_t)at;
            c.end = (uint32_t)next;
            *REF_PUSH(&t->chars) = c;
        }
    }
}

/* ---- elements ---- */

enum tail { TAIL_OTHER, TAIL_LATIN, TAIL_SUPERSCRIPT };

struct builder {
    struct ref_tokens *t;
    bool open; /* the last element is a word that may grow */
    enum tail tail;
};

static struct ref_element *add(struct builder *b, enum ref_kind kind, uint32_t start, uint32_t end)
{
    struct ref_element *e = REF_PUSH(&b->t->elements);
    e->kind = kind;
    e->start = start;
    e->end = end;
    b->open = false;
    return e;
}

static void add_word_char(struct builder *b, uint32_t cp, uint32_t start, uint32_t end)
{
    struct ref_tokens *t = b->t;
    if (!b->open) {
        struct ref_element *word = add(b, REF_ELEMENT_WORD, start, end);
        word->bytes = t->bytes.count;
        b->open = true;
    }
    uint8_t utf8[4];
    size_t size = ref_encode(cp, utf8);
    for (size_t i = 0; i < size; i++)
        *REF_PUSH(&t->bytes) = utf8[i];
    struct ref_element *word = &t->elements.at[t->elements.count - 1];
    word->size = t->bytes.count - word->bytes;
    word->end = end;
    b->tail = gs_char_is_latin(cp) ? TAIL_LATIN : TAIL_OTHER;
}

static void add_results(struct builder *b, const struct ref_char *c)
{
    for (size_t i = 0; i < c->result_count; i++) {
        const struct ref_result *r = &c->results[i];
        if (r->class == REF_WORD)
            add_word_char(b, r->cp, c->start, c->end);
        else if (r->class == REF_HAN)
            add(b, REF_ELEMENT_HAN, c->start, c->end)->cp = r->cp;
        else
            add(b, REF_ELEMENT_BREAK, c->start, c->end);
    }
    if (c->result_count == 0)
        add(b, REF_ELEMENT_BREAK, c->start, c->end);
}

/* A barrier goes behind superscript digits where something else follows. */
static void close_superscripts(struct builder *b, const struct ref_char *next)
{
    if (b->open && b->tail == TAIL_SUPERSCRIPT && !next->superscript)
        add(b, REF_ELEMENT_BARRIER, next->start, next->start);
}

static void add_char(struct builder *b, const struct ref_char *c)
{
    close_superscripts(b, c);
    if (c->class == REF_TRANSPARENT) {
        add(b, REF_ELEMENT_TRANSPARENT, c->start, c->end);
    } else if (c->superscript && b->open && b->tail != TAIL_OTHER) {
        add_word_char(b, c->results[0].cp, c->start, c->end);
        b->tail = TAIL_SUPERSCRIPT;
    } else if (c->superscript || c->isolated) {
        add(b, REF_ELEMENT_BARRIER, c->start, c->start);
        add_results(b, c);
        add(b, REF_ELEMENT_BARRIER, c->end, c->end);
    } else {
        add_results(b, c);
    }
}

/* ---- numbers: each rule a small matcher over the chain's characters ---- */

static bool is_digit(const struct ref_char *c)
{
    return c->class == REF_WORD && !c->isolated && !c->superscript && c->result_count == 1 &&
           in_range(c->results[0].cp, '0', '9');
}

static bool is_separator(const struct ref_char *c)
{
    return c->class == REF_WORD && (c->cp == '.' || c->cp == 0xFF0E || c->cp == ',');
}

/* The characters from `at` that make digit+ (separator digit+)*. */
static size_t chain_length(const struct ref_tokens *t, size_t at)
{
    size_t i = at;
    while (i < t->chars.count && is_digit(&t->chars.at[i])) {
        while (i < t->chars.count && is_digit(&t->chars.at[i]))
            i++;
        bool goes_on = i + 1 < t->chars.count && is_separator(&t->chars.at[i]) &&
                       is_digit(&t->chars.at[i + 1]);
        if (!goes_on)
            break;
        i++;
    }
    return i - at;
}

static size_t match_digits(const char *s, size_t most)
{
    size_t n = 0;
    while (n < most && in_range((uint32_t)(unsigned char)s[n], '0', '9'))
        n++;
    return n;
}

/* \d{1,3}(,\d{3})+ or \d+, and nothing behind it but a point or the end; its length, or 0. */
static size_t match_whole_part(const char *s)
{
    size_t plain = match_digits(s, SIZE_MAX);
    if (plain == 0 || s[plain] != ',')
        return plain;
    size_t n = plain;
    while (s[n] == ',' && match_digits(s + n + 1, SIZE_MAX) == 3)
        n += 4;
    return plain <= 3 && s[n] != ',' ? n : 0;
}

/* Rule (a). */
static bool is_one_number(const char *s)
{
    size_t n = match_whole_part(s);
    if (n == 0 || s[n] == '\0')
        return n > 0;
    size_t decimals = match_digits(s + n + 1, SIZE_MAX);
    return s[n] == '.' && decimals > 0 && s[n + 1 + decimals] == '\0';
}

/* Rule (b): the length of the piece at s, whole part, point, two digits; 0 where there is none. */
static size_t match_cell(const char *s)
{
    size_t n = match_whole_part(s);
    if (n == 0 || s[n] != '.' || match_digits(s + n + 1, 2) < 2)
        return 0;
    return n + 3;
}

static bool is_glued_cells(const char *s)
{
    size_t points = 0;
    for (const char *p = s; *p; p++)
        points += *p == '.';
    while (*s) {
        size_t n = match_cell(s);
        if (n == 0)
            return false;
        s += n;
    }
    return points >= 2;
}

static bool is_number_and_year(const char *s)
{
    size_t n = match_digits(s, SIZE_MAX);
    if (n < 1 || n > 2 || s[n] != '.')
        return false;
    const char *year = s + n + 1;
    bool century = strncmp(year, "19", 2) == 0 || strncmp(year, "20", 2) == 0;
    return century && match_digits(year, SIZE_MAX) == 4 && year[4] == '\0';
}

static bool is_year_mark(const struct ref_tokens *t, size_t at)
{
    if (at >= t->chars.count)
        return false;
    const struct ref_char *c = &t->chars.at[at];
    return c->class == REF_WORD && c->result_count == 1 && c->results[0].cp == 0x5E74; /* 年 */
}

/* Characters [at, at + n) as one word of its own, commas left out. */
static void add_number(struct builder *b, size_t at, const char *s, size_t n)
{
    b->open = false;
    for (size_t i = 0; i < n; i++) {
        const struct ref_char *c = &b->t->chars.at[at + i];
        if (s[i] != ',')
            add_word_char(b, (uint32_t)(unsigned char)s[i], c->start, c->end);
    }
    b->open = false;
}

/* Rule (c): digit runs are words, separators breaks. */
static void add_digit_runs(struct builder *b, size_t at, const char *s)
{
    while (*s) {
        size_t n = match_digits(s, SIZE_MAX);
        add_number(b, at, s, n);
        at += n;
        s += n;
        if (*s) {
            add(b, REF_ELEMENT_BREAK, b->t->chars.at[at].start, b->t->chars.at[at].end);
            at++;
            s++;
        }
    }
}

static void add_chain(struct builder *b, size_t at, size_t n)
{
    char *s = calloc(n + 1, 1);
    if (!s)
        abort();
    for (size_t i = 0; i < n; i++) {
        const struct ref_char *c = &b->t->chars.at[at + i];
        s[i] = (char)(is_digit(c) ? c->results[0].cp : c->cp == ',' ? ',' : '.');
    }
    close_superscripts(b, &b->t->chars.at[at]);
    if (n > 256 || (is_number_and_year(s) && is_year_mark(b->t, at + n))) {
        add_digit_runs(b, at, s);
    } else if (is_one_number(s)) {
        add_number(b, at, s, n);
    } else if (is_glued_cells(s)) {
        for (size_t i = 0, cell; i < n; i += cell) {
            cell = match_cell(s + i);
            add_number(b, at + i, s + i, cell);
        }
    } else {
        add_digit_runs(b, at, s);
    }
    free(s);
}

static void build_elements(struct ref_tokens *t)
{
    struct builder b = {.t = t};
    for (size_t i = 0; i < t->chars.count;) {
        size_t n = chain_length(t, i), digits = 0;
        while (digits < n && is_digit(&t->chars.at[i + digits]))
            digits++;
        if (n > digits) {
            add_chain(&b, i, n);
            i += n;
        } else {
            for (size_t end = i + (n ? n : 1); i < end; i++)
                add_char(&b, &t->chars.at[i]);
        }
    }
}

/* ---- positions, tokens, ends ---- */

static void number_elements(struct ref_tokens *t)
{
    uint32_t next = 0;
    bool in_breaks = false;
    for (size_t i = 0; i < t->elements.count; i++) {
        struct ref_element *e = &t->elements.at[i];
        bool takes = e->kind == REF_ELEMENT_HAN || e->kind == REF_ELEMENT_WORD;
        e->position = next;
        if (e->kind == REF_ELEMENT_BREAK && in_breaks)
            e->position = next - 1;
        if (takes || (e->kind == REF_ELEMENT_BREAK && !in_breaks))
            next++;
        if (takes || e->kind == REF_ELEMENT_BREAK)
            in_breaks = e->kind == REF_ELEMENT_BREAK;
        t->length += takes;
    }
    t->positions = next;
}

/* The nearest element on one side, transparent ones aside; NULL at the text's ends. */
static const struct ref_element *beside(const struct ref_tokens *t, size_t at, int step)
{
    for (size_t i = at + (size_t)step; i < t->elements.count; i += (size_t)step)
        if (t->elements.at[i].kind != REF_ELEMENT_TRANSPARENT)
            return &t->elements.at[i];
    return NULL; /* below 0 wraps beyond count */
}

static bool is_kind(const struct ref_element *e, enum ref_kind kind)
{
    return e && e->kind == kind;
}

static struct ref_token *add_token(struct ref_tokens *t, const struct ref_element *e, uint32_t end)
{
    struct ref_token *token = REF_PUSH(&t->tokens);
    token->position = e->position;
    token->start = e->start;
    token->end = end;
    return token;
}

static void add_han_tokens(struct ref_tokens *t, size_t at)
{
    const struct ref_element *e = &t->elements.at[at];
    const struct ref_element *left = beside(t, at, -1), *right = beside(t, at, 1);
    bool alone = !is_kind(left, REF_ELEMENT_HAN) && !is_kind(right, REF_ELEMENT_HAN);
    if (alone || is_kind(left, REF_ELEMENT_WORD) || is_kind(right, REF_ELEMENT_WORD))
        add_token(t, e, e->end)->first = e->cp;
    if (is_kind(right, REF_ELEMENT_HAN)) {
        struct ref_token *pair = add_token(t, e, right->end);
        pair->first = e->cp;
        pair->second = right->cp;
    }
}

static void build_tokens(struct ref_tokens *t)
{
    for (size_t i = 0; i < t->elements.count; i++) {
        const struct ref_element *e = &t->elements.at[i];
        if (e->kind == REF_ELEMENT_HAN)
            add_han_tokens(t, i);
        if (e->kind != REF_ELEMENT_WORD)
            continue;
        struct ref_token *token = add_token(t, e, e->end);
        token->is_word = true;
        token->size = ref_word_term(t->bytes.at + e->bytes, e->size, token->word);
    }
}

uint32_t ref_position_at(const struct ref_tokens *t, uint32_t offset)
{
    size_t low = 0, high = t->elements.count; /* the elements before low begin before offset */
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (t->elements.at[middle].start < offset)
            low = middle + 1;
        else
            high = middle;
    }
    for (size_t i = low; i-- > 0;) {
        enum ref_kind kind = t->elements.at[i].kind;
        if (kind != REF_ELEMENT_TRANSPARENT && kind != REF_ELEMENT_BARRIER)
            return t->elements.at[i].position + 1;
    }
    return 0;
}

static void build_ends(struct ref_tokens *t, const struct gs_end *ends, size_t end_count)
{
    for (size_t i = 0; i < end_count; i++) {
        uint32_t position = ref_position_at(t, ends[i].offset);
        bool again = t->ends.count > 0 && t->ends.at[t->ends.count - 1].position == position;
        struct ref_end *e = again ? &t->ends.at[t->ends.count - 1] : REF_PUSH(&t->ends);
        e->position = position;
        e->kinds |= ends[i].kinds;
    }
}

void ref_tokenise(struct ref_tokens *t, const uint8_t *text, size_t size,
                  const struct gs_mark *marks, size_t mark_count, const struct gs_end *ends,
                  size_t end_count)
{
    REF_CLEAR(&t->chars);
    REF_CLEAR(&t->elements);
    REF_CLEAR(&t->tokens);
    REF_CLEAR(&t->ends);
    REF_CLEAR(&t->bytes);
    t->positions = t->length = 0;
    read_chars(t, text, size, marks, mark_count);
    build_elements(t);
    number_elements(t);
    build_tokens(t);
    build_ends(t, ends, end_count);
}

void ref_tokens_release(struct ref_tokens *t)
{
    REF_RELEASE(&t->chars);
    REF_RELEASE(&t->elements);
    REF_RELEASE(&t->tokens);
    REF_RELEASE(&t->ends);
    REF_RELEASE(&t->bytes);
}
