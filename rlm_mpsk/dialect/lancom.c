/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * LANCOM LEPS: MAC authentication, the passphrase in LCS-WPA-Passphrase.
 */
#include "rlm_mpsk/dialect/dialect.h"

static bool detect(dialect_request_t const *request)
{
	return dialect_request_has_vendor(request, DIALECT_LANCOM);
}

static mpsk_status_t write_reply(dialect_reply_t const *reply, mpsk_outcome_t const *outcome)
{
	return dialect_reply_psk(reply, DIALECT_LANCOM_PASSPHRASE, outcome);
}

dialect_style_t const dialect_style_lancom = {
	.name = "lancom",
	.write = write_reply,
};

dialect_t const dialect_lancom = {
	.name = "lancom",
	.detect = detect,
	.read = dialect_request_read_bound,
	.bound = &dialect_style_lancom,
	.unbound = &dialect_style_lancom,
};
