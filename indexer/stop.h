/*
 * stop.h: SIGINT and SIGTERM while filings are added. The first one asks the work to stop after the
 * present filing; a second one kills, as it would without this. A signal that was ignored when the
 * program began stays ignored.
 *
 * Signals are the process's, so this is too: for the program, not for libraries. catch and release
 * by one thread; gs_stop_signal by any.
 */
#ifndef GS_INDEXER_STOP_H
#define GS_INDEXER_STOP_H

void gs_stop_catch(void);
void gs_stop_release(void);
/* The signal that asked to stop; 0: none yet. */
int gs_stop_signal(void);

#endif
