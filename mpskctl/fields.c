/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fields.h"

#include <stdbool.h>
#include <string.h>

#include "base/hex.h"
#include "key/fields.h"
#include "when.h"

#define OPT_FIELD	0x400	/* and the option's place among made[] */
#define OPTIONS_MAX	64

#define ROTATE_EVERY_MIN 3600

typedef mpsk_status_t (*put_t)(ctl_changes_t *changes, mpsk_key_field_t const *field, char const *text, int64_t now,
			       mpsk_error_t *err);

/* What the table of fields does not say. A field without a row here is an option as it stands. */
typedef struct {
	char const	*option;
	char const	*field;
	char const	*arg;	/* NULL: no option, for mpskctl itself looks after the field */
	put_t		put;
	char const	*help;	/* NULL: the field's own */
	bool		stays;	/* cannot be removed */
} rule_t;

#define TIME_HELP "2026-12-31T18:00 (local; Z or an offset may follow), +90d, +12h, +30m, epoch seconds, now"

static mpsk_status_t put_text(ctl_changes_t *changes, mpsk_key_field_t const *field, char const *text, int64_t now,
			      mpsk_error_t *err);
static mpsk_status_t put_choice(ctl_changes_t *changes, mpsk_key_field_t const *field, char const *text, int64_t now,
				mpsk_error_t *err);
static mpsk_status_t put_ssid(ctl_changes_t *changes, mpsk_key_field_t const *field, char const *text, int64_t now,
			      mpsk_error_t *err);
static mpsk_status_t put_ssid_hex(ctl_changes_t *changes, mpsk_key_field_t const *field, char const *text, int64_t now,
				  mpsk_error_t *err);
static mpsk_status_t put_from(ctl_changes_t *changes, mpsk_key_field_t const *field, char const *text, int64_t now,
			      mpsk_error_t *err);
static mpsk_status_t put_until(ctl_changes_t *changes, mpsk_key_field_t const *field, char const *text, int64_t now,
			       mpsk_error_t *err);
static mpsk_status_t put_duration(ctl_changes_t *changes, mpsk_key_field_t const *field, char const *text, int64_t now,
				  mpsk_error_t *err);
static mpsk_status_t put_rotate_every(ctl_changes_t *changes, mpsk_key_field_t const *field, char const *text,
				      int64_t now, mpsk_error_t *err);

static rule_t const rules[] = {
	{ "ssid", "ssid", "SSID", put_ssid,
	  "SSID, with \\xNN for an octet of any value and \\\\ for a backslash; '*': every SSID [*]", false },
	{ "ssid-hex", "ssid", "HEX", put_ssid_hex, "SSID in hex digits", false },
	{ "exp", "exp", "TIME", put_until,
	  "from when the key is no longer valid: 2026-12-31 (to the end of that day, local time), " TIME_HELP
	  ", never [never]", false },
	{ "expires", "exp", "TIME", put_until, NULL, false },
	{ "nbf", "nbf", "TIME", put_from,
	  "from when the key is valid: 2026-12-31 (from the beginning of that day, local time), " TIME_HELP
	  " [at once]", false },
	{ "not-before", "nbf", "TIME", put_from, NULL, false },
	{ "valid-for", "valid_for", "DURATION", put_duration,
	  "how long the key is valid from its first use on: 30d, 12h, 1d12h, seconds; --exp is then the latest end "
	  "[as --exp says]", false },
	{ "activated", "activated", NULL, NULL, NULL, false },
	{ "rotate-every", "rotate_every", "DURATION", put_rotate_every,
	  "how old a passphrase may become before `maintain` rotates the key: 7d, 12h, ..., an hour at least; never "
	  "[never]", false },
	{ "rotated", "rotated", NULL, NULL, NULL, false },
	{ "notify-expiry", "notify_expiry", "0|1", put_choice, NULL, false },
	{ "notify-days", "notify_days", "N", put_choice, NULL, false },
	{ "notify-edit", "notify_edit", "0|1", put_choice, NULL, false },
	{ "hours", "hours", "HOURS", put_choice,
	  "when the key works: Mo-Fr 08:00-18:00; Sa 10:00-14:00 Europe/Berlin [always]", false },
	{ "tags", "tags", "TAG,...", put_choice, NULL, false },
	{ "idle", "idle", "DURATION", put_duration,
	  "how long a device may stay unseen before it may make way for a new one: 30d, 12h, 1d12h, seconds, never "
	  "[the server's default_idle]", false },
	{ "when-full", "when_full", "RULE", put_choice, NULL, false },
	{ "site", "site", "SITE,...", put_choice, NULL, false },
	{ "macs", "macs", "MAC,...", put_text, NULL, false },
	{ "usage", "usage", "USAGE", put_choice, NULL, false },
	{ "enabled", "enabled", "0|1", put_choice, NULL, true },
	{ "psk", "psk", NULL, NULL, NULL, true },
	{ "old_psk", "old_psk", NULL, NULL, NULL, false },
	{ "old_exp", "old_exp", NULL, NULL, NULL, false },
	{ "old_used", "old_used", NULL, NULL, NULL, false },
	{ "created", "created", NULL, NULL, NULL, true },
	{ "modified", "modified", NULL, NULL, NULL, true },
};
#define N_RULES (sizeof(rules) / sizeof(*rules))

/*
 * --- From what was typed to what is stored ---
 */
static mpsk_status_t put_text(ctl_changes_t *changes, mpsk_key_field_t const *field, char const *text,
			      int64_t now __attribute__((unused)), mpsk_error_t *err __attribute__((unused)))
{
	ctl_changes_set(changes, field->name, text);
	return MPSK_OK;
}

/* Where empty would stand for the default, which "$UNSET" in a script must not bring about. */
static mpsk_status_t put_choice(ctl_changes_t *changes, mpsk_key_field_t const *field, char const *text, int64_t now,
				mpsk_error_t *err)
{
	if (!*text) return mpsk_error_set(err, MPSK_BAD, "is empty; `key edit ID --unset` removes a field");
	return put_text(changes, field, text, now, err);
}

mpsk_status_t ctl_fields_ssid(mpsk_ssid_t *ssid, char const *text, mpsk_error_t *err)
{
	if (!mpsk_ssid_parse(ssid, text))
		return mpsk_error_set(err, MPSK_BAD, "expected at most %d octets, written as they are or as \\xNN "
				      "(\\\\ is a backslash)", MPSK_SSID_MAX);
	if (!ssid->len) return mpsk_error_set(err, MPSK_BAD, "is empty; '*' stands for every SSID");
	return MPSK_OK;
}

static mpsk_status_t put_octets(ctl_changes_t *changes, mpsk_key_field_t const *field, mpsk_ssid_t const *ssid,
				mpsk_error_t *err)
{
	if (ssid->len == 1 && ssid->octets[0] == '*')
		return mpsk_error_set(err, MPSK_BAD, "an SSID that is one asterisk cannot be told from every SSID");
	ctl_changes_put(changes, field->name, strlen(field->name), ssid->octets, ssid->len);
	return MPSK_OK;
}

static mpsk_status_t put_ssid(ctl_changes_t *changes, mpsk_key_field_t const *field, char const *text, int64_t now,
			      mpsk_error_t *err)
{
	mpsk_ssid_t ssid;

	if (strcmp(text, "*") == 0) return put_text(changes, field, text, now, err);
	if (ctl_fields_ssid(&ssid, text, err) != MPSK_OK) return MPSK_BAD;
	return put_octets(changes, field, &ssid, err);
}

static mpsk_status_t put_ssid_hex(ctl_changes_t *changes, mpsk_key_field_t const *field, char const *text,
				  int64_t now __attribute__((unused)), mpsk_error_t *err)
{
	mpsk_ssid_t ssid = { 0 };
	size_t len = strlen(text);

	if (!len || len > 2 * MPSK_SSID_MAX || !mpsk_hex_decode(ssid.octets, len / 2, text, len))
		return mpsk_error_set(err, MPSK_BAD, "expected 2 to %d hex digits, two for each octet",
				      2 * MPSK_SSID_MAX);
	ssid.len = (uint8_t) (len / 2);
	return put_octets(changes, field, &ssid, err);
}

static mpsk_status_t put_number(ctl_changes_t *changes, mpsk_key_field_t const *field, mpsk_status_t status,
				int64_t number)
{
	if (status == MPSK_OK) ctl_changes_number(changes, field->name, number);
	return status;
}

static mpsk_status_t put_from(ctl_changes_t *changes, mpsk_key_field_t const *field, char const *text, int64_t now,
			      mpsk_error_t *err)
{
	int64_t at = 0;
	mpsk_status_t status = ctl_when_parse(&at, text, CTL_WHEN_FROM, now, err);

	return put_number(changes, field, status, at);
}

static mpsk_status_t put_until(ctl_changes_t *changes, mpsk_key_field_t const *field, char const *text, int64_t now,
			       mpsk_error_t *err)
{
	int64_t at = 0;
	mpsk_status_t status = ctl_when_parse(&at, text, CTL_WHEN_UNTIL, now, err);

	return put_number(changes, field, status, at);
}

static mpsk_status_t put_duration(ctl_changes_t *changes, mpsk_key_field_t const *field, char const *text,
				  int64_t now __attribute__((unused)), mpsk_error_t *err)
{
	int64_t seconds = 0;
	mpsk_status_t status = ctl_when_duration(&seconds, text, err);

	return put_number(changes, field, status, seconds);
}

static mpsk_status_t put_rotate_every(ctl_changes_t *changes, mpsk_key_field_t const *field, char const *text,
				      int64_t now __attribute__((unused)), mpsk_error_t *err)
{
	int64_t seconds = 0;
	mpsk_status_t status = ctl_when_duration(&seconds, text, err);

	if (status == MPSK_OK && seconds && seconds < ROTATE_EVERY_MIN)
		return mpsk_error_set(err, MPSK_BAD, "'%s' is less than an hour, in which nobody can be told", text);
	return put_number(changes, field, status, seconds);
}

/*
 * --- By name ---
 */
/* valid-for is the option of valid_for, and either finds it. */
static bool same(char const *option, char const *name)
{
	for (; *option && (*option == *name || (*option == '-' && *name == '_')); option++) name++;
	return *option == *name;
}

static rule_t const *rule_find(char const *option)
{
	for (size_t i = 0; i < N_RULES; i++) if (same(rules[i].option, option)) return &rules[i];
	return NULL;
}

static mpsk_key_field_t const *field_find(char const *option, rule_t const *rule)
{
	char const *name = rule ? rule->field : option;

	return mpsk_key_field(name, strlen(name));
}

mpsk_status_t ctl_fields_put(ctl_changes_t *changes, char const *option, char const *text, int64_t now,
			     mpsk_error_t *err)
{
	rule_t const *rule = rule_find(option);
	mpsk_key_field_t const *field = field_find(option, rule);

	if (!field || (rule && !rule->arg)) return mpsk_error_set(err, MPSK_MISS, "there is no such option");
	if (rule) return rule->put(changes, field, text, now, err);
	return field->number ? put_choice(changes, field, text, now, err) : put_text(changes, field, text, now, err);
}

mpsk_status_t ctl_fields_unset(ctl_changes_t *changes, char const *name, mpsk_error_t *err)
{
	rule_t const *rule = rule_find(name);
	mpsk_key_field_t const *field = field_find(name, rule);

	if (!field) return mpsk_error_set(err, MPSK_BAD, "a key has no field '%s'", name);
	if (rule && rule->stays) return mpsk_error_set(err, MPSK_BAD, "a key cannot be without %s", field->name);
	ctl_changes_remove(changes, field->name);
	return MPSK_OK;
}

/*
 * --- The parser ---
 */
static struct argp_option made[OPTIONS_MAX];
static size_t n_made;

static void make_option(char const *name, char const *arg, char const *help)
{
	if (n_made + 1 == OPTIONS_MAX) return;
	made[n_made] = (struct argp_option) {
		.name = name, .key = OPT_FIELD + (int) n_made, .arg = arg, .doc = help
	};
	/* An alias is a row without a text, right after the one that it stands for. */
	if (!help) made[n_made].flags = OPTION_ALIAS;
	n_made++;
}

static void make_field(mpsk_key_field_t const *field)
{
	rule_t const *own = rule_find(field->name);

	if (!own) {
		make_option(field->name, field->number ? "N" : "TEXT", field->help);
		return;
	}
	for (size_t i = 0; i < N_RULES; i++) {
		if (strcmp(rules[i].field, field->name) != 0 || !rules[i].arg) continue;
		make_option(rules[i].option, rules[i].arg,
			    rules[i].help || &rules[i] != own ? rules[i].help : field->help);
	}
}

static error_t parse_opt(int key, char *arg, struct argp_state *state)
{
	ctl_fields_t *input = state->input;
	mpsk_error_t err = { "" };
	char const *option;

	if (key < OPT_FIELD || key >= OPT_FIELD + (int) n_made) return ARGP_ERR_UNKNOWN;
	option = made[key - OPT_FIELD].name;
	if (ctl_fields_put(input->changes, option, arg, input->ctl->now, &err) == MPSK_OK) return 0;
	ctl_stop(state, CTL_INVALID, "--%s: %s", option, err.text);
}

struct argp const *ctl_fields_argp(void)
{
	static struct argp argp = { .options = made, .parser = parse_opt };

	if (n_made == 0) {
		for (mpsk_key_field_t const *field = mpsk_key_fields; field->name; field++) make_field(field);
	}
	return &argp;
}
