/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rlm_mpsk/replay.h"

#include "rlm_mpsk/ask.h"
#include "store/journal.h"

#define SETTLE_S 2	/* what Redis tells of a key's devices may be older than a claim that it granted meanwhile */

/* The key may have been sealed anew, or put in clear, since the device came with it. */
static mpsk_status_t claim_stale(rlm_mpsk_t *inst, mpsk_claim_t const *stale, mpsk_claim_result_t *result,
				 mpsk_error_t *err)
{
	mpsk_claim_t claim = *stale;
	mpsk_key_t *key = NULL;
	mpsk_status_t status = mpsk_store_key_read(inst->store, NULL, stale->id, &key, err);

	if (status == MPSK_OK) claim.fingerprint = mpsk_journal_fingerprint(stale, key);
	if (status == MPSK_OK && claim.fingerprint) status = rlm_mpsk_ask_claim(inst, &claim, result, err);
	talloc_free(key);
	/* One that is gone or malformed by now is no reason to ask again. */
	return status == MPSK_MISS || status == MPSK_BAD ? MPSK_OK : status;
}

static mpsk_status_t claim(void *uctx, mpsk_claim_t const *claim, mpsk_claim_result_t *result, mpsk_error_t *err)
{
	mpsk_status_t status = rlm_mpsk_ask_claim(uctx, claim, result, err);

	return status == MPSK_OK && result->code == MPSK_CLAIM_STALE ? claim_stale(uctx, claim, result, err) : status;
}

/* It is on the network by now, and its access point will ask again only when it comes back. */
static void refused(void *uctx, mpsk_claim_t const *claim, mpsk_claim_code_t code)
{
	rlm_mpsk_t *inst = uctx;
	char text[MPSK_MAC_TEXT_MAX];

	WARN("rlm_mpsk (%s): device %s was let in with key %s while Redis was away, or by one that is gone, and is not "
	     "granted now (%s): it has to be disconnected at its access point", inst->name,
	     mpsk_mac_print(text, &claim->mac), claim->id, mpsk_claim_code_name(code));
}

void rlm_mpsk_replay(rlm_mpsk_t *inst, bool lost)
{
	mpsk_journal_replay_t const how = { .uctx = inst, .claim = claim, .refused = refused };
	size_t told = mpsk_journal_replay(inst->policy.journal, time(NULL), lost, &how);

	if (told == 0) return;
	INFO("rlm_mpsk (%s): %zu claims were made again%s", inst->name, told,
	     lost ? ", for another Redis is in the place of the last one" : ", after Redis was away");
}

bool rlm_mpsk_replay_due(rlm_mpsk_t const *inst)
{
	return mpsk_journal_deferred(inst->policy.journal, NULL) > 0 && mpsk_sync_live(inst->sync);
}

void rlm_mpsk_replay_devices(rlm_mpsk_t *inst, char const *id, mpsk_device_t const *devices, size_t n)
{
	if (inst->loading) return;
	mpsk_journal_keep(inst->policy.journal, id, devices, n, (int64_t) time(NULL) - SETTLE_S);
}
