/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys that expired long ago, and nobody gave more time since: deleted, with
 * their devices and sessions.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "maintain.h"

bool maintain_purge_wants(ctl_maintain_t const *maintain, mpsk_key_t const *key)
{
	return maintain->purge_expired && key->exp && maintain->now - key->exp >= maintain->purge_expired;
}

/* A key that was edited since it was read stays: the next run sees it anew. */
static mpsk_status_t delete_unchanged(ctl_maintain_t *maintain, mpsk_key_t const *key, mpsk_error_t *err)
{
	char exp[24], modified[24] = "";
	mpsk_field_t expected[] = {
		{ .name = "exp", .name_len = strlen("exp"), .value = exp },
		{ .name = "modified", .name_len = strlen("modified"), .value = modified },
	};
	size_t n = sizeof(expected) / sizeof(expected[0]);

	snprintf(exp, sizeof(exp), "%" PRId64, key->exp);
	if (key->modified) snprintf(modified, sizeof(modified), "%" PRId64, key->modified);
	for (size_t i = 0; i < n; i++) expected[i].value_len = strlen(expected[i].value);
	return mpsk_store_key_delete_if(maintain->ctl->store, key->id, expected, n, err);
}

void maintain_purge(ctl_maintain_t *maintain, mpsk_key_t **keys, size_t n)
{
	for (size_t i = 0; i < n && !ctl_maintain_ends(maintain); i++) {
		ctl_maintain_done_t done = {
			.id = keys[i]->id, .result = ctl_maintain_say(maintain, "deleted", "would delete")
		};
		mpsk_error_t err = { "" };
		mpsk_status_t status = MPSK_OK;

		if (!maintain->dry_run) status = delete_unchanged(maintain, keys[i], &err);
		ctl_maintain_settle(maintain, &done, status, &err);
	}
}
