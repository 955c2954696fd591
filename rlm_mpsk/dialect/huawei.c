/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Huawei DPSK: MAC authentication, the passphrase in Huawei-DPSK-Info.
 */
#include "rlm_mpsk/dialect/dialect.h"

static bool detect(dialect_request_t const *request)
{
	return dialect_request_has_vendor(request, DIALECT_HUAWEI);
}

static mpsk_status_t write_reply(dialect_reply_t const *reply, mpsk_outcome_t const *outcome)
{
	return dialect_reply_psk(reply, DIALECT_HUAWEI_DPSK_INFO, outcome);
}

dialect_style_t const dialect_style_huawei = {
	.name = "huawei",
	.write = write_reply,
};

dialect_t const dialect_huawei = {
	.name = "huawei",
	.detect = detect,
	.read = dialect_request_read_bound,
	.bound = &dialect_style_huawei,
	.unbound = &dialect_style_huawei,
};
