/*
 * option_rules.h: which options of gaosou-query do not go together, and which want another.
 */
#ifndef GS_QUERY_OPTION_RULES_H
#define GS_QUERY_OPTION_RULES_H

#include "query/option_table.h"

/* given: a GS_OPTION_BIT for each option that was given. GAOSOU_E_USE names the two. */
GS_MUST_USE enum gaosou_status gs_option_rules_check(uint64_t given, bool chinese,
                                                     struct gs_err *err);

#endif
