/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The report of a run of `mpskctl maintain`, and when it ends early.
 */
#include <stdio.h>

#include "maintain.h"

#define DONE_VALUE(_name) \
	static json_t *_name##_value(void const *p) \
	{ \
		ctl_maintain_done_t const *done = p; \
		return done->_name ? json_string(done->_name) : json_null(); \
	}

DONE_VALUE(step)
DONE_VALUE(id)
DONE_VALUE(what)
DONE_VALUE(result)
DONE_VALUE(reason)

static ctl_column_t const columns[] = {
	{ .name = "step", .value = step_value },
	{ .name = "id", .value = id_value },
	{ .name = "what", .value = what_value },
	{ .name = "result", .value = result_value },
	{ .name = "reason", .value = reason_value },
	{ .name = NULL }
};

ctl_table_t *ctl_maintain_table(ctl_t const *ctl)
{
	return ctl_table_create(ctl->mem, columns, ctl->format, 0);
}

static void say(ctl_maintain_t const *maintain, ctl_maintain_done_t const *done)
{
	if (done->reason) {
		ctl_fail(done->code, "%s: %s%s%s%s", done->step, done->id ? "key " : "", done->id ? done->id : "",
			 done->id ? ": " : "", done->reason);
	} else if (!maintain->table && !maintain->ctl->quiet) {
		printf("%s: %s%s%s%s%s%s\n", done->step, done->id ? "key " : "", done->id ? done->id : "",
		       done->id ? ": " : "", done->result, done->what ? " " : "", done->what ? done->what : "");
	}
}

void ctl_maintain_done(ctl_maintain_t *maintain, ctl_maintain_done_t const *what)
{
	ctl_maintain_done_t done = *what;

	done.step = maintain->step->name;
	if (done.code > maintain->worst) maintain->worst = done.code;
	say(maintain, &done);
	if (maintain->table) ctl_table_add(maintain->table, &done);
}

/* Redis did not carry out a write: whether it is there at all. */
static bool is_there(ctl_maintain_t const *maintain, char const *id)
{
	mpsk_error_t err = { "" };
	mpsk_key_t *key = NULL;
	mpsk_status_t status = mpsk_store_key_read(maintain->ctl->store, NULL, id, &key, &err);

	talloc_free(key);
	return status == MPSK_OK || status == MPSK_MISS || status == MPSK_BAD;
}

void ctl_maintain_settle(ctl_maintain_t *maintain, ctl_maintain_done_t *done, mpsk_status_t status,
			 mpsk_error_t const *err)
{
	if (status == MPSK_MISS) return;
	if (status == MPSK_AGAIN && is_there(maintain, done->id)) return;
	if (status == MPSK_AGAIN) maintain->away = true;
	if (status != MPSK_OK) {
		done->result = "failed";
		done->reason = err->text;
		done->code = ctl_exit_of(status);
	}
	ctl_maintain_done(maintain, done);
}

bool ctl_maintain_ends(ctl_maintain_t const *maintain)
{
	return maintain->away || (maintain->lease && ctl_lease_lost(maintain->lease));
}
