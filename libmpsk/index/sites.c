/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "index/internal.h"
#include "index/named.h"
#include "key/vlans.h"

mpsk_status_t mpsk_index_site_put(mpsk_index_t *index, char const *site, char const *vlans)
{
	return mpsk_named_put(index, &index->sites, site, vlans, strlen(vlans) + 1);
}

void mpsk_index_site_drop(mpsk_index_t *index, char const *site)
{
	mpsk_named_drop(index, &index->sites, site);
}

uint16_t mpsk_index_vlan(mpsk_index_reader_t *reader, char const *site, char const *name)
{
	char const *vlans = mpsk_named_get(&mpsk_epoch_index(reader)->sites, site);

	return vlans ? mpsk_vlans_find(vlans, name) : 0;
}
