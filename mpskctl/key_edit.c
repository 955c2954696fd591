/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "edit.h"
#include "verb.h"

#define OPT_UNSET CTL_EDIT_OWN

static struct argp_option const options[] = {
	{ .name = "no-pmk", .key = CTL_EDIT_NO_PMK, .group = 1, .doc = CTL_EDIT_NO_PMK_DOC },
	{ .name = "unset", .key = OPT_UNSET, .arg = "FIELD", .group = 1,
	  .doc = "Remove a field, so that its default applies; may be given more than once" },
	{ 0 }
};

static error_t parse_opt(int key, char *arg, struct argp_state *state)
{
	ctl_edit_t *edit = state->input;
	mpsk_error_t err = { "" };

	switch (key) {
	case OPT_UNSET:
		if (ctl_fields_unset(edit->fields.changes, arg, &err) != MPSK_OK)
			ctl_stop(state, CTL_INVALID, "--unset: %s", err.text);
		return 0;

	case ARGP_KEY_SUCCESS:
		if (edit->fields.changes->n == 0 && edit->input.source == CTL_INPUT_NONE)
			ctl_stop(state, CTL_USAGE, "nothing to change was given");
		return 0;

	default:
		return ctl_edit_opt(edit, key, state, 1);
	}
}

static char const doc[] =
	"Change fields of a key. What is not named stays as it is."
	"\vExamples:\n"
	"  mpskctl key edit bob --vlan 30 --expires 2026-12-31\n"
	"  mpskctl key edit bob --unset vlan --unset expires\n"
	"  mpskctl key edit bob --generate\n\n"
	"A new passphrase cuts off every device that holds the old one. It is refused where another key has it on "
	"an SSID and site that the two have in common. Devices that are on, and could not come on in the same way by "
	"now, are disconnected: also those whose VLAN or role is another one." CTL_EXIT_DOC;

/* The fields on which the passphrase's uniqueness depends. */
static bool moves(ctl_changes_t const *changes)
{
	static char const *const names[] = { "psk", "ssid", "site", "org" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (ctl_changes_find(changes, names[i])) return true;
	return false;
}

/* Adds to the changes what those of the psk or of its place bring with them, and sees that it stays unique. */
static ctl_exit_t move(ctl_edit_t *edit, char const *id, mpsk_key_t const *old, mpsk_key_t const *key)
{
	ctl_changes_t *changes = edit->fields.changes;
	mpsk_key_t *moved;
	ctl_exit_t code;

	if (ctl_changes_find(changes, "psk") || ctl_changes_find(changes, "ssid")) {
		if ((code = ctl_edit_pmk(changes, old, key, !edit->no_pmk)) != CTL_OK) return code;
	}
	if ((code = ctl_edit_parse(edit->ctl, id, old, changes, &moved)) != CTL_OK) return code;
	return ctl_edit_unique(edit->ctl, moved);
}

static ctl_exit_t edit_key(ctl_edit_t *edit, char const *id, wpa_psk_t *psk)
{
	ctl_t *ctl = edit->ctl;
	ctl_changes_t *changes = edit->fields.changes;
	wpa_psk_t const *shown = edit->input.source == CTL_INPUT_GENERATE ? psk : NULL;
	ctl_disconnect_t *disconnect;
	mpsk_error_t err = { "" };
	mpsk_key_t *old, *key;
	mpsk_status_t status;
	ctl_exit_t code;

	if ((code = ctl_check_id(id)) != CTL_OK) return code;
	if (edit->input.source != CTL_INPUT_NONE && (code = ctl_edit_psk(changes, &edit->input, psk)) != CTL_OK)
		return code;
	if ((code = ctl_open(ctl)) != CTL_OK) return code;
	status = mpsk_store_key_read(ctl->store, ctl->mem, id, &old, &err);
	if (status != MPSK_OK) return ctl_fail_status(status, id, &err);

	ctl_changes_number(changes, "modified", ctl->now);
	if (ctl_changes_find(changes, "psk")) ctl_changes_number(changes, "rotated", ctl->now);
	if ((code = ctl_edit_parse(ctl, id, old, changes, &key)) != CTL_OK) return code;
	if (moves(changes) && (code = move(edit, id, old, key)) != CTL_OK) return code;

	if ((code = ctl_disconnect_begin(&disconnect, &edit->disconnect)) != CTL_OK) return code;
	/* The PMK and the search for the same psk hold for the psk that was read: AGAIN where it is another by now. */
	status = mpsk_store_key_write(ctl->store, id, MPSK_WRITE_EDIT, changes->fields, changes->n,
				      moves(changes) ? old->fingerprint : NULL, &err);
	if (status != MPSK_OK) return ctl_fail_status(status, id, &err);
	if (disconnect) disconnect->new_psk = ctl_changes_find(changes, "psk");
	code = ctl_disconnect_key(disconnect, id, MPSK_STANDING_STAYS);
	if (ctl->format == CTL_TEXT) ctl_edit_print(ctl, id, false, "changed", shown, edit->input.bits, NULL);
	if (code == CTL_OK) code = ctl_disconnect_finish(disconnect, &edit->disconnect);
	if (ctl->format != CTL_TEXT) ctl_edit_print(ctl, id, false, "changed", shown, edit->input.bits, disconnect);
	return code;
}

ctl_exit_t key_edit(ctl_t *ctl, int argc, char **argv)
{
	static struct argp const parser = {
		.options = options, .parser = parse_opt, .args_doc = "ID", .doc = doc
	};

	return ctl_edit_run(ctl, argc, argv, &parser, edit_key, true);
}
