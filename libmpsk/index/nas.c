/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "index/internal.h"
#include "index/named.h"

mpsk_status_t mpsk_index_nas_put(mpsk_index_t *index, char const *nas, mpsk_nas_t const *at)
{
	mpsk_index_nas_t row = {
		.no_session_timeout = at->no_session_timeout,
		.has_interim_interval = at->has_interim_interval,
		.interim_interval = at->interim_interval,
	};

	if (strlen(at->org) > MPSK_NAME_MAX || strlen(at->site) > MPSK_NAME_MAX ||
	    strlen(at->dialect) > MPSK_NAS_WORD_MAX || strlen(at->reply) > MPSK_NAS_WORD_MAX) return MPSK_BAD;
	strcpy(row.org, at->org);
	strcpy(row.site, at->site);
	strcpy(row.dialect, at->dialect);
	strcpy(row.reply, at->reply);
	return mpsk_named_put(index, &index->nases, nas, &row, sizeof(row));
}

void mpsk_index_nas_drop(mpsk_index_t *index, char const *nas)
{
	mpsk_named_drop(index, &index->nases, nas);
}

mpsk_index_nas_t const *mpsk_index_nas(mpsk_index_reader_t *reader, char const *nas)
{
	return mpsk_named_get(&mpsk_epoch_index(reader)->nases, nas);
}
