/* Weights of leaves in the brute-force engine: docs/QUERY.md, Scores. See ref_match.h. */
#include "tests/support/ref_match.h"

#include <math.h>

static bool same_term(const struct ref_token *a, const struct ref_token *b)
{
    return a->is_word == b->is_word && a->first == b->first && a->second == b->second &&
           a->size == b->size && memcmp(a->word, b->word, a->size) == 0;
}

/* The sum of df over all terms that fit: distinct terms of each filing. */
static uint64_t sum_df(const struct ref_index *x, ref_token_test *fits, const struct ref_item *item)
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
        return idf(x, sum_df(x, ref_fits_word, item));
    if (!item->in_pair)
        return idf(x, sum_df(x, ref_begins_with_char, item));
    return item->pair ? idf(x, sum_df(x, ref_is_pair, item)) : 0;
}

double ref_leaf_weight(const struct ref_index *x, const struct ref_leaf *leaf)
{
    double sum = 0;
    for (size_t i = 0; i < leaf->items.count; i++)
        sum += item_weight(x, &leaf->items.at[i]);
    return sum;
}
