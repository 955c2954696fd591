/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>
#include <cmocka.h>

#include "index/internal.h"
#include "index/poison.h"
#include "index_rig.h"
#include "key/pmk_field.h"

static size_t missing_of(mpsk_index_t *index)
{
	mpsk_index_stats_t stats;

	mpsk_index_stats(index, &stats);
	return stats.missing;
}

static void is_ready_after_a_commit(void **state)
{
	mpsk_index_t *index = *state;

	assert_false(mpsk_index_ready(index));
	mpsk_index_begin(index);
	assert_false(mpsk_index_ready(index));
	mpsk_index_commit(index);
	assert_true(mpsk_index_ready(index));
	mpsk_index_begin(index);
	assert_true(mpsk_index_ready(index));
}

static void finds_by_id_and_by_handshake(void **state)
{
	mpsk_index_t *index = *state;
	mpsk_index_reader_t *reader;
	mpsk_key_t key;
	char id[16];

	for (unsigned i = 0; i < 200; i++) {
		snprintf(id, sizeof(id), "k%03u", i);
		put(index, hex_key(id, i, i % 2 ? "One" : "Two"));
	}
	for (unsigned i = 0; i < 200; i++) {
		snprintf(id, sizeof(id), "k%03u ", i);
		assert_scan(index, "One", i, NULL, i % 2 ? id : "", 0);
		assert_scan(index, "Two", i, NULL, i % 2 ? "" : id, 0);
	}
	assert_scan(index, "One", 777, NULL, "", 0);
	assert_scan(index, "Three", 1, NULL, "", 0);
	reader = mpsk_index_enter(index);
	assert_true(mpsk_index_key(reader, "k042", &key));
	assert_string_equal(key.id, "k042");
	assert_false(mpsk_index_key(reader, "k200", &key));
	mpsk_index_leave(reader);
}

static void an_unused_lane_is_no_key(void **state)
{
	mpsk_index_t *index = *state;
	wpa_pmk_t zero = { { 0 } };
	char ids[256];
	size_t missing;

	put(index, hex_key("a", 1, "One"));
	assert_int_equal(scan_pmk(index, "One", &zero, NULL, ids, &missing), 0);
	assert_int_equal(mpsk_index_drop(index, "a"), MPSK_OK);
	assert_scan(index, "One", 1, NULL, "", 0);
	assert_int_equal(mpsk_index_drop(index, "a"), MPSK_MISS);
}

static uint32_t lanes_of(mpsk_index_t *index, char const *text)
{
	mpsk_ssid_t ssid = ssid_of(text);
	mpsk_partition_t *partition = mpsk_map_get(&index->ssids, ssid.octets, ssid.len);

	return partition ? partition->n_lanes : 0;
}

static void edits_keep_lanes_and_fill_holes(void **state)
{
	mpsk_index_t *index = *state;
	mpsk_index_reader_t *reader;
	mpsk_key_t key;
	char hex[HEX_LEN + 1], id[16];

	for (unsigned i = 0; i < 20; i++) {
		snprintf(id, sizeof(id), "k%02u", i);
		put(index, hex_key(id, i, "One"));
	}
	for (int round = 0; round < 100; round++)
		put(index, key_make("k07", "psk", hex_of(hex, 7), "ssid", "One", "vlan", "7", NULL));
	assert_int_equal(lanes_of(index, "One"), 20);
	reader = mpsk_index_enter(index);
	assert_true(mpsk_index_key(reader, "k07", &key));
	assert_int_equal(key.vlan, 7);
	mpsk_index_leave(reader);
	assert_scan(index, "One", 7, NULL, "k07 ", 0);

	for (unsigned round = 0; round < 100; round++)
		put(index, hex_key("k07", 1000 + round, "One"));
	assert_int_equal(lanes_of(index, "One"), 21);
	assert_scan(index, "One", 7, NULL, "", 0);
	assert_scan(index, "One", 1098, NULL, "", 0);
	assert_scan(index, "One", 1099, NULL, "k07 ", 0);
	assert_int_equal(mpsk_index_drop(index, "k03"), MPSK_OK);
	put(index, hex_key("new", 2000, "One"));
	assert_int_equal(lanes_of(index, "One"), 21);
	assert_scan(index, "One", 2000, NULL, "new ", 0);
	assert_scan(index, "One", 3, NULL, "", 0);
}

/* A record that was replaced must not stay: it holds a PSK. */
static void records_that_were_replaced_are_freed(void **state)
{
	mpsk_index_t *index = *state;
	size_t blocks, used, empty = index->slab.used;
	char hex[HEX_LEN + 1], old[HEX_LEN + 1];

	put(index, hex_key("a", 1, "One"));
	blocks = talloc_total_blocks(index);
	used = index->slab.used;
	for (unsigned i = 0; i < 10; i++)
		put(index, hex_key("a", i, "One"));
	assert_int_equal(talloc_total_blocks(index), blocks);
	assert_int_equal(index->slab.used, used);
	put(index, key_make("a", "psk", hex_of(hex, 1), "old_psk", hex_of(old, 2), "ssid", "One", NULL));
	put(index, key_make("a", "psk", "correct-horse", "old_psk", "old-battery", "ssid", "Two", NULL));
	assert_int_equal(mpsk_index_drop(index, "a"), MPSK_OK);
	assert_int_equal(talloc_total_blocks(index), 1);
	assert_int_equal(index->slab.used, empty);
}

static bool in_memory(mpsk_index_t *index, char const *secret)
{
	mpsk_slab_t const *slab = &index->slab;

	assert_int_equal(slab->n_chunks, 1);
	mpsk_unpoison(slab->chunks[0], MPSK_SLAB_CHUNK);
	return memmem(slab->chunks[0], slab->at * MPSK_SLAB_UNIT, secret, strlen(secret)) != NULL;
}

/* No PSK is left in the blocks of what was taken out. */
static void what_is_taken_out_is_wiped(void **state)
{
	mpsk_index_t *index = *state;

	put(index, key_make("a", "psk", "correct-horse-battery", "ssid", "One", NULL));
	put(index, key_make("b", "psk", "battery-staple", "ssid", "One", NULL));
	assert_true(in_memory(index, "horse-battery"));
	put(index, key_make("a", "psk", "another-phrase", "ssid", "One", NULL));
	assert_false(in_memory(index, "horse-battery"));
	assert_int_equal(mpsk_index_drop(index, "a"), MPSK_OK);
	assert_false(in_memory(index, "other-phrase"));
	assert_true(in_memory(index, "battery-staple"));
}

static void a_key_moves_between_ssids(void **state)
{
	mpsk_index_t *index = *state;
	mpsk_index_stats_t stats;

	put(index, hex_key("a", 1, "One"));
	put(index, hex_key("a", 1, "Two"));
	assert_scan(index, "One", 1, NULL, "", 0);
	assert_scan(index, "Two", 1, NULL, "a ", 0);
	mpsk_index_stats(index, &stats);
	assert_int_equal(stats.keys, 1);
	assert_int_equal(stats.ssids, 1);
	assert_int_equal(mpsk_index_drop(index, "a"), MPSK_OK);
	mpsk_index_stats(index, &stats);
	assert_int_equal(stats.keys, 0);
	assert_int_equal(stats.ssids, 0);
}

static void a_load_drops_what_it_did_not_bring(void **state)
{
	mpsk_index_t *index = *state;
	mpsk_index_nas_t const *nas;
	mpsk_index_reader_t *reader;

	mpsk_index_begin(index);
	put(index, hex_key("a", 1, "One"));
	put(index, hex_key("b", 2, "One"));
	assert_int_equal(mpsk_index_nas_put(index, "ap-1", &(mpsk_nas_t) { "acme", "hq", "", "", false, false, 0 }),
			 MPSK_OK);
	assert_int_equal(mpsk_index_nas_put(index, "ap-2", &(mpsk_nas_t) { "", "lab", "", "", false, false, 0 }),
			 MPSK_OK);
	mpsk_index_commit(index);
	/* A load that fails half-way, and the next one. */
	mpsk_index_begin(index);
	put(index, hex_key("a", 1, "One"));
	mpsk_index_begin(index);
	put(index, hex_key("b", 2, "One"));
	assert_int_equal(mpsk_index_nas_put(index, "ap-2", &(mpsk_nas_t) { "", "plant", "", "", false, false, 0 }),
			 MPSK_OK);
	assert_scan(index, "One", 1, NULL, "a ", 0);
	mpsk_index_commit(index);
	assert_scan(index, "One", 1, NULL, "", 0);
	assert_scan(index, "One", 2, NULL, "b ", 0);
	reader = mpsk_index_enter(index);
	assert_null(mpsk_index_nas(reader, "ap-1"));
	nas = mpsk_index_nas(reader, "ap-2");
	assert_non_null(nas);
	assert_string_equal(nas->site, "plant");
	mpsk_index_leave(reader);
	mpsk_index_nas_drop(index, "ap-2");
	reader = mpsk_index_enter(index);
	assert_null(mpsk_index_nas(reader, "ap-2"));
	mpsk_index_leave(reader);
}

static unsigned derived_calls;

static void derived(void *uctx, mpsk_key_t const *key, mpsk_ssid_t const *ssid, wpa_pmk_t const *pmk)
{
	wpa_pmk_t expected;

	(void) uctx;
	derived_calls++;
	assert_int_equal(wpa_pmk_derive(&expected, &key->psk, ssid), MPSK_OK);
	assert_memory_equal(pmk, &expected, sizeof(expected));
}

static void scan_psk(mpsk_index_t *index, char const *text, char const *passphrase, char const *ids, size_t missing)
{
	mpsk_ssid_t ssid = ssid_of(text);
	char found[256];
	wpa_psk_t psk;
	wpa_pmk_t pmk;
	size_t left;

	assert_int_equal(wpa_psk_set(&psk, passphrase, strlen(passphrase), NULL), MPSK_OK);
	assert_int_equal(wpa_pmk_derive(&pmk, &psk, &ssid), MPSK_OK);
	scan_pmk(index, text, &pmk, NULL, found, &left);
	assert_string_equal(found, ids);
	assert_int_equal(left, missing);
}

static void derives_what_is_missing(void **state)
{
	mpsk_index_t *index = *state;

	derived_calls = 0;
	put(index, key_make("a", "psk", "correct-horse", "ssid", "One", NULL));
	put(index, key_make("b", "psk", "battery-staple", "ssid", "One", "old_psk", "old-battery", NULL));
	assert_int_equal(missing_of(index), 3);
	scan_psk(index, "One", "correct-horse", "", 3);
	assert_int_equal(mpsk_index_derive(index, 0, derived, NULL), 2);
	assert_int_equal(derived_calls, 1);
	scan_psk(index, "One", "correct-horse", "a ", 2);
	/* What waits may be taken out. */
	assert_int_equal(mpsk_index_drop(index, "a"), MPSK_OK);
	put(index, key_make("c", "psk", "third-phrase", "ssid", "One", NULL));
	assert_int_equal(mpsk_index_drop(index, "c"), MPSK_OK);
	assert_int_equal(mpsk_index_derive(index, 10000, derived, NULL), 0);
	/* That of the old PSK is not told. */
	assert_int_equal(derived_calls, 2);
	scan_psk(index, "One", "correct-horse", "", 0);
	scan_psk(index, "One", "battery-staple", "b ", 0);
	scan_psk(index, "One", "old-battery", "b+ ", 0);
	/* An edit derives nothing anew; a rotation only what is new. */
	put(index, key_make("b", "psk", "battery-staple", "ssid", "One", "max", "1", NULL));
	scan_psk(index, "One", "battery-staple", "b ", 0);
	scan_psk(index, "One", "old-battery", "", 0);
	put(index, key_make("b", "psk", "newest-phrase", "ssid", "One", "old_psk", "battery-staple", NULL));
	scan_psk(index, "One", "battery-staple", "b+ ", 1);
	assert_int_equal(mpsk_index_derive(index, 10000, derived, NULL), 0);
	scan_psk(index, "One", "newest-phrase", "b ", 0);
}

static void an_old_psk_past_its_grace_has_no_lane(void **state)
{
	mpsk_index_t *index = *state;
	char hex[HEX_LEN + 1], old[HEX_LEN + 1], time_text[24];

	put(index, key_make("a", "psk", hex_of(hex, 1), "old_psk", hex_of(old, 2), "ssid", "One", "old_exp", "1",
			    NULL));
	assert_scan(index, "One", 2, NULL, "", 0);
	snprintf(time_text, sizeof(time_text), "%lld", (long long) time(NULL) + 1000);
	put(index, key_make("a", "psk", hex, "old_psk", old, "ssid", "One", "old_exp", time_text, NULL));
	assert_scan(index, "One", 2, NULL, "a+ ", 0);
	put(index, key_make("a", "psk", hex, "old_psk", hex, "ssid", "One", NULL));
	assert_scan(index, "One", 1, NULL, "a ", 0);
}

static void any_ssid_is_opened_on_request(void **state)
{
	mpsk_index_t *index = *state;
	char hex[HEX_LEN + 1];

	put(index, key_make("a", "psk", hex_of(hex, 1), NULL));
	put(index, key_make("b", "psk", "correct-horse", "ssid", "*", NULL));
	put(index, hex_key("c", 3, "One"));
	assert_int_equal(missing_of(index), 0);
	assert_scan(index, "One", 1, NULL, "", 2);
	assert_int_equal(missing_of(index), 2);
	assert_scan(index, "One", 3, NULL, "c ", 2);
	assert_int_equal(mpsk_index_derive(index, 10000, NULL, NULL), 0);
	assert_scan(index, "One", 1, NULL, "a ", 0);
	scan_psk(index, "One", "correct-horse", "b ", 0);
	/* Another SSID has other PMKs. */
	scan_psk(index, "Two", "correct-horse", "", 2);
	assert_int_equal(mpsk_index_derive(index, 10000, NULL, NULL), 0);
	scan_psk(index, "Two", "correct-horse", "b ", 0);
	/* A key that comes later is in all of them. */
	put(index, key_make("d", "psk", hex_of(hex, 4), NULL));
	assert_scan(index, "One", 4, NULL, "d ", 0);
	assert_scan(index, "Two", 4, NULL, "d ", 0);
	assert_int_equal(mpsk_index_drop(index, "d"), MPSK_OK);
	assert_scan(index, "One", 4, NULL, "", 0);
	assert_scan(index, "Two", 4, NULL, "", 0);
}

/* What a load brought for an SSID that nobody had asked for yet is not derived again. */
static void pmks_that_came_serve_any_ssid(void **state)
{
	mpsk_index_t *index = *state;
	char fingerprint[MPSK_FINGERPRINT_LEN + 1], value[MPSK_PMK_VALUE_LEN + 1];
	wpa_pmk_t pmk = pmk_of(7);

	derived_calls = 0;
	mpsk_key_fingerprint(fingerprint, "correct-horse", 13);
	mpsk_pmk_field_print(value, fingerprint, &pmk);
	put(index, key_make("a", "psk", "correct-horse", "old_psk", "old-battery", "pmk:Two", value, NULL));
	assert_scan(index, "Two", 7, NULL, "", 1);
	assert_int_equal(mpsk_index_derive(index, 10000, derived, NULL), 0);
	assert_int_equal(derived_calls, 0);
	assert_scan(index, "Two", 7, NULL, "a ", 0);
	scan_psk(index, "Two", "old-battery", "a+ ", 0);
	scan_psk(index, "One", "correct-horse", "", 1);
	assert_int_equal(mpsk_index_derive(index, 10000, NULL, NULL), 0);
	scan_psk(index, "One", "correct-horse", "a ", 0);
	scan_psk(index, "One", "old-battery", "a+ ", 0);
	assert_int_equal(mpsk_index_drop(index, "a"), MPSK_OK);
	scan_psk(index, "One", "old-battery", "", 0);
	assert_null(index->waiting.waiters);
}

static void open_ssids_are_bounded(void **state)
{
	mpsk_index_t *index = *state;
	char hex[HEX_LEN + 1], text[8];

	put(index, key_make("a", "psk", hex_of(hex, 1), NULL));
	for (unsigned i = 0; i < MPSK_OPEN_MAX - 1; i++) {
		snprintf(text, sizeof(text), "S%u", i);
		assert_scan(index, text, 1, NULL, "", 1);
		mpsk_index_derive(index, 0, NULL, NULL);
		assert_scan(index, text, 1, NULL, "a ", 0);
	}
	/* Two ask, and there is room for one. */
	assert_scan(index, "last", 1, NULL, "", 1);
	assert_scan(index, "more", 1, NULL, "", 1);
	mpsk_index_derive(index, 0, NULL, NULL);
	assert_int_equal(atomic_load(&index->n_open), MPSK_OPEN_MAX);
	assert_scan(index, "last", 1, NULL, "a ", 0);
	/* Nothing is on its way, so the answer is final. */
	assert_scan(index, "more", 1, NULL, "", 0);
	put(index, key_make("a", "psk", hex_of(hex, 2), NULL));
	assert_scan(index, "S0", 1, NULL, "", 0);
	assert_scan(index, "S0", 2, NULL, "a ", 0);
	assert_scan(index, "last", 2, NULL, "a ", 0);
}

static char told[256];

static void duplicate(void *uctx, mpsk_key_t const *a, mpsk_key_t const *b)
{
	(void) uctx;
	snprintf(told + strlen(told), sizeof(told) - strlen(told), "%s=%s ", a->id, b->id);
}

static void duplicates_are_told_and_found(void **state)
{
	mpsk_index_t *index = *state;
	char hex[HEX_LEN + 1];

	told[0] = '\0';
	mpsk_index_on_duplicate(index, duplicate, NULL);
	put(index, hex_key("b", 1, "One"));
	put(index, hex_key("z", 9, "One"));
	put(index, hex_key("b", 1, "One"));
	assert_string_equal(told, "");
	put(index, hex_key("c", 1, "One"));
	assert_string_equal(told, "c=b ");
	put(index, hex_key("c", 1, "One"));
	assert_string_equal(told, "c=b ");
	put(index, hex_key("a", 1, "One"));
	assert_scan(index, "One", 1, NULL, "a b c ", 0);
	/* The hint alone answers. */
	assert_scan(index, "One", 1, "c", "c ", 0);
	assert_scan(index, "One", 1, "z", "a b c ", 0);
	assert_scan(index, "One", 1, "nobody", "a b c ", 0);
	told[0] = '\0';
	put(index, key_make("s", "psk", hex_of(hex, 9), "ssid", "One", "org", "example", "site", "hq", NULL));
	assert_string_equal(told, "s=z ");
	told[0] = '\0';
	/* Sites that do not meet, until they do. */
	put(index, key_make("z", "psk", hex, "ssid", "One", "site", "lab", NULL));
	assert_string_equal(told, "");
	put(index, key_make("z", "psk", hex, "ssid", "One", "site", "lab,hq", NULL));
	assert_string_equal(told, "z=s ");
	for (char const *id = "abcs"; *id; id++) {
		char text[2] = { *id, '\0' };

		assert_int_equal(mpsk_index_drop(index, text), MPSK_OK);
	}
	assert_scan(index, "One", 9, NULL, "z ", 0);
}

static void duplicates_are_found_in_every_leaf(void **state)
{
	mpsk_index_t *index = *state;
	char id[16];

	for (unsigned i = 0; i < 100; i++) {
		snprintf(id, sizeof(id), "k%02u", i);
		put(index, hex_key(id, i % 40 ? i : 0, "One"));
	}
	assert_scan(index, "One", 0, NULL, "k00 k40 k80 ", 0);
	assert_int_equal(mpsk_index_drop(index, "k00"), MPSK_OK);
	assert_scan(index, "One", 0, NULL, "k40 k80 ", 0);
	assert_scan(index, "One", 99, NULL, "k99 ", 0);
}

static void of_many_hits_the_first_ids_count(void **state)
{
	mpsk_index_t *index = *state;
	static char const *const ids[] = { "f", "b", "e", "a", "d", "c" };

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		put(index, hex_key(ids[i], 1, "One"));
	assert_scan(index, "One", 1, NULL, "a b c d ", 0);
}

static void a_hint_finds_the_old_psk_too(void **state)
{
	mpsk_index_t *index = *state;
	char hex[HEX_LEN + 1], old[HEX_LEN + 1];

	put(index, key_make("a", "psk", hex_of(hex, 1), "old_psk", hex_of(old, 2), "ssid", "One", NULL));
	assert_scan(index, "One", 2, "a", "a+ ", 0);
	assert_scan(index, "One", 1, "a", "a ", 0);
}

static void a_reader_keeps_what_it_was_shown(void **state)
{
	mpsk_index_t *index = *state;
	mpsk_index_reader_t *reader;
	mpsk_index_hit_t hit;
	mpsk_ssid_t ssid = ssid_of("One");
	wpa_pmk_t pmk = pmk_of(1);
	wpa_handshake_t hs;
	size_t missing;

	put(index, hex_key("a", 1, "One"));
	assert_int_equal(handshake_make(&hs, &pmk), MPSK_OK);
	reader = mpsk_index_enter(index);
	assert_int_equal(mpsk_index_scan(reader, &ssid, &hs, &hit, 1, &missing), 1);
	assert_int_equal(mpsk_index_drop(index, "a"), MPSK_OK);
	mpsk_index_begin(index);
	mpsk_index_commit(index);
	assert_string_equal(hit.key.id, "a");
	assert_memory_equal(&hit.pmk, &pmk, sizeof(pmk));
	mpsk_index_leave(reader);
	assert_int_equal(mpsk_index_derive(index, 0, NULL, NULL), 0);
	assert_null(index->epoch.head);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test_setup_teardown(is_ready_after_a_commit, index_setup, index_teardown),
		cmocka_unit_test_setup_teardown(finds_by_id_and_by_handshake, index_setup, index_teardown),
		cmocka_unit_test_setup_teardown(an_unused_lane_is_no_key, index_setup, index_teardown),
		cmocka_unit_test_setup_teardown(edits_keep_lanes_and_fill_holes, index_setup, index_teardown),
		cmocka_unit_test_setup_teardown(records_that_were_replaced_are_freed, index_setup, index_teardown),
		cmocka_unit_test_setup_teardown(what_is_taken_out_is_wiped, index_setup, index_teardown),
		cmocka_unit_test_setup_teardown(a_key_moves_between_ssids, index_setup, index_teardown),
		cmocka_unit_test_setup_teardown(a_load_drops_what_it_did_not_bring, index_setup, index_teardown),
		cmocka_unit_test_setup_teardown(derives_what_is_missing, index_setup, index_teardown),
		cmocka_unit_test_setup_teardown(an_old_psk_past_its_grace_has_no_lane, index_setup, index_teardown),
		cmocka_unit_test_setup_teardown(any_ssid_is_opened_on_request, index_setup, index_teardown),
		cmocka_unit_test_setup_teardown(pmks_that_came_serve_any_ssid, index_setup, index_teardown),
		cmocka_unit_test_setup_teardown(open_ssids_are_bounded, index_setup, index_teardown),
		cmocka_unit_test_setup_teardown(duplicates_are_told_and_found, index_setup, index_teardown),
		cmocka_unit_test_setup_teardown(duplicates_are_found_in_every_leaf, index_setup, index_teardown),
		cmocka_unit_test_setup_teardown(of_many_hits_the_first_ids_count, index_setup, index_teardown),
		cmocka_unit_test_setup_teardown(a_hint_finds_the_old_psk_too, index_setup, index_teardown),
		cmocka_unit_test_setup_teardown(a_reader_keeps_what_it_was_shown, index_setup, index_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
