/*
 * gen_statistics: the statistics of filings that gen_corpus imitates, of any corpus, real or made.
 *
 *   gen_statistics [--limit MB] FILE...
 *
 * Files are .txt or .jsonl, plain or .zst, read one after the other. One JSON line whenever the
 * text read has doubled (from 5 MB on) and at the end: filings and their lengths, elements and
 * tokens a KB, distinct bigrams and words with their numbers of filings (df), postings, how the
 * occurrences are spread over the ranks
 * (the share of the 1, 4, 16, ... most frequent), and how much of the text has been seen before
 * (windows of 4 and 8 characters, in a bit set of hashes: a share of 0.001 is false).
 */
#include "benchmarks/options.h"
#include "common/base/checksum.h"
#include "common/text/analysis.h"
#include "tests/support/corpus.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEEN_BITS ((uint64_t)1 << 32)

struct entry {
    uint64_t key; /* 0: empty */
    uint32_t filings, last, occurrences, here;
};

struct counter {
    struct entry *entries;
    uint64_t capacity, used;                  /* capacity: a power of two */
    uint64_t occurrences, postings, repeated; /* repeated: postings with two occurrences or more */
};

struct seen {
    uint8_t *bits;
    uint64_t windows, known;
};

struct statistics {
    struct counter characters, bigrams, words; /* characters: those that begin a bigram, or alone */
    struct seen four, eight;
    uint32_t *lengths; /* text bytes of each filing */
    size_t filings, capacity;
    uint64_t bytes, han, positions, digits, spaces, line_ends;
};

static void *must(void *memory)
{
    if (!memory) {
        fputs("gen_statistics: no memory\n", stderr);
        exit(2);
    }
    return memory;
}

static struct entry *find(struct counter *c, uint64_t key)
{
    uint64_t at = key * UINT64_C(0x9E3779B97F4A7C15) >> 20 & (c->capacity - 1);
    while (c->entries[at].key && c->entries[at].key != key)
        at = (at + 1) & (c->capacity - 1);
    return &c->entries[at];
}

static void grow(struct counter *c)
{
    struct counter old = *c;
    c->capacity = old.capacity ? 2 * old.capacity : 1 << 16;
    c->entries = must(calloc(c->capacity, sizeof(*c->entries)));
    for (uint64_t i = 0; i < old.capacity; i++) {
        if (old.entries[i].key)
            *find(c, old.entries[i].key) = old.entries[i];
    }
    free(old.entries);
}

static void count(struct counter *c, uint64_t key, uint32_t filing)
{
    if (2 * c->used >= c->capacity)
        grow(c);
    struct entry *e = find(c, key);
    c->used += e->key == 0;
    e->key = key;
    if (e->last != filing) {
        e->last = filing;
        e->filings++;
        e->here = 0;
        c->postings++;
    }
    e->here++;
    c->repeated += e->here == 2;
    e->occurrences++;
    c->occurrences++;
}

static void look(struct seen *s, uint64_t window)
{
    uint64_t h = (window ^ window >> 31) * UINT64_C(0x9E3779B97F4A7C15);
    h = (h ^ h >> 29) * UINT64_C(0xBF58476D1CE4E5B9) >> 32 & (SEEN_BITS - 1);
    uint8_t bit = (uint8_t)(1 << (h & 7));
    s->windows++;
    s->known += (s->bits[h >> 3] & bit) != 0;
    s->bits[h >> 3] |= bit;
}

/* Characters of a Han run: windows never span anything else. */
static void look_at_run(struct statistics *t, const struct gs_cut_batch *b, uint32_t *run,
                        uint64_t hash[8])
{
    uint32_t expected = UINT32_MAX;
    for (size_t i = 0; i < b->han_count; i++) {
        uint32_t position = (uint32_t)b->han[i], first = (uint32_t)(b->han[i] >> 48);
        if (position != expected)
            *run = 0;
        expected = position + 1;
        hash[(*run)++ & 7] = first;
        uint64_t h = 0;
        for (uint32_t k = 1; k <= 8 && k <= *run; k++) {
            h = (h + hash[(*run - k) & 7]) * UINT64_C(0x9FB21C651E98DF25);
            h ^= h >> 32;
            if (k == 4)
                look(&t->four, h);
            if (k == 8)
                look(&t->eight, h);
        }
    }
}

static void count_batch(struct statistics *t, const struct gs_cut_batch *b, uint32_t filing)
{
    for (size_t i = 0; i < b->han_count; i++) {
        count(&t->bigrams, b->han[i] >> 32, filing);
        count(&t->characters, b->han[i] >> 48, filing);
    }
    for (size_t i = 0; i < b->word_count; i++) {
        const struct gs_cut_word *w = &b->words[i];
        count(&t->words, gs_hash64(b->word_bytes + w->offset, w->size) | 1, filing);
    }
    uint32_t run = 0;
    uint64_t hash[8] = {0};
    look_at_run(t, b, &run, hash);
}

static void add(struct statistics *t, struct gs_analysis *a, const struct corpus_doc *doc)
{
    struct gs_buf content;
    uint32_t title;
    gs_buf_init(&content, UINT32_MAX);
    gs_content_build(&content, doc->title, doc->title_size, doc->text, doc->text_size, &title);
    if (t->filings == t->capacity) {
        t->capacity = t->capacity ? 2 * t->capacity : 1024;
        t->lengths = must(realloc(t->lengths, t->capacity * sizeof(*t->lengths)));
    }
    t->lengths[t->filings++] = (uint32_t)content.size;
    t->bytes += content.size;
    for (size_t i = 0; i < content.size; i++) {
        t->digits += content.data[i] >= '0' && content.data[i] <= '9';
        t->spaces += content.data[i] == ' ';
        t->line_ends += content.data[i] == '\n';
    }
    bool ok = !gs_analysis_begin(a, content.data, content.size, title, NULL);
    while (ok && a->offset < a->size) {
        ok = !gs_analysis_chunk(a, a->size);
        count_batch(t, &a->batch, (uint32_t)t->filings);
    }
    t->positions += gs_analysis_positions(a);
    t->han += gs_analysis_length(a);
    gs_buf_release(&content);
}

static int by_number(const void *a, const void *b)
{
    uint32_t x, y;
    memcpy(&x, a, sizeof(x));
    memcpy(&y, b, sizeof(y));
    return (x > y) - (x < y);
}

/* The share of all occurrences that the terms of the highest ranks have, and the numbers of terms
 * by their filings. */
static void print_counter(const char *name, const struct counter *c)
{
    uint32_t *sorted = must(malloc((c->used + 1) * sizeof(*sorted)));
    uint64_t n = 0, one = 0, many = 0, top = 0, postings_many = 0;
    for (uint64_t i = 0; i < c->capacity; i++) {
        const struct entry *e = &c->entries[i];
        if (!e->key)
            continue;
        sorted[n++] = e->occurrences;
        one += e->filings == 1;
        many += e->filings >= 128;
        postings_many += e->filings >= 128 ? e->filings : 0;
    }
    qsort(sorted, n, sizeof(*sorted), by_number);
    printf(",\"%s\":{\"distinct\":%llu,\"df1\":%.4f,\"df128\":%.4f,\"postings\":%llu,"
           "\"postings_df128\":%.4f,\"tf\":%.3f,\"repeated\":%.4f,\"head\":[",
           name, (unsigned long long)n, (double)one / (double)n, (double)many / (double)n,
           (unsigned long long)c->postings, (double)postings_many / (double)c->postings,
           (double)c->occurrences / (double)c->postings, (double)c->repeated / (double)c->postings);
    for (uint64_t i = 0, next = 1; i < n; i++) {
        top += sorted[n - 1 - i];
        if (i + 1 == next) {
            printf("%s%.5f", next == 1 ? "" : ",", (double)top / (double)c->occurrences);
            next *= 4;
        }
    }
    printf("]}");
    free(sorted);
}

static void print(struct statistics *t)
{
    uint32_t *l = must(malloc(t->filings * sizeof(*l)));
    memcpy(l, t->lengths, t->filings * sizeof(*l));
    qsort(l, t->filings, sizeof(*l), by_number);
    double kb = (double)t->bytes / 1000;
    printf("{\"mb\":%.1f,\"filings\":%zu,\"bytes_mean\":%.0f,\"bytes\":[", kb / 1000, t->filings,
           (double)t->bytes / (double)t->filings);
    for (int i = 0; i < 5; i++)
        printf("%s%u", i ? "," : "",
               l[(size_t)((double)(t->filings - 1) * (const double[]){.1, .25, .5, .9, .99}[i])]);
    printf("],\"elements_kb\":%.1f,\"breaks_kb\":%.1f,\"digits_kb\":%.1f,\"spaces_kb\":%.1f,"
           "\"line_ends_kb\":%.1f,\"bigrams_kb\":%.1f,\"words_kb\":%.1f,\"postings_kb\":%.1f,"
           "\"seen4\":%.4f,\"seen8\":%.4f",
           (double)t->han / kb, (double)(t->positions - t->han) / kb, (double)t->digits / kb,
           (double)t->spaces / kb, (double)t->line_ends / kb, (double)t->bigrams.occurrences / kb,
           (double)t->words.occurrences / kb,
           (double)(t->bigrams.postings + t->words.postings) / kb,
           (double)t->four.known / (double)t->four.windows,
           (double)t->eight.known / (double)t->eight.windows);
    print_counter("character", &t->characters);
    print_counter("bigram", &t->bigrams);
    print_counter("word", &t->words);
    puts("}");
    fflush(stdout);
    free(l);
}

static bool read_file(struct statistics *t, struct gs_analysis *a, const char *path, uint64_t limit)
{
    static uint64_t next = 5000000;
    struct gs_err err = {0};
    struct corpus *c = corpus_open(path, &err);
    struct corpus_doc doc;
    int r = c ? 1 : -1;
    while (t->bytes < limit && (r = c ? corpus_next(c, &doc, &err) : -1) > 0) {
        add(t, a, &doc);
        if (t->bytes >= next) {
            print(t);
            next *= 2;
        }
    }
    corpus_close(c);
    if (r < 0)
        fprintf(stderr, "gen_statistics: %s\n", err.text);
    return r >= 0;
}

static const char HELP[] =
    "usage: gen_statistics [--limit MB] FILE...\n"
    "\n"
    "Prints the statistics of filings (.txt or .jsonl, plain or .zst) that gen_corpus imitates.\n"
    "\n"
    "  --limit MB   stop behind so many MB of text (all)\n"
    "  --help       this text\n";

int main(int argc, char **argv)
{
    struct statistics t = {0};
    struct gs_analysis a;
    uint64_t limit = UINT64_MAX;
    int i = 1;
    option_help(argc, argv, HELP);
    if (argc > 2 && !strcmp(argv[1], "--limit")) {
        limit = option_number("--limit", argv[2], 1, 1000000) * 1000000;
        i = 3;
    }
    if (i == argc)
        option_usage(HELP, "no file is named", NULL);
    for (int k = i; k < argc; k++)
        option_readable(argv[k], false);
    t.four.bits = must(calloc(SEEN_BITS / 8, 1));
    t.eight.bits = must(calloc(SEEN_BITS / 8, 1));
    bool ok = !gs_analysis_init(&a, false);
    for (; ok && i < argc; i++)
        ok = read_file(&t, &a, argv[i], limit);
    if (ok && t.bytes == 0)
        option_fail(argv[argc - 1], "no filings in it");
    if (ok)
        print(&t);
    gs_analysis_release(&a);
    free(t.characters.entries);
    free(t.bigrams.entries);
    free(t.words.entries);
    free(t.lengths);
    free(t.four.bits);
    free(t.eight.bits);
    return ok ? 0 : 2;
}
