/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "device.h"

#include <string.h>

#include "base/mac.h"

static ctl_exit_t macs_take(ctl_t *ctl, char *const *typed, int n, char ***macs)
{
	*macs = ctl_need(talloc_array(ctl->mem, char *, (size_t) n));
	for (int i = 0; i < n; i++) {
		char text[MPSK_MAC_TEXT_MAX];
		mpsk_mac_t mac;

		if (!mpsk_mac_parse(&mac, typed[i], strlen(typed[i])))
			return ctl_fail(CTL_INVALID, "MAC: expected twelve hex digits, as aa-bb-cc-dd-ee-ff, "
					"aa:bb:cc:dd:ee:ff or aabb.ccdd.eeff");
		(*macs)[i] = ctl_need(talloc_strdup(*macs, mpsk_mac_print(text, &mac)));
	}
	return CTL_OK;
}

ctl_exit_t ctl_device_begin(ctl_t *ctl, ctl_args_t const *args, char ***macs)
{
	ctl_exit_t code;

	if ((code = ctl_check_id(args->v[0])) != CTL_OK) return code;
	if ((code = macs_take(ctl, args->v + 1, args->n - 1, macs)) != CTL_OK) return code;
	return ctl_open(ctl);
}

/* What a claim's code means to a person. */
typedef struct {
	ctl_exit_t	code;
	char const	*why;
} refusal_t;

static refusal_t const refusals[] = {
	[MPSK_CLAIM_OK] = { CTL_OK, NULL },
	[MPSK_CLAIM_FULL] = { CTL_INVALID, "it has as many devices as it may: `mpskctl device forget` one, or raise "
			      "its --max" },
	[MPSK_CLAIM_BUSY] = { CTL_INVALID, "it has as many devices online as it may" },
	[MPSK_CLAIM_NODEV] = { CTL_NOTHING, "this is none of its devices" },
	[MPSK_CLAIM_NOKEY] = { CTL_NOTHING, "there is no such key" },
	[MPSK_CLAIM_DISABLED] = { CTL_INVALID, "it is disabled" },
	[MPSK_CLAIM_NOTYET] = { CTL_INVALID, "it is not valid yet" },
	[MPSK_CLAIM_EXPIRED] = { CTL_INVALID, "it has expired" },
	[MPSK_CLAIM_STALE] = { CTL_INVALID, "its passphrase was changed meanwhile" },
	[MPSK_CLAIM_BADKEY] = { CTL_INVALID, "it is malformed" },
};

ctl_exit_t ctl_device_claim(ctl_t *ctl, char const *id, mpsk_mac_t const *mac, mpsk_claim_op_t op,
			    mpsk_claim_result_t *result)
{
	mpsk_claim_t const claim = { .id = id, .mac = *mac, .op = op, .fingerprint = "" };
	char text[MPSK_MAC_TEXT_MAX];
	mpsk_error_t err = { "" };
	mpsk_status_t status = mpsk_store_claim(ctl->store, &claim, result, &err);
	refusal_t const *refusal;

	if (status != MPSK_OK) return ctl_fail_status(status, id, &err);
	refusal = &refusals[result->code];
	if (refusal->code == CTL_OK) return CTL_OK;
	return ctl_fail(refusal->code, "device %s of key %s: %s%s%s", mpsk_mac_print(text, mac), id, refusal->why,
			err.text[0] ? ": " : "", err.text);
}
