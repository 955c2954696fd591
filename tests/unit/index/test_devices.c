/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "index_make.h"

static mpsk_mac_t const one = { { 0x00, 0x00, 0x5e, 0x00, 0x53, 0x01 } };
static mpsk_mac_t const two = { { 0x00, 0x00, 0x5e, 0x00, 0x53, 0x02 } };

static int setup(void **state)
{
	*state = mpsk_index_create(NULL);
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	return talloc_free(*state);
}

static void put(mpsk_index_t *index, char const *id, unsigned n, char const *macs)
{
	char hex[HEX_LEN + 1];
	mpsk_key_t *key = key_make(id, "psk", hex_of(hex, n), "ssid", "One", "macs", macs, NULL);

	assert_non_null(key);
	assert_int_equal(mpsk_index_put(index, key), MPSK_OK);
}

/* Device one of a key, last seen then. */
static void saw(mpsk_index_t *index, char const *id, int64_t last_seen)
{
	mpsk_device_t const devices[] = { { .mac = two, .last_seen = 1 }, { .mac = one, .last_seen = last_seen } };

	assert_int_equal(mpsk_index_devices_put(index, id, devices, 2), MPSK_OK);
}

static bool knows(mpsk_index_t *index, char const *id, mpsk_mac_t const *mac)
{
	mpsk_index_reader_t *reader = mpsk_index_enter(index);
	bool known = mpsk_index_knows(reader, id, mac);

	mpsk_index_leave(reader);
	return known;
}

static void by_mac(mpsk_index_t *index, mpsk_mac_t const *mac, char const *ids)
{
	mpsk_index_reader_t *reader = mpsk_index_enter(index);
	mpsk_ssid_t ssid = ssid_of("One");
	mpsk_key_t const *keys[4];
	size_t n = mpsk_index_by_mac(reader, &ssid, mac, keys, 4);
	char found[256] = "";

	for (size_t i = 0; i < n; i++) {
		strcat(found, keys[i]->id);
		strcat(found, " ");
	}
	mpsk_index_leave(reader);
	assert_string_equal(found, ids);
}

static void devices_are_replaced_as_a_whole(void **state)
{
	mpsk_index_t *index = *state;
	mpsk_device_t const device = { .mac = one, .last_seen = 5 };

	put(index, "a", 1, "");
	assert_false(knows(index, "a", &one));
	saw(index, "a", 5);
	assert_true(knows(index, "a", &one));
	assert_true(knows(index, "a", &two));
	assert_false(knows(index, "b", &one));
	by_mac(index, &two, "a ");
	assert_int_equal(mpsk_index_devices_put(index, "a", &device, 1), MPSK_OK);
	assert_true(knows(index, "a", &one));
	assert_false(knows(index, "a", &two));
	by_mac(index, &two, "");
	assert_int_equal(mpsk_index_devices_put(index, "a", NULL, 0), MPSK_OK);
	assert_false(knows(index, "a", &one));
	by_mac(index, &one, "");
}

static void the_last_to_see_it_comes_first(void **state)
{
	mpsk_index_t *index = *state;

	put(index, "a", 1, "00-00-5e-00-53-01");
	put(index, "b", 2, "");
	put(index, "c", 3, "");
	put(index, "d", 4, "");
	saw(index, "d", 7);
	saw(index, "b", 7);
	saw(index, "c", 9);
	by_mac(index, &one, "c b d a ");
	put(index, "e", 5, "");
	saw(index, "e", 8);
	by_mac(index, &one, "c e b d ");
}

/* Neither way of knowing a MAC takes the other's away. */
static void a_mac_may_be_listed_and_a_device(void **state)
{
	mpsk_index_t *index = *state;

	put(index, "a", 1, "00-00-5e-00-53-01");
	saw(index, "a", 5);
	put(index, "a", 1, "");
	by_mac(index, &one, "a ");
	put(index, "a", 1, "00-00-5e-00-53-01");
	assert_int_equal(mpsk_index_devices_put(index, "a", NULL, 0), MPSK_OK);
	by_mac(index, &one, "a ");
}

static void devices_may_come_before_their_key(void **state)
{
	mpsk_index_t *index = *state;

	saw(index, "a", 5);
	by_mac(index, &one, "");
	put(index, "a", 1, "");
	by_mac(index, &one, "a ");
	assert_int_equal(mpsk_index_drop(index, "a"), MPSK_OK);
	by_mac(index, &one, "");
}

static void a_load_drops_what_it_did_not_bring(void **state)
{
	mpsk_index_t *index = *state;

	mpsk_index_begin(index);
	put(index, "a", 1, "");
	put(index, "b", 2, "");
	saw(index, "a", 5);
	saw(index, "b", 5);
	mpsk_index_commit(index);
	mpsk_index_begin(index);
	put(index, "a", 1, "");
	put(index, "b", 2, "");
	saw(index, "b", 6);
	assert_true(knows(index, "a", &one));
	mpsk_index_commit(index);
	assert_false(knows(index, "a", &one));
	by_mac(index, &one, "b ");
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test_setup_teardown(devices_are_replaced_as_a_whole, setup, teardown),
		cmocka_unit_test_setup_teardown(the_last_to_see_it_comes_first, setup, teardown),
		cmocka_unit_test_setup_teardown(a_mac_may_be_listed_and_a_device, setup, teardown),
		cmocka_unit_test_setup_teardown(devices_may_come_before_their_key, setup, teardown),
		cmocka_unit_test_setup_teardown(a_load_drops_what_it_did_not_bring, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
