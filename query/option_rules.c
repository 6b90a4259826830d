#include "query/option_rules.h"

#define BIT(name) GS_OPTION_BIT(name)

#define TABLES   (BIT(TSV) | BIT(CSV))
#define LISTS    (BIT(IDS) | BIT(HIT_COUNTS)) /* of filings, without anything about them */
#define FORMATS  (TABLES | LISTS | BIT(JSON) | BIT(JSONL))
#define ACTIONS  (BIT(SHOW) | BIT(WHY_NOT) | BIT(BATCH))
#define SNIPPETS (BIT(FRAGMENTS) | BIT(CONTEXT) | BIT(NO_SNIPPETS))
/* What says which filings of many are shown, and how. */
#define MANY                                                                                       \
    (BIT(LIMIT) | BIT(OFFSET) | BIT(CURSOR) | BIT(SORT) | BIT(TIES) | BIT(COUNT) | BIT(COLLAPSE) | \
     BIT(FACET) | BIT(FACET_LIMIT) | BIT(ROWS) | BIT(MATRIX) | BIT(FIELDS) | BIT(TOGETHER) |       \
     BIT(EXPLAIN))

/* Of these at most one. */
static const uint64_t one_of[] = {FORMATS, ACTIONS};

/* None of the first with one of the second. */
static const struct {
    uint64_t option, excluded;
} exclusions[] = {
    {BIT(COUNT), TABLES | LISTS | BIT(MATRIX) | BIT(CURSOR) | BIT(EXPLAIN)},
    {BIT(CURSOR), BIT(OFFSET)},
    {BIT(ANY), BIT(WITHIN)},
    {BIT(NO_SNIPPETS), BIT(FRAGMENTS) | BIT(CONTEXT)},
    {BIT(EXPLAIN), TABLES | LISTS | BIT(JSONL)},
    {BIT(SHOW), MANY | SNIPPETS | TABLES | LISTS | BIT(JSONL) | BIT(MIN_MATCH) | BIT(TIMEOUT)},
    {BIT(WHY_NOT), MANY | SNIPPETS | TABLES | LISTS | BIT(JSONL)},
    {BIT(BATCH), BIT(QUERY) | BIT(LITERAL) | TABLES | LISTS | BIT(JSONL) | BIT(MATRIX) | BIT(ROWS) |
                     BIT(CURSOR) | BIT(QUIET)},
};

/* The first makes sense with one of the second only. */
static const struct {
    uint64_t option, wanted;
} wishes[] = {
    {BIT(MIN_MATCH), BIT(ANY) | BIT(BATCH)},
    {BIT(FACET_LIMIT), BIT(FACET) | BIT(BATCH)},
    {BIT(FIELDS), TABLES | BIT(JSON) | BIT(JSONL) | BIT(BATCH)},
    {BIT(ROWS), TABLES | BIT(JSONL)},
    {BIT(THREADS), BIT(BATCH)},
};

/* The first option of a set. */
static enum gs_option first_of(uint64_t set)
{
    unsigned option = 0;
    while (option < GS_OPTION_COUNT_OF && !(set >> option & 1))
        option++;
    return (enum gs_option)option;
}

static enum gaosou_status exclude(uint64_t a, uint64_t b, bool chinese, struct gs_err *err)
{
    return gs_err_set(err, GAOSOU_E_USE,
                      chinese ? "%s 与 %s 不能同用" : "%s and %s do not go together",
                      gs_option_name(first_of(a)), gs_option_name(first_of(b)));
}

/* `--tsv, --csv or --jsonl`. */
static enum gaosou_status want(uint64_t option, uint64_t wanted, bool chinese, struct gs_err *err)
{
    struct gs_buf list;
    gs_buf_init(&list, 4096);
    while (wanted) {
        enum gs_option next = first_of(wanted);
        wanted &= wanted - 1;
        if (list.size)
            gs_buf_append_str(&list,
                              wanted ? (chinese ? "、" : ", ") : (chinese ? " 或 " : " or "));
        gs_buf_append_str(&list, gs_option_name(next));
    }
    gs_buf_append_u8(&list, '\0');
    enum gaosou_status status =
        gs_buf_status(&list) != GAOSOU_OK
            ? gs_err_nomem(err, list.size)
            : gs_err_set(err, GAOSOU_E_USE, chinese ? "%s 要与 %s 同用" : "%s goes with %s only",
                         gs_option_name(first_of(option)), (const char *)list.data);
    gs_buf_release(&list);
    return status;
}

enum gaosou_status gs_option_rules_check(uint64_t given, bool chinese, struct gs_err *err)
{
    for (size_t i = 0; i < sizeof(one_of) / sizeof(one_of[0]); i++) {
        uint64_t set = given & one_of[i], rest = set & (set - 1);
        if (rest)
            return exclude(set, rest, chinese, err);
    }
    for (size_t i = 0; i < sizeof(exclusions) / sizeof(exclusions[0]); i++)
        if (given & exclusions[i].option && given & exclusions[i].excluded)
            return exclude(exclusions[i].option, given & exclusions[i].excluded, chinese, err);
    for (size_t i = 0; i < sizeof(wishes) / sizeof(wishes[0]); i++)
        if (given & wishes[i].option && !(given & wishes[i].wanted))
            return want(wishes[i].option, wishes[i].wanted, chinese, err);
    return GAOSOU_OK;
}
