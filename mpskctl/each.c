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

static json_t *sessions_value(void const *p)
{
	ctl_each_t const *each = p;

	return ctl_disconnect_json(each->disconnect, each->id, each->mac);
}

static ctl_column_t const key_columns[] = {
	{ .name = "id", .value = id_value },
	{ .name = "result", .value = result_value },
	{ .name = "sessions", .value = sessions_value, .needs = CTL_WANT_SESSIONS },
	{ .name = NULL }
};

static ctl_column_t const device_columns[] = {
	{ .name = "id", .value = id_value },
	{ .name = "mac", .value = mac_value },
	{ .name = "result", .value = result_value },
	{ .name = "sessions", .value = sessions_value, .needs = CTL_WANT_SESSIONS },
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

/* All of them, as far as Redis answers. */
static ctl_exit_t walk(ctl_t *ctl, ctl_each_t *each, size_t n, ctl_each_act_t act, void *uctx, size_t *done)
{
	ctl_exit_t worst = CTL_OK;

	for (*done = 0; *done < n && worst != CTL_FAILED; (*done)++) {
		ctl_each_t *one = &each[*done];
		ctl_exit_t code;

		one->result = "failed";
		code = act(ctl, one, uctx);
		if (code > worst) worst = code;
		if (ctl->format == CTL_TEXT && code == CTL_OK && !ctl->quiet) say(one);
	}
	return worst;
}

static ctl_exit_t run(ctl_t *ctl, ctl_column_t const *columns, ctl_each_t *each, size_t n, ctl_each_act_t act,
		      void *uctx, ctl_disconnect_options_t const *options)
{
	ctl_disconnect_t *disconnect = NULL;
	ctl_exit_t code = options ? ctl_disconnect_begin(&disconnect, options) : CTL_OK, worst;
	ctl_table_t *table;
	size_t done;

	if (code != CTL_OK) return code;
	for (size_t i = 0; i < n; i++) each[i].disconnect = disconnect;
	worst = walk(ctl, each, n, act, uctx, &done);
	code = ctl_disconnect_finish(disconnect, options);
	if (ctl->format != CTL_TEXT) {
		table = ctl_table_create(ctl->mem, columns, ctl->format, disconnect ? CTL_WANT_SESSIONS : 0);
		for (size_t i = 0; i < done; i++) ctl_table_add(table, &each[i]);
		ctl_table_print(table);
	}
	/* That a device may still be on counts for more than an operand that was wrong. */
	return code == CTL_OK || worst == CTL_FAILED ? worst : code;
}

ctl_exit_t ctl_each_key(ctl_t *ctl, ctl_args_t const *ids, ctl_each_act_t act, void *uctx,
			ctl_disconnect_options_t const *disconnect)
{
	size_t n = (size_t) ids->n;
	ctl_each_t *each = ctl_need(talloc_zero_array(ctl->mem, ctl_each_t, n));
	ctl_exit_t code;

	for (size_t i = 0; i < n; i++) {
		if ((code = ctl_check_id(ids->v[i])) != CTL_OK) return code;
		each[i].id = ids->v[i];
	}
	if ((code = ctl_open(ctl)) != CTL_OK) return code;
	return run(ctl, key_columns, each, n, act, uctx, disconnect);
}

ctl_exit_t ctl_each_device(ctl_t *ctl, char const *id, char *const *macs, size_t n, ctl_each_act_t act, void *uctx,
			   ctl_disconnect_options_t const *disconnect)
{
	ctl_each_t *each = ctl_need(talloc_zero_array(ctl->mem, ctl_each_t, n));

	for (size_t i = 0; i < n; i++) each[i] = (ctl_each_t) { .id = id, .mac = macs[i] };
	return run(ctl, device_columns, each, n, act, uctx, disconnect);
}
