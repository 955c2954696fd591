/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rlm_mpsk/reply.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_PATCH_TO_SIGN	5	/* 3.2.5 */

static VALUE_PAIR *add(TALLOC_CTX *ctx, VALUE_PAIR **list, DICT_ATTR const *da)
{
	VALUE_PAIR *vp = fr_pair_afrom_da(ctx, da);

	if (!vp) return NULL;
	vp->op = T_OP_SET;
	if (da->flags.has_tag) vp->tag = TAG_NONE;
	fr_pair_add(list, vp);
	return vp;
}

mpsk_status_t rlm_mpsk_reply_octets(REQUEST *request, DICT_ATTR const *da, void const *octets, size_t len)
{
	VALUE_PAIR *vp = add(request->reply, &request->reply->vps, da);

	if (!vp) return MPSK_ERR;
	if (da->type == PW_TYPE_STRING) {
		fr_pair_value_bstrncpy(vp, octets, len);
	} else {
		fr_pair_value_memcpy(vp, octets, len);
	}
	return MPSK_OK;
}

mpsk_status_t rlm_mpsk_reply_number(REQUEST *request, DICT_ATTR const *da, uint32_t number)
{
	VALUE_PAIR *vp = add(request->reply, &request->reply->vps, da);

	if (!vp) return MPSK_ERR;
	vp->vp_integer = number;
	return MPSK_OK;
}

bool rlm_mpsk_reply_server_signs(void)
{
	/* RADIUSD_VERSION cannot be compared: 3.2.8 is 030208, which is no octal number. */
	static char const series[] = "3.2.";
	char const *version = RADIUSD_VERSION_STRING;

	return strncmp(version, series, strlen(series)) == 0 &&
	       strtol(version + strlen(series), NULL, 10) >= FIRST_PATCH_TO_SIGN;
}

mpsk_status_t rlm_mpsk_reply_sign(rlm_mpsk_attributes_t const *attributes, REQUEST *request)
{
	static uint8_t const zero[16];
	DICT_ATTR const *da = attributes->wire[DIALECT_MESSAGE_AUTHENTICATOR];

	if (fr_pair_find_by_da(request->reply->vps, da, TAG_ANY)) return MPSK_OK;
	return rlm_mpsk_reply_octets(request, da, zero, sizeof(zero));
}

static mpsk_status_t control_text(REQUEST *request, DICT_ATTR const *da, char const *text)
{
	VALUE_PAIR *vp;

	if (!text[0]) return MPSK_OK;
	vp = fr_pair_find_by_da(request->config, da, TAG_ANY);
	if (!vp) vp = add(request, &request->config, da);
	if (!vp) return MPSK_ERR;
	fr_pair_value_strcpy(vp, text);
	return MPSK_OK;
}

mpsk_status_t rlm_mpsk_reply_control(rlm_mpsk_attributes_t const *attributes, REQUEST *request, char const *dialect,
				     mpsk_outcome_t const *outcome)
{
	mpsk_reason_info_t const *reason = mpsk_reason(outcome->reason);
	VALUE_PAIR *vp;

	if (control_text(request, attributes->dialect, dialect) != MPSK_OK ||
	    control_text(request, attributes->reason, reason->name) != MPSK_OK ||
	    control_text(request, attributes->detail, outcome->detail) != MPSK_OK ||
	    control_text(request, attributes->key_id, outcome->id) != MPSK_OK ||
	    control_text(request, attributes->role, outcome->role) != MPSK_OK) {
		return MPSK_ERR;
	}
	if (!reason->accept) return MPSK_OK;

	vp = add(request, &request->config, attributes->auth_type);
	if (!vp) return MPSK_ERR;
	vp->vp_integer = PW_AUTH_TYPE_ACCEPT;
	return MPSK_OK;
}
