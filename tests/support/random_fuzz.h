/*
 * random_fuzz.h: runs a fuzz target as a bounded regression test.
 *
 * A target is a function (bytes, size) that must come back, whatever the bytes. tests/fuzz/fuzz_*.c
 * have one each under libFuzzer's name; built with -DGS_LIBFUZZER -fsanitize=fuzzer they are
 * fuzzers, otherwise programs that run the committed inputs of tests/fuzz/inputs/NAME and a number
 * of seeded ones. GAOSOU_SEED, GAOSOU_CASES as elsewhere.
 */
#ifndef GS_TESTS_RANDOM_FUZZ_H
#define GS_TESTS_RANDOM_FUZZ_H

#include "common/base/buf.h"
#include "tests/support/random_source.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Appends a good input, which is then damaged. */
typedef void random_fuzz_make(struct random_source *r, struct gs_buf *out);

/* Changes some bytes: overwritten, cut out, doubled, cut off. */
void random_fuzz_damage(struct random_source *r, struct gs_buf *bytes);

/* The main of a target; 0 when all inputs were survived. argv[1..]: files to run instead. */
int random_fuzz_main(int argc, char **argv, const char *name, random_fuzz_make *make,
                     uint64_t cases);

#ifdef GS_LIBFUZZER
#define RANDOM_FUZZ_MAIN(name, make, cases)
#else
#define RANDOM_FUZZ_MAIN(name, make, cases)                                                        \
    int main(int argc, char **argv)                                                                \
    {                                                                                              \
        return random_fuzz_main(argc, argv, name, make, cases);                                    \
    }
#endif

#endif
