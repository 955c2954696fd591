/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rlm_mpsk/sink.h"

#include <string.h>

#include "base/secret.h"
#include "key/packed.h"
#include "rlm_mpsk/dialect/dialect.h"
#include "rlm_mpsk/instance.h"
#include "rlm_mpsk/malformed.h"
#include "rlm_mpsk/replay.h"
#include "rlm_mpsk/seal.h"

#define DERIVE_BUDGET_MS 10
#define DERIVE_TELL_MIN	500	/* PMKs: about a tenth of a second with the best of kernels, a whole one with none */
#define DERIVE_TELL_S	10

static void sink_begin(void *uctx)
{
	rlm_mpsk_t *inst = uctx;

	inst->loading = true;
	mpsk_index_begin(inst->policy.index);
}

static void sink_commit(void *uctx)
{
	rlm_mpsk_t *inst = uctx;

	mpsk_index_commit(inst->policy.index);
	inst->loading = false;
}

static size_t sink_count(void *uctx, size_t *lost)
{
	return mpsk_index_count(((rlm_mpsk_t *) uctx)->policy.index, lost);
}

/* Whether a key came with this psk before, so that what there is to say of it has been said. */
static bool psk_is_known(rlm_mpsk_t *inst, mpsk_key_t const *key)
{
	mpsk_index_reader_t *reader = mpsk_index_enter(inst->policy.index);
	mpsk_key_t was;
	bool known = mpsk_index_key(reader, key->id, &was);

	if (known) {
		mpsk_key_fingerprints(&was);
		known = strcmp(was.fingerprint, key->fingerprint) == 0;
		mpsk_secret_wipe(&was, sizeof(was));
	}
	mpsk_index_leave(reader);
	return known;
}

static void sink_key_put(void *uctx, mpsk_key_t *key)
{
	rlm_mpsk_t *inst = uctx;

	if (!wpa_psk_is_ascii(&key->psk) && !psk_is_known(inst, key)) {
		WARN("rlm_mpsk (%s): key %s: psk holds octets that are not printable ASCII: "
		     "it is matched as it is, but not every device can be given it", inst->name, key->id);
	}
	rlm_mpsk_seal_note(inst, key);
	if (mpsk_index_put(inst->policy.index, key) != MPSK_OK) {
		ERROR("rlm_mpsk (%s): a key could not be taken in: out of memory", inst->name);
	}
}

static void sink_key_drop(void *uctx, char const *id)
{
	mpsk_index_drop(((rlm_mpsk_t *) uctx)->policy.index, id);
}

static void sink_devices_put(void *uctx, char const *id, mpsk_device_t const *devices, size_t n)
{
	rlm_mpsk_t *inst = uctx;

	rlm_mpsk_replay_devices(inst, id, devices, n);
	if (mpsk_index_devices_put(inst->policy.index, id, devices, n) != MPSK_OK) {
		ERROR("rlm_mpsk (%s): the devices of key %s could not be taken in: out of memory", inst->name, id);
	}
}

static void sink_nas_put(void *uctx, char const *nas, mpsk_nas_t const *at)
{
	rlm_mpsk_t *inst = uctx;

	if (at->dialect[0] && !dialect_named(at->dialect)) {
		WARN("rlm_mpsk (%s): mpsk:cfg:nas:%s: dialect is none that there is, and counts as absent",
		     inst->name, nas);
	}
	if (at->reply[0] && !dialect_style_find(at->reply)) {
		WARN("rlm_mpsk (%s): mpsk:cfg:nas:%s: reply is no style that there is, and counts as absent",
		     inst->name, nas);
	}
	if (mpsk_index_nas_put(inst->policy.index, nas, at) != MPSK_OK) {
		ERROR("rlm_mpsk (%s): NAS %s could not be taken in: out of memory", inst->name, nas);
	}
}

static void sink_nas_drop(void *uctx, char const *nas)
{
	mpsk_index_nas_drop(((rlm_mpsk_t *) uctx)->policy.index, nas);
}

static void sink_site_put(void *uctx, char const *site, mpsk_site_t const *at)
{
	rlm_mpsk_t *inst = uctx;

	if (mpsk_index_site_put(inst->policy.index, site, at) != MPSK_OK) {
		ERROR("rlm_mpsk (%s): site %s could not be taken in: out of memory", inst->name, site);
	}
}

static void sink_site_drop(void *uctx, char const *site)
{
	mpsk_index_site_drop(((rlm_mpsk_t *) uctx)->policy.index, site);
}

static void keep_pmk(void *uctx, mpsk_key_t const *key, mpsk_ssid_t const *ssid, wpa_pmk_t const *pmk)
{
	rlm_mpsk_t *inst = uctx;

	/* A PMK that is not kept costs its 2 ms again at the next start, no more. */
	(void) mpsk_store_key_pmk(inst->store, key->id, key->fingerprint, ssid, pmk, NULL);
}

/* Work that an administrator would notice is told of: when it is met, now and then, and at its end. */
static void derive_tell(rlm_mpsk_t *inst, size_t missing)
{
	time_t now = time(NULL);

	if (missing == 0 && inst->derive_told_at > 0) {
		INFO("rlm_mpsk (%s): all PMKs are derived", inst->name);
		inst->derive_told_at = 0;
	}
	if (missing < DERIVE_TELL_MIN || now < inst->derive_told_at + DERIVE_TELL_S) return;
	INFO("rlm_mpsk (%s): %zu PMKs are still to be derived; their devices cannot be told apart before. "
	     "`mpskctl key derive` does it once for all servers, on every core", inst->name, missing);
	inst->derive_told_at = now;
}

static void sink_restored(void *uctx, bool replaced)
{
	rlm_mpsk_t *inst = uctx;

	/* The one that was replaced may still answer, and it has all these claims. */
	if (replaced) mpsk_store_renew(inst->store);
	rlm_mpsk_replay(inst, replaced);
}

static bool sink_idle(void *uctx)
{
	rlm_mpsk_t *inst = uctx;
	size_t missing = mpsk_index_derive(inst->policy.index, DERIVE_BUDGET_MS, keep_pmk, inst);

	derive_tell(inst, missing);
	rlm_mpsk_malformed_log(inst, time(NULL));
	if (rlm_mpsk_replay_due(inst)) rlm_mpsk_replay(inst, false);
	/* First the PMKs, which are then sealed with their keys in one step. */
	return missing > 0 || rlm_mpsk_seal_some(inst);
}

static void sink_log(void *uctx, mpsk_sync_level_t level, char const *text)
{
	static log_type_t const types[] = {
		[MPSK_SYNC_INFO] = L_INFO,
		[MPSK_SYNC_WARN] = L_WARN,
		[MPSK_SYNC_ERROR] = L_ERR,
	};

	radlog(types[level], "rlm_mpsk (%s): %s", ((rlm_mpsk_t *) uctx)->name, text);
}

mpsk_sync_sink_t const rlm_mpsk_sink = {
	.begin = sink_begin,
	.commit = sink_commit,
	.count = sink_count,
	.key_put = sink_key_put,
	.key_drop = sink_key_drop,
	.devices_put = sink_devices_put,
	.nas_put = sink_nas_put,
	.nas_drop = sink_nas_drop,
	.site_put = sink_site_put,
	.site_drop = sink_site_drop,
	.restored = sink_restored,
	.idle = sink_idle,
	.log = sink_log,
};
