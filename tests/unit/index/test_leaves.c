/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the policy asks of an SSID's keys beside the whole scan: some leaves first, how many there are, what changed. */
#include "index_rig.h"

#define KEYS	(3 * 16)	/* three leaves */

static void fill(mpsk_index_t *index)
{
	char id[16];

	for (unsigned n = 0; n < KEYS; n++) {
		snprintf(id, sizeof(id), "k%02u", n);
		put(index, hex_key(id, n, "One"));
	}
}

/* The id that a handshake of this PMK finds in some leaves, or "". */
static char const *find(mpsk_index_t *index, unsigned pmk_n, uint32_t const *leaves, size_t n, uint32_t *leaf)
{
	static char id[MPSK_ID_MAX + 1];
	mpsk_index_reader_t *reader = mpsk_index_enter(index);
	mpsk_ssid_t ssid = ssid_of("One");
	wpa_pmk_t pmk = pmk_of(pmk_n);
	mpsk_index_hit_t hit;
	wpa_handshake_t hs;

	assert_int_equal(handshake_make(&hs, &pmk), MPSK_OK);
	id[0] = '\0';
	if (mpsk_index_scan_leaves(reader, &ssid, &hs, leaves, n, &hit, 1) == 1) {
		strcpy(id, hit.key.id);
		*leaf = hit.leaf;
	}
	mpsk_index_leave(reader);
	return id;
}

static void a_scan_of_some_leaves_sees_no_others(void **state)
{
	uint32_t const first[] = { 0 }, last[] = { 2 }, both[] = { 2, 0 }, stale[] = { 4000000000, 77, 1, 77 };
	mpsk_index_t *index = *state;
	uint32_t leaf = 99;

	assert_string_equal(find(index, 5, first, 1, &leaf), "");
	fill(index);
	assert_string_equal(find(index, 5, first, 1, &leaf), "k05");
	assert_int_equal(leaf, 0);
	assert_string_equal(find(index, 5, last, 1, &leaf), "");
	assert_string_equal(find(index, 47, last, 1, &leaf), "k47");
	assert_int_equal(leaf, 2);
	assert_string_equal(find(index, 5, both, 2, &leaf), "k05");
	assert_string_equal(find(index, 20, both, 2, &leaf), "");
	assert_string_equal(find(index, 20, stale, 4, &leaf), "k20");
	assert_string_equal(find(index, 20, NULL, 0, &leaf), "");
}

static void a_hit_says_where_it_stands(void **state)
{
	mpsk_index_t *index = *state;
	mpsk_index_reader_t *reader;
	mpsk_ssid_t ssid = ssid_of("One");
	wpa_pmk_t pmk = pmk_of(33);
	mpsk_index_hit_t hit;
	wpa_handshake_t hs;
	size_t missing;

	fill(index);
	assert_int_equal(handshake_make(&hs, &pmk), MPSK_OK);
	reader = mpsk_index_enter(index);
	assert_int_equal(mpsk_index_spent_us(reader), 0);
	assert_int_equal(mpsk_index_scan(reader, &ssid, &hs, &hit, 1, &missing), 1);
	assert_int_equal(hit.leaf, 2);
	for (unsigned i = 0; i < 100; i++)
		assert_int_equal(mpsk_index_scan(reader, &ssid, &hs, &hit, 1, &missing), 1);
	assert_true(mpsk_index_spent_us(reader) > 0);
	assert_true(mpsk_index_try(reader, &ssid, &hs, "k33", &hit));
	assert_int_equal(hit.leaf, 2);
	mpsk_index_leave(reader);
	reader = mpsk_index_enter(index);
	assert_int_equal(mpsk_index_spent_us(reader), 0);
	mpsk_index_leave(reader);
}

static void where_keys_share_a_pmk_only_a_whole_scan_counts(void **state)
{
	uint32_t const first[] = { 0 };
	mpsk_index_t *index = *state;
	mpsk_index_reader_t *reader;
	mpsk_ssid_t ssid = ssid_of("One");
	uint32_t leaf;

	fill(index);
	put(index, hex_key("z", 5, "One"));
	assert_string_equal(find(index, 5, first, 1, &leaf), "");
	assert_string_equal(find(index, 6, first, 1, &leaf), "");
	reader = mpsk_index_enter(index);
	assert_true(mpsk_index_shared(reader, &ssid));
	mpsk_index_leave(reader);
	assert_int_equal(mpsk_index_drop(index, "z"), MPSK_OK);
	assert_string_equal(find(index, 5, first, 1, &leaf), "k05");
	reader = mpsk_index_enter(index);
	assert_false(mpsk_index_shared(reader, &ssid));
	mpsk_index_leave(reader);
}

static uint64_t changes(mpsk_index_t *index, char const *text)
{
	mpsk_index_reader_t *reader = mpsk_index_enter(index);
	mpsk_ssid_t ssid = ssid_of(text);
	uint64_t n = mpsk_index_changes(reader, &ssid);

	mpsk_index_leave(reader);
	return n;
}

static size_t size(mpsk_index_t *index, char const *text)
{
	mpsk_index_reader_t *reader = mpsk_index_enter(index);
	mpsk_ssid_t ssid = ssid_of(text);
	size_t n = mpsk_index_size(reader, &ssid);

	mpsk_index_leave(reader);
	return n;
}

static void only_a_new_pmk_is_a_change(void **state)
{
	mpsk_index_t *index = *state;
	char hex[HEX_LEN + 1], old[HEX_LEN + 1];
	uint64_t before, other;

	put(index, hex_key("a", 1, "One"));
	put(index, hex_key("b", 2, "Two"));
	before = changes(index, "One");
	other = changes(index, "Two");
	/* A load of all keys again, or an edit of what no handshake shows. */
	mpsk_index_begin(index);
	put(index, key_make("a", "psk", hex_of(hex, 1), "ssid", "One", "vlan", "20", NULL));
	put(index, hex_key("b", 2, "Two"));
	mpsk_index_commit(index);
	assert_int_equal(changes(index, "One"), before);
	/* Another PSK, one more key, a key that moves here, a PMK that is derived. */
	put(index, hex_key("a", 3, "One"));
	assert_int_not_equal(changes(index, "One"), before);
	before = changes(index, "One");
	put(index, key_make("a", "psk", hex_of(hex, 3), "old_psk", hex_of(old, 4), "ssid", "One", NULL));
	assert_int_not_equal(changes(index, "One"), before);
	before = changes(index, "One");
	put(index, key_make("c", "psk", "correct-horse", "ssid", "One", NULL));
	assert_int_equal(changes(index, "One"), before);
	assert_int_equal(mpsk_index_derive(index, 60000, NULL, NULL), 0);
	assert_int_not_equal(changes(index, "One"), before);
	before = changes(index, "One");
	assert_int_equal(changes(index, "Two"), other);
	put(index, hex_key("b", 2, "One"));
	assert_int_not_equal(changes(index, "One"), before);
}

/* What an SSID had got to before it was empty, and has got to again, is not the same. */
static void an_ssid_that_comes_again_is_another(void **state)
{
	mpsk_index_t *index = *state;
	uint64_t before;

	put(index, hex_key("a", 1, "One"));
	before = changes(index, "One");
	assert_int_equal(mpsk_index_drop(index, "a"), MPSK_OK);
	assert_int_equal(changes(index, "One"), 0);
	put(index, hex_key("a", 2, "One"));
	assert_int_not_equal(changes(index, "One"), before);
}

static void keys_are_counted_by_ssid(void **state)
{
	mpsk_index_t *index = *state;
	char hex[HEX_LEN + 1], old[HEX_LEN + 1];

	assert_int_equal(size(index, "One"), 0);
	fill(index);
	put(index, hex_key("other", 1000, "Two"));
	assert_int_equal(size(index, "One"), KEYS);
	put(index, key_make("k00", "psk", hex_of(hex, 0), "old_psk", hex_of(old, 999), "ssid", "One", NULL));
	assert_int_equal(size(index, "One"), KEYS + 1);
	put(index, hex_key("k00", 998, "One"));
	assert_int_equal(size(index, "One"), KEYS);
	assert_int_equal(mpsk_index_drop(index, "k07"), MPSK_OK);
	assert_int_equal(size(index, "One"), KEYS - 1);
	assert_int_equal(size(index, "Two"), 1);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test_setup_teardown(a_scan_of_some_leaves_sees_no_others, index_setup, index_teardown),
		cmocka_unit_test_setup_teardown(a_hit_says_where_it_stands, index_setup, index_teardown),
		cmocka_unit_test_setup_teardown(where_keys_share_a_pmk_only_a_whole_scan_counts, index_setup,
						index_teardown),
		cmocka_unit_test_setup_teardown(only_a_new_pmk_is_a_change, index_setup, index_teardown),
		cmocka_unit_test_setup_teardown(an_ssid_that_comes_again_is_another, index_setup, index_teardown),
		cmocka_unit_test_setup_teardown(keys_are_counted_by_ssid, index_setup, index_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
