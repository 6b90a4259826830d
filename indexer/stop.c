#include "indexer/stop.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

static const int signals[] = {SIGINT, SIGTERM};
#define SIGNALS (sizeof(signals) / sizeof(signals[0]))

static atomic_int asked; /* the signal; lock-free, for the handler and for other threads */
static struct sigaction before[SIGNALS];
static bool is_caught[SIGNALS];

static void ask(int number)
{
    int before_this = errno, none = 0;
    if (!atomic_compare_exchange_strong(&asked, &none, number)) {
        (void)signal(number, SIG_DFL);
        (void)raise(number); /* comes through when this returns */
    }
    errno = before_this;
}

void gs_stop_catch(void)
{
    struct sigaction action = {.sa_handler = ask, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    atomic_store(&asked, 0);
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
    return atomic_load_explicit(&asked, memory_order_relaxed);
}
