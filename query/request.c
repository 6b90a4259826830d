#include "query/request.h"

struct gs_request gs_request_defaults(void)
{
    struct gs_request r = {.search = gs_search_defaults(), .fragments = GS_REQUEST_FRAGMENTS};
    r.search.facet_limit = GS_REQUEST_FACET_LIMIT;
    return r;
}
