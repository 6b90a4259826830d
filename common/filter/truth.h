/*
 * truth.h: what is not known cannot be judged, so truth has three values (Kleene's strong logic);
 * the order makes AND the least and OR the greatest of its parts.
 */
#ifndef GS_FILTER_TRUTH_H
#define GS_FILTER_TRUTH_H

enum gs_truth { GS_TRUTH_NO, GS_TRUTH_UNKNOWN, GS_TRUTH_YES };

#endif
