/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lists within a field: items between commas and spaces, in any number
 * of either, as people type them.
 */
#ifndef MPSK_KEY_LIST_H
#define MPSK_KEY_LIST_H

#include <stdbool.h>
#include <stddef.h>

#define MPSK_LIST_MAX 4096	/* items: more is somebody's mistake */

/* The rest of a list. */
typedef struct {
	char const	*p;
	size_t		left;
} mpsk_list_t;

/* The next item; false at the end. */
bool mpsk_list_next(mpsk_list_t *list, char const **item, size_t *len);

/* How many items a value has. */
size_t mpsk_list_count(char const *value, size_t len);

#endif
