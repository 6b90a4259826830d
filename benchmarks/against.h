/*
 * against.h: another tokeniser over the same filings, for bench_tokenise --against.
 *
 * The other one is any program that `sh -c COMMAND` starts. On its standard input it gets each
 * filing as a line with its size in bytes (decimal), then that many bytes of UTF-8 and a line feed;
 * then the end of the file. What it has to answer stands in the environment:
 *
 *   TOKENISE=tokens   for each filing, its tokens as lines `start<TAB>end<TAB>term`, start and end
 * the bytes of the filing that the token stands for, in any order; then an empty line
 *   TOKENISE=count    at the end, one line `tokens<TAB>N` or `tokens<TAB>N<TAB>SECONDS`; SECONDS is
 *                     the time of tokenising alone, as the program measured it (it may read
 *                     everything first, and warm up). Without SECONDS the time is from the first
 * byte sent to the end of its output.
 *
 * A program that knows only one of the two may leave TOKENISE alone: its tokens are counted.
 * Unix; starts a process and a thread, both gone when a function returns.
 */
#ifndef GS_BENCHMARKS_AGAINST_H
#define GS_BENCHMARKS_AGAINST_H

#include "benchmarks/contents.h"

struct against_count {
    uint64_t tokens;
    double seconds;
    bool own_clock; /* seconds are the program's own */
};

/* One run with TOKENISE=count. */
GS_MUST_USE enum gaosou_status against_time(const char *command, const struct contents *c,
                                            struct against_count *out, struct gs_err *err);

struct against_difference {
    uint64_t filings, filings_equal;
    uint64_t ours, theirs, common; /* tokens; common: the same start, end and term */
};

/* One run with TOKENISE=tokens against our tokens of the same filings: the sums, and the first
 * `most` places where the two differ as JSON lines on standard output. */
GS_MUST_USE enum gaosou_status against_compare(const char *command, const struct contents *c,
                                               unsigned most, struct against_difference *out,
                                               struct gs_err *err);

#endif
