/*
 * gen_relevance: questions with known answers, made of the filings of a corpus, for
 * bench_relevance.
 *
 *   gen_relevance --task TASK --out PREFIX [--number N] [--seed S] FILE...
 *
 * Writes PREFIX.tsv (QUERY_ID TAB TEXT) and PREFIX.qrels (TREC's form): each question is made of
 * one filing drawn at random, which is its only answer. Tasks: title     its title part      a
 * stretch of the title: three fifths of its characters drop      its title without two or three
 * characters in the middle question  one or two clauses of one of its sentences, in any order, some
 * characters left out, figures as 多少, in the words of a question named     such a question behind
 * the first word of the title, without 股份有限公司 The same files and seed give the same
 * questions.
 */
#include "benchmarks/options.h"
#include "common/text/utf8.h"
#include "tests/support/corpus.h"
#include "tests/support/random_source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_MAX   1000000
#define TRIES        200 /* at a question in one filing */
#define TITLE_LEAST  6   /* Han characters of a title that is asked for */
#define CLAUSE_LEAST 5
#define ASKED_LEAST  10 /* Han characters of the clauses together */
#define ASKED_MOST   32 /* characters */

struct settings {
    const char *task, *out;
    size_t number;
    uint64_t seed;
};

/* A text by its characters. */
struct text {
    uint32_t *codes;
    size_t count, capacity;
};

struct generator {
    struct settings set;
    struct random_source random;
    FILE *queries, *qrels;
    struct text title, body, question;
    size_t made;
};

static void add(struct text *t, uint32_t code)
{
    if (t->count == t->capacity) {
        t->capacity = t->capacity * 2 + 1024;
        t->codes = realloc(t->codes, t->capacity * sizeof(*t->codes));
        if (!t->codes)
            option_fail("questions", "no memory");
    }
    t->codes[t->count++] = code;
}

static void add_bytes(struct text *t, const uint8_t *bytes, size_t size)
{
    for (size_t at = 0; at < size;) {
        struct gs_utf8_char c = gs_utf8_decode(bytes + at, size - at);
        add(t, c.code);
        at += c.size ? c.size : 1;
    }
}

static void add_string(struct text *t, const char *s)
{
    add_bytes(t, (const uint8_t *)s, strlen(s));
}

static bool is_han(uint32_t c)
{
    return (c >= 0x4E00 && c < 0xA000) || (c >= 0x3400 && c < 0x4DC0);
}

static bool is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

static size_t count_han(const uint32_t *codes, size_t count)
{
    size_t han = 0;
    for (size_t i = 0; i < count; i++)
        han += is_han(codes[i]);
    return han;
}

/* ---- titles ---- */

static bool make_title(struct generator *g)
{
    size_t n = g->title.count, from = 0, to = n, cut = n, cut_end = n;
    if (count_han(g->title.codes, n) < TITLE_LEAST)
        return false;
    if (strcmp(g->set.task, "part") == 0) {
        size_t size = (n * 3 + 4) / 5;
        from = random_below(&g->random, (uint32_t)(n - size + 1));
        to = from + size;
    } else if (strcmp(g->set.task, "drop") == 0) {
        size_t size = random_between(&g->random, 2, 3);
        cut = 1 + random_below(&g->random, (uint32_t)(n - size - 1));
        cut_end = cut + size;
    }
    for (size_t i = from; i < to; i++)
        if (i < cut || i >= cut_end)
            add(&g->question, g->title.codes[i]);
    return count_han(g->question.codes, g->question.count) + 2 >= TITLE_LEAST;
}

/* ---- questions ---- */

static bool ends_sentence(uint32_t c)
{
    return c == 0x3002 || c == 0xFF1B || c == '\n' || c == '\f' || c == 0xFF01 || c == 0xFF1F;
}

static bool ends_clause(uint32_t c)
{
    return c == 0xFF0C || c == ',' || c == 0xFF1A || c == ':' || ends_sentence(c);
}

/* The stretch of characters around `at` that no sign of that kind stands in. */
static void stretch(const struct text *t, size_t at, bool (*ends)(uint32_t), size_t *from,
                    size_t *to)
{
    for (*from = at; *from > 0 && !ends(t->codes[*from - 1]);)
        --*from;
    for (*to = at; *to < t->count && !ends(t->codes[*to]);)
        ++*to;
}

/* A clause as asked: figures as 多少, and once in two some characters of it left out. */
static void add_clause(struct generator *g, size_t from, size_t to)
{
    size_t cut = to, cut_end = to;
    if (to - from > 8 && random_once_in(&g->random, 2)) {
        size_t size = random_between(&g->random, 2, 4);
        cut = from + 2 + random_below(&g->random, (uint32_t)(to - from - size - 3));
        cut_end = cut + size;
    }
    for (size_t i = from; i < to; i++) {
        uint32_t c = g->body.codes[i];
        if (i >= cut && i < cut_end)
            continue;
        if (!is_digit(c) && c != '.' && c != '%')
            add(&g->question, c);
        else if (is_digit(c) && (i == from || !is_digit(g->body.codes[i - 1])) && i > 0 &&
                 g->body.codes[i - 1] != '.')
            add_string(&g->question, "多少");
    }
}

static const char *const FRONTS[] = {"请问", "", "", "", "为什么", "请介绍一下", "关于", "什么是"};
static const char *const ENDS[] = {
    "是什么？", "有哪些？", "是多少？", "的情况是怎样的？", "的原因是？",    "如何？",
    "？",       "吗？",     "是谁？",   "分别包括哪些？",   "是怎么说明的？"};

/* Question of a sentence around a place; false where it is no good. */
static bool ask_at(struct generator *g, size_t at)
{
    size_t from, to, first, first_end, second, second_end;
    stretch(&g->body, at, ends_sentence, &from, &to);
    stretch(&g->body, at, ends_clause, &first, &first_end);
    if (to - from < ASKED_LEAST ||
        count_han(g->body.codes + from, to - from) * 10 < (to - from) * 7)
        return false;
    second = second_end = first_end;
    if (first_end + 1 < to)
        stretch(&g->body, first_end + 1, ends_clause, &second, &second_end);
    if (second_end - second < CLAUSE_LEAST || first_end - first > ASKED_MOST / 2)
        second_end = second;
    size_t size = first_end - first + second_end - second;
    if (first_end - first < CLAUSE_LEAST || size > ASKED_MOST ||
        count_han(g->body.codes + first, first_end - first) +
                count_han(g->body.codes + second, second_end - second) <
            ASKED_LEAST)
        return false;
    add_string(&g->question, RANDOM_OF(&g->random, FRONTS));
    bool turned = random_once_in(&g->random, 2);
    add_clause(g, turned ? second : first, turned ? second_end : first_end);
    add_clause(g, turned ? first : second, turned ? first_end : second_end);
    add_string(&g->question, RANDOM_OF(&g->random, ENDS));
    return true;
}

/* The first word of the title, without what all companies are called. */
static bool add_name(struct generator *g)
{
    size_t n = 0;
    const struct text *t = &g->title;
    while (n < t->count && t->codes[n] != ' ' && t->codes[n] != 0x3000)
        n++;
    struct text common = {0};
    add_string(&common, "股份有限公司");
    if (n > common.count && memcmp(t->codes + n - common.count, common.codes,
                                   common.count * sizeof(*common.codes)) == 0)
        n -= common.count;
    free(common.codes);
    for (size_t i = 0; i < n; i++)
        add(&g->question, t->codes[i]);
    return n > 1;
}

static bool make_question(struct generator *g)
{
    bool named = strcmp(g->set.task, "named") == 0;
    for (int i = 0; i < TRIES && g->body.count > ASKED_LEAST; i++) {
        g->question.count = 0;
        if (named && !add_name(g))
            return false;
        if (ask_at(g, random_below(&g->random, (uint32_t)g->body.count)))
            return true;
    }
    return false;
}

/* ---- output ---- */

static void write_question(struct generator *g, const char *filing)
{
    fprintf(g->queries, "%s-%zu\t", g->set.task, g->made);
    for (size_t i = 0; i < g->question.count; i++) {
        uint8_t bytes[4];
        uint32_t c = g->question.codes[i];
        fwrite(bytes, 1, gs_utf8_encode(bytes, c < ' ' ? ' ' : c), g->queries);
    }
    fputc('\n', g->queries);
    fprintf(g->qrels, "%s-%zu 0 %s 1\n", g->set.task, g->made, filing);
    g->made++;
}

static void ask(struct generator *g, const struct corpus_doc *doc)
{
    bool title = strcmp(g->set.task, "question") != 0 && strcmp(g->set.task, "named") != 0;
    g->title.count = g->body.count = g->question.count = 0;
    if (strpbrk(doc->id, " \t"))
        return; /* TREC's lines have no room for it */
    add_bytes(&g->title, doc->title, doc->title_size);
    if (!title)
        add_bytes(&g->body, doc->text, doc->text_size);
    if (title ? make_title(g) : make_question(g))
        write_question(g, doc->id);
}

static size_t count_filings(char **files, int count)
{
    struct gs_err err = {0};
    struct corpus_doc doc;
    size_t filings = 0;
    for (int i = 0; i < count; i++) {
        struct corpus *c = corpus_open(files[i], &err);
        int got = c ? corpus_next(c, &doc, &err) : -1;
        for (; got > 0; got = corpus_next(c, &doc, &err))
            filings++;
        if (got < 0)
            option_fail(files[i], err.text);
        corpus_close(c);
    }
    return filings;
}

static int compare_numbers(const void *a, const void *b)
{
    const size_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* Draws which filings are asked about, with repeats, and asks as they come by. */
static void ask_all(struct generator *g, char **files, int count)
{
    size_t filings = count_filings(files, count), at = 0, next = 0;
    size_t *drawn = malloc((g->set.number + 1) * sizeof(*drawn));
    if (!drawn || filings == 0)
        option_fail("questions", filings ? "no memory" : "no filings");
    for (size_t i = 0; i < g->set.number; i++)
        drawn[i] = random_below(&g->random, (uint32_t)filings);
    qsort(drawn, g->set.number, sizeof(*drawn), compare_numbers);
    for (int i = 0; i < count; i++) {
        struct gs_err err = {0};
        struct corpus_doc doc;
        struct corpus *c = corpus_open(files[i], &err);
        int got = c ? corpus_next(c, &doc, &err) : -1;
        for (; got > 0; got = corpus_next(c, &doc, &err), at++)
            for (; next < g->set.number && drawn[next] == at; next++)
                ask(g, &doc);
        if (got < 0)
            option_fail(files[i], err.text);
        corpus_close(c);
    }
    free(drawn);
}

/* ---- options ---- */

static const char HELP[] =
    "usage: gen_relevance --task TASK --out PREFIX [--number N] [--seed S] FILE...\n"
    "\n"
    "Writes questions about filings of FILE (.jsonl, .jsonl.zst, .txt) and which filing answers\n"
    "each, as PREFIX.tsv and PREFIX.qrels.\n"
    "\n"
    "  --task TASK    title part drop question named (benchmarks/README.md)\n"
    "  --number N     questions (1000); fewer where filings have nothing to ask for\n"
    "  --seed S       which (1)\n"
    "  --help         this text\n";

static FILE *create(const char *prefix, const char *suffix)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s.%s", prefix, suffix);
    FILE *f = fopen(path, "w");
    if (!f)
        option_fail(path, "cannot be written");
    return f;
}

static void check_task(const char *task)
{
    static const char *const TASKS[] = {"title", "part", "drop", "question", "named"};
    for (size_t i = 0; task && i < sizeof(TASKS) / sizeof(TASKS[0]); i++)
        if (strcmp(task, TASKS[i]) == 0)
            return;
    option_usage(HELP, "--task wants title part drop question or named", task);
}

int main(int argc, char **argv)
{
    struct generator g = {.set = {.number = 1000, .seed = 1}};
    int i = 1;
    option_help(argc, argv, HELP);
    for (; i + 1 < argc && argv[i][0] == '-'; i += 2) {
        if (strcmp(argv[i], "--task") == 0)
            g.set.task = argv[i + 1];
        else if (strcmp(argv[i], "--out") == 0)
            g.set.out = argv[i + 1];
        else if (strcmp(argv[i], "--number") == 0)
            g.set.number = option_number(argv[i], argv[i + 1], 1, NUMBER_MAX);
        else if (strcmp(argv[i], "--seed") == 0)
            g.set.seed = option_number(argv[i], argv[i + 1], 0, UINT64_MAX);
        else
            option_usage(HELP, "unknown option", argv[i]);
    }
    check_task(g.set.task);
    if (!g.set.out || i >= argc)
        option_usage(HELP, "--out and a FILE are needed", NULL);
    g.random.state = g.set.seed;
    g.queries = create(g.set.out, "tsv");
    g.qrels = create(g.set.out, "qrels");
    ask_all(&g, argv + i, argc - i);
    if (fclose(g.queries) | fclose(g.qrels))
        option_fail(g.set.out, "cannot be written");
    free(g.title.codes);
    free(g.body.codes);
    free(g.question.codes);
    return 0;
}
