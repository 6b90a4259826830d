#include "indexer/index_options.h"

#include "indexer/builder.h"
#include "indexer/crew.h"
#include "indexer/filterable.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    OPTION_THREADS = 256,
    OPTION_MEMORY,
    OPTION_NO_TEXT,
    OPTION_NO_MERGE,
    OPTION_ENCODING,
    OPTION_ID_PREFIX,
    OPTION_META,
    OPTION_NAME_PATTERN,
    OPTION_FILTERABLE,
    OPTION_CACHE,
    OPTION_CHECKPOINT,
    OPTION_REPORT,
    OPTION_PRUNE,
    OPTION_FORCE,
    OPTION_WHERE,
    OPTION_DRY_RUN,
    OPTION_JSON,
    OPTION_DOC,
    OPTION_KERNEL,
    OPTION_HELP,
    OPTION_VERSION,
};

#define COMMAND_BIT(command) (1u << (command))
#define EVERYWHERE           (~0u)
#define BUILDING             (COMMAND_BIT(GS_COMMAND_ADD) | COMMAND_BIT(GS_COMMAND_UPDATE))
#define CHECKPOINT_DEFAULT   600u /* seconds */
#define CHECKPOINT_MAX       (366u * 86400u)

/* Options and the commands that take them. */
static const struct option_row {
    struct option option;
    unsigned commands;
} option_rows[] = {
    {{"threads", required_argument, NULL, OPTION_THREADS}, BUILDING},
    {{"memory", required_argument, NULL, OPTION_MEMORY}, BUILDING},
    {{"no-text", no_argument, NULL, OPTION_NO_TEXT}, BUILDING},
    {{"no-merge", no_argument, NULL, OPTION_NO_MERGE}, BUILDING | COMMAND_BIT(GS_COMMAND_DELETE)},
    {{"encoding", required_argument, NULL, OPTION_ENCODING},
     BUILDING | COMMAND_BIT(GS_COMMAND_TOKENS)},
    {{"id-prefix", required_argument, NULL, OPTION_ID_PREFIX}, BUILDING},
    {{"meta", required_argument, NULL, OPTION_META}, BUILDING},
    {{"name-pattern", required_argument, NULL, OPTION_NAME_PATTERN}, BUILDING},
    {{"filterable", required_argument, NULL, OPTION_FILTERABLE}, BUILDING},
    {{"cache", required_argument, NULL, OPTION_CACHE}, BUILDING},
    {{"checkpoint", required_argument, NULL, OPTION_CHECKPOINT}, BUILDING},
    {{"report", required_argument, NULL, OPTION_REPORT}, BUILDING},
    {{"prune", no_argument, NULL, OPTION_PRUNE}, COMMAND_BIT(GS_COMMAND_UPDATE)},
    {{"force", no_argument, NULL, OPTION_FORCE},
     COMMAND_BIT(GS_COMMAND_UPDATE) | COMMAND_BIT(GS_COMMAND_DELETE)},
    {{"where", required_argument, NULL, OPTION_WHERE}, COMMAND_BIT(GS_COMMAND_DELETE)},
    {{"dry-run", no_argument, NULL, OPTION_DRY_RUN}, COMMAND_BIT(GS_COMMAND_DELETE)},
    {{"json", no_argument, NULL, OPTION_JSON}, COMMAND_BIT(GS_COMMAND_STATS)},
    {{"doc", required_argument, NULL, OPTION_DOC}, COMMAND_BIT(GS_COMMAND_DUMP)},
    /* For tests and measurements. */
    {{"kernel", required_argument, NULL, OPTION_KERNEL}, BUILDING | COMMAND_BIT(GS_COMMAND_TOKENS)},
    {{"quiet", no_argument, NULL, 'q'}, EVERYWHERE},
    {{"verbose", no_argument, NULL, 'v'}, EVERYWHERE},
    {{"help", no_argument, NULL, OPTION_HELP}, EVERYWHERE},
    {{"version", no_argument, NULL, OPTION_VERSION}, EVERYWHERE},
};
#define OPTION_ROWS (sizeof(option_rows) / sizeof(option_rows[0]))

static const struct command_row {
    const char *name;
    enum gs_command command;
    int args_least, args_most; /* behind INDEX; -1: any number */
} command_rows[] = {
    {"add", GS_COMMAND_ADD, 1, -1},       {"update", GS_COMMAND_UPDATE, 1, -1},
    {"delete", GS_COMMAND_DELETE, 1, -1}, {"merge", GS_COMMAND_MERGE, 0, 0},
    {"check", GS_COMMAND_CHECK, 0, 0},    {"stats", GS_COMMAND_STATS, 0, 0},
    {"dump", GS_COMMAND_DUMP, 0, -1},     {"tokens", GS_COMMAND_TOKENS, 0, 1},
};
#define COMMAND_ROWS (sizeof(command_rows) / sizeof(command_rows[0]))

static enum gaosou_status parse_threads(const char *text, unsigned *threads, struct gs_err *err)
{
    char *end;
    errno = 0;
    unsigned long value = strtoul(text, &end, 10);
    if (errno || *end || end == text || value < 1 || value > GS_CREW_THREADS_MAX || *text == '-')
        return gs_err_set(err, GAOSOU_E_USE, "--threads %s: a number from 1 to %u is wanted", text,
                          GS_CREW_THREADS_MAX);
    *threads = (unsigned)value;
    return GAOSOU_OK;
}

/* Bytes, or with K, M, G behind (powers of 1024; KiB, MB and the like too). */
static enum gaosou_status parse_memory(const char *text, uint64_t *memory, struct gs_err *err)
{
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    static const char units[] = "kmgt";
    unsigned shift = 0;
    const char *unit = *end ? strchr(units, *end | 0x20) : NULL;
    if (unit) {
        shift = 10 * (unsigned)(unit - units + 1);
        end++;
        end += *end == 'i';
        end += *end == 'B' || *end == 'b';
    }
    if (errno || *end || end == text || *text == '-' || value > (UINT64_MAX >> 1) >> shift)
        return gs_err_set(err, GAOSOU_E_USE, "--memory %s: a size like 512M or 2G is wanted", text);
    if (value << shift < GS_MEMORY_MIN)
        return gs_err_set(err, GAOSOU_E_USE, "--memory %s: at least %lluM is needed", text,
                          (unsigned long long)(GS_MEMORY_MIN >> 20));
    *memory = value << shift;
    return GAOSOU_OK;
}

/* Seconds, or with s, m, h, d behind. */
static enum gaosou_status parse_checkpoint(const char *text, unsigned *seconds, struct gs_err *err)
{
    static const struct {
        char name;
        unsigned seconds;
    } units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};
    char *end;
    errno = 0;
    unsigned long value = strtoul(text, &end, 10);
    unsigned unit = *end ? 0 : 1;
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]) && *end && !end[1]; i++) {
        if (*end == units[i].name)
            unit = units[i].seconds;
    }
    if (errno || unit == 0 || end == text || *text == '-' || value > CHECKPOINT_MAX / unit)
        return gs_err_set(err, GAOSOU_E_USE,
                          "--checkpoint %s: seconds, or a time like 10m or 2h, is wanted; 0: only "
                          "at the end",
                          text);
    *seconds = (unsigned)value * unit;
    return GAOSOU_OK;
}

/* Where an option without a value is noted; NULL for others. */
static bool *flag_of(struct gs_index_options *o, int code)
{
    switch (code) {
    case OPTION_NO_TEXT:
        return &o->no_text;
    case OPTION_NO_MERGE:
        return &o->no_merge;
    case OPTION_PRUNE:
        return &o->prune;
    case OPTION_FORCE:
        return &o->force;
    case OPTION_DRY_RUN:
        return &o->dry_run;
    case OPTION_JSON:
        return &o->json;
    case 'q':
        return &o->quiet;
    case 'v':
        return &o->verbose;
    default:
        return NULL;
    }
}

/* Where an option's value is noted as it is; NULL for others. */
static const char **value_of(struct gs_index_options *o, int code)
{
    switch (code) {
    case OPTION_ENCODING:
        return &o->encoding;
    case OPTION_ID_PREFIX:
        return &o->id_prefix;
    case OPTION_META:
        return &o->meta;
    case OPTION_NAME_PATTERN:
        return &o->name_pattern;
    case OPTION_CACHE:
        return &o->cache;
    case OPTION_REPORT:
        return &o->report;
    case OPTION_WHERE:
        return &o->where;
    case OPTION_DOC:
        return &o->doc_id;
    case OPTION_KERNEL:
        return &o->kernel;
    default:
        return NULL;
    }
}

static enum gaosou_status take_filterable(struct gs_index_options *o, const char *list,
                                          struct gs_err *err)
{
    if (o->filterable_count == GS_FILTERABLE_LISTS)
        return gs_err_set(err, GAOSOU_E_USE, "--filterable %s: name the fields in one list", list);
    struct gs_filterable names = {0}; /* what is wrong with one is said before any work */
    enum gaosou_status status = gs_filterable_add_list(&names, list, err);
    gs_filterable_release(&names);
    o->filterable[o->filterable_count++] = list;
    return status;
}

static enum gaosou_status take_option(struct gs_index_options *o, int code, const char *value,
                                      struct gs_err *err)
{
    bool *flag = flag_of(o, code);
    const char **text = value_of(o, code);
    if (flag)
        *flag = true;
    else if (text)
        *text = value;
    else if (code == OPTION_THREADS)
        return parse_threads(value, &o->threads, err);
    else if (code == OPTION_MEMORY)
        return parse_memory(value, &o->memory, err);
    else if (code == OPTION_FILTERABLE)
        return take_filterable(o, value, err);
    else if (code == OPTION_CHECKPOINT)
        return parse_checkpoint(value, &o->checkpoint, err);
    else
        return gs_err_set(err, GAOSOU_E_USE, "unknown option");
    return GAOSOU_OK;
}

/* An existing index given in front wins over GAOSOU_INDEX. */
static bool names_an_index(const char *path)
{
    char name[4096];
    struct stat st;
    int n = snprintf(name, sizeof(name), "%s/manifest", path);
    return n > 0 && (size_t)n < sizeof(name) && stat(name, &st) == 0;
}

static enum gaosou_status take_arguments(struct gs_index_options *o, const struct command_row *row,
                                         char **args, int count, const char *index_env,
                                         struct gs_err *err)
{
    if (row->command != GS_COMMAND_TOKENS) {
        bool given = count > 0 && (!index_env || !*index_env || names_an_index(args[0]));
        o->index = given ? args[0] : index_env && *index_env ? index_env : NULL;
        if (!o->index)
            return gs_err_set(err, GAOSOU_E_USE,
                              "no INDEX is given; usage: gaosou-index %s INDEX%s", row->name,
                              row->args_least ? " ..." : "");
        args += given;
        count -= given;
    }
    if (count < (o->where ? 0 : row->args_least))
        return gs_err_set(err, GAOSOU_E_USE, "nothing to %s is given; see gaosou-index %s --help",
                          row->name, row->name);
    if (row->args_most >= 0 && count > row->args_most)
        return gs_err_set(err, GAOSOU_E_USE, "'%s' is too much; see gaosou-index %s --help",
                          args[row->args_most], row->name);
    o->args = args;
    o->arg_count = count;
    return GAOSOU_OK;
}

/* The options of one command, for getopt_long. */
static void list_options(const struct command_row *row, struct option *list)
{
    size_t n = 0;
    for (size_t i = 0; i < OPTION_ROWS; i++) {
        if (option_rows[i].commands & COMMAND_BIT(row->command))
            list[n++] = option_rows[i].option;
    }
    list[n] = (struct option){0};
}

/* A command that takes an option which this one does not, or NULL. */
static const char *taken_by(const char *given)
{
    if (strncmp(given, "--", 2) != 0)
        return NULL;
    size_t size = strcspn(given + 2, "=");
    for (size_t i = 0; i < OPTION_ROWS; i++) {
        const char *name = option_rows[i].option.name;
        if (strlen(name) != size || strncmp(name, given + 2, size) != 0)
            continue;
        for (size_t k = 0; k < COMMAND_ROWS; k++) {
            if (option_rows[i].commands & COMMAND_BIT(command_rows[k].command))
                return command_rows[k].name;
        }
    }
    return NULL;
}

static enum gaosou_status bad_option(int code, const char *given, const struct command_row *row,
                                     struct gs_err *err)
{
    char letter[3] = {'-', (char)optopt, '\0'}, hint[64] = "";
    bool is_letter = code == '?' && optopt > ' ' && optopt < 127 && strncmp(given, "--", 2) != 0;
    const char *other = code == '?' && !is_letter ? taken_by(given) : NULL;
    if (other)
        snprintf(hint, sizeof(hint), " (it goes with %s)", other);
    return gs_err_set(err, GAOSOU_E_USE, "%s %s%s; see gaosou-index %s --help",
                      code == ':' ? "a value is missing behind" : "unknown option",
                      is_letter ? letter : given, hint, row->name);
}

static enum gaosou_status parse_command(struct gs_index_options *o, const struct command_row *row,
                                        int argc, char **argv, const char *index_env,
                                        struct gs_console *c, struct gs_err *err)
{
    struct option list[OPTION_ROWS + 1];
    list_options(row, list);
    optind = 0; /* glibc: starts anew, tests call this many times */
    opterr = 0;
    for (;;) {
        optopt = 0;
        int code = getopt_long(argc, argv, ":qvh", list, NULL);
        if (code == -1)
            break;
        if (code == OPTION_HELP || code == 'h') {
            fputs(gs_index_help(row->command, c->chinese), c->out);
            return GAOSOU_OK;
        }
        if (code == OPTION_VERSION) {
            fprintf(c->out, "gaosou-index %s\n", gaosou_version());
            return GAOSOU_OK;
        }
        if (code == '?' || code == ':')
            return bad_option(code, argv[optind - 1], row, err);
        enum gaosou_status status = take_option(o, code, optarg, err);
        if (status != GAOSOU_OK)
            return status;
    }
    o->command = row->command;
    if (o->force && !o->prune && !o->where)
        return gs_err_set(err, GAOSOU_E_USE, "--force goes with --prune or --where only");
    if (o->dry_run && !o->where)
        return gs_err_set(err, GAOSOU_E_USE, "--dry-run goes with --where only");
    return take_arguments(o, row, argv + optind, argc - optind, index_env, err);
}

enum gaosou_status gs_index_options_parse(struct gs_index_options *o, int argc, char **argv,
                                          const char *index_env, struct gs_console *c,
                                          struct gs_err *err)
{
    *o = (struct gs_index_options){.memory = GS_MEMORY_DEFAULT, .checkpoint = CHECKPOINT_DEFAULT};
    const char *name = argc > 1 ? argv[1] : "";
    if (argc < 2)
        return gs_err_set(err, GAOSOU_E_USE, "no command is given; see gaosou-index --help");
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
        fputs(gs_index_help(GS_COMMAND_NONE, c->chinese), c->out);
        return GAOSOU_OK;
    }
    if (strcmp(name, "--version") == 0) {
        fprintf(c->out, "gaosou-index %s\n", gaosou_version());
        return GAOSOU_OK;
    }
    for (size_t i = 0; i < COMMAND_ROWS; i++) {
        if (strcmp(command_rows[i].name, name) == 0)
            return parse_command(o, &command_rows[i], argc - 1, argv + 1, index_env, c, err);
    }
    return gs_err_set(err, GAOSOU_E_USE, "'%s' is no command; see gaosou-index --help", name);
}
