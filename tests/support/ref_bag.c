/* --any in the reference's query reader. See ref_sign.h. */
#include "tests/support/ref_sign.h"

/* One more of the bag: its number; takes over the leaf's memory. */
static size_t bag_add(struct ref_query *q, struct ref_leaf *leaf)
{
    for (size_t i = 0; i < q->leaves.count; i++)
        if (ref_leaf_same(&q->leaves.at[i], leaf)) {
            q->leaves.at[i].multiplicity++;
            REF_RELEASE(&leaf->items);
            return i;
        }
    *REF_PUSH(&q->leaves) = *leaf;
    return q->leaves.count - 1;
}

/* The words and bigrams of a run, or (lone) its unigrams. */
static void bag_add_run(struct parser *p, size_t from, size_t to, bool lone)
{
    ref_bytes bytes = {0};
    struct ref_tokens t = {0};
    ref_text_copy(p, from, to, true, &bytes);
    ref_tokenise(&t, bytes.at, bytes.count, NULL, 0, NULL, 0);
    size_t before = SIZE_MAX;
    uint32_t at = 0;
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
        size_t added = bag_add(p->query, &leaf);
        if (before != SIZE_MAX && token->position - at <= 3)
            *REF_PUSH(&p->query->pairs) = (struct ref_pair){before, added, token->position - at};
        before = added;
        at = token->position;
    }
    ref_tokens_release(&t);
    REF_RELEASE(&bytes);
}

static void bag_add_quoted(struct parser *p, size_t from, size_t to)
{
    ref_bytes bytes = {0};
    struct ref_leaf leaf;
    ref_text_copy(p, from, to, true, &bytes);
    if (ref_leaf_make(&leaf, bytes.at, bytes.count)) {
        ref_leaves become = {0};
        if (p->rules)
            ref_synonyms_of(p->rules, &leaf, &become);
        for (size_t i = 0; i < become.count; i++)
            bag_add(p->query, &become.at[i]);
        if (become.count == 0)
            bag_add(p->query, &leaf);
        else
            ref_leaf_release(&leaf);
        REF_RELEASE(&become);
    }
    REF_RELEASE(&bytes);
}

/* One walk over the question: quoted phrases and runs, or (lone) the single characters of its runs.
 */
static void read_bag(struct parser *p, bool lone)
{
    p->at = sign(p, 0) == 0xFEFF;
    while (here(p) != END_SIGN) {
        skip_space(p);
        size_t close = opens_quote(here(p)) ? ref_closing_quote(p, p->at) : SIZE_MAX;
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

void ref_parse_bag(struct parser *p)
{
    struct ref_query *q = p->query;
    read_bag(p, false);
    if (q->leaves.count == 0)
        read_bag(p, true);
    struct ref_node *n = ref_node_new(GS_NODE_OR);
    for (size_t i = 0; i < q->leaves.count; i++) {
        struct ref_node *leaf = ref_node_new(GS_NODE_LEAF);
        leaf->leaf = i;
        *REF_PUSH(&n->children) = leaf;
    }
    q->root = ref_node_settle(n);
    q->is_bag = true;
}
