/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Devices that nobody saw for long are forgotten, so that they count no more
 * among those that their key may have.
 */
#include <stdlib.h>
#include <string.h>

#include "maintain.h"
#include "store/session.h"

/* Of most keys nothing need be known but their devices; of those with an `idle` of their own, that. */
bool maintain_idle_wants(ctl_maintain_t const *maintain, mpsk_key_t const *key)
{
	return maintain->idle_devices && key->idle != MPSK_LIMIT_DEFAULT;
}

typedef struct {
	ctl_maintain_t	*maintain;
	mpsk_key_t	**keys;		/* with an idle of their own, in the order of their ids */
	size_t		n;
} idle_t;

static int id_cmp(void const *id, void const *key)
{
	return strcmp(id, (*(mpsk_key_t *const *) key)->id);
}

/* After how many seconds; 0: never. */
static int64_t idle_of(idle_t const *idle, char const *id)
{
	mpsk_key_t *const *found = NULL;

	if (idle->n) found = bsearch(id, idle->keys, idle->n, sizeof(*idle->keys), id_cmp);
	return found ? (*found)->idle : idle->maintain->idle_devices;
}

/* What the key itself says of a device: one that macs lists whole is registered, and stays. */
static mpsk_status_t read_key(idle_t *idle, char const *id, mpsk_key_t **key, mpsk_session_t **sessions,
			      size_t *n_sessions, mpsk_error_t *err)
{
	ctl_t *ctl = idle->maintain->ctl;
	mpsk_status_t status = mpsk_store_key_read(ctl->store, NULL, id, key, err);

	*n_sessions = 0;
	/* Devices of a key that is malformed or gone are for a person to see to. */
	if (status != MPSK_OK) return status;
	status = mpsk_store_sessions(ctl->store, *key, id, sessions, n_sessions, err);
	return status == MPSK_MISS ? MPSK_OK : status;
}

/* Accounting tells of it now and then, but not every access point does while a device sleeps. */
static bool is_on(mpsk_mac_t const *mac, mpsk_session_t const *sessions, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!sessions[i].ended && memcmp(&sessions[i].mac, mac, sizeof(*mac)) == 0) return true;
	return false;
}

static void forget(ctl_maintain_t *maintain, char const *id, mpsk_mac_t const *mac, int64_t seen)
{
	char text[MPSK_MAC_TEXT_MAX];
	ctl_maintain_done_t done = {
		.id = id, .what = mpsk_mac_print(text, mac),
		.result = ctl_maintain_say(maintain, "forgot", "would forget")
	};
	mpsk_error_t err = { "" };
	mpsk_status_t status = MPSK_OK;

	if (!maintain->dry_run)
		status = mpsk_store_device_forget_idle(maintain->ctl->store, id, mac, seen, &err);
	ctl_maintain_settle(maintain, &done, status, &err);
}

static void fail(ctl_maintain_t *maintain, char const *id, mpsk_status_t status, mpsk_error_t const *err)
{
	ctl_maintain_done_t const done = {
		.id = id, .result = "failed", .reason = err->text, .code = ctl_exit_of(status)
	};

	if (status == MPSK_MISS || status == MPSK_BAD) return;
	if (status == MPSK_AGAIN) maintain->away = true;
	ctl_maintain_done(maintain, &done);
}

/* The devices come with the one seen last first; one that was registered by hand and never came has 0. */
static mpsk_status_t look(void *uctx, char const *id, mpsk_device_t const *devices, size_t n,
			  mpsk_error_t const *why __attribute__((unused)))
{
	idle_t *idle = uctx;
	ctl_maintain_t *maintain = idle->maintain;
	int64_t after = idle_of(idle, id), limit = maintain->now - after;
	mpsk_session_t *sessions = NULL;
	mpsk_key_t *key = NULL;
	mpsk_error_t err = { "" };
	mpsk_status_t status;
	size_t n_sessions;
	bool any = false;

	for (size_t i = 0; devices && after && i < n; i++)
		any = any || (devices[i].last_seen && devices[i].last_seen <= limit);
	if (!any) return ctl_maintain_ends(maintain) ? MPSK_MISS : MPSK_OK;
	status = read_key(idle, id, &key, &sessions, &n_sessions, &err);
	for (size_t i = 0; status == MPSK_OK && i < n && !ctl_maintain_ends(maintain); i++) {
		mpsk_device_t const *device = &devices[i];

		if (!device->last_seen || device->last_seen > limit) continue;
		if (mpsk_key_has_whole_mac(key, &device->mac) || is_on(&device->mac, sessions, n_sessions)) continue;
		forget(maintain, id, &device->mac, limit);
	}
	if (status != MPSK_OK) fail(maintain, id, status, &err);
	talloc_free(key);
	return ctl_maintain_ends(maintain) ? MPSK_MISS : MPSK_OK;
}

void maintain_idle(ctl_maintain_t *maintain, mpsk_key_t **keys, size_t n)
{
	idle_t idle = { .maintain = maintain, .keys = keys, .n = n };
	mpsk_error_t err = { "" };
	mpsk_status_t status;

	if (!maintain->idle_devices) return;
	status = mpsk_store_devices_each(maintain->ctl->store, look, &idle, &err);
	if (status != MPSK_OK && status != MPSK_MISS) fail(maintain, NULL, status, &err);
}
