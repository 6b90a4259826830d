/*
 * day_ranges.h: the values of filters on dates (docs/QUERY.md, Filters): lists of days, months,
 * years and ranges of them, and what a date is to them. Stateless; any thread.
 */
#ifndef GS_FILTER_DAY_RANGES_H
#define GS_FILTER_DAY_RANGES_H

#include "common/base/arena.h"
#include "common/filter/truth.h"
#include "common/filter/value.h"

/* Both included; day numbers (common/base/date.h). */
struct gs_day_range {
    uint32_t first, last;
};

struct gs_day_ranges {
    struct gs_day_range *items; /* ascending, none touching the next */
    size_t count;               /* at least one */
};

/* Orders ranges and joins those that touch; the number left. */
size_t gs_day_ranges_settle(struct gs_day_range *ranges, size_t count);

/*
 * Reads `2024`, `2024-03..2024-09-30`, `..2020`, `2023,2024-05` and the like, the twins of input
 * methods folded. GAOSOU_E_QUERY with *flaw (which points into the arena or the value) where it is
 * none of these, GAOSOU_E_NOMEM. The items live in the arena.
 */
GS_MUST_USE enum gaosou_status gs_day_ranges_read(struct gs_arena *arena, const char *value,
                                                  size_t size, struct gs_day_ranges *out,
                                                  struct gs_value_flaw *flaw);

/* date: yyyymmdd as the columns have it, 0 unknown. All its days within one range: yes; none in
 * any: no; else it cannot be told. */
enum gs_truth gs_day_ranges_judge(const struct gs_day_ranges *ranges, uint32_t date);

#endif
