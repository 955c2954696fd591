/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What Redis says, through a connection, to whoever reads keys from it. The
 * input: an octet that picks the reader, then all that Redis says.
 */
#include "base/text.h"
#include "key/device.h"
#include "key/vlans.h"
#include "store/feed.h"
#include "store/link.h"
#include "store/reply.h"
#include "store/rkey.h"
#include "store/rows.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/peer.h"

#define WAIT_MS 10000	/* never waited for: what there is has come already */

static void check_id(char const *id)
{
	FUZZ_CHECK(mpsk_id_valid(id, strlen(id)));
}

static void check_key(mpsk_key_t const *key, char const *id)
{
	FUZZ_CHECK(key && strcmp(key->id, id) == 0);
	FUZZ_CHECK(key->psk.len >= WPA_PASSPHRASE_MIN && key->psk.len <= WPA_PSK_MAX);
}

static void check_devices(mpsk_device_t const *devices, size_t n, size_t elements)
{
	FUZZ_CHECK(n <= elements / 2);
	for (size_t i = 0; i < n; i++) {
		FUZZ_CHECK(devices[i].last_seen >= 0 && devices[i].last_seen <= MPSK_NUMBER_MAX);
	}
}

/*
 * --- Any reply ---
 */
static void check_reply(redisReply const *reply, mpsk_conn_t *conn)
{
	mpsk_error_t err = { "" };
	mpsk_status_t status = mpsk_conn_check(conn, reply, &err);
	mpsk_device_t *devices = NULL;
	int64_t number;
	size_t n;

	FUZZ_CHECK((status == MPSK_OK) == (reply->type != REDIS_REPLY_ERROR));
	if (status != MPSK_OK) fuzz_check_error(&err);
	if (mpsk_reply_number(&number, reply) && reply->type == REDIS_REPLY_STRING) {
		FUZZ_CHECK(number >= 0 && number <= MPSK_NUMBER_MAX);
	}
	FUZZ_CHECK(!mpsk_reply_is_text(reply, "OK") || reply->len == 2);
	if (mpsk_rows_devices(NULL, &devices, &n, reply, &err) == MPSK_OK) check_devices(devices, n, reply->elements);
	talloc_free(devices);
	for (size_t i = 0; mpsk_reply_is_array(reply, 1) && i < reply->elements; i++) {
		check_reply(reply->element[i], conn);
	}
}

static void read_replies(mpsk_conn_t *conn)
{
	redisReply *reply;
	mpsk_error_t err = { "" };
	mpsk_status_t status;

	while ((status = mpsk_conn_reply(conn, &reply, mpsk_deadline_in(WAIT_MS), &err)) == MPSK_OK) {
		FUZZ_CHECK(reply);
		check_reply(reply, conn);
		mpsk_reply_free(&reply);
		if (mpsk_conn_flush(conn, mpsk_deadline_in(WAIT_MS), &err) != MPSK_OK) break;
	}
	fuzz_check_error(&err);
	FUZZ_CHECK(!mpsk_conn_usable(conn));
}

/*
 * --- One row ---
 */
static void check_row(mpsk_row_t const *row)
{
	mpsk_key_t *key;
	mpsk_device_t *devices;
	size_t n;
	char id[MPSK_ID_MAX + 1];
	mpsk_error_t err = { "" };
	mpsk_status_t status = row->is_set ? mpsk_row_devices(NULL, &devices, &n, row, id, &err) :
					     mpsk_row_key(NULL, &key, row, NULL, id, &err);

	check_id(id);
	FUZZ_CHECK(memchr(row->type, '\0', sizeof(row->type)));
	if (status == MPSK_BAD) fuzz_check_error(&err);
	if (row->is_set) {
		FUZZ_CHECK(status == MPSK_OK || status == MPSK_BAD);
		check_devices(devices, n, row->pairs->elements);
		talloc_free(devices);
	} else {
		FUZZ_CHECK((status == MPSK_OK) == (key != NULL));
		FUZZ_CHECK(status == MPSK_OK || status == MPSK_MISS || status == MPSK_BAD);
		if (key) check_key(key, id);
		talloc_free(key);
	}
}

static void read_row(mpsk_conn_t *conn, char const *name)
{
	mpsk_rows_t *rows;
	mpsk_error_t err = { "" };
	mpsk_status_t status = mpsk_rows_get(NULL, &rows, conn, name, mpsk_deadline_in(WAIT_MS), &err);

	FUZZ_CHECK((status == MPSK_OK) == (rows != NULL));
	if (rows) check_row(&rows->rows[0]);
	else fuzz_check_error(&err);
	talloc_free(rows);
}

static void read_key(mpsk_conn_t *conn)
{
	read_row(conn, "mpsk:key:{bob}");
}

static void read_devices(mpsk_conn_t *conn)
{
	read_row(conn, "mpsk:dev:{bob}");
}

/*
 * --- All rows ---
 */
static void on_load(void *uctx)
{
	(void) uctx;
}

static void on_key_put(void *uctx, mpsk_key_t *key)
{
	(void) uctx;
	check_id(key->id);
	check_key(key, key->id);
	talloc_free(key);
}

static void on_key_drop(void *uctx, char const *id)
{
	(void) uctx;
	check_id(id);
}

static void on_devices_put(void *uctx, char const *id, mpsk_device_t const *devices, size_t n)
{
	(void) uctx;
	check_id(id);
	check_devices(devices, n, SIZE_MAX);
}

static void on_nas_put(void *uctx, char const *nas, mpsk_nas_t const *at)
{
	(void) uctx;
	FUZZ_CHECK(nas[0] && strlen(at->org) <= MPSK_NAME_MAX && strlen(at->site) <= MPSK_NAME_MAX);
	FUZZ_CHECK(strlen(at->dialect) <= MPSK_NAS_WORD_MAX && strlen(at->reply) <= MPSK_NAS_WORD_MAX);
}

static void on_nas_drop(void *uctx, char const *nas)
{
	(void) uctx;
	FUZZ_CHECK(nas[0]);
}

static void on_site_put(void *uctx, char const *site, mpsk_site_t const *at)
{
	(void) uctx;
	FUZZ_CHECK(site[0] && strlen(site) <= MPSK_NAME_MAX);
	FUZZ_CHECK(mpsk_vlans_check(at->vlans, strlen(at->vlans), NULL) == MPSK_OK);
	FUZZ_CHECK(mpsk_vlans_find(at->vlans, "guest") <= MPSK_VLAN_MAX);
	FUZZ_CHECK(mpsk_when_full_name(at->when_full));
}

static void on_site_drop(void *uctx, char const *site)
{
	(void) uctx;
	FUZZ_CHECK(site[0]);
}

static bool on_idle(void *uctx)
{
	(void) uctx;
	return false;
}

static void on_restored(void *uctx, bool replaced)
{
	(void) uctx;
	(void) replaced;
}

static void on_log(void *uctx, mpsk_sync_level_t level, char const *text)
{
	(void) uctx;
	(void) level;
	FUZZ_CHECK(text[0] && fuzz_is_printable(text));
}

static size_t on_count(void *uctx, size_t *lost)
{
	(void) uctx;
	return *lost = 0;
}

static mpsk_sync_sink_t const sink = {
	.begin = on_load, .commit = on_load, .count = on_count, .key_put = on_key_put, .key_drop = on_key_drop,
	.devices_put = on_devices_put, .nas_put = on_nas_put, .nas_drop = on_nas_drop,
	.site_put = on_site_put, .site_drop = on_site_drop, .restored = on_restored, .idle = on_idle,
	.log = on_log,
};

static void read_all(mpsk_conn_t *conn)
{
	mpsk_member_t member = { .open = true, .is_owner = true, .link = { .data = conn } };
	mpsk_links_t links = { .whole = true, .n = 1, .members = &member };
	mpsk_feed_t *feed = mpsk_feed_create(NULL, &links, &sink, NULL, 0);
	mpsk_error_t err = { "" };
	mpsk_status_t status = MPSK_OK;
	bool loaded = false;

	FUZZ_CHECK(feed);
	mpsk_feed_load(feed, 0);
	while (status == MPSK_OK && !loaded) status = mpsk_feed_step(feed, &loaded, &err);
	FUZZ_CHECK(loaded == (status == MPSK_OK) && feed->current == loaded);
	if (!loaded) fuzz_check_error(&err);
	talloc_free(feed);
}

/*
 * --- What changed, and then its rows ---
 */
static void read_changes(mpsk_conn_t *conn)
{
	mpsk_feed_t *feed = mpsk_feed_create(NULL, NULL, &sink, NULL, 0);
	mpsk_link_t link = { .sub = conn };
	mpsk_error_t err = { "" };
	mpsk_status_t status;

	FUZZ_CHECK(feed);
	status = mpsk_link_drain(&link, mpsk_feed_changed, feed, &err);
	FUZZ_CHECK(status != MPSK_MISS && status != MPSK_OK);	/* for it has hung up */
	fuzz_check_error(&err);
	for (mpsk_name_t *name = mpsk_names_first(feed->dirty); name; name = mpsk_names_next(name)) {
		FUZZ_CHECK(mpsk_rkey_has_prefix(name->text, name->len, "mpsk:"));
		FUZZ_CHECK(mpsk_names_find(feed->dirty, name->text, name->len) == name);
	}
	talloc_free(feed);
}

int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
	static void (*const readers[])(mpsk_conn_t *conn) = {
		read_replies, read_key, read_devices, read_all, read_changes,
	};
	fuzz_input_t in = { data, size };
	uint8_t reader = fuzz_octet(&in) % (sizeof(readers) / sizeof(readers[0]));
	mpsk_conn_t *conn;

	if (in.left > PEER_INPUT_MAX) return 0;
	conn = peer_conn(in.p, in.left);
	readers[reader](conn);
	talloc_free(conn);
	peer_close();
	return 0;
}
