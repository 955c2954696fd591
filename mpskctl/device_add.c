/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <limits.h>
#include <string.h>

#include "device.h"
#include "each.h"
#include "verb.h"

typedef struct {
	ctl_t		*ctl;
	ctl_args_t	args;
} add_t;

static error_t parse_opt(int key, char *arg __attribute__((unused)), struct argp_state *state)
{
	add_t *add = state->input;

	if (key != ARGP_KEY_INIT) return ctl_args_parse(&add->args, key, state, 2, INT_MAX);
	state->child_inputs[0] = add->ctl;
	return 0;
}

static char const doc[] =
	"Make a device one of a key's before it was ever seen, so that an access point which cannot relay a "
	"handshake finds its key. It counts towards the key's cap as if it had come by itself."
	"\vExample:\n"
	"  mpskctl device add bob 00-00-5e-00-53-01" CTL_EXIT_DOC;

static ctl_exit_t add_device(ctl_t *ctl, ctl_each_t *each, void *uctx)
{
	mpsk_key_t const *key = uctx;
	mpsk_claim_result_t result;
	mpsk_error_t err = { "" };
	mpsk_status_t status = MPSK_OK;
	mpsk_mac_t mac;
	ctl_exit_t code;

	mpsk_mac_parse(&mac, each->mac, strlen(each->mac));
	if (key->usage == MPSK_USAGE_MACS && !mpsk_key_has_mac(key, &mac))
		return ctl_fail(CTL_INVALID, "device %s of key %s: its usage is macs, and its macs do not cover this "
				"one: see `mpskctl key edit --macs`", each->mac, each->id);
	if ((code = ctl_device_claim(ctl, each->id, &mac, MPSK_CLAIM_CLAIM, &result)) != CTL_OK) return code;
	each->result = result.is_new ? "added" : "known";

	/* Without an SSID there is nothing to write the hint for; the servers find the device all the same. */
	if (!key->any_ssid) status = mpsk_store_hint_set(ctl->store, &mac, &key->ssid, each->id, &err);
	return status == MPSK_OK ? CTL_OK : ctl_fail_status(status, each->id, &err);
}

ctl_exit_t device_add(ctl_t *ctl, int argc, char **argv)
{
	struct argp_child const children[] = { { &ctl_argp, 0, "Common options:", 3 }, { 0 } };
	struct argp const argp = { .parser = parse_opt, .args_doc = "ID MAC...", .doc = doc, .children = children };
	add_t add = { .ctl = ctl };
	mpsk_error_t err = { "" };
	mpsk_status_t status;
	char const *id;
	mpsk_key_t *key;
	ctl_exit_t code;
	char **macs;

	if (ctl_parse(&argp, argc, argv, 0, &add) != CTL_OK) return CTL_USAGE;
	if ((code = ctl_device_begin(ctl, &add.args, &macs)) != CTL_OK) return code;
	id = add.args.v[0];
	status = mpsk_store_key_read(ctl->store, ctl->mem, id, &key, &err);
	if (status != MPSK_OK) return ctl_fail_status(status, id, &err);
	return ctl_each_device(ctl, id, macs, (size_t) add.args.n - 1, add_device, key, NULL);
}
