/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "key/list.h"

static bool is_separator(char c)
{
	return c == ',' || c == ' ';
}

bool mpsk_list_next(mpsk_list_t *list, char const **item, size_t *len)
{
	while (list->left > 0 && is_separator(*list->p)) {
		list->p++;
		list->left--;
	}
	*item = list->p;
	while (list->left > 0 && !is_separator(*list->p)) {
		list->p++;
		list->left--;
	}
	*len = (size_t) (list->p - *item);
	return *len > 0;
}

size_t mpsk_list_count(char const *value, size_t len)
{
	mpsk_list_t list = { .p = value, .left = len };
	char const *item;
	size_t item_len, n = 0;

	while (mpsk_list_next(&list, &item, &item_len)) n++;
	return n;
}
