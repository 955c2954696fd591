/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "index/internal.h"

typedef struct {
	mpsk_retired_t		retired;
	uint64_t		generation;	/* the writer's own */
	mpsk_index_nas_t	at;
	char			nas[];
} row_t;

static void row_free(mpsk_retired_t *self)
{
	free(self);
}

mpsk_status_t mpsk_index_nas_put(mpsk_index_t *index, char const *nas, mpsk_nas_t const *at)
{
	size_t len = strlen(nas);
	row_t *was = mpsk_map_get(&index->nases, nas, len), *row;

	if (strlen(at->org) > MPSK_NAME_MAX || strlen(at->site) > MPSK_NAME_MAX ||
	    strlen(at->dialect) > MPSK_NAS_WORD_MAX || strlen(at->reply) > MPSK_NAS_WORD_MAX) return MPSK_BAD;
	row = calloc(1, sizeof(*row) + len + 1);
	if (!row) return MPSK_ERR;
	row->generation = index->generation;
	strcpy(row->at.org, at->org);
	strcpy(row->at.site, at->site);
	strcpy(row->at.dialect, at->dialect);
	strcpy(row->at.reply, at->reply);
	row->at.no_session_timeout = at->no_session_timeout;
	memcpy(row->nas, nas, len);
	if (mpsk_map_set(&index->nases, row->nas, len, row) != MPSK_OK) {
		free(row);
		return MPSK_ERR;
	}
	if (was) mpsk_epoch_retire(&index->epoch, &was->retired, row_free);
	mpsk_epoch_reclaim(&index->epoch);
	return MPSK_OK;
}

static void row_drop(mpsk_index_t *index, row_t *row)
{
	if (mpsk_map_remove(&index->nases, row->nas, strlen(row->nas)) == MPSK_OK) {
		mpsk_epoch_retire(&index->epoch, &row->retired, row_free);
	}
}

void mpsk_index_nas_drop(mpsk_index_t *index, char const *nas)
{
	row_t *row = mpsk_map_get(&index->nases, nas, strlen(nas));

	if (row) row_drop(index, row);
	mpsk_epoch_reclaim(&index->epoch);
}

mpsk_status_t mpsk_index_nas(mpsk_index_reader_t *reader, char const *nas, mpsk_index_nas_t *out)
{
	row_t const *row = mpsk_map_get(&mpsk_epoch_index(reader)->nases, nas, strlen(nas));

	memset(out, 0, sizeof(*out));
	if (!row) return MPSK_MISS;
	*out = row->at;
	return MPSK_OK;
}

static void row_commit(void *uctx, void *value)
{
	mpsk_index_t *index = uctx;
	row_t *row = value;

	if (row->generation != index->generation) row_drop(index, row);
}

void mpsk_nas_commit(mpsk_index_t *index)
{
	mpsk_map_each(&index->nases, row_commit, index);
}

static void row_finish(void *uctx, void *value)
{
	(void) uctx;
	free(value);
}

void mpsk_nas_finish(mpsk_index_t *index)
{
	mpsk_map_each(&index->nases, row_finish, NULL);
	mpsk_map_finish(&index->nases);
}
