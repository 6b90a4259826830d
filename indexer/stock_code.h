/*
 * stock_code.h: stock codes of the mainland, Hong Kong and Taiwan: whether a number is one, its one
 * spelling, and the exchange and board it names. Pure functions.
 *
 * Spelling: mainland codes as their six digits, Hong Kong codes as five digits (700 is 00700),
 * Taiwan codes as printed (four digits).
 */
#ifndef GS_INDEXER_STOCK_CODE_H
#define GS_INDEXER_STOCK_CODE_H

#include <stdbool.h>
#include <stddef.h>

enum gs_market { GS_MARKET_UNKNOWN, GS_MARKET_MAINLAND, GS_MARKET_HONG_KONG, GS_MARKET_TAIWAN };

struct gs_stock_code {
    char digits[8]; /* NUL-ended */
    enum gs_market market;
};

/*
 * Reads digits with what may stand behind them (.SH .SZ .BJ .HK .TW and the like, in any case):
 * a suffix decides the market; else `market` does where it is known; else the number of digits
 * (six: mainland, five: Hong Kong). false: no such code. Mainland numbers that name bonds, funds or
 * preference shares are refused.
 */
bool gs_stock_code_read(struct gs_stock_code *out, const char *digits, size_t size,
                        enum gs_market market);

/* Static names, NULL where the code does not tell: SSE SZSE BSE NEEQ HKEX; 主板 科创板 创业板
 * 北交所 新三板. */
const char *gs_stock_code_exchange(const struct gs_stock_code *c);
const char *gs_stock_code_board(const struct gs_stock_code *c);

#endif
