#include "common/filter/code_form.h"

#include <string.h>

#define HONG_KONG_DIGITS 5
#define MAINLAND_DIGITS  6
#define SUFFIX           3 /* bytes of `.sh` */

enum gs_code_exchange gs_code_exchange_by_form(const char *code, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (code[i] < '0' || code[i] > '9')
            return GS_CODE_OTHER;
    }
    if (size > 0 && size <= HONG_KONG_DIGITS)
        return GS_CODE_HONG_KONG;
    if (size != MAINLAND_DIGITS)
        return GS_CODE_OTHER;
    switch (code[0]) {
    case '5':
    case '6':
    case '7':
        return GS_CODE_SHANGHAI;
    case '9':
        return code[1] == '2' ? GS_CODE_BEIJING : GS_CODE_SHANGHAI;
    case '4':
    case '8':
        return GS_CODE_BEIJING;
    default:
        return GS_CODE_SHENZHEN;
    }
}

enum gs_code_exchange gs_code_exchange_named(const char *code, size_t size, size_t *bare)
{
    static const struct {
        const char *suffix;
        enum gs_code_exchange exchange;
    } rows[] = {
        {".sh", GS_CODE_SHANGHAI}, {".ss", GS_CODE_SHANGHAI},  {".sz", GS_CODE_SHENZHEN},
        {".bj", GS_CODE_BEIJING},  {".hk", GS_CODE_HONG_KONG},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) && size > SUFFIX; i++) {
        if (memcmp(code + size - SUFFIX, rows[i].suffix, SUFFIX) == 0) {
            *bare = size - SUFFIX;
            return rows[i].exchange;
        }
    }
    return GS_CODE_OTHER;
}

size_t gs_code_idle_zeros(const char *code, size_t size)
{
    size_t zeros = 0;
    if (gs_code_exchange_by_form(code, size) != GS_CODE_HONG_KONG)
        return 0;
    while (zeros + 1 < size && code[zeros] == '0')
        zeros++;
    return zeros;
}
