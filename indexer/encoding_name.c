#include "indexer/encoding_name.h"

#include <stdbool.h>
#include <stddef.h>

/* `alias` is in lower case without - and _ */
struct encoding_alias {
    const char *alias, *name;
    enum gs_encoding_family family;
};

static const struct encoding_alias aliases[] = {
    {"utf8", "UTF-8", GS_FAMILY_UTF8},
    {"unicode11utf8", "UTF-8", GS_FAMILY_UTF8},
    {"ascii", "UTF-8", GS_FAMILY_UTF8},
    {"usascii", "UTF-8", GS_FAMILY_UTF8},
    {"utf16", "UTF-16", GS_FAMILY_UTF16},
    {"unicode", "UTF-16", GS_FAMILY_UTF16},
    {"ucs2", "UTF-16", GS_FAMILY_UTF16},
    {"utf16le", "UTF-16LE", GS_FAMILY_UTF16},
    {"ucs2le", "UTF-16LE", GS_FAMILY_UTF16},
    {"utf16be", "UTF-16BE", GS_FAMILY_UTF16},
    {"ucs2be", "UTF-16BE", GS_FAMILY_UTF16},
    {"utf32", "UTF-32", GS_FAMILY_UTF32},
    {"utf32le", "UTF-32LE", GS_FAMILY_UTF32},
    {"utf32be", "UTF-32BE", GS_FAMILY_UTF32},
    {"gb18030", "GB18030", GS_FAMILY_GB},
    {"gbk", "GB18030", GS_FAMILY_GB},
    {"xgbk", "GB18030", GS_FAMILY_GB},
    {"cp936", "GB18030", GS_FAMILY_GB},
    {"ms936", "GB18030", GS_FAMILY_GB},
    {"windows936", "GB18030", GS_FAMILY_GB},
    {"gb2312", "GB18030", GS_FAMILY_GB},
    {"gb231280", "GB18030", GS_FAMILY_GB},
    {"csgb2312", "GB18030", GS_FAMILY_GB},
    {"csgb231280", "GB18030", GS_FAMILY_GB},
    {"cngb", "GB18030", GS_FAMILY_GB},
    {"euccn", "GB18030", GS_FAMILY_GB},
    {"xeuccn", "GB18030", GS_FAMILY_GB},
    {"chinese", "GB18030", GS_FAMILY_GB},
    {"big5", "BIG5-HKSCS", GS_FAMILY_BIG5},
    {"big5hkscs", "BIG5-HKSCS", GS_FAMILY_BIG5},
    {"cnbig5", "BIG5-HKSCS", GS_FAMILY_BIG5},
    {"csbig5", "BIG5-HKSCS", GS_FAMILY_BIG5},
    {"xxbig5", "BIG5-HKSCS", GS_FAMILY_BIG5},
    {"big5eten", "BIG5-HKSCS", GS_FAMILY_BIG5},
    {"cp950", "BIG5-HKSCS", GS_FAMILY_BIG5},
    {"windows950", "BIG5-HKSCS", GS_FAMILY_BIG5},
    {"euctw", "EUC-TW", GS_FAMILY_OTHER},
    {"shiftjis", "CP932", GS_FAMILY_OTHER},
    {"sjis", "CP932", GS_FAMILY_OTHER},
    {"xsjis", "CP932", GS_FAMILY_OTHER},
    {"cp932", "CP932", GS_FAMILY_OTHER},
    {"windows31j", "CP932", GS_FAMILY_OTHER},
    {"eucjp", "EUC-JP", GS_FAMILY_OTHER},
    {"iso2022jp", "ISO-2022-JP", GS_FAMILY_OTHER},
    {"iso2022cn", "ISO-2022-CN", GS_FAMILY_OTHER},
    {"iso2022kr", "ISO-2022-KR", GS_FAMILY_OTHER},
    {"euckr", "CP949", GS_FAMILY_OTHER},
    {"uhc", "CP949", GS_FAMILY_OTHER},
    {"cp949", "CP949", GS_FAMILY_OTHER},
    {"ksc56011987", "CP949", GS_FAMILY_OTHER},
    {"iso88591", "CP1252", GS_FAMILY_SINGLE},
    {"latin1", "CP1252", GS_FAMILY_SINGLE},
    {"windows1252", "CP1252", GS_FAMILY_SINGLE},
    {"cp1252", "CP1252", GS_FAMILY_SINGLE},
    {"iso885915", "ISO-8859-15", GS_FAMILY_SINGLE},
    {"iso88592", "ISO-8859-2", GS_FAMILY_SINGLE},
    {"iso88595", "ISO-8859-5", GS_FAMILY_SINGLE},
    {"cp1250", "CP1250", GS_FAMILY_SINGLE},
    {"windows1250", "CP1250", GS_FAMILY_SINGLE},
    {"windows1251", "CP1251", GS_FAMILY_SINGLE},
    {"cp1251", "CP1251", GS_FAMILY_SINGLE},
    {"koi8r", "KOI8-R", GS_FAMILY_SINGLE},
    {"tis620", "TIS-620", GS_FAMILY_SINGLE},
};

/* The next byte of a name that counts, in lower case; 0 at its end. */
static char next_letter(const char **at)
{
    while (**at == '-' || **at == '_' || **at == ' ')
        ++*at;
    char c = **at;
    if (c)
        ++*at;
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_alias(const char *name, const char *alias)
{
    for (;;) {
        char c = next_letter(&name);
        if (c != *alias++)
            return false;
        if (c == '\0')
            return true;
    }
}

static const struct encoding_alias *find(const char *name)
{
    for (size_t i = 0; name && i < sizeof(aliases) / sizeof(aliases[0]); i++) {
        if (is_alias(name, aliases[i].alias))
            return &aliases[i];
    }
    return NULL;
}

const char *gs_encoding_canonical(const char *name)
{
    const struct encoding_alias *alias = find(name);
    return alias ? alias->name : NULL;
}

enum gs_encoding_family gs_encoding_family(const char *name)
{
    const struct encoding_alias *alias = find(name);
    return alias ? alias->family : GS_FAMILY_OTHER;
}
