/*
 * gen_corpus: writes invented filings of any total size as JSON lines on standard output.
 *
 *   gen_corpus [--bytes N[k|m|g]] [--docs N] [--mean N] [--seed N]
 *
 * The same seed gives the same bytes on every machine. Words are not stored: the word of rank r is
 * a function of r, ranks follow Zipf's law as Mandelbrot shifted it (rank = 30 ((1 + V/30)^u - 1)
 * for uniform u), and V grows with the running length as Heaps' law has it (V = 40 n^0.6), so that
 * the vocabulary of a 10 GB corpus is larger than that of a 100 MB one, as in real filings. Filing
 * lengths are log-normal. Around the words: figures in both spellings, dates, product codes,
 * sentence marks, line ends inside words, table rows, page footers.
 */
#include <errno.h>
#include <iconv.h>
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHARS_MAX  4096
#define FILING_CAP ((size_t)8 << 20)

/* The most frequent characters of such texts first; GB 2312 level 1 follows. */
static const char common_chars[] =
    "公司的年有限产业务资金报告期股份发行人项目电技术市场经营收入中国用为及在一不开研和证券投成本合"
    "同"
    "上会计月元万系统生关于其他以对高新大比理费变动客户应款存货准备净利润日管定现行主要下是部分时间"
    "情况第面重因来企情信息数据能个服务经济增长总额质量子制度交易价格账风险控支付担保构";

struct generator {
    uint64_t state;           /* splitmix64 */
    char chars[CHARS_MAX][4]; /* UTF-8, NUL-ended */
    uint32_t char_count;
    double words; /* words written so far */
    char *out;    /* the filing being written */
    size_t size;
    size_t line; /* characters on the current line */
    uint32_t page;
};

static uint64_t mix(uint64_t x)
{
    x += UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
    return x ^ (x >> 31);
}

static uint64_t next(struct generator *g)
{
    g->state += UINT64_C(0x9E3779B97F4A7C15);
    return mix(g->state);
}

static double uniform(struct generator *g)
{
    return ((double)(next(g) >> 11) + 0.5) * (1.0 / 9007199254740992.0);
}

static uint32_t below(struct generator *g, uint32_t n)
{
    return (uint32_t)(next(g) % n);
}

static void chars_append(struct generator *g, const char *utf8, size_t size)
{
    for (uint32_t i = 0; i < g->char_count; i++) {
        if (memcmp(g->chars[i], utf8, size) == 0)
            return;
    }
    if (g->char_count == CHARS_MAX)
        return;
    memcpy(g->chars[g->char_count], utf8, size);
    g->chars[g->char_count++][size] = '\0';
}

static bool chars_fill(struct generator *g)
{
    for (const char *p = common_chars; *p; p += 3)
        chars_append(g, p, 3);
    iconv_t cd = iconv_open("UTF-8", "GB2312");
    if (cd == (iconv_t)-1)
        return false;
    for (unsigned high = 0xB0; high <= 0xD7; high++) {
        for (unsigned low = 0xA1; low <= 0xFE; low++) {
            char in[2] = {(char)high, (char)low}, out[8];
            char *ip = in, *op = out;
            size_t il = sizeof(in), ol = sizeof(out);
            if (iconv(cd, &ip, &il, &op, &ol) != (size_t)-1 && op - out == 3)
                chars_append(g, out, 3);
        }
    }
    iconv_close(cd);
    return true;
}

static void put(struct generator *g, const char *s)
{
    size_t n = strlen(s);
    if (g->size + n < FILING_CAP) {
        memcpy(g->out + g->size, s, n);
        g->size += n;
    }
}

/* Lines are about 38 characters wide, wherever a word then stands; now and then a blank line or a
 * page footer follows. */
static void put_char(struct generator *g, const char *s)
{
    put(g, s);
    if (++g->line < 38)
        return;
    g->line = 0;
    put(g, "\\n");
    uint32_t r = below(g, 400);
    if (r < 6) {
        put(g, "\\n");
    } else if (r < 16) {
        char footer[48];
        snprintf(footer, sizeof(footer), "1-1-%" PRIu32 "\\n", ++g->page);
        put(g, footer);
    }
}

static void put_word(struct generator *g)
{
    double vocabulary = 500 + 40 * pow(g->words + 1, 0.6);
    uint64_t h = mix((uint64_t)(30 * (pow(1 + vocabulary / 30, uniform(g)) - 1)) *
                     UINT64_C(0x2545F4914F6CDD1D));
    uint32_t length = h % 100 < 66 ? 2 : h % 100 < 82 ? 3 : h % 100 < 97 ? 4 : 1;
    for (uint32_t i = 0; i < length; i++) {
        h = mix(h);
        double u = (double)(h >> 11) * (1.0 / 9007199254740992.0);
        uint32_t rank = (uint32_t)(pow((double)g->char_count, u * u * 0.15 + u * 0.85)) - 1;
        put_char(g, g->chars[rank < g->char_count ? rank : 0]);
    }
    g->words++;
}

static void put_figure(struct generator *g)
{
    char s[64];
    uint32_t whole = below(g, 10) < 5 ? below(g, 1000) : below(g, 100000000);
    switch (below(g, 6)) {
    case 0:
        snprintf(s, sizeof(s), "%" PRIu32 ".%02" PRIu32 "%%", whole % 100, below(g, 100));
        break;
    case 1:
        snprintf(s, sizeof(s), "%" PRIu32 ".%02" PRIu32, whole, below(g, 100));
        break;
    case 2:
        snprintf(s, sizeof(s), "20%02" PRIu32 "年%" PRIu32 "月%" PRIu32 "日", 10 + below(g, 16),
                 1 + below(g, 12), 1 + below(g, 28));
        break;
    case 3:
        snprintf(s, sizeof(s), "20%02" PRIu32 " 年度", 10 + below(g, 16));
        break;
    case 4:
        snprintf(s, sizeof(s), "%c%c%" PRIu32, 'A' + (int)below(g, 26), 'A' + (int)below(g, 26),
                 below(g, 10000));
        break;
    default:
        if (whole >= 1000000)
            snprintf(s, sizeof(s), "%" PRIu32 ",%03" PRIu32 ",%03" PRIu32 ".%02" PRIu32,
                     whole / 1000000, whole / 1000 % 1000, whole % 1000, below(g, 100));
        else
            snprintf(s, sizeof(s), "%" PRIu32, whole);
    }
    put(g, s);
    g->line += strlen(s) / 2;
}

static void put_sentence(struct generator *g)
{
    uint32_t words = 6 + below(g, 24);
    for (uint32_t i = 0; i < words; i++) {
        uint32_t r = below(g, 100);
        if (r < 7)
            put_figure(g);
        else
            put_word(g);
        if (i % 6 == 5 && i + 1 < words)
            put_char(g, "，");
    }
    put_char(g, below(g, 8) ? "。" : "；");
    if (below(g, 5) == 0) {
        put(g, "\\n");
        g->line = 0;
    }
}

static void put_table(struct generator *g)
{
    uint32_t rows = 3 + below(g, 10);
    put(g, "\\n");
    for (uint32_t i = 0; i < rows; i++) {
        g->line = 0;
        put_word(g);
        put_word(g);
        for (uint32_t c = 0; c < 3; c++) {
            put(g, "      ");
            put_figure(g);
        }
        put(g, "\\n");
    }
    g->line = 0;
}

static uint64_t write_filing(struct generator *g, uint64_t number, double mean)
{
    double normal = sqrt(-2 * log(uniform(g))) * cos(6.283185307179586 * uniform(g));
    double length = mean * exp(0.9 * normal - 0.405);
    size_t target = length < 60                       ? 60
                    : length > (double)FILING_CAP / 2 ? FILING_CAP / 2
                                                      : (size_t)length;
    g->size = 0;
    g->line = 0;
    g->page = 0;
    char head[160];
    snprintf(head, sizeof(head),
             "{\"id\":\"gen-%" PRIu64 "\",\"code\":\"%06" PRIu32 "\",\"date\":\"20%02" PRIu32
             "-%02" PRIu32 "-%02" PRIu32 "\",\"title\":\"",
             number, 900000 + below(g, 4000), 10 + below(g, 16), 1 + below(g, 12),
             1 + below(g, 28));
    put(g, head);
    for (int i = 0; i < 5; i++) {
        g->line = 0;
        put_word(g);
    }
    put(g, "公告\",\"text\":\"");
    g->line = 0;
    while (g->size < target) {
        put_sentence(g);
        if (below(g, 40) == 0)
            put_table(g);
    }
    put(g, "\"}\n");
    return fwrite(g->out, 1, g->size, stdout) == g->size ? g->size : 0;
}

static uint64_t size_argument(const char *s)
{
    char *end;
    uint64_t n = strtoull(s, &end, 10);
    unsigned shift = *end == 'k' ? 10 : *end == 'm' ? 20 : *end == 'g' ? 30 : 0;
    return n << shift;
}

int main(int argc, char **argv)
{
    uint64_t bytes = 0, docs = 0, seed = 1;
    double mean = 2400;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--bytes") == 0)
            bytes = size_argument(argv[i + 1]);
        else if (strcmp(argv[i], "--docs") == 0)
            docs = size_argument(argv[i + 1]);
        else if (strcmp(argv[i], "--mean") == 0)
            mean = strtod(argv[i + 1], NULL);
        else if (strcmp(argv[i], "--seed") == 0)
            seed = size_argument(argv[i + 1]);
        else
            argc = 0;
    }
    if (argc < 3 || argc % 2 == 0 || (bytes == 0 && docs == 0) || !(mean >= 60)) {
        fputs("usage: gen_corpus [--bytes N[k|m|g]] [--docs N] [--mean BYTES] [--seed N]\n",
              stderr);
        return 2;
    }
    struct generator *g = calloc(1, sizeof(*g));
    if (!g || !(g->out = malloc(FILING_CAP + 1024)) || !chars_fill(g)) {
        fputs("gen_corpus: no memory, or iconv knows no GB2312\n", stderr);
        return 2;
    }
    g->state = mix(seed);
    uint64_t written = 0;
    for (uint64_t n = 1; (docs == 0 || n <= docs) && (bytes == 0 || written < bytes); n++) {
        uint64_t size = write_filing(g, n, mean);
        if (size == 0) {
            fprintf(stderr, "gen_corpus: cannot write: %s\n", strerror(errno));
            return 2;
        }
        written += size;
    }
    free(g->out);
    free(g);
    return fflush(stdout) == 0 ? 0 : 2;
}
