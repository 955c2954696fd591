/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "policy/online.h"

#include <stdbool.h>

#include "index/memo.h"

struct mpsk_online {
	mpsk_memo_t	*memo;
};

typedef struct {
	int64_t	seen;
	bool	ended;
} place_t;

mpsk_online_t *mpsk_online_create(TALLOC_CTX *ctx, size_t max)
{
	mpsk_online_t *online = talloc_zero(ctx, mpsk_online_t);

	if (!online) return NULL;
	online->memo = mpsk_memo_create(online, max, sizeof(place_t));
	if (!online->memo) TALLOC_FREE(online);
	return online;
}

/* One that has ended keeps its place, so that a late interim does not open it again. */
void mpsk_online_note(mpsk_online_t *online, mpsk_session_t const *session)
{
	char field[MPSK_SESSION_FIELD_MAX];
	size_t len = mpsk_session_field(field, session->nas, &session->sid);
	uint64_t name = mpsk_memo_name(online->memo, field, len);
	place_t *place = mpsk_memo_get(online->memo, name);

	if (session->seen > place->seen) *place = (place_t) { .seen = session->seen };
	if (session->seen == place->seen && session->ended) place->ended = true;
	mpsk_memo_release(online->memo, name);
}

typedef struct {
	int64_t	since;
	size_t	n;
} count_t;

static void place_count(void *uctx, void *value)
{
	count_t *count = uctx;
	place_t const *place = value;

	count->n += !place->ended && place->seen > count->since;
}

size_t mpsk_online_count(mpsk_online_t *online, int64_t since)
{
	count_t count = { .since = since };

	mpsk_memo_each(online->memo, place_count, &count);
	return count.n;
}
