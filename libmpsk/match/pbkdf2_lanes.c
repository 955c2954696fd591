/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PBKDF2-HMAC-SHA1 in lanes, the two halves of a PMK as the two streams.
 * Compiled once for each width of vectors, MPSK_LANES.
 */
#include "base/secret.h"
#include "match/kernel.h"
#include "match/sha1_lanes.h"

_Static_assert(STREAMS == MPSK_PBKDF2_HALVES, "each half is a stream");

/* Secrets, wiped at the end. */
typedef struct {
	state_t		inner, outer;	/* after the passphrase */
	state_t		u, sum;
	schedule_t	schedule;
} work_t;

static void work_load(work_t *work, mpsk_pbkdf2_lanes_t const *lanes, size_t lane)
{
	for (unsigned s = 0; s < STREAMS; s++) {
		for (unsigned i = 0; i < MPSK_SHA1_WORDS; i++) {
			work->inner.h[s][i] = lanes_load(&lanes->key[i][lane]);
			work->outer.h[s][i] = lanes_load(&lanes->key[MPSK_SHA1_WORDS + i][lane]);
			work->sum.h[s][i] = lanes_load(&lanes->sum[s][i][lane]);
		}
	}
	work->u = work->sum;
}

/* A digest that is the message of an HMAC is padded as its inner digest is: both come behind one block. */
static void iterate(work_t *work)
{
	compress_outer(&work->u, &work->inner, &work->u, &work->schedule);
	compress_outer(&work->u, &work->outer, &work->u, &work->schedule);
	for (unsigned s = 0; s < STREAMS; s++) {
		for (unsigned i = 0; i < MPSK_SHA1_WORDS; i++) work->sum.h[s][i] ^= work->u.h[s][i];
	}
}

void LANES_NAME(mpsk_pbkdf2)(mpsk_pbkdf2_lanes_t *lanes, size_t n)
{
	work_t work;

	for (size_t lane = 0; lane < n; lane += MPSK_LANES) {
		work_load(&work, lanes, lane);
		for (unsigned i = 1; i < MPSK_PBKDF2_ITERATIONS; i++) iterate(&work);
		for (unsigned s = 0; s < STREAMS; s++) {
			for (unsigned i = 0; i < MPSK_SHA1_WORDS; i++) {
				lanes_store(&lanes->sum[s][i][lane], work.sum.h[s][i]);
			}
		}
	}
	mpsk_secret_wipe(&work, sizeof(work));
}
