#include "indexer/detect.h"

bool gs_encoding_declared(const uint8_t *bytes, size_t size, const char **name)
{
    (void)bytes;
    (void)size;
    (void)name;
    return false;
}
