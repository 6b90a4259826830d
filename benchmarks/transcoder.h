/*
 * transcoder.h: UTF-8 to UTF-16 of the same filings, the yardstick of bench_tokenise --transcode.
 *
 * The transcoding is simdutf's, in a library of its own (transcode.cpp, built by transcode.mk where
 * cargo and a C++ compiler are), loaded at run time so that nothing here depends on it.
 */
#ifndef GS_BENCHMARKS_TRANSCODER_H
#define GS_BENCHMARKS_TRANSCODER_H

#include "benchmarks/contents.h"

struct transcoder {
    void *library;
    size_t (*convert)(const char *utf8, size_t size, uint16_t *utf16); /* 0: invalid */
    const char *kernel; /* "icelake" is simdutf's for AVX-512; static in the library */
    uint16_t *out;      /* as many units as the contents have bytes */
};

GS_MUST_USE enum gaosou_status transcoder_open(struct transcoder *t, const char *path,
                                               const struct contents *c, struct gs_err *err);
void transcoder_close(struct transcoder *t);

/* Seconds to transcode everything: each filing by itself into one place that stays in the cache,
 * and all the bytes in one call. */
double transcoder_filings(const struct transcoder *t, const struct contents *c);
double transcoder_whole(const struct transcoder *t, const struct contents *c);

#endif
