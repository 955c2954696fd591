/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "policy/policy.h"

static mpsk_status_t claim(void *uctx, mpsk_claim_t const *asked, mpsk_claim_result_t *result, mpsk_error_t *err)
{
	return mpsk_store_claim(uctx, asked, result, err);
}

static mpsk_status_t hint_get(void *uctx, mpsk_mac_t const *mac, mpsk_ssid_t const *ssid,
			      char id[static MPSK_ID_MAX + 1], mpsk_error_t *err)
{
	return mpsk_store_hint_get(uctx, mac, ssid, id, err);
}

static mpsk_status_t hint_set(void *uctx, mpsk_mac_t const *mac, mpsk_ssid_t const *ssid, char const *id,
			      mpsk_error_t *err)
{
	return mpsk_store_hint_set(uctx, mac, ssid, id, err);
}

static mpsk_status_t key_read(void *uctx, TALLOC_CTX *ctx, char const *id, mpsk_key_t **key, mpsk_error_t *err)
{
	return mpsk_store_key_read(uctx, ctx, id, key, err);
}

mpsk_policy_store_t mpsk_policy_store(mpsk_store_t *store)
{
	return (mpsk_policy_store_t) {
		.uctx = store, .claim = claim, .hint_get = hint_get, .hint_set = hint_set, .key_read = key_read
	};
}
