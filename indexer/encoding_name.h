/*
 * encoding_name.h: the names of character encodings. Constant; thread-safe.
 */
#ifndef GS_INDEXER_ENCODING_NAME_H
#define GS_INDEXER_ENCODING_NAME_H

/* How characters are laid out: what a decoder has to know to find the next one behind damage. */
enum gs_encoding_family {
    GS_FAMILY_OTHER,  /* left to iconv */
    GS_FAMILY_SINGLE, /* every byte is a character */
    GS_FAMILY_UTF8,
    GS_FAMILY_UTF16, /* units of two bytes */
    GS_FAMILY_UTF32, /* units of four */
    GS_FAMILY_GB,    /* GB2312, GBK, GB18030 */
    GS_FAMILY_BIG5,
};

/*
 * The name under which an encoding is read and reported, for any of its usual names, in any case
 * and with or without - and _; static. GB2312 and GBK are GB18030, Big5 is BIG5-HKSCS: the larger
 * tables. "UTF-16" and "UTF-32" are left as they are: which of their byte orders is in the bytes.
 * NULL for a name that is not known here (iconv may know it).
 */
const char *gs_encoding_canonical(const char *name);

/* Of any name; GS_FAMILY_OTHER where it is not known here. */
enum gs_encoding_family gs_encoding_family(const char *name);

#endif
