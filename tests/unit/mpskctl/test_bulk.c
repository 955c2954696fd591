/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "mpskctl/bulk.h"

#define MANY 1000

static mpsk_ssid_t const ssid = { 4, "Acme" };
static wpa_psk_t psks[MANY];
static struct {
	wpa_pmk_t	pmk;
	_Atomic unsigned	times;
} done[MANY];
static _Atomic unsigned calls;

static int prepare(void **state)
{
	(void) state;
	memset(done, 0, sizeof(done));
	calls = 0;
	for (size_t i = 0; i < MANY; i++) {
		char text[24];

		snprintf(text, sizeof(text), "passphrase-%zu", i);
		assert_int_equal(wpa_psk_set(&psks[i], text, strlen(text), NULL), MPSK_OK);
	}
	return 0;
}

static mpsk_status_t note(void *uctx, void *what, wpa_pmk_t const *pmk)
{
	size_t i = (size_t) ((wpa_psk_t *) what - psks);

	done[i].pmk = *pmk;
	done[i].times++;
	return ++calls == *(unsigned *) uctx ? MPSK_ERR : MPSK_OK;
}

static mpsk_status_t add(ctl_bulk_t *bulk, size_t i)
{
	return ctl_bulk_add(bulk, &(ctl_bulk_want_t) { .psk = &psks[i], .ssid = &ssid, .what = &psks[i] });
}

static void test_each_is_done_once(void **state)
{
	/* Less than a batch, one more than some, and more than the queue holds. */
	static size_t const sizes[] = { 0, 1, 15, 17, MANY };
	unsigned never = 0;

	for (size_t n = 0; n < sizeof(sizes) / sizeof(sizes[0]); n++) {
		ctl_bulk_t *bulk = ctl_bulk_begin(note, &never);

		prepare(state);
		for (size_t i = 0; i < sizes[n]; i++) assert_int_equal(add(bulk, i), MPSK_OK);
		assert_int_equal(ctl_bulk_end(bulk), MPSK_OK);
		for (size_t i = 0; i < MANY; i++) assert_int_equal(done[i].times, i < sizes[n]);
		for (size_t i = 0; i < sizes[n]; i += 111) {
			wpa_pmk_t pmk;

			assert_int_equal(wpa_pmk_derive(&pmk, &psks[i], &ssid), MPSK_OK);
			assert_memory_equal(&done[i].pmk, &pmk, sizeof(pmk));
		}
	}
}

/* The caller, who may be waiting for room in the queue, hears of it, and nobody hangs. */
static void test_a_failure_ends_it(void **state)
{
	unsigned at = 100;
	ctl_bulk_t *bulk = ctl_bulk_begin(note, &at);
	size_t taken = 0;

	(void) state;
	while (taken < 100000 && add(bulk, taken % MANY) == MPSK_OK) taken++;
	assert_true(taken < 100000);
	assert_int_equal(ctl_bulk_end(bulk), MPSK_ERR);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test_setup(test_each_is_done_once, prepare),
		cmocka_unit_test_setup(test_a_failure_ends_it, prepare),
	};

	return cmocka_run_group_tests_name("mpskctl/bulk", tests, NULL, NULL);
}
