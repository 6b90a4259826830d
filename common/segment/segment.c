#include "common/segment/segment_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Takes over *container. */
static enum gaosou_status segment_make(struct gs_segment **out, struct gs_container *container,
                                       struct gs_err *err)
{
    struct gs_segment *s = malloc(sizeof(*s));
    if (!s) {
        gs_container_close(container);
        return gs_err_nomem(err, sizeof(*s));
    }
    *s = (struct gs_segment){.container = *container};
    enum gaosou_status status = gs_terms_open(s, err);
    if (status == GAOSOU_OK)
        status = gs_docs_open(s, err);
    if (status == GAOSOU_OK)
        *out = s;
    else
        gs_segment_close(s);
    return status;
}

enum gaosou_status gs_segment_open(struct gs_segment **out, const char *path, struct gs_err *err)
{
    struct gs_container c;
    enum gaosou_status status = gs_container_open(&c, path, err);
    return status == GAOSOU_OK ? segment_make(out, &c, err) : status;
}

enum gaosou_status gs_segment_parse(struct gs_segment **out, const uint8_t *bytes, size_t size,
                                    const char *name, struct gs_err *err)
{
    struct gs_container c;
    enum gaosou_status status = gs_container_parse(&c, bytes, size, name, err);
    return status == GAOSOU_OK ? segment_make(out, &c, err) : status;
}

void gs_segment_close(struct gs_segment *s)
{
    if (!s)
        return;
    gs_container_close(&s->container);
    free(s);
}

const struct gs_segment_stats *gs_segment_get_stats(const struct gs_segment *s)
{
    return &s->container.stats;
}

const char *gs_segment_path(const struct gs_segment *s)
{
    return s->container.path;
}

uint64_t gs_segment_header_checksum(const struct gs_segment *s)
{
    return s->container.header_checksum;
}

bool gs_segment_section(const struct gs_segment *s, size_t index, const char **name, uint64_t *size)
{
    if (index >= s->container.section_count)
        return false;
    *name = gs_section_name(s->container.toc[index].id);
    *size = s->container.toc[index].size;
    return true;
}

/* ---- check ---- */

void gs_checker_report(struct gs_checker *c, const char *fmt, ...)
{
    char line[512];
    va_list args;
    va_start(args, fmt);
    vsnprintf(line, sizeof(line), fmt, args);
    va_end(args);
    if ((*c->problems)++ == 0)
        gs_err_set(c->err, GAOSOU_E_CORRUPT, "%s is damaged: %s", gs_segment_path(c->segment),
                   line);
    if (c->report)
        c->report(c->ctx, line);
}

void gs_checker_error(struct gs_checker *c, const struct gs_err *err)
{
    const char *path = gs_segment_path(c->segment), *text = err->text;
    static const char behind[] = " is damaged: ";
    size_t size = strlen(path);
    if (strncmp(text, path, size) == 0 && strncmp(text + size, behind, sizeof(behind) - 1) == 0)
        text += size + sizeof(behind) - 1;
    gs_checker_report(c, "%s", text);
}

enum gaosou_status gs_segment_check(const struct gs_segment *s,
                                    void (*report)(void *ctx, const char *line), void *ctx,
                                    uint64_t *problems, struct gs_err *err)
{
    struct gs_checker checker = {
        .segment = s, .report = report, .ctx = ctx, .problems = problems, .err = err};
    *problems = 0;
    gs_container_check(&s->container, report, ctx, problems, err);
    gs_terms_check(&checker);
    gs_docs_check(&checker);
    return *problems ? GAOSOU_E_CORRUPT : GAOSOU_OK;
}
