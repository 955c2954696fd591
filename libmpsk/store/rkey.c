/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/rkey.h"

#include <stdio.h>
#include <string.h>

static mpsk_rkey_t rkey_make(char const *kind, char const *tag)
{
	mpsk_rkey_t name;

	snprintf(name.text, sizeof(name.text), "mpsk:%s:{%s}", kind, tag);
	return name;
}

mpsk_rkey_t mpsk_rkey_key(char const *id)
{
	return rkey_make("key", id);
}

mpsk_rkey_t mpsk_rkey_dev(char const *id)
{
	return rkey_make("dev", id);
}

mpsk_rkey_t mpsk_rkey_sess(char const *id)
{
	return rkey_make("sess", id);
}

mpsk_rkey_t mpsk_rkey_live(char const *id)
{
	return rkey_make("live", id);
}

mpsk_rkey_t mpsk_rkey_mail(char const *id)
{
	return rkey_make("mail", id);
}

mpsk_rkey_t mpsk_rkey_nas(char const *nas)
{
	mpsk_rkey_t name;

	snprintf(name.text, sizeof(name.text), "mpsk:nas:%.*s", MPSK_ID_MAX, nas);
	return name;
}

mpsk_rkey_t mpsk_rkey_mac(mpsk_mac_t const *mac)
{
	char text[MPSK_MAC_TEXT_MAX];

	return rkey_make("mac", mpsk_mac_print(text, mac));
}

void mpsk_rkey_cfg_nas(char out[static MPSK_RKEY_NAS_MAX], char const *id)
{
	snprintf(out, MPSK_RKEY_NAS_MAX, "%s%s", MPSK_RKEY_NAS_PREFIX, id);
}

bool mpsk_rkey_has_prefix(char const *name, size_t len, char const *prefix)
{
	size_t prefix_len = strlen(prefix);

	return len >= prefix_len && memcmp(name, prefix, prefix_len) == 0;
}

bool mpsk_rkey_id(char id[static MPSK_ID_MAX + 1], char const *name, size_t len, char const *prefix)
{
	size_t prefix_len = strlen(prefix);

	if (!mpsk_rkey_has_prefix(name, len, prefix)) return false;
	name += prefix_len;
	len -= prefix_len;
	if (len < 2 || name[0] != '{' || name[len - 1] != '}' || !mpsk_id_valid(name + 1, len - 2)) return false;
	memcpy(id, name + 1, len - 2);
	id[len - 2] = '\0';
	return true;
}
