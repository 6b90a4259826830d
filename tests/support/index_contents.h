/*
 * index_contents.h: what an index holds, whatever way it came about: two indexes that answer alike
 * give the same bytes. Ends the test on failure.
 */
#ifndef GS_TESTS_INDEX_CONTENTS_H
#define GS_TESTS_INDEX_CONTENTS_H

#include "common/base/buf.h"

/* Every live filing with its fields, text and lists, in the order of ids, without what tells when
 * it was added (sequence and commit); appended to *out. */
void index_contents(const char *folder, struct gs_buf *out);

#endif
