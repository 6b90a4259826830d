#include "query/query_options.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>

enum option {
    OPTION_NONE,
    OPTION_ANY,
    OPTION_B,
    OPTION_COLLAPSE,
    OPTION_COLOR,
    OPTION_COUNT,
    OPTION_HELP,
    OPTION_JSON,
    OPTION_JSONL,
    OPTION_K1,
    OPTION_LIMIT,
    OPTION_LITERAL,
    OPTION_NO_SNIPPETS,
    OPTION_OFFSET,
    OPTION_QUERY,
    OPTION_QUIET,
    OPTION_UNKNOWN,
    OPTION_VERSION,
};

struct option_row {
    const char *name;
    enum option option;
    bool has_value;
};

static const struct option_row rows[] = {
    {"-F", OPTION_LITERAL, true},
    {"-e", OPTION_QUERY, true},
    {"-h", OPTION_HELP, false},
    {"-q", OPTION_QUIET, false},
    {"--any", OPTION_ANY, false},
    {"--b", OPTION_B, true},
    {"--collapse", OPTION_COLLAPSE, false},
    {"--color", OPTION_COLOR, true},
    {"--colour", OPTION_COLOR, true},
    {"--count", OPTION_COUNT, false},
    {"--help", OPTION_HELP, false},
    {"--json", OPTION_JSON, false},
    {"--jsonl", OPTION_JSONL, false},
    {"--k1", OPTION_K1, true},
    {"--limit", OPTION_LIMIT, true},
    {"--no-snippets", OPTION_NO_SNIPPETS, false},
    {"--offset", OPTION_OFFSET, true},
    {"--quiet", OPTION_QUIET, false},
    {"--unknown", OPTION_UNKNOWN, false},
    {"--version", OPTION_VERSION, false},
};

enum color_choice { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* What the reading keeps from argument to argument. */
struct reading {
    struct gs_query_options *o;
    int argc;
    char **argv;
    const char **words;  /* positional arguments in order, -e values among them */
    bool *word_is_query; /* given by -e: never the index */
    size_t word_count;
    const char *literal;
    enum color_choice color;
    bool options_over;
    struct gs_err *err;
};

#define USE_ERROR(r, english, chinese_text, ...)                                                   \
    ((r)->o->chinese ? gs_err_set((r)->err, GAOSOU_E_USE, chinese_text, __VA_ARGS__)               \
                     : gs_err_set((r)->err, GAOSOU_E_USE, english, __VA_ARGS__))

static const char *usage(const struct gs_query_options *o)
{
    return o->chinese ? GS_QUERY_USAGE_CHINESE : GS_QUERY_USAGE;
}

static bool locale_is_chinese(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *value = getenv(names[i]);
        if (value && *value)
            return strncmp(value, "zh", 2) == 0;
    }
    return false;
}

static bool decide_color(enum color_choice choice)
{
    if (choice != COLOR_AUTO)
        return choice == COLOR_ALWAYS;
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    if ((no_color && *no_color) || (term && strcmp(term, "dumb") == 0))
        return false;
    return isatty(STDOUT_FILENO) == 1;
}

/* Whether a path is a folder that holds a manifest: what an argument is, not whether it is sound.
 */
static bool looks_like_index(const char *path)
{
    char name[4096];
    int size = snprintf(name, sizeof(name), "%s/manifest", path);
    return *path && size > 0 && (size_t)size < sizeof(name) && access(name, F_OK) == 0;
}

/* `-` and an ASCII letter, or `--`: an option. -亏损, -3.5 and -"..." are parts of a query, and so
 * is a `-` alone. */
static bool is_option(const char *arg)
{
    if (arg[0] != '-')
        return false;
    char c = arg[1];
    return c == '-' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The row of an argument and, for `--name=value` and `-xvalue`, where its value begins. */
static const struct option_row *find_row(const char *arg, const char **value)
{
    *value = NULL;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        size_t size = strlen(rows[i].name);
        if (strncmp(arg, rows[i].name, size) != 0)
            continue;
        if (arg[size] == '\0')
            return &rows[i];
        if (size == 2 && rows[i].has_value) {
            *value = arg + size;
            return &rows[i];
        }
        if (size > 2 && arg[size] == '=') {
            *value = arg + size + 1;
            return &rows[i];
        }
    }
    return NULL;
}

static enum gaosou_status read_size(struct reading *r, const char *name, const char *value,
                                    bool all, size_t *out)
{
    if (all && (strcmp(value, "all") == 0 || strcmp(value, "全部") == 0)) {
        *out = SIZE_MAX;
        return GAOSOU_OK;
    }
    char *end;
    errno = 0;
    unsigned long long n = strtoull(value, &end, 10);
    if (*value < '0' || *value > '9' || *end || errno || n > SIZE_MAX / 2)
        return USE_ERROR(r, "%s wants a number%s, not '%s'", "%s 要一个数%s，不是“%s”", name,
                         !all            ? ""
                         : r->o->chinese ? "或 all"
                                         : " or all",
                         value);
    *out = (size_t)n;
    return GAOSOU_OK;
}

static enum gaosou_status read_parameter(struct reading *r, const char *name, const char *value,
                                         double most, double *out)
{
    char *end;
    double x = strtod(value, &end);
    if (end == value || *end || !isfinite(x) || x < 0 || x > most)
        return USE_ERROR(r, "%s wants a number from 0 to %g, not '%s'",
                         "%s 要 0 到 %g 之间的数，不是“%s”", name, most, value);
    *out = x;
    return GAOSOU_OK;
}

static enum gaosou_status read_color(struct reading *r, const char *value)
{
    static const char *const names[] = {"auto", "always", "never"};
    for (size_t i = 0; i < 3; i++)
        if (strcmp(value, names[i]) == 0) {
            r->color = (enum color_choice)i;
            return GAOSOU_OK;
        }
    return USE_ERROR(r, "--color wants auto, always or never, not '%s'",
                     "--color 要 auto、always 或 never，不是“%s”", value);
}

static void add_word(struct reading *r, const char *word, bool is_query)
{
    r->words[r->word_count] = word;
    r->word_is_query[r->word_count++] = is_query;
}

static enum gaosou_status apply(struct reading *r, const struct option_row *row, const char *value)
{
    struct gs_query_options *o = r->o;
    switch (row->option) {
    case OPTION_ANY:
        o->mode = GS_QUERY_ANY;
        break;
    case OPTION_B:
        return read_parameter(r, row->name, value, 1, &o->search.b);
    case OPTION_COLLAPSE:
        o->search.collapse = true;
        break;
    case OPTION_COLOR:
        return read_color(r, value);
    case OPTION_COUNT:
        o->count = true;
        break;
    case OPTION_HELP:
        o->action = GS_ACTION_HELP;
        break;
    case OPTION_JSON:
        o->format = GS_FORMAT_JSON;
        break;
    case OPTION_JSONL:
        o->format = GS_FORMAT_JSONL;
        break;
    case OPTION_K1:
        return read_parameter(r, row->name, value, 1000, &o->search.k1);
    case OPTION_LIMIT:
        return read_size(r, row->name, value, true, &o->search.limit);
    case OPTION_LITERAL:
        r->literal = value;
        break;
    case OPTION_NO_SNIPPETS:
        o->no_snippets = true;
        break;
    case OPTION_OFFSET:
        return read_size(r, row->name, value, false, &o->search.offset);
    case OPTION_QUERY:
        add_word(r, value, true);
        break;
    case OPTION_QUIET:
        o->quiet = true;
        break;
    case OPTION_UNKNOWN:
        o->search.take_unknown = true;
        break;
    case OPTION_VERSION:
        o->action = GS_ACTION_VERSION;
        break;
    case OPTION_NONE:
        break;
    }
    return GAOSOU_OK;
}

static enum gaosou_status read_argument(struct reading *r, int *i)
{
    const char *arg = r->argv[*i], *value;
    if (r->options_over || !is_option(arg)) {
        add_word(r, arg, false);
        return GAOSOU_OK;
    }
    if (strcmp(arg, "--") == 0) {
        r->options_over = true;
        return GAOSOU_OK;
    }
    const struct option_row *row = find_row(arg, &value);
    if (!row)
        return USE_ERROR(
            r,
            "unknown option '%s'; a query that begins with - follows -e or --; gaosou-query --help "
            "lists the options",
            "没有“%s”这个选项；以 - 开头的查询写在 -e 或 -- 后面；选项见 gaosou-query --help", arg);
    if (!row->has_value && value)
        return USE_ERROR(r, "%s takes no value", "%s 不带值", row->name);
    if (row->has_value && !value) {
        if (*i + 1 >= r->argc)
            return USE_ERROR(r, "%s wants a value", "%s 后面缺少值", row->name);
        value = r->argv[++*i];
    }
    return apply(r, row, value);
}

/* Takes the index out of the words: the first word, or GAOSOU_INDEX where that is set and the first
 * word is no index. */
static enum gaosou_status settle_index(struct reading *r, size_t *first_word)
{
    struct gs_query_options *o = r->o;
    const char *variable = getenv("GAOSOU_INDEX");
    bool has_word = r->word_count > 0 && !r->word_is_query[0];
    *first_word = 0;
    if (variable && *variable && !(has_word && looks_like_index(r->words[0]))) {
        o->index = variable;
        return GAOSOU_OK;
    }
    if (!has_word)
        return USE_ERROR(r, "no index; %s", "没有给出索引；%s", usage(o));
    o->index = r->words[0];
    *first_word = 1;
    for (size_t i = 1; i < r->word_count && !o->other_index; i++)
        if (!looks_like_index(o->index) && looks_like_index(r->words[i]))
            o->other_index = r->words[i];
    return GAOSOU_OK;
}

static enum gaosou_status query_too_long(struct reading *r)
{
    return r->o->chinese
               ? gs_err_set(r->err, GAOSOU_E_LIMIT, "查询超过 %zu 字节", GS_QUERY_BYTES_MAX)
               : gs_err_set(r->err, GAOSOU_E_LIMIT, "the query is longer than %zu bytes",
                            GS_QUERY_BYTES_MAX);
}

static enum gaosou_status read_standard_input(struct reading *r)
{
    struct gs_buf *out = &r->o->query;
    for (;;) {
        uint8_t *p = gs_buf_reserve(out, 4096);
        if (!p)
            break;
        ssize_t n = read(STDIN_FILENO, p, 4096);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return gs_err_sys(r->err, errno, "standard input");
        if (n == 0)
            break;
        out->size += (size_t)n;
    }
    /* A file ends in a line end that is no part of the text. */
    while (out->size && (out->data[out->size - 1] == '\n' || out->data[out->size - 1] == '\r'))
        out->size--;
    return GAOSOU_OK;
}

static enum gaosou_status join_query(struct reading *r, size_t first_word)
{
    struct gs_query_options *o = r->o;
    enum gaosou_status status = GAOSOU_OK;
    if (r->literal && (first_word < r->word_count || o->mode == GS_QUERY_ANY))
        return USE_ERROR(r, "-F takes the whole query: leave out '%s'",
                         "-F 后面就是全部查询：去掉“%s”",
                         first_word < r->word_count ? r->words[first_word] : "--any");
    if (r->literal) {
        o->mode = GS_QUERY_LITERAL;
        if (strcmp(r->literal, "-") == 0)
            status = read_standard_input(r);
        else
            gs_buf_append_str(&o->query, r->literal);
    } else if (first_word == r->word_count && first_word == 1 && !looks_like_index(o->index)) {
        return USE_ERROR(r, "'%s' is not an index; %s", "“%s”不是索引；%s", o->index, usage(o));
    } else if (first_word == r->word_count) {
        return USE_ERROR(r, "no query; %s", "没有给出查询；%s", usage(o));
    }
    for (size_t i = first_word; i < r->word_count; i++) {
        if (i > first_word)
            gs_buf_append_u8(&o->query, ' ');
        gs_buf_append_str(&o->query, r->words[i]);
    }
    if (status != GAOSOU_OK)
        return status;
    if (gs_buf_status(&o->query) == GAOSOU_E_LIMIT || o->query.size > GS_QUERY_BYTES_MAX)
        return query_too_long(r);
    return gs_buf_status(&o->query) == GAOSOU_OK ? GAOSOU_OK : gs_err_nomem(r->err, o->query.size);
}

static enum gaosou_status read_all(struct reading *r)
{
    enum gaosou_status status = GAOSOU_OK;
    for (int i = 1; i < r->argc && status == GAOSOU_OK; i++)
        status = read_argument(r, &i);
    if (status != GAOSOU_OK || r->o->action != GS_ACTION_SEARCH)
        return status;
    size_t first_word;
    status = settle_index(r, &first_word);
    if (status == GAOSOU_OK)
        status = join_query(r, first_word);
    r->o->color = decide_color(r->color);
    return status;
}

enum gaosou_status gs_query_options_read(struct gs_query_options *o, int argc, char **argv,
                                         struct gs_err *err)
{
    *o = (struct gs_query_options){.search = gs_search_defaults(), .chinese = locale_is_chinese()};
    gs_buf_init(&o->query, GS_QUERY_BYTES_MAX + 8192);
    size_t count = argc > 0 ? (size_t)argc : 1;
    struct reading r = {.o = o, .argc = argc, .argv = argv, .err = err};
    r.words = calloc(count, sizeof(*r.words));
    r.word_is_query = calloc(count, sizeof(*r.word_is_query));
    enum gaosou_status status;
    if (r.words && r.word_is_query)
        status = read_all(&r);
    else
        status = gs_err_nomem(err, count * sizeof(*r.words));
    free(r.words);
    free(r.word_is_query);
    return status;
}

void gs_query_options_release(struct gs_query_options *o)
{
    if (o)
        gs_buf_release(&o->query);
}
