/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/feed.h"

#include <string.h>

#include "base/deadline.h"
#include "key/vlans.h"
#include "store/reply.h"
#include "store/resting.h"
#include "store/rkey.h"

#define FEED_BATCH	1000
#define FEED_BATCH_MS	5000
#define FEED_DIRTY_MAX	(1u << 20)	/* more names than this are not worth remembering one by one */
#define FEED_NAS_MAX	253		/* octets of a RADIUS attribute's value */
#define FEED_LOOK	(4 * FEED_BATCH)	/* names that are looked at for one batch */
#define FEED_PATIENCE_MS 20
#define FEED_PATTERN	"mpsk:[cdk]*"	/* cfg:, dev: and key: in one walk, for each walk visits every name */

mpsk_feed_t *mpsk_feed_create(TALLOC_CTX *ctx, mpsk_links_t *links, mpsk_sync_sink_t const *sink, void *uctx)
{
	mpsk_feed_t *feed = talloc_zero(ctx, mpsk_feed_t);

	if (!feed) return NULL;
	feed->links = links;
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

/* Whether a value can be a C string of at most max octets; *text is "" where it is absent. */
static mpsk_status_t nas_text(char const **text, mpsk_row_t const *row, char const *field, size_t max,
			      mpsk_error_t *err)
{
	redisReply const *value = mpsk_row_field(row, field);

	*text = value ? value->str : "";
	if (value && value->len > max) return mpsk_error_set(err, MPSK_BAD, "%s: over %zu octets", field, max);
	if (value && memchr(value->str, '\0', value->len)) {
		return mpsk_error_set(err, MPSK_BAD, "%s: a NUL stands in it", field);
	}
	return MPSK_OK;
}

static mpsk_status_t nas_read(mpsk_nas_t *at, mpsk_row_t const *row, mpsk_error_t *err)
{
	struct {
		char const	**text;
		char const	*field;
		size_t		max;
	} const texts[] = {
		{ &at->org, "org", MPSK_NAME_MAX },
		{ &at->site, "site", MPSK_NAME_MAX },
		{ &at->dialect, "dialect", MPSK_NAS_WORD_MAX },
		{ &at->reply, "reply", MPSK_NAS_WORD_MAX },
	};
	mpsk_status_t status = MPSK_OK;
	char const *sent;

	for (size_t i = 0; status == MPSK_OK && i < sizeof(texts) / sizeof(texts[0]); i++) {
		status = nas_text(texts[i].text, row, texts[i].field, texts[i].max, err);
	}
	if (status == MPSK_OK) status = nas_text(&sent, row, "session_timeout", MPSK_NAS_WORD_MAX, err);
	if (status != MPSK_OK) return status;

	at->no_session_timeout = strcmp(sent, "0") == 0;
	if (at->no_session_timeout || !sent[0] || strcmp(sent, "1") == 0) return MPSK_OK;
	return mpsk_error_set(err, MPSK_BAD, "session_timeout: neither 0 nor 1");
}

/* Tell of a row that is wrong, once; and no more where it no longer is. */
static void cfg_note(mpsk_feed_t *feed, mpsk_row_t const *row, char const *kind, char const *prefix,
		     mpsk_status_t status, mpsk_error_t const *why)
{
	mpsk_error_t label, what;

	if (status != MPSK_BAD) {
		mpsk_refusals_forget(feed->refusals, row->name, row->name_len);
		return;
	}
	mpsk_row_label(&label, row);
	mpsk_error_set(&what, MPSK_OK, "%s %s", kind, label.text + strlen(prefix));
	mpsk_refusals_note(feed->refusals, row->name, row->name_len, what.text, why);
}

static void feed_nas(mpsk_feed_t *feed, mpsk_row_t const *row)
{
	char const *nas = row->name + strlen(MPSK_RKEY_NAS_PREFIX);
	size_t len = row->name_len - strlen(MPSK_RKEY_NAS_PREFIX);
	bool named = len > 0 && len <= FEED_NAS_MAX && strlen(nas) == len;
	mpsk_nas_t at;
	mpsk_error_t why;
	mpsk_status_t status = mpsk_row_check(row, &why);

	if (status == MPSK_OK) status = nas_read(&at, row, &why);
	if (status == MPSK_OK && !named) {
		status = mpsk_error_set(&why, MPSK_BAD, "its name is no NAS-Identifier or address");
	}
	cfg_note(feed, row, "NAS", MPSK_RKEY_NAS_PREFIX, status, &why);
	if (status == MPSK_OK) {
		feed->sink->nas_put(feed->uctx, nas, &at);
	} else if (named) {
		feed->sink->nas_drop(feed->uctx, nas);
	}
}

static void feed_site(mpsk_feed_t *feed, mpsk_row_t const *row)
{
	char const *site = row->name + strlen(MPSK_RKEY_SITE_PREFIX), *vlans = NULL;
	size_t len = row->name_len - strlen(MPSK_RKEY_SITE_PREFIX);
	bool named = len > 0 && len <= MPSK_NAME_MAX && strlen(site) == len;
	mpsk_error_t why, inner;
	mpsk_status_t status = mpsk_row_check(row, &why);

	if (status == MPSK_OK && !named) status = mpsk_error_set(&why, MPSK_BAD, "its name is no site's");
	if (status == MPSK_OK) status = nas_text(&vlans, row, "vlans", MPSK_VLANS_MAX, &why);
	if (status == MPSK_OK && mpsk_vlans_check(vlans, strlen(vlans), &inner) != MPSK_OK) {
		status = mpsk_error_set(&why, MPSK_BAD, "vlans: %s", inner.text);
	}
	cfg_note(feed, row, "site", MPSK_RKEY_SITE_PREFIX, status, &why);
	if (status == MPSK_OK) {
		feed->sink->site_put(feed->uctx, site, vlans);
	} else if (named) {
		feed->sink->site_drop(feed->uctx, site);
	}
}

static mpsk_status_t feed_row(void *uctx, mpsk_row_t const *row, mpsk_error_t *err)
{
	mpsk_feed_t *feed = uctx;

	if (mpsk_rkey_has_prefix(row->name, row->name_len, MPSK_RKEY_KEY_PREFIX)) return feed_key(feed, row, err);
	if (mpsk_rkey_has_prefix(row->name, row->name_len, MPSK_RKEY_DEV_PREFIX)) return feed_devices(feed, row, err);
	if (mpsk_rkey_has_prefix(row->name, row->name_len, MPSK_RKEY_NAS_PREFIX)) feed_nas(feed, row);
	if (mpsk_rkey_has_prefix(row->name, row->name_len, MPSK_RKEY_SITE_PREFIX)) feed_site(feed, row);
	return MPSK_OK;
}

/*
 * --- What is to be read ---
 */
static mpsk_walk_t feed_first(mpsk_feed_t *feed)
{
	return (mpsk_walk_t) { .pattern = FEED_PATTERN, .use = feed_row, .uctx = feed };
}

void mpsk_feed_load(mpsk_feed_t *feed, unsigned pace)
{
	feed->loading = true;
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
	mpsk_refusals_begin(feed->refusals);
	feed->sink->begin(feed->uctx);
}

static bool is_ours(char const *name, size_t len)
{
	return mpsk_rkey_has_prefix(name, len, MPSK_RKEY_KEY_PREFIX) ||
	       mpsk_rkey_has_prefix(name, len, MPSK_RKEY_DEV_PREFIX) ||
	       mpsk_rkey_has_prefix(name, len, MPSK_RKEY_NAS_PREFIX) ||
	       mpsk_rkey_has_prefix(name, len, MPSK_RKEY_SITE_PREFIX);
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
	if (status == MPSK_OK) status = mpsk_row_moved(rows->rows) ? MPSK_MISS : feed_row(feed, rows->rows, err);
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
		status = feed_row(feed, row, err);
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

/* All that changed while the load went on, and it is done. What changes from here on is for after it. */
static mpsk_status_t feed_finish(mpsk_feed_t *feed, bool *loaded, mpsk_error_t *err)
{
	while (mpsk_names_count(feed->dirty)) {
		mpsk_status_t status = feed_dirty(feed, err);

		if (status != MPSK_OK || feed->dirty_at) return status;
	}
	feed->sink->commit(feed->uctx);
	mpsk_refusals_commit(feed->refusals);
	feed->took_ms = (int) (mpsk_monotonic_ms() - feed->started_at);
	feed->loading = false;
	feed->current = true;
	*loaded = true;
	return MPSK_OK;
}

static bool feed_may_load(mpsk_feed_t const *feed)
{
	return feed->loading && mpsk_links_complete(feed->links);
}

bool mpsk_feed_due(mpsk_feed_t const *feed, int64_t *at)
{
	int64_t next = feed_may_load(feed) ? feed->step_at : INT64_MAX;
	bool dirty = mpsk_names_count(feed->dirty) > 0;

	/* A load that only waits for what could not be read would ask for it without end. */
	if (dirty && (feed->walk.done || !feed->loading || feed->dirty_at < next)) next = feed->dirty_at;
	mpsk_resting_next(feed->resting, &next);
	if (mpsk_monotonic_ms() >= next) return true;
	if (next < *at) *at = next;
	return false;
}

mpsk_status_t mpsk_feed_step(mpsk_feed_t *feed, bool *loaded, mpsk_error_t *err)
{
	mpsk_status_t status = MPSK_OK;

	*loaded = false;
	if (!mpsk_resting_wake(feed->resting, feed->dirty)) return mpsk_error_set(err, MPSK_ERR, "out of memory");
	if (mpsk_names_count(feed->dirty) && mpsk_monotonic_ms() >= feed->dirty_at) status = feed_dirty(feed, err);
	if (status != MPSK_OK || !feed_may_load(feed) || mpsk_monotonic_ms() < feed->step_at) return status;
	return feed->walk.done ? feed_finish(feed, loaded, err) : feed_walk(feed, err);
}
