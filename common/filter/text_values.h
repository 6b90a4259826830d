/*
 * text_values.h: the values of filters on names, codes, kinds and ids: lists of words, prefixes,
 * and what a filing's field is to them. Stateless; any thread.
 *
 * ASCII letters are alike in both cases. A list is separated by `,` `，` or `、`; a `*` at the end
 * of an item makes it a prefix. Between quotes ("…" “…” 「…」) all is text.
 */
#ifndef GS_FILTER_TEXT_VALUES_H
#define GS_FILTER_TEXT_VALUES_H

#include "common/filter/value.h"

struct gs_text_value {
    const char *bytes; /* in the arena */
    size_t size;
    bool prefix;
};

struct gs_text_values {
    struct gs_text_value *items;
    size_t count; /* at least one */
};

/* GAOSOU_E_QUERY with *flaw for a list with nothing in a place; GAOSOU_E_NOMEM. */
GS_MUST_USE enum gaosou_status gs_text_values_read(struct gs_arena *arena, const char *value,
                                                   size_t size, struct gs_text_values *out,
                                                   struct gs_value_flaw *flaw);

/* Whether the text is one of the values, or begins with one that is a prefix. */
bool gs_text_values_match(const struct gs_text_values *values, const char *text, size_t size);

/*
 * The same for a stock code. A value may name the exchange behind a dot (603893.SH, .SS, 000001.SZ,
 * 830799.BJ, 0700.HK): the code must be one of that exchange by its form. Hong Kong codes are alike
 * with and without leading zeros; a prefix is one of the code as it is stored.
 */
bool gs_text_values_match_code(const struct gs_text_values *values, const char *code, size_t size);

#endif
