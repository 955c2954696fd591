/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "store_rig.h"

#define KEY	"mpsk:key:{bob}"

static mpsk_key_t *key;
static mpsk_error_t err;

static mpsk_field_t field(char const *name, char const *value)
{
	return (mpsk_field_t) { name, strlen(name), value, value ? strlen(value) : 0 };
}

static mpsk_status_t set(mpsk_write_mode_t mode, char const *name, char const *value, char const *fingerprint)
{
	mpsk_field_t f = field(name, value);

	return mpsk_store_key_write(store, "bob", mode, &f, 1, fingerprint, &err);
}

static void test_read(void **state)
{
	(void) state;
	assert_int_equal(mpsk_store_key_read(store, ctx, "bob", &key, &err), MPSK_MISS);
	redis_do(&redis, "HSET " KEY " psk correct-horse name Bob max 3 whatever x");
	assert_int_equal(mpsk_store_key_read(store, ctx, "bob", &key, &err), MPSK_OK);
	assert_string_equal(key->id, "bob");
	assert_string_equal(key->name, "Bob");
	assert_int_equal(key->max, 3);
	assert_memory_equal(key->psk.octets, "correct-horse", 13);
	redis_do(&redis, "HSET " KEY " max inf");
	assert_int_equal(mpsk_store_key_read(store, ctx, "bob", &key, &err), MPSK_BAD);
	assert_null(key);
	assert_non_null(strstr(err.text, "max"));
	redis_do(&redis, "DEL " KEY);
	redis_do(&redis, "RPUSH " KEY " a");
	assert_int_equal(mpsk_store_key_read(store, ctx, "bob", &key, &err), MPSK_BAD);
	assert_non_null(strstr(err.text, "is a list, not a hash"));
	assert_int_equal(mpsk_store_key_read(store, ctx, "b b", &key, &err), MPSK_BAD);
}

static void test_add(void **state)
{
	mpsk_field_t fields[] = {
		field("psk", "correct-horse"), field("note", NULL), field("name", "B o\"b"), field("org", "")
	};

	(void) state;
	assert_int_equal(mpsk_store_key_write(store, "bob", MPSK_WRITE_ADD, fields, 4, NULL, &err), MPSK_OK);
	assert_int_equal(redis_do(&redis, "HLEN " KEY), 3);
	assert_string_equal(redis_ask(&redis, "HGET " KEY " name"), "B o\"b");
	assert_int_equal(set(MPSK_WRITE_ADD, "psk", "other-horse", NULL), MPSK_MISS);
	assert_string_equal(redis_ask(&redis, "HGET " KEY " psk"), "correct-horse");
	redis_do(&redis, "DEL " KEY);
	redis_do(&redis, "SET " KEY " x");
	assert_int_equal(set(MPSK_WRITE_ADD, "psk", "other-horse", NULL), MPSK_MISS);
	assert_int_equal(set(MPSK_WRITE_EDIT, "psk", "other-horse", NULL), MPSK_BAD);
	assert_string_equal(redis_ask(&redis, "GET " KEY), "x");
	assert_int_equal(mpsk_store_key_write(store, "eve", MPSK_WRITE_ADD, fields + 1, 1, NULL, &err), MPSK_BAD);
	assert_int_equal(mpsk_store_key_write(store, "e{e", MPSK_WRITE_ADD, fields, 1, NULL, &err), MPSK_BAD);
	assert_int_equal(redis_do(&redis, "DBSIZE"), 1);
}

static void test_edit(void **state)
{
	mpsk_field_t fields[] = { field("max", "7"), field("name", NULL), field("note", NULL), field("role", "staff") };
	char fingerprint[MPSK_FINGERPRINT_LEN + 1];

	(void) state;
	assert_int_equal(set(MPSK_WRITE_EDIT, "max", "1", NULL), MPSK_MISS);
	assert_int_equal(redis_do(&redis, "EXISTS " KEY), 0);
	redis_do(&redis, "HSET " KEY " psk correct-horse name Bob max 3");
	assert_int_equal(mpsk_store_key_write(store, "bob", MPSK_WRITE_EDIT, fields, 4, NULL, &err), MPSK_OK);
	assert_int_equal(redis_do(&redis, "HLEN " KEY), 3);
	assert_string_equal(redis_ask(&redis, "HGET " KEY " max"), "7");
	assert_string_equal(redis_ask(&redis, "HGET " KEY " role"), "staff");
	/* Only removing. */
	assert_int_equal(set(MPSK_WRITE_EDIT, "role", NULL, NULL), MPSK_OK);
	assert_int_equal(redis_do(&redis, "HEXISTS " KEY " role"), 0);
	mpsk_key_fingerprint(fingerprint, "correct-horse", 13);
	assert_int_equal(set(MPSK_WRITE_EDIT, "max", "8", fingerprint), MPSK_OK);
	redis_do(&redis, "HSET " KEY " psk other-horse");
	assert_int_equal(set(MPSK_WRITE_EDIT, "max", "9", fingerprint), MPSK_AGAIN);
	assert_string_equal(redis_ask(&redis, "HGET " KEY " max"), "8");
}

/* All fields or none, also where the server cannot take them. */
static void test_edit_out_of_memory(void **state)
{
	mpsk_field_t fields[] = { field("max", "7"), field("name", NULL) };

	(void) state;
	redis_do(&redis, "HSET " KEY " psk correct-horse name Bob max 3");
	redis_do(&redis, "CONFIG SET maxmemory 1");
	assert_int_equal(mpsk_store_key_write(store, "bob", MPSK_WRITE_EDIT, fields, 2, NULL, &err), MPSK_AGAIN);
	redis_do(&redis, "CONFIG SET maxmemory 0");
	assert_string_equal(redis_ask(&redis, "HGET " KEY " name"), "Bob");
	assert_string_equal(redis_ask(&redis, "HGET " KEY " max"), "3");
}

static void test_pmk(void **state)
{
	char fingerprint[MPSK_FINGERPRINT_LEN + 1];
	wpa_pmk_t pmk = { { 1, 2, 3 } };
	mpsk_ssid_t ssid;

	(void) state;
	assert_true(mpsk_ssid_set(&ssid, "a \0b", 4));
	mpsk_key_fingerprint(fingerprint, "correct-horse", 13);
	assert_int_equal(mpsk_store_key_pmk(store, "bob", fingerprint, &ssid, &pmk, &err), MPSK_MISS);
	assert_int_equal(redis_do(&redis, "DBSIZE"), 0);
	redis_do(&redis, "HSET " KEY " psk correct-horse");
	assert_int_equal(mpsk_store_key_pmk(store, "bob", fingerprint, &ssid, &pmk, &err), MPSK_OK);
	assert_int_equal(mpsk_store_key_read(store, ctx, "bob", &key, &err), MPSK_OK);
	assert_int_equal(key->n_pmks, 1);
	assert_memory_equal(mpsk_key_pmk(key, &ssid), &pmk, sizeof(pmk));
	redis_do(&redis, "HSET " KEY " psk other-horse");
	assert_int_equal(mpsk_store_key_pmk(store, "bob", fingerprint, &ssid, &pmk, &err), MPSK_AGAIN);
}

/*
 * --- With a keyring ---
 */
typedef struct {
	mpsk_store_t	*store;
	char		file[64];
} sealing_t;

static void sealing_start(sealing_t *sealing, char const *line)
{
	mpsk_store_config_t config = mpsk_store_defaults;
	FILE *out;

	snprintf(sealing->file, sizeof(sealing->file), "/tmp/mpsk-keyring.XXXXXX");
	out = fdopen(mkstemp(sealing->file), "w");
	assert_non_null(out);
	fputs(line, out);
	fclose(out);
	config.uri = redis.uri;
	config.connect_ms = config.command_ms = 10000;
	config.keyring = sealing->file;
	assert_int_equal(mpsk_store_create(NULL, &sealing->store, &config, &err), MPSK_OK);
}

static void sealing_end(sealing_t *sealing)
{
	talloc_free(sealing->store);
	unlink(sealing->file);
}

#define KEK "k1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"

static void test_reseal(void **state)
{
	sealing_t sealing;
	mpsk_key_t *was;

	(void) state;
	sealing_start(&sealing, KEK);
	redis_do(&redis, "HSET " KEY " psk correct-horse old_psk battery-staple max 3 pmk:Old 0123");
	assert_int_equal(mpsk_store_key_read(store, ctx, "bob", &key, &err), MPSK_OK);
	assert_int_equal(mpsk_store_key_reseal(store, key, false, &err), MPSK_BAD);
	assert_int_equal(mpsk_store_key_read(sealing.store, ctx, "bob", &key, &err), MPSK_OK);
	assert_int_equal(key->forms, MPSK_KEY_IN_CLEAR);
	assert_int_equal(mpsk_store_key_reseal(sealing.store, key, false, &err), MPSK_OK);
	/* The PMK that it has no use for is gone; that psk and old_psk became others is noted. */
	assert_int_equal(redis_do(&redis, "HLEN " KEY), 4);
	assert_int_equal(redis_do(&redis, "HSTRLEN " KEY " resealed"), 2 * 34);
	assert_memory_equal(redis_ask(&redis, "HGET " KEY " psk"), "enc1:k1:", 8);
	assert_memory_equal(redis_ask(&redis, "HGET " KEY " old_psk"), "enc1:k1:", 8);

	/* What was read before has been overtaken. */
	was = key;
	assert_int_equal(mpsk_store_key_reseal(sealing.store, was, false, &err), MPSK_AGAIN);
	assert_int_equal(mpsk_store_key_read(store, ctx, "bob", &key, &err), MPSK_BAD);
	assert_int_equal(mpsk_store_key_read(sealing.store, ctx, "bob", &key, &err), MPSK_OK);
	assert_int_equal(key->forms, MPSK_KEY_SEALED_NEWEST);
	assert_memory_equal(key->psk.octets, "correct-horse", 13);
	assert_true(mpsk_key_is_print(key, was->fingerprint, key->fingerprint));
	assert_true(mpsk_key_is_print(key, was->old_fingerprint, key->old_fingerprint));
	assert_false(mpsk_key_is_print(key, was->fingerprint, key->old_fingerprint));

	/* An edit of old_psk alone is seen too. */
	redis_do(&redis, "HSET " KEY " old_psk other-staple");
	assert_int_equal(mpsk_store_key_reseal(sealing.store, key, true, &err), MPSK_AGAIN);
	assert_string_equal(redis_ask(&redis, "HGET " KEY " old_psk"), "other-staple");
	assert_int_equal(mpsk_store_key_read(sealing.store, ctx, "bob", &key, &err), MPSK_OK);
	assert_int_equal(mpsk_store_key_reseal(sealing.store, key, true, &err), MPSK_OK);
	assert_string_equal(redis_ask(&redis, "HGET " KEY " psk"), "correct-horse");
	redis_do(&redis, "DEL " KEY);
	assert_int_equal(mpsk_store_key_reseal(sealing.store, key, true, &err), MPSK_MISS);
	sealing_end(&sealing);
}

static void test_pmk_sealed(void **state)
{
	char fingerprint[MPSK_FINGERPRINT_LEN + 1];
	wpa_pmk_t pmk = { { 1, 2, 3 } };
	mpsk_ssid_t ssid = { 4, "Acme" };
	sealing_t sealing;

	(void) state;
	sealing_start(&sealing, KEK);
	redis_do(&redis, "HSET " KEY " psk correct-horse");
	mpsk_key_fingerprint(fingerprint, "correct-horse", 13);
	assert_int_equal(mpsk_store_key_pmk(sealing.store, "bob", fingerprint, &ssid, &pmk, &err), MPSK_OK);
	assert_memory_equal(redis_ask(&redis, "HGET " KEY " pmk:Acme") + 16, ":enc1:k1:", 9);
	assert_int_equal(mpsk_store_key_read(sealing.store, ctx, "bob", &key, &err), MPSK_OK);
	assert_memory_equal(mpsk_key_pmk(key, &ssid), &pmk, sizeof(pmk));
	/* Who has no keyring passes it over. */
	assert_int_equal(mpsk_store_key_read(store, ctx, "bob", &key, &err), MPSK_OK);
	assert_int_equal(key->n_pmks, 0);
	sealing_end(&sealing);
}

static void test_wrong_keyrings(void **state)
{
	mpsk_store_config_t config = mpsk_store_defaults;
	mpsk_store_t *other;

	(void) state;
	config.uri = redis.uri;
	config.keyring = "/nonexistent/keyring";
	assert_int_equal(mpsk_store_create(NULL, &other, &config, &err), MPSK_BAD);
	assert_non_null(strstr(err.text, "keyring: /nonexistent/keyring: "));
	assert_null(other);
}

/* A write that changes nothing must not make every server read the key again. */
static void test_no_change_is_no_write(void **state)
{
	long long before;

	(void) state;
	redis_do(&redis, "HSET " KEY " psk correct-horse max 3");
	before = atoll(strstr(redis_ask(&redis, "INFO persistence"), "changes_since_last_save:") + 24);
	assert_int_equal(set(MPSK_WRITE_EDIT, "max", "3", NULL), MPSK_OK);
	assert_int_equal(atoll(strstr(redis_ask(&redis, "INFO persistence"), "changes_since_last_save:") + 24), before);
}

static void test_delete(void **state)
{
	(void) state;
	assert_int_equal(mpsk_store_key_delete(store, "bob", &err), MPSK_MISS);
	redis_do(&redis, "HSET " KEY " psk correct-horse");
	redis_do(&redis, "ZADD mpsk:dev:{bob} 1 a");
	redis_do(&redis, "HSET mpsk:sess:{bob} a b");
	redis_do(&redis, "HSET mpsk:key:{bobby} psk correct-horse");
	assert_int_equal(mpsk_store_key_delete(store, "bob", &err), MPSK_OK);
	assert_int_equal(redis_do(&redis, "DBSIZE"), 1);
	assert_int_equal(mpsk_store_key_delete(store, "*", &err), MPSK_BAD);
}

typedef struct {
	int		good, bad;
	mpsk_status_t	end_with;
	mpsk_key_t	*kept;
	char		why[512];	/* of those refused, one after the other */
} tally_t;

static mpsk_status_t count(void *uctx, char const *id, mpsk_key_t *k, mpsk_error_t const *why)
{
	tally_t *tally = uctx;
	size_t used = strlen(tally->why);

	if (k) {
		assert_string_equal(k->id, id);
		tally->good++;
		if (!tally->kept) tally->kept = talloc_steal(ctx, k);
	} else {
		tally->bad++;
		snprintf(tally->why + used, sizeof(tally->why) - used, "%s: %s\n", id, why->text);
	}
	return tally->end_with;
}

/* What has changed since it was looked at is left alone. */
static void test_if(void **state)
{
	mpsk_field_t const fields[] = { field("old_psk", NULL), field("note", "x") };
	mpsk_field_t expected[] = { field("exp", "7"), field("modified", "") };

	(void) state;
	assert_int_equal(mpsk_store_key_delete_if(store, "bob", expected, 2, &err), MPSK_MISS);
	redis_do(&redis, "HSET " KEY " psk correct-horse exp 8 old_psk before");
	redis_do(&redis, "ZADD mpsk:dev:{bob} 1 00-00-5e-00-53-01");
	redis_do(&redis, "ZADD mpsk:live:{bob} 1 00-00-5e-00-53-01");
	redis_do(&redis, "HSET mpsk:sess:{bob} a b");
	redis_do(&redis, "HSET mpsk:mail:{bob} a b");
	assert_int_equal(mpsk_store_key_delete_if(store, "bob", expected, 2, &err), MPSK_AGAIN);
	assert_int_equal(mpsk_store_key_edit_if(store, "bob", fields, 2, NULL, expected, 2, &err), MPSK_AGAIN);
	assert_string_equal(redis_ask(&redis, "HGET " KEY " old_psk"), "before");
	redis_do(&redis, "HSET " KEY " exp 007 modified 5");
	assert_int_equal(mpsk_store_key_delete_if(store, "bob", expected, 2, &err), MPSK_AGAIN);
	redis_do(&redis, "HDEL " KEY " modified");
	assert_int_equal(mpsk_store_key_edit_if(store, "bob", fields, 2, "0", expected, 2, &err), MPSK_AGAIN);
	assert_int_equal(mpsk_store_key_edit_if(store, "bob", fields, 2, NULL, expected, 2, &err), MPSK_OK);
	assert_int_equal(redis_do(&redis, "HEXISTS " KEY " old_psk"), 0);
	assert_string_equal(redis_ask(&redis, "HGET " KEY " note"), "x");
	assert_int_equal(mpsk_store_key_delete_if(store, "bob", expected, 2, &err), MPSK_OK);
	assert_int_equal(redis_do(&redis, "DBSIZE"), 0);
	assert_int_equal(mpsk_store_key_delete_if(store, "b b", expected, 2, &err), MPSK_BAD);
}

/* A claim between the look and the act keeps its device. */
static void test_forget_idle(void **state)
{
	mpsk_mac_t const mac = { { 0x00, 0x00, 0x5e, 0x00, 0x53, 0x01 } };

	(void) state;
	assert_int_equal(mpsk_store_device_forget_idle(store, "bob", &mac, 100, &err), MPSK_MISS);
	redis_do(&redis, "ZADD mpsk:dev:{bob} 101 00-00-5e-00-53-01 5 00-00-5e-00-53-02");
	redis_do(&redis, "ZADD mpsk:live:{bob} 9 00-00-5e-00-53-01");
	assert_int_equal(mpsk_store_device_forget_idle(store, "bob", &mac, 100, &err), MPSK_MISS);
	assert_int_equal(redis_do(&redis, "ZCARD mpsk:dev:{bob}"), 2);
	assert_int_equal(mpsk_store_device_forget_idle(store, "bob", &mac, 101, &err), MPSK_OK);
	assert_int_equal(redis_do(&redis, "ZCARD mpsk:dev:{bob}"), 1);
	assert_int_equal(redis_do(&redis, "EXISTS mpsk:live:{bob}"), 0);
}

static void test_each(void **state)
{
	tally_t tally = { .good = 0 };

	(void) state;
	assert_int_equal(mpsk_store_key_each(store, count, &tally, &err), MPSK_OK);
	assert_int_equal(tally.good + tally.bad, 0);
	for (int i = 0; i < 3000; i++) redis_do(&redis, "HSET mpsk:key:{k%d} psk correct-horse", i);
	redis_do(&redis, "HSET mpsk:key:{broken} psk short");
	redis_do(&redis, "RPUSH mpsk:key:{list} a");
	redis_do(&redis, "HSET mpsk:key:bare psk correct-horse");
	redis_do(&redis, "HSET %s psk correct-horse", "mpsk:key:{a\nb}");
	redis_do(&redis, "HSET %b psk correct-horse", "mpsk:key:{k1}\0x", sizeof("mpsk:key:{k1}\0x") - 1);
	redis_do(&redis, "HSET mpsk:dev:{k1} psk correct-horse");
	assert_int_equal(mpsk_store_key_each(store, count, &tally, &err), MPSK_OK);
	assert_int_equal(tally.good, 3000);
	assert_int_equal(tally.bad, 5);
	assert_non_null(strstr(tally.why, "broken: psk: "));
	assert_non_null(strstr(tally.why, "list: mpsk:key:{list} is a list, not a hash"));
	assert_non_null(strstr(tally.why, "mpsk:key:bare: its name is not mpsk:key:{id}"));
	assert_non_null(strstr(tally.why, "mpsk:key:{a?b}: "));
	/* It must not be taken for the key whose name it begins with. */
	assert_non_null(strstr(tally.why, "mpsk:key:{k1}?x: "));
	assert_memory_equal(tally.kept->psk.octets, "correct-horse", 13);
}

static void test_each_ends(void **state)
{
	tally_t tally = { .end_with = MPSK_MISS };

	(void) state;
	redis_do(&redis, "HSET mpsk:key:{a} psk correct-horse");
	redis_do(&redis, "HSET mpsk:key:{b} psk correct-horse");
	assert_int_equal(mpsk_store_key_each(store, count, &tally, &err), MPSK_MISS);
	assert_int_equal(tally.good, 1);
}

static mpsk_status_t use_store(void *uctx, char const *id, mpsk_key_t *k, mpsk_error_t const *why)
{
	(void) uctx;
	(void) k;
	(void) why;
	return mpsk_store_key_delete(store, id, &err);
}

/* A callback may use the store itself. */
static void test_each_deletes(void **state)
{
	(void) state;
	for (int i = 0; i < 50; i++) redis_do(&redis, "HSET mpsk:key:{k%d} psk correct-horse", i);
	assert_int_equal(mpsk_store_key_each(store, use_store, NULL, &err), MPSK_OK);
	assert_int_equal(redis_do(&redis, "DBSIZE"), 0);
}

static void test_devices(void **state)
{
	mpsk_device_t *devices;
	size_t n;

	(void) state;
	assert_int_equal(mpsk_store_devices(store, ctx, "bob", &devices, &n, &err), MPSK_MISS);
	redis_do(&redis, "HSET " KEY " psk correct-horse");
	assert_int_equal(mpsk_store_devices(store, ctx, "bob", &devices, &n, &err), MPSK_OK);
	assert_int_equal(n, 0);
	redis_do(&redis, "ZADD mpsk:dev:{bob} 10 00-00-5e-00-53-01 30 00-00-5e-00-53-02 inf 00-00-5e-00-53-03 "
		 "-5 00-00-5e-00-53-04 20.7 00-00-5e-00-53-05 7 rubbish");
	assert_int_equal(mpsk_store_devices(store, ctx, "bob", &devices, &n, &err), MPSK_OK);
	assert_int_equal(n, 5);
	assert_int_equal(devices[0].mac.octets[5], 3);
	assert_int_equal(devices[0].last_seen, MPSK_NUMBER_MAX);
	assert_int_equal(devices[1].last_seen, 30);
	assert_int_equal(devices[2].last_seen, 20);
	assert_int_equal(devices[3].last_seen, 10);
	assert_int_equal(devices[3].mac.octets[5], 1);
	assert_int_equal(devices[4].last_seen, 0);
}

static void test_key_and_devices(void **state)
{
	mpsk_device_t *devices;
	size_t n;

	(void) state;
	assert_int_equal(mpsk_store_key_devices(store, ctx, "bob", &key, &devices, &n, &err), MPSK_MISS);
	redis_do(&redis, "ZADD mpsk:dev:{bob} 10 00-00-5e-00-53-01 7 rubbish");
	assert_int_equal(mpsk_store_key_devices(store, ctx, "bob", &key, &devices, &n, &err), MPSK_MISS);
	redis_do(&redis, "HSET " KEY " psk correct-horse");
	assert_int_equal(mpsk_store_key_devices(store, ctx, "bob", &key, &devices, &n, &err), MPSK_OK);
	assert_string_equal(key->id, "bob");
	assert_int_equal(n, 1);
	assert_int_equal(devices[0].last_seen, 10);
	redis_do(&redis, "HSET " KEY " max x");
	assert_int_equal(mpsk_store_key_devices(store, ctx, "bob", &key, &devices, &n, &err), MPSK_BAD);
	assert_null(key);
	redis_do(&redis, "HDEL " KEY " max");
	redis_do(&redis, "SET mpsk:dev:{bob} x");
	assert_int_equal(mpsk_store_key_devices(store, ctx, "bob", &key, &devices, &n, &err), MPSK_BAD);
	assert_null(key);
}

static void test_hints(void **state)
{
	mpsk_mac_t mac = { { 0x00, 0x00, 0x5e, 0x00, 0x53, 0x01 } };
	mpsk_ssid_t ssid, other;
	char id[MPSK_ID_MAX + 1];

	(void) state;
	assert_true(mpsk_ssid_set(&ssid, "Ac\0me \xff", 7));
	assert_true(mpsk_ssid_set(&other, "", 0));
	assert_int_equal(mpsk_store_hint_get(store, &mac, &ssid, id, &err), MPSK_MISS);
	assert_int_equal(mpsk_store_hint_set(store, &mac, &ssid, "bob", &err), MPSK_OK);
	assert_int_equal(mpsk_store_hint_get(store, &mac, &ssid, id, &err), MPSK_OK);
	assert_string_equal(id, "bob");
	assert_int_equal(mpsk_store_hint_get(store, &mac, &other, id, &err), MPSK_MISS);
	assert_string_equal(redis_ask(&redis, "HGET mpsk:mac:{00-00-5e-00-53-01} %b", ssid.octets, (size_t) 7), "bob");
	assert_in_range(redis_do(&redis, "TTL mpsk:mac:{00-00-5e-00-53-01}"), 7775990, 7776000);
	redis_do(&redis, "HSET mpsk:mac:{00-00-5e-00-53-01} %b %s", ssid.octets, (size_t) 7, "no id");
	assert_int_equal(mpsk_store_hint_get(store, &mac, &ssid, id, &err), MPSK_MISS);
	assert_int_equal(mpsk_store_hint_drop(store, &mac, &ssid, &err), MPSK_OK);
	assert_int_equal(mpsk_store_hint_drop(store, &mac, &ssid, &err), MPSK_MISS);
	assert_int_equal(mpsk_store_hint_set(store, &mac, &ssid, "", &err), MPSK_BAD);
}

#define TEST(_name) cmocka_unit_test_setup_teardown(_name, store_fresh, store_clean)

int main(void)
{
	struct CMUnitTest const tests[] = {
		TEST(test_read), TEST(test_add), TEST(test_edit), TEST(test_edit_out_of_memory), TEST(test_pmk),
		TEST(test_reseal), TEST(test_delete), TEST(test_if), TEST(test_forget_idle),
		TEST(test_each), TEST(test_each_ends),
		TEST(test_pmk_sealed), TEST(test_delete), TEST(test_each), TEST(test_each_ends),
		TEST(test_wrong_keyrings), TEST(test_delete), TEST(test_each), TEST(test_each_ends),
		TEST(test_no_change_is_no_write), TEST(test_delete), TEST(test_each), TEST(test_each_ends),
		TEST(test_each_deletes), TEST(test_devices), TEST(test_key_and_devices),
		TEST(test_hints),
	};

	return cmocka_run_group_tests(tests, store_start, store_stop);
}
