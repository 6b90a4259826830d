#include "tests/support/ref_fold.h"

#include "tests/support/ref_sign.h"

/* ---- folding ---- */

static void push_char(ref_bytes *out, uint32_t cp)
{
    uint8_t bytes[4];
    size_t n = ref_encode(cp, bytes);
    for (size_t i = 0; i < n; i++)
        *REF_PUSH(out) = bytes[i];
}

static void fold_char(uint32_t cp, ref_bytes *out)
{
    struct ref_char c = {0};
    bool content = false;
    ref_look_up(cp, &c);
    for (size_t i = 0; i < c.result_count; i++)
        content |= c.results[i].class != REF_BREAK;
    if (c.class == REF_VANISHING)
        return;
    if (is_space(cp))
        push_char(out, ' ');
    else if (c.class == REF_WORD && content)
        for (size_t i = 0; i < c.result_count; i++)
            push_char(out, c.results[i].cp);
    else
        push_char(out, cp >= 0xFF01 && cp <= 0xFF5E ? cp - 0xFEE0 : cp);
}

void ref_fold(const uint8_t *text, size_t size, ref_bytes *out)
{
    size_t first = out->count;
    for (size_t at = 0; at < size;) {
        uint32_t cp;
        at += ref_decode(text + at, text + size, &cp);
        if (out->count > first || !is_space(cp))
            fold_char(cp, out);
    }
    while (out->count > first && out->at[out->count - 1] == ' ')
        out->count--;
}

/* The folded text as a string of its own; free it. */
static char *folded(const void *text, size_t size)
{
    ref_bytes out = {0};
    ref_fold(text, size, &out);
    *REF_PUSH(&out) = '\0';
    return (char *)out.at;
}

/* ---- comparing ---- */

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* -?digits(.digits)? with digits on one side of the point at least. */
static bool is_number(const char *text)
{
    size_t digits = 0, points = 0;
    text += *text == '-';
    for (; *text; text++) {
        points += *text == '.';
        digits += *text >= '0' && *text <= '9';
        if (*text != '.' && !(*text >= '0' && *text <= '9'))
            return false;
    }
    return digits > 0 && points <= 1;
}

static bool is_in_numbers(const struct ref_value *v, const char *from, const char *to,
                          const char *stored)
{
    double n = strtod(stored, NULL);
    return is_number(stored) && (!v->has_from || strtod(from, NULL) <= n) &&
           (!v->has_to || n <= strtod(to, NULL));
}

static bool is_in_range(const struct ref_value *v, const char *from, const char *to,
                        const char *stored)
{
    return (!v->has_from || strcmp(from, stored) <= 0) &&
           (!v->has_to || strcmp(stored, to) <= 0 || begins(stored, to));
}

static bool has_number_ends(const struct ref_value *v, const char *from, const char *to)
{
    return (!v->has_from || is_number(from)) && (!v->has_to || is_number(to));
}

bool ref_is_backwards(const struct ref_value *v)
{
    char *from = folded(v->from.at, v->from.count), *to = folded(v->to.at, v->to.count);
    bool backwards = false;
    if (v->has_from && v->has_to)
        backwards = has_number_ends(v, from, to) ? strtod(from, NULL) > strtod(to, NULL)
                                                 : strcmp(from, to) > 0 && !begins(from, to);
    free(from);
    free(to);
    return backwards;
}

/* ---- codes ---- */

static bool begins_with_any(const char *code, const char *const *list)
{
    for (; *list; list++)
        if (begins(code, *list))
            return true;
    return false;
}

/* The exchange that a code is of by its form: 'H', 'Z', 'J', 'K' or 0. */
static char exchange_of(const char *code)
{
    static const char *const shanghai[] = {"60", "900", "688", "689", NULL};
    static const char *const shenzhen[] = {"000", "001", "002", "003", "004", "200",
                                           "201", "300", "301", "302", NULL};
    static const char *const beijing[] = {"920", "430", "83", "87", "88", NULL};
    size_t size = strlen(code);
    if (strspn(code, "0123456789") != size)
        return 0;
    if (size >= 1 && size <= 5)
        return 'K';
    if (size != 6)
        return 0;
    return begins_with_any(code, shanghai)   ? 'H'
           : begins_with_any(code, shenzhen) ? 'Z'
           : begins_with_any(code, beijing)  ? 'J'
                                             : 0;
}

/* Cuts the exchange's suffix off: its letter as exchange_of() has it, or 0. */
static char cut_suffix(char *code)
{
    static const char *const suffixes[] = {".sh", ".ss", ".sz", ".bj", ".hk"};
    static const char letters[] = "HHZJK";
    size_t size = strlen(code);
    for (size_t i = 0; i < 5 && size > 3; i++)
        if (strcmp(code + size - 3, suffixes[i]) == 0) {
            code[size - 3] = '\0';
            return letters[i];
        }
    return 0;
}

static const char *without_zeros(const char *code)
{
    return code + strspn(code, "0");
}

static bool is_code(char *item, const char *stored)
{
    char bare[256];
    snprintf(bare, sizeof(bare), "%s", stored);
    char given = cut_suffix(bare), wanted = cut_suffix(item);
    if (wanted && wanted != (given ? given : exchange_of(bare)))
        return false;
    if (strcmp(item, bare) == 0)
        return true;
    return exchange_of(bare) == 'K' && exchange_of(item) == 'K' &&
           strcmp(without_zeros(item), without_zeros(bare)) == 0;
}

/* ---- kinds and exchanges ---- */

/* Names that stand for one; the first is the one that is stored. */
static const char *const other_kinds[][4] = {
    {"年度报告", "年报", NULL, NULL},
    {"半年度报告", "半年报", "中期报告", "interim report"},
    {"季度报告", "一季报", "三季报", NULL},
    {"招股说明书", "招股书", "招股意向书", NULL},
    {"配发结果公告", "配发结果", NULL, NULL},
};
static const char *const kinds[][2] = {
    {"annual-report", "年度报告"},         {"half-year-report", "半年度报告"},
    {"quarterly-report", "季度报告"},      {"annual-report-summary", "年度报告摘要"},
    {"audit-report", "审计报告"},          {"inquiry-letter", "问询函"},
    {"inquiry-reply", "问询函回复"},       {"prospectus", "招股说明书"},
    {"allotment-results", "配发结果公告"}, {"other", "其他"},
};
static const char *const exchanges[][10] = {
    {"sse", "sh", "ss", "上交所", "上海证券交易所", "上海", "shanghai stock exchange", NULL},
    {"szse", "sz", "深交所", "深圳证券交易所", "深圳", "shenzhen stock exchange", NULL},
    {"bse", "bj", "北交所", "北京证券交易所", "北京", "北交", "beijing stock exchange", NULL},
    {"neeq", "nq", "新三板", "股转系统", "全国股转系统", "全国中小企业股份转让系统", NULL},
    {"hkex", "hk", "sehk", "港交所", "联交所", "香港交易所", "香港联交所", "香港联合交易所", "香港",
     NULL},
    {"twse", "tw", "证交所", "台证所", "台湾证券交易所", NULL},
    {"tpex", "two", "柜买中心", "证券柜台买卖中心", NULL},
};

static bool is_ascii_graph(char c)
{
    return c > 0x20 && c < 0x7F;
}

/* Without spaces, and without hyphens between words of ASCII, as names of kinds are compared. */
static char *squeezed(const char *text)
{
    char *out = calloc(strlen(text) + 1, 1), *end = out;
    if (!out)
        abort();
    for (const char *at = text; *at; at++) {
        bool inside = at > text && is_ascii_graph(at[-1]) && is_ascii_graph(at[1]);
        if (*at != ' ' && !(*at == '-' && inside))
            *end++ = *at;
    }
    return out;
}

static bool same_squeezed(const char *a, const char *b)
{
    char *x = squeezed(a), *y = squeezed(b);
    bool same = strcmp(x, y) == 0;
    free(x);
    free(y);
    return same;
}

/* The stored name of what `name` (folded) names, or NULL. */
static const char *kind_of(const char *name)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (same_squeezed(name, kinds[i][0]) || same_squeezed(name, kinds[i][1]))
            return kinds[i][1];
    for (size_t i = 0; i < sizeof(other_kinds) / sizeof(other_kinds[0]); i++)
        for (size_t k = 0; k < 4 && other_kinds[i][k]; k++)
            if (same_squeezed(name, other_kinds[i][k]))
                return other_kinds[i][0];
    return NULL;
}

static const char *exchange_named(const char *name)
{
    for (size_t i = 0; i < sizeof(exchanges) / sizeof(exchanges[0]); i++)
        for (size_t k = 0; k < 10 && exchanges[i][k]; k++)
            if (strcmp(name, exchanges[i][k]) == 0)
                return exchanges[i][0];
    return NULL;
}

/* What a name of a closed list stands for; all else for itself. */
static const char *canonical(const char *field, const char *name)
{
    const char *found = strcmp(field, "type") == 0       ? kind_of(name)
                        : strcmp(field, "exchange") == 0 ? exchange_named(name)
                                                         : NULL;
    return found ? found : name;
}

bool ref_value_is_listed(const struct ref_filter *filter, const struct ref_value *v)
{
    char *name = folded(v->from.at, v->from.count);
    bool type = strcmp(filter->field, "type") == 0, listed = false;
    if (!v->is_prefix)
        listed = (type ? kind_of(name) : exchange_named(name)) != NULL;
    else if (type)
        for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
            listed |= begins(kinds[i][1], name) || begins(kinds[i][0], name);
    else
        for (size_t i = 0; i < sizeof(exchanges) / sizeof(exchanges[0]); i++)
            listed |= begins(exchanges[i][0], name);
    free(name);
    return listed;
}

/* ---- one item, one stored value ---- */

static bool text_fits(const struct ref_filter *filter, const struct ref_value *v, char *from,
                      const char *to, const char *stored)
{
    bool is_code_field = strcmp(filter->field, "code") == 0;
    if (v->is_range)
        return !is_code_field && has_number_ends(v, from, to) ? is_in_numbers(v, from, to, stored)
                                                              : is_in_range(v, from, to, stored);
    if (v->is_prefix)
        return begins(stored, from);
    if (is_code_field)
        return is_code(from, stored);
    return strcmp(canonical(filter->field, from), canonical(filter->field, stored)) == 0;
}

static bool id_fits(const struct ref_value *v, const char *stored)
{
    size_t size = v->from.count;
    if (size == 0) /* a star alone: every filing has an id */
        return v->is_prefix;
    return strlen(stored) >= size && memcmp(stored, v->from.at, size) == 0 &&
           (v->is_prefix || strlen(stored) == size);
}

bool ref_item_fits(const struct ref_filter *filter, const struct ref_value *v, const char *stored)
{
    if (filter->kind == REF_FILTER_ID)
        return id_fits(v, stored);
    char *from = folded(v->from.at, v->from.count), *to = folded(v->to.at, v->to.count);
    char *value = folded(stored, strlen(stored));
    bool fits = text_fits(filter, v, from, to, value);
    free(from);
    free(to);
    free(value);
    return fits;
}

bool ref_value_fits(const struct ref_filter *filter, const char *stored)
{
    bool fits = false;
    for (size_t i = 0; i < filter->values.count; i++)
        fits |= ref_item_fits(filter, &filter->values.at[i], stored);
    return fits;
}
