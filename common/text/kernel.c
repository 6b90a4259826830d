#include "common/text/kernel.h"

#include <stdatomic.h>
#include <string.h>

static const char *const names[GS_KERNEL_COUNT] = {"scalar", "ssse3", "avx2", "avx512"};

/* The level in force, plus one; 0: not asked yet. Two threads that ask at once find the same. */
static atomic_uint chosen;

bool gs_kernel_has(enum gs_kernel level)
{
#ifdef GS_HAS_X86_KERNELS
    /* __builtin_cpu_supports asks the operating system's part (XCR0), too. */
    switch (level) {
    case GS_KERNEL_SCALAR:
        return true;
    case GS_KERNEL_SSSE3:
        return __builtin_cpu_supports("ssse3") && __builtin_cpu_supports("popcnt");
    case GS_KERNEL_AVX2:
        return gs_kernel_has(GS_KERNEL_SSSE3) && __builtin_cpu_supports("avx2") &&
               __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
    case GS_KERNEL_AVX512:
        return gs_kernel_has(GS_KERNEL_AVX2) && __builtin_cpu_supports("avx512f") &&
               __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
               __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2");
    }
    return false;
#else
    return level == GS_KERNEL_SCALAR;
#endif
}

const char *gs_kernel_name(enum gs_kernel level)
{
    return names[level];
}

static enum gs_kernel best(void)
{
    unsigned level = GS_KERNEL_COUNT - 1;
    while (!gs_kernel_has((enum gs_kernel)level))
        level--;
    return (enum gs_kernel)level;
}

static void choose(enum gs_kernel level)
{
    atomic_store_explicit(&chosen, level + 1u, memory_order_relaxed);
}

enum gs_kernel gs_kernel_current(void)
{
    unsigned level = atomic_load_explicit(&chosen, memory_order_relaxed);
    if (level)
        return (enum gs_kernel)(level - 1);
    enum gs_kernel found = best();
    choose(found);
    return found;
}

enum gaosou_status gs_kernel_select(const char *name, struct gs_err *err)
{
    if (!name || !*name) {
        choose(best());
        return GAOSOU_OK;
    }
    for (unsigned level = 0; level < GS_KERNEL_COUNT; level++) {
        if (strcmp(name, names[level]) != 0)
            continue;
        if (!gs_kernel_has((enum gs_kernel)level))
            return gs_err_set(err, GAOSOU_E_USE, "kernel %s: this processor does not have it",
                              name);
        choose((enum gs_kernel)level);
        return GAOSOU_OK;
    }
    return gs_err_set(err, GAOSOU_E_USE, "kernel %s is unknown: use scalar, ssse3, avx2 or avx512",
                      name);
}
