/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "index/epoch.h"

static unsigned freed;

static void count(mpsk_retired_t *self)
{
	(void) self;
	freed++;
}

static int setup(void **state)
{
	static mpsk_epoch_t epoch;

	memset(&epoch, 0, sizeof(epoch));
	freed = 0;
	*state = &epoch;
	return mpsk_epoch_init(&epoch, NULL) == MPSK_OK ? 0 : -1;
}

static int teardown(void **state)
{
	mpsk_epoch_finish(*state, 0);
	return 0;
}

static void frees_when_the_reader_has_left(void **state)
{
	mpsk_epoch_t *epoch = *state;
	mpsk_index_reader_t *before = mpsk_epoch_enter(epoch), *after;
	mpsk_retired_t a, b;

	mpsk_epoch_retire(epoch, &a, count);
	assert_false(mpsk_epoch_reclaim(epoch));
	assert_int_equal(freed, 0);
	after = mpsk_epoch_enter(epoch);
	assert_false(mpsk_epoch_reclaim(epoch));
	mpsk_epoch_leave(before);
	/* Whoever entered after the retiring does not hold it up. */
	assert_true(mpsk_epoch_reclaim(epoch));
	assert_int_equal(freed, 1);
	mpsk_epoch_retire(epoch, &b, count);
	assert_false(mpsk_epoch_reclaim(epoch));
	mpsk_epoch_leave(after);
	assert_true(mpsk_epoch_reclaim(epoch));
	assert_int_equal(freed, 2);
}

static void slots_grow_and_are_used_again(void **state)
{
	mpsk_epoch_t *epoch = *state;
	mpsk_index_reader_t *readers[300], *again;
	mpsk_retired_t a;

	for (size_t i = 0; i < 300; i++) {
		readers[i] = mpsk_epoch_enter(epoch);
		for (size_t j = 0; j < i; j++)
			assert_ptr_not_equal(readers[i], readers[j]);
	}
	mpsk_epoch_retire(epoch, &a, count);
	/* The last one stands in the last chunk. */
	for (size_t i = 0; i < 299; i++)
		mpsk_epoch_leave(readers[i]);
	assert_false(mpsk_epoch_reclaim(epoch));
	mpsk_epoch_leave(readers[299]);
	assert_true(mpsk_epoch_reclaim(epoch));
	again = mpsk_epoch_enter(epoch);
	assert_ptr_equal(again, readers[0]);
	mpsk_epoch_leave(again);
}

static void the_end_frees_all(void **state)
{
	mpsk_epoch_t *epoch = *state;
	mpsk_retired_t a;

	(void) mpsk_epoch_enter(epoch);
	mpsk_epoch_retire(epoch, &a, count);
	mpsk_epoch_finish(epoch, 20);
	assert_int_equal(freed, 1);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test_setup_teardown(frees_when_the_reader_has_left, setup, teardown),
		cmocka_unit_test_setup_teardown(slots_grow_and_are_used_again, setup, teardown),
		cmocka_unit_test_setup_teardown(the_end_frees_all, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
