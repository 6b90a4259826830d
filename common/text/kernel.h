/*
 * kernel.h: which instruction set the hot loops over text use (the scan of layout and structure,
 * the cutter). All kernels give the same; a loop without one for the level in force takes its next
 * lower one, down to scalar, which is always there.
 *
 * The level is asked of the processor at the first use: the best that it and the system have. A
 * program may force another before it starts threads: gs_kernel_select(getenv("GAOSOU_KERNEL")).
 * Objects take the level in force when they are created and keep it.
 */
#ifndef GS_TEXT_KERNEL_H
#define GS_TEXT_KERNEL_H

#include "common/base/err.h"

#include <stdbool.h>

/* Each level has what the ones before it have. */
enum gs_kernel {
    GS_KERNEL_SCALAR, /* portable C */
    GS_KERNEL_SSSE3,  /* with POPCNT */
    GS_KERNEL_AVX2,   /* with BMI1 and BMI2 */
    GS_KERNEL_AVX512, /* F, BW, VL, VBMI and VBMI2 */
};
#define GS_KERNEL_COUNT 4

/* Set where the vector kernels are compiled in at all. */
#if defined(__x86_64__) && defined(__GNUC__)
#define GS_HAS_X86_KERNELS 1
#endif

/* Whether this build and this processor have the level. */
bool gs_kernel_has(enum gs_kernel level);
/* "scalar", "ssse3", "avx2", "avx512"; static. */
const char *gs_kernel_name(enum gs_kernel level);

/* The level in force. Any thread. */
enum gs_kernel gs_kernel_current(void);

/* Forces a level by its name; NULL or "" the best there is. GAOSOU_E_USE where the name is unknown
 * or the processor has it not, and then nothing changes. Before other threads use the library. */
GS_MUST_USE enum gaosou_status gs_kernel_select(const char *name, struct gs_err *err);

#endif
