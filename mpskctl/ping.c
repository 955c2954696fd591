/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>

#include "verb.h"

typedef struct {
	ctl_t		*ctl;
	ctl_args_t	args;
} ping_t;

static error_t parse_opt(int key, char *arg __attribute__((unused)), struct argp_state *state)
{
	ping_t *input = state->input;

	if (key != ARGP_KEY_INIT) return ctl_args_parse(&input->args, key, state, 0, 0);
	state->child_inputs[0] = input->ctl;
	return 0;
}

static char const doc[] =
	"Ask whether Redis answers, and who it is."
	"\vExample:\n"
	"  mpskctl ping --redis unix:///run/redis/redis.sock" CTL_EXIT_DOC;

static json_t *server_value(void const *info)
{
	return json_string(((mpsk_store_info_t const *) info)->server);
}

static json_t *role_value(void const *info)
{
	return json_string(((mpsk_store_info_t const *) info)->role);
}

static json_t *rtt_value(void const *info)
{
	return json_real(((mpsk_store_info_t const *) info)->rtt_ms);
}

static ctl_column_t const columns[] = {
	{ .name = "server", .value = server_value },
	{ .name = "role", .value = role_value },
	{ .name = "rtt_ms", .value = rtt_value },
	{ .name = NULL }
};

ctl_exit_t ping(ctl_t *ctl, int argc, char **argv)
{
	struct argp_child const children[] = { { &ctl_argp, 0, "Common options:", 3 }, { 0 } };
	struct argp const argp = { .parser = parse_opt, .doc = doc, .children = children };
	ping_t input = { .ctl = ctl };
	mpsk_error_t err = { "" };
	mpsk_store_info_t info;
	ctl_exit_t code;

	if (ctl_parse(&argp, argc, argv, 0, &input) != CTL_OK) return CTL_USAGE;
	if ((code = ctl_open(ctl)) != CTL_OK) return code;
	/* Once more: the first one's time holds that of connecting. */
	if (mpsk_store_ping(ctl->store, &info, &err) != MPSK_OK) return ctl_fail(CTL_FAILED, "%s", err.text);
	if (ctl->format != CTL_TEXT) {
		ctl_record_print(columns, ctl->format, 0, &info);
	} else if (!ctl->quiet) {
		printf("%s answers as %s in %.3f ms\n", info.server, info.role, info.rtt_ms);
	}
	return CTL_OK;
}
