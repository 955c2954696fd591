/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rlm_mpsk/dialect/dialect.h"

static mpsk_dialect_t const *const table[] = {
	&mpsk_dialect_hostapd,
};

mpsk_dialect_t const *mpsk_dialect_find(mpsk_attributes_t const *attributes, REQUEST *request)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (table[i]->detect(attributes, request)) return table[i];
	}
	return NULL;
}
