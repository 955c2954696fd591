/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `nas list` and `nas show`: what is known of all, or of one.
 */
#include <string.h>

#include "base/secret.h"
#include "nas_record.h"
#include "verb.h"

typedef struct {
	ctl_t		*ctl;
	ctl_args_t	ids;
	int		operands;
	ctl_table_t	*table;
} list_t;

static error_t parse_opt(int key, char *arg __attribute__((unused)), struct argp_state *state)
{
	list_t *list = state->input;

	if (key != ARGP_KEY_INIT) return ctl_args_parse(&list->ids, key, state, list->operands, list->operands);
	state->child_inputs[0] = list->ctl;
	return 0;
}

static char const list_doc[] =
	"List what is known of access points and controllers."
	"\vExample:\n"
	"  mpskctl nas list" CTL_EXIT_DOC;

static char const show_doc[] =
	"Show what is known of an access point or a controller; of its secret only whether there is one."
	"\vExample:\n"
	"  mpskctl nas show ap-7" CTL_EXIT_DOC;

/* What stands in the way of going by a row; or "". */
static void malformed_say(ctl_t *ctl, mpsk_nas_row_t const *nas, mpsk_error_t *why)
{
	mpsk_nas_coa_t coa;

	for (mpsk_nas_field_t const *row = mpsk_nas_fields; row->name && !why->text[0]; row++) {
		mpsk_field_t const *field = row->secret ? NULL : mpsk_nas_row_field(nas, row->name);
		mpsk_error_t err = { "" };

		if (field && mpsk_nas_field_check(row->name, field->value, field->value_len, &err) != MPSK_OK)
			(void) mpsk_error_set(why, MPSK_OK, "%s: %s", row->name, err.text);
	}
	if (!why->text[0]) (void) mpsk_nas_coa_parse(&coa, nas->id, nas->fields, nas->n, ctl_keyring(ctl), why);
	mpsk_secret_wipe(&coa, sizeof(coa));
}

static mpsk_status_t list_add(void *uctx, char const *id, mpsk_nas_row_t const *nas, mpsk_error_t const *err)
{
	list_t *list = uctx;
	ctl_nas_record_t record = { .id = id, .nas = nas };
	mpsk_error_t why = *err;

	if (nas) malformed_say(list->ctl, nas, &why);
	if (why.text[0]) record.malformed = why.text;
	ctl_table_add(list->table, &record);
	return MPSK_OK;
}

static ctl_exit_t begin(list_t *list, int argc, char **argv, struct argp *argp)
{
	struct argp_child const children[] = { { &ctl_argp, 0, "Common options:", 3 }, { 0 } };

	argp->children = children;
	argp->parser = parse_opt;
	if (ctl_parse(argp, argc, argv, 0, list) != CTL_OK) return CTL_USAGE;
	return ctl_open(list->ctl);
}

ctl_exit_t nas_list(ctl_t *ctl, int argc, char **argv)
{
	struct argp argp = { .doc = list_doc };
	list_t list = { .ctl = ctl };
	mpsk_error_t err = { "" };
	mpsk_status_t status;
	ctl_exit_t code = begin(&list, argc, argv, &argp);

	if (code != CTL_OK) return code;
	list.table = ctl_table_create(ctl->mem, ctl_nas_columns, ctl->format, 0);
	status = mpsk_store_nas_each(ctl->store, list_add, &list, &err);
	if (status != MPSK_OK) return ctl_fail(ctl_exit_of(status), "%s", err.text);
	ctl_table_sort(list.table);
	ctl_table_print(list.table);
	return CTL_OK;
}

ctl_exit_t nas_show(ctl_t *ctl, int argc, char **argv)
{
	struct argp argp = { .args_doc = "NAS", .doc = show_doc };
	list_t list = { .ctl = ctl, .operands = 1 };
	ctl_nas_record_t record = { .id = NULL };
	mpsk_nas_row_t *nas = NULL;
	mpsk_error_t err = { "" }, why = { "" };
	mpsk_status_t status;
	ctl_exit_t code = begin(&list, argc, argv, &argp);

	if (code != CTL_OK) return code;
	status = mpsk_store_nas_read(ctl->store, ctl->mem, list.ids.v[0], &nas, &err);
	if (status != MPSK_OK) return ctl_fail(ctl_exit_of(status), "%s", err.text);
	malformed_say(ctl, nas, &why);
	record = (ctl_nas_record_t) { .id = nas->id, .nas = nas, .malformed = why.text[0] ? why.text : NULL };
	ctl_record_print(ctl_nas_columns, ctl->format, 0, &record);
	return CTL_OK;
}
