/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "why.h"

#include <stdio.h>
#include <string.h>

#include "base/mac.h"
#include "escape.h"
#include "record.h"
#include "trails.h"
#include "verb.h"
#include "when.h"

#define LAST_DEFAULT 5

enum {
	OPT_SINCE = 0x300,
	OPT_LAST
};

typedef struct {
	ctl_t		*ctl;
	ctl_args_t	args;
	ctl_trails_t	trails;
	ctl_why_now_t	now;
	char		mac[MPSK_MAC_TEXT_MAX];
	bool		last;
	json_t		*decisions;	/* what is told, for people too */
	json_t		*keys;
} why_t;

static struct argp_option const options[] = {
	{ .name = "last", .key = OPT_LAST, .arg = "N", .group = 1,
	  .doc = "The newest N decisions [5; with --since, all]" },
	{ .name = "since", .key = OPT_SINCE, .arg = "WHEN", .group = 1,
	  .doc = "Decisions from then on: 2d, 12h, ... ago, or 2026-12-31, 2026-12-31T18:00" },
	{ 0 }
};

static error_t parse_opt(int key, char *arg, struct argp_state *state)
{
	why_t *why = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = why->ctl;
		return 0;

	case OPT_LAST:
		why->last = true;
		why->trails.last = ctl_trails_count("last", arg, state);
		return 0;

	case OPT_SINCE:
		why->trails.since = ctl_trails_when(why->ctl, "since", arg, state);
		return 0;

	case ARGP_KEY_SUCCESS:
		if (!why->last && !why->trails.since) why->trails.last = LAST_DEFAULT;
		return 0;

	default:
		return ctl_args_parse(&why->args, key, state, 1, 1);
	}
}

static char const doc[] =
	"Explain why a device is on the network, or is not: what the servers decided of it last, what that means and "
	"what helps; and what the store says of it now."
	"\vExamples:\n"
	"  mpskctl why 00-00-5e-00-53-01\n"
	"  mpskctl why 0000.5e00.5301 --since 2d\n"
	"  mpskctl why 00:00:5E:00:53:01 --json | jq -r '.decisions[].reason'\n\n"
	"The servers note refusals, and accepts only where the module's log_decisions is all; what repeats itself is "
	"noted once a minute, with how often it came. docs/how-to/find-out-why.md lists the reasons. Exit 1 says that "
	"neither a decision nor a key knows of the device." CTL_EXIT_DOC;

/*
 * --- As objects ---
 */
static void put(json_t *object, char const *name, json_t *value)
{
	if (json_object_set_new(object, name, ctl_need(value)) < 0) ctl_need(NULL);
}

static json_t *text_or_null(char const *text)
{
	return text && *text ? ctl_escape_json(text, strlen(text)) : json_null();
}

static char const *get(json_t const *object, char const *name)
{
	return json_string_value(json_object_get(object, name));
}

static void put_reason(json_t *object, ctl_why_reason_t const *reason, ctl_why_case_t const *of)
{
	char *text = ctl_why_text(NULL, reason->text, of);
	char *cure = reason->cure ? ctl_why_text(NULL, reason->cure, of) : NULL;

	put(object, "text", text_or_null(text));
	put(object, "cure", text_or_null(cure));
	talloc_free(text);
	talloc_free(cure);
}

static json_t *decision_json(why_t const *why, mpsk_trail_record_t const *record)
{
	static char const *const names[] = {
		"decision", "reason", "key", "name", "vlan", "ssid", "nas", "bssid", "site", "detail", "dialect",
		"server", "times"
	};
	json_t *decision = ctl_need(json_object());
	char const *name;

	put(decision, "time", ctl_trails_time(record));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		put(decision, names[i], ctl_trails_field(record, names[i]));
	put(decision, "org", ctl_trails_org(record));
	name = get(decision, "reason") ? get(decision, "reason") : "";
	put_reason(decision, ctl_why_reason(name, strlen(name)), &(ctl_why_case_t) {
		.key = get(decision, "key"), .mac = why->mac, .nas = get(decision, "nas"),
		.ssid = get(decision, "ssid"), .site = get(decision, "site")
	});
	return decision;
}

static json_t *session_json(mpsk_session_t const *session)
{
	char ssid[MPSK_SSID_TEXT_MAX], bssid[MPSK_MAC_TEXT_MAX];
	json_t *object;

	if (!session) return json_null();
	object = ctl_need(json_object());
	put(object, "nas", text_or_null(session->nas));
	put(object, "ssid", text_or_null(mpsk_ssid_print(ssid, &session->ssid)));
	put(object, "bssid", session->has_bssid ? json_string(mpsk_mac_print(bssid, &session->bssid)) : json_null());
	put(object, "site", text_or_null(session->site));
	put(object, "since", json_integer((json_int_t) session->since));
	put(object, "seen", json_integer((json_int_t) session->seen));
	return object;
}

/* Those columns of `key list` that tell something here. */
static void put_columns(json_t *object, ctl_record_t const *record)
{
	static char const *const names[] = { "name", "ssid", "vlan", "state", "max", "concurrent", "old_exp" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		for (ctl_column_t const *column = ctl_record_keys; column->name; column++)
			if (strcmp(column->name, names[i]) == 0) put(object, names[i], column->value(record));
	}
}

static json_t *key_json(why_t const *why, ctl_why_key_t const *key)
{
	ctl_record_t const record = {
		.id = key->id, .key = key->key, .malformed = key->malformed, .now = why->ctl->now
	};
	char const *reason = ctl_why_now_reason(key, &why->now.mac, why->ctl->now);
	json_t *object = ctl_need(json_object());

	put(object, "id", text_or_null(key->id));
	put_columns(object, &record);
	if (!key->key && !key->malformed) put(object, "state", json_string("gone"));
	put(object, "malformed", text_or_null(key->malformed));
	put(object, "devices", json_integer((json_int_t) key->devices));
	put(object, "online", json_integer((json_int_t) key->online));
	put(object, "device", json_boolean(key->is_device));
	put(object, "last_seen", key->is_device ? json_integer((json_int_t) key->last_seen) : json_null());
	put(object, "listed", json_boolean(key->listed));
	put(object, "session", session_json(key->session));
	put(object, "reason", text_or_null(reason));
	if (reason) {
		put_reason(object, ctl_why_reason(reason, strlen(reason)),
			   &(ctl_why_case_t) { .key = key->id, .mac = why->mac });
	} else {
		put(object, "text", json_null());
		put(object, "cure", json_null());
	}
	return object;
}

static json_t *mac_value(void const *why)
{
	return json_string(((why_t const *) why)->mac);
}

static json_t *local_value(void const *why)
{
	return json_boolean(mpsk_mac_is_local(&((why_t const *) why)->now.mac));
}

static json_t *decisions_value(void const *why)
{
	return json_incref(((why_t const *) why)->decisions);
}

static json_t *keys_value(void const *why)
{
	return json_incref(((why_t const *) why)->keys);
}

static ctl_column_t const columns[] = {
	{ .name = "mac", .value = mac_value },
	{ .name = "local", .value = local_value },
	{ .name = "decisions", .value = decisions_value },
	{ .name = "keys", .value = keys_value },
	{ .name = NULL }
};

/*
 * --- As text ---
 */

/* Of other people's making, for a terminal. Belongs to ctx. */
static char *shown(TALLOC_CTX *ctx, json_t const *value)
{
	char *plain = ctl_escape_plain(ctx, value);

	return ctl_escape_text(ctx, plain);
}

/* "BEFORE VALUE AFTER", or nothing where there is no value. */
static void say_field(TALLOC_CTX *ctx, json_t const *object, char const *name, char const *before, char const *after)
{
	json_t const *value = json_object_get(object, name);

	if (value && !json_is_null(value)) printf("%s%s%s", before, shown(ctx, value), after);
}

static void say_time(json_t const *object, char const *name, char const *before)
{
	char text[CTL_WHEN_TEXT_MAX];
	json_int_t at = json_integer_value(json_object_get(object, name));

	if (at) printf("%s%s", before, ctl_when_print(text, at));
}

static void say_reason(TALLOC_CTX *ctx, json_t const *object, char const *indent)
{
	say_field(ctx, object, "text", indent, "");
	say_field(ctx, object, "detail", " (", ")");
	putchar('\n');
	if (get(object, "cure")) printf("%s-> %s\n", indent, shown(ctx, json_object_get(object, "cure")));
}

static void say_decision(json_t const *decision)
{
	TALLOC_CTX *ctx = ctl_need(talloc_new(NULL));
	char const *made = get(decision, "decision");
	bool accept = made && strcmp(made, "accept") == 0;

	printf("%s  %s", ctl_trails_time_text(ctx, json_object_get(decision, "time")),
	       !accept ? "refused" : get(decision, "key") ? "let on" : "answered");
	say_field(ctx, decision, "key", " with key ", "");
	say_field(ctx, decision, "name", " (", ")");
	say_field(ctx, decision, "vlan", ", VLAN ", ",");
	say_field(ctx, decision, "ssid", " on ", "");
	say_field(ctx, decision, "nas", " at ", "");
	say_field(ctx, decision, "site", " of site ", "");
	say_field(ctx, decision, "reason", ": ", "\n");
	say_reason(ctx, decision, "    ");
	say_field(ctx, decision, "times", "    It came ", " times since it was told before.\n");
	talloc_free(ctx);
}

static void say_devices(json_t const *key)
{
	json_int_t max = json_integer_value(json_object_get(key, "max"));
	char seen[CTL_WHEN_TEXT_MAX];

	printf(", %" JSON_INTEGER_FORMAT, json_integer_value(json_object_get(key, "devices")));
	if (max) printf(" of %" JSON_INTEGER_FORMAT, max);
	printf(" devices");
	if (json_is_true(json_object_get(key, "device"))) {
		json_int_t at = json_integer_value(json_object_get(key, "last_seen"));

		printf(", this one among them, %s%s", at ? "last seen " : "never seen",
		       at ? ctl_when_print(seen, at) : "");
	} else {
		printf(", this one not among them");
	}
	if (json_is_true(json_object_get(key, "listed"))) printf(", listed in macs");
}

/* What the reason means and what helps is told once, where the newest decision had the same. */
static void say_key(json_t const *key, char const *told)
{
	TALLOC_CTX *ctx = ctl_need(talloc_new(NULL));
	json_t const *session = json_object_get(key, "session");

	say_field(ctx, key, "id", "  key ", "");
	say_field(ctx, key, "name", " (", ")");
	say_field(ctx, key, "ssid", ", SSID ", "");
	say_field(ctx, key, "vlan", ", VLAN ", "");
	say_field(ctx, key, "state", ": ", "");
	say_devices(key);
	putchar('\n');
	if (json_is_object(session)) {
		say_field(ctx, session, "nas", "    It is on the network with it, at ", "");
		say_time(session, "since", " since ");
		putchar('\n');
	}
	if (json_integer_value(json_object_get(key, "old_exp"))) {
		say_time(key, "old_exp", "    Its passphrase was changed; the one before is taken until ");
		putchar('\n');
	}
	say_field(ctx, key, "malformed", "    ", "\n");
	if (get(key, "reason")) {
		say_field(ctx, key, "reason", "    It would refuse the device: ", "\n");
		if (!told || strcmp(told, get(key, "reason")) != 0) say_reason(ctx, key, "    ");
	} else {
		printf("    It would let the device on, where passphrase, SSID and site fit.\n");
	}
	talloc_free(ctx);
}

static bool is_known(why_t const *why)
{
	for (size_t i = 0; i < why->now.n; i++)
		if (why->now.keys[i].is_device || why->now.keys[i].listed) return true;
	return false;
}

static void say(why_t const *why)
{
	json_t const *newest = json_array_get(why->decisions, json_array_size(why->decisions) - 1);
	json_t const *object;
	size_t i;

	printf("device %s%s\n\n", why->mac, mpsk_mac_is_local(&why->now.mac) ?
	       ", a random MAC: it may come with another one" : "");
	json_array_foreach(why->decisions, i, object) say_decision(object);
	if (!i)
		puts("No decision about it is noted: the servers note refusals, and accepts where log_decisions is "
		     "all.");
	puts("\nThe store says now:");
	if (!is_known(why))
		printf("  It is a device of no key, and no key lists it.\n"
		       "    -> it becomes one when it comes with a key's passphrase, where the access point relays the "
		       "handshake; or by `mpskctl device add ID %s`.\n", why->mac);
	json_array_foreach(why->keys, i, object) say_key(object, newest ? get(newest, "reason") : NULL);
}

/*
 * --- The verb ---
 */
static bool is_wanted(void const *uctx, mpsk_trail_record_t const *record)
{
	return ctl_trails_is(record, "mac", ((why_t const *) uctx)->mac);
}

static void append(json_t *array, json_t *object)
{
	if (json_array_append_new(array, object) < 0) ctl_need(NULL);
}

/* A key that was found for the device counts now too, though it may not have it. */
static void add_key(why_t *why, mpsk_trail_record_t const *record)
{
	char id[MPSK_ID_MAX + 1];
	size_t len;
	char const *value = mpsk_trail_get(record, "key", &len);

	if (!value || !mpsk_id_valid(value, len)) return;
	snprintf(id, sizeof(id), "%.*s", (int) len, value);
	ctl_why_now_add(&why->now, id);
}

static ctl_exit_t find_out(why_t *why)
{
	mpsk_trail_record_t *records;
	ctl_exit_t code;
	size_t n;

	if ((code = ctl_trails_past(&why->trails, &records, &n)) != CTL_OK) return code;
	for (size_t i = 0; i < n; i++) add_key(why, &records[i]);
	if ((code = ctl_why_now_read(&why->now)) != CTL_OK) return code;
	why->decisions = ctl_need(json_array());
	why->keys = ctl_need(json_array());
	for (size_t i = 0; i < n; i++) append(why->decisions, decision_json(why, &records[i]));
	for (size_t i = 0; i < why->now.n; i++) append(why->keys, key_json(why, &why->now.keys[i]));
	if (why->ctl->format != CTL_TEXT) {
		ctl_record_print(columns, why->ctl->format, 0, why);
	} else if (!why->ctl->quiet) {
		say(why);
	}
	json_decref(why->decisions);
	json_decref(why->keys);
	return n || is_known(why) ? CTL_OK : CTL_NOTHING;
}

ctl_exit_t why(ctl_t *ctl, int argc, char **argv)
{
	struct argp_child const children[] = { { &ctl_argp, 0, "Common options:", 3 }, { 0 } };
	struct argp const argp = {
		.options = options, .parser = parse_opt, .args_doc = "MAC", .doc = doc, .children = children
	};
	why_t input = { .ctl = ctl, .now = { .ctl = ctl } };
	ctl_exit_t code;

	input.trails = (ctl_trails_t) { .ctl = ctl, .kind = MPSK_TRAIL_LOG, .is_wanted = is_wanted, .uctx = &input };
	if (ctl_parse(&argp, argc, argv, 0, &input) != CTL_OK) return CTL_USAGE;
	if (!mpsk_mac_parse(&input.now.mac, input.args.v[0], strlen(input.args.v[0])))
		return ctl_fail(CTL_INVALID, "MAC: expected twelve hex digits, as aa-bb-cc-dd-ee-ff, "
				"aa:bb:cc:dd:ee:ff or aabb.ccdd.eeff");
	mpsk_mac_print(input.mac, &input.now.mac);
	if ((code = ctl_open(ctl)) != CTL_OK) return code;
	return find_out(&input);
}
