/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "record.h"
#include "verb.h"

typedef struct {
	ctl_t		*ctl;
	ctl_args_t	ids;
} list_t;

static error_t parse_opt(int key, char *arg __attribute__((unused)), struct argp_state *state)
{
	list_t *list = state->input;

	if (key != ARGP_KEY_INIT) return ctl_args_parse(&list->ids, key, state, 1, 1);
	state->child_inputs[0] = list->ctl;
	return 0;
}

static char const doc[] =
	"List the devices of a key, last seen first, and which of their addresses are locally administered: random "
	"ones, as phones make them up."
	"\vExample:\n"
	"  mpskctl device list bob" CTL_EXIT_DOC;

ctl_exit_t device_list(ctl_t *ctl, int argc, char **argv)
{
	struct argp_child const children[] = { { &ctl_argp, 0, "Common options:", 3 }, { 0 } };
	struct argp const argp = { .parser = parse_opt, .args_doc = "ID", .doc = doc, .children = children };
	list_t list = { .ctl = ctl };
	mpsk_error_t err = { "" };
	mpsk_device_t *devices;
	ctl_table_t *table;
	mpsk_status_t status;
	ctl_exit_t code;
	size_t n;

	if (ctl_parse(&argp, argc, argv, 0, &list) != CTL_OK) return CTL_USAGE;
	if ((code = ctl_check_id(list.ids.v[0])) != CTL_OK) return code;
	if ((code = ctl_open(ctl)) != CTL_OK) return code;
	status = mpsk_store_devices(ctl->store, ctl->mem, list.ids.v[0], &devices, &n, &err);
	if (status != MPSK_OK) return ctl_fail_status(status, list.ids.v[0], &err);

	table = ctl_table_create(ctl->mem, ctl_record_devices, ctl->format, 0);
	for (size_t i = 0; i < n; i++) ctl_table_add(table, &devices[i]);
	ctl_table_print(table);
	return CTL_OK;
}
