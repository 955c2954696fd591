/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/text.h"

static bool is_id_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       c == '.' || c == '_' || c == '-';
}

bool mpsk_id_valid(char const *id, size_t len)
{
	if (!len || len > MPSK_ID_MAX) return false;

	for (size_t i = 0; i < len; i++) {
		if (!is_id_char(id[i])) return false;
	}
	return true;
}

bool mpsk_number_parse(int64_t *number, char const *text, size_t len)
{
	int64_t n = 0;

	if (!len || len > 12) return false;

	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9') return false;
		n = 10 * n + (text[i] - '0');
	}
	*number = n;
	return true;
}
