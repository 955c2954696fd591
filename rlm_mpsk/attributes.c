/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rlm_mpsk/attributes.h"

#include <stddef.h>
#include <string.h>

#define INTERNAL true

static struct {
	char const	*name;
	size_t		offset;
	bool		internal;
} const table[] = {
	{ "User-Name",				offsetof(rlm_mpsk_attributes_t, user_name), false },
	{ "Called-Station-Id",			offsetof(rlm_mpsk_attributes_t, called_station_id), false },
	{ "Calling-Station-Id",			offsetof(rlm_mpsk_attributes_t, calling_station_id), false },
	{ "NAS-Identifier",			offsetof(rlm_mpsk_attributes_t, nas_identifier), false },
	{ "NAS-IP-Address",			offsetof(rlm_mpsk_attributes_t, nas_ip_address), false },
	{ "EAP-Message",			offsetof(rlm_mpsk_attributes_t, eap_message), false },
	{ "Session-Timeout",			offsetof(rlm_mpsk_attributes_t, session_timeout), false },
	{ "Tunnel-Type",			offsetof(rlm_mpsk_attributes_t, tunnel_type), false },
	{ "Tunnel-Medium-Type",			offsetof(rlm_mpsk_attributes_t, tunnel_medium_type), false },
	{ "Tunnel-Private-Group-Id",		offsetof(rlm_mpsk_attributes_t, tunnel_private_group_id), false },
	{ "Tunnel-Password",			offsetof(rlm_mpsk_attributes_t, tunnel_password), false },
	{ "Message-Authenticator",		offsetof(rlm_mpsk_attributes_t, message_authenticator), false },
	{ "Chargeable-User-Identity",		offsetof(rlm_mpsk_attributes_t, cui), false },
	{ "FreeRADIUS-802.1X-Anonce",		offsetof(rlm_mpsk_attributes_t, anonce), false },
	{ "FreeRADIUS-802.1X-EAPoL-Key-Msg",	offsetof(rlm_mpsk_attributes_t, eapol_key_msg), false },
	{ "Auth-Type",				offsetof(rlm_mpsk_attributes_t, auth_type), false },
	{ "MPSK-Reason",			offsetof(rlm_mpsk_attributes_t, reason), INTERNAL },
	{ "MPSK-Detail",			offsetof(rlm_mpsk_attributes_t, detail), INTERNAL },
	{ "MPSK-Key-Id",			offsetof(rlm_mpsk_attributes_t, key_id), INTERNAL },
	{ "MPSK-Role",				offsetof(rlm_mpsk_attributes_t, role), INTERNAL },
	{ "MPSK-Site",				offsetof(rlm_mpsk_attributes_t, site), INTERNAL },
};

mpsk_status_t rlm_mpsk_attributes_load(rlm_mpsk_attributes_t *attributes, mpsk_error_t *err)
{
	ATTR_FLAGS flags;

	memset(&flags, 0, sizeof(flags));
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		DICT_ATTR const *da;

		/* -1 takes the next free number, which never goes on the wire. A second definition is a no-op. */
		if (table[i].internal && dict_addattr(table[i].name, -1, 0, PW_TYPE_STRING, flags) < 0) {
			return mpsk_error_set(err, MPSK_ERR, "cannot define %s: %s", table[i].name, fr_strerror());
		}
		da = dict_attrbyname(table[i].name);
		if (!da) {
			return mpsk_error_set(err, MPSK_ERR, "the server's dictionary has no %s: "
					      "is its dictionary folder that of FreeRADIUS 3.2?", table[i].name);
		}
		memcpy((uint8_t *) attributes + table[i].offset, &da, sizeof(da));
	}
	return MPSK_OK;
}
