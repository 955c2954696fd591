/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys whose passphrase has become as old as `rotate_every` says get a new
 * one, as `key rotate` gives it: with a grace, and in the form that the one
 * before looks to have been made in.
 */
#include "maintain.h"

#include <stdio.h>

#include "record.h"
#include "rotation.h"

#define AT_ONCE	4096	/* keys, before the lease is looked at again */

/* Nobody knows how old the passphrase of a key is that somebody made by hand: old enough. */
bool maintain_rotate_wants(ctl_maintain_t const *maintain, mpsk_key_t const *key)
{
	int64_t since = key->rotated ? key->rotated : key->created;

	if (!key->rotate_every || !key->enabled || (key->exp && key->exp <= maintain->now)) return false;
	return maintain->now - since >= key->rotate_every && !ctl_record_rotating(key, maintain->now);
}

static void tell(ctl_maintain_t *maintain, ctl_rotated_t const *rotated)
{
	ctl_maintain_done_t done = { .id = rotated->id, .result = rotated->result, .code = rotated->code };

	/* Gone, or another one by now: the next run sees it anew. */
	if (rotated->meanwhile || rotated->code == CTL_NOTHING) return;
	if (rotated->code != CTL_OK) done.reason = rotated->why.text[0] ? rotated->why.text : "it was not come to";
	if (rotated->code == CTL_FAILED) maintain->away = true;
	ctl_maintain_done(maintain, &done);
}

static void rotate(ctl_maintain_t *maintain, mpsk_key_t **keys, size_t n)
{
	ctl_rotation_t rotation = {
		.ctl = maintain->ctl, .input = { .source = CTL_INPUT_GENERATE }, .scheduled = true,
		.grace = maintain->rotate_grace
	};
	ctl_exit_t code;

	for (size_t i = 0; i < n; i++) {
		char id[MPSK_ID_MAX + 1];

		snprintf(id, sizeof(id), "%s", keys[i]->id);
		ctl_rotation_add(&rotation, id, keys[i], CTL_OK, NULL);
	}
	if ((code = ctl_rotation_plan(&rotation)) == CTL_OK) {
		ctl_rotation_write(&rotation);
		for (size_t i = 0; i < n; i++) tell(maintain, &rotation.keys[i]);
	} else {
		/* Which was said. */
		if (code > maintain->worst) maintain->worst = code;
		maintain->away = code == CTL_FAILED;
	}
	talloc_free(rotation.keys);
}

void maintain_rotate(ctl_maintain_t *maintain, mpsk_key_t **keys, size_t n)
{
	ctl_maintain_done_t done = { .result = "would rotate" };

	for (size_t i = 0; maintain->dry_run && i < n; i++) {
		done.id = keys[i]->id;
		ctl_maintain_done(maintain, &done);
	}
	for (size_t i = 0; !maintain->dry_run && i < n && !ctl_maintain_ends(maintain); i += AT_ONCE)
		rotate(maintain, keys + i, n - i < AT_ONCE ? n - i : AT_ONCE);
}
