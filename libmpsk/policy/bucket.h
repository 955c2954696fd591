/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A token bucket: what it holds grows by `rate` a second up to `burst`. It
 * counts in thousandths, so that no millisecond is lost. Locks are the
 * caller's.
 */
#ifndef MPSK_POLICY_BUCKET_H
#define MPSK_POLICY_BUCKET_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
	int64_t	rate;		/* tokens a second, over 0 */
	int64_t	burst;		/* tokens */
} mpsk_bucket_size_t;

/* One of zeros is new, and full when it is first looked at. */
typedef struct {
	bool	begun;
	int64_t	at_ms;
	int64_t	thousandths;	/* below 0: more was taken than there was */
} mpsk_bucket_t;

/*
 * Take n tokens where they are there; of more than burst, all that a full
 * one has, and the rest is owed. Else take none, and *wait_ms is how long it
 * will be until they are there.
 */
bool mpsk_bucket_take(mpsk_bucket_t *bucket, mpsk_bucket_size_t const *size, int64_t now_ms, int64_t n,
		      int64_t *wait_ms);

/* Take n tokens, there or not, until as many are owed as a full one has; give -n back. */
void mpsk_bucket_charge(mpsk_bucket_t *bucket, mpsk_bucket_size_t const *size, int64_t now_ms, int64_t n);

#endif
