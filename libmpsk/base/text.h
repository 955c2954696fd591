/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The small grammars of the store: ids and numbers.
 */
#ifndef MPSK_BASE_TEXT_H
#define MPSK_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MPSK_ID_MAX	64
#define MPSK_NUMBER_MAX	999999999999	/* twelve digits */

/* An id: [A-Za-z0-9._-]{1,64}. */
bool mpsk_id_valid(char const *id, size_t len);

/* A number: [0-9]{1,12}, nothing before or after it. */
bool mpsk_number_parse(int64_t *number, char const *text, size_t len);

#endif
