/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "key/vlans.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "key/list.h"

#define SHOWN_MAX 64	/* octets of an item that a text quotes */

bool mpsk_vlan_name_valid(char const *name, size_t len)
{
	return len <= MPSK_VLAN_NAME_MAX && mpsk_id_valid(name, len) && isalpha((unsigned char) name[0]);
}

/* The number of an item whose name has this length, 0 where it is none. */
static uint16_t item_number(char const *item, size_t len, size_t name_len)
{
	int64_t number;

	if (len <= name_len || item[name_len] != '=') return 0;
	if (!mpsk_number_parse(&number, item + name_len + 1, len - name_len - 1)) return 0;
	return number <= MPSK_VLAN_MAX ? (uint16_t) number : 0;
}

mpsk_status_t mpsk_vlans_check(char const *vlans, size_t len, mpsk_error_t *err)
{
	mpsk_list_t list = { .p = vlans, .left = len };
	char const *item;
	size_t item_len;

	if (len > MPSK_VLANS_MAX) return mpsk_error_set(err, MPSK_BAD, "over %d octets", MPSK_VLANS_MAX);
	while (mpsk_list_next(&list, &item, &item_len)) {
		char const *end = memchr(item, '=', item_len);
		size_t name_len = end ? (size_t) (end - item) : item_len;

		if (!mpsk_vlan_name_valid(item, name_len) || !item_number(item, item_len, name_len)) {
			return mpsk_error_set(err, MPSK_BAD, "'%.*s' is not a name, = and 1 to %d, as guest=20",
					      (int) (item_len < SHOWN_MAX ? item_len : SHOWN_MAX), item,
					      MPSK_VLAN_MAX);
		}
	}
	return MPSK_OK;
}

uint16_t mpsk_vlans_find(char const *vlans, char const *name)
{
	mpsk_list_t list = { .p = vlans, .left = strlen(vlans) };
	size_t name_len = strlen(name), item_len;
	char const *item;

	while (mpsk_list_next(&list, &item, &item_len)) {
		if (item_len > name_len && memcmp(item, name, name_len) == 0 && item[name_len] == '=') {
			return item_number(item, item_len, name_len);
		}
	}
	return 0;
}
