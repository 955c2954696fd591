/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All vectors, for a test program that wants them from its beginning.
 */
#ifndef MPSK_TESTS_VECTOR_RIG_H
#define MPSK_TESTS_VECTOR_RIG_H

#include "vector.h"

extern vector_t vectors[VECTOR_COUNT];

/* For cmocka: read them with the program. */
int vectors_setup(void **state);

#endif
