/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "columns.h"

#include <string.h>
#include <strings.h>

#include "base/hex.h"
#include "base/mac.h"
#include "base/secret.h"
#include "ctl.h"
#include "fields.h"
#include "key/fields.h"

#define CELL_MAX 65536	/* as many octets as the longest of lists has room for */

typedef mpsk_status_t (*put_t)(ctl_column_rule_t const *rule, ctl_changes_t *changes, char const *text, size_t len,
			       int64_t now, mpsk_error_t *err);

struct ctl_column_rule {
	char const	*name;
	char const	*field;	/* NULL: of none */
	put_t		put;
};

char const *const ctl_columns_mist[CTL_COLUMNS_MIST_ORG] = {
	"name", "ssid", "passphrase", "usage", "vlan_id", "mac", "max_usage", "role", "expire_time", "notify_expiry",
	"expiry_notification_time", "notify_on_create_or_edit", "email"
};

/*
 * --- Cells ---
 */

/* The octets as they are. */
static mpsk_status_t put_octets(ctl_column_rule_t const *rule, ctl_changes_t *changes, char const *text, size_t len,
				int64_t now, mpsk_error_t *err)
{
	(void) now;
	(void) err;
	ctl_changes_put(changes, rule->field, strlen(rule->field), text, len);
	return MPSK_OK;
}

static mpsk_status_t put_psk(ctl_column_rule_t const *rule, ctl_changes_t *changes, char const *text, size_t len,
			     int64_t now, mpsk_error_t *err)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] < ' ' || text[i] > '~')
			return mpsk_error_set(err, MPSK_BAD, "holds an octet that is not printable ASCII (space to ~), "
					      "at position %zu", i + 1);
	}
	return put_octets(rule, changes, text, len, now, err);
}

/* What text cannot hold. */
static mpsk_status_t put_hex(ctl_column_rule_t const *rule, ctl_changes_t *changes, char const *text, size_t len,
			     int64_t now, mpsk_error_t *err)
{
	uint8_t *octets = ctl_need(talloc_size(changes, len / 2 + 1));
	mpsk_status_t status;

	if (mpsk_hex_decode(octets, len / 2, text, len)) {
		status = put_octets(rule, changes, (char const *) octets, len / 2, now, err);
	} else {
		status = mpsk_error_set(err, MPSK_BAD, "expected hex digits, two for each octet");
	}
	mpsk_secret_wipe(octets, len / 2 + 1);
	talloc_free(octets);
	return status;
}

/* As the option of the field's name takes it. */
static mpsk_status_t put_option(ctl_column_rule_t const *rule, ctl_changes_t *changes, char const *text, size_t len,
				int64_t now, mpsk_error_t *err)
{
	char *copy;
	mpsk_status_t status;

	if (memchr(text, '\0', len)) return mpsk_error_set(err, MPSK_BAD, "holds a NUL");
	copy = ctl_need(talloc_strndup(changes, text, len));
	status = ctl_fields_put(changes, rule->field, copy, now, err);
	talloc_free(copy);
	return status;
}

static mpsk_status_t put_bool(ctl_column_rule_t const *rule, ctl_changes_t *changes, char const *text, size_t len,
			      int64_t now, mpsk_error_t *err)
{
	static struct {
		char const *text, *value;
	} const words[] = {
		{ "1", "1" }, { "true", "1" }, { "yes", "1" }, { "0", "0" }, { "false", "0" }, { "no", "0" },
	};

	(void) now;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strlen(words[i].text) != len || strncasecmp(words[i].text, text, len) != 0) continue;
		ctl_changes_set(changes, rule->field, words[i].value);
		return MPSK_OK;
	}
	return mpsk_error_set(err, MPSK_BAD, "expected true or false");
}

/* Semicolons and bars, too, stand between MACs in one cell. */
static mpsk_status_t put_macs(ctl_column_rule_t const *rule, ctl_changes_t *changes, char const *text, size_t len,
			      int64_t now, mpsk_error_t *err)
{
	char *copy = ctl_need(talloc_strndup(changes, text, len));
	mpsk_status_t status;

	for (char *c = copy; (c = strpbrk(c, ";|")) != NULL;) *c = ',';
	status = put_octets(rule, changes, copy, strlen(copy), now, err);
	talloc_free(copy);
	return status;
}

/* One, of the device that has the key to itself. */
static mpsk_status_t put_mac(ctl_column_rule_t const *rule, ctl_changes_t *changes, char const *text, size_t len,
			     int64_t now, mpsk_error_t *err)
{
	char spelled[MPSK_MAC_TEXT_MAX];
	mpsk_mac_t mac;

	(void) now;
	if (!mpsk_mac_parse(&mac, text, len))
		return mpsk_error_set(err, MPSK_BAD, "expected a MAC: twelve hex digits, as aabbccddeeff or "
				      "aa:bb:cc:dd:ee:ff");
	ctl_changes_set(changes, rule->field, mpsk_mac_print(spelled, &mac));
	ctl_changes_set(changes, "usage", "macs");
	return MPSK_OK;
}

/*
 * --- The names ---
 */
static ctl_column_rule_t const mist[] = {
	{ "name", "name", put_octets },
	{ "ssid", "ssid", put_octets },
	{ "passphrase", "psk", put_psk },
	{ "usage", "usage", put_octets },
	{ "vlan_id", "vlan", put_option },
	{ "mac", "macs", put_macs },
	{ "macs", "macs", put_macs },
	{ "max_usage", "concurrent", put_option },
	{ "role", "role", put_octets },
	{ "expire_time", "exp", put_option },
	{ "notify_expiry", "notify_expiry", put_bool },
	{ "expiry_notification_time", "notify_days", put_option },
	{ "notify_on_create_or_edit", "notify_edit", put_bool },
	{ "email", "email", put_octets },
	{ "note", "note", put_octets },
	{ "old_passphrase", "old_psk", put_psk },
	{ "site", "site", put_option },
	{ "created", "created", put_octets },
	{ "modified", "modified", put_octets },
	{ NULL, NULL, NULL }
};

/* A network's name is that of a VLAN. */
static ctl_column_rule_t const unifi[] = {
	{ "name", "name", put_octets },
	{ "password", "psk", put_psk },
	{ "network", "vlan", put_option },
	{ "vlan", "vlan", put_option },
	{ "ssid", "ssid", put_octets },
	{ NULL, NULL, NULL }
};

static ctl_column_rule_t const dpsk[] = {
	{ "identity", "name", put_octets },
	{ "psk", "psk", put_psk },
	{ "mac", "macs", put_mac },
	{ NULL, NULL, NULL }
};

static ctl_column_rule_t const hostapd[] = {
	{ "keyid", "name", put_octets },
	{ "vlanid", "vlan", put_option },
	{ "wps", NULL, NULL },
	{ "mac", "macs", put_mac },
	{ "psk", "psk", put_psk },
	{ NULL, NULL, NULL }
};

/* Where a field's own name says too little. */
static ctl_column_rule_t const own[] = {
	{ "id", NULL, NULL },
	{ "psk", "psk", put_psk },
	{ "old_psk", "old_psk", put_psk },
	{ "old_exp", "old_exp", put_octets },
	{ "old_used", "old_used", put_octets },
	{ "rotated", "rotated", put_octets },
	{ "enabled", "enabled", put_bool },
	{ "notify_expiry", "notify_expiry", put_bool },
	{ "notify_edit", "notify_edit", put_bool },
	{ "activated", "activated", put_octets },
	{ "created", "created", put_octets },
	{ "modified", "modified", put_octets },
	/* What `key list` shows beside the fields. */
	{ "state", NULL, NULL },
	{ "devices", NULL, NULL },
	{ "malformed", NULL, NULL },
	{ NULL, NULL, NULL }
};

/* A rule for each field of the table, and one for its octets in hex. */
static ctl_column_rule_t as_text[MPSK_KEY_FIELDS_MAX + 1], as_hex[MPSK_KEY_FIELDS_MAX + 1];

static ctl_column_rule_t const *find(ctl_column_rule_t const *rules, char const *name, size_t len)
{
	for (; rules->name; rules++) {
		if (strlen(rules->name) == len && strncasecmp(rules->name, name, len) == 0) return rules;
	}
	return NULL;
}

static void make(void)
{
	for (size_t i = 0; mpsk_key_fields[i].name; i++) {
		char const *name = mpsk_key_fields[i].name;

		as_text[i] = (ctl_column_rule_t) { name, name, put_option };
		as_hex[i] = (ctl_column_rule_t) { name, name, put_hex };
	}
}

ctl_column_rule_t const *ctl_column_find(ctl_columns_t kind, char const *name, size_t len)
{
	static char const suffix[] = "_hex";
	static ctl_column_rule_t const *const kinds[CTL_COLUMNS_KINDS] = {
		[CTL_COLUMNS_OWN] = own,
		[CTL_COLUMNS_MIST] = mist,
		[CTL_COLUMNS_UNIFI] = unifi,
		[CTL_COLUMNS_DPSK] = dpsk,
		[CTL_COLUMNS_HOSTAPD] = hostapd,
	};
	ctl_column_rule_t const *rule = find(kinds[kind], name, len);

	if (rule || kind != CTL_COLUMNS_OWN) return rule;
	if (!as_text[0].name) make();
	if (len < sizeof(suffix) || strncasecmp(name + len - (sizeof(suffix) - 1), suffix, sizeof(suffix) - 1) != 0)
		return find(as_text, name, len);
	return find(as_hex, name, len - (sizeof(suffix) - 1));
}

bool ctl_column_is_id(ctl_column_rule_t const *rule)
{
	return strcmp(rule->name, "id") == 0;
}

char const *ctl_column_field(ctl_column_rule_t const *rule)
{
	return rule->field;
}

mpsk_status_t ctl_column_put(ctl_column_rule_t const *rule, ctl_changes_t *changes, char const *text, size_t len,
			     int64_t now, mpsk_error_t *err)
{
	if (!rule->field) return MPSK_OK;
	if (len > CELL_MAX) return mpsk_error_set(err, MPSK_BAD, "is longer than %d octets", CELL_MAX);
	if (len > 0) return rule->put(rule, changes, text, len, now, err);
	/* What the column of hex says stays, where both stand in one file. */
	if (!ctl_changes_find(changes, rule->field)) ctl_changes_remove(changes, rule->field);
	return MPSK_OK;
}
