/*
 * text_scan.c: the scan's arrays, and the choice between kernels.
 */
#include "common/text/text_scan.h"

#include <stdlib.h>

const struct gs_scan_kernel *gs_scan_kernel_of(enum gs_kernel level)
{
    switch (level) {
#ifdef GS_HAS_X86_KERNELS
    case GS_KERNEL_AVX512:
        return &gs_scan_avx512;
    case GS_KERNEL_AVX2:
        return &gs_scan_avx2;
    case GS_KERNEL_SSSE3:
        return &gs_scan_ssse3;
#endif
    default:
        return &gs_scan_scalar;
    }
}

void gs_text_scan_clear(struct gs_text_scan *s)
{
    s->line_count = s->layout_count = s->ender_count = 0;
}

void gs_text_scan_release(struct gs_text_scan *s)
{
    free(s->lines);
    free(s->layout);
    free(s->enders);
    *s = (struct gs_text_scan){0};
}

/* Moves the array to room for `capacity` items, or returns; the old ones stay. */
#define GROW(array, capacity)                                                                      \
    do {                                                                                           \
        void *grown_ = realloc((array), (capacity) * sizeof((array)[0]));                          \
        if (!grown_)                                                                               \
            return GAOSOU_E_NOMEM;                                                                 \
        (array) = grown_;                                                                          \
    } while (0)

enum gaosou_status gs_text_scan_fit(struct gs_text_scan *s)
{
    size_t need = s->line_count > s->layout_count ? s->line_count : s->layout_count;
    need = (need > s->ender_count ? need : s->ender_count) + GS_SCAN_ROOM;
    if (need <= s->capacity)
        return GAOSOU_OK;
    size_t wanted = s->capacity * 2 > need ? s->capacity * 2 : need;
    GROW(s->lines, wanted);
    GROW(s->layout, wanted);
    GROW(s->enders, wanted);
    s->capacity = wanted;
    return GAOSOU_OK;
}

enum gaosou_status gs_text_scan_next(struct gs_text_scan *s, const uint8_t *content, size_t size,
                                     size_t *from)
{
    const size_t batch = (size_t)GS_SCAN_BATCH * GS_SCAN_BLOCK;
    enum gaosou_status status = gs_text_scan_fit(s);
    if (status != GAOSOU_OK)
        return status;
    if (!s->kernel)
        s->kernel = gs_scan_kernel_of(gs_kernel_current());
    size_t to = size - *from > batch ? *from + batch : size;
    s->kernel->scan(content, size, *from, to, s);
    *from = to;
    return GAOSOU_OK;
}
