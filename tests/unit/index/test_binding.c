/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "index/binding.h"

static mpsk_mac_t mac_of(unsigned n)
{
	return (mpsk_mac_t) { { 0x02, 0x00, 0x5e, (uint8_t) (n >> 16), (uint8_t) (n >> 8), (uint8_t) n } };
}

static mpsk_binding_t binding_of(unsigned n)
{
	mpsk_binding_t binding = { .claimed_at = n };

	snprintf(binding.id, sizeof(binding.id), "key-%u", n);
	return binding;
}

static void set(mpsk_bindings_t *bindings, unsigned n, mpsk_ssid_t const *ssid)
{
	mpsk_mac_t mac = mac_of(n);
	mpsk_binding_t binding = binding_of(n);

	mpsk_bindings_set(bindings, &mac, ssid, &binding);
}

static bool get(mpsk_bindings_t *bindings, unsigned n, mpsk_ssid_t const *ssid)
{
	mpsk_mac_t mac = mac_of(n);
	mpsk_binding_t binding;

	if (!mpsk_bindings_get(bindings, &mac, ssid, &binding))
		return false;
	assert_int_equal(binding.claimed_at, n);
	assert_string_equal(binding.id, binding_of(n).id);
	return true;
}

static void keeps_by_mac_and_ssid(void **state)
{
	mpsk_bindings_t *bindings = mpsk_bindings_create(NULL, 10);
	mpsk_mac_t mac = mac_of(1);
	mpsk_ssid_t one, two;

	(void) state;
	assert_non_null(bindings);
	assert_true(mpsk_ssid_set(&one, "One", 3));
	assert_true(mpsk_ssid_set(&two, "Two", 3));
	set(bindings, 1, &one);
	assert_true(get(bindings, 1, &one));
	assert_false(get(bindings, 1, &two));
	assert_false(get(bindings, 2, &one));
	mpsk_bindings_drop(bindings, &mac, &two);
	assert_true(get(bindings, 1, &one));
	mpsk_bindings_drop(bindings, &mac, &one);
	assert_false(get(bindings, 1, &one));
	mpsk_bindings_drop(bindings, &mac, &one);
	talloc_free(bindings);
}

static void the_least_recently_used_makes_way(void **state)
{
	mpsk_bindings_t *bindings = mpsk_bindings_create(NULL, 3);
	mpsk_ssid_t ssid;

	(void) state;
	assert_true(mpsk_ssid_set(&ssid, "One", 3));
	for (unsigned n = 1; n <= 3; n++)
		set(bindings, n, &ssid);
	assert_true(get(bindings, 1, &ssid));
	set(bindings, 4, &ssid);
	assert_false(get(bindings, 2, &ssid));
	set(bindings, 3, &ssid);
	set(bindings, 5, &ssid);
	assert_false(get(bindings, 1, &ssid));
	assert_true(get(bindings, 3, &ssid));
	assert_true(get(bindings, 4, &ssid));
	assert_true(get(bindings, 5, &ssid));
	talloc_free(bindings);
}

static void a_large_table_is_bounded_too(void **state)
{
	mpsk_bindings_t *bindings = mpsk_bindings_create(NULL, 2048);
	mpsk_ssid_t ssid;
	unsigned kept = 0;

	(void) state;
	assert_true(mpsk_ssid_set(&ssid, "One", 3));
	for (unsigned n = 0; n < 10000; n++)
		set(bindings, n, &ssid);
	for (unsigned n = 0; n < 10000; n++)
		kept += get(bindings, n, &ssid);
	assert_in_range(kept, 1900, 2048);
	talloc_free(bindings);
}

static void a_mark_is_a_psks_in_a_table(void **state)
{
	mpsk_bindings_t *bindings = mpsk_bindings_create(NULL, 3), *others = mpsk_bindings_create(NULL, 3);
	wpa_psk_t const one = { .len = 8, .octets = "12345678" }, same = one, two = { .len = 8, .octets = "12345679" };

	(void) state;
	assert_true(mpsk_bindings_mark(bindings, &one) == mpsk_bindings_mark(bindings, &same));
	assert_true(mpsk_bindings_mark(bindings, &one) != mpsk_bindings_mark(bindings, &two));
	assert_true(mpsk_bindings_mark(bindings, &one) != mpsk_bindings_mark(others, &one));
	talloc_free(bindings);
	talloc_free(others);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(keeps_by_mac_and_ssid),
		cmocka_unit_test(the_least_recently_used_makes_way),
		cmocka_unit_test(a_large_table_is_bounded_too),
		cmocka_unit_test(a_mark_is_a_psks_in_a_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
