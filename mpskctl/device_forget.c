/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <limits.h>
#include <string.h>

#include "device.h"
#include "each.h"
#include "verb.h"

#define OPT_ALL 0x300

typedef struct {
	ctl_t				*ctl;
	ctl_args_t			args;
	ctl_disconnect_options_t	disconnect;
	bool				all;
} forget_t;

static struct argp_option const options[] = {
	{ .name = "all", .key = OPT_ALL, .group = 1, .doc = "Every device of the key; nothing is asked" },
	{ 0 }
};

static error_t parse_opt(int key, char *arg __attribute__((unused)), struct argp_state *state)
{
	forget_t *forget = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &forget->disconnect;
		state->child_inputs[1] = forget->ctl;
		return 0;

	case OPT_ALL:
		forget->all = true;
		return 0;

	/* At the end, for only then it is known whether --all was there. */
	default:
		return ctl_args_parse(&forget->args, key, state, forget->all ? 1 : 2, forget->all ? 1 : INT_MAX);
	}
}

static char const doc[] =
	"Forget devices of a key: their places are free for others, and those that are on are disconnected. A device "
	"that still holds the passphrase may come back as a new one, where the key's cap allows."
	"\vExamples:\n"
	"  mpskctl device forget bob 00-00-5e-00-53-01\n"
	"  mpskctl device forget bob --all" CTL_EXIT_DOC;

/* The hint is dropped only where it names this key: it may be another's by now. */
static mpsk_status_t drop_hint(ctl_t *ctl, char const *id, mpsk_mac_t const *mac, mpsk_ssid_t const *ssid,
			       mpsk_error_t *err)
{
	char hinted[MPSK_ID_MAX + 1];
	mpsk_status_t status = mpsk_store_hint_get(ctl->store, mac, ssid, hinted, err);

	if (status == MPSK_OK && strcmp(hinted, id) == 0) status = mpsk_store_hint_drop(ctl->store, mac, ssid, err);
	return status == MPSK_MISS ? MPSK_OK : status;
}

/* Those of this device alone: the others' are not what was asked about. */
static ctl_exit_t end_sessions(ctl_each_t *each, mpsk_mac_t const *mac)
{
	mpsk_session_t *sessions = NULL;
	size_t n;
	ctl_exit_t code = ctl_disconnect_note(each->disconnect, each->id, &sessions, &n);

	for (size_t i = 0; i < n; i++) {
		if (memcmp(&sessions[i].mac, mac, sizeof(*mac)) == 0)
			ctl_disconnect_add(each->disconnect, &sessions[i], MPSK_STANDING_FORGOTTEN);
	}
	talloc_free(sessions);
	return code;
}

static ctl_exit_t forget_device(ctl_t *ctl, ctl_each_t *each, void *uctx)
{
	mpsk_key_t const *key = uctx;
	mpsk_claim_result_t result;
	mpsk_error_t err = { "" };
	mpsk_status_t status = MPSK_OK;
	mpsk_mac_t mac;
	ctl_exit_t code;

	mpsk_mac_parse(&mac, each->mac, strlen(each->mac));
	code = ctl_device_claim(ctl, each->id, &mac, MPSK_CLAIM_RELEASE, &result);
	if (code == CTL_NOTHING) each->result = "not found";
	if (code != CTL_OK) return code;
	each->result = "forgot";

	/* Where the key is for every SSID, a hint that stays behind harms nobody: it is never taken at its word. */
	if (key && !key->any_ssid) status = drop_hint(ctl, each->id, &mac, &key->ssid, &err);
	if (status != MPSK_OK) return ctl_fail_status(status, each->id, &err);
	return end_sessions(each, &mac);
}

static ctl_exit_t all_macs(ctl_t *ctl, char const *id, char ***macs, size_t *n)
{
	mpsk_error_t err = { "" };
	mpsk_device_t *devices;
	mpsk_status_t status = mpsk_store_devices(ctl->store, ctl->mem, id, &devices, n, &err);

	if (status != MPSK_OK) return ctl_fail_status(status, id, &err);
	*macs = ctl_need(talloc_array(ctl->mem, char *, *n));
	for (size_t i = 0; i < *n; i++) {
		char text[MPSK_MAC_TEXT_MAX];

		(*macs)[i] = ctl_need(talloc_strdup(*macs, mpsk_mac_print(text, &devices[i].mac)));
	}
	return CTL_OK;
}

ctl_exit_t device_forget(ctl_t *ctl, int argc, char **argv)
{
	struct argp_child const children[] = {
		{ &ctl_disconnect_argp, 0, NULL, 1 }, { &ctl_argp, 0, "Common options:", 3 }, { 0 }
	};
	struct argp const argp = {
		.options = options, .parser = parse_opt, .args_doc = "ID MAC...\nID --all", .doc = doc,
		.children = children
	};
	forget_t forget = { .ctl = ctl, .disconnect = { .ctl = ctl } };
	mpsk_error_t err = { "" };
	mpsk_key_t *key = NULL;
	mpsk_status_t status;
	char const *id;
	ctl_exit_t code;
	char **macs;
	size_t n;

	if (ctl_parse(&argp, argc, argv, 0, &forget) != CTL_OK) return CTL_USAGE;
	if ((code = ctl_device_begin(ctl, &forget.args, &macs)) != CTL_OK) return code;
	id = forget.args.v[0];
	n = (size_t) forget.args.n - 1;

	/* A malformed key can be rid of its devices, too, though its SSID is not known then. */
	status = mpsk_store_key_read(ctl->store, ctl->mem, id, &key, &err);
	if (status != MPSK_OK && status != MPSK_BAD) return ctl_fail_status(status, id, &err);
	if (forget.all && (code = all_macs(ctl, id, &macs, &n)) != CTL_OK) return code;
	return ctl_each_device(ctl, id, macs, n, forget_device, key, &forget.disconnect);
}
