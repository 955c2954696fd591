/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "record.h"
#include "select.h"
#include "uses.h"
#include "verb.h"

enum {
	OPT_SHOW_PSK = 0x300,
	OPT_SORT,
	OPT_REVERSE,
	OPT_USED,
	OPT_WITHIN
};

typedef struct {
	ctl_t		*ctl;
	ctl_args_t	args;
	ctl_table_t	*table;
	ctl_select_t	select;
	ctl_column_t const *sort;	/* NULL: by id */
	bool		reverse;
	bool		used;
	bool		show_psk;
	ctl_uses_t	*uses;
} list_t;

#define SORT_OPTIONS \
	{ .name = "sort", .key = OPT_SORT, .arg = "FIELD", .group = 1, \
	  .doc = "In the order of name, ssid, role, site, exp, used, last_seen or any other field; keys without it " \
		 "come last" }, \
	{ .name = "reverse", .key = OPT_REVERSE, .group = 1, .doc = "In the opposite order" }, \
	{ .name = "used", .key = OPT_USED, .group = 1, \
	  .doc = "Show how many devices each key has, and when the last of them was seen" }, \
	{ .name = "show-psk", .key = OPT_SHOW_PSK, .group = 1, .doc = "Show the passphrases" }

static struct argp_option const options[] = {
	SORT_OPTIONS,
	{ 0 }
};

static struct argp_option const expiring_options[] = {
	{ .name = "within", .key = OPT_WITHIN, .arg = "DURATION", .group = 1, .doc = "How soon: 14d, 12h, ... [30d]" },
	SORT_OPTIONS,
	{ 0 }
};

static void sort_take(list_t *list, char const *name, struct argp_state *state)
{
	for (ctl_column_t const *column = ctl_record_keys; column->name; column++) {
		if (strcmp(column->name, name) != 0) continue;
		if (column->needs & ~(unsigned) CTL_WANT_USES) break;
		list->sort = column;
		if (column->needs) list->used = true;
		return;
	}
	ctl_stop(state, CTL_INVALID, "--sort: '%s' is no field of a key", name);
}

static error_t parse_opt(int key, char *arg, struct argp_state *state)
{
	list_t *list = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &list->select;
		state->child_inputs[1] = list->ctl;
		return 0;

	case OPT_SORT:
		sort_take(list, arg, state);
		return 0;

	case OPT_REVERSE:
		list->reverse = true;
		return 0;

	case OPT_USED:
		list->used = true;
		return 0;

	case OPT_WITHIN:
		ctl_select_within(&list->select, "within", arg, state);
		return 0;

	case OPT_SHOW_PSK:
		list->show_psk = true;
		return 0;

	default:
		return ctl_args_parse(&list->args, key, state, 0, 0);
	}
}

static char const doc[] =
	"List keys, in the order of their ids unless --sort says another. With --json and --tsv, every field of each "
	"is there."
	"\vExamples:\n"
	"  mpskctl key list --ssid Acme\n"
	"  mpskctl key list --old-psk-in-use\n"
	"  mpskctl key list --role guest --sort last_seen --reverse\n"
	"  mpskctl key list --json | jq -r '.[] | select(.state == \"expired\").id'\n\n"
	"The JSON is an array of objects; their members are named as the fields in the store and typed, null is a "
	"field without a value, times are epoch seconds. A key that is malformed stands in the list with the reason, "
	"unless keys are chosen by a field: then it is a warning." CTL_EXIT_DOC;

static char const expiring_doc[] =
	"List the keys that are valid now and expire soon, the first to expire first."
	"\vExamples:\n"
	"  mpskctl key expiring\n"
	"  mpskctl key expiring --within 14d --site north --json" CTL_EXIT_DOC;

static mpsk_status_t list_key(void *uctx, char const *id, mpsk_key_t *key, mpsk_error_t const *err)
{
	list_t *list = uctx;
	ctl_record_t record = {
		.id = id, .key = key, .malformed = key ? NULL : err->text, .now = list->ctl->now
	};

	if (list->uses) {
		ctl_use_t use = ctl_uses_of(list->uses, id);

		record.used = use.devices;
		record.last_seen = use.last_seen;
	}

	if (!key && list->select.any) {
		ctl_fail(CTL_OK, "warning: key %s is malformed: %s", id, err->text);
		return MPSK_OK;
	}
	if (!key || ctl_select_key(&list->select, key)) ctl_table_add(list->table, &record);
	return MPSK_OK;
}

static ctl_exit_t list_keys(list_t *list)
{
	ctl_t *ctl = list->ctl;
	mpsk_error_t err = { "" };
	mpsk_status_t status;
	ctl_exit_t code;

	if ((code = ctl_open(ctl)) != CTL_OK) return code;
	if (list->used && (code = ctl_uses_read(ctl, &list->uses, false)) != CTL_OK) return code;
	list->table = ctl_table_create(ctl->mem, ctl_record_keys, ctl->format, CTL_WANT_MALFORMED |
				       (list->show_psk ? CTL_WANT_PSK : 0) | (list->used ? CTL_WANT_USES : 0));
	ctl_table_order(list->table, list->sort, list->reverse);
	status = mpsk_store_key_each(ctl->store, list_key, list, &err);
	if (status != MPSK_OK) return ctl_fail(ctl_exit_of(status), "%s", err.text);
	ctl_table_sort(list->table);
	ctl_table_print(list->table);
	return CTL_OK;
}

static struct argp_child const children[] = {
	{ &ctl_select_argp, 0, "Which keys [all]:", 2 },
	{ &ctl_argp, 0, "Common options:", 3 },
	{ 0 }
};

ctl_exit_t key_list(ctl_t *ctl, int argc, char **argv)
{
	struct argp const argp = { .options = options, .parser = parse_opt, .doc = doc, .children = children };
	list_t list = { .ctl = ctl, .select = { .ctl = ctl } };

	if (ctl_parse(&argp, argc, argv, 0, &list) != CTL_OK) return CTL_USAGE;
	return list_keys(&list);
}

#define WITHIN_DEFAULT (30 * 86400)

ctl_exit_t key_expiring(ctl_t *ctl, int argc, char **argv)
{
	struct argp const argp = {
		.options = expiring_options, .parser = parse_opt, .doc = expiring_doc, .children = children
	};
	list_t list = { .ctl = ctl, .select = { .ctl = ctl, .any = true, .expiring = ctl->now + WITHIN_DEFAULT } };

	for (list.sort = ctl_record_keys; strcmp(list.sort->name, "exp") != 0;) list.sort++;
	if (ctl_parse(&argp, argc, argv, 0, &list) != CTL_OK) return CTL_USAGE;
	return list_keys(&list);
}
