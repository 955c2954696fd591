/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/feed.h"

#include <string.h>

#include "base/deadline.h"
#include "store/reply.h"
#include "store/resting.h"
#include "store/rkey.h"

#define FEED_BATCH	1000
#define FEED_BATCH_MS	5000
#define FEED_DIRTY_MAX	(1u << 20)	/* more names than this are not worth remembering one by one */
#define FEED_NAS_MAX	253		/* octets of a RADIUS attribute's value */
#define FEED_PATTERN	"mpsk:[cdk]*"	/* cfg:, dev: and key: in one walk, for each walk visits every name */

mpsk_feed_t *mpsk_feed_create(TALLOC_CTX *ctx, mpsk_sync_sink_t const *sink, void *uctx)
{
	mpsk_feed_t *feed = talloc_zero(ctx, mpsk_feed_t);

	if (!feed) return NULL;
	feed->sink = sink;
	feed->uctx = uctx;
	feed->dirty = mpsk_names_create(feed);
	feed->resting = mpsk_names_create(feed);
	feed->refusals = mpsk_refusals_create(feed, sink, uctx);
	if (!feed->dirty || !feed->resting || !feed->refusals) TALLOC_FREE(feed);
	return feed;
}

/*
 * --- One row ---
 */
static mpsk_status_t feed_key(mpsk_feed_t *feed, mpsk_row_t const *row, mpsk_error_t *err)
{
	mpsk_key_t *key;
	char id[MPSK_ID_MAX + 1];
	mpsk_error_t label, what, why = { "" };
	mpsk_status_t status = mpsk_row_key(NULL, &key, row, id, &why);

	if (status == MPSK_ERR) return mpsk_error_set(err, MPSK_ERR, "%s", why.text);
	if (status == MPSK_BAD) {
		mpsk_row_label(&label, row);
		mpsk_error_set(&what, MPSK_OK, "key %s", *id ? id : label.text);
		mpsk_refusals_note(feed->refusals, row->name, row->name_len, what.text, &why);
	} else {
		mpsk_refusals_forget(feed->refusals, row->name, row->name_len);
	}
	if (status == MPSK_OK) {
		feed->sink->key_put(feed->uctx, key);
		feed->put++;
	} else if (*id) {
		feed->sink->key_drop(feed->uctx, id);
	}
	return MPSK_OK;
}

static mpsk_status_t feed_devices(mpsk_feed_t *feed, mpsk_row_t const *row, mpsk_error_t *err)
{
	mpsk_device_t *devices;
	size_t n;
	char id[MPSK_ID_MAX + 1];
	mpsk_error_t label, what, why = { "" };
	mpsk_status_t status = mpsk_row_devices(NULL, &devices, &n, row, id, &why);

	if (status == MPSK_ERR) return mpsk_error_set(err, MPSK_ERR, "%s", why.text);
	if (status == MPSK_BAD) {
		mpsk_row_label(&label, row);
		mpsk_error_set(&what, MPSK_OK, "devices of key %s", *id ? id : label.text);
		mpsk_refusals_note(feed->refusals, row->name, row->name_len, what.text, &why);
	} else {
		mpsk_refusals_forget(feed->refusals, row->name, row->name_len);
	}
	if (*id) feed->sink->devices_put(feed->uctx, id, devices, n);
	mpsk_resting_add(feed->resting, row->name, row->name_len, n);
	talloc_free(devices);
	return MPSK_OK;
}

/* Whether a value can be a C string of at most max octets; *text is "" where it is absent. */
static mpsk_status_t nas_text(char const **text, mpsk_row_t const *row, char const *field, mpsk_error_t *err)
{
	redisReply const *value = mpsk_row_field(row, field);

	*text = value ? value->str : "";
	if (value && value->len > MPSK_NAME_MAX) {
		return mpsk_error_set(err, MPSK_BAD, "%s: over %d octets", field, MPSK_NAME_MAX);
	}
	if (value && memchr(value->str, '\0', value->len)) {
		return mpsk_error_set(err, MPSK_BAD, "%s: a NUL stands in it", field);
	}
	return MPSK_OK;
}

static void feed_nas(mpsk_feed_t *feed, mpsk_row_t const *row)
{
	char const *nas = row->name + strlen(MPSK_RKEY_NAS_PREFIX);
	size_t len = row->name_len - strlen(MPSK_RKEY_NAS_PREFIX);
	bool named = len > 0 && len <= FEED_NAS_MAX && strlen(nas) == len;
	char const *org = NULL, *site = NULL;
	mpsk_error_t label, what, why;
	mpsk_status_t status = mpsk_row_check(row, &why);

	if (status == MPSK_OK) status = nas_text(&org, row, "org", &why);
	if (status == MPSK_OK) status = nas_text(&site, row, "site", &why);
	if (status == MPSK_OK && !named) {
		status = mpsk_error_set(&why, MPSK_BAD, "its name is no NAS-Identifier or address");
	}
	if (status == MPSK_BAD) {
		mpsk_row_label(&label, row);
		mpsk_error_set(&what, MPSK_OK, "NAS %s", label.text + strlen(MPSK_RKEY_NAS_PREFIX));
		mpsk_refusals_note(feed->refusals, row->name, row->name_len, what.text, &why);
	} else {
		mpsk_refusals_forget(feed->refusals, row->name, row->name_len);
	}
	if (status == MPSK_OK) {
		feed->sink->nas_put(feed->uctx, nas, org, site);
	} else if (named) {
		feed->sink->nas_drop(feed->uctx, nas);
	}
}

static mpsk_status_t feed_row(void *uctx, mpsk_row_t const *row, mpsk_error_t *err)
{
	mpsk_feed_t *feed = uctx;

	if (mpsk_rkey_has_prefix(row->name, row->name_len, MPSK_RKEY_KEY_PREFIX)) return feed_key(feed, row, err);
	if (mpsk_rkey_has_prefix(row->name, row->name_len, MPSK_RKEY_DEV_PREFIX)) return feed_devices(feed, row, err);
	if (mpsk_rkey_has_prefix(row->name, row->name_len, MPSK_RKEY_NAS_PREFIX)) feed_nas(feed, row);
	return MPSK_OK;
}

/*
 * --- What is to be read ---
 */
void mpsk_feed_load(mpsk_feed_t *feed, unsigned pace)
{
	feed->loading = true;
	feed->pace = pace;
	feed->walk = (mpsk_walk_t) { .pattern = FEED_PATTERN, .use = feed_row, .uctx = feed };
	feed->started_at = feed->step_at = mpsk_monotonic_ms();
	feed->put = 0;
	if (!pace) {
		feed->current = false;
		mpsk_names_clear(feed->dirty);	/* the load shows them too */
		mpsk_names_clear(feed->resting);
	}
	mpsk_refusals_begin(feed->refusals);
	feed->sink->begin(feed->uctx);
}

static bool is_ours(char const *name, size_t len)
{
	return mpsk_rkey_has_prefix(name, len, MPSK_RKEY_KEY_PREFIX) ||
	       mpsk_rkey_has_prefix(name, len, MPSK_RKEY_DEV_PREFIX) ||
	       mpsk_rkey_has_prefix(name, len, MPSK_RKEY_NAS_PREFIX);
}

bool mpsk_feed_changed(void *uctx, char const *name, size_t len)
{
	mpsk_feed_t *feed = uctx;

	if (!name || mpsk_names_count(feed->dirty) >= FEED_DIRTY_MAX) {
		mpsk_feed_load(feed, 0);
		return true;
	}
	if (!is_ours(name, len) || mpsk_resting_changed(feed->resting, name, len)) return true;
	return mpsk_names_add(feed->dirty, name, len) != NULL;
}

/*
 * --- Steps ---
 */
static mpsk_status_t feed_dirty(mpsk_feed_t *feed, mpsk_conn_t *conn, mpsk_error_t *err)
{
	mpsk_rows_t *rows = NULL;
	mpsk_status_t status = mpsk_rows_fetch(NULL, &rows, conn, feed->dirty, FEED_BATCH,
					       mpsk_deadline_in(FEED_BATCH_MS), err);

	for (size_t i = 0; status == MPSK_OK && i < rows->n; i++) status = feed_row(feed, &rows->rows[i], err);
	for (size_t i = 0; status == MPSK_OK && i < rows->n; i++) {
		mpsk_names_remove(feed->dirty, mpsk_names_first(feed->dirty));
	}
	talloc_free(rows);
	return status;
}

static mpsk_status_t feed_walk(mpsk_feed_t *feed, mpsk_conn_t *conn, mpsk_error_t *err)
{
	mpsk_rows_t *rows = NULL;
	mpsk_status_t status = mpsk_rows_walk(NULL, &rows, conn, &feed->walk, FEED_BATCH,
					      mpsk_deadline_in(FEED_BATCH_MS), err);

	/* Names that SCAN passed over cost Redis as much as those that it gave. */
	if (status == MPSK_OK && feed->pace) {
		size_t n = rows->n > FEED_BATCH ? rows->n : FEED_BATCH;

		feed->step_at = mpsk_monotonic_ms() + (int64_t) (n * 1000 / feed->pace);
	}
	talloc_free(rows);
	return status;
}

/* All that changed while the load went on, and it is done. What changes from here on is for after it. */
static mpsk_status_t feed_finish(mpsk_feed_t *feed, mpsk_conn_t *conn, mpsk_error_t *err)
{
	while (mpsk_names_count(feed->dirty)) {
		mpsk_status_t status = feed_dirty(feed, conn, err);

		if (status != MPSK_OK) return status;
	}
	feed->sink->commit(feed->uctx);
	mpsk_refusals_commit(feed->refusals);
	feed->took_ms = (int) (mpsk_monotonic_ms() - feed->started_at);
	feed->loading = false;
	feed->current = true;
	return MPSK_OK;
}

bool mpsk_feed_due(mpsk_feed_t const *feed, int64_t *at)
{
	int64_t next = feed->loading ? feed->step_at : INT64_MAX;

	if (mpsk_names_count(feed->dirty)) return true;
	mpsk_resting_next(feed->resting, &next);
	if (mpsk_monotonic_ms() >= next) return true;
	if (next < *at) *at = next;
	return false;
}

mpsk_status_t mpsk_feed_step(mpsk_feed_t *feed, mpsk_conn_t *conn, bool *loaded, mpsk_error_t *err)
{
	mpsk_status_t status = MPSK_OK;

	*loaded = false;
	if (!mpsk_resting_wake(feed->resting, feed->dirty)) return mpsk_error_set(err, MPSK_ERR, "out of memory");
	if (mpsk_names_count(feed->dirty)) status = feed_dirty(feed, conn, err);
	if (status != MPSK_OK || !feed->loading || mpsk_monotonic_ms() < feed->step_at) return status;
	if (!feed->walk.done) return feed_walk(feed, conn, err);
	status = feed_finish(feed, conn, err);
	*loaded = status == MPSK_OK;
	return status;
}
