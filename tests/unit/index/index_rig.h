/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of an index that is filled step by step share: an empty one
 * for each test, and the steps.
 */
#ifndef TESTS_UNIT_INDEX_INDEX_RIG_H
#define TESTS_UNIT_INDEX_INDEX_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "index_make.h"

/* For cmocka: the index is the state of the test. */
static inline int index_setup(void **state)
{
	*state = mpsk_index_create(NULL);
	return *state ? 0 : -1;
}

static inline int index_teardown(void **state)
{
	return talloc_free(*state);
}

/* Takes key over; the test fails where key could not be made. */
static inline void put(mpsk_index_t *index, mpsk_key_t *key)
{
	assert_non_null(key);
	assert_int_equal(mpsk_index_put(index, key), MPSK_OK);
}

#endif
