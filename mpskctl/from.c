/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "from.h"

#include <stdbool.h>
#include <string.h>

ctl_from_t const ctl_froms[] = {
	{ "csv", CTL_COLUMNS_OWN, ctl_from_csv },
	{ "json", CTL_COLUMNS_OWN, ctl_from_json },
	{ "mist", CTL_COLUMNS_MIST, ctl_from_csv },
	{ "unifi", CTL_COLUMNS_UNIFI, ctl_from_csv },
	{ "rlm_dpsk", CTL_COLUMNS_DPSK, ctl_from_dpsk },
	{ "hostapd-psk-file", CTL_COLUMNS_HOSTAPD, ctl_from_hostapd },
	{ NULL, CTL_COLUMNS_OWN, NULL }
};

ctl_from_t const *ctl_from_find(char const *name)
{
	for (ctl_from_t const *from = ctl_froms; from->name; from++) if (strcmp(from->name, name) == 0) return from;
	return NULL;
}

static bool is_json(char const *text, size_t len)
{
	while (len > 0 && strchr(" \t\r\n", *text)) text++, len--;
	return len > 0 && (*text == '[' || *text == '{');
}

ctl_from_t const *ctl_from_guess(char const *text, size_t len)
{
	return ctl_from_find(is_json(text, len) ? "json" : "csv");
}
