/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "index/internal.h"

/* The devices of one key id, in the order of their MACs. */
struct mpsk_devices {
	mpsk_retired_t	retired;
	uint64_t	generation;	/* the writer's own */
	char		id[MPSK_ID_MAX + 1];
	size_t		n;
	mpsk_device_t	device[];
};

static void devices_free(mpsk_retired_t *self)
{
	free(self);
}

static int by_mac(void const *a, void const *b)
{
	return memcmp(&((mpsk_device_t const *) a)->mac, &((mpsk_device_t const *) b)->mac, sizeof(mpsk_mac_t));
}

static mpsk_devices_t *devices_create(mpsk_index_t *index, char const *id, mpsk_device_t const *device, size_t n)
{
	mpsk_devices_t *devices = calloc(1, sizeof(*devices) + n * sizeof(*device));

	if (!devices) return NULL;
	devices->generation = index->generation;
	strncpy(devices->id, id, MPSK_ID_MAX);
	devices->n = n;
	memcpy(devices->device, device, n * sizeof(*device));
	qsort(devices->device, n, sizeof(*device), by_mac);
	return devices;
}

static mpsk_device_t const *device_find(mpsk_devices_t const *devices, mpsk_mac_t const *mac)
{
	mpsk_device_t const wanted = { .mac = *mac };

	return devices ? bsearch(&wanted, devices->device, devices->n, sizeof(wanted), by_mac) : NULL;
}

mpsk_device_t const *mpsk_devices_find(mpsk_index_t *index, char const *id, mpsk_mac_t const *mac)
{
	return device_find(mpsk_map_get(&index->devices, id, strlen(id)), mac);
}

size_t mpsk_devices_count(mpsk_index_t *index, char const *id, int64_t *last_seen)
{
	mpsk_devices_t const *devices = mpsk_map_get(&index->devices, id, strlen(id));

	*last_seen = 0;
	for (size_t i = 0; devices && i < devices->n; i++) {
		if (devices->device[i].last_seen > *last_seen) *last_seen = devices->device[i].last_seen;
	}
	return devices ? devices->n : 0;
}

/* Take out the MACs of a set that are not in the one at its place (or NULL). */
static void macs_unlink(mpsk_index_t *index, mpsk_devices_t const *was, mpsk_devices_t const *now)
{
	for (size_t i = 0; i < was->n; i++) {
		if (!device_find(now, &was->device[i].mac)) mpsk_macs_unlink(index, &was->device[i].mac, was->id);
	}
}

static mpsk_status_t macs_link(mpsk_index_t *index, mpsk_devices_t const *now)
{
	for (size_t i = 0; i < now->n; i++) {
		if (mpsk_macs_link(index, &now->device[i].mac, now->id) != MPSK_OK) return MPSK_ERR;
	}
	return MPSK_OK;
}

static void devices_drop(mpsk_index_t *index, mpsk_devices_t *devices)
{
	if (mpsk_map_remove(&index->devices, devices->id, strlen(devices->id)) != MPSK_OK) return;
	atomic_fetch_sub_explicit(&index->n_devices, devices->n, memory_order_relaxed);
	macs_unlink(index, devices, NULL);
	mpsk_epoch_retire(&index->epoch, &devices->retired, devices_free);
}

static mpsk_status_t devices_set(mpsk_index_t *index, mpsk_devices_t *was, mpsk_devices_t *now)
{
	if (macs_link(index, now) != MPSK_OK ||
	    mpsk_map_set(&index->devices, now->id, strlen(now->id), now) != MPSK_OK) {
		return MPSK_ERR;
	}
	atomic_fetch_add_explicit(&index->n_devices, now->n - (was ? was->n : 0), memory_order_relaxed);
	if (was) {
		macs_unlink(index, was, now);
		mpsk_epoch_retire(&index->epoch, &was->retired, devices_free);
	}
	return MPSK_OK;
}

mpsk_status_t mpsk_index_devices_put(mpsk_index_t *index, char const *id, mpsk_device_t const *device, size_t n)
{
	mpsk_devices_t *was = mpsk_map_get(&index->devices, id, strlen(id)), *now;
	mpsk_status_t status = MPSK_OK;

	if (n == 0) {
		if (was) devices_drop(index, was);
	} else {
		now = devices_create(index, id, device, n);
		status = now ? devices_set(index, was, now) : MPSK_ERR;
		if (status != MPSK_OK) free(now);
	}
	mpsk_epoch_reclaim(&index->epoch);
	return status;
}

bool mpsk_index_knows(mpsk_index_reader_t *reader, char const *id, mpsk_mac_t const *mac)
{
	return mpsk_devices_find(mpsk_epoch_index(reader), id, mac) != NULL;
}

size_t mpsk_index_devices(mpsk_index_reader_t *reader, char const *id)
{
	mpsk_index_t *index = mpsk_epoch_index(reader);
	mpsk_devices_t const *devices = mpsk_map_get(&index->devices, id, strlen(id));

	return devices ? devices->n : 0;
}

static void devices_commit(void *uctx, void *value)
{
	mpsk_index_t *index = uctx;
	mpsk_devices_t *devices = value;

	if (devices->generation != index->generation) devices_drop(index, devices);
}

void mpsk_devices_commit(mpsk_index_t *index)
{
	mpsk_map_each(&index->devices, devices_commit, index);
}

static void devices_finish(void *uctx, void *value)
{
	(void) uctx;
	free(value);
}

void mpsk_devices_finish(mpsk_index_t *index)
{
	mpsk_map_each(&index->devices, devices_finish, NULL);
	mpsk_map_finish(&index->devices);
}
