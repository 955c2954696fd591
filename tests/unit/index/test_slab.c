/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "index/slab.h"

#define N 20000

static int setup(void **state)
{
	static mpsk_slab_t slab;

	*state = &slab;
	return mpsk_slab_init(&slab) == MPSK_OK ? 0 : -1;
}

static int teardown(void **state)
{
	mpsk_slab_finish(*state);
	return 0;
}

static size_t size_of(size_t i)
{
	static size_t const sizes[] = { 1, 8, 9, 80, 1000, 1024, 1025, 5000 };

	return sizes[i % (sizeof(sizes) / sizeof(sizes[0]))];
}

static void assert_filled(mpsk_slab_t *slab, mpsk_ref_t ref, size_t size, uint8_t octet)
{
	uint8_t const *p = mpsk_slab_at(slab, ref);

	for (size_t i = 0; i < size; i++) assert_int_equal(p[i], octet);
}

static void blocks_do_not_meet(void **state)
{
	mpsk_slab_t *slab = *state;
	static mpsk_ref_t refs[N];

	for (size_t i = 0; i < N; i++) {
		refs[i] = mpsk_slab_take(slab, size_of(i));
		assert_int_not_equal(refs[i], 0);
		assert_int_equal((uintptr_t) mpsk_slab_at(slab, refs[i]) % 8, 0);
		assert_filled(slab, refs[i], size_of(i), 0);
		memset(mpsk_slab_at(slab, refs[i]), (int) (i % 251 + 1), size_of(i));
	}
	assert_true(slab->n_chunks > 10);
	for (size_t i = 0; i < N; i++) assert_filled(slab, refs[i], size_of(i), (uint8_t) (i % 251 + 1));
	for (size_t i = 0; i < N; i++) mpsk_slab_give(slab, refs[i], size_of(i));
	assert_int_equal(slab->used, 0);
}

static void what_was_given_is_taken_again(void **state)
{
	mpsk_slab_t *slab = *state;

	for (size_t round = 0; round < N; round++) {
		for (size_t i = 0; i < 8; i++) {
			mpsk_ref_t ref = mpsk_slab_take(slab, size_of(i));

			assert_filled(slab, ref, size_of(i), 0);
			memset(mpsk_slab_at(slab, ref), 0xa5, size_of(i));
			mpsk_slab_give(slab, ref, size_of(i));
		}
	}
	assert_int_equal(slab->n_chunks, 1);
	assert_int_equal(slab->used, 0);
}

/* Secrets lie there. */
static void what_is_given_is_wiped(void **state)
{
	mpsk_slab_t *slab = *state;
	mpsk_ref_t ref = mpsk_slab_take(slab, 80), again;

	memset(mpsk_slab_at(slab, ref), 0xa5, 80);
	mpsk_slab_give(slab, ref, 80);
	/* Of one size less, so that the end is not wiped by whoever takes it. */
	again = mpsk_slab_take(slab, 73);
	assert_int_equal(again, ref);
	assert_filled(slab, again, 80, 0);
	mpsk_slab_give(slab, again, 73);
}

static void the_largest_block_is_a_chunk(void **state)
{
	mpsk_slab_t *slab = *state;
	mpsk_ref_t whole = mpsk_slab_take(slab, MPSK_SLAB_CHUNK), half = mpsk_slab_take(slab, MPSK_SLAB_CHUNK / 2 + 1);

	assert_int_not_equal(whole, 0);
	assert_int_not_equal(half, 0);
	memset(mpsk_slab_at(slab, whole), 1, MPSK_SLAB_CHUNK);
	memset(mpsk_slab_at(slab, half), 2, MPSK_SLAB_CHUNK / 2 + 1);
	assert_filled(slab, whole, MPSK_SLAB_CHUNK, 1);
	assert_int_equal(mpsk_slab_take(slab, MPSK_SLAB_CHUNK + 1), 0);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test_setup_teardown(blocks_do_not_meet, setup, teardown),
		cmocka_unit_test_setup_teardown(what_was_given_is_taken_again, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_given_is_wiped, setup, teardown),
		cmocka_unit_test_setup_teardown(the_largest_block_is_a_chunk, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
