/*
 * list_label.h: automatic list numbers as a word processor shows them: "十二" for 12 in Chinese
 * counting, "xii" in small Roman. Formats by the names of ECMA-376 part 1, 17.18.59
 * (ST_NumberFormat). Pure.
 */
#ifndef GS_INDEXER_LIST_LABEL_H
#define GS_INDEXER_LIST_LABEL_H

#include "common/base/buf.h"

enum gs_list_format {
    GS_LIST_DECIMAL, /* also for what is not known */
    GS_LIST_DECIMAL_ZERO,
    GS_LIST_DECIMAL_FULL_WIDTH,
    GS_LIST_UPPER_ROMAN,
    GS_LIST_LOWER_ROMAN,
    GS_LIST_UPPER_LETTER,
    GS_LIST_LOWER_LETTER,
    GS_LIST_CHINESE,       /* 十二, 一百零五 */
    GS_LIST_CHINESE_LEGAL, /* 壹拾贰 */
    GS_LIST_CHINESE_LEGAL_TRADITIONAL,
    GS_LIST_CHINESE_DIGITS, /* 一二 for 12 */
    GS_LIST_HEAVENLY_STEM,  /* 甲乙丙 */
    GS_LIST_EARTHLY_BRANCH, /* 子丑寅 */
    GS_LIST_CIRCLED,        /* ⑫ */
    GS_LIST_CIRCLED_HAN,    /* ㊀ */
    GS_LIST_PARENTHESES,    /* ⑿ */
    GS_LIST_FULL_STOP,      /* ⒓ */
    GS_LIST_NONE,           /* nothing in the number's place */
    GS_LIST_BULLET          /* no label at all */
};

/* The format of that name (size bytes). */
enum gs_list_format gs_list_format_of(const char *name, size_t size);

/* Appends the number; where a format has no sign for it (0, or above its last), in decimal. */
void gs_list_number(struct gs_buf *out, enum gs_list_format format, uint32_t number);

#endif
