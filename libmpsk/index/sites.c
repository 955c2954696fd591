/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "index/internal.h"
#include "index/named.h"
#include "key/vlans.h"

typedef struct {
	mpsk_when_full_t	when_full;
	char			vlans[];
} site_row_t;

mpsk_status_t mpsk_index_site_put(mpsk_index_t *index, char const *site, mpsk_site_t const *at)
{
	size_t len = strlen(at->vlans) + 1;
	site_row_t *row = malloc(sizeof(*row) + len);
	mpsk_status_t status;

	if (!row) return MPSK_ERR;
	row->when_full = at->when_full;
	memcpy(row->vlans, at->vlans, len);
	status = mpsk_named_put(index, &index->sites, site, row, sizeof(*row) + len);
	free(row);
	return status;
}

void mpsk_index_site_drop(mpsk_index_t *index, char const *site)
{
	mpsk_named_drop(index, &index->sites, site);
}

uint16_t mpsk_index_vlan(mpsk_index_reader_t *reader, char const *site, char const *name)
{
	site_row_t const *row = mpsk_named_get(&mpsk_epoch_index(reader)->sites, site);

	return row ? mpsk_vlans_find(row->vlans, name) : 0;
}

mpsk_when_full_t mpsk_index_when_full(mpsk_index_reader_t *reader, char const *site)
{
	site_row_t const *row = mpsk_named_get(&mpsk_epoch_index(reader)->sites, site);

	return row ? row->when_full : MPSK_WHEN_FULL_UNSET;
}
