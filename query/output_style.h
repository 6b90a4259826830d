/* output_style.h: escapes of a terminal (ECMA-48, SGR). */
#ifndef GS_QUERY_OUTPUT_STYLE_H
#define GS_QUERY_OUTPUT_STYLE_H

#define GS_SGR_OFF   "\033[0m"
#define GS_SGR_TITLE "\033[1m"
#define GS_SGR_HIT   "\033[1;31m"
#define GS_SGR_DIM   "\033[2m"

#endif
