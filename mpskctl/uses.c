/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "uses.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct ctl_uses {
	ctl_use_t	*uses;
	size_t		n, room;
	bool		keep;
};

static int mac_cmp(void const *a, void const *b)
{
	return memcmp(&((mpsk_device_t const *) a)->mac, &((mpsk_device_t const *) b)->mac, sizeof(mpsk_mac_t));
}

static mpsk_status_t take(void *uctx, char const *id, mpsk_device_t const *devices, size_t n,
			  mpsk_error_t const *err __attribute__((unused)))
{
	ctl_uses_t *uses = uctx;
	ctl_use_t *use;

	if (uses->n == uses->room) {
		uses->room = uses->room ? 2 * uses->room : 256;
		uses->uses = ctl_need(talloc_realloc(uses, uses->uses, ctl_use_t, uses->room));
	}
	use = &uses->uses[uses->n++];
	*use = (ctl_use_t) { .devices = (int64_t) n };
	snprintf(use->id, sizeof(use->id), "%s", id);
	if (uses->keep && n > 0) {
		use->list = ctl_need(talloc_memdup(uses, devices, n * sizeof(*devices)));
		qsort(use->list, n, sizeof(*use->list), mac_cmp);
	}
	for (size_t i = 0; i < n; i++)
		if (devices[i].last_seen > use->last_seen) use->last_seen = devices[i].last_seen;
	return MPSK_OK;
}

static int use_cmp(void const *a, void const *b)
{
	return strcmp(((ctl_use_t const *) a)->id, ((ctl_use_t const *) b)->id);
}

ctl_exit_t ctl_uses_read(ctl_t *ctl, ctl_uses_t **out, bool keep)
{
	ctl_uses_t *uses = ctl_need(talloc_zero(ctl->mem, ctl_uses_t));
	mpsk_error_t err = { "" };
	mpsk_status_t status;

	uses->keep = keep;
	status = mpsk_store_devices_each(ctl->store, take, uses, &err);
	if (status != MPSK_OK) return ctl_fail(ctl_exit_of(status), "%s", err.text);
	if (uses->n > 0) qsort(uses->uses, uses->n, sizeof(*uses->uses), use_cmp);
	*out = uses;
	return CTL_OK;
}

mpsk_device_t const *ctl_use_find(ctl_use_t const *use, mpsk_mac_t const *mac)
{
	mpsk_device_t const wanted = { .mac = *mac };

	return use->list ? bsearch(&wanted, use->list, (size_t) use->devices, sizeof(*use->list), mac_cmp) : NULL;
}

ctl_use_t ctl_uses_of(ctl_uses_t const *uses, char const *id)
{
	ctl_use_t wanted = { .devices = 0 }, *found = NULL;

	snprintf(wanted.id, sizeof(wanted.id), "%s", id);
	if (uses->n > 0) found = bsearch(&wanted, uses->uses, uses->n, sizeof(*uses->uses), use_cmp);
	return found ? *found : wanted;
}
