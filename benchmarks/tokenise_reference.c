/*
 * tokenise_reference: the tests' reference analysis as a program for bench_tokenise --against, and
 * an example of the protocol (against.h).
 *
 *   bench_tokenise --against build/.../benchmarks/tokenise_reference FILE
 *
 * The whole of docs/ANALYSIS.md, slowly. Differences there would be bugs.
 */
#include "benchmarks/options.h"
#include "tests/support/ref_layout.h"
#include "tests/support/ref_tokenise.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define FILING_MAX ((size_t)1 << 28)

/* The next filing; 1, 0 at the end, -1 where the input is not what it should be. */
static int read_filing(uint8_t **bytes, size_t *size)
{
    char line[32];
    if (!fgets(line, sizeof(line), stdin))
        return 0;
    *size = strtoull(line, NULL, 10);
    uint8_t *more = *size <= FILING_MAX ? realloc(*bytes, *size + 1) : NULL;
    if (!more)
        return -1;
    *bytes = more;
    return fread(more, 1, *size + 1, stdin) == *size + 1 && more[*size] == '\n' ? 1 : -1;
}

static void tokenise(struct ref_layout *l, struct ref_tokens *t, const uint8_t *bytes, size_t size)
{
    ref_layout_find(l, bytes, size);
    ref_structure_find(l);
    ref_tokenise(t, bytes, size, l->marks.at, l->marks.count, l->ends.at, l->ends.count);
}

static void print_token(const struct ref_token *t)
{
    uint8_t term[GS_WORD_MAX];
    size_t size = 0;
    if (t->is_word) {
        memcpy(term, t->word, t->size);
        size = t->size;
    } else {
        size = ref_encode(t->first, term);
        if (t->second)
            size += ref_encode(t->second, term + size);
    }
    printf("%u\t%u\t%.*s\n", t->start, t->end, (int)size, (const char *)term);
}

static const char HELP[] =
    "usage: bench_tokenise --against tokenise_reference FILE\n"
    "\n"
    "Tokenises filings on standard input slowly, as the tests' reference does; the protocol is in\n"
    "benchmarks/README.md (Against other tokenisers), and TOKENISE=count is its only setting.\n"
    "\n"
    "  --help   this text\n";

int main(int argc, char **argv)
{
    option_help(argc, argv, HELP);
    const char *mode = getenv("TOKENISE");
    bool count = mode && strcmp(mode, "count") == 0;
    struct ref_layout l = {0};
    struct ref_tokens t = {0};
    uint8_t *bytes = NULL;
    size_t size;
    unsigned long long tokens = 0;
    double seconds = 0;
    int r;
    while ((r = read_filing(&bytes, &size)) > 0) {
        clock_t from = clock();
        tokenise(&l, &t, bytes, size);
        seconds += (double)(clock() - from) / CLOCKS_PER_SEC;
        tokens += t.tokens.count;
        for (size_t i = 0; !count && i < t.tokens.count; i++)
            print_token(&t.tokens.at[i]);
        if (!count)
            putchar('\n');
    }
    if (count)
        printf("tokens\t%llu\t%.6f\n", tokens, seconds > 0 ? seconds : 1e-6);
    ref_tokens_release(&t);
    ref_layout_release(&l);
    free(bytes);
    if (r < 0)
        fputs("tokenise_reference: the input is not framed as it should be\n", stderr);
    return r < 0 || fflush(stdout) != 0;
}
