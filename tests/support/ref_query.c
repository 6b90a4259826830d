#include "tests/support/ref_layout.h"
#include "tests/support/ref_sign.h"

/* ---- nodes ---- */

static struct ref_node *new_node(enum gs_node_kind kind)
{
    struct ref_node *n = calloc(1, sizeof(*n));
    if (!n)
        abort();
    n->kind = kind;
    return n;
}

static void free_node(struct ref_node *n)
{
    if (!n)
        return;
    for (size_t i = 0; i < n->children.count; i++)
        free_node(n->children.at[i]);
    REF_RELEASE(&n->children);
    free(n);
}

static struct ref_node *leaf_node(struct parser *p, const struct ref_leaf *leaf)
{
    struct ref_node *n = new_node(GS_NODE_LEAF);
    n->leaf = p->query->leaves.count;
    *REF_PUSH(&p->query->leaves) = *leaf;
    return n;
}

/* The signs [from, to) as a leaf, or NULL where they have no content. */
static struct ref_node *text_leaf(struct parser *p, size_t from, size_t to, bool figures,
                                  bool prefix)
{
    ref_bytes bytes = {0};
    struct ref_leaf leaf;
    ref_text_copy(p, from, to, figures, &bytes);
    bool content = ref_leaf_make(&leaf, bytes.at, bytes.count);
    REF_RELEASE(&bytes);
    if (!content)
        return NULL;
    struct ref_item *last = &leaf.items.at[leaf.items.count - 1];
    last->is_prefix = prefix && !(last->is_han && last->in_pair);
    leaf.title_only = p->title;
    return leaf_node(p, &leaf);
}

/* ---- grammar ---- */

static struct ref_node *parse_all(struct parser *p);
static struct ref_node *parse_part(struct parser *p, bool keywords);
static struct ref_node *parse_value(struct parser *p);

static struct ref_node *fail(struct parser *p)
{
    p->failed = true;
    return NULL;
}

static bool is_keyword(const struct parser *p, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; i < n; i++)
        if (sign(p, p->at + i) != (uint32_t)(unsigned char)word[i])
            return false;
    uint32_t behind = sign(p, p->at + n);
    return behind == END_SIGN || is_space(behind) || is_open(behind) || is_close(behind);
}

/* Nothing that a term could begin with stands here. */
static bool is_missing(const struct parser *p)
{
    return here(p) == END_SIGN || is_bar(here(p)) || is_close(here(p)) || is_keyword(p, "AND") ||
           is_keyword(p, "OR");
}

static bool is_exclusion(const struct ref_node *n)
{
    if (n->kind != GS_NODE_AND)
        return n->kind == GS_NODE_NOT;
    for (size_t i = 0; i < n->children.count; i++)
        if (n->children.at[i]->kind != GS_NODE_NOT)
            return false;
    return true;
}

/* Puts a child under a node of many; one of the same kind is spliced in. NULL is left out. */
static void join(struct ref_node *parent, struct ref_node *child)
{
    if (child && child->kind == parent->kind) {
        for (size_t i = 0; i < child->children.count; i++)
            *REF_PUSH(&parent->children) = child->children.at[i];
        REF_CLEAR(&child->children);
        free_node(child);
    } else if (child) {
        *REF_PUSH(&parent->children) = child;
    }
}

/* A node with one child is that child, one with none is nothing. */
static struct ref_node *settle(struct ref_node *n)
{
    if (n->children.count > 1)
        return n;
    struct ref_node *only = n->children.count ? n->children.at[0] : NULL;
    REF_CLEAR(&n->children);
    free_node(n);
    return only;
}

static struct ref_node *parse_any(struct parser *p)
{
    struct ref_node *n = new_node(GS_NODE_OR);
    bool excludes = false;
    for (;;) {
        if (is_missing(p))
            p->failed = true;
        struct ref_node *part = p->failed ? NULL : parse_part(p, true);
        excludes |= part && is_exclusion(part);
        join(n, part);
        size_t back = p->at;
        skip_space(p);
        bool bar = is_bar(here(p));
        if (p->failed || (!bar && !is_keyword(p, "OR"))) {
            p->at = back;
            break;
        }
        p->at += bar ? 1 : 2;
        skip_space(p);
    }
    if (excludes && n->children.count > 1)
        p->failed = true;
    return settle(n);
}

static struct ref_node *parse_all(struct parser *p)
{
    struct ref_node *n = new_node(GS_NODE_AND);
    for (bool first = true; !p->failed; first = false) {
        skip_space(p);
        if (here(p) == END_SIGN || (p->groups > 0 && is_close(here(p))))
            break;
        if (!first && is_keyword(p, "AND")) {
            p->at += 3;
            skip_space(p);
        }
        join(n, parse_any(p));
    }
    return settle(n);
}

static struct ref_node *make_not(struct parser *p, struct ref_node *part)
{
    if (!part)
        return NULL;
    if (is_exclusion(part))
        p->failed = true;
    struct ref_node *n = new_node(GS_NODE_NOT);
    *REF_PUSH(&n->children) = part;
    return n;
}

/* What may stand behind a bracket or quote that is a sign of the language and not text. */
static bool is_text_behind(uint32_t cp)
{
    return !ends_run(cp) && !is_open(cp) && !is_close(cp) && !is_quote(cp);
}

static bool is_glued_bracket(const struct parser *p)
{
    size_t depth = 0;
    for (size_t i = p->at; !ends_run(sign(p, i)); i++) {
        depth += is_open(sign(p, i));
        depth -= is_close(sign(p, i));
        if (depth == 0)
            return is_text_behind(sign(p, i + 1));
    }
    return false;
}

static struct ref_node *parse_group(struct parser *p)
{
    p->at++;
    p->groups++;
    struct ref_node *n = parse_all(p);
    p->groups--;
    if (!is_close(here(p)))
        p->failed = true;
    p->at++;
    return n;
}

/* The place of the closing quote for the opening one at `at`, or SIZE_MAX. */
static size_t closing_quote(const struct parser *p, size_t at)
{
    uint32_t open = sign(p, at);
    for (size_t i = at + 1; sign(p, i) != END_SIGN; i++) {
        uint32_t cp = sign(p, i);
        bool closes = is_quote_twin(open) ? is_quote_twin(cp) : cp == open + 1;
        if (closes)
            return i;
    }
    return SIZE_MAX;
}

static bool is_distance(const struct parser *p, size_t close)
{
    return sign(p, close + 1) == '~' && is_any_digit(sign(p, close + 2));
}

static bool is_glued_quote(const struct parser *p, size_t close)
{
    for (size_t i = p->at; i < close; i++)
        if (ends_run(sign(p, i)))
            return false;
    return is_text_behind(sign(p, close + 1));
}

static size_t run_end(struct parser *p)
{
    size_t depth = 0, i = p->at;
    for (; !ends_run(sign(p, i)); i++) {
        if (is_open(sign(p, i)))
            depth++;
        if (!is_close(sign(p, i)))
            continue;
        if (depth > 0)
            depth--;
        else if (p->groups > 0)
            break;
        else if (ends_run(sign(p, i + 1)) || is_close(sign(p, i + 1)))
            p->failed = true;
    }
    return i;
}

static bool has_wildcard(const struct parser *p, size_t from, size_t to)
{
    bool wild = false;
    for (size_t i = from; i < to; i++) {
        if (i + 2 < to && sign(p, i) == ':' && sign(p, i + 1) == '/' && sign(p, i + 2) == '/')
            return false;
        bool between = i > from && i + 1 < to && is_ascii_word(sign(p, i - 1)) &&
                       is_ascii_word(sign(p, i + 1));
        wild |= between && (sign(p, i) == '?' || is_star(sign(p, i)));
    }
    return wild;
}

/* Whether the last sign of [from, to) is of a word or Han (a kana's voicing mark is of the kana):
 * whether a star behind it makes a prefix. */
static bool ends_in_content(const struct parser *p, size_t from, size_t to)
{
    static const uint32_t kana_marks[] = {0x3099, 0x309A, 0xFF9E, 0xFF9F, 0};
    struct ref_char c = {0};
    while (to > from && one_of(sign(p, to - 1), kana_marks))
        to--;
    if (to > from)
        ref_look_up(sign(p, to - 1), &c);
    if (c.class != REF_WORD || c.result_count == 0)
        return false;
    return c.results[c.result_count - 1].class != REF_BREAK;
}

static struct ref_node *parse_run(struct parser *p)
{
    size_t from = p->at, to = run_end(p), end = to;
    p->at = to;
    if (has_wildcard(p, from, to))
        return fail(p);
    while (end > from && is_star(sign(p, end - 1)))
        end--;
    bool prefix = end < to && ends_in_content(p, from, end);
    return text_leaf(p, from, end, true, prefix);
}

static struct ref_node *parse_quoted(struct parser *p)
{
    size_t close = closing_quote(p, p->at);
    if (close == SIZE_MAX || is_distance(p, close))
        return fail(p);
    if (is_glued_quote(p, close))
        return parse_run(p);
    struct ref_node *n = text_leaf(p, p->at + 1, close, true, false);
    p->at = close + 1;
    return n;
}

static struct ref_node *parse_value(struct parser *p)
{
    if (is_open(here(p)) && !is_glued_bracket(p))
        return parse_group(p);
    if (opens_quote(here(p)))
        return parse_quoted(p);
    return parse_run(p);
}

enum field { FIELD_NONE, FIELD_TITLE, FIELD_DATE, FIELD_PERIOD, FIELD_ERROR };

static bool is_known_field(const char *name)
{
    static const char *const known[] = {"code", "name",   "type", "exchange", "board",
                                        "date", "period", "id",   "since",    "title"};
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (strcmp(known[i], name) == 0)
            return true;
    return false;
}

/* What the letters and colon at a term's start are; *size is their number of signs. */
static enum field look_at_field(const struct parser *p, size_t *size)
{
    size_t n = 0;
    bool lower = true;
    char name[16] = "";
    for (; is_ascii_letter(sign(p, p->at + n)); n++) {
        uint32_t cp = sign(p, p->at + n);
        lower &= cp >= 'a';
        if (n < sizeof(name) - 1)
            name[n] = (char)(cp | 0x20);
    }
    if (n < 2 || !is_colon(sign(p, p->at + n)))
        return FIELD_NONE;
    uint32_t behind = sign(p, p->at + n + 1);
    *size = n + 1;
    if (behind == '/' && sign(p, p->at + n + 2) == '/')
        return FIELD_NONE;
    bool nothing = behind == END_SIGN || is_space(behind);
    if (!is_known_field(name))
        return lower && !nothing ? FIELD_ERROR : FIELD_NONE;
    if (nothing)
        return lower ? FIELD_ERROR : FIELD_NONE;
    return strcmp(name, "title") == 0    ? FIELD_TITLE
           : strcmp(name, "date") == 0   ? FIELD_DATE
           : strcmp(name, "period") == 0 ? FIELD_PERIOD
                                         : FIELD_ERROR;
}

static struct ref_node *parse_filter(struct parser *p, enum gs_filter_field field)
{
    size_t from = p->at;
    struct ref_node *n = new_node(GS_NODE_FILTER);
    struct ref_filter *filter = REF_PUSH(&p->query->filters);
    filter->field = field;
    while (!ends_run(here(p)) && !is_close(here(p)))
        p->at++;
    n->leaf = p->query->filters.count - 1;
    if (!ref_filter_read(p, from, p->at, filter))
        p->failed = true;
    return n;
}

static bool is_later_operator(const struct parser *p)
{
    static const char *const names[] = {"NEAR", "SENTENCE", "PARAGRAPH"};
    for (size_t k = 0; k < 3; k++) {
        size_t n = 0;
        while (names[k][n] && sign(p, p->at + n) == (uint32_t)(unsigned char)names[k][n])
            n++;
        if (names[k][n])
            continue;
        if (k == 0 && sign(p, p->at + n) == '/')
            for (n++; is_any_digit(sign(p, p->at + n));)
                n++;
        if (is_open(sign(p, p->at + n)))
            return true;
    }
    return false;
}

static bool is_minus(const struct parser *p)
{
    uint32_t next = sign(p, p->at + 1);
    return is_dash(here(p)) && !ends_run(next) && !is_any_digit(next) && !is_dash(next) &&
           !is_close(next);
}

static struct ref_node *parse_part(struct parser *p, bool keywords)
{
    size_t size;
    if (keywords && is_keyword(p, "NOT")) {
        p->at += 3;
        skip_space(p);
        return is_missing(p) ? fail(p) : make_not(p, parse_part(p, true));
    }
    if (keywords && is_minus(p)) {
        p->at++;
        return make_not(p, parse_part(p, false));
    }
    enum field field = look_at_field(p, &size);
    if (field == FIELD_ERROR || is_later_operator(p))
        return fail(p);
    if (field == FIELD_NONE)
        return parse_value(p);
    p->at += size;
    if (is_bar(here(p)) || is_close(here(p)))
        return fail(p);
    if (field != FIELD_TITLE)
        return parse_filter(p, field == FIELD_DATE ? GS_FILTER_DATE : GS_FILTER_PERIOD);
    bool outer = p->title;
    p->title = true;
    struct ref_node *n = parse_value(p);
    p->title = outer;
    return n;
}

/* ---- --any ---- */

static bool same_items(const struct ref_leaf *a, const struct ref_leaf *b)
{
    if (a->items.count != b->items.count)
        return false;
    for (size_t i = 0; i < a->items.count; i++) {
        const struct ref_item *x = &a->items.at[i], *y = &b->items.at[i];
        if (x->is_han != y->is_han || x->offset != y->offset || x->cp != y->cp ||
            x->pair != y->pair || x->size != y->size || memcmp(x->word, y->word, x->size) != 0)
            return false;
    }
    return true;
}

/* One more of the bag; takes over the leaf's memory. */
static void bag_add(struct ref_query *q, struct ref_leaf *leaf)
{
    for (size_t i = 0; i < q->leaves.count; i++)
        if (same_items(&q->leaves.at[i], leaf)) {
            q->leaves.at[i].multiplicity++;
            REF_RELEASE(&leaf->items);
            return;
        }
    *REF_PUSH(&q->leaves) = *leaf;
}

/* The words and bigrams of a run, or (lone) its unigrams. */
static void bag_add_run(struct parser *p, size_t from, size_t to, bool lone)
{
    ref_bytes bytes = {0};
    struct ref_tokens t = {0};
    ref_text_copy(p, from, to, true, &bytes);
    ref_tokenise(&t, bytes.at, bytes.count, NULL, 0, NULL, 0);
    for (size_t i = 0; i < t.tokens.count; i++) {
        const struct ref_token *token = &t.tokens.at[i];
        bool unigram = !token->is_word && token->second == 0;
        if (unigram != lone)
            continue;
        struct ref_leaf leaf = {.multiplicity = 1, .width = token->second ? 2 : 1};
        struct ref_item *item = REF_PUSH(&leaf.items);
        item->is_han = !token->is_word;
        item->cp = token->first;
        item->pair = item->in_pair = token->second != 0;
        item->size = token->size;
        memcpy(item->word, token->word, token->size);
        if (token->second)
            *REF_PUSH(&leaf.items) = (struct ref_item){
                .is_han = true, .in_pair = true, .cp = token->second, .offset = 1};
        bag_add(p->query, &leaf);
    }
    ref_tokens_release(&t);
    REF_RELEASE(&bytes);
}

static void bag_add_quoted(struct parser *p, size_t from, size_t to)
{
    ref_bytes bytes = {0};
    struct ref_leaf leaf;
    ref_text_copy(p, from, to, true, &bytes);
    if (ref_leaf_make(&leaf, bytes.at, bytes.count))
        bag_add(p->query, &leaf);
    REF_RELEASE(&bytes);
}

/* One walk over the question: quoted phrases and runs, or (lone) the single characters of its runs.
 */
static void read_bag(struct parser *p, bool lone)
{
    p->at = sign(p, 0) == 0xFEFF;
    while (here(p) != END_SIGN) {
        skip_space(p);
        size_t close = opens_quote(here(p)) ? closing_quote(p, p->at) : SIZE_MAX;
        if (close != SIZE_MAX) {
            if (!lone)
                bag_add_quoted(p, p->at + 1, close);
            p->at = close + 1;
            continue;
        }
        size_t from = p->at;
        while (here(p) != END_SIGN && !is_space(here(p)))
            p->at++;
        bag_add_run(p, from, p->at, lone);
    }
}

static void parse_bag(struct parser *p)
{
    struct ref_query *q = p->query;
    read_bag(p, false);
    if (q->leaves.count == 0)
        read_bag(p, true);
    struct ref_node *n = new_node(GS_NODE_OR);
    for (size_t i = 0; i < q->leaves.count; i++) {
        struct ref_node *leaf = new_node(GS_NODE_LEAF);
        leaf->leaf = i;
        *REF_PUSH(&n->children) = leaf;
    }
    q->root = settle(n);
}

/* ---- the whole ---- */

static void mark_excluded(struct ref_query *q, const struct ref_node *n, bool below)
{
    if (n->kind == GS_NODE_LEAF)
        q->leaves.at[n->leaf].below_not = below;
    for (size_t i = 0; i < n->children.count; i++)
        mark_excluded(q, n->children.at[i], below || n->kind == GS_NODE_NOT);
}

/* What a line end has to have on both sides to be taken out. */
static bool is_running_text(uint32_t cp)
{
    static const uint32_t marks[] = {0x3001, 0x3002, 0x300A, 0x300B, 0xFF01,
                                     0xFF0C, 0xFF1B, 0xFF1F, 0};
    return one_of(cp, marks) || ref_is_han(cp);
}

/* Wrapped lines: a copy without the line ends that stand in running text. */
static void unwrap(const uint8_t *text, size_t size, ref_bytes *out)
{
    uint32_t before = 0, cp = 0;
    for (size_t at = 0; at < size;) {
        size_t next = at, end = at;
        while (next < size && (text[next] == '\n' || text[next] == '\r'))
            next++;
        cp = 0;
        end = next < size ? next + ref_decode(text + next, text + size, &cp) : next;
        if (is_running_text(before) && is_running_text(cp))
            at = next;
        for (; at < end; at++)
            *REF_PUSH(out) = text[at];
        before = cp;
    }
}

enum gaosou_status ref_query_parse(struct ref_query *q, const char *text, size_t size,
                                   enum gs_query_mode mode)
{
    struct parser p = {.query = q};
    ref_bytes unwrapped = {0};
    if (mode != GS_QUERY_LITERAL) {
        unwrap((const uint8_t *)text, size, &unwrapped);
        text = unwrapped.at ? (const char *)unwrapped.at : "";
        size = unwrapped.count;
    }
    read_signs(&p, text, size);
    if (mode == GS_QUERY_LITERAL) {
        q->root = text_leaf(&p, 0, p.signs.count - 1, false, false);
    } else if (mode == GS_QUERY_ANY) {
        parse_bag(&p);
    } else {
        q->root = parse_all(&p);
        if (!q->root || is_exclusion(q->root))
            p.failed = true;
        if (q->root)
            mark_excluded(q, q->root, false);
    }
    REF_RELEASE(&p.signs);
    REF_RELEASE(&unwrapped);
    return p.failed ? GAOSOU_E_QUERY : GAOSOU_OK;
}

void ref_query_release(struct ref_query *q)
{
    free_node(q->root);
    q->root = NULL;
    for (size_t i = 0; i < q->leaves.count; i++)
        REF_RELEASE(&q->leaves.at[i].items);
    REF_RELEASE(&q->leaves);
    for (size_t i = 0; i < q->filters.count; i++)
        REF_RELEASE(&q->filters.at[i].ranges);
    REF_RELEASE(&q->filters);
}
