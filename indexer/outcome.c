#include "indexer/outcome.h"

#include "common/base/checksum.h"
#include "common/base/date.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define WARNINGS_MAX   50 /* about inputs; the summary has the counts, --verbose all of them */
#define DATE_SHOWN_MAX 40 /* bytes of a date that cannot be read */

bool gs_tally_has_losses(const struct gs_tally *t)
{
    for (size_t i = 0; i < GS_SKIP_COUNT; i++) {
        if (t->skipped[i] > 0)
            return true;
    }
    return t->rescued > 0 || t->broken > 0 || t->repaired > 0 || t->bad_dates > 0;
}

enum gs_outcome_kind gs_skip_outcome(enum gs_skip why)
{
    return why == GS_SKIP_DAMAGED || why == GS_SKIP_BAD_LINE ? GS_OUTCOME_DAMAGED
                                                             : GS_OUTCOME_SKIPPED;
}

const char *gs_skip_text(const struct gs_console *c, enum gs_skip why)
{
    switch (why) {
    case GS_SKIP_KIND:
        return GS_TR(c, "not a kind of file that is read", "不是可读取的文件类型");
    case GS_SKIP_SPECIAL:
        return GS_TR(c, "not a regular file", "不是普通文件");
    case GS_SKIP_UNREADABLE:
        return GS_TR(c, "cannot be read", "无法读取");
    case GS_SKIP_LOOP:
        return GS_TR(c, "folder loop", "目录循环");
    case GS_SKIP_EMPTY:
        return GS_TR(c, "empty", "空文件");
    case GS_SKIP_BINARY:
        return GS_TR(c, "binary", "二进制文件");
    case GS_SKIP_TOO_LARGE:
        return GS_TR(c, "too large", "太大");
    case GS_SKIP_LIMIT:
        return GS_TR(c, "a limit was reached", "超出限制");
    case GS_SKIP_CHANGED:
        return GS_TR(c, "changed while it was read", "读取时被改动");
    case GS_SKIP_REFUSED:
        return GS_TR(c, "archive member refused", "压缩包成员被拒绝");
    case GS_SKIP_NO_PROGRAM:
        return GS_TR(c, "a program to read it is missing", "缺少读取它的程序");
    case GS_SKIP_DAMAGED:
        return GS_TR(c, "damaged", "文件损坏");
    case GS_SKIP_BAD_LINE:
        return GS_TR(c, "bad JSON line", "JSON 行有误");
    case GS_SKIP_BAD_ID:
        return GS_TR(c, "the id is too long", "id 过长");
    case GS_SKIP_COUNT:
        break;
    }
    return "?";
}

const char *gs_skip_keyword(enum gs_skip why)
{
    static const char *const keywords[GS_SKIP_COUNT] = {
        [GS_SKIP_KIND] = "kind",
        [GS_SKIP_SPECIAL] = "special_file",
        [GS_SKIP_UNREADABLE] = "unreadable",
        [GS_SKIP_LOOP] = "loop",
        [GS_SKIP_EMPTY] = "empty",
        [GS_SKIP_BINARY] = "binary",
        [GS_SKIP_TOO_LARGE] = "too_large",
        [GS_SKIP_LIMIT] = "limit",
        [GS_SKIP_CHANGED] = "changed",
        [GS_SKIP_REFUSED] = "refused",
        [GS_SKIP_NO_PROGRAM] = "no_program",
        [GS_SKIP_DAMAGED] = "damaged",
        [GS_SKIP_BAD_LINE] = "bad_line",
        [GS_SKIP_BAD_ID] = "bad_id",
    };
    return keywords[why];
}

const char *gs_outcome_keyword(enum gs_outcome_kind kind)
{
    static const char *const keywords[GS_OUTCOME_COUNT + 1] = {
        [GS_OUTCOME_INDEXED] = "indexed",     [GS_OUTCOME_REPLACED] = "replaced",
        [GS_OUTCOME_UNCHANGED] = "unchanged", [GS_OUTCOME_REMOVED] = "removed",
        [GS_OUTCOME_NO_TEXT] = "no_text",     [GS_OUTCOME_SKIPPED] = "skipped",
        [GS_OUTCOME_DAMAGED] = "damaged",     [GS_OUTCOME_COUNT] = "duplicate",
    };
    return keywords[kind];
}

/* Whether one more warning about an input is shown; says once that the rest is only counted. */
static bool may_warn(struct gs_outcomes *all)
{
    if (all->console->verbose || all->tally.shown < WARNINGS_MAX) {
        all->tally.shown++;
        return true;
    }
    if (all->tally.shown++ == WARNINGS_MAX)
        gs_console_warn(all->console, "%s",
                        GS_TR(all->console,
                              "more such warnings are only counted (--verbose shows all)",
                              "其余同类警告只计数（--verbose 显示全部）"));
    return false;
}

void gs_outcome_warn(struct gs_outcomes *all, const char *fmt, ...)
{
    if (!may_warn(all))
        return;
    va_list args;
    va_start(args, fmt);
    gs_console_vwarn(all->console, fmt, args);
    va_end(args);
}

static void note_skip(struct gs_outcomes *all, const struct gs_outcome *o)
{
    struct gs_console *c = all->console;
    all->tally.skipped[o->why]++;
    const char *word = o->kind == GS_OUTCOME_DAMAGED ? GS_TR(c, "damaged", "已损坏")
                                                     : GS_TR(c, "skipped", "已跳过");
    if (o->detail)
        gs_outcome_warn(all, GS_TR(c, "%s: %s", "%s：%s"), word, o->detail);
    else
        gs_outcome_warn(all, GS_TR(c, "%s: %s: %s", "%s：%s：%s"), word, o->path,
                        gs_skip_text(c, o->why));
}

static void note_repair(struct gs_outcomes *all, const struct gs_outcome *o)
{
    struct gs_console *c = all->console;
    all->tally.repaired++;
    all->tally.replacements += o->replaced;
    char place[32] = "";
    if (o->line)
        snprintf(place, sizeof(place), ":%llu", (unsigned long long)o->line);
    gs_outcome_warn(all,
                    GS_TR(c, "%s%s: %llu invalid byte sequences replaced by U+FFFD",
                          "%s%s：%llu 处无效字节已替换为 U+FFFD"),
                    o->path, place, (unsigned long long)o->replaced);
    /* Where one byte in twenty is wrong, the encoding is. */
    if (o->replaced > o->bytes / 20 && !all->encoding_given && !o->encoding)
        gs_outcome_warn(all, "%s",
                        GS_TR(c, "that may be another encoding: try --encoding GB18030",
                              "可能是其他编码，请试 --encoding GB18030"));
}

static void note_rescue(struct gs_outcomes *all, const struct gs_outcome *o)
{
    all->tally.rescued++;
    gs_outcome_warn(all,
                    GS_TR(all->console,
                          "%s: damaged: the text of %u pages was read, others may be missing",
                          "%s：文件损坏，读出 %u 页文本，可能缺页"),
                    o->path, o->pages);
}

/* Keeps the first ones for the summary; --verbose names each. */
static void note_textless(struct gs_outcomes *all, const struct gs_outcome *o)
{
    struct gs_console *c = all->console;
    struct gs_tally *t = &all->tally;
    char *name = NULL;
    if (o->rescued) {
        t->broken++;
        gs_outcome_warn(
            all, GS_TR(c, "%s: damaged: no text could be read", "%s：文件损坏，未能读出文本"),
            o->path);
    } else if (c->verbose) {
        gs_console_warn(c, GS_TR(c, "%s: without text", "%s：无文本"), o->path);
    }
    uint64_t before = t->outcomes[GS_OUTCOME_NO_TEXT] - 1;
    if (before >= GS_TEXTLESS_NAMED)
        return;
    if (o->line == 0)
        name = strdup(o->path);
    else if (asprintf(&name, "%s:%llu", o->path, (unsigned long long)o->line) < 0)
        name = NULL;
    t->textless[before] = name;
}

/* ---- inputs and their encodings ---- */

/* Whether the outcome is of a file that was not counted yet: lines come one after the other. */
static bool is_new_input(struct gs_outcomes *all, const struct gs_outcome *o)
{
    if (o->kind == GS_OUTCOME_REMOVED)
        return false;
    uint64_t hash = gs_hash64(o->path, strlen(o->path)) | 1;
    bool is_new = hash != all->feed;
    if (is_new) {
        all->feed_named = NULL;
        all->feed_converted = false;
    }
    all->feed = o->line ? hash : 0;
    return is_new;
}

static void count_encoding(struct gs_tally *t, const struct gs_outcome *o, bool is_new)
{
    size_t i = 0;
    while (i < GS_ENCODINGS_COUNTED - 1 && t->encodings[i].name &&
           strcmp(t->encodings[i].name, o->encoding) != 0)
        i++;
    if (!t->encodings[i].name)
        t->encodings[i].name = i < GS_ENCODINGS_COUNTED - 1 ? o->encoding : "others";
    t->encodings[i].files += is_new;
    t->encodings[i].replaced += o->replaced;
}

/* Keeps the first files for the summary; --verbose names each. */
static void name_converted(struct gs_outcomes *all, const struct gs_outcome *o)
{
    struct gs_tally *t = &all->tally;
    struct gs_console *c = all->console;
    if (c->verbose)
        gs_console_warn(c, GS_TR(c, "%s: %s", "%s：%s"), o->path, o->encoding);
    if (t->converted_files >= GS_CONVERTED_NAMED)
        return;
    struct gs_converted *named = &t->named[t->converted_files];
    *named = (struct gs_converted){strndup(o->path, GS_CONVERTED_PATH), o->encoding, 0};
    all->feed_named = named;
}

static void note_converted(struct gs_outcomes *all, const struct gs_outcome *o, bool is_new)
{
    all->tally.converted++;
    /* A line that could not be read may have come before the first that tells the encoding. */
    bool is_first = is_new || (o->line && !all->feed_converted);
    count_encoding(&all->tally, o, is_first);
    if (is_first) {
        name_converted(all, o);
        all->tally.converted_files++;
    }
    all->feed_converted = true;
    if (all->feed_named)
        all->feed_named->replaced += o->replaced;
}

static void count_unknown(struct gs_tally *t, const struct gs_filing *f)
{
    t->unknown[GS_UNKNOWN_CODE] += f->field[GS_FIELD_CODES].size == 0;
    t->unknown[GS_UNKNOWN_NAME] += f->field[GS_FIELD_NAME].size == 0;
    t->unknown[GS_UNKNOWN_TITLE] += gs_filing_title(f).size == 0;
    t->unknown[GS_UNKNOWN_DATE] += f->field[GS_FIELD_DATE].size == 0;
    t->unknown[GS_UNKNOWN_PERIOD] += f->field[GS_FIELD_PERIOD].size == 0;
    t->unknown[GS_UNKNOWN_TYPE] += f->field[GS_FIELD_TYPE].size == 0;
}

static void note_filing(struct gs_outcomes *all, const struct gs_outcome *o)
{
    all->tally.filings++;
    count_unknown(&all->tally, o->filing);
    if (o->kind != GS_OUTCOME_NO_TEXT)
        all->tally.pages_without_text += o->pages_without_text;
}

void gs_outcomes_release(struct gs_outcomes *all)
{
    for (size_t i = 0; i < GS_CONVERTED_NAMED; i++) {
        free(all->tally.named[i].path);
        all->tally.named[i].path = NULL;
    }
    for (size_t i = 0; i < GS_TEXTLESS_NAMED; i++) {
        free(all->tally.textless[i]);
        all->tally.textless[i] = NULL;
    }
}

void gs_outcome_note(struct gs_outcomes *all, const struct gs_outcome *o)
{
    bool is_new = is_new_input(all, o);
    all->tally.outcomes[o->kind]++;
    all->tally.inputs += is_new;
    if (o->kind == GS_OUTCOME_SKIPPED || o->kind == GS_OUTCOME_DAMAGED)
        note_skip(all, o);
    if (o->filing && o->kind != GS_OUTCOME_UNCHANGED)
        note_filing(all, o);
    if (o->encoding)
        note_converted(all, o, is_new);
    if (o->remark)
        gs_outcome_warn(all, GS_TR(all->console, "%s: %s", "%s：%s"), o->path, o->remark);
    if (o->kind == GS_OUTCOME_NO_TEXT)
        note_textless(all, o);
    else if (o->rescued)
        note_rescue(all, o);
    if (o->replaced > 0)
        note_repair(all, o);
    if (all->observer)
        all->observer(all->observer_ctx, o);
}

/* A value as it is shown: cut, and without what could steer a terminal. */
static void show_value(char shown[DATE_SHOWN_MAX + 1], struct gs_str value)
{
    size_t size = value.size < DATE_SHOWN_MAX ? value.size : DATE_SHOWN_MAX;
    while (size < value.size && size > 0 && ((uint8_t)value.bytes[size] & 0xC0) == 0x80)
        size--;
    for (size_t i = 0; i < size; i++)
        shown[i] = (uint8_t)value.bytes[i] < 0x20 || value.bytes[i] == 0x7F ? ' ' : value.bytes[i];
    shown[size] = '\0';
}

/* True where the value cannot be read. */
static bool note_bad_date(struct gs_outcomes *all, const struct gs_outcome *o,
                          const struct gs_filing *filing, const struct gs_meta_csv *meta,
                          enum gs_field field)
{
    const struct gs_console *c = all->console;
    struct gs_str value = filing->field[field];
    if (value.size == 0 || gs_date_parse_given(value.bytes, value.size) != 0)
        return false;
    all->tally.bad_dates++;
    uint64_t row;
    const char *table = meta ? gs_meta_csv_place(meta, filing, value, &row) : NULL;
    char place[32] = "", given[GS_ERR_CAP] = "", shown[DATE_SHOWN_MAX + 1];
    if (o->line)
        snprintf(place, sizeof(place), ":%llu", (unsigned long long)o->line);
    if (table)
        snprintf(given, sizeof(given), GS_TR(c, " (%s:%llu)", "（%s:%llu）"), table,
                 (unsigned long long)row);
    show_value(shown, value);
    gs_outcome_warn(
        all, GS_TR(c, "%s%s: the %s \"%s\" cannot be read%s", "%s%s：%s“%s”无法识别%s"), o->path,
        place, field == GS_FIELD_DATE ? GS_TR(c, "date", "日期") : GS_TR(c, "period", "报告期"),
        shown, given);
    return true;
}

void gs_outcome_note_bad_dates(struct gs_outcomes *all, struct gs_outcome *o,
                               const struct gs_filing *filing, const struct gs_meta_csv *meta)
{
    bool date = note_bad_date(all, o, filing, meta, GS_FIELD_DATE);
    bool period = note_bad_date(all, o, filing, meta, GS_FIELD_PERIOD);
    o->unread = date && period ? "the date and the period cannot be read"
                : date         ? "the date cannot be read"
                : period       ? "the period cannot be read"
                               : NULL;
}

void gs_outcome_note_unfit(struct gs_outcomes *all, const char *path)
{
    all->tally.unfit++;
    struct gs_console *c = all->console;
    if (c->verbose)
        gs_console_warn(
            c, GS_TR(c, "%s: the name does not fit the pattern", "%s：文件名与模式不符"), path);
}
