/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The scan over many leaves, and PMKs that are derived several at a time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "index_make.h"

#define KEYS	1200	/* more leaves than the scan takes at a time */
#define DERIVED	37	/* more than two batches of any kernel, and some */

static mpsk_index_t *index_of;

static void key_id(char id[static 24], unsigned n)
{
	snprintf(id, 24, "k%04u", n);
}

static int setup(void **state)
{
	(void) state;
	index_of = mpsk_index_create(NULL);
	return index_of ? 0 : -1;
}

static int teardown(void **state)
{
	(void) state;
	return talloc_free(index_of);
}

static void fill(void)
{
	for (unsigned i = 0; i < KEYS; i++) {
		char id[24];

		key_id(id, i);
		assert_int_equal(mpsk_index_put(index_of, hex_key(id, i, "One")), MPSK_OK);
	}
}

static size_t scan(wpa_handshake_t const *hs, mpsk_index_hit_t hits[static 4])
{
	mpsk_index_reader_t *reader = mpsk_index_enter(index_of);
	mpsk_ssid_t ssid = ssid_of("One");
	size_t missing, n = mpsk_index_scan(reader, &ssid, hs, hits, 4, &missing);

	mpsk_index_leave(reader);
	assert_int_equal(missing, 0);
	return n;
}

static void every_key_is_found_wherever_it_stands(void **state)
{
	(void) state;
	fill();
	/* Holes, and leaves that are empty altogether. */
	for (unsigned i = 0; i < KEYS; i++) {
		char id[24];

		key_id(id, i);
		if (i % 7 == 0 || (i >= 480 && i < 560)) assert_int_equal(mpsk_index_drop(index_of, id), MPSK_OK);
	}
	for (unsigned i = 0; i < KEYS; i++) {
		bool gone = i % 7 == 0 || (i >= 480 && i < 560);
		wpa_pmk_t pmk = pmk_of(i);
		mpsk_index_hit_t hits[4];
		wpa_handshake_t hs;
		char id[24];

		key_id(id, i);
		assert_int_equal(handshake_make(&hs, &pmk), MPSK_OK);
		assert_int_equal(scan(&hs, hits), !gone);
		if (gone) continue;
		assert_string_equal(hits[0].key.id, id);
		assert_memory_equal(&hits[0].pmk, &pmk, sizeof(pmk));
	}
}

/* The lanes compare 32 bits: a MIC with the right ones and wrong ones behind them gets past them, and no further. */
static void a_candidate_is_not_yet_a_match(void **state)
{
	mpsk_index_hit_t hits[4];

	(void) state;
	fill();
	for (unsigned i = 0; i < KEYS; i += 97) {
		wpa_pmk_t pmk = pmk_of(i);
		wpa_handshake_t hs;

		assert_int_equal(handshake_make(&hs, &pmk), MPSK_OK);
		for (unsigned octet = 0; octet < 16; octet++) {
			hs.mic[octet] ^= 0x10;
			assert_int_equal(scan(&hs, hits), 0);
			hs.mic[octet] ^= 0x10;
		}
		assert_int_equal(scan(&hs, hits), 1);
	}
}

/* One PMK in many lanes, far apart: all of them are told, whatever pair of blocks they are in. */
static void the_scan_goes_on_where_keys_share_a_pmk(void **state)
{
	unsigned const at[] = { 0, 15, 16, 700, 1199 };
	mpsk_index_hit_t hits[4];
	wpa_pmk_t pmk = pmk_of(50000);
	wpa_handshake_t hs;

	(void) state;
	fill();
	for (size_t i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
		char id[24];

		key_id(id, at[i]);
		assert_int_equal(mpsk_index_put(index_of, hex_key(id, 50000, "One")), MPSK_OK);
	}
	assert_int_equal(handshake_make(&hs, &pmk), MPSK_OK);
	assert_int_equal(scan(&hs, hits), 4);
	assert_string_equal(hits[0].key.id, "k0000");
	assert_string_equal(hits[1].key.id, "k0015");
	assert_string_equal(hits[2].key.id, "k0016");
	assert_string_equal(hits[3].key.id, "k0700");
}

static size_t told;

static void derived(void *uctx, mpsk_key_t const *key, mpsk_ssid_t const *ssid, wpa_pmk_t const *pmk)
{
	wpa_pmk_t expected;

	(void) uctx;
	assert_int_equal(wpa_pmk_derive(&expected, &key->psk, ssid), MPSK_OK);
	assert_memory_equal(pmk, &expected, sizeof(expected));
	told++;
}

/* Every third key has an old PSK, which is what is looked for then; every fourth is on another SSID. */
typedef struct {
	char	id[24], psk[24], old[24];
	char const *ssid;
	bool	by_old;
} key_text_t;

static key_text_t key_text(unsigned n)
{
	key_text_t text = { .ssid = n % 4 ? "One" : "Two", .by_old = n % 3 == 0 };

	key_id(text.id, n);
	snprintf(text.psk, sizeof(text.psk), "correct-horse-%u", n);
	if (text.by_old) snprintf(text.old, sizeof(text.old), "battery-%u", n);
	return text;
}

static void derived_key_check(key_text_t const *text)
{
	char const *passphrase = text->by_old ? text->old : text->psk;
	mpsk_ssid_t ssid = ssid_of(text->ssid);
	char ids[256], expected[32];
	size_t missing;
	wpa_psk_t psk;
	wpa_pmk_t pmk;

	assert_int_equal(wpa_psk_set(&psk, passphrase, strlen(passphrase), NULL), MPSK_OK);
	assert_int_equal(wpa_pmk_derive(&pmk, &psk, &ssid), MPSK_OK);
	snprintf(expected, sizeof(expected), "%s%s ", text->id, text->by_old ? "+" : "");
	scan_pmk(index_of, text->ssid, &pmk, NULL, ids, &missing);
	assert_string_equal(ids, expected);
	assert_int_equal(missing, 0);
}

static void pmks_are_derived_in_batches(void **state)
{
	size_t pmks = 0;

	(void) state;
	told = 0;
	for (unsigned i = 0; i < DERIVED; i++) {
		key_text_t text = key_text(i);

		/* An empty field is none. */
		assert_int_equal(mpsk_index_put(index_of, key_make(text.id, "psk", text.psk, "ssid", text.ssid,
								   "old_psk", text.old, NULL)), MPSK_OK);
		pmks += 1 + text.by_old;
	}
	/* A budget of nothing is one PMK. */
	assert_int_equal(mpsk_index_derive(index_of, 0, derived, NULL), pmks - 1);
	assert_int_equal(told, 1);
	assert_int_equal(mpsk_index_derive(index_of, 60000, derived, NULL), 0);
	assert_int_equal(told, DERIVED);
	for (unsigned i = 0; i < DERIVED; i++) {
		key_text_t text = key_text(i);

		derived_key_check(&text);
	}
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test_setup_teardown(every_key_is_found_wherever_it_stands, setup, teardown),
		cmocka_unit_test_setup_teardown(a_candidate_is_not_yet_a_match, setup, teardown),
		cmocka_unit_test_setup_teardown(the_scan_goes_on_where_keys_share_a_pmk, setup, teardown),
		cmocka_unit_test_setup_teardown(pmks_are_derived_in_batches, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
