/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the store says of a device: the keys that have it, whether they would
 * let it on, and the sessions by which it is on.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/session.h"
#include "store/session_reap.h"
#include "why.h"

static ctl_why_key_t *find(ctl_why_now_t const *now, char const *id)
{
	for (size_t i = 0; i < now->n; i++) if (strcmp(now->keys[i].id, id) == 0) return &now->keys[i];
	return NULL;
}

static ctl_why_key_t *find_or_add(ctl_why_now_t *now, char const *id)
{
	ctl_why_key_t *key = find(now, id);

	if (key) return key;
	if (now->n == now->room) {
		now->room = now->room ? 2 * now->room : 8;
		now->keys = ctl_need(talloc_realloc(now->ctl->mem, now->keys, ctl_why_key_t, now->room));
	}
	key = &now->keys[now->n++];
	*key = (ctl_why_key_t) { .key = NULL };
	snprintf(key->id, sizeof(key->id), "%s", id);
	return key;
}

void ctl_why_now_add(ctl_why_now_t *now, char const *id)
{
	(void) find_or_add(now, id);
}

/*
 * --- Which keys know it ---
 */
static mpsk_status_t look_devices(void *uctx, char const *id, mpsk_device_t const *devices, size_t n,
				  mpsk_error_t const *err __attribute__((unused)))
{
	ctl_why_now_t *now = uctx;

	for (size_t i = 0; devices && i < n; i++) {
		ctl_why_key_t *key;

		if (memcmp(&devices[i].mac, &now->mac, sizeof(now->mac)) != 0) continue;
		key = find_or_add(now, id);
		key->is_device = true;
		key->last_seen = devices[i].last_seen;
	}
	return MPSK_OK;
}

static mpsk_status_t look_key(void *uctx, char const *id, mpsk_key_t *key,
			      mpsk_error_t const *err __attribute__((unused)))
{
	ctl_why_now_t *now = uctx;

	if (key && mpsk_key_has_whole_mac(key, &now->mac)) find_or_add(now, id)->listed = true;
	return MPSK_OK;
}

/*
 * --- What they are ---
 */
static bool is_on(mpsk_session_t const *session, int64_t now)
{
	return mpsk_session_active(session, now, mpsk_session_terms.session_stale);
}

/* A device that roams has two sessions for a moment. The one seen last comes first. */
static bool is_counted(mpsk_session_t const *sessions, size_t i, int64_t now)
{
	if (!is_on(&sessions[i], now)) return false;
	for (size_t j = 0; j < i; j++)
		if (is_on(&sessions[j], now) &&
		    memcmp(&sessions[j].mac, &sessions[i].mac, sizeof(sessions[i].mac)) == 0) return false;
	return true;
}

static mpsk_status_t read_sessions(ctl_why_now_t *now, ctl_why_key_t *key, mpsk_error_t *err)
{
	ctl_t *ctl = now->ctl;
	mpsk_session_t *sessions;
	size_t n;
	mpsk_status_t status = mpsk_store_sessions(ctl->store, ctl->mem, key->id, &sessions, &n, err);

	/* What is no hash tells of no session. */
	if (status == MPSK_MISS || status == MPSK_BAD) return MPSK_OK;
	for (size_t i = 0; status == MPSK_OK && i < n; i++) {
		if (!is_counted(sessions, i, ctl->now)) continue;
		key->online++;
		if (memcmp(&sessions[i].mac, &now->mac, sizeof(now->mac)) == 0) key->session = &sessions[i];
	}
	return status;
}

static mpsk_status_t read_key(ctl_why_now_t *now, ctl_why_key_t *key, mpsk_error_t *err)
{
	ctl_t *ctl = now->ctl;
	mpsk_device_t *devices;
	size_t n;
	mpsk_status_t status = mpsk_store_key_devices(ctl->store, ctl->mem, key->id, &key->key, &devices, &n, err);

	if (status == MPSK_BAD) {
		key->key = NULL;
		key->malformed = ctl_need(talloc_strdup(ctl->mem, err->text));
	} else if (status == MPSK_MISS) {
		key->key = NULL;
	} else if (status == MPSK_OK) {
		key->devices = (int64_t) n;
	} else {
		return status;
	}
	return read_sessions(now, key, err);
}

static int id_cmp(void const *a, void const *b)
{
	return strcmp(((ctl_why_key_t const *) a)->id, ((ctl_why_key_t const *) b)->id);
}

ctl_exit_t ctl_why_now_read(ctl_why_now_t *now)
{
	mpsk_error_t err = { "" };
	mpsk_status_t status = mpsk_store_devices_each(now->ctl->store, look_devices, now, &err);

	if (status == MPSK_OK) status = mpsk_store_key_each(now->ctl->store, look_key, now, &err);
	for (size_t i = 0; i < now->n && status == MPSK_OK; i++) status = read_key(now, &now->keys[i], &err);
	if (status != MPSK_OK) return ctl_fail(ctl_exit_of(status), "%s", err.text);
	if (now->n) qsort(now->keys, now->n, sizeof(*now->keys), id_cmp);
	return CTL_OK;
}

/*
 * --- Whether they would let it on ---
 */
static bool is_outside_hours(mpsk_key_t const *key, int64_t now)
{
	int64_t until;

	return key->hours.n && !mpsk_hours_within(&key->hours, now, &until);
}

static bool is_other_device(mpsk_key_t const *key, mpsk_mac_t const *mac)
{
	bool listed = key->usage == MPSK_USAGE_MACS || (key->usage == MPSK_USAGE_SINGLE && key->n_macs > 0);

	return listed && !mpsk_key_has_mac(key, mac);
}

/* A key without max has that of the servers, which they alone know. */
static bool is_full(ctl_why_key_t const *key)
{
	int64_t max = key->key->usage == MPSK_USAGE_SINGLE ? 1 : key->key->max;

	return !key->is_device && max > 0 && key->devices >= max;
}

static bool is_busy(ctl_why_key_t const *key)
{
	return !key->session && key->key->concurrent > 0 && key->online >= key->key->concurrent;
}

/* In the order in which the servers ask. */
char const *ctl_why_now_reason(ctl_why_key_t const *of, mpsk_mac_t const *mac, int64_t now)
{
	mpsk_key_t const *key = of->key;

	if (!key) return of->malformed ? "MALFORMED" : "GONE";
	if (!key->enabled) return "DISABLED";
	if (now < key->nbf) return "NOT_YET";
	if (key->exp && now >= key->exp) return "EXPIRED";
	if (is_outside_hours(key, now)) return "OUTSIDE_HOURS";
	if (is_other_device(key, mac)) return "WRONG_MAC";
	if (is_full(of)) return "CAP_REACHED";
	return is_busy(of) ? "CONCURRENT_CAP" : NULL;
}
