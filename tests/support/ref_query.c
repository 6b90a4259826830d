#include "tests/support/ref_layout.h"
#include "tests/support/ref_sign.h"

/* ---- grammar ---- */

static struct ref_node *parse_part(struct parser *p, bool keywords);

bool ref_is_keyword(const struct parser *p, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; i < n; i++)
        if (sign(p, p->at + i) != (uint32_t)(unsigned char)word[i])
            return false;
    uint32_t behind = sign(p, p->at + n);
    return behind == END_SIGN || is_space(behind) || is_open(behind) || is_close(behind);
}

/* Nothing that a term could begin with stands here. */
bool ref_is_missing(const struct parser *p)
{
    return here(p) == END_SIGN || is_bar(here(p)) || is_close(here(p)) ||
           ref_is_keyword(p, "AND") || ref_is_keyword(p, "OR");
}

static struct ref_node *parse_any(struct parser *p)
{
    struct ref_node *n = ref_node_new(GS_NODE_OR);
    bool excludes = false;
    for (;;) {
        if (ref_is_missing(p))
            p->failed = true;
        struct ref_node *part = p->failed ? NULL : parse_part(p, true);
        excludes |= part && ref_node_is_exclusion(part);
        ref_node_join(n, part);
        size_t back = p->at;
        skip_space(p);
        bool bar = is_bar(here(p));
        if (p->failed || (!bar && !ref_is_keyword(p, "OR"))) {
            p->at = back;
            break;
        }
        p->at += bar ? 1 : 2;
        skip_space(p);
    }
    if (excludes && n->children.count > 1)
        p->failed = true;
    return ref_node_settle(n);
}

struct ref_node *ref_parse_all(struct parser *p)
{
    struct ref_node *n = ref_node_new(GS_NODE_AND);
    for (bool first = true; !p->failed; first = false) {
        skip_space(p);
        if (here(p) == END_SIGN || (p->groups > 0 && is_close(here(p))))
            break;
        if (!first && ref_is_keyword(p, "AND")) {
            p->at += 3;
            skip_space(p);
        }
        ref_node_join(n, parse_any(p));
    }
    return ref_node_settle(n);
}

static struct ref_node *make_not(struct parser *p, struct ref_node *part)
{
    if (!part)
        return NULL;
    if (ref_node_is_exclusion(part))
        p->failed = true;
    struct ref_node *n = ref_node_new(GS_NODE_NOT);
    *REF_PUSH(&n->children) = part;
    return n;
}

/* What may stand behind a bracket or quote that is a sign of the language and not text. */
static bool is_text_behind(uint32_t cp)
{
    return !ends_run(cp) && !is_open(cp) && !is_close(cp) && !is_quote(cp);
}

bool ref_is_glued_bracket(const struct parser *p)
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
    struct ref_node *n = ref_parse_all(p);
    p->groups--;
    if (!is_close(here(p)))
        p->failed = true;
    p->at++;
    return n;
}

size_t ref_closing_quote(const struct parser *p, size_t at)
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

bool ref_is_distance(const struct parser *p, size_t close)
{
    uint32_t cp = sign(p, close + 1);
    return (cp == '~' || cp == 0xFF5E) && is_any_digit(sign(p, close + 2));
}

bool ref_is_glued_quote(const struct parser *p, size_t close)
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

/* Whether the signs [from, to) end in a character that takes in the voicing mark behind it. */
static bool ends_in_kana_mark(const struct parser *p, size_t from, size_t to)
{
    ref_bytes bytes = {0};
    struct ref_tokens t = {0};
    bool covered = false;
    ref_text_copy(p, from, to, true, &bytes);
    ref_tokenise(&t, bytes.at, bytes.count, NULL, 0, NULL, 0);
    for (size_t i = 0; i < t.elements.count; i++)
        covered |= t.elements.at[i].kind == REF_ELEMENT_HAN && t.elements.at[i].end == bytes.count;
    ref_tokens_release(&t);
    REF_RELEASE(&bytes);
    return covered;
}

/* Whether the last sign of [from, to) is of a word or Han: whether a star behind it makes a prefix.
 */
static bool ends_in_content(const struct parser *p, size_t from, size_t to)
{
    static const uint32_t kana_marks[] = {0x3099, 0x309A, 0xFF9E, 0xFF9F, 0};
    struct ref_char c = {0};
    if (to > from && one_of(sign(p, to - 1), kana_marks))
        return ends_in_kana_mark(p, from, to);
    if (to > from)
        ref_look_up(sign(p, to - 1), &c);
    if (c.class != REF_WORD || c.result_count == 0)
        return false;
    return c.results[c.result_count - 1].class != REF_BREAK;
}

struct ref_node *ref_parse_run(struct parser *p)
{
    size_t from = p->at, to = run_end(p), end = to;
    p->at = to;
    while (end > from && is_star(sign(p, end - 1)))
        end--;
    bool prefix = end < to && ends_in_content(p, from, end);
    if (ref_has_pattern(p, from, end))
        return ref_pattern_leaf(p, from, end, prefix);
    return ref_text_leaf(p, from, end, true, prefix);
}

static struct ref_node *parse_quoted(struct parser *p)
{
    size_t close = ref_closing_quote(p, p->at);
    if (close == SIZE_MAX)
        return ref_fail(p);
    if (ref_is_distance(p, close))
        return ref_parse_distance(p, close);
    if (ref_is_glued_quote(p, close))
        return ref_parse_run(p);
    struct ref_node *n = ref_text_leaf(p, p->at + 1, close, true, false);
    p->at = close + 1;
    return n;
}

struct ref_node *ref_parse_value(struct parser *p)
{
    if (is_open(here(p)) && !ref_is_glued_bracket(p))
        return parse_group(p);
    if (opens_quote(here(p)))
        return parse_quoted(p);
    return ref_parse_run(p);
}

bool ref_is_minus(const struct parser *p)
{
    uint32_t next = sign(p, p->at + 1);
    return is_dash(here(p)) && !ends_run(next) && !is_any_digit(next) && !is_dash(next) &&
           !is_close(next);
}

static struct ref_node *parse_part(struct parser *p, bool keywords)
{
    size_t size;
    char name[REF_FIELD_NAME_MAX];
    if (keywords && ref_is_keyword(p, "NOT")) {
        p->at += 3;
        skip_space(p);
        return ref_is_missing(p) ? ref_fail(p) : make_not(p, parse_part(p, true));
    }
    if (keywords && ref_is_minus(p)) {
        p->at++;
        return make_not(p, parse_part(p, false));
    }
    struct ref_node *group;
    if (ref_parse_group_word(p, &group))
        return group;
    enum ref_field_kind field = ref_look_at_field(p, &size, name);
    if (field == REF_FIELD_ERROR)
        return ref_fail(p);
    if (field == REF_FIELD_NONE)
        return ref_parse_value(p);
    p->at += size;
    if (is_bar(here(p)) || is_close(here(p)))
        return ref_fail(p);
    if (field == REF_FIELD_FILTER)
        return ref_parse_filter(p, name);
    bool outer = p->title;
    p->title = true;
    struct ref_node *n = ref_parse_value(p);
    p->title = outer;
    return n;
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

static void settle_text(struct parser *p, const char *text, size_t size, ref_bytes *unwrapped)
{
    if (p->params->mode != GS_QUERY_LITERAL) {
        unwrap((const uint8_t *)text, size, unwrapped);
        text = unwrapped->at ? (const char *)unwrapped->at : "";
        size = unwrapped->count;
    }
    read_signs(p, text, size);
}

static void parse_syntax(struct parser *p)
{
    p->query->root = ref_parse_all(p);
    if (!p->query->root || ref_node_is_exclusion(p->query->root))
        p->failed = true;
}

/* Filters given beside the query: a query of filters alone, all of which must hold. */
static void add_filters(struct parser *p)
{
    struct ref_query *q = p->query;
    struct gs_query_params params = *p->params;
    struct ref_node *root = q->root, *both;
    ref_bytes unwrapped = {0};
    params.mode = GS_QUERY_SYNTAX;
    struct parser beside = {.query = q, .params = &params};
    settle_text(&beside, p->params->filters, p->params->filters_size, &unwrapped);
    q->root = ref_parse_all(&beside);
    p->failed |= beside.failed || !q->root || !ref_node_is_filters(q->root);
    if (root) { /* else nothing matches, whatever the filters say */
        both = ref_node_new(GS_NODE_AND);
        ref_node_join(both, root);
        ref_node_join(both, q->root);
        q->root = ref_node_settle(both);
    } else {
        ref_node_free(q->root);
        q->root = NULL;
    }
    REF_RELEASE(&beside.signs);
    REF_RELEASE(&unwrapped);
}

enum gaosou_status ref_query_parse(struct ref_query *q, const char *text, size_t size,
                                   const struct gs_query_params *params)
{
    return ref_query_parse_with(q, text, size, params, NULL);
}

enum gaosou_status ref_query_parse_with(struct ref_query *q, const char *text, size_t size,
                                        const struct gs_query_params *params,
                                        const struct ref_synonyms *rules)
{
    struct parser p = {.query = q, .params = params};
    p.rules = params->mode == GS_QUERY_LITERAL ? NULL : rules;
    ref_bytes unwrapped = {0};
    settle_text(&p, text, size, &unwrapped);
    if (params->mode == GS_QUERY_LITERAL)
        q->root = ref_text_leaf(&p, 0, p.signs.count - 1, false, false);
    else if (params->mode == GS_QUERY_ANY)
        ref_parse_bag(&p);
    else
        parse_syntax(&p);
    if (q->root && params->within != GS_WITHIN_FILING)
        q->root = ref_put_within(&p, q->root);
    if (params->filters)
        add_filters(&p);
    if (q->root)
        mark_excluded(q, q->root, false);
    REF_RELEASE(&p.signs);
    REF_RELEASE(&unwrapped);
    return p.failed ? GAOSOU_E_QUERY : GAOSOU_OK;
}

static void release_filter(struct ref_filter *f)
{
    REF_RELEASE(&f->ranges);
    for (size_t i = 0; i < f->values.count; i++) {
        REF_RELEASE(&f->values.at[i].from);
        REF_RELEASE(&f->values.at[i].to);
    }
    REF_RELEASE(&f->values);
}

void ref_query_release(struct ref_query *q)
{
    ref_node_free(q->root);
    q->root = NULL;
    for (size_t i = 0; i < q->leaves.count; i++)
        ref_leaf_release(&q->leaves.at[i]);
    REF_RELEASE(&q->leaves);
    for (size_t i = 0; i < q->filters.count; i++)
        release_filter(&q->filters.at[i]);
    REF_RELEASE(&q->filters);
    REF_RELEASE(&q->pairs);
}
