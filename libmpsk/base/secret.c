/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/secret.h"

#include <stdint.h>
#include <string.h>

void mpsk_secret_wipe(void *p, size_t len)
{
	if (len) explicit_bzero(p, len);
}

bool mpsk_secret_equal(void const *a, void const *b, size_t len)
{
	uint8_t const volatile *x = a, *y = b;	/* volatile: no early exit may be compiled in */
	uint8_t different = 0;

	for (size_t i = 0; i < len; i++) different |= x[i] ^ y[i];
	return different == 0;
}
