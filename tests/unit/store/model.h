/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random edits of every kind, and connections that are cut in the middle of
 * them: Redis itself is the model that a copy is compared with.
 */
#ifndef TEST_STORE_MODEL_H
#define TEST_STORE_MODEL_H

#include <stdbool.h>
#include <stddef.h>

#include "mirror.h"
#include "redis.h"
#include "store/sync.h"

#define MODEL_IDS		3000	/* so many that a load takes several batches */
#define MODEL_NODES		3

typedef struct {
	redis_t		*nodes[MODEL_NODES];
	unsigned	n;
	redis_t		*owners[MODEL_IDS];	/* the node of each id */
	mirror_t	*mirror;
	mpsk_sync_t	*sync;
	unsigned	random;			/* the state; at first the seed */
	long		edits, kills, flushes;	/* done so far */
	size_t		waiting[MODEL_NODES];	/* replies that nobody has read yet */
	char		wrong[160];		/* the last difference that was found */
} model_t;

/* The Redis key of an id's key. */
void model_name(char name[static 32], unsigned id);

/* At least so many edits, and exactly so many cut connections among them. */
void model_edit(model_t *model, long edits, long kills);

/* Whether the copy is what Redis holds; if not, wrong says where. For wait_for(). */
bool model_is_equal(void const *model);

#endif
