/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "confirm.h"
#include "disconnect.h"
#include "edit.h"
#include "rotation.h"
#include "select.h"
#include "verb.h"
#include "when.h"

enum {
	OPT_GRACE = 0x300,
	OPT_NOW,
	OPT_FORCE,
	OPT_END,
	OPT_ALL,
	OPT_YES,
	OPT_DRY_RUN,
	OPT_SHOW_PSK,
	OPT_NO_PMK
};

typedef struct {
	ctl_rotation_t	rotation;
	ctl_args_t	ids;
	ctl_select_t	select;
	bool		all;
	bool		yes;
	bool		dry_run;
	bool		show_psk;
	bool		timed;		/* --grace or --now */
	ctl_disconnect_options_t options;
	ctl_disconnect_t	*disconnect;	/* NULL: nobody is to be disconnected */
} rotate_t;

static struct argp_option const options[] = {
	{ .name = "grace", .key = OPT_GRACE, .arg = "DURATION", .group = 1,
	  .doc = "How long the old passphrase is taken beside the new one: 7d, 12h, ...; 0: it ends at once [7d]" },
	{ .name = "now", .key = OPT_NOW, .group = 1, .doc = "The old passphrase ends at once, as --grace 0" },
	{ .name = "force", .key = OPT_FORCE, .group = 1,
	  .doc = "Also keys that are in a grace: the passphrase before the present one ends at once" },
	{ .name = "end", .key = OPT_END, .group = 1, .doc = "No new passphrase: the old one's grace ends now" },
	{ .name = "all", .key = OPT_ALL, .group = 1, .doc = "Every key" },
	{ .name = "yes", .key = OPT_YES, .group = 1, .doc = "Do not ask before keys that options choose are changed" },
	{ .name = "dry-run", .key = OPT_DRY_RUN, .group = 1, .doc = "Say what would be done, and write nothing" },
	{ .name = "show-psk", .key = OPT_SHOW_PSK, .group = 1,
	  .doc = "Show the new passphrases; that of one key alone is shown anyway, where it was made here" },
	{ .name = "no-pmk", .key = OPT_NO_PMK, .group = 1, .doc = CTL_EDIT_NO_PMK_DOC },
	{ 0 }
};

static void grace_take(rotate_t *rotate, char const *text, struct argp_state *state)
{
	ctl_rotation_t *rotation = &rotate->rotation;
	mpsk_error_t err = { "" };

	rotate->timed = true;
	if (ctl_when_duration(&rotation->grace, text, &err) != MPSK_OK)
		ctl_stop(state, CTL_INVALID, "--grace: %s", err.text);
	if (strcmp(text, "never") == 0)
		ctl_stop(state, CTL_INVALID, "--grace: the old passphrase has to end some time; 0: at once");
	if (rotation->grace > MPSK_NUMBER_MAX - rotation->ctl->now)
		ctl_stop(state, CTL_INVALID, "--grace: '%s' is too long", text);
}

/* What goes together. */
static void check(rotate_t *rotate, struct argp_state *state)
{
	ctl_input_t *input = &rotate->rotation.input;
	bool chosen = rotate->all || rotate->select.any;

	if (rotate->ids.n && chosen) ctl_stop(state, CTL_USAGE, "either ids, or options that choose keys");
	if (!rotate->ids.n && !chosen)
		ctl_stop(state, CTL_USAGE, "which keys? Ids, or options that choose some, as --role, or --all");
	if (rotate->rotation.end && (input->source != CTL_INPUT_NONE || rotate->timed))
		ctl_stop(state, CTL_USAGE, "--end makes no new passphrase, and ends the old one now");
	if (input->source == CTL_INPUT_NONE) {
		input->source = CTL_INPUT_GENERATE;
		input->policy = mpsk_generate_policies;
	}
	if (input->source != CTL_INPUT_GENERATE && rotate->ids.n != 1)
		ctl_stop(state, CTL_USAGE, "a passphrase can be given to one key only: others need --generate");
}

static error_t parse_opt(int key, char *arg, struct argp_state *state)
{
	rotate_t *rotate = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &rotate->rotation.input;
		state->child_inputs[1] = &rotate->select;
		state->child_inputs[2] = rotate->rotation.ctl;
		state->child_inputs[3] = &rotate->options;
		return 0;

	case OPT_GRACE:
		grace_take(rotate, arg, state);
		return 0;

	case OPT_NOW:
		rotate->timed = true;
		rotate->rotation.grace = 0;
		return 0;

	case OPT_FORCE:
		rotate->rotation.force = true;
		return 0;

	case OPT_END:
		rotate->rotation.end = true;
		return 0;

	case OPT_ALL:
		rotate->all = true;
		return 0;

	case OPT_YES:
		rotate->yes = true;
		return 0;

	case OPT_DRY_RUN:
		rotate->dry_run = true;
		return 0;

	case OPT_SHOW_PSK:
		rotate->show_psk = true;
		return 0;

	case OPT_NO_PMK:
		rotate->rotation.no_pmk = true;
		return 0;

	case ARGP_KEY_SUCCESS:
		check(rotate, state);
		return 0;

	default:
		return ctl_args_parse(&rotate->ids, key, state, 0, INT_MAX);
	}
}

static char const doc[] =
	"Give keys a new passphrase. Until the grace ends the old one is taken too, so that devices can be changed one "
	"after the other; VLAN, role, devices and all else stay."
	"\vExamples:\n"
	"  mpskctl key rotate bob\n"
	"  mpskctl key rotate bob --grace 2d --passphrase-file - <secret\n"
	"  mpskctl key rotate --role guest --generate=words --yes --tsv --show-psk\n"
	"  mpskctl key rotate bob --end\n\n"
	"Without a source a passphrase is made by the policy keyboard. `key list --rotating` lists the keys in a "
	"grace, and `key list --old-psk-in-use` those of them that a device still uses by the old passphrase. A key "
	"that is in a grace is refused unless --force or --now is given, for it can have but one old "
	"passphrase." CTL_EXIT_DOC;

/*
 * --- Which keys ---
 */
static ctl_exit_t take_ids(rotate_t *rotate)
{
	ctl_t *ctl = rotate->rotation.ctl;

	for (int i = 0; i < rotate->ids.n; i++) {
		char const *id = rotate->ids.v[i];
		mpsk_error_t err = { "" };
		mpsk_key_t *key = NULL;
		mpsk_status_t status = mpsk_store_key_read(ctl->store, ctl->mem, id, &key, &err);
		ctl_exit_t code = ctl_exit_of(status);

		if (code == CTL_FAILED) return ctl_fail_status(status, id, &err);
		ctl_rotation_add(&rotate->rotation, id, key, code,
				 code == CTL_NOTHING ? "there is no such key" : err.text);
	}
	return CTL_OK;
}

static mpsk_status_t take(void *uctx, char const *id, mpsk_key_t *key, mpsk_error_t const *err)
{
	rotate_t *rotate = uctx;

	if (!key) {
		ctl_fail(CTL_OK, "warning: key %s is malformed: %s", id, err->text);
	} else if (ctl_select_key(&rotate->select, key)) {
		ctl_rotation_add(&rotate->rotation, id, key, CTL_OK, NULL);
	}
	return MPSK_OK;
}

static ctl_exit_t take_chosen(rotate_t *rotate)
{
	mpsk_error_t err = { "" };
	mpsk_status_t status = mpsk_store_key_each(rotate->rotation.ctl->store, take, rotate, &err);

	if (status != MPSK_OK) return ctl_fail(ctl_exit_of(status), "%s", err.text);
	if (!rotate->rotation.n) return ctl_fail(CTL_NOTHING, "no key is chosen by these options");
	return CTL_OK;
}

static ctl_exit_t confirm(rotate_t const *rotate)
{
	ctl_rotation_t const *rotation = &rotate->rotation;
	char until[CTL_WHEN_TEXT_MAX];
	size_t n = 0;

	for (size_t i = 0; i < rotation->n; i++) if (!rotation->keys[i].result) n++;
	if (!n || rotate->ids.n || rotate->yes) return CTL_OK;
	if (rotation->end) return ctl_confirm("End the old passphrases of %zu keys now?", n);
	if (!rotation->grace) return ctl_confirm("Rotate %zu keys, whose present passphrases then end at once?", n);
	ctl_when_print(until, rotation->ctl->now + rotation->grace);
	return ctl_confirm("Rotate %zu keys, whose present passphrases are then taken until %s?", n, until);
}

/*
 * --- The report ---
 */
static json_t *id_value(void const *rotated)
{
	return json_string(((ctl_rotated_t const *) rotated)->id);
}

static json_t *result_value(void const *rotated)
{
	return json_string(((ctl_rotated_t const *) rotated)->result);
}

static json_t *reason_value(void const *p)
{
	ctl_rotated_t const *rotated = p;

	return rotated->why.text[0] ? json_string(rotated->why.text) : json_null();
}

static json_t *until_value(void const *p)
{
	ctl_rotated_t const *rotated = p;

	return rotated->code == CTL_OK && rotated->until ? json_integer((json_int_t) rotated->until) : json_null();
}

static json_t *psk_value(void const *p)
{
	ctl_rotated_t const *rotated = p;

	if (rotated->code != CTL_OK) return json_null();
	return json_stringn((char const *) rotated->psk.octets, rotated->psk.len);
}

static json_t *bits_value(void const *p)
{
	ctl_rotated_t const *rotated = p;

	return rotated->code == CTL_OK ? json_integer((json_int_t) rotated->bits) : json_null();
}

/* What report() works with, for a column. */
typedef struct {
	ctl_rotated_t		rotated;	/* first, for the other columns */
	ctl_disconnect_t const	*disconnect;
} reported_t;

static json_t *sessions_value(void const *p)
{
	reported_t const *reported = p;

	return ctl_disconnect_json(reported->disconnect, reported->rotated.id, NULL);
}

static ctl_column_t const columns[] = {
	{ .name = "id", .value = id_value },
	{ .name = "result", .value = result_value },
	{ .name = "reason", .value = reason_value },
	{ .name = "old_exp", .value = until_value },
	{ .name = "psk", .value = psk_value, .needs = CTL_WANT_MADE },
	{ .name = "bits", .value = bits_value, .needs = CTL_WANT_MADE },
	{ .name = "sessions", .value = sessions_value, .needs = CTL_WANT_SESSIONS },
	{ .name = NULL }
};

static void say(rotate_t const *rotate, ctl_rotated_t const *rotated, bool shown)
{
	static char const *const texts[2][2] = {
		{ "rotated", "would rotate" },
		{ "ended the old passphrase of", "would end the old passphrase of" }
	};
	ctl_t *ctl = rotate->rotation.ctl;
	char until[CTL_WHEN_TEXT_MAX];

	ctl_edit_print(ctl, rotated->id, false, texts[rotate->rotation.end][rotate->dry_run],
		       shown ? &rotated->psk : NULL, rotated->bits, NULL);
	if (rotated->until && !ctl->quiet && rotate->ids.n == 1)
		printf("old passphrase until: %s\n", ctl_when_print(until, rotated->until));
}

/* A passphrase that was not written is nobody's, and that of a dry run will be another. */
static bool shows(rotate_t const *rotate)
{
	return !rotate->dry_run && !rotate->rotation.end && rotate->rotation.input.source == CTL_INPUT_GENERATE &&
	       (rotate->show_psk || rotate->ids.n == 1);
}

static void row_add(ctl_table_t *table, rotate_t const *rotate, ctl_rotated_t const *rotated)
{
	reported_t reported = { .rotated = *rotated, .disconnect = rotate->disconnect };

	ctl_table_add(table, &reported);
	mpsk_secret_wipe(&reported, sizeof(reported));
}

/* Where an old passphrase ended at once. Before a table is printed, for it tells of this too. */
static ctl_exit_t disconnect(rotate_t *rotate)
{
	ctl_rotation_t const *rotation = &rotate->rotation;
	ctl_exit_t code = CTL_OK;

	if (rotation->grace && !rotation->end && !rotation->force) return CTL_OK;
	if (rotate->disconnect) rotate->disconnect->new_psk = !rotation->grace && !rotation->end;
	for (size_t i = 0; i < rotation->n && code == CTL_OK; i++) {
		if (rotation->keys[i].code != CTL_OK) continue;
		code = ctl_disconnect_key(rotate->disconnect, rotation->keys[i].id, MPSK_STANDING_STAYS);
	}
	return code == CTL_OK ? ctl_disconnect_finish(rotate->disconnect, &rotate->options) : code;
}

static ctl_exit_t report(rotate_t const *rotate)
{
	ctl_rotation_t const *rotation = &rotate->rotation;
	ctl_t *ctl = rotation->ctl;
	ctl_table_t *table = ctl_table_create(ctl->mem, columns, ctl->format,
						(shows(rotate) ? CTL_WANT_MADE : 0) |
						(rotate->disconnect ? CTL_WANT_SESSIONS : 0));
	ctl_exit_t worst = CTL_OK;
	size_t undone = 0;

	for (size_t i = 0; i < rotation->n; i++) {
		ctl_rotated_t const *rotated = &rotation->keys[i];

		if (rotated->code > worst) worst = rotated->code;
		if (rotated->why.text[0]) ctl_fail(rotated->code, "key %s: %s", rotated->id, rotated->why.text);
		if (rotated->code == CTL_FAILED && !rotated->why.text[0]) undone++;
		if (ctl->format != CTL_TEXT) row_add(table, rotate, rotated);
		if (ctl->format == CTL_TEXT && rotated->code == CTL_OK) say(rotate, rotated, shows(rotate));
	}
	if (ctl->format != CTL_TEXT) ctl_table_print(table);
	if (undone) ctl_fail(CTL_FAILED, "%zu keys were not come to, and are as they were", undone);
	return worst;
}

static ctl_exit_t rotate_keys(rotate_t *rotate)
{
	ctl_rotation_t *rotation = &rotate->rotation;
	ctl_t *ctl = rotation->ctl;
	ctl_exit_t code, disconnected;

	for (int i = 0; i < rotate->ids.n; i++) if ((code = ctl_check_id(rotate->ids.v[i])) != CTL_OK) return code;
	if ((code = ctl_open(ctl)) != CTL_OK) return code;
	if ((code = rotate->ids.n ? take_ids(rotate) : take_chosen(rotate)) != CTL_OK) return code;
	ctl_rotation_order(rotation);
	if ((code = ctl_rotation_plan(rotation)) != CTL_OK) return code;
	if (rotate->dry_run) {
		for (size_t i = 0; i < rotation->n; i++) {
			char const **result = &rotation->keys[i].result;

			if (!*result) *result = rotation->end ? "would end" : "would rotate";
		}
	} else {
		if ((code = confirm(rotate)) != CTL_OK) return code;
		if ((code = ctl_disconnect_begin(&rotate->disconnect, &rotate->options)) != CTL_OK) return code;
		ctl_rotation_write(rotation);
	}
	/* The new passphrases come first, whatever else fails. */
	if (ctl->format == CTL_TEXT) code = report(rotate);
	disconnected = disconnect(rotate);
	if (ctl->format != CTL_TEXT) code = report(rotate);
	return disconnected == CTL_OK || code == CTL_FAILED ? code : disconnected;
}

ctl_exit_t key_rotate(ctl_t *ctl, int argc, char **argv)
{
	static struct argp_child const children[] = {
		{ &ctl_input_argp, 0, "The new passphrase:", 1 },
		{ &ctl_select_argp, 0, "Which keys, in place of ids:", 2 },
		{ &ctl_argp, 0, "Common options:", 3 },
		{ &ctl_disconnect_argp, 0, NULL, 1 },
		{ 0 }
	};
	struct argp const argp = {
		.options = options, .parser = parse_opt, .args_doc = "[ID...]", .doc = doc, .children = children
	};
	rotate_t rotate = {
		.rotation = { .ctl = ctl, .grace = CTL_ROTATION_GRACE_S }, .select = { .ctl = ctl },
		.options = { .ctl = ctl }
	};

	if (ctl_parse(&argp, argc, argv, 0, &rotate) != CTL_OK) return CTL_USAGE;
	return rotate_keys(&rotate);
}
