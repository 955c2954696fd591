/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "record.h"
#include "store/session.h"
#include "verb.h"

#define OPT_SHOW_PSK 0x300

typedef struct {
	ctl_t		*ctl;
	ctl_args_t	ids;
	bool		show_psk;
} show_t;

static struct argp_option const options[] = {
	{ .name = "show-psk", .key = OPT_SHOW_PSK, .group = 1, .doc = "Show the passphrase" },
	{ 0 }
};

static error_t parse_opt(int key, char *arg __attribute__((unused)), struct argp_state *state)
{
	show_t *show = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = show->ctl;
		return 0;

	case OPT_SHOW_PSK:
		show->show_psk = true;
		return 0;

	default:
		return ctl_args_parse(&show->ids, key, state, 1, 1);
	}
}

static char const doc[] =
	"Show every field of a key, its devices, last seen first, and their sessions that go on, as far as accounting "
	"told."
	"\vExample:\n"
	"  mpskctl key show bob" CTL_EXIT_DOC;

/* Those that go on are left, in their order. */
static mpsk_status_t sessions_read(ctl_t *ctl, ctl_record_t *record, mpsk_error_t *err)
{
	mpsk_session_t *sessions;
	size_t n;
	mpsk_status_t status = mpsk_store_sessions(ctl->store, ctl->mem, record->id, &sessions, &n, err);

	for (size_t i = 0; i < n; i++) if (!sessions[i].ended) sessions[record->n_sessions++] = sessions[i];
	record->sessions = sessions;
	return status == MPSK_MISS ? MPSK_OK : status;
}

static ctl_exit_t show_key(show_t const *show, char const *id)
{
	ctl_t *ctl = show->ctl;
	ctl_record_t record = { .id = id, .now = ctl->now };
	mpsk_error_t err = { "" };
	mpsk_device_t *devices;
	mpsk_key_t *key;
	mpsk_status_t status;
	ctl_exit_t code;

	if ((code = ctl_check_id(id)) != CTL_OK) return code;
	if ((code = ctl_open(ctl)) != CTL_OK) return code;
	status = mpsk_store_key_read(ctl->store, ctl->mem, id, &key, &err);
	if (status == MPSK_OK)
		status = mpsk_store_devices(ctl->store, ctl->mem, id, &devices, &record.n_devices, &err);
	if (status == MPSK_OK) status = sessions_read(ctl, &record, &err);
	if (status != MPSK_OK) return ctl_fail_status(status, id, &err);

	record.key = key;
	record.devices = devices;
	ctl_record_print(ctl_record_keys, ctl->format, CTL_WANT_DEVICES | CTL_WANT_OPEN |
			 (show->show_psk ? CTL_WANT_PSK : 0), &record);
	return CTL_OK;
}

ctl_exit_t key_show(ctl_t *ctl, int argc, char **argv)
{
	struct argp_child const children[] = { { &ctl_argp, 0, "Common options:", 3 }, { 0 } };
	struct argp const argp = {
		.options = options, .parser = parse_opt, .args_doc = "ID", .doc = doc, .children = children
	};
	show_t show = { .ctl = ctl };

	if (ctl_parse(&argp, argc, argv, 0, &show) != CTL_OK) return CTL_USAGE;
	return show_key(&show, show.ids.v[0]);
}
