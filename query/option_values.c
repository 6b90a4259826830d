#include "query/option_values.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHOICES_BYTES 256

#define WRONG(c, english, chinese_text, ...)                                                       \
    ((c)->chinese ? gs_err_set((c)->err, GAOSOU_E_USE, chinese_text, __VA_ARGS__)                  \
                  : gs_err_set((c)->err, GAOSOU_E_USE, english, __VA_ARGS__))

static bool is_all(const char *text)
{
    return strcmp(text, "all") == 0 || strcmp(text, "全部") == 0;
}

enum gaosou_status gs_option_size(const struct gs_option_context *c, const char *text, bool all,
                                  size_t most, size_t *out)
{
    if (all && is_all(text)) {
        *out = SIZE_MAX;
        return GAOSOU_OK;
    }
    char *end;
    errno = 0;
    unsigned long long n = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || errno || n > SIZE_MAX / 2)
        return WRONG(c, "%s wants a number%s, not '%s'", "%s 要一个数%s，不是“%s”", c->name,
                     !all         ? ""
                     : c->chinese ? "或 all"
                                  : " or all",
                     text);
    if (n > most)
        return WRONG(c, "%s wants a number up to %zu%s, not '%s'", "%s 最大为 %zu%s，不是“%s”",
                     c->name, most, all ? c->chinese ? "，或 all" : ", or all" : "", text);
    *out = (size_t)n;
    return GAOSOU_OK;
}

enum gaosou_status gs_option_double(const struct gs_option_context *c, const char *text,
                                    double most, double *out)
{
    char *end;
    double x = strtod(text, &end);
    if (end == text || *end || !isfinite(x) || x < 0 || x > most)
        return WRONG(c, "%s wants a number from 0 to %g, not '%s'",
                     "%s 要 0 到 %g 之间的数，不是“%s”", c->name, most, text);
    *out = x;
    return GAOSOU_OK;
}

/* `a, b or c`. */
static void write_choices(char out[CHOICES_BYTES], const char *const *words, bool chinese)
{
    size_t used = 0;
    for (size_t i = 0; words[i] && used < CHOICES_BYTES; i++) {
        const char *before = i == 0         ? ""
                             : words[i + 1] ? (chinese ? "、" : ", ")
                                            : (chinese ? " 或 " : " or ");
        int n = snprintf(out + used, CHOICES_BYTES - used, "%s%s", before, words[i]);
        used += n > 0 ? (size_t)n : 0;
    }
}

enum gaosou_status gs_option_choice(const struct gs_option_context *c, const char *text,
                                    const char *const *words, unsigned *out)
{
    for (unsigned i = 0; words[i]; i++)
        if (strcmp(text, words[i]) == 0) {
            *out = i;
            return GAOSOU_OK;
        }
    char choices[CHOICES_BYTES] = "";
    write_choices(choices, words, c->chinese);
    return WRONG(c, "%s wants %s, not '%s'", "%s 要 %s，不是“%s”", c->name, choices, text);
}

enum gaosou_status gs_option_duration(const struct gs_option_context *c, const char *text,
                                      uint64_t *out)
{
    static const struct {
        const char *unit;
        double seconds;
    } units[] = {{"", 1}, {"s", 1}, {"ms", 1e-3}, {"m", 60}, {"min", 60}, {"h", 3600}, {"秒", 1}};
    char *end;
    double value = *text >= '0' && *text <= '9' ? strtod(text, &end) : -1;
    for (size_t i = 0; value >= 0 && i < sizeof(units) / sizeof(units[0]); i++) {
        double ns = value * units[i].seconds * 1e9;
        if (strcmp(end, units[i].unit) != 0 || ns < 1 || ns > 1e18)
            continue;
        *out = (uint64_t)ns;
        return GAOSOU_OK;
    }
    return WRONG(c, "%s wants a time such as 500ms, 2s or 1m, not '%s'",
                 "%s 要一个时间，如 500ms、2s、1m，不是“%s”", c->name, text);
}

enum gaosou_status gs_option_share(const struct gs_option_context *c, const char *text, size_t *out,
                                   bool *percent)
{
    char *end;
    errno = 0;
    unsigned long long n = strtoull(text, &end, 10);
    bool share = strcmp(end, "%") == 0 || strcmp(end, "％") == 0;
    if (*text < '0' || *text > '9' || errno || (*end && !share) || n == 0 ||
        n > (share ? 100 : SIZE_MAX / 2))
        return WRONG(c, "%s wants a number from 1, or a percentage such as 75%%, not '%s'",
                     "%s 要 1 以上的数，或百分比如 75%%，不是“%s”", c->name, text);
    *out = (size_t)n;
    *percent = share;
    return GAOSOU_OK;
}

/* Bytes of a comma at p: `,` `，` `、`; 0: none. */
static size_t comma_at(const char *p)
{
    if (*p == ',')
        return 1;
    return strncmp(p, "，", 3) == 0 || strncmp(p, "、", 3) == 0 ? 3 : 0;
}

enum gaosou_status gs_option_list(const struct gs_option_context *c, const char *text, size_t most,
                                  struct gs_buf *out, size_t *count)
{
    size_t found = 0;
    for (const char *p = text;;) {
        p += strspn(p, " \t");
        const char *start = p;
        while (*p && !comma_at(p))
            p++;
        const char *end = p;
        while (end > start && (end[-1] == ' ' || end[-1] == '\t'))
            end--;
        if (end == start)
            return WRONG(c, "%s wants names with commas between them, not '%s'",
                         "%s 要用逗号隔开的名字，不是“%s”", c->name, text);
        if (found++ == most)
            return WRONG(c, "%s takes at most %zu names", "%s 最多 %zu 个名字", c->name, most);
        gs_buf_append(out, start, (size_t)(end - start));
        gs_buf_append_u8(out, '\0');
        if (!*p)
            break;
        p += comma_at(p);
    }
    *count = found;
    return gs_buf_status(out) == GAOSOU_OK ? GAOSOU_OK : gs_err_nomem(c->err, out->size);
}
