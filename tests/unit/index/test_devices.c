/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "mac_rig.h"

/* A key on the SSID One, the only one here. */
static void put_key(mpsk_index_t *index, char const *id, unsigned n, char const *macs)
{
	char hex[HEX_LEN + 1];

	put(index, key_make(id, "psk", hex_of(hex, n), "ssid", "One", "macs", macs, NULL));
}

/* Device one of a key, last seen then. */
static void saw(mpsk_index_t *index, char const *id, int64_t last_seen)
{
	mpsk_device_t const devices[] = { { .mac = two, .last_seen = 1 }, { .mac = one, .last_seen = last_seen } };

	assert_int_equal(mpsk_index_devices_put(index, id, devices, 2), MPSK_OK);
}

static void devices_are_replaced_as_a_whole(void **state)
{
	mpsk_index_t *index = *state;
	mpsk_device_t const device = { .mac = one, .last_seen = 5 };

	put_key(index, "a", 1, "");
	assert_false(knows(index, "a", &one));
	saw(index, "a", 5);
	assert_true(knows(index, "a", &one));
	assert_true(knows(index, "a", &two));
	assert_false(knows(index, "b", &one));
	by_mac(index, "One", &two, "a ");
	assert_int_equal(mpsk_index_devices_put(index, "a", &device, 1), MPSK_OK);
	assert_true(knows(index, "a", &one));
	assert_false(knows(index, "a", &two));
	by_mac(index, "One", &two, "");
	assert_int_equal(mpsk_index_devices_put(index, "a", NULL, 0), MPSK_OK);
	assert_false(knows(index, "a", &one));
	by_mac(index, "One", &one, "");
}

static void sizes_are(mpsk_index_t *index, size_t devices, size_t octets_over)
{
	mpsk_index_sizes_t sizes;

	mpsk_index_sizes(index, &sizes);
	assert_int_equal(sizes.devices, devices);
	assert_true(sizes.octets > octets_over);
}

static void devices_are_counted(void **state)
{
	mpsk_index_t *index = *state;
	mpsk_device_t const device = { .mac = one, .last_seen = 5 };
	mpsk_index_sizes_t before;

	mpsk_index_sizes(index, &before);
	assert_int_equal(before.devices, 0);
	put_key(index, "a", 1, "");
	saw(index, "a", 5);
	sizes_are(index, 2, before.octets);
	saw(index, "a", 6);
	saw(index, "b", 6);
	sizes_are(index, 4, before.octets);
	assert_int_equal(mpsk_index_devices_put(index, "a", &device, 1), MPSK_OK);
	sizes_are(index, 3, before.octets);
	assert_int_equal(mpsk_index_devices_put(index, "b", NULL, 0), MPSK_OK);
	sizes_are(index, 1, before.octets);
	mpsk_index_begin(index);
	mpsk_index_commit(index);
	mpsk_index_sizes(index, &before);
	assert_int_equal(before.devices, 0);
}

static void the_last_to_see_it_comes_first(void **state)
{
	mpsk_index_t *index = *state;

	put_key(index, "a", 1, "00-00-5e-00-53-01");
	put_key(index, "b", 2, "");
	put_key(index, "c", 3, "");
	put_key(index, "d", 4, "");
	saw(index, "d", 7);
	saw(index, "b", 7);
	saw(index, "c", 9);
	by_mac(index, "One", &one, "c b d a ");
	put_key(index, "e", 5, "");
	saw(index, "e", 8);
	by_mac(index, "One", &one, "c e b d ");
}

/* Neither way of knowing a MAC takes the other's away. */
static void a_mac_may_be_listed_and_a_device(void **state)
{
	mpsk_index_t *index = *state;

	put_key(index, "a", 1, "00-00-5e-00-53-01");
	saw(index, "a", 5);
	put_key(index, "a", 1, "");
	by_mac(index, "One", &one, "a ");
	put_key(index, "a", 1, "00-00-5e-00-53-01");
	assert_int_equal(mpsk_index_devices_put(index, "a", NULL, 0), MPSK_OK);
	by_mac(index, "One", &one, "a ");
}

static void devices_may_come_before_their_key(void **state)
{
	mpsk_index_t *index = *state;

	saw(index, "a", 5);
	by_mac(index, "One", &one, "");
	put_key(index, "a", 1, "");
	by_mac(index, "One", &one, "a ");
	assert_int_equal(mpsk_index_drop(index, "a"), MPSK_OK);
	by_mac(index, "One", &one, "");
}

static void a_load_drops_what_it_did_not_bring(void **state)
{
	mpsk_index_t *index = *state;

	mpsk_index_begin(index);
	put_key(index, "a", 1, "");
	put_key(index, "b", 2, "");
	saw(index, "a", 5);
	saw(index, "b", 5);
	mpsk_index_commit(index);
	mpsk_index_begin(index);
	put_key(index, "a", 1, "");
	put_key(index, "b", 2, "");
	saw(index, "b", 6);
	assert_true(knows(index, "a", &one));
	mpsk_index_commit(index);
	assert_false(knows(index, "a", &one));
	by_mac(index, "One", &one, "b ");
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test_setup_teardown(devices_are_replaced_as_a_whole, index_setup, index_teardown),
		cmocka_unit_test_setup_teardown(devices_are_counted, index_setup, index_teardown),
		cmocka_unit_test_setup_teardown(the_last_to_see_it_comes_first, index_setup, index_teardown),
		cmocka_unit_test_setup_teardown(a_mac_may_be_listed_and_a_device, index_setup, index_teardown),
		cmocka_unit_test_setup_teardown(devices_may_come_before_their_key, index_setup, index_teardown),
		cmocka_unit_test_setup_teardown(a_load_drops_what_it_did_not_bring, index_setup, index_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
