#include "indexer/stop.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

static const int signals[] = {SIGINT, SIGTERM};
#define SIGNALS (sizeof(signals) / sizeof(signals[0]))

static volatile sig_atomic_t asked; /* the signal */
static struct sigaction before[SIGNALS];
static bool is_caught[SIGNALS];

static void ask(int number)
{
    if (asked) {
        (void)signal(number, SIG_DFL);
        (void)raise(number); /* comes through when this returns */
        return;
    }
    asked = number;
}

void gs_stop_catch(void)
{
    struct sigaction action = {.sa_handler = ask, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    asked = 0;
    for (size_t i = 0; i < SIGNALS; i++) {
        is_caught[i] =
            sigaction(signals[i], NULL, &before[i]) == 0 && before[i].sa_handler != SIG_IGN;
        if (is_caught[i])
            (void)sigaction(signals[i], &action, NULL);
    }
}

void gs_stop_release(void)
{
    for (size_t i = 0; i < SIGNALS; i++) {
        if (is_caught[i])
            (void)sigaction(signals[i], &before[i], NULL);
        is_caught[i] = false;
    }
}

int gs_stop_signal(void)
{
    return asked;
}
