/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Secrets: wiped at every exit, compared only in constant time, never
 * formatted.
 */
#ifndef MPSK_BASE_SECRET_H
#define MPSK_BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>

/* Overwrite len octets with zeros in a way that no compiler removes. */
void mpsk_secret_wipe(void *p, size_t len);

/* Whether two strings of len octets are equal, in a time that depends on len alone. */
bool mpsk_secret_equal(void const *a, void const *b, size_t len);

#endif
