/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "index/internal.h"

#define WHOLE (2 * MPSK_MAC_LEN)

static void macs_free(mpsk_retired_t *self)
{
	free(self);
}

static mpsk_macs_t *macs_get(mpsk_index_t *index, mpsk_mac_t const *mac)
{
	return mpsk_map_get(&index->macs, mac->octets, MPSK_MAC_LEN);
}

/* Where an id stands, or would. */
static size_t id_find(mpsk_macs_t const *macs, char const *id, bool *found)
{
	size_t at = 0;
	int order = -1;

	while (macs && at < macs->n && (order = strcmp(macs->ids[at], id)) < 0) at++;
	*found = macs && at < macs->n && order == 0;
	return at;
}

static mpsk_macs_t *macs_create(mpsk_mac_t const *mac, size_t n)
{
	mpsk_macs_t *macs = calloc(1, sizeof(*macs) + n * sizeof(macs->ids[0]));

	if (macs) {
		macs->mac = *mac;
		macs->n = n;
	}
	return macs;
}

mpsk_status_t mpsk_macs_link(mpsk_index_t *index, mpsk_mac_t const *mac, char const *id)
{
	mpsk_macs_t *was = macs_get(index, mac), *made;
	bool found;
	size_t at = id_find(was, id, &found), n = was ? was->n : 0;

	if (found) return MPSK_OK;
	made = macs_create(mac, n + 1);
	if (!made) return MPSK_ERR;
	if (was) {
		memcpy(made->ids, was->ids, at * sizeof(made->ids[0]));
		memcpy(made->ids + at + 1, was->ids + at, (n - at) * sizeof(made->ids[0]));
	}
	strncpy(made->ids[at], id, MPSK_ID_MAX);
	if (mpsk_map_set(&index->macs, made->mac.octets, MPSK_MAC_LEN, made) != MPSK_OK) {
		free(made);
		return MPSK_ERR;
	}
	if (was) mpsk_epoch_retire(&index->epoch, &was->retired, macs_free);
	return MPSK_OK;
}

/* One that stays for want of memory does no harm: its key is looked at before it counts. */
static void id_remove(mpsk_index_t *index, mpsk_mac_t const *mac, char const *id)
{
	mpsk_macs_t *was = macs_get(index, mac), *made = NULL;
	mpsk_status_t status;
	bool found;
	size_t at = id_find(was, id, &found);

	if (!found) return;
	if (was->n == 1) {
		status = mpsk_map_remove(&index->macs, mac->octets, MPSK_MAC_LEN);
	} else {
		made = macs_create(mac, was->n - 1);
		if (!made) return;
		memcpy(made->ids, was->ids, at * sizeof(made->ids[0]));
		memcpy(made->ids + at, was->ids + at + 1, (made->n - at) * sizeof(made->ids[0]));
		status = mpsk_map_set(&index->macs, made->mac.octets, MPSK_MAC_LEN, made);
	}
	if (status == MPSK_OK) {
		mpsk_epoch_retire(&index->epoch, &was->retired, macs_free);
	} else {
		free(made);
	}
}

mpsk_status_t mpsk_macs_add(mpsk_index_t *index, mpsk_key_t const *key)
{
	for (size_t i = 0; i < key->n_macs; i++) {
		if (key->macs[i].digits == WHOLE && mpsk_macs_link(index, &key->macs[i].mac, key->id) != MPSK_OK) {
			return MPSK_ERR;
		}
	}
	return MPSK_OK;
}

void mpsk_macs_unlink(mpsk_index_t *index, mpsk_mac_t const *mac, char const *id)
{
	mpsk_ref_t entry = mpsk_ids_get(&index->ids, id);
	bool listed = false;
	mpsk_key_t key;

	if (entry) {
		mpsk_entry_read(&index->slab, entry, &key);
		listed = mpsk_key_has_whole_mac(&key, mac);
		mpsk_secret_wipe(&key, sizeof(key));
	}
	if (!listed) id_remove(index, mac, id);
}

void mpsk_macs_remove(mpsk_index_t *index, mpsk_key_t const *key, mpsk_key_t const *now)
{
	for (size_t i = 0; i < key->n_macs; i++) {
		mpsk_mac_t const *mac = &key->macs[i].mac;

		if (key->macs[i].digits == WHOLE && !(now && mpsk_key_has_whole_mac(now, mac)) &&
		    !mpsk_devices_find(index, key->id, mac)) {
			id_remove(index, mac, key->id);
		}
	}
}

static void macs_finish(void *uctx, void *value)
{
	(void) uctx;
	free(value);
}

void mpsk_macs_finish(mpsk_index_t *index)
{
	mpsk_map_each(&index->macs, macs_finish, NULL);
	mpsk_map_finish(&index->macs);
}
