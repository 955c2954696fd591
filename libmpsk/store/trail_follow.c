/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/deadline.h"
#include "store/pool.h"
#include "store/reply.h"
#include "store/trail_record.h"

#define COUNT		"1000"
#define BEGINNING	"0-0"
#define LOOK_MS		2000	/* for trails that are new */
#define BLOCK_MS	1000
#define STEP_MS		200	/* between two looks where Redis cannot wait for all of them at once */

typedef struct {
	char	*org;
	char	last[MPSK_TRAIL_ID_MAX];
} place_t;

struct mpsk_trail_follow {
	mpsk_store_t		*store;
	mpsk_trail_kind_t	kind;
	place_t			*places;
	size_t			n;
	int64_t			looked_at;
	bool			apart;		/* in a cluster each may be on another node */
};

static place_t *place_find(mpsk_trail_follow_t const *follow, char const *org)
{
	for (size_t i = 0; i < follow->n; i++) if (strcmp(follow->places[i].org, org) == 0) return &follow->places[i];
	return NULL;
}

static mpsk_status_t place_add(mpsk_trail_follow_t *follow, char const *org, char const *last, mpsk_error_t *err)
{
	place_t *places = talloc_realloc(follow, follow->places, place_t, follow->n + 1);

	if (!places) return mpsk_error_set(err, MPSK_ERR, "out of memory");
	follow->places = places;
	places[follow->n] = (place_t) { .org = talloc_strdup(places, org) };
	snprintf(places[follow->n].last, sizeof(places[follow->n].last), "%s", last);
	if (!places[follow->n++].org) return mpsk_error_set(err, MPSK_ERR, "out of memory");
	return MPSK_OK;
}

static mpsk_status_t stop_at_first(void *uctx, mpsk_trail_record_t const *record)
{
	char *last = uctx;

	snprintf(last, MPSK_TRAIL_ID_MAX, "%s", record->id);
	return MPSK_MISS;
}

/* Trails that are not known yet: those of the first look from their end on, later ones from their beginning. */
static mpsk_status_t look(mpsk_trail_follow_t *follow, bool first, mpsk_error_t *err)
{
	char **orgs;
	size_t n;
	mpsk_status_t status = mpsk_trail_orgs(follow->store, follow, follow->kind, &orgs, &n, err);

	for (size_t i = 0; status == MPSK_OK && i < n; i++) {
		char last[MPSK_TRAIL_ID_MAX] = BEGINNING;

		if (place_find(follow, orgs[i])) continue;
		if (first)
			status = mpsk_trail_read(follow->store, follow->kind, orgs[i], 0, INT64_MAX, stop_at_first,
						 last, err);
		if (status == MPSK_OK || status == MPSK_MISS) status = place_add(follow, orgs[i], last, err);
	}
	talloc_free(orgs);
	if (status == MPSK_OK) follow->looked_at = mpsk_monotonic_ms();
	return status;
}

mpsk_status_t mpsk_trail_follow(TALLOC_CTX *ctx, mpsk_trail_follow_t **out, mpsk_store_t *store,
				mpsk_trail_kind_t kind, mpsk_error_t *err)
{
	mpsk_trail_follow_t *follow = talloc_zero(ctx, mpsk_trail_follow_t);
	mpsk_status_t status;

	*out = NULL;
	if (!follow) return mpsk_error_set(err, MPSK_ERR, "out of memory");
	follow->store = store;
	follow->kind = kind;
	follow->apart = mpsk_endpoint_is_cluster(mpsk_pool_endpoint(store->pool));
	status = look(follow, true, err);
	if (status == MPSK_OK) {
		*out = follow;
	} else {
		talloc_free(follow);
	}
	return status;
}

typedef struct {
	mpsk_trail_follow_t	*follow;
	size_t			first, n;	/* the places that are asked for */
	redisReply		*reply;
} read_t;

/* XREAD COUNT n [BLOCK ms] STREAMS names... ids... */
static mpsk_status_t read_exchange(mpsk_conn_t *conn, mpsk_deadline_t deadline, void *uctx, mpsk_error_t *err)
{
	read_t *read = uctx;
	mpsk_trail_follow_t const *follow = read->follow;
	mpsk_trail_name_t *names = talloc_array(NULL, mpsk_trail_name_t, read->n);
	char const **argv = talloc_array(names, char const *, 6 + 2 * read->n);
	size_t *argvlen = talloc_array(names, size_t, 6 + 2 * read->n);
	char block[24];
	size_t argc = 0;
	mpsk_status_t status;

	if (!names || !argv || !argvlen) {
		talloc_free(names);
		return mpsk_error_set(err, MPSK_ERR, "out of memory");
	}
	argv[argc++] = "XREAD";
	argv[argc++] = "COUNT";
	argv[argc++] = COUNT;
	if (!follow->apart) {
		int ms = mpsk_deadline_left(deadline) / 2 + 1;

		snprintf(block, sizeof(block), "%d", ms < BLOCK_MS ? ms : BLOCK_MS);
		argv[argc++] = "BLOCK";
		argv[argc++] = block;
	}
	argv[argc++] = "STREAMS";
	for (size_t i = 0; i < read->n; i++) {
		place_t const *place = &follow->places[read->first + i];

		names[i] = mpsk_trail_name(follow->kind, place->org);
		argv[argc + i] = names[i].text;
		argv[argc + read->n + i] = place->last;
	}
	argc += 2 * read->n;
	for (size_t i = 0; i < argc; i++) argvlen[i] = strlen(argv[i]);
	status = mpsk_conn_call(conn, &read->reply, deadline, err,
				&(mpsk_command_t) { .argc = argc, .argv = argv, .argvlen = argvlen });
	talloc_free(names);
	return status;
}

/* An array of names and entries; nil where nothing came. The places keep what was shown. */
static mpsk_status_t show(read_t const *read, mpsk_trail_cb_t cb, void *uctx, bool *any, mpsk_error_t *err)
{
	mpsk_trail_follow_t *follow = read->follow;
	mpsk_status_t status = MPSK_OK;

	if (read->reply->type == REDIS_REPLY_NIL) return MPSK_OK;
	if (!mpsk_reply_is_array(read->reply, 1)) return mpsk_reply_unexpected("XREAD", err);
	*any = true;
	for (size_t i = 0; status == MPSK_OK && i < read->reply->elements; i++) {
		redisReply const *trail = read->reply->element[i];

		if (!mpsk_reply_is_array(trail, 2)) return mpsk_reply_unexpected("XREAD", err);
		for (size_t j = read->first; j < read->first + read->n; j++) {
			place_t *place = &follow->places[j];

			if (!mpsk_reply_is_text(trail->element[0], mpsk_trail_name(follow->kind, place->org).text))
				continue;
			status = mpsk_trail_show(place->org, trail->element[1], cb, uctx, place->last, err);
		}
	}
	return status;
}

static mpsk_status_t ask(mpsk_trail_follow_t *follow, size_t first, size_t n, mpsk_trail_cb_t cb, void *uctx,
			 bool *any, mpsk_error_t *err)
{
	read_t read = { .follow = follow, .first = first, .n = n };
	mpsk_trail_name_t name = mpsk_trail_name(follow->kind, follow->places[first].org);
	mpsk_status_t status = mpsk_pool_run(follow->store->pool, name.text, read_exchange, &read, err);

	if (status == MPSK_OK) status = show(&read, cb, uctx, any, err);
	mpsk_reply_free(&read.reply);
	return status;
}

mpsk_status_t mpsk_trail_next(mpsk_trail_follow_t *follow, mpsk_trail_cb_t cb, void *uctx, mpsk_error_t *err)
{
	struct timespec const step = { .tv_nsec = STEP_MS * 1000000 };
	mpsk_status_t status = MPSK_OK;
	bool any = false;

	if (!follow->n || mpsk_monotonic_ms() - follow->looked_at >= LOOK_MS) status = look(follow, false, err);
	if (status == MPSK_OK && follow->n && !follow->apart) return ask(follow, 0, follow->n, cb, uctx, &any, err);
	for (size_t i = 0; status == MPSK_OK && i < follow->n; i++) status = ask(follow, i, 1, cb, uctx, &any, err);
	if (status == MPSK_OK && !any) nanosleep(&step, NULL);
	return status;
}
