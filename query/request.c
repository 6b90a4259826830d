#include "query/request.h"

struct gs_request gs_request_defaults(void)
{
    struct gs_request r = {.search = gs_search_defaults(), .fragments = GS_REQUEST_FRAGMENTS};
    r.search.facet_limit = GS_REQUEST_FACET_LIMIT;
    return r;
}

void gs_request_ask_ranks(struct gs_request *r, size_t limit)
{
    r->count = r->together = r->explain = r->search.collapse = false;
    r->no_fragments = true;
    r->facet_count = r->search.offset = 0;
    r->cursor = NULL;
    r->search.limit = limit;
}
