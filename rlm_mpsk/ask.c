/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rlm_mpsk/ask.h"

#include "base/secret.h"

#define SETTLE_MS	50	/* a deletion is told within a millisecond or two, and so is a FLUSHALL */
#define SETTLE_STEP_MS	2

static mpsk_status_t ask_held(mpsk_error_t *err)
{
	return mpsk_error_set(err, MPSK_AGAIN, "Redis holds other data than those that this server knows");
}

static bool ask_has_key(rlm_mpsk_t *inst, char const *id)
{
	mpsk_index_reader_t *reader = mpsk_index_enter(inst->policy.index);
	mpsk_key_t key;
	bool found = mpsk_index_key(reader, id, &key);

	if (found) mpsk_secret_wipe(&key, sizeof(key));
	mpsk_index_leave(reader);
	return found;
}

mpsk_status_t rlm_mpsk_ask_claim(rlm_mpsk_t *inst, mpsk_claim_t const *claim, mpsk_claim_result_t *result,
				 mpsk_error_t *err)
{
	uint64_t began = rlm_mpsk_measure_now();
	mpsk_status_t status;

	if (mpsk_sync_held(inst->sync)) return ask_held(err);
	status = mpsk_store_claim(inst->store, claim, result, err);
	rlm_mpsk_measure_claim(inst->measure, status == MPSK_OK ? result : NULL, rlm_mpsk_measure_now() - began);
	if (status != MPSK_OK || mpsk_sync_live(inst->sync)) return status;
	return result->code == MPSK_CLAIM_NOKEY || result->code == MPSK_CLAIM_STALE ? ask_held(err) : MPSK_OK;
}

/*
 * Redis does not have a key that the copy has: it was deleted a moment ago, or
 * all of them were. The sync knows in a moment.
 */
static mpsk_status_t claim(void *uctx, mpsk_claim_t const *asked, mpsk_claim_result_t *result, mpsk_error_t *err)
{
	rlm_mpsk_t *inst = uctx;
	struct timespec const step = { .tv_nsec = SETTLE_STEP_MS * 1000000 };
	mpsk_status_t status = rlm_mpsk_ask_claim(inst, asked, result, err);

	if (status != MPSK_OK || result->code != MPSK_CLAIM_NOKEY) return status;
	for (int waited = 0; waited < SETTLE_MS && ask_has_key(inst, asked->id); waited += SETTLE_STEP_MS) {
		if (!mpsk_sync_live(inst->sync)) return ask_held(err);
		nanosleep(&step, NULL);
	}
	return MPSK_OK;
}

static mpsk_status_t hint_get(void *uctx, mpsk_mac_t const *mac, mpsk_ssid_t const *ssid,
			      char id[static MPSK_ID_MAX + 1], mpsk_error_t *err)
{
	rlm_mpsk_t *inst = uctx;

	id[0] = '\0';
	return mpsk_sync_held(inst->sync) ? ask_held(err) : mpsk_store_hint_get(inst->store, mac, ssid, id, err);
}

static mpsk_status_t hint_set(void *uctx, mpsk_mac_t const *mac, mpsk_ssid_t const *ssid, char const *id,
			      mpsk_error_t *err)
{
	return mpsk_store_hint_set(((rlm_mpsk_t *) uctx)->store, mac, ssid, id, err);
}

static mpsk_status_t key_read(void *uctx, TALLOC_CTX *ctx, char const *id, mpsk_key_t **key, mpsk_error_t *err)
{
	rlm_mpsk_t *inst = uctx;

	*key = NULL;
	return mpsk_sync_held(inst->sync) ? ask_held(err) : mpsk_store_key_read(inst->store, ctx, id, key, err);
}

mpsk_policy_store_t rlm_mpsk_ask(rlm_mpsk_t *inst)
{
	return (mpsk_policy_store_t) {
		.uctx = inst, .claim = claim, .hint_get = hint_get, .hint_set = hint_set, .key_read = key_read
	};
}
