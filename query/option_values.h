/*
 * option_values.h: values of options, read from text.
 *
 * Each reader leaves *out alone where the text is none, and says in the user's language what was
 * wanted: GAOSOU_E_USE.
 */
#ifndef GS_QUERY_OPTION_VALUES_H
#define GS_QUERY_OPTION_VALUES_H

#include "common/base/buf.h"

/* Who asks: the option's name and the language of messages. */
struct gs_option_context {
    const char *name;
    bool chinese;
    struct gs_err *err;
};

/* A number; `all` or 全部 is SIZE_MAX where `all` is set. */
GS_MUST_USE enum gaosou_status gs_option_size(const struct gs_option_context *c, const char *text,
                                              bool all, size_t most, size_t *out);
/* A number from 0 to `most`. */
GS_MUST_USE enum gaosou_status gs_option_double(const struct gs_option_context *c, const char *text,
                                                double most, double *out);
/* One of several words (NULL-ended): its index. */
GS_MUST_USE enum gaosou_status gs_option_choice(const struct gs_option_context *c, const char *text,
                                                const char *const *words, unsigned *out);
/* A duration: a number of seconds, or with ms, s, m or h behind. In nanoseconds, at least one. */
GS_MUST_USE enum gaosou_status gs_option_duration(const struct gs_option_context *c,
                                                  const char *text, uint64_t *out);
/* A number of terms, or with % behind a percentage up to 100; at least one of either. */
GS_MUST_USE enum gaosou_status gs_option_share(const struct gs_option_context *c, const char *text,
                                               size_t *out, bool *percent);

/* The items of a list between commas (`,` `，` `、`), each NUL-ended, appended to *out; white space
 * around them is dropped. An item of nothing and more than `most` items are errors. */
GS_MUST_USE enum gaosou_status gs_option_list(const struct gs_option_context *c, const char *text,
                                              size_t most, struct gs_buf *out, size_t *count);

#endif
