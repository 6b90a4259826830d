/*
 * value.h: what the values of filters have in common: the twins that input methods type, and what
 * is wrong with a value.
 */
#ifndef GS_FILTER_VALUE_H
#define GS_FILTER_VALUE_H

#include "common/base/arena.h"

#include <stdbool.h>

/* Prefixes and ranges of one filter; single values are not limited. */
#define GS_VALUES_SPANS_MAX 1024u

/* Why a value is refused, and the part of it that is meant. */
struct gs_value_flaw {
    enum gs_flaw_kind {
        GS_FLAW_FORM,        /* it is no date or range of dates */
        GS_FLAW_NO_SUCH_DAY, /* 2024-13 */
        GS_FLAW_BACKWARDS,   /* 2024..2020 */
        GS_FLAW_EMPTY,       /* nothing in a list's place */
        GS_FLAW_NUMBER,      /* it is no number */
        GS_FLAW_QUOTE,       /* a quote that is not closed, or text directly behind one that is */
        GS_FLAW_STAR,        /* a star at an end of a range */
        GS_FLAW_NO_END,      /* `..` alone */
        GS_FLAW_TOO_MANY,    /* prefixes and ranges: GS_VALUES_SPANS_MAX */
    } kind;
    const char *bytes; /* borrowed from what was read */
    size_t size;
    size_t at; /* lists of strings: where that is in the value, in bytes */
};

/* The message, without a place. name: of the field, as it is typed. */
void gs_value_flaw_text(const struct gs_value_flaw *flaw, const char *name, bool chinese, char *out,
                        size_t capacity);

/* A copy in the arena, NUL-ended, with full-width digits and signs, and the commas of lists (，、),
 * as ASCII, and 至 and ～ as '~'; *folded_size bytes. NULL without memory. */
char *gs_value_fold(struct gs_arena *arena, const char *value, size_t size, size_t *folded_size);

#endif
