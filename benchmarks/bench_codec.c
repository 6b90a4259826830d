/*
 * bench_codec: what the lists of an index cost in bytes and in time, by class.
 *
 *   bench_codec [--repeat N] [--class NAME] INDEX
 *
 * All lists are cut into classes by the number of their filings. Of each class one JSON line comes
 * out: lists, postings, positions, bytes (those in the entries included, but for keys and sizes),
 * and in nanoseconds the best of N (5) rounds over all of its lists, through the cursor that
 * searches use: filings alone a posting, filings and frequencies a posting, positions besides a
 * position; and encoding a posting, from arrays, positions included. One thread.
 */
#include "benchmarks/options.h"
#include "common/segment/list_codec.h"
#include "common/segment/manifest.h"
#include "common/segment/segment_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BATCH_POSITIONS ((size_t)1 << 20) /* encoded between two looks at the clock, about */
#define SINK_CAP        ((size_t)1 << 34)

static const struct class
{
    const char *name;
    uint32_t most; /* filings */
} classes[] = {
    {"1", 1},         {"2-3", 3},      {"4-15", 15},        {"16-127", 127},
    {"128-1K", 1023}, {"1K-8K", 8191}, {"8K-", UINT32_MAX},
};

#define CLASS_COUNT (sizeof(classes) / sizeof(classes[0]))

struct settings {
    const char *index, *class;
    unsigned repeat;
};

struct list {
    const struct gs_segment *segment;
    struct gs_list_ref ref;
};

struct work {
    struct list *lists;
    size_t count, capacity;
    uint64_t bytes, postings, positions;
    uint32_t *docs, *freqs, *values; /* a batch */
    size_t room;
};

static void die(const char *what, const struct gs_err *err)
{
    fprintf(stderr, "bench_codec: %s%s%s\n", what, err ? ": " : "", err ? err->text : "");
    exit(2);
}

static void *grown(void *p, size_t bytes)
{
    p = realloc(p, bytes);
    if (!p)
        die("no memory", NULL);
    return p;
}

static double now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t); /* others may run */
    return 1e9 * (double)t.tv_sec + (double)t.tv_nsec;
}

/* ---- the lists of a class ---- */

static void gather(struct work *w, const struct gs_segment *s, uint32_t least, uint32_t most)
{
    struct gs_term_cursor c;
    struct gs_err err = {0};
    enum gaosou_status status = gs_term_cursor_seek(&c, s, NULL, &err);
    for (; status == GAOSOU_OK && c.valid; status = gs_term_cursor_next(&c, &err)) {
        if (c.ref.df < least || c.ref.df > most)
            continue;
        if (w->count == w->capacity) {
            w->capacity = 2 * w->capacity + 1024;
            w->lists = grown(w->lists, w->capacity * sizeof(*w->lists));
        }
        w->lists[w->count++] = (struct list){s, c.ref};
        w->bytes += c.ref.size + c.ref.positions_size;
        w->postings += c.ref.df;
    }
    if (status != GAOSOU_OK)
        die("cannot read terms", &err);
}

/* ---- decoding ---- */

enum depth { DOCS, FREQS, POSITIONS };

/* Room for the positions of one posting behind the `at` that are there. */
static void reserve(struct work *w, size_t at)
{
    if (at <= w->room)
        return;
    w->room = 2 * at;
    w->docs = grown(w->docs, (w->room + GS_BLOCK) * sizeof(uint32_t));
    w->freqs = grown(w->freqs, (w->room + GS_BLOCK) * sizeof(uint32_t));
    w->values = grown(w->values, (w->room + GS_BLOCK) * sizeof(uint32_t));
}

static double decode(struct work *w, enum depth depth)
{
    static struct gs_list_cursor c;
    uint64_t sum = 0, positions = 0;
    double from = now_ns();
    for (size_t i = 0; i < w->count; i++) {
        gs_list_open(&c, w->lists[i].segment, &w->lists[i].ref);
        for (; c.doc != GS_DOC_END; gs_list_next(&c)) {
            sum += c.doc;
            if (depth == DOCS)
                continue;
            uint32_t freq = gs_list_freq(&c);
            positions += freq;
            if (depth == FREQS)
                continue;
            reserve(w, freq);
            gs_list_positions(&c, w->values);
        }
        if (c.status != GAOSOU_OK)
            die("a list is damaged", NULL);
    }
    double took = now_ns() - from;
    if (depth != DOCS)
        w->positions = positions;
    return sum == UINT64_MAX ? 0 : took; /* the sum has to be made */
}

/* ---- encoding ---- */

struct batch {
    struct gs_list_input inputs[4096];
    size_t at[4096][2]; /* where each list begins in docs and values */
    size_t count, postings, positions;
};

/* Decodes one more list into the batch. */
static void take(struct work *w, struct batch *b, const struct list *l)
{
    static struct gs_list_cursor c;
    struct gs_list_input *in = &b->inputs[b->count];
    b->at[b->count][0] = b->postings;
    b->at[b->count++][1] = b->positions;
    *in = (struct gs_list_input){.df = l->ref.df};
    reserve(w, b->postings + l->ref.df);
    gs_list_open(&c, l->segment, &l->ref);
    for (; c.doc != GS_DOC_END; gs_list_next(&c), b->postings++) {
        uint32_t freq = gs_list_freq(&c);
        reserve(w, b->positions + freq);
        w->docs[b->postings] = c.doc;
        w->freqs[b->postings] = freq;
        b->positions += gs_list_positions(&c, w->values + b->positions);
        in->cf += freq;
    }
}

static double encode_batch(struct work *w, struct batch *b, const struct gs_doc_lengths *lengths,
                           struct gs_list_sinks *sinks)
{
    for (size_t i = 0; i < b->count; i++) { /* only now do the arrays stay where they are */
        b->inputs[i].docs = w->docs + b->at[i][0];
        b->inputs[i].freqs = w->freqs + b->at[i][0];
        b->inputs[i].positions = w->values + b->at[i][1];
        b->inputs[i].lengths = lengths;
    }
    gs_buf_clear(&sinks->payload);
    gs_buf_clear(&sinks->postings);
    gs_buf_clear(&sinks->positions);
    double from = now_ns();
    for (size_t i = 0; i < b->count; i++)
        if (!gs_list_encode(sinks, &b->inputs[i]))
            die("a list cannot be encoded", NULL);
    double took = now_ns() - from;
    b->count = b->postings = b->positions = 0;
    return took;
}

static struct gs_doc_lengths lengths_of(const struct gs_segment *s)
{
    struct gs_err err = {0};
    uint32_t n = gs_segment_get_stats(s)->doc_count;
    uint32_t *of = grown(NULL, ((size_t)n + 1) * sizeof(*of));
    if (gs_column_lengths(s, 0, n, of, &err) != GAOSOU_OK)
        die("cannot read lengths", &err);
    return (struct gs_doc_lengths){of, n};
}

static double encode(struct work *w, struct gs_list_sinks *sinks)
{
    static struct batch b;
    double took = 0;
    const struct gs_segment *s = NULL;
    struct gs_doc_lengths lengths = {0};
    for (size_t i = 0; i < w->count; i++) {
        if (w->lists[i].segment != s) {
            took += encode_batch(w, &b, &lengths, sinks);
            free((void *)(uintptr_t)lengths.of);
            s = w->lists[i].segment;
            lengths = lengths_of(s);
        }
        take(w, &b, &w->lists[i]);
        if (b.count == GS_BLOCK * 32 || b.positions >= BATCH_POSITIONS)
            took += encode_batch(w, &b, &lengths, sinks);
    }
    took += encode_batch(w, &b, &lengths, sinks);
    free((void *)(uintptr_t)lengths.of);
    return took;
}

/* ---- classes ---- */

static void keep_least(double *least, double v)
{
    if (*least == 0 || v < *least)
        *least = v;
}

static void measure(const struct settings *set, const struct gs_snapshot *snapshot, size_t number,
                    struct gs_list_sinks *sinks)
{
    struct work w = {0};
    double docs = 0, freqs = 0, all = 0, encoding = 0;
    for (size_t i = 0; i < snapshot->segment_count; i++)
        gather(&w, snapshot->segments[i].segment, number ? classes[number - 1].most + 1 : 1,
               classes[number].most);
    reserve(&w, GS_BLOCK);
    for (unsigned i = 0; i < set->repeat && w.count > 0; i++) {
        keep_least(&docs, decode(&w, DOCS));
        keep_least(&freqs, decode(&w, FREQS));
        keep_least(&all, decode(&w, POSITIONS));
        keep_least(&encoding, encode(&w, sinks));
    }
    double postings = w.postings ? (double)w.postings : 1,
           positions = w.positions ? (double)w.positions : 1;
    printf("{\"bench\":\"codec\",\"class\":\"%s\",\"lists\":%zu,\"postings\":%llu,"
           "\"positions\":%llu,\"bytes\":%llu,\"docs_ns\":%.2f,\"freqs_ns\":%.2f,"
           "\"positions_ns\":%.2f,\"encode_ns\":%.2f,\"encode_s\":%.4f}\n",
           classes[number].name, w.count, (unsigned long long)w.postings,
           (unsigned long long)w.positions, (unsigned long long)w.bytes, docs / postings,
           freqs / postings, (all - freqs) / positions, encoding / postings, encoding / 1e9);
    fflush(stdout);
    free(w.lists);
    free(w.docs);
    free(w.freqs);
    free(w.values);
}

static const char HELP[] =
    "usage: bench_codec [--repeat N] [--class NAME] INDEX\n"
    "\n"
    "Decodes and encodes the lists of INDEX and prints a JSON line for each class of them.\n"
    "\n"
    "  --repeat N     rounds, of which the best counts: 1 to 1000 (5)\n"
    "  --class NAME   only the lists of so many filings: 1, 2-3, 4-15, 16-127, 128-1K, 1K-8K or\n"
    "                 8K- (all classes; K is 1,024 and the upper end is not in the class)\n"
    "  --help         this text\n";

static void check_class(const char *name)
{
    char all[128] = "";
    for (size_t i = 0; i < CLASS_COUNT; i++) {
        if (strcmp(name, classes[i].name) == 0)
            return;
        strcat(strcat(all, " "), classes[i].name);
    }
    fprintf(stderr, "bench_codec: --class: \"%s\" is none of%s\n", name, all);
    exit(2);
}

static struct settings read_settings(int argc, char **argv)
{
    struct settings set = {.repeat = 5};
    option_help(argc, argv, HELP);
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--repeat") == 0 && i + 1 < argc)
            set.repeat = (unsigned)option_number("--repeat", argv[++i], 1, 1000);
        else if (strcmp(argv[i], "--class") == 0 && i + 1 < argc)
            check_class(set.class = argv[++i]);
        else if (argv[i][0] != '-' && !set.index)
            set.index = argv[i];
        else
            option_usage(HELP, "not understood", argv[i]);
    }
    if (!set.index)
        option_usage(HELP, "an index is needed", NULL);
    return set;
}

int main(int argc, char **argv)
{
    struct settings set = read_settings(argc, argv);
    struct gs_snapshot snapshot;
    struct gs_list_sinks sinks;
    struct gs_err err = {0};
    gs_buf_init(&sinks.payload, SINK_CAP);
    gs_buf_init(&sinks.postings, SINK_CAP);
    gs_buf_init(&sinks.positions, SINK_CAP);
    if (gs_snapshot_open(&snapshot, set.index, &err) != GAOSOU_OK)
        die("cannot open the index", &err);
    for (size_t i = 0; i < CLASS_COUNT; i++)
        if (!set.class || strcmp(set.class, classes[i].name) == 0)
            measure(&set, &snapshot, i, &sinks);
    gs_snapshot_close(&snapshot);
    gs_buf_release(&sinks.payload);
    gs_buf_release(&sinks.postings);
    gs_buf_release(&sinks.positions);
    return 0;
}
