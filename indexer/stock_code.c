#include "indexer/stock_code.h"

#include <string.h>
#include <strings.h>

/* Mainland numbers by their first digits; the longest that fits counts. No exchange: not a stock.
 */
static const struct code_range {
    const char *prefix, *exchange, *board;
} ranges[] = {
    {"688", "SSE", "科创板"},  {"689", "SSE", "科创板"},  {"60", "SSE", "主板"},
    {"900", "SSE", "主板"},    {"300", "SZSE", "创业板"}, {"301", "SZSE", "创业板"},
    {"302", "SZSE", "创业板"}, {"000", "SZSE", "主板"},   {"001", "SZSE", "主板"},
    {"002", "SZSE", "主板"},   {"003", "SZSE", "主板"},   {"004", "SZSE", "主板"},
    {"200", "SZSE", "主板"},   {"201", "SZSE", "主板"},   {"920", "BSE", "北交所"},
    {"430", NULL, NULL},       {"83", NULL, NULL},        {"87", NULL, NULL},
    {"88", NULL, NULL},        {"400", "NEEQ", "新三板"}, {"420", "NEEQ", "新三板"},
};

static const struct code_suffix {
    const char *text;
    enum gs_market market;
} suffixes[] = {
    {"SH", GS_MARKET_MAINLAND}, {"SS", GS_MARKET_MAINLAND},  {"SSE", GS_MARKET_MAINLAND},
    {"SZ", GS_MARKET_MAINLAND}, {"BJ", GS_MARKET_MAINLAND},  {"NQ", GS_MARKET_MAINLAND},
    {"OC", GS_MARKET_MAINLAND}, {"HK", GS_MARKET_HONG_KONG}, {"TW", GS_MARKET_TAIWAN},
    {"TWO", GS_MARKET_TAIWAN},
};

static const struct code_range *range_of(const char *digits)
{
    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
        if (strncmp(digits, ranges[i].prefix, strlen(ranges[i].prefix)) == 0)
            return &ranges[i];
    return NULL;
}

static bool find_suffix(const char *text, size_t size, enum gs_market *market)
{
    for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
        if (strlen(suffixes[i].text) == size && strncasecmp(suffixes[i].text, text, size) == 0) {
            *market = suffixes[i].market;
            return true;
        }
    }
    return false;
}

static bool mainland(struct gs_stock_code *out, const char *digits, size_t count)
{
    if (count != 6 || !range_of(digits))
        return false;
    memcpy(out->digits, digits, 6);
    out->digits[6] = 0;
    out->market = GS_MARKET_MAINLAND;
    return true;
}

static bool hong_kong(struct gs_stock_code *out, const char *digits, size_t count)
{
    size_t zeros = count < 5 ? 5 - count : 0;
    if (count < 1 || count > 5 || strspn(digits, "0") >= count)
        return false;
    memset(out->digits, '0', zeros);
    memcpy(out->digits + zeros, digits, count);
    out->digits[5] = 0;
    out->market = GS_MARKET_HONG_KONG;
    return true;
}

static bool taiwan(struct gs_stock_code *out, const char *digits, size_t count)
{
    if (count < 4 || count > 6)
        return false;
    memcpy(out->digits, digits, count);
    out->digits[count] = 0;
    out->market = GS_MARKET_TAIWAN;
    return true;
}

bool gs_stock_code_read(struct gs_stock_code *out, const char *text, size_t size,
                        enum gs_market market)
{
    char digits[8];
    size_t count = 0;
    while (count < size && count < 7 && text[count] >= '0' && text[count] <= '9') {
        digits[count] = text[count];
        count++;
    }
    digits[count] = 0;
    if (count > 6 || (count < size && (text[count] != '.' ||
                                       !find_suffix(text + count + 1, size - count - 1, &market))))
        return false;
    if (market == GS_MARKET_UNKNOWN)
        market = count == 6   ? GS_MARKET_MAINLAND
                 : count == 5 ? GS_MARKET_HONG_KONG
                              : GS_MARKET_UNKNOWN;
    switch (market) {
    case GS_MARKET_MAINLAND:
        return mainland(out, digits, count);
    case GS_MARKET_HONG_KONG:
        return hong_kong(out, digits, count);
    case GS_MARKET_TAIWAN:
        return taiwan(out, digits, count);
    case GS_MARKET_UNKNOWN:
        break;
    }
    return false;
}

const char *gs_stock_code_exchange(const struct gs_stock_code *c)
{
    if (c->market == GS_MARKET_HONG_KONG)
        return "HKEX";
    const struct code_range *range = c->market == GS_MARKET_MAINLAND ? range_of(c->digits) : NULL;
    return range ? range->exchange : NULL;
}

const char *gs_stock_code_board(const struct gs_stock_code *c)
{
    const struct code_range *range = c->market == GS_MARKET_MAINLAND ? range_of(c->digits) : NULL;
    return range ? range->board : NULL;
}
