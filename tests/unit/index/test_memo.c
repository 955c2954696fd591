/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <pthread.h>
#include <stdbool.h>
#include <cmocka.h>

#include "index/memo.h"

typedef struct {
	uint64_t	n;
	uint8_t		odd[5];
} value_t;

static uint64_t name_of(mpsk_memo_t *memo, unsigned n)
{
	return mpsk_memo_name(memo, &n, sizeof(n));
}

static void set(mpsk_memo_t *memo, unsigned n)
{
	uint64_t name = name_of(memo, n);
	value_t *value = mpsk_memo_get(memo, name);

	assert_int_equal(value->n, 0);
	for (size_t i = 0; i < sizeof(value->odd); i++)
		assert_int_equal(value->odd[i], 0);
	value->n = n;
	value->odd[4] = 0xff;
	mpsk_memo_release(memo, name);
}

static bool has(mpsk_memo_t *memo, unsigned n)
{
	uint64_t name = name_of(memo, n);
	value_t *value = mpsk_memo_find(memo, name);

	if (!value)
		return false;
	assert_int_equal(value->n, n);
	mpsk_memo_release(memo, name);
	return true;
}

static void values_are_kept_by_name(void **state)
{
	mpsk_memo_t *memo = mpsk_memo_create(NULL, 1000, sizeof(value_t));

	(void) state;
	assert_non_null(memo);
	assert_false(has(memo, 1));
	for (unsigned n = 1; n <= 100; n++)
		set(memo, n);
	for (unsigned n = 1; n <= 100; n++)
		assert_true(has(memo, n));
	assert_false(has(memo, 101));
	talloc_free(memo);
}

static void the_least_recently_used_makes_way(void **state)
{
	mpsk_memo_t *memo = mpsk_memo_create(NULL, MPSK_MEMO_BUCKET, sizeof(value_t));

	(void) state;
	for (unsigned n = 1; n <= MPSK_MEMO_BUCKET; n++)
		set(memo, n);
	assert_true(has(memo, 1));
	set(memo, 100);
	assert_false(has(memo, 2));
	assert_true(has(memo, 1));
	for (unsigned n = 3; n <= MPSK_MEMO_BUCKET; n++)
		assert_true(has(memo, n));
	assert_true(has(memo, 100));
	talloc_free(memo);
}

static void count_one(void *uctx, void *value)
{
	size_t *n = uctx;

	assert_true(((value_t *) value)->n > 0);
	++*n;
}

/* Of many more names than there is room for, as many stay as fit; what is shown is what stays. */
static void it_never_grows(void **state)
{
	mpsk_memo_t *memo = mpsk_memo_create(NULL, 64, sizeof(value_t));
	size_t before = talloc_total_size(memo), there = 0, shown = 0;

	(void) state;
	for (unsigned n = 1; n <= 10000; n++)
		set(memo, n);
	for (unsigned n = 1; n <= 10000; n++)
		there += has(memo, n);
	assert_int_equal(there, 64);
	mpsk_memo_each(memo, count_one, &shown);
	assert_int_equal(shown, 64);
	assert_int_equal(talloc_total_size(memo), before);
	talloc_free(memo);
}

#define THREADS	4
#define TURNS	20000

static void *add_run(void *uctx)
{
	mpsk_memo_t *memo = uctx;

	for (unsigned i = 0; i < TURNS; i++) {
		uint64_t name = name_of(memo, i % 16);

		((value_t *) mpsk_memo_get(memo, name))->n++;
		mpsk_memo_release(memo, name);
	}
	return NULL;
}

static void a_value_is_one_thread_s_at_a_time(void **state)
{
	mpsk_memo_t *memo = mpsk_memo_create(NULL, 1024, sizeof(value_t));
	pthread_t threads[THREADS];
	uint64_t sum = 0;

	(void) state;
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, add_run, memo), 0);
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	for (unsigned n = 0; n < 16; n++) {
		sum += ((value_t *) mpsk_memo_get(memo, name_of(memo, n)))->n;
		mpsk_memo_release(memo, name_of(memo, n));
	}
	assert_int_equal(sum, THREADS * TURNS);
	talloc_free(memo);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(values_are_kept_by_name),
		cmocka_unit_test(the_least_recently_used_makes_way),
		cmocka_unit_test(it_never_grows),
		cmocka_unit_test(a_value_is_one_thread_s_at_a_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
