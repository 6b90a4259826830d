/*
 * gen_corpus: writes invented filings as JSON lines on standard output, any number of them.
 *
 *   gen_corpus --filings N | --bytes N[k|m|g]
 *              [--style news|pages] [--mean BYTES] [--first N] [--seed N]
 *
 * Filing n of a seed and style is the same bytes on every machine and in every run (--first N
 * begins behind N - 1 of them), so that a large corpus begins with the small ones. --bytes ends
 * with the filing that reaches it.
 *
 * The text imitates the statistics of real news and prospectus pages, not their words (invented.h);
 * README.md has the comparison. A filing is clauses of words. A word comes from
 *
 *   a passage   the whole sentence is one of a stock of sentences (boilerplate, reprints);
 *   the filing  a few words that it has already used are repeated (burstiness: tf, phrases);
 *   the word before   one of its successors, few of them frequent (collocations);
 *   a topic     one of the words of the filing's trade or company, of which ever new ones come up;
 *   all words   by rank.
 *
 * Every choice is a draw of a rank from a distribution of its own, then a hash of (what it
 * depends on, rank) is the draw of the word.
 */
#include "benchmarks/invented.h"
#include "benchmarks/options.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILING_CAP ((size_t)4 << 20)
#define SLACK      4096 /* longer than any sentence without a check */
#define FIGURES    8    /* figures likewise */
#define RECENT     1024 /* words of a filing that are remembered; a power of two */

/* Shares out of 256 unless something else is said. */
struct style {
    const char *name;
    uint32_t mean, spread; /* bytes of a filing; standard deviation of the logarithm, of 256 */
    uint32_t passage;      /* sentences that are stock */
    uint32_t repeat, successor, topic; /* where a word comes from; else all words */
    uint32_t repeat_on;                /* a repetition goes on with the next word */
    uint32_t figure, latin;            /* a clause holds one */
    uint32_t figure_again;             /* a figure is one that the filing has already */
    uint32_t most_words;               /* of a clause at most; short ones are more frequent */
    uint32_t space;                    /* a clause ends in a space */
    uint32_t line;                     /* characters of a line; 0: text is one line */
    uint32_t table;                    /* sentences followed by rows of figures, of 4096 */
    struct invented_shares words;
};

static const struct style styles[] = {
    {.name = "news",
     .mean = 1920,
     .spread = 64,
     .passage = 76,
     .repeat = 82,
     .successor = 104,
     .topic = 40,
     .repeat_on = 120,
     .figure = 56,
     .latin = 14,
     .figure_again = 84,
     .most_words = 17,
     .space = 60,
     .words = {.octave = {70, 75, 110, 134, 205, 266, 286, 327, 398, 470, 439, 389, 318, 216, 124,
                          65, 40, 25},
               .octaves = 18,
               .tail = 6}},
    {.name = "pages",
     .mean = 1960,
     .spread = 90,
     .passage = 124,
     .repeat = 124,
     .successor = 96,
     .topic = 36,
     .repeat_on = 150,
     .figure = 76,
     .latin = 6,
     .figure_again = 120,
     .most_words = 21,
     .line = 110,
     .table = 190,
     .words = {.octave = {90, 100, 180, 240, 330, 410, 460, 500, 490, 460, 350, 220, 120, 55, 30,
                          20, 10, 8},
               .octaves = 18,
               .tail = 6}},
};

static const struct invented_shares
    successor_shares = {.octave = {900, 800, 700, 600, 400, 250, 150, 100},
                        .octaves = 8,
                        .tail = 6},
    topic_shares = {.octave = {200, 300, 400, 600, 800, 800, 500, 300}, .octaves = 8, .tail = 8},
    trade_shares = {.octave = {200, 300, 400, 600, 800, 800, 600, 300}, .octaves = 8, .tail = 8},
    company_shares = {.octave = {20, 40, 80, 120, 160, 200, 300, 400, 500, 600, 600, 400},
                      .octaves = 12,
                      .tail = 4},
    passage_shares = {.octave = {60, 60, 60, 80, 100, 120, 150, 180, 220, 260, 300, 340, 340, 340,
                                 340, 300},
                      .octaves = 16,
                      .tail = 4},
    latin_shares = {.octave = {220, 200, 250, 300, 350, 400, 430, 430, 400, 320, 280},
                    .octaves = 11,
                    .tail = 4};

struct source { /* what the words of a sentence are drawn with */
    uint64_t state;
    uint64_t before;   /* the last word */
    uint64_t topic[2]; /* trade, company */
    uint32_t copy;     /* where in recent[] the repetition goes on; UINT32_MAX: none */
};

struct generator {
    const struct style *style;
    struct invented_words words;
    struct invented_ranks rank, successor, topic, trade, company, passage, latin;
    struct source s;
    uint64_t recent[RECENT];
    uint32_t used;            /* words of this filing so far */
    uint64_t figure[FIGURES]; /* the draws behind the last ones */
    uint32_t figures;
    char *out;
    size_t size;
    uint32_t line; /* characters on the current line */
    uint32_t page;
};

static inline uint64_t draw(struct source *s)
{
    s->state += UINT64_C(0x9E3779B97F4A7C15);
    return invented_mix(s->state);
}

/* Uniform in [0, n). */
static inline uint32_t below(struct source *s, uint32_t n)
{
    return (uint32_t)((draw(s) >> 32) * n >> 32);
}

static inline void put(struct generator *g, const char *bytes, size_t size)
{
    memcpy(g->out + g->size, bytes, size);
    g->size += size;
}
#define PUT(g, literal) put(g, literal, sizeof(literal) - 1)

/* Lines of style.line characters; now and then a page footer behind one. */
static void line_break(struct generator *g)
{
    g->line = 0;
    PUT(g, "\\n");
    if (below(&g->s, 40) == 0)
        g->size += (size_t)sprintf(g->out + g->size, "1-1-%" PRIu32 "\\n", ++g->page);
}

static uint64_t choose_word(struct generator *g, struct source *s)
{
    const struct style *st = g->style;
    uint64_t bits = draw(s);
    uint32_t u = bits >> 12 & 255; /* ranks are drawn with the lowest 12 and the highest bits */
    if (s->copy != UINT32_MAX && (bits >> 20 & 255) < st->repeat_on && s->copy < g->used)
        return g->recent[s->copy++ & (RECENT - 1)];
    s->copy = UINT32_MAX;
    if (u < st->repeat && g->used > 8) {
        uint32_t reach = g->used < RECENT ? g->used : RECENT;
        s->copy = g->used - reach + (uint32_t)((bits & 0xFFFF) * reach >> 16);
        return g->recent[s->copy++ & (RECENT - 1)];
    }
    u -= st->repeat;
    if (u < st->successor) {
        uint64_t k = invented_rank(&g->successor, bits);
        return invented_rank(&g->rank, invented_mix(s->before * 0x9FB21C651E98DF25u + k));
    }
    u -= st->successor;
    if (u < st->topic) {
        uint64_t k = invented_rank(&g->topic, bits), t = s->topic[u & 1];
        if (k == 1 && (u & 1))
            return INVENTED_NAMES + t;
        return invented_rank(&g->rank, invented_mix(t * 0xD6E8FEB86659FD93u + k));
    }
    return invented_rank(&g->rank, bits);
}

static void put_word(struct generator *g, struct source *s)
{
    uint64_t word = choose_word(g, s);
    s->before = word;
    if (s == &g->s)
        g->recent[g->used++ & (RECENT - 1)] = word;
    size_t size = invented_word(&g->words, word, g->out + g->size);
    g->size += size;
    g->line += (uint32_t)size / 3;
    if (g->style->line && g->line >= g->style->line)
        line_break(g);
}

static void put_number(struct generator *g, uint32_t n)
{
    char digits[12];
    unsigned at = sizeof(digits);
    do
        digits[--at] = (char)('0' + n % 10);
    while (n /= 10);
    put(g, digits + at, sizeof(digits) - at);
}

static void put_two(struct generator *g, uint32_t n)
{
    char digits[2] = {(char)('0' + n / 10 % 10), (char)('0' + n % 10)};
    put(g, digits, 2);
}

/* Some figures come again in the same filing. */
static uint64_t choose_figure(struct generator *g, struct source *s)
{
    uint64_t bits = draw(s);
    if (s != &g->s)
        return bits;
    if ((bits & 255) < g->style->figure_again && g->figures)
        return g->figure[(bits >> 8) % (g->figures < FIGURES ? g->figures : FIGURES)];
    return g->figure[g->figures++ % FIGURES] = draw(s);
}

/* 1,234,567.89 as tables have it; the same bits give the same one. */
static void put_amount(struct generator *g, uint64_t bits)
{
    struct source f = {.state = bits}, *s = &f;
    uint32_t n = below(s, 1u << (8 + below(s, 22)));
    if (n >= 1000000) {
        put_number(g, n / 1000000);
        g->size += (size_t)sprintf(g->out + g->size, ",%03u,%03u", n / 1000 % 1000, n % 1000);
    } else if (n >= 1000) {
        put_number(g, n / 1000);
        g->size += (size_t)sprintf(g->out + g->size, ",%03u", n % 1000);
    } else {
        put_number(g, n);
    }
    PUT(g, ".");
    put_two(g, below(s, 100));
}

static void put_figure(struct generator *g, struct source *s)
{
    uint64_t bits = choose_figure(g, s);
    uint32_t low = (uint32_t)bits & 0xFFFF, high = (uint32_t)(bits >> 16) & 0xFFFF;
    switch (bits >> 60) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4: /* a month and a day */
        put_number(g, 1 + low % 12);
        PUT(g, "月");
        put_number(g, 1 + high % 28);
        PUT(g, "日");
        break;
    case 5:
    case 6: /* mostly the latest years */
        PUT(g, "20");
        put_two(g, 25 - (low % 16) * (high % 16) / 16);
        PUT(g, "年");
        break;
    case 7:
    case 8:
    case 9:
        put_number(g, low % 100);
        PUT(g, ".");
        put_two(g, high % 100);
        if (bits >> 40 & 1)
            PUT(g, "%");
        break;
    case 10:
    case 11:
    case 12:
    case 13:
        put_number(g, low % (2u << high % 10));
        break;
    case 14:
        put_number(g, low % 1000);
        PUT(g, ".");
        put_number(g, high % 10);
        PUT(g, "万");
        break;
    default: /* a stock's code, seldom an amount */
        if (low & 3) {
            PUT(g, "6");
            put_number(g, 10000 + high % 4000);
        } else {
            put_amount(g, bits);
        }
    }
    g->line += 3;
}

static void put_clause(struct generator *g, struct source *s)
{
    const struct style *st = g->style;
    uint64_t bits = draw(s);
    uint32_t words = 1 + (uint32_t)((bits & 0xFF) * (bits >> 48 & 0xFF) * st->most_words >> 16);
    uint32_t figure = (bits >> 8 & 255) < st->figure ? (uint32_t)(bits >> 16 & 255) % words : words;
    for (uint32_t i = 0; i < words; i++) {
        if (i == figure)
            put_figure(g, s);
        put_word(g, s);
    }
    if ((bits >> 24 & 255) < st->latin)
        g->size += invented_latin(invented_rank(&g->latin, draw(s)), g->out + g->size);
    if ((bits >> 32 & 255) < st->space)
        PUT(g, " ");
}

static void put_sentence(struct generator *g, struct source *s)
{
    uint64_t bits = draw(s);
    uint32_t clauses = 1 + (uint32_t)(bits & 3) + (uint32_t)(bits >> 2 & 1);
    for (uint32_t i = 0; i < clauses; i++) {
        uint32_t u = bits >> (8 + 8 * i) & 255;
        if (u < 12)
            PUT(g, "“");
        put_clause(g, s);
        if (u < 12)
            PUT(g, "”");
        else if (i + 1 < clauses && u < 76)
            PUT(g, "、");
        else if (i + 1 < clauses && u < 96)
            PUT(g, "：");
        else if (i + 1 < clauses)
            PUT(g, "，");
    }
    PUT(g, "。");
    g->line += clauses;
}

/* Sentence k of the stock: its own draws, and nothing of this filing. */
static void put_passage(struct generator *g, uint64_t k)
{
    struct source s = {.state = invented_mix(k * UINT64_C(0xA24BAED4963EE407)),
                       .topic = {invented_mix(k) % 64, invented_mix(k) % 4096},
                       .copy = UINT32_MAX};
    uint32_t used = g->used;
    g->used = 0; /* nothing to repeat */
    put_sentence(g, &s);
    g->used = used;
}

static void put_table(struct generator *g)
{
    uint32_t rows = 2 + below(&g->s, 8);
    PUT(g, "\\n");
    for (uint32_t i = 0; i < rows; i++) {
        g->line = 0;
        put_word(g, &g->s);
        put_word(g, &g->s);
        for (uint32_t c = 0; c < 3; c++) {
            PUT(g, " ");
            put_amount(g, choose_figure(g, &g->s));
        }
        PUT(g, "\\n");
    }
    g->line = 0;
}

/* Bytes of text: mean times a factor whose logarithm is the sum of uniform draws, about normal; the
 * factor is made of squarings, in integers of 1/65536. */
static size_t text_target(struct generator *g)
{
    const struct style *st = g->style;
    int64_t sum = 0;
    for (int i = 0; i < 12; i++)
        sum += below(&g->s, 65536);
    sum -= 6 * 65536;                          /* standard deviation 65536 */
    int64_t x = sum * st->spread / 256;        /* the logarithm */
    x -= (int64_t)st->spread * st->spread / 2; /* so that the mean is the mean: -s^2/2, of 65536 */
    int64_t f = 65536 + x / 16;                /* (1 + x/16)^16 */
    f = f < 8192 ? 8192 : f;
    for (int i = 0; i < 4; i++)
        f = f * f >> 16;
    size_t target = (size_t)(st->mean * (uint64_t)f >> 16);
    return target < 40 ? 40 : target > FILING_CAP / 2 ? FILING_CAP / 2 : target;
}

static void begin_filing(struct generator *g, uint64_t seed, uint64_t number)
{
    uint64_t state = invented_mix(invented_mix(seed) ^ invented_mix(number));
    g->s = (struct source){.state = state, .copy = UINT32_MAX};
    g->s.topic[0] = invented_rank(&g->trade, draw(&g->s));
    g->s.topic[1] = 1000 + invented_rank(&g->company, draw(&g->s));
    g->used = g->figures = g->page = g->line = 0;
    g->size =
        (size_t)sprintf(g->out, "{\"id\":\"%s-%" PRIu64 "-%" PRIu64 "\",\"code\":\"%06u\"",
                        g->style->name, seed, number, 600000 + (unsigned)(g->s.topic[1] % 100000));
    if (below(&g->s, 50) != 0) { /* of some the date is not known */
        PUT(g, ",\"date\":\"");
        put_number(g, 2015 + below(&g->s, 10));
        PUT(g, "-");
        put_two(g, 1 + below(&g->s, 12));
        PUT(g, "-");
        put_two(g, 1 + below(&g->s, 28));
        PUT(g, "\"");
    }
    PUT(g, ",\"title\":\"");
}

static void write_text(struct generator *g)
{
    size_t target = text_target(g);
    for (int i = 0; i < 5; i++)
        put_word(g, &g->s);
    PUT(g, "公告\",\"text\":\"");
    g->line = 0;
    size_t end = g->size + target;
    while (g->size < end) {
        uint64_t bits = draw(&g->s);
        if ((bits & 255) < g->style->passage)
            put_passage(g, invented_rank(&g->passage, draw(&g->s)));
        else
            put_sentence(g, &g->s);
        if (g->style->line && (bits >> 8 & 4095) < g->style->table)
            put_table(g);
        else if (g->style->line && (bits >> 20 & 3) == 0)
            line_break(g);
    }
    PUT(g, "\"}\n");
}

static const char HELP[] =
    "usage: gen_corpus --filings N | --bytes N[k|m|g] [--style news|pages] [--mean BYTES]\n"
    "           [--first N] [--seed N]\n"
    "\n"
    "Writes invented filings as JSON lines on standard output, the same bytes for the same seed.\n"
    "\n"
    "  --filings N          so many\n"
    "  --bytes N[k|m|g]     up to the filing that reaches so many bytes (k: 1,024; m, g likewise)\n"
    "  --style news|pages   what their text is like (news)\n"
    "  --mean BYTES         mean size of a filing's text (that of the style)\n"
    "  --first N            begin with filing N (1)\n"
    "  --seed N             other filings (1)\n"
    "  --help               this text\n";

/* False for what is no number, or a number beyond 64 bits. */
static bool size_argument(const char *s, uint64_t *n)
{
    char *end;
    errno = 0;
    *n = strtoull(s, &end, 10);
    unsigned shift = *end == 'k' ? 10 : *end == 'm' ? 20 : *end == 'g' ? 30 : 0;
    bool good =
        *s >= '0' && *s <= '9' && errno == 0 && !end[shift > 0] && *n <= UINT64_MAX >> shift;
    *n <<= shift;
    return good;
}

struct request {
    uint64_t bytes, filings, first, seed;
    struct style style;
};

static bool read_arguments(struct request *r, int argc, char **argv)
{
    *r = (struct request){.first = 1, .seed = 1, .style = styles[0]};
    uint64_t mean = 0;
    for (int i = 1; i + 1 < argc; i += 2) {
        const char *name = argv[i], *value = argv[i + 1];
        uint64_t *number = !strcmp(name, "--bytes")     ? &r->bytes
                           : !strcmp(name, "--filings") ? &r->filings
                           : !strcmp(name, "--mean")    ? &mean
                           : !strcmp(name, "--first")   ? &r->first
                           : !strcmp(name, "--seed")    ? &r->seed
                                                        : NULL;
        if (number && size_argument(value, number))
            continue;
        if (!number && !strcmp(name, "--style") && !strcmp(value, styles[0].name))
            r->style = styles[0];
        else if (!number && !strcmp(name, "--style") && !strcmp(value, styles[1].name))
            r->style = styles[1];
        else
            return false;
    }
    if (mean)
        r->style.mean = mean < FILING_CAP / 4 ? (uint32_t)mean : (uint32_t)FILING_CAP / 4;
    return argc % 2 == 1 && (r->bytes || r->filings);
}

static bool write_filings(struct generator *g, const struct request *r)
{
    uint64_t written = 0;
    for (uint64_t n = 0; (!r->filings || n < r->filings) && (!r->bytes || written < r->bytes);
         n++) {
        begin_filing(g, r->seed, r->first + n);
        write_text(g);
        if (fwrite(g->out, 1, g->size, stdout) != g->size)
            return false;
        written += g->size;
    }
    return fflush(stdout) == 0;
}

int main(int argc, char **argv)
{
    struct request r;
    option_help(argc, argv, HELP);
    if (!read_arguments(&r, argc, argv))
        option_usage(HELP, "an unknown option or value, or neither --filings nor --bytes", NULL);
    struct generator *g = calloc(1, sizeof(*g));
    if (!g || !(g->out = malloc(FILING_CAP + SLACK)) || !invented_words_init(&g->words)) {
        fputs("gen_corpus: no memory, or iconv knows no GB2312\n", stderr);
        return 2;
    }
    g->style = &r.style;
    invented_ranks_init(&g->rank, &r.style.words);
    invented_ranks_init(&g->successor, &successor_shares);
    invented_ranks_init(&g->topic, &topic_shares);
    invented_ranks_init(&g->trade, &trade_shares);
    invented_ranks_init(&g->company, &company_shares);
    invented_ranks_init(&g->passage, &passage_shares);
    invented_ranks_init(&g->latin, &latin_shares);
    bool ok = write_filings(g, &r);
    if (!ok)
        fprintf(stderr, "gen_corpus: cannot write: %s\n", strerror(errno));
    free(g->out);
    free(g);
    return ok ? 0 : 2;
}
