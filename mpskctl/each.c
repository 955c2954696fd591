/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "each.h"

#include <stdio.h>

static json_t *id_value(void const *each)
{
	return json_string(((ctl_each_t const *) each)->id);
}

static json_t *mac_value(void const *each)
{
	return json_string(((ctl_each_t const *) each)->mac);
}

static json_t *result_value(void const *each)
{
	return json_string(((ctl_each_t const *) each)->result);
}

static ctl_column_t const key_columns[] = {
	{ .name = "id", .value = id_value },
	{ .name = "result", .value = result_value },
	{ .name = NULL }
};

static ctl_column_t const device_columns[] = {
	{ .name = "id", .value = id_value },
	{ .name = "mac", .value = mac_value },
	{ .name = "result", .value = result_value },
	{ .name = NULL }
};

static void say(ctl_each_t const *each)
{
	if (each->mac) {
		printf("%s device %s of key %s\n", each->result, each->mac, each->id);
	} else {
		printf("%s key %s\n", each->result, each->id);
	}
}

static ctl_exit_t walk(ctl_t *ctl, ctl_column_t const *columns, ctl_each_t *each, size_t n, ctl_each_act_t act,
		       void *uctx)
{
	ctl_table_t *table = NULL;
	ctl_exit_t worst = CTL_OK;

	if (ctl->format != CTL_TEXT) table = ctl_table_create(ctl->mem, columns, ctl->format, 0);
	for (size_t i = 0; i < n && worst != CTL_FAILED; i++) {
		ctl_exit_t code;

		each[i].result = "failed";
		code = act(ctl, &each[i], uctx);
		if (code > worst) worst = code;
		if (table) ctl_table_add(table, &each[i]);
		if (!table && code == CTL_OK && !ctl->quiet) say(&each[i]);
	}
	if (table) ctl_table_print(table);
	return worst;
}

ctl_exit_t ctl_each_key(ctl_t *ctl, ctl_args_t const *ids, ctl_each_act_t act, void *uctx)
{
	size_t n = (size_t) ids->n;
	ctl_each_t *each = ctl_need(talloc_zero_array(ctl->mem, ctl_each_t, n));
	ctl_exit_t code;

	for (size_t i = 0; i < n; i++) {
		if ((code = ctl_check_id(ids->v[i])) != CTL_OK) return code;
		each[i].id = ids->v[i];
	}
	if ((code = ctl_open(ctl)) != CTL_OK) return code;
	return walk(ctl, key_columns, each, n, act, uctx);
}

ctl_exit_t ctl_each_device(ctl_t *ctl, char const *id, char *const *macs, size_t n, ctl_each_act_t act, void *uctx)
{
	ctl_each_t *each = ctl_need(talloc_zero_array(ctl->mem, ctl_each_t, n));

	for (size_t i = 0; i < n; i++) each[i] = (ctl_each_t) { .id = id, .mac = macs[i] };
	return walk(ctl, device_columns, each, n, act, uctx);
}
