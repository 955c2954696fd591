/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "index/map.h"

#define N 5000

typedef struct {
	mpsk_epoch_t	epoch;
	mpsk_map_t	map;
} fixture_t;

static char names[N][16];
static int values[N];

static int setup(void **state)
{
	static fixture_t fixture;

	memset(&fixture, 0, sizeof(fixture));
	*state = &fixture;
	for (int i = 0; i < N; i++)
		snprintf(names[i], sizeof(names[i]), "key-%d", i);
	if (mpsk_epoch_init(&fixture.epoch, NULL) != MPSK_OK)
		return -1;
	return mpsk_map_init(&fixture.map, &fixture.epoch) == MPSK_OK ? 0 : -1;
}

static int teardown(void **state)
{
	fixture_t *fixture = *state;

	mpsk_epoch_finish(&fixture->epoch, 0);
	mpsk_map_finish(&fixture->map);
	return 0;
}

static void set(mpsk_map_t *map, int i, void *value)
{
	assert_int_equal(mpsk_map_set(map, names[i], strlen(names[i]), value), MPSK_OK);
}

static void *get(mpsk_map_t *map, int i)
{
	return mpsk_map_get(map, names[i], strlen(names[i]));
}

static void holds_what_is_put(void **state)
{
	fixture_t *fixture = *state;
	mpsk_map_t *map = &fixture->map;

	for (int i = 0; i < N; i++) {
		assert_null(get(map, i));
		set(map, i, &values[i]);
		mpsk_epoch_reclaim(&fixture->epoch);
	}
	assert_int_equal(mpsk_map_count(map), N);
	for (int i = 0; i < N; i++)
		assert_ptr_equal(get(map, i), &values[i]);
	set(map, 7, &values[8]);
	assert_int_equal(mpsk_map_count(map), N);
	assert_ptr_equal(get(map, 7), &values[8]);
	for (int i = 0; i < N; i += 2)
		assert_int_equal(mpsk_map_remove(map, names[i], strlen(names[i])), MPSK_OK);
	assert_int_equal(mpsk_map_remove(map, names[0], strlen(names[0])), MPSK_MISS);
	assert_int_equal(mpsk_map_count(map), N / 2);
	for (int i = 0; i < N; i++)
		assert_int_equal(get(map, i) != NULL, i % 2);
	assert_null(mpsk_map_get(map, "", 0));
}

static void drop(void *uctx, void *value)
{
	int i = (int) ((int *) value - values);

	assert_int_equal(mpsk_map_remove(uctx, names[i], strlen(names[i])), MPSK_OK);
	values[i]++;
}

static void a_walk_may_take_out(void **state)
{
	fixture_t *fixture = *state;

	memset(values, 0, sizeof(values));
	for (int i = 0; i < N; i++)
		set(&fixture->map, i, &values[i]);
	mpsk_map_each(&fixture->map, drop, &fixture->map);
	assert_int_equal(mpsk_map_count(&fixture->map), 0);
	for (int i = 0; i < N; i++)
		assert_int_equal(values[i], 1);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test_setup_teardown(holds_what_is_put, setup, teardown),
		cmocka_unit_test_setup_teardown(a_walk_may_take_out, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
