#include "indexer/metadata_internal.h"

#include "common/base/date.h"
#include "indexer/metadata_signs.h"

#include <stdio.h>

enum { YEAR_FIRST = 1980, YEAR_LAST = 2100 };

struct day {
    unsigned year, month, day; /* month, day 0: not said */
    size_t end;                /* folded bytes read */
    bool signs;                /* with 年 and 月, not only dashes */
};

/* The value of a Chinese digit at text, 10 to 30 for 十 廿 卅; -1: none. *step: its bytes. */
static int han_digit(const char *text, size_t size, size_t *step)
{
    static const char *const digits[] = {"〇", "一", "二", "三", "四", "五", "六", "七",
                                         "八", "九", "十", "零", "廿", "卅", "元", NULL};
    static const int values[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0, 20, 30, 1};
    *step = 3;
    for (size_t i = 0; digits[i]; i++)
        if (gs_begins(text, size, digits[i]))
            return values[i];
    if (size >= 3 && (uint8_t)text[0] == 0xEE) /* a private character stands for 〇 in many fonts */
        return 0;
    if (size >= 3 && (uint8_t)text[0] == 0xEF && (uint8_t)text[1] < 0xA4)
        return 0;
    *step = 2; /* Greek and Cyrillic O */
    if (gs_begins(text, size, "Ο") || gs_begins(text, size, "О") || gs_begins(text, size, "ο") ||
        gs_begins(text, size, "о"))
        return 0;
    *step = 1;
    return size > 0 && (*text == 'O' || *text == 'o') ? 0 : -1;
}

static size_t take_digits(const char *text, size_t size, size_t most, unsigned *value)
{
    size_t n = 0;
    *value = 0;
    while (n < size && n < most && text[n] >= '0' && text[n] <= '9')
        *value = *value * 10 + (unsigned)(text[n++] - '0');
    return n;
}

/* Four digits, Arabic or Chinese (二〇二四, 二O二四, 二0二四); the bytes they take, 0: none. */
static size_t take_year_digits(const char *text, size_t size, unsigned *year)
{
    size_t at = 0, step;
    *year = 0;
    for (int i = 0; i < 4; i++) {
        int digit;
        if (at < size && text[at] >= '0' && text[at] <= '9') {
            digit = text[at] - '0';
            step = 1;
        } else {
            digit = han_digit(text + at, size - at, &step);
        }
        if (digit < 0 || digit > 9)
            return 0;
        *year = *year * 10 + (unsigned)digit;
        at += step;
    }
    return at;
}

/* A number below 200 in Chinese: 一百一十二, 十二, 二十八, 廿八, 一一二. */
static size_t take_han_number(const char *text, size_t size, unsigned *value)
{
    size_t at = 0, step;
    unsigned total = 0, last = 0;
    bool any = false;
    for (int i = 0; i < 6 && at < size; i++) {
        if (any && gs_begins(text + at, size - at, "百")) {
            total = last * 100;
            last = 0;
            at += 3;
            continue;
        }
        int digit = han_digit(text + at, size - at, &step);
        if (digit < 0)
            break;
        if (digit == 10) {
            total += (last ? last : 1) * 10;
            last = 0;
        } else if (digit > 10) {
            total += (unsigned)digit;
            last = 0;
        } else {
            last = total ? (unsigned)digit : last * 10 + (unsigned)digit;
        }
        any = true;
        at += step;
    }
    *value = total + last;
    return any ? at : 0;
}

static size_t take_small(const char *text, size_t size, unsigned *value)
{
    size_t n = take_digits(text, size, 2, value);
    return n ? n : take_han_number(text, size, value);
}

/* Whether a year may begin here: with 1 or 2 in either writing, or as the Republic's. */
static bool may_begin_year(const char *text, size_t size)
{
    const uint8_t *b = (const uint8_t *)text;
    if (b[0] == '1' || b[0] == '2')
        return true;
    if (size < 3)
        return false;
    switch (b[0] << 16 | b[1] << 8 | b[2]) {
    case 0xE4B880: /* 一 */
    case 0xE4BA8C: /* 二 */
    case 0xE6B091: /* 民 */
    case 0xE4B8AD: /* 中 */
        return true;
    default:
        return false;
    }
}

/* A year with its 年, the Republic's too, or its 及 (民国112及111年); the bytes taken, 0: none. */
static size_t take_year(const char *text, size_t size, unsigned *year)
{
    size_t at = 0, n;
    bool and_another = false;
    if (gs_begins(text, size, "中华"))
        at += 6;
    if (gs_begins(text + at, size - at, "民国")) {
        at += 6;
        n = take_digits(text + at, size - at, 3, year);
        if (n == 0)
            n = take_han_number(text + at, size - at, year);
        *year += 1911;
        and_another = gs_begins(text + at + n, size - at - n, "及");
    } else if (at > 0) {
        return 0;
    } else {
        n = take_year_digits(text + at, size - at, year);
    }
    at += n;
    if (n == 0 || !(and_another || gs_begins(text + at, size - at, "年")) || *year < YEAR_FIRST ||
        *year > YEAR_LAST)
        return 0;
    return at + 3;
}

/* 年 月 日 as people write them. */
static bool take_signs(const char *text, size_t size, struct day *d)
{
    unsigned value;
    size_t at = take_year(text, size, &d->year), n;
    if (at == 0)
        return false;
    d->month = d->day = 0;
    d->signs = true;
    d->end = at;
    n = take_small(text + at, size - at, &value);
    if (n == 0 || !gs_begins(text + at + n, size - at - n, "月") || value < 1 || value > 12)
        return true;
    d->month = value;
    at += n + 3;
    d->end = at;
    n = take_small(text + at, size - at, &value);
    if (n == 0 || value < 1 || value > 31 ||
        !(gs_begins(text + at + n, size - at - n, "日") ||
          gs_begins(text + at + n, size - at - n, "号")))
        return true;
    d->day = value;
    d->end = at + n + 3;
    return true;
}

/* 2024-04-12, 2024/4/12, 2024.4.12 */
static bool take_dashes(const char *text, size_t size, struct day *d)
{
    size_t n = take_digits(text, size, 4, &d->year), used = n;
    if (n != 4 || used >= size || !strchr("-/.", text[4]) || d->year < YEAR_FIRST ||
        d->year > YEAR_LAST)
        return false;
    char mark = text[used++];
    n = take_digits(text + used, size - used, 2, &d->month);
    used += n;
    if (n == 0 || used >= size || text[used] != mark)
        return false;
    used++;
    n = take_digits(text + used, size - used, 2, &d->day);
    used += n;
    if (n == 0 || (used < size && mark == '.' && text[used] == '.'))
        return false;
    d->signs = false;
    d->end = used;
    return true;
}

static bool day_at(const char *text, size_t size, struct day *d)
{
    return take_signs(text, size, d) || take_dashes(text, size, d);
}

/* The date as text; false: there is no such day. */
static bool day_write(const struct day *d, char out[16])
{
    char text[32];
    if (d->month == 0)
        return false;
    if (d->day)
        snprintf(text, sizeof(text), "%04u-%02u-%02u", d->year, d->month, d->day);
    else
        snprintf(text, sizeof(text), "%04u-%02u", d->year, d->month);
    if (gs_date_parse(text, strlen(text), NULL) == 0)
        return false;
    memcpy(out, text, strlen(text) + 1);
    return true;
}

/* The last full date of [text, size) with its place; false: none. */
static bool last_day(const char *text, size_t size, struct day *found, size_t *start)
{
    bool any = false;
    for (size_t p = 0; p < size;) {
        struct day d;
        bool digit_before = p > 0 && text[p - 1] >= '0' && text[p - 1] <= '9';
        if (!digit_before && may_begin_year(text + p, size - p) && day_at(text + p, size - p, &d) &&
            d.day) {
            *found = d;
            *start = p;
            any = true;
            p += d.end;
        } else {
            p += (uint8_t)text[p] >= 0xE0 ? 3 : 1;
        }
    }
    return any;
}

/* The last full date of a line. */
static bool line_day(const struct gs_lines *l, size_t i, struct day *found, size_t *start)
{
    return l->line[i].may_date && last_day(gs_line_text(l, i), gs_line_size(l, i), found, start);
}

/* What may stand in front of a signature's date on its line. */
static bool signs_before(const char *text, size_t size)
{
    static const char *const ends[] = {
        "董事会",   "董事局",    "监事会", "公司",     "事务所",   "委员会",         "证券部",
        "办公室",   "签署日期:", "日期:",  "时间:",    "签署日:",  "签发日期:",      "报告日:",
        "日:",      "(盖章)",    "集团",   "管理人",   "银行",     "(特殊普通合伙)", "董事长",
        "签署日期", "(公章)",    "交易所", "发布日期", "公告日期", "披露日期",       NULL};
    static const char *const places[] = {"中国", "香港", "北京", "上海",           "深圳",
                                         "广州", "杭州", "台北", "中华人民共和国", NULL};
    while (size > 0 && strchr(",:.*", text[size - 1]))
        size--;
    while (size >= 2 && memcmp(text + size - 2, "·", 2) == 0)
        size -= 2;
    if (size == 0 || gs_ends_any(text, size, ends))
        return true;
    return size <= 30 && gs_begins_any(text, size, places);
}

/* Nothing much, or what is attached. */
static bool signs_behind(const char *text, size_t size)
{
    static const char *const starts[] = {"(星期", "星期", "备查文件", "附件", "附表", "附:", NULL};
    return size == 0 || (size <= 3 && (uint8_t)text[0] < 0x7F) || gs_begins_any(text, size, starts);
}

/* Behind the last full stop of [text, size). */
static size_t last_sentence(const char *text, size_t size)
{
    for (size_t p = size; p >= 3; p--)
        if (memcmp(text + p - 3, "。", 3) == 0)
            return p;
    return 0;
}

/* A line that ends in the date somebody signed on. */
static bool signed_line(const struct gs_lines *l, size_t i, struct day *d)
{
    static const char *const signers[] = {"董事会", "董事局", "监事会", "公司",
                                          "事务所", "委员会", "合伙)",  NULL};
    static const char *const boards[] = {"公司董事会", "公司董事局", "公司监事会", NULL};
    const char *text = gs_line_text(l, i);
    size_t size = gs_line_size(l, i), start;
    if (!line_day(l, i, d, &start) || !signs_behind(text + start + d->end, size - start - d->end))
        return false;
    size_t from = last_sentence(text, start);
    if (gs_ends_any(text, start, boards))
        return true;
    if (start - from > 150 || (l->line[i].cut && from == 0) ||
        !signs_before(text + from, start - from))
        return false;
    if (d->signs || start > from)
        return true;
    return i > 0 && gs_ends_any(gs_line_text(l, i - 1), gs_line_size(l, i - 1), signers);
}

/* From the end upwards. */
static bool find_signed(const struct gs_lines *l, char out[16])
{
    struct day d;
    for (size_t i = l->count; i-- > 0;)
        if (signed_line(l, i, &d) && day_write(&d, out))
            return true;
    return false;
}

/* A row of a record's table: 时间 2024年9月20日, 日期 …; its last day. */
static bool find_row(const struct gs_lines *l, size_t from, const char *const *names, char out[16])
{
    for (size_t i = from; i < l->count; i++) {
        const char *text = gs_line_text(l, i);
        size_t size = gs_line_size(l, i), start;
        struct day d;
        if (!gs_begins_any(text, size, names))
            continue;
        for (size_t k = i; k < l->count && k < i + 3; k++)
            if (line_day(l, k, &d, &start) && day_write(&d, out))
                return true;
    }
    return false;
}

static bool find_labelled(const struct gs_lines *l, char out[16])
{
    static const char *const labels[] = {"签署日期", "签署日",   "公告日期", "发布日期",
                                         "发布时间", "刊发日期", "披露日期", "发文日期",
                                         "发言日期", "报告日期", "公告时间", NULL};
    for (size_t i = 0; i < l->count; i++) {
        const char *text = gs_line_text(l, i);
        size_t size = gs_line_size(l, i), start;
        struct day d;
        if (line_day(l, i, &d, &start) && gs_finds_any(text, size, labels) && day_write(&d, out))
            return true;
    }
    return false;
}

/* A short line near the top with a date and, of a portal, its name and a time. An expected day of
 * issue (发行日期) is none of the filing's. */
static bool find_near_top(const struct gs_metadata *m, char out[16])
{
    const struct gs_lines *l = &m->head;
    for (size_t i = 0; i < l->count && i < 24; i++) {
        size_t size = gs_line_size(l, i), start;
        struct day d;
        if (l->line[i].cut || size > 90 || (i >= m->title_line && i <= m->title_last) ||
            gs_finds(gs_line_text(l, i), size, "发行日"))
            continue;
        if (line_day(l, i, &d, &start) && (size < 36 || !d.signs) && day_write(&d, out))
            return true;
    }
    return false;
}

/* 二〇二四年四月 alone on the cover. */
static bool find_month(const struct gs_metadata *m, char out[16])
{
    const struct gs_lines *l = &m->head;
    for (size_t i = m->title_line == SIZE_MAX ? 0 : m->title_line; i < l->count && i < 40; i++) {
        const char *text = gs_line_text(l, i);
        size_t size = gs_line_size(l, i);
        struct day d;
        if (take_signs(text, size, &d) && d.month && d.end == size && day_write(&d, out))
            return true;
    }
    return false;
}

static bool is_kind(const struct gs_metadata *m, const char *id)
{
    return m->kind && strcmp(m->kind->id, id) == 0;
}

static bool find_in_record(struct gs_metadata *m, char out[16])
{
    static const char *const date[] = {"日期", NULL};
    static const char *const time[] = {"时间",     "会议时间", "调研时间",
                                       "活动时间", "接待时间", NULL};
    return find_row(gs_tail(m), 0, date, out) || find_row(&m->head, 0, time, out) ||
           find_row(&m->head, 0, date, out);
}

/* Folded text that begins with 签署日: 签署日期:2017年9月5日. */
static bool signing_day(const char *text, size_t size, char out[16])
{
    size_t at = strlen("签署日");
    struct day d;
    if (gs_begins(text + at, size - at, "期"))
        at += strlen("期");
    while (at < size && text[at] == ':')
        at++;
    return day_at(text + at, size - at, &d) && d.day && day_write(&d, out);
}

/* The day right behind its label, where the first lines' other days may stand above it. */
static bool find_signing_day(struct gs_metadata *m, char out[16])
{
    struct gs_lines *l = &m->furniture;
    const char *text = m->text->bytes, *at;
    size_t most = m->text->size < GS_DEEP_BYTES / 4 ? m->text->size : GS_DEEP_BYTES / 4;
    for (size_t p = 0; (at = gs_signs_find(text + p, most - p, "签署日")) != NULL; p++) {
        p = (size_t)(at - text);
        gs_lines_take(l, (const uint8_t *)text, p, p + 120 < most ? p + 120 : most, false);
        if (signing_day(l->fold, l->size, out))
            return true;
    }
    return false;
}

/* Most ends of pieces have no day at all, and are not folded. */
static bool find_signed_at_end(struct gs_metadata *m, size_t bytes, char out[16])
{
    size_t size = m->text->size;
    m->tail_bytes = bytes;
    bytes = size < bytes ? size : bytes;
    return gs_signs_of_day((const uint8_t *)m->text->bytes + size - bytes, bytes) &&
           find_signed(gs_tail(m), out);
}

void gs_date_find(struct gs_metadata *m)
{
    char *out = m->value.date;
    if (!m->any_label && !m->disclaimer && m->title_line == SIZE_MAX) {
        (void)find_signed_at_end(m, GS_TAIL_FIRST_BYTES,
                                 out); /* a piece of a filing, or one under a given title */
        return;
    }
    if (is_kind(m, "investor-relations-record")) {
        m->tail_bytes = GS_TAIL_BYTES;
        if (find_in_record(m, out))
            return;
    }
    bool covered = is_kind(m, "prospectus") || is_kind(m, "offering-circular");
    bool in_head = gs_signs_of_day(m->head.text, m->head.text_end);
    if (covered) { /* dated on its cover */
        if (find_signing_day(m, out) || (in_head && (find_labelled(&m->head, out) ||
                                                     find_near_top(m, out) || find_month(m, out))))
            return;
    }
    if (find_signed_at_end(m, m->tail_bytes, out) || find_signed_at_end(m, GS_TAIL_BYTES, out) ||
        !in_head || (!covered && (find_labelled(&m->head, out) || find_near_top(m, out))))
        return;
    if (!find_signed(&m->head, out))
        (void)find_month(m, out);
}

/* ---- the period reported on ---- */

static const struct part_of_year {
    const char *name, *end; /* of folded text behind the year; the last day of the part */
} parts[] = {
    {"半年", "06-30"},   {"上半年", "06-30"}, {"中期", "06-30"},   {"1-6月", "06-30"},
    {"前三季", "09-30"}, {"三季", "09-30"},   {"第三季", "09-30"}, {"3季", "09-30"},
    {"第3季", "09-30"},  {"1-9月", "09-30"},  {"一季", "03-31"},   {"第一季", "03-31"},
    {"1季", "03-31"},    {"第1季", "03-31"},  {"1-3月", "03-31"},  {"二季", "06-30"},
    {"第二季", "06-30"}, {"第2季", "06-30"},  {"四季", "12-31"},   {"第四季", "12-31"},
    {"第4季", "12-31"},  {"下半年", "12-31"}, {"中报", "06-30"},
};

static const char *part_end(const char *text, size_t size)
{
    while (gs_begins(text, size, "年") || gs_begins(text, size, "度")) {
        if (gs_begins(text, size, "年") && size > 3 && gs_begins(text + 3, size - 3, "度"))
            break;
        text += 3;
        size -= 3;
    }
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        if (gs_begins(text, size, parts[i].name))
            return parts[i].end;
    return NULL;
}

/* 截至2023年12月31日止: the last day itself. */
static bool period_until(const char *text, size_t size, char out[16])
{
    static const char *const starts[] = {"截至", "截止", "截至于", NULL};
    for (size_t i = 0; starts[i]; i++) {
        const char *at = gs_finds(text, size, starts[i]);
        struct day d;
        if (!at)
            continue;
        size_t from = (size_t)(at - text) + strlen(starts[i]);
        if (day_at(text + from, size - from, &d) && d.day &&
            gs_finds(text + from + d.end, size - from - d.end < 36 ? size - from - d.end : 36,
                     "止") &&
            day_write(&d, out))
            return true;
    }
    return false;
}

/* The year at text, with or without 年: where the rest begins; 0: none. */
static size_t year_at(const char *text, size_t size, unsigned *year)
{
    size_t used = take_year(text, size, year);
    if (used)
        return used;
    used = take_digits(text, size, 4, year);
    if (used != 4 || *year < YEAR_FIRST || *year > YEAR_LAST ||
        (size > 4 && text[4] >= '0' && text[4] <= '9'))
        return 0;
    return used;
}

/* The last year of the text that is followed by what its kind wants. */
static bool period_in(const char *text, size_t size, const struct gs_filing_kind *kind,
                      char out[16])
{
    bool found = false;
    for (size_t p = 0; p < size; p++) {
        unsigned year, month;
        bool digit_before =
            p > 0 && ((text[p - 1] >= '0' && text[p - 1] <= '9') || text[p - 1] == '[');
        size_t used = may_begin_year(text + p, size - p) && !digit_before
                          ? year_at(text + p, size - p, &year)
                          : 0;
        if (used == 0)
            continue;
        size_t rest = p + used, n = take_small(text + rest, size - rest, &month);
        const char *end = part_end(text + rest, size - rest);
        if (!end && kind->periodic == GS_PERIOD_HALF)
            end = "06-30";
        if (!end && kind->periodic == GS_PERIOD_YEAR)
            end = "12-31";
        if (n && month >= 1 && month <= 12 && gs_begins(text + rest + n, size - rest - n, "月")) {
            struct day d = {year, month, 0, 0, true};
            if (take_signs(text + p, size - p, &d) && day_write(&d, out))
                found = true;
        } else if (end) {
            snprintf(out, 16, "%04u-%s", year, end);
            found = true;
        }
        p = rest - 1;
    }
    return found;
}

/* 民国111年3月31日及…, 民国112年及111年1月1日至3月31日: what a statement is as of, or runs to. */
static bool period_of_statement(const char *text, size_t size, char out[16])
{
    unsigned year, month, day;
    struct day d;
    if (size > 150 || !may_begin_year(text, size) || !take_signs(text, size, &d) || d.year == 0)
        return false;
    const char *to = gs_finds(text, size, "日至");
    if (!to)
        return d.day && d.end < size && day_write(&d, out);
    year = d.year;
    size_t at = (size_t)(to - text) + 6, n = take_small(text + at, size - at, &month);
    if (n == 0 || !gs_begins(text + at + n, size - at - n, "月"))
        return false;
    at += n + 3;
    n = take_small(text + at, size - at, &day);
    d = (struct day){year, month, day, 0, true};
    return n > 0 && gs_begins(text + at + n, size - at - n, "日") && day_write(&d, out);
}

/* Lines of the cover around the title: 2023年度 alone, 截至…止年度. */
static bool period_near_title(struct gs_metadata *m)
{
    const struct gs_lines *l = &m->head;
    if (m->title_line == SIZE_MAX)
        return false;
    size_t from = m->title_line > 4 ? m->title_line - 4 : 0;
    for (size_t i = from; i < l->count && i <= m->title_last + 5; i++) {
        const char *text = gs_line_text(l, i);
        size_t size = gs_line_size(l, i);
        unsigned year;
        if (period_until(text, size, m->value.period))
            return true;
        if (strcmp(m->kind->id, "financial-statements") == 0 && i > m->title_last &&
            period_of_statement(text, size, m->value.period))
            return true;
        size_t used = year_at(text, size, &year);
        if (used > 4 && size <= 45 &&
            (gs_ends(text, size, "年度") || gs_ends(text, size, "年") ||
             gs_ends(text, size, "报告") || gs_ends(text, size, "季度") ||
             gs_ends(text, size, "半年度")) &&
            period_in(text, size, m->kind, m->value.period))
            return true;
    }
    return false;
}

void gs_period_find(struct gs_metadata *m)
{
    if (!m->kind || m->kind->periodic == GS_PERIOD_NONE)
        return;
    if (period_until(m->title_fold, m->title_fold_size, m->value.period) ||
        period_in(m->title_fold, m->title_fold_size, m->kind, m->value.period))
        return;
    (void)period_near_title(m);
}
