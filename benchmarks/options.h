/*
 * options.h: what the benchmarks' main programs share of reading their command line.
 *
 * A program's help is one text: "usage: ..." with the forms, an empty line, and its options, each
 * explained. Messages begin with the program's name (program_invocation_short_name). These
 * functions print and exit, so they are for a program's beginning only.
 */
#ifndef GS_BENCHMARKS_OPTIONS_H
#define GS_BENCHMARKS_OPTIONS_H

#include <stdint.h>

/* Prints the help on standard output and exits with 0 where --help or -h is among the arguments. */
void option_help(int argc, char **argv, const char *help);

/* Prints what is wrong and the forms of the help, up to its empty line, and exits with 2. */
_Noreturn void option_usage(const char *help, const char *what, const char *value);

/* Prints what is wrong and exits with 2. */
_Noreturn void option_fail(const char *what, const char *why);

/* The decimal number that the whole of `text` is, least to most; else exits with 2, naming the
 * option. */
uint64_t option_number(const char *option, const char *text, uint64_t least, uint64_t most);

/* Exits with 2, naming the path, where there is no such file, it cannot be read, or it is a folder
 * and `folders` is 0. */
void option_readable(const char *path, int folders);

#endif
