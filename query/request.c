#include "query/request.h"

struct gs_request gs_request_defaults(void)
{
    return (struct gs_request){.search = gs_search_defaults(), .fragments = GS_REQUEST_FRAGMENTS};
}
