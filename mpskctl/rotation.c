/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rotation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "bulk.h"
#include "edit.h"
#include "record.h"
#include "when.h"

/* On any thread. What was said already has no why. */
static void settle(ctl_rotated_t *rotated, ctl_exit_t code, char const *result, char const *why)
{
	rotated->code = code;
	rotated->result = result;
	if (why) (void) mpsk_error_set(&rotated->why, MPSK_OK, "%s", why);
}

/*
 * --- Which keys ---
 */
static int keys_wipe(ctl_rotated_t *keys)
{
	mpsk_secret_wipe(keys, talloc_get_size(keys));
	return 0;
}

void ctl_rotation_add(ctl_rotation_t *rotation, char const *id, mpsk_key_t *key, ctl_exit_t code, char const *why)
{
	ctl_rotated_t *rotated;

	if (rotation->n == rotation->room) {
		rotation->room = rotation->room ? 2 * rotation->room : 16;
		rotation->keys = ctl_need(talloc_realloc(rotation->ctl->mem, rotation->keys, ctl_rotated_t,
							 rotation->room));
		talloc_set_destructor(rotation->keys, keys_wipe);
	}
	rotated = &rotation->keys[rotation->n++];
	*rotated = (ctl_rotated_t) { .old = key ? talloc_steal(rotation->ctl->mem, key) : NULL };
	snprintf(rotated->id, sizeof(rotated->id), "%s", id);
	if (!key) settle(rotated, code, code == CTL_NOTHING ? "not found" : "failed", why);
}

static int id_cmp(void const *a, void const *b)
{
	return strcmp(((ctl_rotated_t const *) a)->id, ((ctl_rotated_t const *) b)->id);
}

void ctl_rotation_order(ctl_rotation_t *rotation)
{
	size_t n = 0;

	if (rotation->n) qsort(rotation->keys, rotation->n, sizeof(*rotation->keys), id_cmp);
	for (size_t i = 0; i < rotation->n; i++)
		if (n == 0 || id_cmp(&rotation->keys[n - 1], &rotation->keys[i]) != 0)
			rotation->keys[n++] = rotation->keys[i];
	rotation->n = n;
}

/*
 * --- What becomes of one ---
 */
static ctl_exit_t parse(ctl_rotation_t const *rotation, ctl_rotated_t *rotated)
{
	ctl_changes_number(rotated->changes, "modified", rotation->ctl->now);
	return ctl_edit_parse(rotation->ctl, rotated->id, rotated->old, rotated->changes, &rotated->key);
}

/* Whether the passphrase before the one that is to be replaced would be cut short, which nobody asked for. */
static bool cuts_short(ctl_rotation_t const *rotation, ctl_rotated_t const *rotated)
{
	return rotation->grace && !rotation->force && ctl_record_rotating(rotated->old, rotation->ctl->now);
}

static void refuse_grace(ctl_rotated_t *rotated)
{
	char until[CTL_WHEN_TEXT_MAX] = "somebody ends it";

	if (rotated->old->old_exp) ctl_when_print(until, rotated->old->old_exp);
	settle(rotated, CTL_INVALID, "in grace", NULL);
	(void) mpsk_error_set(&rotated->why, MPSK_OK, "it was rotated before, and its passphrase of then is taken "
			      "until %s. With --force that one ends at once, and the present one gets the grace",
			      until);
}

static bool psk_same(wpa_psk_t const *a, wpa_psk_t const *b)
{
	return a->len == b->len && mpsk_secret_equal(a->octets, b->octets, a->len);
}

/* Without the old passphrase at first, which is as unique as it was. Not OK: no key can get one, which was said. */
static ctl_exit_t plan_new(ctl_rotation_t *rotation, ctl_rotated_t *rotated)
{
	ctl_input_t *input = &rotation->input;
	ctl_exit_t code;

	if (rotation->scheduled) input->policy = mpsk_generate_like(&rotated->old->psk, &input->length);
	if ((code = ctl_edit_psk(rotated->changes, input, &rotated->psk)) != CTL_OK) return code;
	ctl_changes_number(rotated->changes, "rotated", rotation->ctl->now);
	rotated->bits = input->bits;
	if (psk_same(&rotated->psk, &rotated->old->psk)) {
		settle(rotated, CTL_INVALID, "failed", "it has this passphrase already");
		return CTL_OK;
	}
	ctl_edit_grace(rotated->changes, NULL, 0);
	if ((code = parse(rotation, rotated)) != CTL_OK ||
	    (code = ctl_edit_pmk(rotated->changes, rotated->old, rotated->key, false)) != CTL_OK) {
		settle(rotated, code, "failed", NULL);
	}
	return CTL_OK;
}

static ctl_exit_t plan_one(ctl_rotation_t *rotation, ctl_rotated_t *rotated)
{
	ctl_exit_t code;

	rotated->changes = ctl_changes_create(rotation->ctl->mem);
	if (!rotation->end) {
		if (!cuts_short(rotation, rotated)) return plan_new(rotation, rotated);
		refuse_grace(rotated);
	} else if (!rotated->old->old_psk.len) {
		settle(rotated, CTL_INVALID, "failed", "it has no old passphrase");
	} else {
		ctl_edit_grace(rotated->changes, NULL, 0);
		if ((code = parse(rotation, rotated)) != CTL_OK) settle(rotated, code, "failed", NULL);
	}
	return CTL_OK;
}

/*
 * --- The same passphrase twice ---
 */
typedef struct {
	ctl_rotated_t	**by_psk;	/* in the order of their new passphrases */
	size_t		n;
} twins_t;

static int psk_cmp(wpa_psk_t const *a, wpa_psk_t const *b)
{
	return a->len != b->len ? a->len - b->len : memcmp(a->octets, b->octets, a->len);
}

static int twins_cmp(void const *a, void const *b)
{
	return psk_cmp(&(*(ctl_rotated_t *const *) a)->psk, &(*(ctl_rotated_t *const *) b)->psk);
}

static void twin_refuse(ctl_rotated_t *rotated, char const *other)
{
	settle(rotated, CTL_INVALID, "failed", NULL);
	(void) mpsk_error_set(&rotated->why, MPSK_OK, "key %s already has the passphrase that it would get: a device "
			      "could not be told which of the two it holds", other);
}

/* The planned keys that would get a passphrase which this key has. */
static void twins_meet(twins_t *twins, wpa_psk_t const *psk, mpsk_key_t const *key)
{
	size_t first = 0, last = twins->n;

	while (first < last) {
		size_t middle = first + (last - first) / 2;

		if (psk_cmp(&twins->by_psk[middle]->psk, psk) < 0) {
			first = middle + 1;
		} else {
			last = middle;
		}
	}
	for (; first < twins->n && psk_cmp(&twins->by_psk[first]->psk, psk) == 0; first++) {
		ctl_rotated_t *rotated = twins->by_psk[first];

		if (!rotated->result && mpsk_key_collides(rotated->key, key)) twin_refuse(rotated, key->id);
	}
}

static mpsk_status_t twins_look(void *uctx, char const *id, mpsk_key_t *key, mpsk_error_t const *err)
{
	twins_t *twins = uctx;

	if (!key) {
		ctl_fail(CTL_OK, "warning: key %s is malformed and was not compared: %s", id, err->text);
		return MPSK_OK;
	}
	twins_meet(twins, &key->psk, key);
	if (key->old_psk.len) twins_meet(twins, &key->old_psk, key);
	return MPSK_OK;
}

/* Among themselves, too: a short alphabet makes few passphrases. */
static ctl_exit_t unique(ctl_rotation_t *rotation)
{
	twins_t twins = { .n = 0 };
	mpsk_error_t err = { "" };
	mpsk_status_t status;

	twins.by_psk = ctl_need(talloc_array(rotation->ctl->mem, ctl_rotated_t *, rotation->n));
	for (size_t i = 0; i < rotation->n; i++)
		if (!rotation->keys[i].result) twins.by_psk[twins.n++] = &rotation->keys[i];
	if (twins.n) qsort(twins.by_psk, twins.n, sizeof(*twins.by_psk), twins_cmp);
	for (size_t i = 0; i < twins.n; i++) {
		ctl_rotated_t const *rotated = twins.by_psk[i];

		if (!rotated->result) twins_meet(&twins, &rotated->psk, rotated->key);
	}
	status = twins.n ? mpsk_store_key_each(rotation->ctl->store, twins_look, &twins, &err) : MPSK_OK;
	talloc_free(twins.by_psk);
	return status == MPSK_OK ? CTL_OK : ctl_fail(ctl_exit_of(status), "%s", err.text);
}

/* One key, whose passphrase a person may have chosen: its PMK tells it from its equal in 64 hex digits. */
static ctl_exit_t unique_one(ctl_rotation_t *rotation, ctl_rotated_t *rotated)
{
	ctl_exit_t code = CTL_OK;

	if (!rotation->no_pmk) {
		code = ctl_edit_pmk(rotated->changes, rotated->old, rotated->key, true);
		if (code == CTL_OK) code = parse(rotation, rotated);
	}
	return code == CTL_OK ? ctl_edit_unique(rotation->ctl, rotated->key) : code;
}

/* A grace that is over before the next rotation: that one would be refused, or cut it short. */
static int64_t grace_of(ctl_rotation_t const *rotation, mpsk_key_t const *key)
{
	bool shorter = rotation->scheduled && key->rotate_every && key->rotate_every < rotation->grace;

	return shorter ? key->rotate_every : rotation->grace;
}

ctl_exit_t ctl_rotation_plan(ctl_rotation_t *rotation)
{
	ctl_exit_t code = CTL_OK;

	for (size_t i = 0; i < rotation->n && code == CTL_OK; i++) {
		if (!rotation->keys[i].result) code = plan_one(rotation, &rotation->keys[i]);
	}
	if (code != CTL_OK || rotation->end || !rotation->n) return code;
	if (rotation->n > 1) {
		code = unique(rotation);
	} else if (!rotation->keys[0].result && (code = unique_one(rotation, &rotation->keys[0])) != CTL_OK) {
		settle(&rotation->keys[0], code, "failed", NULL);
		code = CTL_OK;
	}
	for (size_t i = 0; i < rotation->n; i++) {
		ctl_rotated_t *rotated = &rotation->keys[i];

		if (rotated->result || !rotation->grace) continue;
		rotated->until = rotation->ctl->now + grace_of(rotation, rotated->old);
		ctl_edit_grace(rotated->changes, rotated->old, rotated->until);
	}
	return code;
}

/*
 * --- Writing ---
 */
static char const *done(ctl_rotation_t const *rotation)
{
	return rotation->end ? "ended" : "rotated";
}

/* Redis did not say that it was written: whether it was, and whether the others can be. */
static mpsk_status_t write_doubt(ctl_rotation_t *rotation, ctl_rotated_t *rotated, mpsk_error_t const *why)
{
	mpsk_error_t err = { "" };
	mpsk_key_t *now = NULL;
	mpsk_status_t status = mpsk_store_key_read(rotation->ctl->store, NULL, rotated->id, &now, &err);
	bool same = status == MPSK_OK && strcmp(now->fingerprint, rotated->key->fingerprint) == 0;

	if (same && (!rotation->end || !now->old_psk.len)) {
		settle(rotated, CTL_OK, done(rotation), NULL);
	} else if (status == MPSK_OK && strcmp(now->fingerprint, rotated->old->fingerprint) != 0) {
		rotated->meanwhile = true;
		settle(rotated, CTL_INVALID, "failed", "its passphrase was changed meanwhile, by somebody else");
	} else {
		settle(rotated, CTL_FAILED, "failed", why->text);
		status = MPSK_ERR;
	}
	talloc_free(now);
	return status;
}

/* On threads of the bulk. */
static mpsk_status_t write_key(void *uctx, void *what, wpa_pmk_t const *pmk)
{
	ctl_rotation_t *rotation = uctx;
	ctl_rotated_t *rotated = what;
	mpsk_error_t err = { "" };
	mpsk_status_t status;

	if (pmk) ctl_edit_pmk_put(rotated->changes, rotated->key, pmk);
	status = mpsk_store_key_write(rotation->ctl->store, rotated->id, MPSK_WRITE_EDIT, rotated->changes->fields,
				      rotated->changes->n, rotated->old->fingerprint, &err);
	ctl_progress_step(&rotation->progress);
	switch (status) {
	case MPSK_OK:
		settle(rotated, CTL_OK, done(rotation), NULL);
		return MPSK_OK;

	case MPSK_MISS:
		settle(rotated, CTL_NOTHING, "not found", "there is no such key any more");
		return MPSK_OK;

	case MPSK_BAD:
		settle(rotated, CTL_INVALID, "failed", err.text);
		return MPSK_OK;

	default:
		return write_doubt(rotation, rotated, &err);
	}
}

/* Whether a PMK is wanted, and not there already. */
static bool wants_pmk(ctl_rotation_t const *rotation, ctl_rotated_t const *rotated)
{
	return !rotation->end && !rotation->no_pmk && !rotated->key->any_ssid && !wpa_psk_is_pmk(&rotated->psk) &&
	       !mpsk_key_pmk(rotated->key, &rotated->key->ssid);
}

void ctl_rotation_write(ctl_rotation_t *rotation)
{
	mpsk_status_t status = MPSK_OK;
	ctl_bulk_t *bulk;

	if (!rotation->n) return;
	ctl_progress_begin(&rotation->progress, rotation->ctl, "keys", rotation->n);
	bulk = ctl_bulk_begin(write_key, rotation);
	for (size_t i = 0; i < rotation->n && status == MPSK_OK; i++) {
		ctl_rotated_t *rotated = &rotation->keys[i];

		if (rotated->result) {
			ctl_progress_step(&rotation->progress);
			continue;
		}
		status = ctl_bulk_add(bulk, &(ctl_bulk_want_t) {
			.psk = wants_pmk(rotation, rotated) ? &rotated->psk : NULL, .ssid = &rotated->key->ssid,
			.what = rotated
		});
	}
	(void) ctl_bulk_end(bulk);
	ctl_progress_end(&rotation->progress);
	for (size_t i = 0; i < rotation->n; i++)
		if (!rotation->keys[i].result) settle(&rotation->keys[i], CTL_FAILED, "not done", NULL);
}
