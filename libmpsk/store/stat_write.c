/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/stat_write.h"

#include <time.h>

#include "base/deadline.h"
#include "store/stat.h"

int64_t mpsk_stat_write(mpsk_store_t *store, mpsk_stat_source_t const *source)
{
	TALLOC_CTX *ctx = source->take ? talloc_new(NULL) : NULL;
	mpsk_field_t const *fields;
	mpsk_error_t err;
	size_t n;
	bool taken = ctx && source->take(source->uctx, ctx, &fields, &n);

	if (taken) (void) mpsk_store_stat_put(store, source->server, fields, n, time(NULL), &err);
	talloc_free(ctx);
	return mpsk_monotonic_ms() + (taken || !source->take ? MPSK_STAT_EVERY_MS : MPSK_STAT_FIRST_MS);
}
