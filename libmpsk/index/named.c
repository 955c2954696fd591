/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "index/named.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "index/internal.h"

typedef struct {
	mpsk_retired_t	retired;
	uint64_t	generation;	/* the writer's own */
	char const	*name;		/* behind the value */
	alignas(max_align_t) char value[];
} named_t;

static void named_free(mpsk_retired_t *self)
{
	free(self);
}

mpsk_status_t mpsk_named_put(mpsk_index_t *index, mpsk_map_t *map, char const *name, void const *value, size_t size)
{
	size_t len = strlen(name);
	named_t *was = mpsk_map_get(map, name, len), *named = calloc(1, sizeof(*named) + size + len + 1);

	if (!named) return MPSK_ERR;
	named->generation = index->generation;
	memcpy(named->value, value, size);
	named->name = memcpy(named->value + size, name, len + 1);
	if (mpsk_map_set(map, named->name, len, named) != MPSK_OK) {
		free(named);
		return MPSK_ERR;
	}
	if (was) mpsk_epoch_retire(&index->epoch, &was->retired, named_free);
	mpsk_epoch_reclaim(&index->epoch);
	return MPSK_OK;
}

static void named_remove(mpsk_index_t *index, mpsk_map_t *map, named_t *named)
{
	if (mpsk_map_remove(map, named->name, strlen(named->name)) == MPSK_OK) {
		mpsk_epoch_retire(&index->epoch, &named->retired, named_free);
	}
}

void mpsk_named_drop(mpsk_index_t *index, mpsk_map_t *map, char const *name)
{
	named_t *named = mpsk_map_get(map, name, strlen(name));

	if (named) named_remove(index, map, named);
	mpsk_epoch_reclaim(&index->epoch);
}

void const *mpsk_named_get(mpsk_map_t const *map, char const *name)
{
	named_t const *named = mpsk_map_get(map, name, strlen(name));

	return named ? named->value : NULL;
}

typedef struct {
	mpsk_index_t	*index;
	mpsk_map_t	*map;
} commit_t;

static void named_commit(void *uctx, void *value)
{
	commit_t *commit = uctx;
	named_t *named = value;

	if (named->generation != commit->index->generation) named_remove(commit->index, commit->map, named);
}

void mpsk_named_commit(mpsk_index_t *index, mpsk_map_t *map)
{
	commit_t commit = { .index = index, .map = map };

	mpsk_map_each(map, named_commit, &commit);
}

static void named_finish(void *uctx, void *value)
{
	(void) uctx;
	free(value);
}

void mpsk_named_finish(mpsk_map_t *map)
{
	mpsk_map_each(map, named_finish, NULL);
	mpsk_map_finish(map);
}
