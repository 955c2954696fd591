/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "index/internal.h"
#include "key/vlans.h"

typedef struct {
	mpsk_retired_t	retired;
	uint64_t	generation;	/* the writer's own */
	char const	*vlans;
	char		site[];		/* and vlans behind it */
} row_t;

static void row_free(mpsk_retired_t *self)
{
	free(self);
}

mpsk_status_t mpsk_index_site_put(mpsk_index_t *index, char const *site, char const *vlans)
{
	size_t len = strlen(site), vlans_size = strlen(vlans) + 1;
	row_t *was = mpsk_map_get(&index->sites, site, len), *row = calloc(1, sizeof(*row) + len + 1 + vlans_size);

	if (!row) return MPSK_ERR;
	row->generation = index->generation;
	row->vlans = row->site + len + 1;
	memcpy(row->site, site, len);
	memcpy(row->site + len + 1, vlans, vlans_size);
	if (mpsk_map_set(&index->sites, row->site, len, row) != MPSK_OK) {
		free(row);
		return MPSK_ERR;
	}
	if (was) mpsk_epoch_retire(&index->epoch, &was->retired, row_free);
	mpsk_epoch_reclaim(&index->epoch);
	return MPSK_OK;
}

static void row_drop(mpsk_index_t *index, row_t *row)
{
	if (mpsk_map_remove(&index->sites, row->site, strlen(row->site)) == MPSK_OK) {
		mpsk_epoch_retire(&index->epoch, &row->retired, row_free);
	}
}

void mpsk_index_site_drop(mpsk_index_t *index, char const *site)
{
	row_t *row = mpsk_map_get(&index->sites, site, strlen(site));

	if (row) row_drop(index, row);
	mpsk_epoch_reclaim(&index->epoch);
}

uint16_t mpsk_index_vlan(mpsk_index_reader_t *reader, char const *site, char const *name)
{
	row_t const *row = mpsk_map_get(&mpsk_epoch_index(reader)->sites, site, strlen(site));

	return row ? mpsk_vlans_find(row->vlans, name) : 0;
}

static void row_commit(void *uctx, void *value)
{
	mpsk_index_t *index = uctx;
	row_t *row = value;

	if (row->generation != index->generation) row_drop(index, row);
}

void mpsk_sites_commit(mpsk_index_t *index)
{
	mpsk_map_each(&index->sites, row_commit, index);
}

static void row_finish(void *uctx, void *value)
{
	(void) uctx;
	free(value);
}

void mpsk_sites_finish(mpsk_index_t *index)
{
	mpsk_map_each(&index->sites, row_finish, NULL);
	mpsk_map_finish(&index->sites);
}
