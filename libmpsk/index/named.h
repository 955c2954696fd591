/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Small values by name, in a map of the index: what the store says of NASes
 * and sites. What a load does not put again goes with its commit.
 */
#ifndef MPSK_INDEX_NAMED_H
#define MPSK_INDEX_NAMED_H

#include <stddef.h>

#include "base/status.h"
#include "index/index.h"
#include "index/map.h"

/* The writer: a copy of a value, in the place of the one of its name. ERR, and nothing changed, where memory is out. */
mpsk_status_t mpsk_named_put(mpsk_index_t *index, mpsk_map_t *map, char const *name, void const *value, size_t size);

/* The writer: take one out, if it is there. */
void mpsk_named_drop(mpsk_index_t *index, mpsk_map_t *map, char const *name);

/* The writer: take out what was put in another generation than the present one. */
void mpsk_named_commit(mpsk_index_t *index, mpsk_map_t *map);

/* A reader: the value, or NULL. */
void const *mpsk_named_get(mpsk_map_t const *map, char const *name);

/* Free values and map; no reader is left. */
void mpsk_named_finish(mpsk_map_t *map);

#endif
