/*
 * date.h: dates as people write them, and the days they stand for.
 *
 * A date is yyyymmdd in an integer, month or day 00 where they are not known, 0 where nothing is. A
 * *day number* counts days in years of twelve months of 31: it only has to keep order, and so every
 * month is whole from its first to its 31st number.
 */
#ifndef GS_BASE_DATE_H
#define GS_BASE_DATE_H

#include <stddef.h>
#include <stdint.h>

/*
 * A date from 2024-03-05, 2024/3/5, 2024.3.5, 20240305, 2024年3月5日, 2024-03, 202403 or 2024,
 * whatever stands behind it (a time); month or day are 00 where they are not given. 0: none of
 * these (*used is 0), or no such month or day. *used (may be NULL): bytes read.
 */
uint32_t gs_date_parse(const char *bytes, size_t size, size_t *used);

/*
 * The end of a period reported on: a date as above; or behind a year a half or quarter of the
 * calendar as its last day, with or without 年 and 第: H1 H2 Q1 to Q4, 上半年 半年度 下半年, 一季度
 * to 四季度 (the figure may be 1 to 4), 1-6月 and the like, and 年度 as December 31. A month or a
 * day named wins. 0 too where the year has no such part (2024Q5, 2024年第五季度, 2024年1-13月), or
 * month or day go on as no date does (2024-1x, 2024-123).
 */
uint32_t gs_date_parse_period(const char *bytes, size_t size);

/* The day a filing is dated: as gs_date_parse(), but the year alone of what names a part of it, and
 * 0 too where gs_date_parse_period() is. */
uint32_t gs_date_parse_given(const char *bytes, size_t size);

/* The first and the last day that a date may stand for. date is not 0, its month at most 12. */
struct gs_day_span {
    uint32_t first, last;
};
struct gs_day_span gs_date_days(uint32_t date);

#endif
