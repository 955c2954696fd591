/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "audit.h"
#include "from.h"
#include "import.h"
#include "verb.h"

enum {
	OPT_DRY_RUN = 0x300,
	OPT_UPDATE,
	OPT_SKIP_EXISTING,
	OPT_NO_PMK,
	OPT_FROM
};

static struct argp_option const options[] = {
	{ .name = "from", .key = OPT_FROM, .arg = "FORMAT", .group = 1,
	  .doc = "What FILE is: rlm_dpsk (the CSV of FreeRADIUS's module), hostapd-psk-file (hostapd's wpa_psk_file), "
		 "mist, unifi, csv (our own) or json [as it looks: JSON, Mist's CSV or our own]" },
	{ .name = "dry-run", .key = OPT_DRY_RUN, .group = 1, .doc = "Say what would be done, and write nothing" },
	{ .name = "update", .key = OPT_UPDATE, .group = 1,
	  .doc = "Change keys that are there and differ: each column of the file is set, an empty cell removes the "
		 "field, and what the file has no column for stays" },
	{ .name = "skip-existing", .key = OPT_SKIP_EXISTING, .group = 1,
	  .doc = "Leave keys that are there and differ as they are" },
	{ .name = "no-pmk", .key = OPT_NO_PMK, .group = 1, .doc = "Leave the derivation of the PMKs to the servers" },
	{ 0 }
};

static error_t parse_opt(int key, char *arg, struct argp_state *state)
{
	ctl_import_t *import = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &import->defaults;
		state->child_inputs[1] = import->ctl;
		state->child_inputs[2] = &import->made;
		state->child_inputs[3] = &import->options;
		return 0;

	case OPT_FROM:
		import->from = ctl_from_find(arg);
		if (!import->from)
			ctl_stop(state, CTL_INVALID, "--from: expected rlm_dpsk, hostapd-psk-file, mist, unifi, csv or "
				 "json");
		return 0;

	case OPT_DRY_RUN:
		import->dry_run = true;
		return 0;

	case OPT_UPDATE:
		import->update = true;
		return 0;

	case OPT_SKIP_EXISTING:
		import->skip_existing = true;
		return 0;

	case OPT_NO_PMK:
		import->no_pmk = true;
		return 0;

	case ARGP_KEY_SUCCESS:
		if (import->update && import->skip_existing)
			ctl_stop(state, CTL_USAGE, "one of --update and --skip-existing");
		return 0;

	default:
		return ctl_args_parse(&import->args, key, state, 1, 1);
	}
}

static char const doc[] =
	"Add the keys of FILE, or of the standard input where FILE is -: CSV or JSON as `key export` writes it, or a "
	"file of another system."
	"\vExamples:\n"
	"  mpskctl key import psks.csv --dry-run\n"
	"  mpskctl key import psks.csv --site north --generate\n"
	"  mpskctl key import --from rlm_dpsk psk.csv --ssid Acme\n"
	"  mpskctl key import keys.json --update\n\n"
	"A CSV file's first line holds the names of its columns, in any order: those of Mist's files where one of them "
	"is 'passphrase', else the fields of a key and 'id'. Commas, semicolons or tabs stand between the cells. A "
	"line without an id gets one that is made of its name, SSID, organisation and site, and so the same one each "
	"time. A field's option is for lines that do not say it themselves.\n\n"
	"Each line counts on its own: it is written whole, with its PMK, or not at all and named with column and "
	"reason. A line whose key is there with all that it says is passed over, so that an import which was broken "
	"off is simply run again. With --json or --tsv each line is reported; otherwise those that were refused "
	"are.\n\n"
	"With --update, devices of changed keys that are on, and could not come on in the same way by now, are "
	"disconnected, as `key edit` does."
	CTL_EXIT_DOC;

static ctl_exit_t work(ctl_import_t *import)
{
	ctl_t *ctl = import->ctl;
	ctl_exit_t code, disconnected;
	size_t n = 0;

	if ((code = ctl_open(ctl)) != CTL_OK) return code;
	ctl_audit_brief(ctl);
	if ((code = ctl_import_meet(import, &n)) != CTL_OK) return code;
	if (!import->dry_run) code = ctl_import_write(import, n);
	/* The passphrases that were made come first, whatever else fails. */
	if (ctl->format == CTL_TEXT) ctl_import_report(import);
	disconnected = ctl_import_disconnect(import);
	if (disconnected == CTL_OK) disconnected = ctl_disconnect_finish(import->disconnect, &import->options);
	if (ctl->format != CTL_TEXT) ctl_import_report(import);
	for (size_t i = 0; i < import->lines.n && code == CTL_OK; i++) {
		if (import->lines.lines[i]->result == CTL_LINE_REFUSED) code = CTL_INVALID;
	}
	return disconnected == CTL_OK || code == CTL_FAILED ? code : disconnected;
}

static ctl_exit_t import_file(ctl_import_t *import)
{
	ctl_lines_how_t const how = {
		.from = import->from,
		.defaults = import->defaults.changes,
		.made = import->made.source == CTL_INPUT_GENERATE ? &import->made : NULL,
	};
	ctl_exit_t code = ctl_lines_read(import->ctl, &import->lines, import->args.v[0], &how);

	if (code == CTL_OK && import->update && !import->dry_run)
		code = ctl_disconnect_begin(&import->disconnect, &import->options);
	return code == CTL_OK ? work(import) : code;
}

ctl_exit_t key_import(ctl_t *ctl, int argc, char **argv)
{
	struct argp_child const children[] = {
		{ ctl_fields_argp(), 0, "For lines that do not say it themselves:", 2 },
		{ &ctl_argp, 0, "Common options:", 3 },
		{ &ctl_generate_argp, 0, NULL, 1 },
		{ &ctl_disconnect_argp, 0, NULL, 1 },
		{ 0 }
	};
	struct argp const argp = {
		.options = options, .parser = parse_opt, .args_doc = "FILE", .doc = doc, .children = children
	};
	ctl_import_t import = {
		.ctl = ctl,
		.defaults = { .ctl = ctl, .changes = ctl_changes_create(ctl->mem) },
		.options = { .ctl = ctl }
	};

	if (ctl_parse(&argp, argc, argv, 0, &import) != CTL_OK) return CTL_USAGE;
	return import_file(&import);
}
