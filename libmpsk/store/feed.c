/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/feed.h"

#include <string.h>
#include <time.h>

#include "base/deadline.h"
#include "store/feed_cfg.h"
#include "store/meta.lua.h"
#include "store/reply.h"
#include "store/resting.h"
#include "store/rkey.h"

#define FEED_BATCH	1000
#define FEED_BATCH_MS	5000
#define FEED_DIRTY_MAX	(1u << 20)	/* more names than this are not worth remembering one by one */
#define FEED_LOOK	(4 * FEED_BATCH)	/* names that are looked at for one batch */
#define FEED_PATIENCE_MS 20
#define FEED_HELD_MS	1000	/* how often data that are held are asked for whether they were accepted */
#define FEED_RETRY_MS	10000	/* and read again: they may be back */
#define FEED_STAMP_MS	10000
#define FEED_PATTERN	"mpsk:[cdk]*"	/* cfg:, dev: and key: in one walk, for each walk visits every name */

mpsk_feed_t *mpsk_feed_create(TALLOC_CTX *ctx, mpsk_links_t *links, mpsk_sync_sink_t const *sink, void *uctx,
			      int hold_ms)
{
	mpsk_feed_t *feed = talloc_zero(ctx, mpsk_feed_t);

	if (!feed) return NULL;
	feed->links = links;
	feed->sink = sink;
	feed->uctx = uctx;
	feed->dirty = mpsk_names_create(feed);
	feed->resting = mpsk_names_create(feed);
	feed->refusals = mpsk_refusals_create(feed, sink, uctx);
	feed->brake = mpsk_brake_create(feed, sink, uctx, hold_ms);
	mpsk_script_init(&feed->stamp, MPSK_META_LUA);
	if (!feed->dirty || !feed->resting || !feed->refusals || !feed->brake) TALLOC_FREE(feed);
	return feed;
}

static bool is_ours(char const *name, size_t len)
{
	return mpsk_rkey_has_prefix(name, len, MPSK_RKEY_KEY_PREFIX) ||
	       mpsk_rkey_has_prefix(name, len, MPSK_RKEY_DEV_PREFIX) ||
	       mpsk_rkey_has_prefix(name, len, MPSK_RKEY_NAS_PREFIX) ||
	       mpsk_rkey_has_prefix(name, len, MPSK_RKEY_SITE_PREFIX);
}

/*
 * --- One row ---
 */
static mpsk_status_t feed_key(mpsk_feed_t *feed, mpsk_row_t const *row, mpsk_error_t *err)
{
	mpsk_key_t *key;
	char id[MPSK_ID_MAX + 1];
	mpsk_error_t label, what, why = { "" };
	mpsk_status_t status = mpsk_row_key(NULL, &key, row, feed->keyring, id, &why);

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

mpsk_status_t mpsk_feed_row(void *uctx, mpsk_row_t const *row, mpsk_error_t *err)
{
	mpsk_feed_t *feed = uctx;

	if (feed->snapshot && is_ours(row->name, row->name_len)) mpsk_snapshot_row(feed->snapshot, row);
	if (mpsk_rkey_has_prefix(row->name, row->name_len, MPSK_RKEY_KEY_PREFIX)) return feed_key(feed, row, err);
	if (mpsk_rkey_has_prefix(row->name, row->name_len, MPSK_RKEY_DEV_PREFIX)) return feed_devices(feed, row, err);
	if (mpsk_rkey_has_prefix(row->name, row->name_len, MPSK_RKEY_NAS_PREFIX)) mpsk_feed_nas(feed, row);
	if (mpsk_rkey_has_prefix(row->name, row->name_len, MPSK_RKEY_SITE_PREFIX)) mpsk_feed_site(feed, row);
	return MPSK_OK;
}

/*
 * --- What is to be read ---
 */
static mpsk_walk_t feed_first(mpsk_feed_t *feed)
{
	return (mpsk_walk_t) { .pattern = FEED_PATTERN, .use = mpsk_feed_row, .uctx = feed };
}

void mpsk_feed_load(mpsk_feed_t *feed, unsigned pace)
{
	feed->loading = true;
	feed->judged = false;
	feed->pace = pace;
	feed->member = 0;
	feed->walk = feed_first(feed);
	feed->started_at = feed->step_at = mpsk_monotonic_ms();
	feed->put = 0;
	if (!pace) {
		feed->current = false;
		feed->dirty_at = 0;
		mpsk_names_clear(feed->dirty);	/* the load shows them too */
		mpsk_names_clear(feed->resting);
	}
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
 * --- A cluster moves keys ---
 */

/* Ask the member to which a slot is on its way for one name. MISS where it does not have it either. */
static mpsk_status_t feed_asking(mpsk_feed_t *feed, mpsk_member_t *member, mpsk_row_t const *row, mpsk_error_t *err)
{
	mpsk_names_t *one = mpsk_names_create(NULL);
	mpsk_rows_t *rows = NULL;
	mpsk_status_t status = MPSK_ERR;

	feed->links->last = member;
	mpsk_conn_ask(member->link.data, true);
	if (one && mpsk_names_add(one, row->name, row->name_len)) {
		status = mpsk_rows_fetch(NULL, &rows, member->link.data, one, 1, mpsk_deadline_in(FEED_BATCH_MS), err);
	} else {
		mpsk_error_set(err, MPSK_ERR, "out of memory");
	}
	mpsk_conn_ask(member->link.data, false);
	if (status == MPSK_OK) status = mpsk_row_moved(rows->rows) ? MPSK_MISS : mpsk_feed_row(feed, rows->rows, err);
	talloc_free(rows);
	talloc_free(one);
	return status;
}

/* Nothing is known of a row that another node has: its name waits until somebody says what it holds. */
static mpsk_status_t feed_moved(mpsk_feed_t *feed, mpsk_member_t *member, mpsk_row_t const *row, mpsk_error_t *err)
{
	mpsk_member_t *other = mpsk_links_follow(feed->links, member, row->pairs);
	mpsk_status_t status = other ? feed_asking(feed, other, row, err) : MPSK_MISS;
	mpsk_name_t *name;

	if (status == MPSK_MISS) {
		status = mpsk_names_add(feed->dirty, row->name, row->name_len) ? MPSK_OK :
			 mpsk_error_set(err, MPSK_ERR, "out of memory");
	} else if (status == MPSK_OK) {
		name = mpsk_names_find(feed->dirty, row->name, row->name_len);
		if (name) mpsk_names_remove(feed->dirty, name);
	}
	return status;
}

/* Dirty names were read. */
static mpsk_status_t feed_rows(mpsk_feed_t *feed, mpsk_member_t *member, mpsk_rows_t const *rows, mpsk_error_t *err)
{
	mpsk_status_t status = MPSK_OK;

	for (size_t i = 0; i < rows->n && status == MPSK_OK; i++) {
		mpsk_row_t const *row = &rows->rows[i];
		mpsk_name_t *name;

		if (mpsk_row_moved(row)) {
			status = feed_moved(feed, member, row, err);
			continue;
		}
		status = mpsk_feed_row(feed, row, err);
		name = status == MPSK_OK ? mpsk_names_find(feed->dirty, row->name, row->name_len) : NULL;
		if (name) mpsk_names_remove(feed->dirty, name);
	}
	return status;
}

/* A walk has used all rows but those that moved. */
static mpsk_status_t feed_walked(mpsk_feed_t *feed, mpsk_member_t *member, mpsk_rows_t const *rows, mpsk_error_t *err)
{
	mpsk_status_t status = MPSK_OK;

	for (size_t i = 0; i < rows->n && status == MPSK_OK; i++) {
		mpsk_row_t const *row = &rows->rows[i];

		if (mpsk_row_moved(row) && is_ours(row->name, row->name_len)) {
			status = feed_moved(feed, member, row, err);
		}
	}
	return status;
}

/*
 * --- Steps ---
 */

/* The first names that one open member has, and that member; NULL where there is none. */
static mpsk_member_t *feed_batch(mpsk_feed_t *feed, mpsk_names_t *batch)
{
	mpsk_member_t *member = NULL;
	size_t looked = 0;

	for (mpsk_name_t *name = mpsk_names_first(feed->dirty); name; name = mpsk_names_next(name)) {
		mpsk_member_t *owner = mpsk_links_find(feed->links, name->text, name->len);

		if (++looked > FEED_LOOK && member) break;
		if (!owner || (member && owner != member)) continue;
		member = owner;
		if (!mpsk_names_add(batch, name->text, name->len)) return NULL;
		if (mpsk_names_count(batch) == FEED_BATCH) break;
	}
	return member;
}

static mpsk_status_t feed_fetch(mpsk_feed_t *feed, mpsk_member_t *member, mpsk_names_t const *names,
				mpsk_error_t *err)
{
	mpsk_rows_t *rows = NULL;
	mpsk_status_t status;

	feed->links->last = member;
	status = mpsk_rows_fetch(NULL, &rows, member->link.data, names, FEED_BATCH, mpsk_deadline_in(FEED_BATCH_MS),
				 err);
	if (status == MPSK_OK) status = feed_rows(feed, member, rows, err);
	talloc_free(rows);
	return status;
}

/* Where no name could be read, those that there are wait a moment. */
static mpsk_status_t feed_dirty(mpsk_feed_t *feed, mpsk_error_t *err)
{
	size_t before = mpsk_names_count(feed->dirty);
	mpsk_names_t *batch = mpsk_names_create(NULL);
	mpsk_member_t *member = batch ? feed_batch(feed, batch) : NULL;
	mpsk_status_t status = MPSK_OK;

	if (member) status = feed_fetch(feed, member, batch, err);
	if (!batch) status = mpsk_error_set(err, MPSK_ERR, "out of memory");
	talloc_free(batch);
	feed->dirty_at = mpsk_names_count(feed->dirty) < before ? 0 : mpsk_monotonic_ms() + FEED_PATIENCE_MS;
	return status;
}

static mpsk_status_t feed_walk(mpsk_feed_t *feed, mpsk_error_t *err)
{
	mpsk_member_t *member = &feed->links->members[feed->member];
	mpsk_rows_t *rows = NULL;
	mpsk_status_t status;

	feed->links->last = member;
	status = mpsk_rows_walk(NULL, &rows, member->link.data, &feed->walk, FEED_BATCH,
				mpsk_deadline_in(FEED_BATCH_MS), err);
	if (status == MPSK_OK) status = feed_walked(feed, member, rows, err);
	/* Names that SCAN passed over cost Redis as much as those that it gave. */
	if (status == MPSK_OK && feed->pace) {
		size_t n = rows->n > FEED_BATCH ? rows->n : FEED_BATCH;

		feed->step_at = mpsk_monotonic_ms() + (int64_t) (n * 1000 / feed->pace);
	}
	talloc_free(rows);
	if (status == MPSK_OK && feed->walk.done && feed->member + 1 < feed->links->n) {
		feed->member++;
		feed->walk = feed_first(feed);
	}
	return status;
}

/*
 * --- Whether what is read may be taken over ---
 */

/* Nothing of Redis's is followed for now. */
static void feed_hold(mpsk_feed_t *feed)
{
	feed->judged = false;
	feed->current = false;
	feed->step_at = mpsk_monotonic_ms() + FEED_HELD_MS;
}

/* What waits to be written is of the copy that is in force: a load need not come to its end. */
static void feed_snapshot_begin(mpsk_feed_t *feed)
{
	mpsk_snapshot_info_t info = mpsk_feed_info(feed, time(NULL));

	if (!feed->snapshot) return;
	if (feed->current) mpsk_snapshot_flush(feed->snapshot, &info, true);
	mpsk_snapshot_begin(feed->snapshot);
}

/* Redis's data are those that were there, as far as that can be told beforehand: the load begins. */
static mpsk_status_t feed_judge(mpsk_feed_t *feed, mpsk_error_t *err)
{
	mpsk_member_t *member = mpsk_links_find(feed->links, MPSK_RKEY_META, strlen(MPSK_RKEY_META));
	mpsk_meta_t meta;
	mpsk_status_t status = MPSK_MISS;

	if (member) {
		feed->links->last = member;
		status = mpsk_meta_read(&meta, member->link.data, mpsk_deadline_in(FEED_BATCH_MS), err);
	}
	if (status == MPSK_MISS) {	/* it is on its way from node to node */
		feed->step_at = mpsk_monotonic_ms() + FEED_PATIENCE_MS;
		return MPSK_OK;
	}
	if (status != MPSK_OK) return status;
	if (!mpsk_brake_begin(feed->brake, &meta)) {
		feed_hold(feed);
		return MPSK_OK;
	}
	if (mpsk_brake_held(feed->brake) && mpsk_monotonic_ms() < feed->retry_at &&
	    !mpsk_brake_released(feed->brake, &meta)) {
		feed_hold(feed);
		return MPSK_OK;
	}
	if (mpsk_brake_held(feed->brake)) mpsk_feed_load(feed, 0);
	feed->judged = true;
	mpsk_refusals_begin(feed->refusals);
	feed->sink->begin(feed->uctx);
	feed_snapshot_begin(feed);
	return MPSK_OK;
}

/* The load would take too much away. */
static bool feed_refused(mpsk_feed_t *feed)
{
	size_t lost, had = feed->sink->count(feed->uctx, &lost);

	if (mpsk_brake_end(feed->brake, had, lost)) return false;
	mpsk_feed_load(feed, 0);
	feed_hold(feed);
	feed->retry_at = mpsk_monotonic_ms() + FEED_RETRY_MS;
	return true;
}

bool mpsk_feed_held(mpsk_feed_t const *feed)
{
	return mpsk_brake_held(feed->brake);
}

mpsk_status_t mpsk_feed_stamp(mpsk_feed_t *feed, mpsk_error_t *err)
{
	char const *epoch = mpsk_brake_meta(feed->brake)->epoch;
	mpsk_member_t *member;
	mpsk_meta_t meta;
	mpsk_status_t status;

	if (!feed->current || feed->loading || mpsk_monotonic_ms() < feed->stamp_at) return MPSK_OK;
	feed->stamp_at = mpsk_monotonic_ms() + FEED_STAMP_MS;
	/* An empty Redis is not marked as the right one: a server that starts on the ruins of another's would do so. */
	if (!epoch[0] && !feed->put) return MPSK_OK;
	member = mpsk_links_find(feed->links, MPSK_RKEY_META, strlen(MPSK_RKEY_META));
	if (!member) return MPSK_OK;
	feed->links->last = member;
	status = mpsk_meta_write(&meta, member->link.data, &feed->stamp, false, epoch,
				 mpsk_deadline_in(FEED_BATCH_MS), err);
	if (status == MPSK_OK && !mpsk_brake_stamped(feed->brake, &meta)) mpsk_feed_load(feed, 0);
	/* Without the right to run it, or with a slot that moves, the data go without a stamp. */
	return mpsk_conn_usable(member->link.data) ? MPSK_OK : status;
}

/* All that changed while the load went on, and it is done. What changes from here on is for after it. */
static mpsk_status_t feed_finish(mpsk_feed_t *feed, bool *loaded, mpsk_error_t *err)
{
	mpsk_snapshot_info_t info;

	while (mpsk_names_count(feed->dirty)) {
		mpsk_status_t status = feed_dirty(feed, err);

		if (status != MPSK_OK || feed->dirty_at) return status;
	}
	if (feed_refused(feed)) return MPSK_OK;
	feed->sink->commit(feed->uctx);
	mpsk_refusals_commit(feed->refusals);
	info = mpsk_feed_info(feed, time(NULL));
	if (feed->snapshot) mpsk_snapshot_commit(feed->snapshot, &info);
	feed->took_ms = (int) (mpsk_monotonic_ms() - feed->started_at);
	feed->loading = false;
	feed->current = true;
	feed->stamp_at = 0;
	*loaded = true;
	return MPSK_OK;
}

static bool feed_may_load(mpsk_feed_t const *feed)
{
	return feed->loading && mpsk_links_complete(feed->links);
}

/* What changes meanwhile is not to be believed before its time. */
static bool feed_waits(mpsk_feed_t const *feed)
{
	return feed->loading && !feed->judged && mpsk_brake_held(feed->brake);
}

bool mpsk_feed_due(mpsk_feed_t const *feed, int64_t *at)
{
	int64_t next = feed_may_load(feed) ? feed->step_at : INT64_MAX;
	bool dirty = mpsk_names_count(feed->dirty) > 0;

	if (feed_waits(feed)) dirty = false;
	/* A load that only waits for what could not be read would ask for it without end. */
	if (dirty && (feed->walk.done || !feed->loading || feed->dirty_at < next)) next = feed->dirty_at;
	if (!feed_waits(feed)) mpsk_resting_next(feed->resting, &next);
	if (mpsk_monotonic_ms() >= next) return true;
	if (next < *at) *at = next;
	return false;
}

mpsk_status_t mpsk_feed_step(mpsk_feed_t *feed, bool *loaded, mpsk_error_t *err)
{
	mpsk_status_t status = MPSK_OK;

	*loaded = false;
	if (feed_waits(feed)) return feed_may_load(feed) ? feed_judge(feed, err) : MPSK_OK;
	if (!mpsk_resting_wake(feed->resting, feed->dirty)) return mpsk_error_set(err, MPSK_ERR, "out of memory");
	if (mpsk_names_count(feed->dirty) && mpsk_monotonic_ms() >= feed->dirty_at) status = feed_dirty(feed, err);
	if (status != MPSK_OK || !feed_may_load(feed) || mpsk_monotonic_ms() < feed->step_at) return status;
	if (!feed->judged) return feed_judge(feed, err);
	return feed->walk.done ? feed_finish(feed, loaded, err) : feed_walk(feed, err);
}
