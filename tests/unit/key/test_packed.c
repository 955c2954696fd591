/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "key/fields.h"
#include "key/list.h"
#include "key/packed.h"
#include "key/seal.h"
#include "key_make.h"

#define HEX_LOWER "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define HEX_UPPER "00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF"

/* A block of just the size, so that whoever reads or writes past it is told of by ASan. */
static uint8_t *pack(mpsk_key_t const *key, size_t *len)
{
	uint8_t *packed = malloc(*len = mpsk_key_pack(NULL, key));

	assert_non_null(packed);
	assert_int_equal(mpsk_key_pack(packed, key), *len);
	return packed;
}

static void assert_text(char const *a, char const *b)
{
	assert_int_equal(a != NULL, b != NULL);
	if (a) assert_string_equal(a, b);
}

static void assert_psk(wpa_psk_t const *a, wpa_psk_t const *b)
{
	assert_int_equal(a->len, b->len);
	assert_memory_equal(a->octets, b->octets, a->len);
}

static void assert_same_lists(mpsk_key_t const *a, mpsk_key_t const *b)
{
	char const *one = a->sites, *other = b->sites;

	assert_int_equal(a->sites != NULL, b->sites != NULL);
	assert_int_equal(a->n_sites, b->n_sites);
	for (size_t i = 0; i < a->n_sites; i++) {
		assert_string_equal(one, other);
		one = mpsk_key_site_next(one);
		other = mpsk_key_site_next(other);
	}
	assert_int_equal(a->n_macs, b->n_macs);
	for (size_t i = 0; i < a->n_macs; i++) {
		assert_memory_equal(&a->macs[i].mac, &b->macs[i].mac, MPSK_MAC_LEN);
		assert_int_equal(a->macs[i].digits, b->macs[i].digits);
	}
}

static void assert_same(mpsk_key_t const *a, mpsk_key_t const *b)
{
	assert_text(a->id, b->id);
	assert_text(a->name, b->name);
	assert_text(a->org, b->org);
	assert_text(a->role, b->role);
	assert_text(a->vlan_name, b->vlan_name);
	assert_psk(&a->psk, &b->psk);
	assert_psk(&a->old_psk, &b->old_psk);
	assert_string_equal(a->fingerprint, b->fingerprint);
	assert_string_equal(a->old_fingerprint, b->old_fingerprint);
	assert_true(a->old_exp == b->old_exp);
	assert_int_equal(a->any_ssid, b->any_ssid);
	if (!a->any_ssid) assert_true(mpsk_ssid_equal(&a->ssid, &b->ssid));
	assert_same_lists(a, b);
	assert_int_equal(a->usage, b->usage);
	assert_int_equal(a->vlan, b->vlan);
	assert_true(a->max == b->max && a->concurrent == b->concurrent && a->idle == b->idle);
	assert_int_equal(a->enabled, b->enabled);
	assert_true(a->nbf == b->nbf && a->exp == b->exp);
	assert_ptr_equal(a->hours.zone, b->hours.zone);
	assert_int_equal(a->hours.n, b->hours.n);
	assert_memory_equal(a->hours.windows, b->hours.windows, sizeof(a->hours.windows));
	assert_true(a->created == b->created && a->modified == b->modified);
}

/* Pack a key and unpack it: nothing changes but what is left out. */
static void assert_round_trip(mpsk_key_t const *key)
{
	mpsk_key_t again;
	size_t len;
	uint8_t *packed = pack(key, &len);

	memset(&again, 0x5a, sizeof(again));
	assert_int_equal(mpsk_key_unpack(&again, packed, &key->ssid), len);
	mpsk_key_fingerprints(&again);
	assert_same(key, &again);
	assert_null(again.email);
	assert_null(again.note);
	assert_null(again.hours_text);
	assert_null(again.tags);
	assert_null(again.pmks);
	assert_int_equal(again.n_pmks, 0);
	assert_string_equal(mpsk_key_packed_id(packed), key->id);
	assert_int_equal(mpsk_key_packed_any_ssid(packed), key->any_ssid);
	free(packed);
}

/* What each field may hold: an ordinary value, and the longest or highest. */
typedef struct {
	char const	*name;
	char const	*values[4];
	bool		left_out;	/* not packed, and why is in packed.h */
} sample_t;

#define X16	"0123456789abcdef"
#define X128	X16 X16 X16 X16 X16 X16 X16 X16
#define X63	X16 X16 X16 "0123456789abcde"
#define MOST	"999999999999"

static sample_t const samples[] = {
	{ .name = "name", .values = { "Bob", X128 } },
	{ .name = "enabled", .values = { "0" } },
	{ .name = "psk", .values = { "battery-staple", X63, HEX_LOWER, HEX_UPPER } },
	{ .name = "ssid", .values = { "Acme Guests", X16 X16 }, .left_out = true },
	{ .name = "org", .values = { "acme", X128 } },
	{ .name = "site", .values = { "hq", "hq,lab,plant", X128 "," X128 } },
	{ .name = "usage", .values = { "single", "macs" } },
	{ .name = "macs", .values = { "00-00-5E-00-53-01", "00-00-5E-00-53-01 00:00:5e:*,*" } },
	{ .name = "max", .values = { "0", "127", "128", MOST } },
	{ .name = "concurrent", .values = { "0", "1", MOST } },
	{ .name = "idle", .values = { "0", "86400", MOST } },
	{ .name = "vlan", .values = { "1", "4094", "guest" } },
	{ .name = "role", .values = { "tenant", X128 } },
	{ .name = "nbf", .values = { "1", "1700000000", MOST } },
	{ .name = "exp", .values = { "1", "1900000000", MOST } },
	{ .name = "old_psk", .values = { "old-horse", X63, HEX_LOWER, HEX_UPPER } },
	{ .name = "old_exp", .values = { "1", "1800000000", MOST } },
	{ .name = "email", .values = { "bob@example.com" }, .left_out = true },
	{ .name = "note", .values = { "by the stairs" }, .left_out = true },
	{ .name = "hours", .values = { "Mo-Fr 08:00-18:00 UTC", "00:00-24:00 UTC",
					  "Mo,We,Fr 01:00-02:00,03:00-04:00 Europe/Berlin" } },
	{ .name = "when_full", .values = { "reject", "replace-idle" }, .left_out = true },
	{ .name = "valid_for", .values = { "60", MOST }, .left_out = true },
	{ .name = "activated", .values = { "1700000000", MOST }, .left_out = true },
	{ .name = "old_used", .values = { "1700000000", MOST }, .left_out = true },
	{ .name = "rotate_every", .values = { "604800", MOST }, .left_out = true },
	{ .name = "rotated", .values = { "1700000000", MOST }, .left_out = true },
	{ .name = "tags", .values = { "roof", "roof,cellar" }, .left_out = true },
	{ .name = "notify_expiry", .values = { "1" }, .left_out = true },
	{ .name = "notify_days", .values = { "7" }, .left_out = true },
	{ .name = "notify_edit", .values = { "1" }, .left_out = true },
	{ .name = "created", .values = { "1", "1700000000", MOST } },
	{ .name = "modified", .values = { "1", "1700000001", MOST } },
};

/* A record with nothing but its PSK and one more field. */
static mpsk_key_t *key_with(char const *name, char const *value)
{
	mpsk_key_t *key = strcmp(name, "psk") == 0 ? key_make("bob", name, value, NULL) :
			  key_make("bob", "psk", "correct-horse", name, value, NULL);

	assert_non_null(key);
	return key;
}

static sample_t const *sample_of(char const *name)
{
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		if (strcmp(samples[i].name, name) == 0) return &samples[i];
	}
	fail_msg("no sample of field %s", name);
	return NULL;
}

/* A field that is new in the table and forgotten in the packed form packs to the same octets as one without it. */
static void every_field_of_the_table_is_packed(void **state)
{
	mpsk_key_t *without = key_with("max", "");
	size_t len, bare_len;
	uint8_t *bare = pack(without, &bare_len);

	(void) state;
	assert_round_trip(without);
	for (mpsk_key_field_t const *row = mpsk_key_fields; row->name; row++) {
		sample_t const *sample = sample_of(row->name);

		for (size_t i = 0; i < 4 && sample->values[i]; i++) {
			mpsk_key_t *key = key_with(row->name, sample->values[i]);
			uint8_t *packed = pack(key, &len);

			if (!sample->left_out) assert_false(len == bare_len && memcmp(packed, bare, len) == 0);
			assert_round_trip(key);
			free(packed);
			talloc_free(key);
		}
	}
	free(bare);
	talloc_free(without);
}

static void all_fields_at_once(void **state)
{
	mpsk_field_t fields[sizeof(samples) / sizeof(samples[0])];
	mpsk_key_t *key;

	(void) state;
	for (size_t value = 0; value < 2; value++) {
		size_t n = 0;

		for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
			char const *text = samples[i].values[samples[i].values[value] ? value : 0];

			fields[n++] = (mpsk_field_t) { samples[i].name, strlen(samples[i].name), text, strlen(text) };
		}
		assert_int_equal(mpsk_key_parse(NULL, &key, X16 X16 X16 X16, MPSK_ID_MAX, fields, n, NULL, NULL),
				 MPSK_OK);
		assert_round_trip(key);
		talloc_free(key);
	}
}

static void long_lists(void **state)
{
	char *sites = talloc_strdup(NULL, "s0"), *macs = talloc_strdup(NULL, "00005e005301");
	mpsk_key_t *key;

	(void) state;
	for (int i = 1; i < MPSK_LIST_MAX; i++) {
		sites = talloc_asprintf_append_buffer(sites, " s%d", i);
		macs = talloc_asprintf_append_buffer(macs, ",%06x*", (unsigned) i);
	}
	key = key_make("bob", "psk", "correct-horse", "site", sites, "macs", macs, NULL);
	assert_non_null(key);
	assert_int_equal(key->n_sites, MPSK_LIST_MAX);
	assert_round_trip(key);
	talloc_free(key);
	talloc_free(sites);
	talloc_free(macs);
}

/* The sizes on which the memory of an index depends. */
static void takes_few_octets(void **state)
{
	mpsk_key_t *key = key_make("t-004711-ab", "name", "Flat 47 east", "psk", "correct-horse-7", "ssid",
				   "Acme Guests", "role", "tenant", "vlan", "1047", "max", "5", "created",
				   "1700000000", "modified", "1700000000", "email", "flat47@example.com", NULL);

	(void) state;
	assert_non_null(key);
	assert_int_equal(mpsk_key_pack(NULL, key), 3 + 12 + 13 + 16 + 7 + 2 + 1 + 5 + 5);
	talloc_free(key);
	key = key_with("psk", HEX_LOWER);
	assert_int_equal(mpsk_key_pack(NULL, key), 3 + 4 + 1 + WPA_PMK_LEN);
	talloc_free(key);
}

static void pmk_field(mpsk_field_t *field, char name[static 16], char value[static 96], unsigned n,
		      char const *fingerprint)
{
	snprintf(name, 16, "pmk:S%u", n);
	snprintf(value, 96, "%.16s:%064x", fingerprint, n);
	*field = (mpsk_field_t) { name, strlen(name), value, strlen(value) };
}

/* A record with the PMKs of the SSIDs S0, S1 and so on: the PMK's last octets are the number. */
static mpsk_key_t *key_with_pmks(unsigned n, char const *ssid)
{
	mpsk_field_t *fields = talloc_array(NULL, mpsk_field_t, n + 2);
	char (*text)[112] = talloc_array_size(fields, sizeof(*text), n);
	char fingerprint[MPSK_FINGERPRINT_LEN + 1];
	mpsk_key_t *key;

	mpsk_key_fingerprint(fingerprint, "correct-horse", 13);
	for (unsigned i = 0; i < n; i++) pmk_field(&fields[i], text[i], text[i] + 16, i, fingerprint);
	fields[n] = (mpsk_field_t) { "psk", 3, "correct-horse", 13 };
	fields[n + 1] = (mpsk_field_t) { "ssid", 4, ssid, strlen(ssid) };
	assert_int_equal(mpsk_key_parse(NULL, &key, "bob", 3, fields, n + 2, NULL, NULL), MPSK_OK);
	assert_int_equal(key->n_pmks, n);
	talloc_free(fields);
	return key;
}

static bool has_pmk(uint8_t *packed, char const *text, uint8_t last)
{
	mpsk_ssid_t ssid;
	wpa_pmk_t pmk;

	assert_true(mpsk_ssid_set(&ssid, text, strlen(text)));
	return mpsk_key_packed_pmk(packed, &ssid, &pmk) && pmk.octets[WPA_PMK_LEN - 1] == last;
}

static void pmks_of_a_key_for_any_ssid(void **state)
{
	mpsk_key_t *key = key_with_pmks(3, "*");
	size_t len;
	uint8_t *packed = pack(key, &len);

	(void) state;
	assert_round_trip(key);
	assert_true(has_pmk(packed, "S0", 0));
	assert_true(has_pmk(packed, "S2", 2));
	assert_false(has_pmk(packed, "S3", 3));
	assert_false(has_pmk(packed, "S", 0));
	free(packed);
	talloc_free(key);
	key = key_with_pmks(MPSK_PACKED_PMKS_MAX + 3, "*");
	assert_round_trip(key);
	talloc_free(key);
	/* One SSID: its PMK is in a lane. */
	key = key_with_pmks(3, "S1");
	packed = pack(key, &len);
	assert_round_trip(key);
	assert_false(has_pmk(packed, "S1", 1));
	free(packed);
	talloc_free(key);
}

/* A sealed PSK is packed in clear, with the fingerprint of what the store has; a clear one takes no octet more. */
static void test_sealed(void **state)
{
	static mpsk_keyring_t const keyring = { 1, { { "k1", { 1 } } } };
	static char const *const psks[] = { "correct-horse", HEX_LOWER, HEX_UPPER };
	mpsk_key_t *clear, *key;

	(void) state;
	for (size_t i = 0; i < sizeof(psks) / sizeof(psks[0]); i++) {
		char sealed[MPSK_SEAL_MAX];
		mpsk_field_t field = { .name = "psk", .name_len = 3, .value = sealed };

		clear = key_make("bob", "psk", psks[i], NULL);
		field.value_len = mpsk_seal_psk(sealed, &keyring, "bob", &clear->psk);
		assert_int_equal(mpsk_key_parse(NULL, &key, "bob", 3, &field, 1, &keyring, NULL), MPSK_OK);
		assert_string_not_equal(key->fingerprint, clear->fingerprint);
		assert_round_trip(key);
		assert_int_equal(mpsk_key_pack(NULL, key), mpsk_key_pack(NULL, clear) + 1 + MPSK_FINGERPRINT_LEN / 2);
		talloc_free(clear);
		talloc_free(key);
	}
}

static void test_sealed_old(void **state)
{
	static mpsk_keyring_t const keyring = { 1, { { "k1", { 1 } } } };
	mpsk_key_t *clear = key_make("bob", "psk", "battery-staple", NULL), *key;
	char sealed[MPSK_SEAL_MAX];
	mpsk_field_t fields[] = {
		{ .name = "psk", .name_len = 3, .value = "correct-horse", .value_len = 13 },
		{ .name = "old_psk", .name_len = 7, .value = sealed },
	};

	(void) state;
	fields[1].value_len = mpsk_seal_psk(sealed, &keyring, "bob", &clear->psk);
	assert_int_equal(mpsk_key_parse(NULL, &key, "bob", 3, fields, 2, &keyring, NULL), MPSK_OK);
	assert_round_trip(key);
	talloc_free(clear);
	talloc_free(key);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(every_field_of_the_table_is_packed),
		cmocka_unit_test(all_fields_at_once),
		cmocka_unit_test(long_lists),
		cmocka_unit_test(takes_few_octets),
		cmocka_unit_test(pmks_of_a_key_for_any_ssid),
		cmocka_unit_test(test_sealed),
		cmocka_unit_test(test_sealed_old),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
