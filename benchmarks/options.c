#include "benchmarks/options.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void option_help(int argc, char **argv, const char *help)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") != 0 && strcmp(argv[i], "-h") != 0)
            continue;
        fputs(help, stdout);
        exit(fflush(stdout) == 0 ? 0 : 2);
    }
}

void option_usage(const char *help, const char *what, const char *value)
{
    const char *end = strstr(help, "\n\n");
    int size = end ? (int)(end - help) : (int)strlen(help);
    fprintf(stderr, "%s: %s%s%s\n%.*s\n(--help explains the options)\n",
            program_invocation_short_name, what, value ? ": " : "", value ? value : "", size, help);
    exit(2);
}

void option_fail(const char *what, const char *why)
{
    fprintf(stderr, "%s: %s%s%s\n", program_invocation_short_name, what, why ? ": " : "",
            why ? why : "");
    exit(2);
}

uint64_t option_number(const char *option, const char *text, uint64_t least, uint64_t most)
{
    char *end = NULL;
    errno = 0;
    uint64_t n = *text >= '0' && *text <= '9' ? strtoull(text, &end, 10) : 0;
    if (end && *end == '\0' && errno == 0 && n >= least && n <= most)
        return n;
    fprintf(stderr, "%s: %s: \"%s\" is not a number from %" PRIu64 " to %" PRIu64 "\n",
            program_invocation_short_name, option, text, least, most);
    exit(2);
}

void option_readable(const char *path, int folders)
{
    struct stat st;
    if (stat(path, &st) != 0 || access(path, R_OK) != 0)
        option_fail(path, strerror(errno));
    if (!folders && S_ISDIR(st.st_mode))
        option_fail(path, "is a folder; name its files");
}
