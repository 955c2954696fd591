/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "base/secret.h"
#include "changes.h"
#include "input.h"
#include "nas_record.h"
#include "radius/disconnect.h"
#include "store/nas.h"
#include "verb.h"

enum {
	OPT_ORG = 0x300,
	OPT_SITE,
	OPT_DIALECT,
	OPT_REPLY,
	OPT_SESSION_TIMEOUT,
	OPT_INTERIM_INTERVAL,
	OPT_COA_PORT,
	OPT_COA_ADDRESS,
	OPT_COA_CACHE,
	OPT_COA_DIALECT,
	OPT_SECRET_FILE,
	OPT_SECRET,
	OPT_UNSET
};

typedef struct {
	ctl_t		*ctl;
	ctl_args_t	ids;
	ctl_changes_t	*changes;
	char const	*secret_file;
} set_t;

static struct argp_option const options[] = {
	{ .name = "org", .key = OPT_ORG, .arg = "NAME", .group = 1, .doc = "Organisation: it sees no key of another" },
	{ .name = "site", .key = OPT_SITE, .arg = "NAME", .group = 1, .doc = "The site where it stands" },
	{ .name = "dialect", .key = OPT_DIALECT, .arg = "NAME", .group = 1,
	  .doc = "How it asks, where its requests do not show it: hostapd, cisco, meraki, aruba, ruckus, mist, ..." },
	{ .name = "reply", .key = OPT_REPLY, .arg = "STYLE", .group = 1,
	  .doc = "How it is answered, where that is not its dialect's way" },
	{ .name = "session-timeout", .key = OPT_SESSION_TIMEOUT, .arg = "0|1", .group = 1,
	  .doc = "0: it takes no reply that carries Session-Timeout" },
	{ .name = "interim-interval", .key = OPT_INTERIM_INTERVAL, .arg = "SECONDS", .group = 1,
	  .doc = "How often its accounting is to tell of a session, where not as the module is set; 0: it takes no "
		 "reply that says" },
	{ .name = "secret-file", .key = OPT_SECRET_FILE, .arg = "FILE", .group = 1,
	  .doc = "The secret shared with it, for Disconnect-Requests: the first line of FILE, or of the standard input "
		 "where FILE is -; sealed where a keyring is given" },
	{ .name = "coa-port", .key = OPT_COA_PORT, .arg = "PORT", .group = 1,
	  .doc = "Where it listens for them [3799; cisco, meraki: 1700]" },
	{ .name = "coa-address", .key = OPT_COA_ADDRESS, .arg = "HOST", .group = 1,
	  .doc = "Where they go [where its accounting comes from]" },
	{ .name = "coa-cache", .key = OPT_COA_CACHE, .arg = "SECONDS", .group = 1,
	  .doc = "It keeps answers for so long: a device is disconnected once more after that; 0: it keeps none" },
	{ .name = "coa-dialect", .key = OPT_COA_DIALECT, .arg = "NAME", .group = 1,
	  .doc = "Whose attributes they carry, where not those of its dialect" },
	{ .name = "unset", .key = OPT_UNSET, .arg = "FIELD", .group = 1,
	  .doc = "Remove a field; may be given more than once" },
	{ .name = "secret", .key = OPT_SECRET, .arg = "X", .flags = OPTION_HIDDEN | OPTION_ARG_OPTIONAL },
	{ 0 }
};

static struct {
	int		key;
	char const	*field;
	char const	*option;
} const fields[] = {
	{ OPT_ORG, "org", "--org" }, { OPT_SITE, "site", "--site" }, { OPT_DIALECT, "dialect", "--dialect" },
	{ OPT_REPLY, "reply", "--reply" }, { OPT_SESSION_TIMEOUT, "session_timeout", "--session-timeout" },
	{ OPT_INTERIM_INTERVAL, "interim_interval", "--interim-interval" },
	{ OPT_COA_PORT, "coa_port", "--coa-port" }, { OPT_COA_ADDRESS, "coa_address", "--coa-address" },
	{ OPT_COA_CACHE, "coa_cache", "--coa-cache" }, { OPT_COA_DIALECT, "coa_dialect", "--coa-dialect" },
};
#define N_FIELDS (sizeof(fields) / sizeof(*fields))

static error_t field_take(set_t *set, int key, char const *arg, struct argp_state *state)
{
	mpsk_error_t err = { "" };

	for (size_t i = 0; i < N_FIELDS; i++) {
		if (fields[i].key != key) continue;
		if (!*arg) ctl_stop(state, CTL_INVALID, "%s: empty; --unset %s removes it", fields[i].option,
				    fields[i].field);
		if (mpsk_nas_field_check(fields[i].field, arg, strlen(arg), &err) != MPSK_OK)
			ctl_stop(state, CTL_INVALID, "%s: %s", fields[i].option, err.text);
		if ((key == OPT_DIALECT || key == OPT_COA_DIALECT) && !radius_disconnect_way(arg))
			ctl_stop(state, CTL_INVALID, "%s: there is no dialect '%s'", fields[i].option, arg);
		ctl_changes_set(set->changes, fields[i].field, arg);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static void unset_take(set_t *set, char const *name, struct argp_state *state)
{
	if (mpsk_nas_field_check(name, "", 0, NULL) != MPSK_OK)
		ctl_stop(state, CTL_INVALID, "--unset: there is no field '%s' of a NAS", name);
	ctl_changes_remove(set->changes, name);
}

static error_t parse_opt(int key, char *arg, struct argp_state *state)
{
	set_t *set = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = set->ctl;
		return 0;

	case OPT_SECRET_FILE:
		set->secret_file = arg;
		return 0;

	case OPT_SECRET:
		ctl_stop(state, CTL_USAGE, "a secret on the command line can be read by every user of this machine: "
			 "give --secret-file FILE, or - for the standard input");

	case OPT_UNSET:
		unset_take(set, arg, state);
		return 0;

	case ARGP_KEY_SUCCESS:
		if (!set->changes->n && !set->secret_file) ctl_stop(state, CTL_USAGE, "nothing to set was given");
		return 0;

	default:
		if (field_take(set, key, arg, state) == 0) return 0;
		return ctl_args_parse(&set->ids, key, state, 1, 1);
	}
}

static char const doc[] =
	"Say what is known of an access point or a controller; its id is its NAS-Identifier, else its address. What is "
	"not named stays as it is."
	"\vExamples:\n"
	"  mpskctl nas set ap-7 --site hq --secret-file - <secret\n"
	"  mpskctl nas set wlc-1 --coa-dialect cisco --coa-port 1700 --coa-address 192.0.2.9 --secret-file secret\n"
	"  mpskctl nas set ap-7 --unset site" CTL_EXIT_DOC;

static ctl_exit_t secret_take(set_t *set)
{
	uint8_t secret[MPSK_NAS_SECRET_MAX];
	mpsk_error_t err = { "" };
	size_t len;
	ctl_exit_t code = ctl_input_secret(secret, sizeof(secret), &len, "--secret-file", set->secret_file);

	if (code == CTL_OK && mpsk_nas_field_check("secret", (char const *) secret, len, &err) != MPSK_OK)
		code = ctl_fail(CTL_INVALID, "--secret-file %s: %s", set->secret_file, err.text);
	if (code == CTL_OK) ctl_changes_put(set->changes, "secret", strlen("secret"), secret, len);
	mpsk_secret_wipe(secret, sizeof(secret));
	return code;
}

ctl_exit_t nas_set(ctl_t *ctl, int argc, char **argv)
{
	struct argp_child const children[] = { { &ctl_argp, 0, "Common options:", 3 }, { 0 } };
	struct argp const argp = {
		.options = options, .parser = parse_opt, .args_doc = "NAS", .doc = doc, .children = children
	};
	set_t set = { .ctl = ctl, .changes = ctl_changes_create(ctl->mem) };
	mpsk_error_t err = { "" };
	mpsk_status_t status;
	char const *id;
	ctl_exit_t code;

	if (ctl_parse(&argp, argc, argv, 0, &set) != CTL_OK) return CTL_USAGE;
	id = set.ids.v[0];
	if (set.secret_file && (code = secret_take(&set)) != CTL_OK) return code;
	if ((code = ctl_open(ctl)) != CTL_OK) return code;
	status = mpsk_store_nas_write(ctl->store, id, set.changes->fields, set.changes->n, &err);
	if (status != MPSK_OK) return ctl_fail(ctl_exit_of(status), "%s", err.text);
	ctl_nas_print(ctl, id, "set");
	return CTL_OK;
}
