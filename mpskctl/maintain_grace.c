/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Old passphrases go from the store: those whose grace is over, which no
 * server takes any more; and, where that is asked for, those that nobody uses
 * any more.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "edit.h"
#include "maintain.h"
#include "record.h"

/*
 * Redis notes old_used and last-seen a minute late at most: a device that
 * was seen longer than that after the last use came with the new passphrase.
 */
#define LAG_S	120

/* When the old passphrase was last used, or could have been. */
static int64_t old_last(mpsk_key_t const *key)
{
	return key->old_used > key->rotated ? key->old_used : key->rotated;
}

/* Whether it may end early, as far as the key tells. One without the time of its rotation waits for the end. */
static bool may_end_early(ctl_maintain_t const *maintain, mpsk_key_t const *key)
{
	return maintain->early_grace && key->rotated && maintain->now - old_last(key) >= maintain->early_grace;
}

bool maintain_grace_wants(ctl_maintain_t const *maintain, mpsk_key_t const *key)
{
	return key->old_psk.len && (!ctl_record_rotating(key, maintain->now) || may_end_early(maintain, key));
}

/* MISS where some device did not come since, or there is none: its holder may have the old one alone. */
static mpsk_status_t all_came(ctl_maintain_t *maintain, mpsk_key_t const *key, mpsk_error_t *err)
{
	mpsk_device_t *devices;
	size_t n;
	mpsk_status_t status = mpsk_store_devices(maintain->ctl->store, NULL, key->id, &devices, &n, err);

	if (status != MPSK_OK) return status;
	if (!n) status = MPSK_MISS;
	for (size_t i = 0; i < n; i++) if (devices[i].last_seen <= old_last(key) + LAG_S) status = MPSK_MISS;
	talloc_free(devices);
	return status;
}

/* A device that comes with the old one meanwhile is noted in old_used, and the grace goes on. */
static mpsk_status_t end(ctl_maintain_t *maintain, mpsk_key_t const *key, mpsk_error_t *err)
{
	ctl_changes_t *changes = ctl_changes_create(NULL);
	char used[24] = "";
	mpsk_field_t expected = { .name = "old_used", .name_len = strlen("old_used"), .value = used };
	mpsk_status_t status;

	if (key->old_used) snprintf(used, sizeof(used), "%" PRId64, key->old_used);
	expected.value_len = strlen(used);
	ctl_edit_grace(changes, NULL, 0);
	/* A rotation meanwhile, which gave it another old passphrase, gave it another psk too. */
	status = mpsk_store_key_edit_if(maintain->ctl->store, key->id, changes->fields, changes->n, key->fingerprint,
					&expected, ctl_record_rotating(key, maintain->now) ? 1 : 0, err);
	talloc_free(changes);
	return status;
}

static void end_grace(ctl_maintain_t *maintain, mpsk_key_t const *key)
{
	ctl_maintain_done_t done = { .id = key->id, .result = ctl_maintain_say(maintain, "ended", "would end") };
	mpsk_error_t err = { "" };
	mpsk_status_t status = MPSK_OK;

	if (ctl_record_rotating(key, maintain->now)) {
		done.result = ctl_maintain_say(maintain, "ended early", "would end early");
		status = all_came(maintain, key, &err);
	}
	if (status == MPSK_OK && !maintain->dry_run) status = end(maintain, key, &err);
	ctl_maintain_settle(maintain, &done, status, &err);
}

void maintain_grace(ctl_maintain_t *maintain, mpsk_key_t **keys, size_t n)
{
	for (size_t i = 0; i < n && !ctl_maintain_ends(maintain); i++) end_grace(maintain, keys[i]);
}
