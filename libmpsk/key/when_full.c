/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "key/when_full.h"

#include <string.h>

static char const *const names[] = {
	[MPSK_WHEN_FULL_UNSET] = "",
	[MPSK_WHEN_FULL_REJECT] = "reject",
	[MPSK_WHEN_FULL_REPLACE_IDLE] = "replace-idle",
	[MPSK_WHEN_FULL_REPLACE_OLDEST_RANDOM] = "replace-oldest-random",
};

bool mpsk_when_full_parse(mpsk_when_full_t *rule, char const *name, size_t len)
{
	for (size_t i = MPSK_WHEN_FULL_REJECT; i < sizeof(names) / sizeof(names[0]); i++) {
		if (len != strlen(names[i]) || memcmp(name, names[i], len) != 0) continue;
		*rule = (mpsk_when_full_t) i;
		return true;
	}
	return false;
}

char const *mpsk_when_full_name(mpsk_when_full_t rule)
{
	return names[rule];
}
