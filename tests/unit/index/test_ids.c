/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "index/ids.h"

#define N	5000
#define ID_SIZE	16

typedef struct {
	mpsk_epoch_t	epoch;
	mpsk_slab_t	slab;
	mpsk_ids_t	ids;
	mpsk_ref_t	refs[N];
} fixture_t;

static char const *id_of(mpsk_slab_t const *slab, mpsk_ref_t ref)
{
	return mpsk_slab_at(slab, ref);
}

static mpsk_ref_t make(fixture_t *fixture, int i)
{
	mpsk_ref_t ref = mpsk_slab_take(&fixture->slab, ID_SIZE);

	assert_int_not_equal(ref, 0);
	snprintf(mpsk_slab_at(&fixture->slab, ref), ID_SIZE, "key-%d", i);
	return ref;
}

static int setup(void **state)
{
	static fixture_t fixture;

	memset(&fixture, 0, sizeof(fixture));
	*state = &fixture;
	if (mpsk_epoch_init(&fixture.epoch, NULL) != MPSK_OK || mpsk_slab_init(&fixture.slab) != MPSK_OK) return -1;
	for (int i = 0; i < N; i++) fixture.refs[i] = make(&fixture, i);
	return mpsk_ids_init(&fixture.ids, &fixture.epoch, &fixture.slab, id_of) == MPSK_OK ? 0 : -1;
}

static int teardown(void **state)
{
	fixture_t *fixture = *state;

	mpsk_epoch_finish(&fixture->epoch, 0);
	mpsk_ids_finish(&fixture->ids);
	mpsk_slab_finish(&fixture->slab);
	return 0;
}

static mpsk_ref_t get(fixture_t *fixture, int i)
{
	char id[ID_SIZE];

	snprintf(id, sizeof(id), "key-%d", i);
	return mpsk_ids_get(&fixture->ids, id);
}

static void set(fixture_t *fixture, mpsk_ref_t ref)
{
	assert_int_equal(mpsk_ids_set(&fixture->ids, ref), MPSK_OK);
	mpsk_epoch_reclaim(&fixture->epoch);
}

static mpsk_status_t take_out(fixture_t *fixture, int i)
{
	return mpsk_ids_remove(&fixture->ids, id_of(&fixture->slab, fixture->refs[i]));
}

static void holds_what_is_put(void **state)
{
	fixture_t *fixture = *state;
	mpsk_ref_t other = make(fixture, 7);

	for (int i = 0; i < N; i++) {
		assert_int_equal(get(fixture, i), 0);
		set(fixture, fixture->refs[i]);
	}
	assert_int_equal(mpsk_ids_count(&fixture->ids), N);
	for (int i = 0; i < N; i++) assert_int_equal(get(fixture, i), fixture->refs[i]);
	set(fixture, other);
	assert_int_equal(mpsk_ids_count(&fixture->ids), N);
	assert_int_equal(get(fixture, 7), other);
	for (int i = 0; i < N; i += 2) assert_int_equal(take_out(fixture, i), MPSK_OK);
	assert_int_equal(take_out(fixture, 0), MPSK_MISS);
	assert_int_equal(mpsk_ids_count(&fixture->ids), N / 2);
	for (int i = 0; i < N; i++) assert_int_equal(get(fixture, i) != 0, i % 2);
	assert_int_equal(mpsk_ids_get(&fixture->ids, ""), 0);
}

/* What was taken out must neither fill the table nor make it grow for ever. */
static void keys_come_and_go(void **state)
{
	fixture_t *fixture = *state;

	for (int round = 0; round < 100; round++) {
		for (int i = 0; i < N; i++) {
			if (i % 100 == round) set(fixture, fixture->refs[i]);
			else if ((i + 1) % 100 == round) (void) take_out(fixture, i);
		}
	}
	assert_true(mpsk_ids_count(&fixture->ids) <= N / 100 * 2);
	assert_true(fixture->ids.used <= 8 * N / 100);
	for (int i = 99; i < N; i += 100) assert_int_equal(get(fixture, i), fixture->refs[i]);
}

static void drop(void *uctx, mpsk_ref_t ref)
{
	fixture_t *fixture = uctx;

	assert_int_equal(mpsk_ids_remove(&fixture->ids, id_of(&fixture->slab, ref)), MPSK_OK);
}

static void a_walk_may_take_out(void **state)
{
	fixture_t *fixture = *state;

	for (int i = 0; i < N; i++) set(fixture, fixture->refs[i]);
	mpsk_ids_each(&fixture->ids, drop, fixture);
	assert_int_equal(mpsk_ids_count(&fixture->ids), 0);
	for (int i = 0; i < N; i++) assert_int_equal(get(fixture, i), 0);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test_setup_teardown(holds_what_is_put, setup, teardown),
		cmocka_unit_test_setup_teardown(keys_come_and_go, setup, teardown),
		cmocka_unit_test_setup_teardown(a_walk_may_take_out, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
