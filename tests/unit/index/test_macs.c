/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The keys of a MAC: those that list it, and those whose device it is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "index/internal.h"
#include "mac_rig.h"

static void finds_by_full_mac(void **state)
{
	mpsk_index_t *index = *state;
	char hex[HEX_LEN + 1];

	hex_of(hex, 1);
	put(index, key_make("b", "psk", hex, "macs", "00005e005301,00-00-5e-00-53-02", NULL));
	put(index, key_make("a", "psk", hex, "ssid", "One", "macs", "00-00-5e-00-53-01", "usage", "single", NULL));
	put(index, key_make("p", "psk", hex, "macs", "00005e*", NULL));
	by_mac(index, "One", &one, "a b ");
	by_mac(index, "Two", &one, "b ");
	by_mac(index, "One", &two, "b ");
	put(index, key_make("b", "psk", hex, "macs", "00005e005302", NULL));
	by_mac(index, "One", &one, "a ");
	by_mac(index, "One", &two, "b ");
	assert_int_equal(mpsk_index_drop(index, "a"), MPSK_OK);
	by_mac(index, "One", &one, "");
	assert_int_equal(mpsk_index_drop(index, "b"), MPSK_OK);
	assert_int_equal(mpsk_map_count(&index->macs), 0);
}

static void devices(mpsk_index_t *index, char const *id, mpsk_device_t const *list, size_t n)
{
	assert_int_equal(mpsk_index_devices_put(index, id, list, n), MPSK_OK);
}

static void finds_by_device(void **state)
{
	mpsk_index_t *index = *state;
	char hex[HEX_LEN + 1];

	hex_of(hex, 1);
	put(index, key_make("a", "psk", hex, "ssid", "One", NULL));
	put(index, key_make("b", "psk", hex, "ssid", "One", "macs", "00-00-5e-00-53-01", NULL));
	put(index, key_make("c", "psk", hex, "ssid", "Two", NULL));
	by_mac(index, "One", &one, "b ");
	devices(index, "a", (mpsk_device_t[]) { { two, 5 }, { one, 10 } }, 2);
	devices(index, "c", (mpsk_device_t[]) { { one, 99 } }, 1);
	devices(index, "ghost", (mpsk_device_t[]) { { one, 99 } }, 1);
	/* Who saw it last, before who only lists it. */
	by_mac(index, "One", &one, "a b ");
	by_mac(index, "One", &two, "a ");
	by_mac(index, "Two", &one, "c ");
	assert_true(knows(index, "a", &two));
	assert_false(knows(index, "b", &one));
	devices(index, "b", (mpsk_device_t[]) { { one, 11 } }, 1);
	by_mac(index, "One", &one, "b a ");
	/* Gone from the devices, but listed. */
	devices(index, "b", NULL, 0);
	by_mac(index, "One", &one, "a b ");
	devices(index, "a", (mpsk_device_t[]) { { two, 5 } }, 1);
	by_mac(index, "One", &one, "b ");
	assert_false(knows(index, "a", &one));
}

static void a_load_drops_devices_that_it_did_not_show(void **state)
{
	mpsk_index_t *index = *state;

	devices(index, "a", (mpsk_device_t[]) { { one, 10 } }, 1);
	devices(index, "b", (mpsk_device_t[]) { { one, 10 } }, 1);
	mpsk_index_begin(index);
	devices(index, "b", (mpsk_device_t[]) { { one, 10 } }, 1);
	assert_true(knows(index, "a", &one));
	mpsk_index_commit(index);
	assert_false(knows(index, "a", &one));
	assert_true(knows(index, "b", &one));
	mpsk_index_begin(index);
	mpsk_index_commit(index);
	assert_int_equal(mpsk_map_count(&index->macs), 0);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test_setup_teardown(finds_by_full_mac, index_setup, index_teardown),
		cmocka_unit_test_setup_teardown(finds_by_device, index_setup, index_teardown),
		cmocka_unit_test_setup_teardown(a_load_drops_devices_that_it_did_not_show, index_setup, index_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
