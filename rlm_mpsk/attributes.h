/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The dictionary attributes that the module reads and writes, looked up by
 * name once, and the internal ones that it adds.
 */
#ifndef RLM_MPSK_ATTRIBUTES_H
#define RLM_MPSK_ATTRIBUTES_H

#include <freeradius/build.h>
#include <freeradius/libradius.h>

#include "base/status.h"

typedef struct {
	/* From RFCs */
	DICT_ATTR const	*user_name;
	DICT_ATTR const	*called_station_id;
	DICT_ATTR const	*calling_station_id;
	DICT_ATTR const	*nas_identifier;
	DICT_ATTR const	*nas_ip_address;
	DICT_ATTR const	*eap_message;
	DICT_ATTR const	*session_timeout;
	DICT_ATTR const	*tunnel_type;
	DICT_ATTR const	*tunnel_medium_type;
	DICT_ATTR const	*tunnel_private_group_id;
	DICT_ATTR const	*tunnel_password;
	DICT_ATTR const	*message_authenticator;
	DICT_ATTR const	*cui;
	/* From FreeRADIUS, as hostapd sends them */
	DICT_ATTR const	*anonce;
	DICT_ATTR const	*eapol_key_msg;
	/* Internal */
	DICT_ATTR const	*auth_type;
	DICT_ATTR const	*reason;
	DICT_ATTR const	*detail;
	DICT_ATTR const	*key_id;
	DICT_ATTR const	*role;
	DICT_ATTR const	*site;
} rlm_mpsk_attributes_t;

/*
 * Add MPSK-Reason, MPSK-Detail, MPSK-Key-Id, MPSK-Role and MPSK-Site to the
 * server's dictionary (once, however many instances call), then look all up.
 * To be called in bootstrap, before any unlang that names them is compiled.
 * ERR with a text that names the attribute that the dictionary lacks.
 */
mpsk_status_t rlm_mpsk_attributes_load(rlm_mpsk_attributes_t *attributes, mpsk_error_t *err);

#endif
