#include "query/ranking.h"

#include <string.h>

const struct gs_ranking_params gs_ranking_defaults = {
    .depth = 200,
    .function = 0,
    .particle = 0.3,
    .longest = 20,
    .title = 1,
    .title_length = 16,
    .window = 100,
    .pair = 0.25,
    .passage = 2,
};

double *gs_ranking_param(struct gs_ranking_params *params, const char *name, size_t size)
{
    const struct {
        const char *name;
        double *value;
    } table[] = {
        {"depth", &params->depth},       {"function", &params->function},
        {"particle", &params->particle}, {"longest", &params->longest},
        {"title", &params->title},       {"title_length", &params->title_length},
        {"window", &params->window},     {"pair", &params->pair},
        {"passage", &params->passage},
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        if (strlen(table[i].name) == size && memcmp(table[i].name, name, size) == 0)
            return table[i].value;
    return NULL;
}

/* Switches on what a name stands for. */
static bool read_name(const char *name, size_t size, struct gs_ranking *out)
{
    const struct {
        const char *name;
        bool *on;
    } table[] = {
        {"title", &out->title},
        {"proximity", &out->proximity},
        {"stop", &out->stop},
        {"passages", &out->passages},
    };
    bool full = size == 4 && memcmp(name, "full", 4) == 0;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        bool named = strlen(table[i].name) == size && memcmp(table[i].name, name, size) == 0;
        if (full || named)
            *table[i].on = true;
        if (named)
            return true;
    }
    return full || (size == 5 && memcmp(name, "plain", 5) == 0);
}

bool gs_ranking_read(const char *names, size_t size, struct gs_ranking *out)
{
    struct gs_ranking read = {.chosen = true, .params = out->params};
    for (size_t at = 0; at <= size;) {
        const char *comma = at < size ? memchr(names + at, ',', size - at) : NULL;
        size_t end = comma ? (size_t)(comma - names) : size;
        if (!read_name(names + at, end - at, &read))
            return false;
        at = end + 1;
    }
    *out = read;
    return true;
}
