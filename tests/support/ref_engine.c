#include "tests/support/ref_engine.h"

#include "tests/support/ref_content_hash.h"
#include "tests/support/ref_layout.h"

#include <math.h>

/* ---- filings ---- */

static void *copy_bytes(const void *bytes, size_t size, size_t more)
{
    uint8_t *copy = calloc(size + more + 1, 1);
    if (!copy)
        abort();
    if (size)
        memcpy(copy, bytes, size);
    return copy;
}

/* Whether the title is one that was given, and not a place in the text: of a filing without a text
 * it always is. */
static bool has_field(const struct ref_source *s)
{
    return s->title && (s->is_unread || s->title_from == s->title_to);
}

/* Title, U+001F, line feed, text; or the text alone where there is no title or it begins with it or
 * has it somewhere. */
static void build_content(struct ref_filing *f, const struct ref_source *s)
{
    bool is_field = has_field(s);
    size_t title = is_field ? strlen(s->title) : 0, text = s->is_unread ? 0 : s->size;
    f->is_unread = s->is_unread;
    bool within = title <= text && memcmp(is_field ? s->title : "", s->text, title) == 0;
    size_t front = within ? 0 : title + 2;
    f->size = front + text;
    f->content = copy_bytes("", 0, f->size);
    if (front) {
        memcpy(f->content, s->title, title);
        memcpy(f->content + title, "\x1F\n", 2);
    }
    memcpy(f->content + front, s->text, text);
    if (is_field)
        f->title_to = title;
    else if (!s->is_unread) {
        f->title_from = s->title_from;
        f->title_to = s->title_to;
    }
}

/* The positions that the first bytes would take alone. */
static uint32_t count_positions(const struct ref_filing *f, size_t size,
                                const struct ref_layout *layout)
{
    struct ref_tokens t = {0};
    ref_tokenise(&t, f->content, size, layout->marks.at, layout->marks.count, NULL, 0);
    uint32_t positions = t.positions;
    ref_tokens_release(&t);
    return positions;
}

struct ref_filing *ref_index_add(struct ref_index *x, const struct ref_source *source)
{
    struct ref_layout layout = {0};
    struct ref_filing *f = copy_bytes("", 0, sizeof(*f));
    ref_index_delete(x, source->id);
    f->id = copy_bytes(source->id, strlen(source->id), 0);
    f->sequence = x->next_sequence++;
    f->segment = x->next_segment;
    build_content(f, source);
    ref_layout_find(&layout, f->content, f->size);
    ref_structure_find(&layout);
    ref_tokenise(&f->tokens, f->content, f->size, layout.marks.at, layout.marks.count,
                 layout.ends.at, layout.ends.count);
    f->title_start = count_positions(f, f->title_from, &layout);
    f->title_end = count_positions(f, f->title_to, &layout);
    f->content_hash = ref_content_hash(f->content, f->size, has_field(source) ? f->title_to : 0,
                                       layout.marks.at, layout.marks.count);
    ref_layout_release(&layout);
    *REF_PUSH(&x->filings) = f;
    return f;
}

bool ref_index_delete(struct ref_index *x, const char *id)
{
    for (size_t i = 0; i < x->filings.count; i++) {
        struct ref_filing *f = x->filings.at[i];
        if (f->deleted || strcmp(f->id, id) != 0)
            continue;
        f->deleted = true;
        return true;
    }
    return false;
}

static void free_filing(struct ref_filing *f)
{
    ref_tokens_release(&f->tokens);
    free(f->id);
    free(f->content);
    free(f);
}

static bool is_live(const struct ref_index *x, size_t segment)
{
    for (size_t i = 0; i < x->filings.count; i++)
        if (x->filings.at[i]->segment == segment && !x->filings.at[i]->deleted)
            return true;
    return false;
}

void ref_index_commit(struct ref_index *x)
{
    size_t kept = 0;
    for (size_t i = 0; i < x->filings.count; i++) /* marked first: the list is read on the way */
        if (!is_live(x, x->filings.at[i]->segment))
            x->filings.at[i]->segment = SIZE_MAX;
    for (size_t i = 0; i < x->filings.count; i++) {
        if (x->filings.at[i]->segment == SIZE_MAX)
            free_filing(x->filings.at[i]);
        else
            x->filings.at[kept++] = x->filings.at[i];
    }
    x->filings.count = kept;
    x->next_segment++;
}

void ref_index_compact(struct ref_index *x)
{
    for (size_t i = 0; i < x->filings.count; i++)
        x->filings.at[i]->segment =
            x->filings.at[i]->deleted ? x->next_segment + 1 : x->next_segment;
    x->next_segment++;
    ref_index_commit(x);
}

void ref_index_release(struct ref_index *x)
{
    for (size_t i = 0; i < x->filings.count; i++)
        free_filing(x->filings.at[i]);
    REF_RELEASE(&x->filings);
}

/* ---- what stands where ---- */

/* The first token at or behind a position. */
static size_t first_token_at(const struct ref_filing *f, uint32_t position)
{
    size_t low = 0, high = f->tokens.tokens.count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (f->tokens.tokens.at[middle].position < position)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

typedef bool token_test(const struct ref_token *t, const struct ref_item *item);

static bool any_token_at(const struct ref_filing *f, uint32_t position, token_test *fits,
                         const struct ref_item *item)
{
    for (size_t i = first_token_at(f, position);
         i < f->tokens.tokens.count && f->tokens.tokens.at[i].position == position; i++)
        if (fits(&f->tokens.tokens.at[i], item))
            return true;
    return false;
}

static bool is_word(const struct ref_token *t, const struct ref_item *item)
{
    return t->is_word && t->size == item->size && memcmp(t->word, item->word, item->size) == 0;
}

static bool begins_word(const struct ref_token *t, const struct ref_item *item)
{
    return t->is_word && t->size >= item->size && memcmp(t->word, item->word, item->size) == 0;
}

/* item[1] is the second character. */
static bool is_pair(const struct ref_token *t, const struct ref_item *item)
{
    return !t->is_word && t->first == item[0].cp && t->second == item[1].cp;
}

static bool is_unigram(const struct ref_token *t, const struct ref_item *item)
{
    return !t->is_word && t->first == item->cp && t->second == 0;
}

static bool begins_with_char(const struct ref_token *t, const struct ref_item *item)
{
    return !t->is_word && t->first == item->cp;
}

static bool ends_with_char(const struct ref_token *t, const struct ref_item *item)
{
    return !t->is_word && t->second == item->cp;
}

static bool item_fits(const struct ref_filing *f, const struct ref_item *item, uint32_t p)
{
    if (!item->is_han)
        return any_token_at(f, p, item->is_prefix ? begins_word : is_word, item);
    if (item->in_pair)
        return !item->pair || any_token_at(f, p, is_pair, item);
    if (item->is_prefix)
        return any_token_at(f, p, begins_with_char, item);
    if (item->beside_word)
        return any_token_at(f, p, is_unigram, item);
    return any_token_at(f, p, begins_with_char, item) ||
           (p > 0 && any_token_at(f, p - 1, ends_with_char, item));
}

static bool leaf_fits(const struct ref_filing *f, const struct ref_leaf *leaf, uint32_t p)
{
    if (leaf->title_only && (p < f->title_start || p + leaf->width > f->title_end))
        return false;
    for (size_t i = 0; i < leaf->items.count; i++)
        if (!item_fits(f, &leaf->items.at[i], p + leaf->items.at[i].offset))
            return false;
    return true;
}

static uint32_t count_leaf(const struct ref_filing *f, const struct ref_leaf *leaf)
{
    uint32_t n = 0;
    for (uint32_t p = 0; p < f->tokens.positions; p++)
        n += leaf_fits(f, leaf, p);
    return n;
}

/* ---- weights ---- */

static bool same_term(const struct ref_token *a, const struct ref_token *b)
{
    return a->is_word == b->is_word && a->first == b->first && a->second == b->second &&
           a->size == b->size && memcmp(a->word, b->word, a->size) == 0;
}

/* The sum of df over all terms that fit: distinct terms of each filing. */
static uint64_t sum_df(const struct ref_index *x, token_test *fits, const struct ref_item *item)
{
    uint64_t sum = 0;
    REF_LIST(const struct ref_token *) seen = {0};
    for (size_t i = 0; i < x->filings.count; i++) {
        const struct ref_tokens *t = &x->filings.at[i]->tokens;
        REF_CLEAR(&seen);
        for (size_t k = 0; k < t->tokens.count; k++) {
            const struct ref_token *token = &t->tokens.at[k];
            bool fresh = fits(token, item);
            for (size_t s = 0; s < seen.count && fresh; s++)
                fresh = !same_term(seen.at[s], token);
            if (fresh)
                *REF_PUSH(&seen) = token;
        }
        sum += seen.count;
    }
    REF_RELEASE(&seen);
    return sum;
}

static double idf(const struct ref_index *x, uint64_t df)
{
    double all = (double)x->filings.count, n = (double)df < all ? (double)df : all;
    return log(1 + (all - n + 0.5) / (n + 0.5));
}

static double item_weight(const struct ref_index *x, const struct ref_item *item)
{
    if (!item->is_han)
        return idf(x, sum_df(x, item->is_prefix ? begins_word : is_word, item));
    if (!item->in_pair)
        return idf(x, sum_df(x, begins_with_char, item));
    return item->pair ? idf(x, sum_df(x, is_pair, item)) : 0;
}

static double leaf_weight(const struct ref_index *x, const struct ref_leaf *leaf)
{
    double sum = 0;
    for (size_t i = 0; i < leaf->items.count; i++)
        sum += item_weight(x, &leaf->items.at[i]);
    return sum;
}

/* ---- search ---- */

struct scan {
    const struct ref_index *x;
    const struct ref_query *q;
    struct ref_scoring scoring;
    double average;
    double *weights;           /* of the leaves */
    uint32_t *counts;          /* of the leaves in the filing at hand */
    enum gs_truth *truths;     /* of the filters, likewise */
    bool *counted;             /* leaves that stand in a branch that matches */
    bool is_unread, says_most; /* the filing at hand; what to make of its text */
};

/* not_below: below an odd number of NOTs, where an unknown is taken in by being false. */
static enum gs_truth truth_of(const struct scan *s, const struct ref_node *n, bool not_below)
{
    if (n->kind == GS_NODE_LEAF) {
        bool unknown = s->is_unread && s->says_most != not_below;
        bool yes = unknown || (!s->says_most && s->counts[n->leaf] > 0);
        return yes ? GS_TRUTH_YES : GS_TRUTH_NO;
    }
    if (n->kind == GS_NODE_FILTER) {
        enum gs_truth t = s->truths[n->leaf];
        if (t == GS_TRUTH_UNKNOWN && s->scoring.take_unknown)
            t = not_below ? GS_TRUTH_NO : GS_TRUTH_YES;
        return t;
    }
    if (n->kind == GS_NODE_NOT)
        return GS_TRUTH_YES - truth_of(s, n->children.at[0], !not_below);
    enum gs_truth all = n->kind == GS_NODE_AND ? GS_TRUTH_YES : GS_TRUTH_NO;
    for (size_t i = 0; i < n->children.count; i++) {
        enum gs_truth t = truth_of(s, n->children.at[i], not_below);
        if (n->kind == GS_NODE_AND ? t < all : t > all)
            all = t;
    }
    return all;
}

/* Only above every NOT. A filing without a text is scored as if its title were all it says. */
static void mark_counted(struct scan *s, const struct ref_node *n)
{
    if (n->kind == GS_NODE_NOT || truth_of(s, n, false) != GS_TRUTH_YES)
        return;
    if (n->kind == GS_NODE_LEAF)
        s->counted[n->leaf] = true;
    for (size_t i = 0; i < n->children.count; i++)
        mark_counted(s, n->children.at[i]);
}

static double score(struct scan *s, const struct ref_filing *f)
{
    double sum = 0, k1 = s->scoring.k1, b = s->scoring.b;
    memset(s->counted, 0, s->q->leaves.count * sizeof(*s->counted));
    s->is_unread = false;
    mark_counted(s, s->q->root);
    for (size_t i = 0; i < s->q->leaves.count; i++) {
        if (!s->counted[i])
            continue;
        double tf = s->counts[i], len = f->tokens.length;
        sum += s->q->leaves.at[i].multiplicity * s->weights[i] * tf /
               (tf + k1 * (1 - b + b * len / s->average));
    }
    return sum;
}

static void judge_filters(struct scan *s, const struct ref_filing *f)
{
    for (size_t i = 0; i < s->q->filters.count; i++)
        s->truths[i] = ref_filter_judge(&s->q->filters.at[i], f->dates[s->q->filters.at[i].field]);
}

static void count_unjudged(const struct scan *s, struct ref_hits *out)
{
    for (size_t field = 0; field < REF_DATE_FIELDS; field++) {
        bool unknown = false;
        for (size_t i = 0; i < s->q->filters.count; i++)
            unknown |= s->q->filters.at[i].field == field && s->truths[i] == GS_TRUTH_UNKNOWN;
        out->unjudged[field] += unknown;
    }
}

static void scan_filing(struct scan *s, const struct ref_filing *f, struct ref_hits *out)
{
    size_t leaves = s->q->leaves.count;
    for (size_t i = 0; i < leaves; i++)
        s->counts[i] = count_leaf(f, &s->q->leaves.at[i]);
    judge_filters(s, f);
    s->is_unread = f->is_unread;
    s->says_most = true;
    out->unsearched += f->is_unread && truth_of(s, s->q->root, false) == GS_TRUTH_YES;
    s->says_most = false;
    enum gs_truth truth = truth_of(s, s->q->root, false);
    if (truth == GS_TRUTH_UNKNOWN)
        count_unjudged(s, out);
    if (truth != GS_TRUTH_YES)
        return;
    struct ref_hit *hit = REF_PUSH(&out->hits);
    hit->filing = f;
    hit->twins = 0;
    hit->score = score(s, f);
    for (size_t i = 0; i < leaves; i++) {
        if (s->q->leaves.at[i].below_not)
            s->counts[i] = 0;
        out->occurrences += s->counts[i];
    }
    hit->counts = copy_bytes(s->counts, leaves * sizeof(*s->counts), 0);
}

static int compare_hits(const void *a, const void *b)
{
    const struct ref_hit *x = a, *y = b;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return x->filing->sequence < y->filing->sequence ? -1 : 1;
}

void ref_search(const struct ref_index *x, const struct ref_query *q, struct ref_scoring scoring,
                struct ref_hits *out)
{
    size_t leaves = q->leaves.count;
    struct scan s = {.x = x, .q = q, .scoring = scoring};
    uint64_t lengths = 0;
    if (!q->root)
        return;
    s.weights = calloc(leaves + 1, sizeof(*s.weights));
    s.counts = calloc(leaves + 1, sizeof(*s.counts));
    s.counted = calloc(leaves + 1, sizeof(*s.counted));
    s.truths = calloc(q->filters.count + 1, sizeof(*s.truths));
    if (!s.truths || !s.weights || !s.counts || !s.counted)
        abort();
    for (size_t i = 0; i < x->filings.count; i++)
        lengths += x->filings.at[i]->tokens.length;
    s.average = lengths ? (double)lengths / (double)x->filings.count : 1;
    for (size_t i = 0; i < leaves; i++)
        s.weights[i] = leaf_weight(x, &q->leaves.at[i]);
    for (size_t i = 0; i < x->filings.count; i++)
        if (!x->filings.at[i]->deleted)
            scan_filing(&s, x->filings.at[i], out);
    if (out->hits.count > 1)
        qsort(out->hits.at, out->hits.count, sizeof(*out->hits.at), compare_hits);
    free(s.weights);
    free(s.counts);
    free(s.counted);
    free(s.truths);
}

void ref_collapse(struct ref_hits *h)
{
    size_t kept = 0;
    for (size_t i = 0; i < h->hits.count; i++) {
        struct ref_hit hit = h->hits.at[i];
        size_t k = 0;
        while (k < kept && (hit.filing->content_hash == 0 ||
                            h->hits.at[k].filing->content_hash != hit.filing->content_hash))
            k++;
        if (k == kept) {
            h->hits.at[kept++] = hit;
            continue;
        }
        h->hits.at[k].twins++;
        h->collapsed++;
        free(hit.counts);
    }
    h->hits.count = kept;
}

void ref_hits_release(struct ref_hits *h)
{
    for (size_t i = 0; i < h->hits.count; i++)
        free(h->hits.at[i].counts);
    REF_RELEASE(&h->hits);
    h->occurrences = 0;
}

void ref_find_occurrences(const struct ref_filing *f, const struct ref_query *q,
                          ref_occurrences *out)
{
    for (uint32_t p = 0; p < f->tokens.positions; p++)
        for (size_t i = 0; i < q->leaves.count; i++)
            if (!q->leaves.at[i].below_not && leaf_fits(f, &q->leaves.at[i], p))
                *REF_PUSH(out) = (struct ref_occurrence){p, q->leaves.at[i].width, (uint32_t)i};
}

uint64_t ref_leaf_total(const struct ref_index *x, const struct ref_leaf *leaf)
{
    uint64_t n = 0;
    for (size_t i = 0; i < x->filings.count; i++)
        n += !x->filings.at[i]->deleted && count_leaf(x->filings.at[i], leaf) > 0;
    return n;
}
