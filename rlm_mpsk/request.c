/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rlm_mpsk/request.h"

#include <arpa/inet.h>
#include <string.h>

void rlm_mpsk_request_nas(dialect_request_t const *pairs, REQUEST *request, char nas[static MPSK_ID_MAX + 1])
{
	dialect_value_t const *name = &pairs->values[DIALECT_NAS_IDENTIFIER];
	dialect_value_t const *address = &pairs->values[DIALECT_NAS_IP_ADDRESS];

	if (name->n && mpsk_id_valid((char const *) name->octets, name->len)) {
		memcpy(nas, name->octets, name->len);
		nas[name->len] = '\0';
	} else if (address->n) {
		inet_ntop(AF_INET, address->octets, nas, MPSK_ID_MAX + 1);
	} else {
		nas[0] = '\0';
		inet_ntop(request->packet->src_ipaddr.af, &request->packet->src_ipaddr.ipaddr, nas, MPSK_ID_MAX + 1);
	}
}

static char const *control(REQUEST *request, DICT_ATTR const *da)
{
	VALUE_PAIR *vp = fr_pair_find_by_da(request->config, da, TAG_ANY);

	return vp ? vp->vp_strvalue : NULL;
}

/* The store's words were looked at when they came in: what is no name counts as absent. */
static void store_manner(rlm_mpsk_manner_t *manner, rlm_mpsk_t *inst, char const *nas)
{
	mpsk_index_reader_t *reader = mpsk_index_enter(inst->policy.index);
	mpsk_index_nas_t const *at = mpsk_index_nas(reader, nas);

	if (at) {
		manner->dialect = at->dialect[0] ? dialect_named(at->dialect) : NULL;
		manner->style = at->reply[0] ? dialect_style_find(at->reply) : NULL;
		manner->no_session_timeout = at->no_session_timeout;
		manner->has_interim_interval = at->has_interim_interval;
		manner->interim_interval = at->interim_interval;
	}
	mpsk_index_leave(reader);
}

mpsk_status_t rlm_mpsk_request_manner(rlm_mpsk_manner_t *manner, rlm_mpsk_t *inst, REQUEST *request, char const *nas,
				      mpsk_error_t *err)
{
	char const *dialect = control(request, inst->attributes.dialect);
	char const *style = control(request, inst->attributes.reply);

	memset(manner, 0, sizeof(*manner));
	store_manner(manner, inst, nas);
	if (dialect) manner->dialect = dialect_named(dialect);
	if (style) manner->style = dialect_style_find(style);
	if (dialect && !manner->dialect) {
		return mpsk_error_set(err, MPSK_BAD, "control:MPSK-Dialect: there is no dialect '%s'", dialect);
	}
	if (style && !manner->style) {
		return mpsk_error_set(err, MPSK_BAD, "control:MPSK-Reply-Style: there is no style '%s'", style);
	}
	return MPSK_OK;
}
