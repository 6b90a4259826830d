/*
 * api_filing.h: gaosou_filing of the public interface: a filing that owns what it says.
 */
#ifndef GS_INDEXER_API_FILING_H
#define GS_INDEXER_API_FILING_H

#include "common/base/api_error.h"
#include "common/base/buf.h"
#include "indexer/filing.h"

struct gaosou_filing {
    struct gs_buf field[GS_FIELD_COUNT];
    struct gs_buf text;
    size_t page_count; /* added one by one; 0: the text was set as a whole */
};

/* The filing as the builder takes it, borrowed from `filing`. */
struct gs_filing gs_api_filing_view(const gaosou_filing *filing);

#endif
