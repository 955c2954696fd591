/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/refusals.h"

#include <string.h>

#include "store/names.h"

#define REFUSALS_LINES	20
#define LOAD_BIT	1u

struct mpsk_refusals {
	mpsk_sync_sink_t const	*sink;
	void			*uctx;
	mpsk_names_t		*names;		/* number: the reason's hash, and in one bit the load */
	uint32_t		load;		/* 0 or LOAD_BIT */
	unsigned		lines;		/* that may still be written */
	size_t			left_out;
};

mpsk_refusals_t *mpsk_refusals_create(TALLOC_CTX *ctx, mpsk_sync_sink_t const *sink, void *uctx)
{
	mpsk_refusals_t *refusals = talloc_zero(ctx, mpsk_refusals_t);

	if (!refusals) return NULL;
	refusals->sink = sink;
	refusals->uctx = uctx;
	refusals->lines = REFUSALS_LINES;
	refusals->names = mpsk_names_create(refusals);
	if (!refusals->names) TALLOC_FREE(refusals);
	return refusals;
}

void mpsk_refusals_note(mpsk_refusals_t *refusals, char const *name, size_t len, char const *what,
			mpsk_error_t const *why)
{
	mpsk_name_t *entry = mpsk_names_add(refusals->names, name, len);
	uint32_t reason = mpsk_names_hash(why->text, strlen(why->text)) & ~LOAD_BIT;
	mpsk_error_t line;

	if (entry) {
		bool known = (entry->number & ~LOAD_BIT) == reason;

		entry->number = reason | refusals->load;
		if (known) return;
	}
	if (refusals->lines == 0) {
		refusals->left_out++;
		return;
	}
	refusals->lines--;
	mpsk_error_set(&line, MPSK_BAD, "%s refused: %s", what, why->text);
	refusals->sink->log(refusals->uctx, MPSK_SYNC_WARN, line.text);
}

void mpsk_refusals_forget(mpsk_refusals_t *refusals, char const *name, size_t len)
{
	mpsk_name_t *entry = mpsk_names_find(refusals->names, name, len);

	if (entry) mpsk_names_remove(refusals->names, entry);
}

void mpsk_refusals_begin(mpsk_refusals_t *refusals)
{
	refusals->load ^= LOAD_BIT;
}

void mpsk_refusals_commit(mpsk_refusals_t *refusals)
{
	mpsk_name_t *entry = mpsk_names_first(refusals->names);

	while (entry) {
		mpsk_name_t *next = mpsk_names_next(entry);

		if ((entry->number & LOAD_BIT) != refusals->load) mpsk_names_remove(refusals->names, entry);
		entry = next;
	}
}

void mpsk_refusals_tick(mpsk_refusals_t *refusals)
{
	mpsk_error_t line;

	refusals->lines = REFUSALS_LINES;
	if (refusals->left_out == 0) return;
	mpsk_error_set(&line, MPSK_BAD, "%zu more keys refused", refusals->left_out);
	refusals->left_out = 0;
	refusals->sink->log(refusals->uctx, MPSK_SYNC_WARN, line.text);
}

size_t mpsk_refusals_count(mpsk_refusals_t const *refusals)
{
	return mpsk_names_count(refusals->names);
}
