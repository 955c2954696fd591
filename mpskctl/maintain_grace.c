/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Old passphrases whose grace is over: no server takes them any more, and
 * they go from the store.
 */
#include "edit.h"
#include "maintain.h"
#include "record.h"

bool maintain_grace_wants(ctl_maintain_t const *maintain, mpsk_key_t const *key)
{
	return key->old_psk.len && !ctl_record_rotating(key, maintain->now);
}

static void end_grace(ctl_maintain_t *maintain, mpsk_key_t const *key)
{
	ctl_maintain_done_t done = { .id = key->id, .result = ctl_maintain_say(maintain, "ended", "would end") };
	ctl_changes_t *changes = ctl_changes_create(NULL);
	mpsk_error_t err = { "" };
	mpsk_status_t status = MPSK_OK;

	ctl_edit_grace(changes, NULL, 0);
	/* A rotation meanwhile, which gave it another old passphrase, gave it another psk too. */
	if (!maintain->dry_run) {
		status = mpsk_store_key_write(maintain->ctl->store, key->id, MPSK_WRITE_EDIT, changes->fields,
					      changes->n, key->fingerprint, &err);
	}
	talloc_free(changes);
	ctl_maintain_settle(maintain, &done, status, &err);
}

void maintain_grace(ctl_maintain_t *maintain, mpsk_key_t **keys, size_t n)
{
	for (size_t i = 0; i < n && !ctl_maintain_ends(maintain); i++) end_grace(maintain, keys[i]);
}
