/* What the first pass of a ranked search weighs differently: bigrams of function characters, and
 * the length of long filings (docs/RANKING.md). */
#include "query/rerank.h"

/* Characters of function words, folded to simplified ones, in the order of their code points. Of
 * the first table are those that hardly ever stand inside a word of content: a bigram with one of
 * them spans the border of a word. */
static const uint16_t PARTICLES[] = {
    0x4E48 /* 么 */, 0x4E86 /* 了 */, 0x4E9B /* 些 */, 0x4EC0 /* 什 */,
    0x4F55 /* 何 */, 0x5176 /* 其 */, 0x51E0 /* 几 */, 0x5417 /* 吗 */,
    0x5462 /* 呢 */, 0x54EA /* 哪 */, 0x5728 /* 在 */, 0x600E /* 怎 */,
    0x662F /* 是 */, 0x7684 /* 的 */, 0x88AB /* 被 */, 0x8C01 /* 谁 */,
};
static const uint16_t OTHERS[] = {
    0x4E00 /* 一 */, 0x4E0D /* 不 */, 0x4E0E /* 与 */, 0x4E2A /* 个 */, 0x4E3A /* 为 */,
    0x4E4B /* 之 */, 0x4E5F /* 也 */, 0x4E8E /* 于 */, 0x4ECE /* 从 */, 0x4EE5 /* 以 */,
    0x5230 /* 到 */, 0x53CA /* 及 */, 0x548C /* 和 */, 0x591A /* 多 */, 0x5982 /* 如 */,
    0x5BF9 /* 对 */, 0x5C06 /* 将 */, 0x5C11 /* 少 */, 0x6216 /* 或 */, 0x628A /* 把 */,
    0x6709 /* 有 */, 0x6837 /* 样 */, 0x7531 /* 由 */, 0x800C /* 而 */, 0x8BF7 /* 请 */,
    0x8FD9 /* 这 */, 0x90A3 /* 那 */, 0x90FD /* 都 */, 0x95EE /* 问 */,
};

static bool is_in(const uint16_t *table, size_t count, uint32_t c)
{
    size_t i = 0;
    while (i < count && table[i] != c)
        i++;
    return i < count;
}

static bool is_particle(uint32_t c)
{
    return is_in(PARTICLES, sizeof(PARTICLES) / sizeof(PARTICLES[0]), c);
}

static bool is_function(uint32_t c)
{
    return is_particle(c) || is_in(OTHERS, sizeof(OTHERS) / sizeof(OTHERS[0]), c);
}

/* What the weight of a leaf is multiplied by. */
static double factor_of(const struct gs_leaf *leaf, const struct gs_ranking_params *params)
{
    if (leaf->item_count != 2 || !leaf->items[0].is_han || !leaf->items[1].joined)
        return 1;
    uint32_t a = leaf->items[0].character, b = leaf->items[1].character;
    if (is_function(a) && is_function(b))
        return params->function;
    return is_particle(a) || is_particle(b) ? params->particle : 1;
}

double gs_ranking_stop_factor(const struct gs_leaf *leaf)
{
    return factor_of(leaf, &gs_ranking_defaults);
}

void gs_ranking_weigh(struct gs_plan *plan, const struct gs_query *query,
                      const struct gs_ranking *ranking)
{
    const struct gs_ranking_params *params = gs_ranking_params_of(ranking);
    bool content = false;
    if (!ranking->stop || query->mode != GS_QUERY_ANY)
        return;
    for (size_t i = 0; i < query->leaf_count; i++)
        content = content || factor_of(&query->leaves[i], params) == 1;
    for (size_t i = 0; i < query->leaf_count && content; i++)
        plan->leaves[i].weight *= factor_of(&query->leaves[i], params);
}

void gs_ranking_limit_length(struct gs_scorer *scorer, uint64_t doc_count, uint64_t total_length,
                             const struct gs_ranking *ranking)
{
    if (!ranking->passages || doc_count == 0)
        return;
    double most =
        gs_ranking_params_of(ranking)->longest * ((double)total_length / (double)doc_count);
    scorer->longest = most < UINT32_MAX ? (uint32_t)most : UINT32_MAX;
}
