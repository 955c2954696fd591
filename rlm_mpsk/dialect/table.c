/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rlm_mpsk/dialect/dialect.h"

static rlm_mpsk_dialect_t const *const table[] = {
	&rlm_mpsk_dialect_hostapd,
};

rlm_mpsk_dialect_t const *rlm_mpsk_dialect_find(rlm_mpsk_attributes_t const *attributes, REQUEST *request)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (table[i]->detect(attributes, request)) return table[i];
	}
	return NULL;
}
