/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "changes.h"
#include "chosen.h"
#include "each.h"
#include "verb.h"

typedef struct {
	ctl_chosen_t			chosen;
	bool				revokes;
	ctl_disconnect_options_t	disconnect;
} enable_t;

typedef struct {
	char const	*value;
	char const	*what;		/* for a question */
	char const	*would;
	char const	*result;
	bool		revokes;
} setting_t;

static error_t parse_opt(int key, char *arg __attribute__((unused)), struct argp_state *state)
{
	enable_t *enable = state->input;

	if (key != ARGP_KEY_INIT) return ctl_chosen_parse(&enable->chosen, key, state);
	state->child_inputs[0] = enable->chosen.ctl;
	state->child_inputs[1] = &enable->chosen;
	if (enable->revokes) state->child_inputs[2] = &enable->disconnect;
	return 0;
}

static char const enable_doc[] =
	"Let keys in again that were disabled."
	"\vExamples:\n"
	"  mpskctl key enable bob carol\n"
	"  mpskctl key enable --tag conference --yes" CTL_EXIT_DOC;

static char const disable_doc[] =
	"Refuse keys from now on, disconnect their devices that are on, and keep all that is known of them."
	"\vExamples:\n"
	"  mpskctl key disable bob carol\n"
	"  mpskctl key disable --role guest --site north --dry-run" CTL_EXIT_DOC;

/* The key is not read first: one that is malformed elsewhere can be disabled too. */
static ctl_exit_t set_enabled(ctl_t *ctl, ctl_each_t *each, void *uctx)
{
	setting_t const *setting = uctx;
	ctl_changes_t *changes = ctl_changes_create(ctl->mem);
	mpsk_error_t err = { "" };
	mpsk_status_t status;

	ctl_changes_set(changes, "enabled", setting->value);
	ctl_changes_number(changes, "modified", ctl->now);
	status = mpsk_store_key_write(ctl->store, each->id, MPSK_WRITE_EDIT, changes->fields, changes->n, NULL, &err);
	talloc_free(changes);
	each->result = status == MPSK_OK ? setting->result : status == MPSK_MISS ? "not found" : "failed";
	if (status != MPSK_OK) return ctl_fail_status(status, each->id, &err);
	return setting->revokes ? ctl_disconnect_key(each->disconnect, each->id, MPSK_STANDING_DISABLED) : CTL_OK;
}

static ctl_exit_t run(ctl_t *ctl, int argc, char **argv, char const *doc, setting_t setting)
{
	struct argp_child const children[] = {
		{ &ctl_argp, 0, "Common options:", 3 },
		{ &ctl_chosen_argp, 0, NULL, 1 },
		{ setting.revokes ? &ctl_disconnect_argp : NULL, 0, NULL, 1 },
		{ 0 }
	};
	struct argp const argp = { .parser = parse_opt, .args_doc = "[ID...]", .doc = doc, .children = children };
	enable_t enable = {
		.chosen = { .ctl = ctl, .select = { .ctl = ctl } },
		.revokes = setting.revokes,
		.disconnect = { .ctl = ctl }
	};

	if (ctl_parse(&argp, argc, argv, 0, &enable) != CTL_OK) return CTL_USAGE;
	return ctl_chosen_run(&enable.chosen, setting.what, setting.would, set_enabled, &setting,
			      enable.revokes ? &enable.disconnect : NULL);
}

ctl_exit_t key_enable(ctl_t *ctl, int argc, char **argv)
{
	return run(ctl, argc, argv, enable_doc, (setting_t) {
		.value = "1", .what = "Enable", .would = "would enable", .result = "enabled"
	});
}

ctl_exit_t key_disable(ctl_t *ctl, int argc, char **argv)
{
	return run(ctl, argc, argv, disable_doc, (setting_t) {
		.value = "0", .what = "Disable", .would = "would disable", .result = "disabled", .revokes = true
	});
}
