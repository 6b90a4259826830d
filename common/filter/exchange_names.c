#include "common/filter/exchange_names.h"

#include <string.h>

static const char *const stored[] = {"SSE", "SZSE", "BSE", "NEEQ", "HKEX", "TWSE", "TPEx"};
#define STORED (sizeof(stored) / sizeof(stored[0]))

/* Folded. */
static const struct {
    const char *name;
    const char *const *exchange;
} names[] = {
    {"sse", &stored[0]},
    {"sh", &stored[0]},
    {"ss", &stored[0]},
    {"上交所", &stored[0]},
    {"上海证券交易所", &stored[0]},
    {"上海", &stored[0]},
    {"shanghai stock exchange", &stored[0]},
    {"szse", &stored[1]},
    {"sz", &stored[1]},
    {"深交所", &stored[1]},
    {"深圳证券交易所", &stored[1]},
    {"深圳", &stored[1]},
    {"shenzhen stock exchange", &stored[1]},
    {"bse", &stored[2]},
    {"bj", &stored[2]},
    {"北交所", &stored[2]},
    {"北京证券交易所", &stored[2]},
    {"北京", &stored[2]},
    {"北交", &stored[2]},
    {"beijing stock exchange", &stored[2]},
    {"neeq", &stored[3]},
    {"nq", &stored[3]},
    {"新三板", &stored[3]},
    {"股转系统", &stored[3]},
    {"全国股转系统", &stored[3]},
    {"全国中小企业股份转让系统", &stored[3]},
    {"hkex", &stored[4]},
    {"hk", &stored[4]},
    {"sehk", &stored[4]},
    {"港交所", &stored[4]},
    {"联交所", &stored[4]},
    {"香港交易所", &stored[4]},
    {"香港联交所", &stored[4]},
    {"香港联合交易所", &stored[4]},
    {"香港", &stored[4]},
    {"twse", &stored[5]},
    {"tw", &stored[5]},
    {"证交所", &stored[5]},
    {"台证所", &stored[5]},
    {"台湾证券交易所", &stored[5]},
    {"tpex", &stored[6]},
    {"two", &stored[6]},
    {"柜买中心", &stored[6]},
    {"证券柜台买卖中心", &stored[6]},
};

const char *gs_exchange_find(const char *folded, size_t size)
{
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strlen(names[i].name) == size && memcmp(names[i].name, folded, size) == 0)
            return *names[i].exchange;
    }
    return NULL;
}

const char *const *gs_exchanges(size_t *count)
{
    *count = STORED;
    return stored;
}
