/*
 * code_form.h: what a stock code is by its form alone, and the exchange that one names behind a dot
 * (603893.SH). Pure functions over folded bytes.
 */
#ifndef GS_FILTER_CODE_FORM_H
#define GS_FILTER_CODE_FORM_H

#include <stddef.h>

/* Shanghai, Shenzhen, Beijing, Hong Kong; GS_CODE_OTHER: it cannot be told. */
enum gs_code_exchange {
    GS_CODE_OTHER,
    GS_CODE_SHANGHAI,
    GS_CODE_SHENZHEN,
    GS_CODE_BEIJING,
    GS_CODE_HONG_KONG,
};

/* Six digits by the first of them, up to five digits as Hong Kong's. */
enum gs_code_exchange gs_code_exchange_by_form(const char *code, size_t size);

/* The exchange behind the last dot (.sh .ss .sz .bj .hk), *bare the bytes before it; without one
 * GS_CODE_OTHER, *bare untouched. */
enum gs_code_exchange gs_code_exchange_named(const char *code, size_t size, size_t *bare);

/* Leading zeros that make no difference: those of Hong Kong codes, of which one digit is left. */
size_t gs_code_idle_zeros(const char *code, size_t size);

#endif
