/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "escape.h"
#include "trails.h"
#include "verb.h"
#include "when.h"

#define LAST_DEFAULT 50

enum {
	OPT_SINCE = 0x300,
	OPT_UNTIL,
	OPT_KEY,
	OPT_WHO,
	OPT_VERB,
	OPT_ORG,
	OPT_LAST,
	OPT_FOLLOW
};

typedef struct {
	ctl_t		*ctl;
	ctl_args_t	args;
	ctl_trails_t	trails;
	char const	*key, *who, *verb;
	bool		last, follow;
} log_t;

static struct argp_option const options[] = {
	{ .name = "since", .key = OPT_SINCE, .arg = "WHEN", .group = 1,
	  .doc = "From then on: 2d, 12h, ... ago, or 2026-12-31, 2026-12-31T18:00" },
	{ .name = "until", .key = OPT_UNTIL, .arg = "WHEN", .group = 1, .doc = "Up to then" },
	{ .name = "key", .key = OPT_KEY, .arg = "ID", .group = 1, .doc = "Changes of this key and its devices" },
	{ .name = "who", .key = OPT_WHO, .arg = "NAME", .group = 1, .doc = "Changes that NAME made" },
	{ .name = "verb", .key = OPT_VERB, .arg = "VERB", .group = 1,
	  .doc = "Changes by this verb: 'key edit'; or by all of a noun: key" },
	{ .name = "org", .key = OPT_ORG, .arg = "ORG", .group = 1,
	  .doc = "Changes of keys of this organisation; '': of none" },
	{ .name = "last", .key = OPT_LAST, .arg = "N", .group = 1,
	  .doc = "The newest N [50; with --since, all]" },
	{ .name = "follow", .key = OPT_FOLLOW, .group = 1, .doc = "Show changes as they are made, until Ctrl-C" },
	{ 0 }
};

static error_t parse_opt(int key, char *arg, struct argp_state *state)
{
	log_t *log = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = log->ctl;
		return 0;

	case OPT_SINCE:
		log->trails.since = ctl_trails_when(log->ctl, "since", arg, state);
		return 0;

	case OPT_UNTIL:
		log->trails.until = ctl_trails_when(log->ctl, "until", arg, state);
		return 0;

	case OPT_KEY:
		log->key = arg;
		return 0;

	case OPT_WHO:
		log->who = arg;
		return 0;

	case OPT_VERB:
		log->verb = arg;
		return 0;

	case OPT_ORG:
		log->trails.org = arg;
		return 0;

	case OPT_LAST:
		log->last = true;
		log->trails.last = ctl_trails_count("last", arg, state);
		return 0;

	case OPT_FOLLOW:
		log->follow = true;
		return 0;

	case ARGP_KEY_SUCCESS:
		if (!log->last && !log->trails.since) log->trails.last = LAST_DEFAULT;
		return 0;

	default:
		return ctl_args_parse(&log->args, key, state, 0, 0);
	}
}

static char const doc[] =
	"Show who changed what, the newest change last: what mpskctl changed, on whatever machine, and never a secret."
	"\vExamples:\n"
	"  mpskctl log --since 2d\n"
	"  mpskctl log --key bob\n"
	"  mpskctl log --verb 'key delete' --json | jq -r '.[].keys[]'\n"
	"  mpskctl log --follow\n\n"
	"A field's change is told as old -> new, that of a secret as its name. Changes that are the same of many keys, "
	"and the keys of a file that was imported, stand together, up to 100 in an entry. About 100,000 entries of "
	"each organisation are kept. What is changed in Redis by hand is not in it. With --follow, --json prints an "
	"object a line." CTL_EXIT_DOC;

/*
 * --- Columns ---
 */
static json_t *who_value(void const *record)
{
	return ctl_trails_field(record, "who");
}

static json_t *user_value(void const *record)
{
	return ctl_trails_field(record, "user");
}

static json_t *host_value(void const *record)
{
	return ctl_trails_field(record, "host");
}

static json_t *verb_value(void const *record)
{
	return ctl_trails_field(record, "verb");
}

static json_t *action_value(void const *record)
{
	return ctl_trails_field(record, "action");
}

static json_t *mac_value(void const *record)
{
	return ctl_trails_field(record, "mac");
}

static json_t *keys_value(void const *record)
{
	json_t *keys = ctl_need(json_array());
	size_t len;
	char const *value = mpsk_trail_get(record, "key", &len);

	while (len > 0) {
		char const *end = memchr(value, ' ', len);
		size_t own = end ? (size_t) (end - value) : len;

		if (json_array_append_new(keys, ctl_escape_json(value, own)) < 0) ctl_need(NULL);
		value += own + (end ? 1 : 0);
		len -= own + (end ? 1 : 0);
	}
	return keys;
}

static char *keys_text(TALLOC_CTX *ctx, json_t const *value)
{
	size_t n = json_array_size(value);
	char *text;

	if (!n) return ctl_need(talloc_strdup(ctx, "-"));
	text = ctl_escape_text(ctx, json_string_value(json_array_get(value, 0)));
	return n == 1 ? text : ctl_need(talloc_asprintf_append_buffer(text, " and %zu more", n - 1));
}

static json_t *changes_value(void const *record)
{
	size_t len;
	char const *value = mpsk_trail_get(record, "changes", &len);
	json_t *changes = value ? json_loadb(value, len, 0, NULL) : NULL;

	return changes ? changes : json_null();
}

static char *side(TALLOC_CTX *ctx, json_t const *value)
{
	return ctl_escape_text(ctx, json_is_string(value) ? json_string_value(value) : "-");
}

/* "added", or "vlan 20 -> 30, psk changed" */
static char *change_text(char *text, char const *name, json_t const *value)
{
	char *escaped = ctl_escape_text(text, name);

	text = ctl_need(talloc_asprintf_append_buffer(text, "%s%s ", *text ? ", " : "", escaped));
	if (json_is_string(value))
		return ctl_need(talloc_asprintf_append_buffer(text, "%s", side(text, value)));
	return ctl_need(talloc_asprintf_append_buffer(text, "%s -> %s", side(text, json_array_get(value, 0)),
						      side(text, json_array_get(value, 1))));
}

static char *changes_text(TALLOC_CTX *ctx, json_t const *value)
{
	char *text = ctl_need(talloc_strdup(ctx, ""));
	char const *name;
	json_t *change;

	/* What jansson iterates over it does not change. */
	json_object_foreach((json_t *) (uintptr_t) value, name, change) text = change_text(text, name, change);
	return text;
}

static ctl_column_t const columns[] = {
	{ .name = "time", .heading = "TIME", .value = ctl_trails_time, .text = ctl_trails_time_text },
	{ .name = "who", .heading = "WHO", .value = who_value },
	{ .name = "user", .value = user_value },
	{ .name = "host", .heading = "HOST", .value = host_value },
	{ .name = "verb", .heading = "VERB", .value = verb_value },
	{ .name = "org", .heading = "ORG", .value = ctl_trails_org, .optional = true },
	{ .name = "keys", .heading = "KEY", .value = keys_value, .text = keys_text },
	{ .name = "mac", .heading = "DEVICE", .value = mac_value, .optional = true },
	{ .name = "action", .heading = "WHAT", .value = action_value },
	{ .name = "changes", .heading = "CHANGES", .value = changes_value, .text = changes_text, .optional = true },
	{ .name = NULL }
};

/*
 * --- Which entries ---
 */
static bool verb_wanted(mpsk_trail_record_t const *record, char const *verb)
{
	size_t len, want = strlen(verb);
	char const *value = mpsk_trail_get(record, "verb", &len);

	return value && len >= want && memcmp(value, verb, want) == 0 && (len == want || value[want] == ' ');
}

static bool is_wanted(void const *uctx, mpsk_trail_record_t const *record)
{
	log_t const *log = uctx;

	if (log->key && !ctl_trails_has(record, "key", log->key)) return false;
	if (log->who && !ctl_trails_is(record, "who", log->who)) return false;
	return !log->verb || verb_wanted(record, log->verb);
}

ctl_exit_t audit_log(ctl_t *ctl, int argc, char **argv)
{
	struct argp_child const children[] = { { &ctl_argp, 0, "Common options:", 3 }, { 0 } };
	struct argp const argp = { .options = options, .parser = parse_opt, .doc = doc, .children = children };
	log_t log = { .ctl = ctl };
	ctl_exit_t code;

	log.trails = (ctl_trails_t) {
		.ctl = ctl, .kind = MPSK_TRAIL_AUDIT, .columns = columns, .is_wanted = is_wanted, .uctx = &log
	};
	if (ctl_parse(&argp, argc, argv, 0, &log) != CTL_OK) return CTL_USAGE;
	if ((code = ctl_open(ctl)) != CTL_OK) return code;
	return log.follow ? ctl_trails_follow(&log.trails) : ctl_trails_show(&log.trails, "nothing was changed");
}
