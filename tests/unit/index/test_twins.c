/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "index/partition.h"
#include "index_make.h"

typedef struct {
	mpsk_epoch_t		epoch;
	mpsk_slab_t		slab;
	mpsk_leaf_pool_t	pool;
	mpsk_partition_t	*partition;
} fixture_t;

static int setup(void **state)
{
	static fixture_t fixture;
	mpsk_ssid_t ssid = ssid_of("One");

	memset(&fixture, 0, sizeof(fixture));
	*state = &fixture;
	if (mpsk_epoch_init(&fixture.epoch, NULL) != MPSK_OK || mpsk_slab_init(&fixture.slab) != MPSK_OK) return -1;
	fixture.partition = mpsk_partition_create(&fixture.epoch, &fixture.pool, &fixture.slab, &ssid);
	return fixture.partition ? 0 : -1;
}

static int teardown(void **state)
{
	fixture_t *fixture = *state;

	mpsk_partition_free(fixture->partition);
	mpsk_epoch_finish(&fixture->epoch, 0);
	mpsk_leaf_pool_finish(&fixture->pool);
	mpsk_slab_finish(&fixture->slab);
	return 0;
}

/* The next lane, with this PMK. */
static uint32_t fill(fixture_t *fixture, unsigned n)
{
	wpa_pmk_t pmk = pmk_of(n);
	uint32_t lane;

	assert_int_equal(mpsk_leaf_pool_reserve(&fixture->pool, 1), MPSK_OK);
	assert_int_equal(mpsk_partition_reserve(fixture->partition, 1), MPSK_OK);
	lane = mpsk_partition_take(fixture->partition);
	mpsk_partition_set(fixture->partition, lane, 1, false, &pmk);
	return lane;
}

static void empty(fixture_t *fixture, uint32_t lane)
{
	assert_int_equal(mpsk_leaf_pool_reserve(&fixture->pool, 1), MPSK_OK);
	mpsk_partition_clear(fixture->partition, lane);
	mpsk_epoch_reclaim(&fixture->epoch);
}

static void chains_by_pmk(void **state)
{
	fixture_t *fixture = *state;
	mpsk_partition_t *partition = fixture->partition;
	wpa_pmk_t one = pmk_of(1), other = pmk_of(77);
	uint32_t lane;
	size_t n = 0;

	assert_int_equal(mpsk_twins_first(partition, &one), MPSK_LANE_NONE);
	for (lane = 0; lane < 10; lane++) assert_int_equal(fill(fixture, lane % 2 ? 1 : 1 + (1u << 20)), lane);
	assert_int_equal(atomic_load(&partition->n_twins), 8);
	/* The heads are made anew on the way. */
	for (lane = 10; lane < 1000; lane++) assert_int_equal(fill(fixture, 1000 + lane), lane);
	empty(fixture, 3);
	empty(fixture, 9);
	for (lane = mpsk_twins_first(partition, &one); lane != MPSK_LANE_NONE;
	     lane = mpsk_twins_next(partition, lane, &one)) {
		assert_true(lane == 1 || lane == 5 || lane == 7);
		n++;
	}
	assert_int_equal(n, 3);
	assert_int_equal(atomic_load(&partition->n_twins), 6);
	assert_int_equal(fill(fixture, 77), 9);
	assert_int_equal(mpsk_twins_first(partition, &other), 9);
	empty(fixture, 9);
	assert_int_equal(mpsk_twins_first(partition, &other), MPSK_LANE_NONE);
}

static void lanes_are_filled_again(void **state)
{
	fixture_t *fixture = *state;

	for (uint32_t lane = 0; lane < 40; lane++) assert_int_equal(fill(fixture, lane), lane);
	for (uint32_t lane = 0; lane < 40; lane += 2) empty(fixture, lane);
	assert_int_equal(fixture->partition->n_holes, 20);
	for (uint32_t n = 0; n < 20; n++) assert_int_equal(fill(fixture, 100 + n) % 2, 0);
	assert_int_equal(fixture->partition->n_holes, 0);
	assert_int_equal(fill(fixture, 200), 40);
	for (uint32_t n = 0; n < 20; n++) {
		wpa_pmk_t pmk = pmk_of(100 + n);

		assert_int_not_equal(mpsk_twins_first(fixture->partition, &pmk), MPSK_LANE_NONE);
	}
	assert_int_equal(atomic_load(&fixture->partition->n_twins), 0);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test_setup_teardown(chains_by_pmk, setup, teardown),
		cmocka_unit_test_setup_teardown(lanes_are_filled_again, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
