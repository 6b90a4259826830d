#include "indexer/progress_line.h"

#include "common/base/utf8_step.h"
#include "common/text/display.h"
#include "indexer/console.h"
#include "indexer/summary.h"

#include <string.h>

#define NAME_LEAST     8u /* columns: a name that has less room is left out */
#define SETTLE_SECONDS 3  /* before, the first files say little about the rate */
#define TEXT_MAX       ((size_t)64 << 10)

/* ---- rate ---- */

void gs_progress_rate_add(struct gs_progress_rate *r, double seconds, uint64_t bytes)
{
    unsigned last = (r->next + GS_PROGRESS_SAMPLES - 1) % GS_PROGRESS_SAMPLES;
    if (r->count > 0 && seconds - r->seconds[last] < 1)
        return;
    if (r->count == 0)
        r->first_seconds = seconds;
    r->seconds[r->next] = seconds;
    r->bytes[r->next] = bytes;
    r->next = (r->next + 1) % GS_PROGRESS_SAMPLES;
    r->count += r->count < GS_PROGRESS_SAMPLES;
}

static double rate_from(double from, uint64_t from_bytes, double to, uint64_t to_bytes)
{
    return to > from && to_bytes > from_bytes ? (double)(to_bytes - from_bytes) / (to - from) : 0;
}

double gs_progress_rate_now(const struct gs_progress_rate *r, double seconds, uint64_t bytes)
{
    if (r->count == 0)
        return 0;
    unsigned oldest = (r->next + GS_PROGRESS_SAMPLES - r->count) % GS_PROGRESS_SAMPLES;
    return rate_from(r->seconds[oldest], r->bytes[oldest], seconds, bytes);
}

double gs_progress_rate_left(const struct gs_progress_rate *r, double seconds, uint64_t bytes,
                             uint64_t more)
{
    if (seconds - r->first_seconds < SETTLE_SECONDS)
        return -1;
    double overall = rate_from(r->first_seconds, 0, seconds, bytes);
    double rate = (overall + gs_progress_rate_now(r, seconds, bytes)) / 2;
    return rate > 0 ? (double)more / rate : -1;
}

/* ---- text ---- */

static void put_count(struct gs_buf *out, uint64_t count)
{
    char grouped[GS_SUMMARY_GROUPED];
    gs_buf_append_str(out, gs_summary_group(grouped, count));
}

static void put_mb(struct gs_buf *out, uint64_t bytes)
{
    put_count(out, bytes / 1000000);
    gs_buf_printf(out, ".%u", (unsigned)(bytes % 1000000 / 100000));
}

static void put_left(struct gs_buf *out, double seconds, bool chinese)
{
    uint64_t s = (uint64_t)(seconds + 0.5), minutes = (s + 30) / 60;
    if (s < 100)
        gs_buf_printf(out, chinese ? "，约剩 %u 秒" : ", %u s left", (unsigned)s);
    else if (minutes < 100)
        gs_buf_printf(out, chinese ? "，约剩 %u 分钟" : ", %u min left", (unsigned)minutes);
    else
        gs_buf_printf(out, chinese ? "，约剩 %llu 小时 %u 分" : ", %llu h %u min left",
                      (unsigned long long)(minutes / 60), (unsigned)(minutes % 60));
}

/* Not 100 before the end. */
static unsigned percent(uint64_t done, uint64_t all)
{
    return all == 0 || done >= all ? 99 : (unsigned)((double)done * 99.0 / (double)all);
}

static void put_figures(struct gs_buf *out, const struct gs_progress_state *s, bool chinese)
{
    const char *of = chinese ? "/" : " of ", *comma = chinese ? "，" : ", ";
    put_count(out, s->files);
    if (s->is_total_known) {
        gs_buf_append_str(out, of);
        put_count(out, s->files_total);
    }
    gs_buf_append_str(out, chinese ? " 个文件，" : " files, ");
    put_mb(out, s->bytes);
    if (s->is_total_known) {
        gs_buf_append_str(out, of);
        put_mb(out, s->bytes_total);
    }
    gs_buf_append_str(out, " MB");
    if (s->is_total_known && s->bytes_total > 0)
        gs_buf_printf(out, "%s%u%%", comma, percent(s->bytes, s->bytes_total));
    gs_buf_printf(out, "%s%.1f MB/s", comma, s->bytes_per_second / 1e6);
    if (s->is_stopping)
        gs_buf_append_str(out, chinese ? "，正在停止" : ", stopping");
    else if (s->is_total_known && s->seconds_left >= 0)
        put_left(out, s->seconds_left, chinese);
}

/* The most of the text's beginning, or end, that fits. */
static void put_beginning(struct gs_buf *out, const struct gs_buf *text, size_t columns)
{
    size_t size = 0, step;
    uint32_t cp;
    const uint8_t *stop = text->data + text->size;
    while (size < text->size) {
        step = gs_utf8_step(text->data + size, stop, &cp);
        if (gs_display_columns(text->data, size + step) > columns)
            break;
        size += step;
    }
    gs_buf_append(out, text->data, size);
}

static void put_end(struct gs_buf *out, const struct gs_buf *text, size_t columns)
{
    size_t from = 0;
    uint32_t cp;
    const uint8_t *stop = text->data + text->size;
    while (from < text->size && gs_display_columns(text->data + from, text->size - from) > columns)
        from += gs_utf8_step(text->data + from, stop, &cp);
    gs_buf_append(out, text->data + from, text->size - from);
}

static void put_name(struct gs_buf *out, const char *name, size_t columns, bool chinese)
{
    static const char dots[] = "...";
    struct gs_buf shown;
    if (columns < NAME_LEAST + 2)
        return;
    columns -= 2;
    gs_buf_init(&shown, TEXT_MAX);
    gs_console_escape(&shown, name, strlen(name));
    gs_buf_append_str(out, chinese ? "：" : ": ");
    if (gs_display_columns(shown.data, shown.size) <= columns) {
        gs_buf_append(out, shown.data, shown.size);
    } else {
        gs_buf_append_str(out, dots);
        put_end(out, &shown, columns - strlen(dots));
    }
    gs_buf_release(&shown);
}

void gs_progress_line(struct gs_buf *out, const struct gs_progress_state *s, size_t columns,
                      bool chinese)
{
    struct gs_buf figures;
    gs_buf_init(&figures, TEXT_MAX);
    put_figures(&figures, s, chinese);
    size_t used = gs_display_columns(figures.data, figures.size);
    if (figures.size > 0)
        put_beginning(out, &figures, columns);
    if (s->name && used < columns)
        put_name(out, s->name, columns - used, chinese);
    gs_buf_release(&figures);
}
