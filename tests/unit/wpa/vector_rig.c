/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "vector_rig.h"

vector_t vectors[VECTOR_COUNT];

int vectors_setup(void **state)
{
	(void) state;
	vectors_load(vectors);
	return 0;
}
