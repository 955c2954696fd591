/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rlm_mpsk/dialect/avpair.h"

#include <string.h>

dialect_avpair_value_t dialect_avpair_value(char const *name, uint8_t const *octets, size_t len)
{
	size_t name_len = strlen(name);

	if (len <= name_len || memcmp(octets, name, name_len) != 0 || octets[name_len] != '=') {
		return (dialect_avpair_value_t) { .octets = NULL };
	}
	return (dialect_avpair_value_t) { .octets = octets + name_len + 1, .len = len - name_len - 1 };
}

bool dialect_avpair_is_relayed(uint8_t const *octets, size_t len)
{
	return dialect_avpair_value("cisco-anonce", octets, len).octets ||
	       dialect_avpair_value("cisco-8021x-data", octets, len).octets;
}
