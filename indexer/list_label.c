#include "indexer/list_label.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    enum gs_list_format format;
} format_names[] = {
    {"decimal", GS_LIST_DECIMAL},
    {"decimalZero", GS_LIST_DECIMAL_ZERO},
    {"decimalFullWidth", GS_LIST_DECIMAL_FULL_WIDTH},
    {"decimalFullWidth2", GS_LIST_DECIMAL_FULL_WIDTH},
    {"upperRoman", GS_LIST_UPPER_ROMAN},
    {"lowerRoman", GS_LIST_LOWER_ROMAN},
    {"upperLetter", GS_LIST_UPPER_LETTER},
    {"lowerLetter", GS_LIST_LOWER_LETTER},
    {"chineseCounting", GS_LIST_CHINESE},
    {"chineseCountingThousand", GS_LIST_CHINESE},
    {"japaneseCounting", GS_LIST_CHINESE},
    {"taiwaneseCounting", GS_LIST_CHINESE},
    {"taiwaneseCountingThousand", GS_LIST_CHINESE},
    {"japaneseDigitalTenThousand", GS_LIST_CHINESE_DIGITS},
    {"chineseLegalSimplified", GS_LIST_CHINESE_LEGAL},
    {"ideographLegalTraditional", GS_LIST_CHINESE_LEGAL_TRADITIONAL},
    {"japaneseLegal", GS_LIST_CHINESE_LEGAL_TRADITIONAL},
    {"ideographDigital", GS_LIST_CHINESE_DIGITS},
    {"taiwaneseDigital", GS_LIST_CHINESE_DIGITS},
    {"ideographTraditional", GS_LIST_HEAVENLY_STEM},
    {"ideographZodiac", GS_LIST_EARTHLY_BRANCH},
    {"decimalEnclosedCircle", GS_LIST_CIRCLED},
    {"decimalEnclosedCircleChinese", GS_LIST_CIRCLED},
    {"ideographEnclosedCircle", GS_LIST_CIRCLED_HAN},
    {"decimalEnclosedParen", GS_LIST_PARENTHESES},
    {"decimalEnclosedFullstop", GS_LIST_FULL_STOP},
    {"none", GS_LIST_NONE},
    {"bullet", GS_LIST_BULLET},
};

/* Each sign is three bytes of UTF-8. */
static const char plain_digits[] = "〇一二三四五六七八九";
static const char legal_digits[] = "零壹贰叁肆伍陆柒捌玖";
static const char legal_digits_traditional[] = "零壹貳參肆伍陸柒捌玖";
static const char stems[] = "甲乙丙丁戊己庚辛壬癸";
static const char branches[] = "子丑寅卯辰巳午未申酉戌亥";
static const char circled[] = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳";
static const char circled_han[] = "㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉";
static const char parentheses[] = "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇";
static const char full_stops[] = "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛";

enum gs_list_format gs_list_format_of(const char *name, size_t size)
{
    for (size_t i = 0; i < sizeof format_names / sizeof format_names[0]; i++)
        if (strlen(format_names[i].name) == size && memcmp(format_names[i].name, name, size) == 0)
            return format_names[i].format;
    return GS_LIST_DECIMAL;
}

static void decimal(struct gs_buf *out, uint32_t number)
{
    gs_buf_printf(out, "%u", number);
}

/* The number-th sign, from 1 on; false where there is none. */
static bool sign(struct gs_buf *out, const char *signs, uint32_t number)
{
    if (number == 0 || number > strlen(signs) / 3)
        return false;
    gs_buf_append(out, signs + (size_t)3 * (number - 1), 3);
    return true;
}

static void digits(struct gs_buf *out, const char *ten, uint32_t number)
{
    char figures[16];
    snprintf(figures, sizeof figures, "%u", number);
    for (const char *f = figures; *f; f++)
        gs_buf_append(out, ten + (size_t)3 * (size_t)(*f - '0'), 3);
}

/* 十二, 一百零五, 一千二百; up to 9999. `legal`: 壹拾贰, with the 壹 that 十二 leaves out. */
static void counting(struct gs_buf *out, const char *ten, const char *const unit[4],
                     const char *zero, bool legal, uint32_t number)
{
    bool begun = false, gap = false;
    for (uint32_t power = 1000, u = 0; power > 0; power /= 10, u++) {
        uint32_t digit = number / power % 10;
        if (digit == 0) {
            gap = begun;
            continue;
        }
        if (gap)
            gs_buf_append_str(out, zero);
        if (digit != 1 || power != 10 || begun || legal)
            gs_buf_append(out, ten + (size_t)3 * digit, 3);
        gs_buf_append_str(out, unit[u]);
        begun = true;
        gap = false;
    }
}

static void chinese(struct gs_buf *out, enum gs_list_format format, uint32_t number)
{
    static const char *const plain_units[4] = {"千", "百", "十", ""};
    static const char *const legal_units[4] = {"仟", "佰", "拾", ""};
    if (number == 0 || number > 9999)
        decimal(out, number);
    else if (format == GS_LIST_CHINESE)
        counting(out, plain_digits, plain_units, "零", false, number);
    else
        counting(out, format == GS_LIST_CHINESE_LEGAL ? legal_digits : legal_digits_traditional,
                 legal_units, "零", true, number);
}

static bool roman(struct gs_buf *out, bool upper, uint32_t number)
{
    static const struct {
        uint32_t value;
        const char *upper, *lower;
    } parts[] = {{1000, "M", "m"}, {900, "CM", "cm"}, {500, "D", "d"}, {400, "CD", "cd"},
                 {100, "C", "c"},  {90, "XC", "xc"},  {50, "L", "l"},  {40, "XL", "xl"},
                 {10, "X", "x"},   {9, "IX", "ix"},   {5, "V", "v"},   {4, "IV", "iv"},
                 {1, "I", "i"}};
    if (number == 0 || number > 3999)
        return false;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        for (; number >= parts[i].value; number -= parts[i].value)
            gs_buf_append_str(out, upper ? parts[i].upper : parts[i].lower);
    return true;
}

/* a to z, aa to zz, aaa ...: the letter repeated, as Word has it. */
static bool letter(struct gs_buf *out, char first, uint32_t number)
{
    if (number == 0 || number > 26 * 10)
        return false;
    for (uint32_t n = 0; n <= (number - 1) / 26; n++)
        gs_buf_append_u8(out, (uint8_t)((uint32_t)first + (number - 1) % 26));
    return true;
}

static void full_width(struct gs_buf *out, uint32_t number)
{
    char figures[16];
    snprintf(figures, sizeof figures, "%u", number);
    for (const char *f = figures; *f; f++) {
        const char wide[] = {(char)0xEF, (char)0xBC, (char)(0x90 + (*f - '0')), 0};
        gs_buf_append_str(out, wide);
    }
}

void gs_list_number(struct gs_buf *out, enum gs_list_format format, uint32_t number)
{
    bool done = true;
    switch (format) {
    case GS_LIST_NONE:
    case GS_LIST_BULLET:
        break;
    case GS_LIST_DECIMAL:
        done = false;
        break;
    case GS_LIST_DECIMAL_ZERO:
        gs_buf_printf(out, "%02u", number);
        break;
    case GS_LIST_DECIMAL_FULL_WIDTH:
        full_width(out, number);
        break;
    case GS_LIST_UPPER_ROMAN:
    case GS_LIST_LOWER_ROMAN:
        done = roman(out, format == GS_LIST_UPPER_ROMAN, number);
        break;
    case GS_LIST_UPPER_LETTER:
    case GS_LIST_LOWER_LETTER:
        done = letter(out, format == GS_LIST_UPPER_LETTER ? 'A' : 'a', number);
        break;
    case GS_LIST_CHINESE:
    case GS_LIST_CHINESE_LEGAL:
    case GS_LIST_CHINESE_LEGAL_TRADITIONAL:
        chinese(out, format, number);
        break;
    case GS_LIST_CHINESE_DIGITS:
        digits(out, plain_digits, number);
        break;
    case GS_LIST_HEAVENLY_STEM:
        done = sign(out, stems, number);
        break;
    case GS_LIST_EARTHLY_BRANCH:
        done = sign(out, branches, number);
        break;
    case GS_LIST_CIRCLED:
        done = sign(out, circled, number);
        break;
    case GS_LIST_CIRCLED_HAN:
        done = sign(out, circled_han, number);
        break;
    case GS_LIST_PARENTHESES:
        done = sign(out, parentheses, number);
        break;
    case GS_LIST_FULL_STOP:
        done = sign(out, full_stops, number);
        break;
    }
    if (!done)
        decimal(out, number);
}
