/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "confirm.h"
#include "disconnect.h"
#include "fields.h"
#include "store/session.h"
#include "verb.h"

enum {
	OPT_KEY = 0x300,
	OPT_NAS,
	OPT_SITE,
	OPT_SSID,
	OPT_ROLE,
	OPT_ALL,
	OPT_YES,
	OPT_DRY_RUN
};

typedef struct {
	ctl_t			*ctl;
	ctl_args_t		args;
	mpsk_mac_t		*macs;
	char const		*key, *nas, *site, *role, *ssid_text;
	mpsk_ssid_t		ssid;
	bool			all;
	bool			yes;
	bool			dry_run;
	ctl_disconnect_t	*disconnect;
} kick_t;

static struct argp_option const options[] = {
	{ .name = "key", .key = OPT_KEY, .arg = "ID", .group = 1, .doc = "Devices that are on with this key" },
	{ .name = "nas", .key = OPT_NAS, .arg = "NAS", .group = 1,
	  .doc = "Devices at this access point or controller" },
	{ .name = "site", .key = OPT_SITE, .arg = "NAME", .group = 1, .doc = "Devices at this site" },
	{ .name = "ssid", .key = OPT_SSID, .arg = "SSID", .group = 1, .doc = "Devices on this SSID" },
	{ .name = "role", .key = OPT_ROLE, .arg = "NAME", .group = 1, .doc = "Devices in this role" },
	{ .name = "all", .key = OPT_ALL, .group = 1, .doc = "Every device that is on" },
	{ .name = "yes", .key = OPT_YES, .group = 1, .doc = "Do not ask, where no device or key is named" },
	{ .name = "dry-run", .key = OPT_DRY_RUN, .group = 1, .doc = "Say who would be disconnected, and ask no one" },
	{ 0 }
};

static void check(kick_t *kick, struct argp_state *state)
{
	bool chosen = kick->key || kick->nas || kick->site || kick->ssid_text || kick->role;

	if (kick->all && (chosen || kick->args.n))
		ctl_stop(state, CTL_USAGE, "--all leaves nothing to choose");
	if (!kick->all && !chosen && !kick->args.n)
		ctl_stop(state, CTL_USAGE, "whom? MACs, or options that choose devices, as --key, or --all");
}

static error_t parse_opt(int key, char *arg, struct argp_state *state)
{
	kick_t *kick = state->input;
	mpsk_error_t err = { "" };

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = kick->ctl;
		return 0;

	case OPT_KEY:
		kick->key = arg;
		return 0;

	case OPT_NAS:
		kick->nas = arg;
		return 0;

	case OPT_SITE:
		kick->site = arg;
		return 0;

	case OPT_SSID:
		kick->ssid_text = arg;
		if (ctl_fields_ssid(&kick->ssid, arg, &err) != MPSK_OK)
			ctl_stop(state, CTL_INVALID, "--ssid: %s", err.text);
		return 0;

	case OPT_ROLE:
		kick->role = arg;
		return 0;

	case OPT_ALL:
		kick->all = true;
		return 0;

	case OPT_YES:
		kick->yes = true;
		return 0;

	case OPT_DRY_RUN:
		kick->dry_run = true;
		return 0;

	case ARGP_KEY_SUCCESS:
		check(kick, state);
		return 0;

	default:
		return ctl_args_parse(&kick->args, key, state, 0, INT_MAX);
	}
}

static char const doc[] =
	"Disconnect devices that are on, and refuse nobody: who may come back comes back. Of several options all have "
	"to fit."
	"\vExamples:\n"
	"  mpskctl kick 00-00-5e-00-53-01\n"
	"  mpskctl kick --key bob\n"
	"  mpskctl kick --nas ap-7 --yes\n\n"
	"Who is on is known by accounting, and access points have to take Disconnect-Requests: see "
	"docs/how-to/revoke.md. To keep a device out, disable or delete its key, or forget it: those disconnect as "
	"well." CTL_EXIT_DOC;

static ctl_exit_t macs_take(kick_t *kick)
{
	kick->macs = ctl_need(talloc_array(kick->ctl->mem, mpsk_mac_t, (size_t) kick->args.n + 1));
	for (int i = 0; i < kick->args.n; i++) {
		if (!mpsk_mac_parse(&kick->macs[i], kick->args.v[i], strlen(kick->args.v[i])))
			return ctl_fail(CTL_INVALID, "MAC: expected twelve hex digits, as aa-bb-cc-dd-ee-ff, "
					"aa:bb:cc:dd:ee:ff or aabb.ccdd.eeff");
	}
	return kick->key ? ctl_check_id(kick->key) : CTL_OK;
}

static bool is_chosen(kick_t const *kick, mpsk_session_t const *session)
{
	bool named = kick->args.n == 0;

	if (session->ended) return false;
	if (kick->nas && strcmp(kick->nas, session->nas) != 0) return false;
	if (kick->site && strcmp(kick->site, session->site) != 0) return false;
	if (kick->role && strcmp(kick->role, session->role) != 0) return false;
	if (kick->ssid_text && !mpsk_ssid_equal(&kick->ssid, &session->ssid)) return false;
	for (int i = 0; i < kick->args.n && !named; i++) {
		named = memcmp(&kick->macs[i], &session->mac, sizeof(session->mac)) == 0;
	}
	return named;
}

static mpsk_status_t take(void *uctx, char const *id __attribute__((unused)), mpsk_session_t const *sessions, size_t n,
			  mpsk_error_t const *err __attribute__((unused)))
{
	kick_t *kick = uctx;

	for (size_t i = 0; i < n; i++) {
		if (is_chosen(kick, &sessions[i]))
			ctl_disconnect_add(kick->disconnect, &sessions[i], MPSK_STANDING_STAYS);
	}
	return MPSK_OK;
}

static ctl_exit_t choose(kick_t *kick)
{
	mpsk_session_t *sessions = NULL;
	mpsk_error_t err = { "" };
	mpsk_status_t status;
	ctl_exit_t code = CTL_OK;
	size_t n;

	if (kick->key) {
		code = ctl_disconnect_note(kick->disconnect, kick->key, &sessions, &n);
		if (code == CTL_OK) (void) take(kick, kick->key, sessions, n, &err);
	} else {
		status = mpsk_store_sessions_each(kick->ctl->store, take, kick, &err);
		if (status != MPSK_OK) code = ctl_fail(ctl_exit_of(status), "%s", err.text);
	}
	if (code != CTL_OK) return code;
	return kick->disconnect->n ? CTL_OK : ctl_fail(CTL_NOTHING, "no such device is on, as far as accounting told");
}

/*
 * --- The result ---
 */
#define SESSION_TEXT(_name, _text) \
	static json_t *_name##_value(void const *p) \
	{ \
		ctl_disconnected_t const *of = p; \
		return json_string(_text); \
	}

SESSION_TEXT(id, of->session.id)
SESSION_TEXT(nas, of->session.nas)
SESSION_TEXT(result, of->nas ? ctl_off_name(of->off) : "would disconnect")

static json_t *mac_value(void const *p)
{
	char mac[MPSK_MAC_TEXT_MAX];

	return json_string(mpsk_mac_print(mac, &((ctl_disconnected_t const *) p)->session.mac));
}

static json_t *reason_value(void const *p)
{
	ctl_disconnected_t const *of = p;

	return of->why.text[0] && !ctl_off_is_off(of->off) ? json_string(of->why.text) : json_null();
}

static ctl_column_t const columns[] = {
	{ .name = "mac", .heading = "MAC", .value = mac_value },
	{ .name = "id", .heading = "KEY", .value = id_value },
	{ .name = "nas", .heading = "NAS", .value = nas_value },
	{ .name = "result", .heading = "RESULT", .value = result_value },
	{ .name = "reason", .value = reason_value },
	{ .name = NULL }
};

static void print(kick_t const *kick)
{
	ctl_table_t *table = ctl_table_create(kick->ctl->mem, columns, kick->ctl->format, 0);

	for (size_t i = 0; i < kick->disconnect->n; i++) ctl_table_add(table, &kick->disconnect->list[i]);
	ctl_table_print(table);
}

/* What could not be asked for is not done, and here nothing else was. */
static ctl_exit_t disconnect(kick_t *kick)
{
	ctl_exit_t code = ctl_disconnect_send(kick->disconnect);

	ctl_disconnect_say(kick->disconnect);
	if (kick->ctl->format != CTL_TEXT) print(kick);
	for (size_t i = 0; i < kick->disconnect->n && code == CTL_OK; i++) {
		if (kick->disconnect->list[i].off == CTL_OFF_UNASKED) code = CTL_REMAINS;
	}
	return code;
}

ctl_exit_t kick(ctl_t *ctl, int argc, char **argv)
{
	struct argp_child const children[] = { { &ctl_argp, 0, "Common options:", 3 }, { 0 } };
	struct argp const argp = {
		.options = options, .parser = parse_opt, .args_doc = "[MAC...]", .doc = doc, .children = children
	};
	ctl_disconnect_options_t const how = { .ctl = ctl };
	kick_t kick = { .ctl = ctl };
	ctl_exit_t code;

	if (ctl_parse(&argp, argc, argv, 0, &kick) != CTL_OK) return CTL_USAGE;
	if ((code = macs_take(&kick)) != CTL_OK) return code;
	if ((code = ctl_disconnect_begin(&kick.disconnect, &how)) != CTL_OK) return code;
	kick.disconnect->again = false;
	if ((code = ctl_open(ctl)) != CTL_OK) return code;
	if ((code = choose(&kick)) != CTL_OK) return code;
	if (kick.dry_run) {
		print(&kick);
		return CTL_OK;
	}
	if (!kick.args.n && !kick.key && !kick.yes) {
		code = ctl_confirm("Disconnect %zu devices?", kick.disconnect->n);
		if (code != CTL_OK) return code;
	}
	return disconnect(&kick);
}
