#include "query/query_options.h"

#include "query/option_rules.h"
#include "query/option_values.h"
#include "query/terminal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define FILTERS_MAX     GS_QUERY_BYTES_MAX
#define FACET_NAMES_MAX ((size_t)64 << 10) /* bytes of the names of facets */

/* What the reading keeps from argument to argument. */
struct reading {
    struct gs_query_options *o;
    int argc;
    char **argv;
    const char **words;  /* positional arguments in order, -e values among them */
    bool *word_is_query; /* given by -e: never the index */
    size_t word_count;
    const char *literal;
    uint64_t given; /* a bit for each option that was */
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

static void add_word(struct reading *r, const char *word, bool is_query)
{
    r->words[r->word_count] = word;
    r->word_is_query[r->word_count++] = is_query;
}

/* Adds to the facets asked for so far. Their names move as more come: they are found at the end. */
static enum gaosou_status read_facets(struct reading *r, const struct gs_option_context *c,
                                      const char *value)
{
    struct gs_request *request = &r->o->request;
    size_t count;
    enum gaosou_status status =
        gs_option_list(c, value, GS_FACETS_MAX - request->facet_count, &r->o->facet_names, &count);
    if (status == GAOSOU_OK)
        request->facet_count += count;
    return status;
}

static enum gaosou_status read_ranking(struct reading *r, const char *value)
{
    if (!gs_ranking_read(value, strlen(value), &r->o->request.search.ranking))
        return USE_ERROR(r,
                         "--rank wants plain, full, or some of title, proximity, stop, passages "
                         "with commas between them, not '%s'",
                         "--rank 要 plain、full，或用逗号隔开的 title、proximity、stop、passages，"
                         "不是“%s”",
                         value);
    return GAOSOU_OK;
}

static enum gaosou_status read_spans(struct reading *r, const struct gs_option_context *c,
                                     const char *value)
{
    static const char *const words[] = {"bytes", "utf16", NULL};
    unsigned choice = 0;
    enum gaosou_status status = gs_option_choice(c, value, words, &choice);
    if (status == GAOSOU_OK)
        r->o->request.utf16 = choice == 1;
    return status;
}

static void add_filter(struct reading *r, const char *value)
{
    if (r->o->filters.size)
        gs_buf_append_u8(&r->o->filters, ' ');
    gs_buf_append_str(&r->o->filters, value);
}

/* An option whose value has a form of its own. */
static enum gaosou_status apply_other(struct reading *r, enum gs_option option,
                                      const struct gs_option_context *c, const char *value)
{
    struct gs_search_options *search = &r->o->request.search;
    switch (option) {
    case GS_OPTION_FACET:
        return read_facets(r, c, value);
    case GS_OPTION_FILTER:
        add_filter(r, value);
        break;
    case GS_OPTION_LITERAL:
        r->literal = value;
        break;
    case GS_OPTION_MIN_MATCH:
        return gs_option_share(c, value, &search->min_match, &search->min_match_percent);
    case GS_OPTION_QUERY:
        add_word(r, value, true);
        break;
    case GS_OPTION_RANK:
        return read_ranking(r, value);
    case GS_OPTION_SHOW:
    case GS_OPTION_WHY_NOT:
        r->o->action = option == GS_OPTION_SHOW ? GS_ACTION_SHOW : GS_ACTION_WHY_NOT;
        r->o->id = value;
        break;
    case GS_OPTION_SPANS:
        return read_spans(r, c, value);
    case GS_OPTION_TIMEOUT:
        return gs_option_duration(c, value, &r->o->request.timeout_ns);
    default:
        break;
    }
    return GAOSOU_OK;
}

static enum gaosou_status apply(struct reading *r, const struct gs_option_row *row,
                                const char *value)
{
    const struct gs_option_context c = {row->name, r->o->chinese, r->err};
    void *field = (char *)r->o + row->offset;
    r->given |= UINT64_C(1) << row->option;
    switch (row->kind) {
    case GS_KIND_FLAG:
        *(bool *)field = true;
        break;
    case GS_KIND_SET:
        memcpy(field, &(unsigned){(unsigned)row->number}, sizeof(unsigned));
        break;
    case GS_KIND_CHOICE: {
        unsigned choice = 0;
        enum gaosou_status status = gs_option_choice(&c, value, row->words, &choice);
        if (status == GAOSOU_OK)
            memcpy(field, &choice, sizeof(choice));
        return status;
    }
    case GS_KIND_SIZE:
    case GS_KIND_ALL:
        return gs_option_size(&c, value, row->kind == GS_KIND_ALL, row->number, field);
    case GS_KIND_DOUBLE:
        return gs_option_double(&c, value, (double)row->number, field);
    case GS_KIND_TEXT:
        *(const char **)field = value;
        break;
    case GS_KIND_OTHER:
        return apply_other(r, row->option, &c, value);
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
    const struct gs_option_row *row = gs_option_find(arg, &value);
    if (!row)
        return USE_ERROR(
            r,
            "unknown option '%s'; a query that begins with - follows -e or --; gaosou-query --help "
            "lists the options",
            "没有“%s”这个选项；以 - 开头的查询写在 -e 或 -- 后面；选项见 gaosou-query --help", arg);
    if (!gs_option_has_value(row) && value)
        return USE_ERROR(r, "%s takes no value", "%s 不带值", row->name);
    if (gs_option_has_value(row) && !value) {
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

static enum gaosou_status no_query(struct reading *r, size_t first_word)
{
    const struct gs_query_options *o = r->o;
    if (o->action == GS_ACTION_SHOW || o->action == GS_ACTION_BATCH)
        return GAOSOU_OK;
    if (first_word == 1 && !looks_like_index(o->index))
        return USE_ERROR(r, "'%s' is not an index; %s", "“%s”不是索引；%s", o->index, usage(o));
    return USE_ERROR(r, "no query; %s", "没有给出查询；%s", usage(o));
}

/* The words behind the index, or -F, or else the filters. */
static enum gaosou_status join_query(struct reading *r, size_t first_word)
{
    struct gs_query_options *o = r->o;
    bool has_words = first_word < r->word_count, is_any = o->request.mode == GS_QUERY_ANY;
    o->has_query = r->literal || has_words || o->filters.size;
    if (r->literal && (has_words || is_any))
        return USE_ERROR(r, "-F takes the whole query: leave out '%s'",
                         "-F 后面就是全部查询：去掉“%s”",
                         has_words ? r->words[first_word] : "--any");
    if (has_words && o->action == GS_ACTION_BATCH)
        return USE_ERROR(r, "--batch reads its queries from standard input: leave out '%s'",
                         "--batch 从标准输入读查询：去掉“%s”", r->words[first_word]);
    if (r->literal) {
        o->request.mode = GS_QUERY_LITERAL;
        if (strcmp(r->literal, "-") == 0)
            return read_standard_input(r);
        gs_buf_append_str(&o->query, r->literal);
        return GAOSOU_OK;
    }
    if (!has_words && o->filters.size && o->action != GS_ACTION_BATCH) {
        o->request.mode = GS_QUERY_SYNTAX; /* the filters are the query */
        gs_buf_append(&o->query, o->filters.data, o->filters.size);
        gs_buf_clear(&o->filters);
        return GAOSOU_OK;
    }
    for (size_t i = first_word; i < r->word_count; i++) {
        if (i > first_word)
            gs_buf_append_u8(&o->query, ' ');
        gs_buf_append_str(&o->query, r->words[i]);
    }
    return has_words ? GAOSOU_OK : no_query(r, first_word);
}

/* Points the request at what the options own, now that it does not move any more. */
static enum gaosou_status point_request(struct reading *r)
{
    struct gs_query_options *o = r->o;
    struct gs_request *request = &o->request;
    if (gs_buf_status(&o->query) == GAOSOU_E_LIMIT || o->query.size > GS_QUERY_BYTES_MAX ||
        gs_buf_status(&o->filters) == GAOSOU_E_LIMIT)
        return query_too_long(r);
    if (gs_buf_status(&o->query) != GAOSOU_OK || gs_buf_status(&o->filters) != GAOSOU_OK)
        return gs_err_nomem(r->err, o->query.size);
    request->text = (const char *)o->query.data;
    request->text_size = o->query.size;
    request->filters = o->filters.size ? (const char *)o->filters.data : NULL;
    request->filters_size = o->filters.size;
    request->chinese = o->chinese;
    const char *name = (const char *)o->facet_names.data;
    for (size_t i = 0; i < request->facet_count; i++, name += strlen(name) + 1)
        request->facets[i].name = name;
    return GAOSOU_OK;
}

static enum gaosou_status read_all(struct reading *r)
{
    struct gs_query_options *o = r->o;
    enum gaosou_status status = GAOSOU_OK;
    for (int i = 1; i < r->argc && status == GAOSOU_OK; i++)
        status = read_argument(r, &i);
    if (status != GAOSOU_OK || o->action == GS_ACTION_HELP || o->action == GS_ACTION_VERSION)
        return status;
    size_t first_word = 0;
    status = gs_option_rules_check(r->given, o->chinese, r->err);
    if (status == GAOSOU_OK)
        status = settle_index(r, &first_word);
    if (status == GAOSOU_OK)
        status = join_query(r, first_word);
    return status == GAOSOU_OK ? point_request(r) : status;
}

enum gaosou_status gs_query_options_read(struct gs_query_options *o, int argc, char **argv,
                                         struct gs_err *err)
{
    *o = (struct gs_query_options){.request = gs_request_defaults()};
    gs_terminal_read_language(o);
    gs_buf_init(&o->query, GS_QUERY_BYTES_MAX + 8192);
    gs_buf_init(&o->filters, FILTERS_MAX);
    gs_buf_init(&o->facet_names, FACET_NAMES_MAX);
    size_t count = argc > 0 ? (size_t)argc : 1;
    struct reading r = {.o = o, .argc = argc, .argv = argv, .err = err};
    r.words = calloc(count, sizeof(*r.words));
    r.word_is_query = calloc(count, sizeof(*r.word_is_query));
    enum gaosou_status status;
    if (r.words && r.word_is_query)
        status = read_all(&r);
    else
        status = gs_err_nomem(err, count * sizeof(*r.words));
    gs_terminal_read(o);
    free(r.words);
    free(r.word_is_query);
    return status;
}

void gs_query_options_release(struct gs_query_options *o)
{
    if (!o)
        return;
    gs_buf_release(&o->query);
    gs_buf_release(&o->filters);
    gs_buf_release(&o->facet_names);
}
