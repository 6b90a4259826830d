// simdutf's transcoding behind two C functions, for transcoder.h. Built by transcode.mk.
#include "simdutf.h"

#include <string>

extern "C" size_t gs_transcode(const char *utf8, size_t size, char16_t *utf16)
{
    return simdutf::get_active_implementation()->convert_utf8_to_utf16le(utf8, size, utf16);
}

extern "C" const char *gs_transcode_kernel()
{
    static const std::string name(simdutf::get_active_implementation()->name());
    return name.c_str();
}
