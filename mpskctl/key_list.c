/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "record.h"
#include "select.h"
#include "verb.h"

#define OPT_SHOW_PSK 0x300

typedef struct {
	ctl_t		*ctl;
	ctl_args_t	args;
	ctl_table_t	*table;
	ctl_select_t	select;
	bool		show_psk;
} list_t;

static struct argp_option const options[] = {
	{ .name = "show-psk", .key = OPT_SHOW_PSK, .group = 1, .doc = "Show the passphrases" },
	{ 0 }
};

static error_t parse_opt(int key, char *arg __attribute__((unused)), struct argp_state *state)
{
	list_t *list = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &list->select;
		state->child_inputs[1] = list->ctl;
		return 0;

	case OPT_SHOW_PSK:
		list->show_psk = true;
		return 0;

	default:
		return ctl_args_parse(&list->args, key, state, 0, 0);
	}
}

static char const doc[] =
	"List keys, in the order of their ids. With --json and --tsv, every field of each is there."
	"\vExamples:\n"
	"  mpskctl key list --ssid Acme\n"
	"  mpskctl key list --json | jq -r '.[] | select(.state == \"expired\").id'\n\n"
	"The JSON is an array of objects; their members are named as the fields in the store and typed, null is a "
	"field without a value, times are epoch seconds. A key that is malformed stands in the list with the reason, "
	"unless keys are chosen by a field: then it is a warning." CTL_EXIT_DOC;

static mpsk_status_t list_key(void *uctx, char const *id, mpsk_key_t *key, mpsk_error_t const *err)
{
	list_t *list = uctx;
	ctl_record_t const record = {
		.id = id, .key = key, .malformed = key ? NULL : err->text, .now = list->ctl->now
	};

	if (!key && list->select.any) {
		ctl_fail(CTL_OK, "warning: key %s is malformed: %s", id, err->text);
		return MPSK_OK;
	}
	if (!key || ctl_select_key(&list->select, key)) ctl_table_add(list->table, &record);
	return MPSK_OK;
}

ctl_exit_t key_list(ctl_t *ctl, int argc, char **argv)
{
	struct argp_child const children[] = {
		{ &ctl_select_argp, 0, "Which keys [all]:", 2 },
		{ &ctl_argp, 0, "Common options:", 3 },
		{ 0 }
	};
	struct argp const argp = { .options = options, .parser = parse_opt, .doc = doc, .children = children };
	list_t list = { .ctl = ctl, .select = { .ctl = ctl } };
	mpsk_error_t err = { "" };
	mpsk_status_t status;
	ctl_exit_t code;

	if (ctl_parse(&argp, argc, argv, 0, &list) != CTL_OK) return CTL_USAGE;
	if ((code = ctl_open(ctl)) != CTL_OK) return code;
	list.table = ctl_table_create(ctl->mem, ctl_record_keys, ctl->format,
				      CTL_WANT_MALFORMED | (list.show_psk ? CTL_WANT_PSK : 0));
	status = mpsk_store_key_each(ctl->store, list_key, &list, &err);
	if (status != MPSK_OK) return ctl_fail(ctl_exit_of(status), "%s", err.text);
	ctl_table_sort(list.table);
	ctl_table_print(list.table);
	return CTL_OK;
}
