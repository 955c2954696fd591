/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/spool.h"

#include <string.h>

#include "store/names.h"

#define SPOOL_NAME_MAX (MPSK_SESSION_FIELD_MAX + 1)

struct mpsk_spool {
	size_t		max;
	size_t		taken;
	mpsk_names_t	*names;		/* number: where the entry is */
	mpsk_spooled_t	**items;
	uint32_t	*free;		/* places in items that are free, n_free of them */
	size_t		n_free;
};

mpsk_spool_t *mpsk_spool_create(TALLOC_CTX *ctx, size_t max)
{
	mpsk_spool_t *spool = talloc_zero(ctx, mpsk_spool_t);

	if (!spool) return NULL;
	spool->max = max;
	spool->names = mpsk_names_create(spool);
	spool->items = talloc_zero_array(spool, mpsk_spooled_t *, max);
	spool->free = talloc_array(spool, uint32_t, max);
	if (!spool->names || !spool->items || !spool->free) {
		talloc_free(spool);
		return NULL;
	}
	while (spool->n_free < max) {
		spool->free[spool->n_free] = (uint32_t) spool->n_free;
		spool->n_free++;
	}
	return spool;
}

/* A session by its field; a restart by what no field begins with, for its NAS is not "". */
static size_t spool_name(char out[static SPOOL_NAME_MAX], mpsk_spooled_t const *item)
{
	mpsk_session_restart_t const *restart = &item->restart;
	size_t len;

	if (!item->is_restart) {
		return mpsk_session_field(out, item->event.session.nas, &item->event.session.sid);
	}
	out[0] = '/';
	len = strnlen(restart->nas, MPSK_SESSION_NAS_MAX);
	memcpy(out + 1, restart->nas, len);
	out[1 + len] = '/';
	out[2 + len] = '\0';
	if (restart->has_bssid) (void) mpsk_mac_print(out + 2 + len, &restart->bssid);
	return strlen(out);
}

static void spooled_merge(mpsk_spooled_t *into, mpsk_spooled_t const *from)
{
	if (!into->is_restart) {
		mpsk_session_event_merge(&into->event, &from->event);
	} else if (from->restart.at > into->restart.at) {
		into->restart.at = from->restart.at;
	}
}

static mpsk_status_t spool_add(mpsk_spool_t *spool, char const *text, size_t len, mpsk_spooled_t *item)
{
	mpsk_name_t *name = mpsk_names_add(spool->names, text, len);

	if (!name) return MPSK_ERR;
	name->number = spool->free[--spool->n_free];
	spool->items[name->number] = item;
	return MPSK_OK;
}

static bool is_nobodys(mpsk_spooled_t const *item)
{
	return !item->is_restart && !item->event.session.id[0];
}

mpsk_status_t mpsk_spool_put(mpsk_spool_t *spool, mpsk_spooled_t const *item, bool *merged)
{
	char text[SPOOL_NAME_MAX];
	size_t len = spool_name(text, item);
	mpsk_name_t const *name = mpsk_names_find(spool->names, text, len);
	mpsk_spooled_t *copy;

	*merged = name != NULL;
	if (name) {
		spooled_merge(spool->items[name->number], item);
		return MPSK_OK;
	}
	if (mpsk_spool_count(spool) >= (is_nobodys(item) ? spool->max / 2 : spool->max)) return MPSK_AGAIN;
	copy = talloc_memdup(NULL, item, sizeof(*item));
	if (!copy) return MPSK_ERR;
	if (spool_add(spool, text, len, copy) == MPSK_OK) return MPSK_OK;
	talloc_free(copy);
	return MPSK_ERR;
}

size_t mpsk_spool_take(mpsk_spool_t *spool, mpsk_spooled_t **items, size_t max)
{
	size_t n = 0;

	while (n < max) {
		mpsk_name_t *name = mpsk_names_first(spool->names);

		if (!name) break;
		items[n++] = spool->items[name->number];
		spool->items[name->number] = NULL;
		spool->free[spool->n_free++] = name->number;
		mpsk_names_remove(spool->names, name);
	}
	spool->taken += n;
	return n;
}

bool mpsk_spool_put_back(mpsk_spool_t *spool, mpsk_spooled_t *item)
{
	char text[SPOOL_NAME_MAX];
	size_t len = spool_name(text, item);
	mpsk_name_t const *name = mpsk_names_find(spool->names, text, len);

	spool->taken--;
	if (name) {
		/* What came meanwhile is the later of the two. */
		spooled_merge(item, spool->items[name->number]);
		talloc_free(spool->items[name->number]);
		spool->items[name->number] = item;
	} else if (spool_add(spool, text, len, item) != MPSK_OK) {
		talloc_free(item);
		return false;
	}
	return true;
}

void mpsk_spool_done(mpsk_spool_t *spool)
{
	spool->taken--;
}

size_t mpsk_spool_count(mpsk_spool_t const *spool)
{
	return mpsk_names_count(spool->names) + spool->taken;
}

bool mpsk_spool_any(mpsk_spool_t const *spool)
{
	return mpsk_names_count(spool->names) > 0;
}
