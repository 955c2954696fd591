/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "record.h"

#include <stdio.h>
#include <string.h>

#include "base/hex.h"
#include "base/secret.h"
#include "client.h"
#include "ctl.h"
#include "escape.h"
#include "key/fields.h"
#include "key/mac_pattern.h"
#include "key/pmk_field.h"
#include "when.h"

/*
 * --- Typed values ---
 */
static json_t *text_value(char const *text)
{
	return text && *text ? ctl_escape_json(text, strlen(text)) : json_null();
}

static json_t *number_value(int64_t number)
{
	return json_integer((json_int_t) number);
}

/* A number whose absence the record keeps as a value of its own. */
static json_t *number_or_null(int64_t number, int64_t absent)
{
	return number == absent ? json_null() : number_value(number);
}

static json_t *hex_value(uint8_t const *octets, size_t len)
{
	char hex[2 * WPA_PSK_MAX + 1];
	json_t *value;

	mpsk_hex_encode(hex, octets, len);
	value = json_string(hex);
	mpsk_secret_wipe(hex, sizeof(hex));
	return value;
}

/* Most columns: an expression over the record, null where the key is malformed. */
#define KEY_VALUE(_name, _expression) \
	static json_t *_name(void const *record) \
	{ \
		mpsk_key_t const *key = ((ctl_record_t const *) record)->key; \
		\
		return key ? (_expression) : json_null(); \
	}

KEY_VALUE(name_value, text_value(key->name))
KEY_VALUE(ssid_hex_value, key->any_ssid ? json_null() : hex_value(key->ssid.octets, key->ssid.len))
KEY_VALUE(org_value, text_value(key->org))
KEY_VALUE(role_value, text_value(key->role))
KEY_VALUE(email_value, text_value(key->email))
KEY_VALUE(note_value, text_value(key->note))
KEY_VALUE(vlan_value, key->vlan_name ? text_value(key->vlan_name) : number_or_null(key->vlan, 0))
KEY_VALUE(max_value, number_or_null(key->max, MPSK_LIMIT_DEFAULT))
KEY_VALUE(concurrent_value, number_or_null(key->concurrent, MPSK_LIMIT_DEFAULT))
KEY_VALUE(idle_value, number_or_null(key->idle, MPSK_LIMIT_DEFAULT))
KEY_VALUE(when_full_value, text_value(key->when_full ? mpsk_when_full_name(key->when_full) : NULL))
KEY_VALUE(nbf_value, number_value(key->nbf))
KEY_VALUE(exp_value, number_value(key->exp))
KEY_VALUE(enabled_value, json_boolean(key->enabled))
KEY_VALUE(valid_for_value, number_or_null(key->valid_for, 0))
KEY_VALUE(activated_value, number_or_null(key->activated, 0))
KEY_VALUE(hours_value, text_value(key->hours_text))
KEY_VALUE(notify_expiry_value, json_boolean(key->notify_expiry))
KEY_VALUE(notify_days_value, number_or_null(key->notify_days, 0))
KEY_VALUE(notify_edit_value, json_boolean(key->notify_edit))
KEY_VALUE(rotate_every_value, number_or_null(key->rotate_every, 0))
KEY_VALUE(rotated_value, number_or_null(key->rotated, 0))
KEY_VALUE(old_exp_value, number_or_null(key->old_exp, 0))
KEY_VALUE(old_used_value, number_or_null(key->old_used, 0))
KEY_VALUE(created_value, number_or_null(key->created, 0))
KEY_VALUE(modified_value, number_or_null(key->modified, 0))
KEY_VALUE(psk_value, wpa_psk_is_ascii(&key->psk) ?
	  json_stringn((char const *) key->psk.octets, key->psk.len) : json_null())
KEY_VALUE(psk_hex_value, hex_value(key->psk.octets, key->psk.len))

static json_t *id_value(void const *record)
{
	return ctl_escape_json(((ctl_record_t const *) record)->id, strlen(((ctl_record_t const *) record)->id));
}

static json_t *malformed_value(void const *record)
{
	return text_value(((ctl_record_t const *) record)->malformed);
}

static json_t *ssid_text(mpsk_key_t const *key)
{
	char text[MPSK_SSID_TEXT_MAX];

	return json_string(key->any_ssid ? "*" : mpsk_ssid_print(text, &key->ssid));
}
KEY_VALUE(ssid_value, ssid_text(key))

static json_t *usage_text(mpsk_key_t const *key)
{
	static char const *const names[] = {
		[MPSK_USAGE_MULTI] = "multi",
		[MPSK_USAGE_SINGLE] = "single",
		[MPSK_USAGE_MACS] = "macs",
	};

	return json_string(names[key->usage]);
}
KEY_VALUE(usage_value, usage_text(key))

static void array_add(json_t *array, json_t *item)
{
	if (json_array_append_new(array, ctl_need(item)) < 0) ctl_need(NULL);
}

static json_t *names_list(char const *name, size_t n)
{
	json_t *list = ctl_need(json_array());

	for (size_t i = 0; i < n; i++, name = mpsk_key_site_next(name)) {
		array_add(list, ctl_escape_json(name, strlen(name)));
	}
	return list;
}
KEY_VALUE(tags_value, names_list(key->tags, key->n_tags))

static json_t *site_list(mpsk_key_t const *key)
{
	return key->sites ? names_list(key->sites, key->n_sites) : names_list("*", 1);
}
KEY_VALUE(site_value, site_list(key))

static json_t *mac_value(mpsk_mac_t const *mac)
{
	char text[MPSK_MAC_TEXT_MAX];

	return json_string(mpsk_mac_print(text, mac));
}

static json_t *pattern_value(mpsk_mac_pattern_t const *pattern)
{
	char text[MPSK_MAC_PATTERN_TEXT_MAX];

	return json_string(mpsk_mac_pattern_print(text, pattern));
}

static json_t *macs_list(mpsk_key_t const *key)
{
	json_t *macs = ctl_need(json_array());

	for (size_t i = 0; i < key->n_macs; i++) array_add(macs, pattern_value(&key->macs[i]));
	return macs;
}
KEY_VALUE(macs_value, macs_list(key))

static char const *const states[] = { "enabled", "disabled", "expired", "not yet" };

char const *ctl_record_state(mpsk_key_t const *key, int64_t now)
{
	if (!key->enabled) return states[1];
	if (key->exp && now >= key->exp) return states[2];
	return now < key->nbf ? states[3] : states[0];
}

bool ctl_record_is_state(char const *text)
{
	for (size_t i = 0; i < sizeof(states) / sizeof(*states); i++) if (strcmp(states[i], text) == 0) return true;
	return false;
}

bool ctl_record_rotating(mpsk_key_t const *key, int64_t now)
{
	return key->old_psk.len > 0 && (key->old_exp == 0 || now < key->old_exp);
}

static json_t *state_value(void const *p)
{
	ctl_record_t const *record = p;

	return json_string(record->key ? ctl_record_state(record->key, record->now) : "malformed");
}

static json_t *device_mac_value(void const *device)
{
	return mac_value(&((mpsk_device_t const *) device)->mac);
}

static json_t *device_seen_value(void const *device)
{
	return number_value(((mpsk_device_t const *) device)->last_seen);
}

static json_t *device_local_value(void const *device)
{
	return json_boolean(mpsk_mac_is_local(&((mpsk_device_t const *) device)->mac));
}

static json_t *devices_value(void const *p)
{
	ctl_record_t const *record = p;
	json_t *devices = ctl_need(json_array());

	for (size_t i = 0; i < record->n_devices; i++)
		array_add(devices, ctl_record_json(ctl_record_devices, &record->devices[i]));
	return devices;
}

/* As `mpskctl clients` has them, but each for itself. */
static json_t *sessions_value(void const *p)
{
	ctl_record_t const *record = p;
	json_t *sessions = ctl_need(json_array());

	for (size_t i = 0; i < record->n_sessions; i++) {
		mpsk_session_t const *open = &record->sessions[i];
		ctl_client_t const client = {
			.id = record->id, .mac = open->mac, .state = CTL_CLIENT_ON, .seen = open->seen,
			.session = open, .sessions = 1
		};

		array_add(sessions, ctl_record_json(ctl_client_columns, &client));
	}
	return sessions;
}

static json_t *used_value(void const *record)
{
	return number_value(((ctl_record_t const *) record)->used);
}

static json_t *last_seen_value(void const *record)
{
	return number_value(((ctl_record_t const *) record)->last_seen);
}

/*
 * --- Text for people ---
 */
static char *time_text(TALLOC_CTX *ctx, json_t const *value)
{
	char text[CTL_WHEN_TEXT_MAX];

	if (!json_integer_value(value)) return ctl_need(talloc_strdup(ctx, "-"));
	return ctl_need(talloc_strdup(ctx, ctl_when_print(text, json_integer_value(value))));
}

static char *until_text(TALLOC_CTX *ctx, json_t const *value)
{
	if (json_is_integer(value) && !json_integer_value(value)) return ctl_need(talloc_strdup(ctx, "never"));
	return time_text(ctx, value);
}

static char *limit_text(TALLOC_CTX *ctx, json_t const *value)
{
	if (json_is_null(value)) return ctl_need(talloc_strdup(ctx, "-"));
	if (!json_integer_value(value)) return ctl_need(talloc_strdup(ctx, "unlimited"));
	return ctl_escape_plain(ctx, value);
}

static char *duration_text(TALLOC_CTX *ctx, json_t const *value)
{
	char text[CTL_WHEN_TEXT_MAX];

	if (json_is_null(value)) return ctl_need(talloc_strdup(ctx, "-"));
	if (!json_integer_value(value)) return ctl_need(talloc_strdup(ctx, "never"));
	return ctl_need(talloc_strdup(ctx, ctl_when_print_duration(text, json_integer_value(value))));
}

static char *yes_text(TALLOC_CTX *ctx, json_t const *value)
{
	return ctl_need(talloc_strdup(ctx, json_is_true(value) ? "yes" : json_is_false(value) ? "no" : "-"));
}

static char *list_text(TALLOC_CTX *ctx, json_t const *value)
{
	char *text, *escaped;

	if (json_array_size(value) == 0) return ctl_need(talloc_strdup(ctx, "-"));
	text = ctl_escape_plain(NULL, value);
	escaped = ctl_escape_text(ctx, text);
	ctl_escape_free(text);
	return escaped;
}

static char *devices_text(TALLOC_CTX *ctx, json_t const *value)
{
	char *text = ctl_need(talloc_strdup(ctx, json_array_size(value) ? "" : "none"));
	json_t const *device;
	size_t i;

	json_array_foreach(value, i, device) {
		char seen[CTL_WHEN_TEXT_MAX];

		ctl_when_print(seen, json_integer_value(json_object_get(device, "last_seen")));
		text = ctl_need(talloc_asprintf_append_buffer(text, "%s%s  last seen %s%s", i ? "\n" : "",
							      json_string_value(json_object_get(device, "mac")), seen,
							      json_is_true(json_object_get(device, "local")) ?
							      "  local address" : ""));
	}
	return text;
}

static char *sessions_text(TALLOC_CTX *ctx, json_t const *value)
{
	char *text = ctl_need(talloc_strdup(ctx, json_array_size(value) ? "" : "none"));
	json_t const *session;
	size_t i;

	json_array_foreach(value, i, session) {
		json_t const *bssid = json_object_get(session, "bssid"), *ssid = json_object_get(session, "ssid");
		char *since = time_text(NULL, json_object_get(session, "since"));

		text = talloc_asprintf_append_buffer(text, "%s%s  at %s", i ? "\n" : "",
						     json_string_value(json_object_get(session, "mac")),
						     json_string_value(json_object_get(session, "nas")));
		text = ctl_need(text);
		if (json_is_string(bssid)) text = talloc_asprintf_append_buffer(text, " %s", json_string_value(bssid));
		text = ctl_need(text);
		if (json_is_string(ssid)) text = talloc_asprintf_append_buffer(text, " %s", json_string_value(ssid));
		text = ctl_need(text);
		text = ctl_need(talloc_asprintf_append_buffer(text, "  since %s", since));
		talloc_free(since);
	}
	return text;
}

/*
 * --- The rows ---
 */
ctl_column_t const ctl_record_keys[] = {
	{ .name = "id", .heading = "ID", .value = id_value },
	{ .name = "name", .heading = "NAME", .value = name_value },
	{ .name = "ssid", .heading = "SSID", .value = ssid_value },
	{ .name = "ssid_hex", .value = ssid_hex_value },
	{ .name = "org", .value = org_value },
	{ .name = "site", .heading = "SITE", .value = site_value, .text = list_text },
	{ .name = "role", .heading = "ROLE", .value = role_value },
	{ .name = "vlan", .heading = "VLAN", .value = vlan_value },
	{ .name = "usage", .value = usage_value },
	{ .name = "macs", .value = macs_value, .text = list_text },
	{ .name = "max", .heading = "MAX", .value = max_value, .text = limit_text },
	{ .name = "concurrent", .value = concurrent_value, .text = limit_text },
	{ .name = "idle", .value = idle_value, .text = duration_text },
	{ .name = "when_full", .value = when_full_value },
	{ .name = "nbf", .value = nbf_value, .text = time_text },
	{ .name = "exp", .heading = "EXPIRES", .value = exp_value, .text = until_text, .zero_last = true },
	{ .name = "valid_for", .value = valid_for_value, .text = duration_text },
	{ .name = "activated", .value = activated_value, .text = time_text },
	{ .name = "hours", .value = hours_value },
	{ .name = "enabled", .value = enabled_value, .text = yes_text },
	{ .name = "state", .heading = "STATE", .value = state_value },
	{ .name = "rotate_every", .value = rotate_every_value, .text = duration_text },
	{ .name = "rotated", .value = rotated_value, .text = time_text },
	{ .name = "old_exp", .heading = "OLD UNTIL", .value = old_exp_value, .text = time_text, .optional = true },
	{ .name = "old_used", .heading = "OLD USED", .value = old_used_value, .text = time_text, .optional = true },
	{ .name = "email", .value = email_value },
	{ .name = "tags", .value = tags_value, .text = list_text },
	{ .name = "notify_expiry", .value = notify_expiry_value, .text = yes_text },
	{ .name = "notify_days", .value = notify_days_value },
	{ .name = "notify_edit", .value = notify_edit_value, .text = yes_text },
	{ .name = "note", .value = note_value },
	{ .name = "created", .value = created_value, .text = time_text },
	{ .name = "modified", .value = modified_value, .text = time_text },
	{ .name = "psk", .heading = "PSK", .value = psk_value, .needs = CTL_WANT_PSK },
	{ .name = "psk_hex", .value = psk_hex_value, .needs = CTL_WANT_PSK },
	{ .name = "used", .heading = "USED", .value = used_value, .needs = CTL_WANT_USES },
	{ .name = "last_seen", .heading = "LAST SEEN", .value = last_seen_value, .text = time_text,
	  .needs = CTL_WANT_USES },
	{ .name = "devices", .value = devices_value, .text = devices_text, .needs = CTL_WANT_DEVICES },
	{ .name = "sessions", .value = sessions_value, .text = sessions_text, .needs = CTL_WANT_OPEN },
	{ .name = "malformed", .heading = "MALFORMED", .value = malformed_value, .needs = CTL_WANT_MALFORMED,
	  .optional = true },
	{ .name = NULL }
};

ctl_column_t const ctl_record_devices[] = {
	{ .name = "mac", .heading = "MAC", .value = device_mac_value },
	{ .name = "last_seen", .heading = "LAST SEEN", .value = device_seen_value, .text = time_text },
	{ .name = "local", .heading = "LOCAL", .value = device_local_value, .text = yes_text },
	{ .name = NULL }
};

/*
 * --- Back to the store ---
 */
static void stored_field(ctl_changes_t *fields, mpsk_key_field_t const *field, mpsk_key_t const *key)
{
	char *value = NULL;
	size_t len = 0;
	mpsk_status_t status = field->print(fields, key, &value, &len);

	if (status == MPSK_MISS) return;
	ctl_need(status == MPSK_OK ? value : NULL);
	ctl_changes_put(fields, field->name, strlen(field->name), value, len);
	mpsk_secret_wipe(value, len);
	talloc_free(value);
}

static void stored_pmk(ctl_changes_t *fields, char const *fingerprint, mpsk_key_pmk_t const *pmk)
{
	char name[MPSK_PMK_NAME_MAX], value[MPSK_PMK_VALUE_LEN + 1];
	size_t name_len = mpsk_pmk_field_name(name, &pmk->ssid);

	mpsk_pmk_field_print(value, fingerprint, &pmk->pmk);
	ctl_changes_put(fields, name, name_len, value, MPSK_PMK_VALUE_LEN);
	mpsk_secret_wipe(value, sizeof(value));
}

void ctl_record_stored(ctl_changes_t *fields, mpsk_key_t const *key)
{
	for (mpsk_key_field_t const *field = mpsk_key_fields; field->name; field++) stored_field(fields, field, key);
	for (size_t i = 0; i < key->n_pmks; i++) stored_pmk(fields, key->fingerprint, &key->pmks[i]);
}
