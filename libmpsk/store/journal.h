/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims that the store may have to be told again.
 *
 * Granted: those of new devices that it granted lately. A failover loses
 * what the replica had not heard of yet. Deferred: those of new devices that
 * were let in while it was away, each a provisional device of its key until
 * the store has been asked.
 *
 * Any thread may call any function. Memory is bounded: the oldest granted
 * claims make way, deferred ones never do.
 */
#ifndef MPSK_STORE_JOURNAL_H
#define MPSK_STORE_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "base/mac.h"
#include "base/status.h"
#include "store/store.h"

#define MPSK_JOURNAL_KEEP_S	120	/* for which a granted claim may be replayed */

/* Room for max claims. NULL where memory is out. */
mpsk_journal_t *mpsk_journal_create(TALLOC_CTX *ctx, size_t max);

/* Note a claim of a new device that was granted at claim->now; of one that was deferred, that it no longer is. */
void mpsk_journal_granted(mpsk_journal_t *journal, mpsk_claim_t const *claim);

/*
 * Note a claim that is granted without the store. OK also where it stands
 * there already; MISS where the key has `limit` deferred ones that the store
 * never granted, or no room is left.
 */
mpsk_status_t mpsk_journal_defer(mpsk_journal_t *journal, mpsk_claim_t const *claim, size_t limit);

/* What is noted of a device of a key. */
typedef enum {
	MPSK_JOURNAL_NOTHING = 0,
	MPSK_JOURNAL_GRANTED,
	MPSK_JOURNAL_DEFERRED
} mpsk_journal_state_t;
mpsk_journal_state_t mpsk_journal_find(mpsk_journal_t *journal, char const *id, mpsk_mac_t const *mac, int64_t now);

/* How many claims are deferred: of a key; or of all, where id is NULL. */
size_t mpsk_journal_deferred(mpsk_journal_t *journal, char const *id);

/*
 * A key has these devices now: whatever was granted before a time and is not
 * among them, somebody took away, and it must not come back by a replay.
 */
void mpsk_journal_keep(mpsk_journal_t *journal, char const *id, mpsk_device_t const *devices, size_t n,
		       int64_t before);

/* How a claim is made again, and who hears how it ended where it was not granted (a code but OK). */
typedef struct {
	void		*uctx;
	mpsk_status_t	(*claim)(void *uctx, mpsk_claim_t const *claim, mpsk_claim_result_t *result,
				 mpsk_error_t *err);
	void		(*refused)(void *uctx, mpsk_claim_t const *claim, mpsk_claim_code_t code);
} mpsk_journal_replay_t;

/*
 * The fingerprint that a claim has to be made with once more, as the store
 * has the key now: what it was made with is STALE when the same PSK has been
 * sealed anew since. NULL where the key has another PSK by now.
 */
char const *mpsk_journal_fingerprint(mpsk_claim_t const *claim, mpsk_key_t const *key);

/*
 * Claim what is deferred, and with lost what was granted within
 * MPSK_JOURNAL_KEEP_S before now too. Stops at the first claim that the store
 * does not answer; what is left stays deferred, granted ones among it.
 * Returns how many were told to the store.
 */
size_t mpsk_journal_replay(mpsk_journal_t *journal, int64_t now, bool lost, mpsk_journal_replay_t const *replay);

#endif
