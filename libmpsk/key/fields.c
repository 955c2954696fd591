/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "key/fields.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "key/list.h"
#include "key/mac_pattern.h"
#include "key/seal.h"
#include "key/vlans.h"

#define SHOWN_MAX	32

/* Only for fields that are no secret. */
static mpsk_status_t wrong(mpsk_error_t *err, char const *value, size_t len, char const *expected)
{
	int shown = len > SHOWN_MAX ? SHOWN_MAX : (int) len;

	return mpsk_error_set(err, MPSK_BAD, "'%.*s%s' is not %s", shown, value, len > SHOWN_MAX ? "..." : "",
			      expected);
}

static mpsk_status_t no_memory(mpsk_error_t *err)
{
	return mpsk_error_set(err, MPSK_ERR, "out of memory");
}

static mpsk_status_t text_parse(mpsk_key_t *key, char **text, size_t max, char const *value, size_t len,
				mpsk_error_t *err)
{
	if (len == 0) return MPSK_OK;
	if (len > max) return mpsk_error_set(err, MPSK_BAD, "%zu octets, and at most %zu are allowed", len, max);
	for (size_t i = 0; i < len; i++) {
		uint8_t c = (uint8_t) value[i];

		if (c < 0x20 || c == 0x7f) {
			return mpsk_error_set(err, MPSK_BAD, "holds a control character (octet %u at position %zu)",
					      c, i + 1);
		}
	}
	*text = talloc_strndup(key, value, len);
	return *text ? MPSK_OK : no_memory(err);
}

/* The name of an organisation or a site: also part of other keys' names in the store. */
static bool is_place(char const *value, size_t len)
{
	if (len == 0 || len > MPSK_NAME_MAX) return false;
	for (size_t i = 0; i < len; i++) {
		if ((uint8_t) value[i] < 0x80 && !mpsk_id_valid(value + i, 1)) return false;
	}
	return true;
}

static mpsk_status_t number_parse(int64_t *number, char const *value, size_t len, mpsk_error_t *err)
{
	if (len == 0 || mpsk_number_parse(number, value, len)) return MPSK_OK;
	return wrong(err, value, len, "a number of 1 to 12 digits");
}

static mpsk_status_t bool_parse(bool *flag, char const *value, size_t len, mpsk_error_t *err)
{
	if (len == 0) return MPSK_OK;
	if (len != 1 || (*value != '0' && *value != '1')) return wrong(err, value, len, "0 or 1");
	*flag = *value == '1';
	return MPSK_OK;
}

static mpsk_status_t octets_print(TALLOC_CTX *ctx, char **value, size_t *len, void const *octets, size_t n)
{
	*len = n;
	*value = talloc_strndup(ctx, "", 0);
	if (*value) *value = talloc_realloc(ctx, *value, char, n + 1);
	if (!*value) return MPSK_ERR;
	memcpy(*value, octets, n);
	(*value)[n] = '\0';
	return MPSK_OK;
}

static mpsk_status_t text_print(TALLOC_CTX *ctx, char **value, size_t *len, char const *text)
{
	return text && *text ? octets_print(ctx, value, len, text, strlen(text)) : MPSK_MISS;
}

static mpsk_status_t number_print(TALLOC_CTX *ctx, char **value, size_t *len, int64_t number, int64_t absent)
{
	char text[24];

	if (number == absent) return MPSK_MISS;
	snprintf(text, sizeof(text), "%" PRId64, number);
	return text_print(ctx, value, len, text);
}

/* Most fields: what puts a value into the record, and what takes it out again. */
#define PARSE(_name, _answer) \
	static mpsk_status_t _name##_parse(mpsk_key_t *key, char const *value, size_t len, mpsk_error_t *err) \
	{ \
		return _answer; \
	}

#define PRINT(_name, _answer) \
	static mpsk_status_t _name##_print(TALLOC_CTX *ctx, mpsk_key_t const *key, char **value, size_t *len) \
	{ \
		return _answer; \
	}

#define TEXT_FIELD(_name, _max) \
	PARSE(_name, text_parse(key, &key->_name, _max, value, len, err)) \
	PRINT(_name, text_print(ctx, value, len, key->_name))

#define NUMBER_FIELD(_name, _absent) \
	PARSE(_name, number_parse(&key->_name, value, len, err)) \
	PRINT(_name, number_print(ctx, value, len, key->_name, _absent))

#define BOOL_FIELD(_name, _absent) \
	PARSE(_name, bool_parse(&key->_name, value, len, err)) \
	PRINT(_name, number_print(ctx, value, len, key->_name, _absent))

PARSE(name, text_parse(key, &key->name, MPSK_NAME_MAX, value, len, err))
/* A name that is the id is what an absent one means. */
PRINT(name, strcmp(key->name, key->id) == 0 ? MPSK_MISS : text_print(ctx, value, len, key->name))
TEXT_FIELD(role, MPSK_NAME_MAX)
TEXT_FIELD(email, MPSK_NAME_MAX)
TEXT_FIELD(note, MPSK_NOTE_MAX)
NUMBER_FIELD(max, MPSK_LIMIT_DEFAULT)
NUMBER_FIELD(concurrent, MPSK_LIMIT_DEFAULT)
NUMBER_FIELD(idle, MPSK_LIMIT_DEFAULT)
NUMBER_FIELD(nbf, 0)
NUMBER_FIELD(exp, 0)
NUMBER_FIELD(valid_for, 0)
NUMBER_FIELD(activated, 0)
NUMBER_FIELD(rotate_every, 0)
NUMBER_FIELD(rotated, 0)
NUMBER_FIELD(old_exp, 0)
NUMBER_FIELD(old_used, 0)
NUMBER_FIELD(notify_days, 0)
NUMBER_FIELD(created, 0)
NUMBER_FIELD(modified, 0)
BOOL_FIELD(enabled, true)
BOOL_FIELD(notify_expiry, false)
BOOL_FIELD(notify_edit, false)

/* A PSK, and of what the store holds in its place the fingerprint. */
static mpsk_status_t secret_parse(wpa_psk_t *psk, char fingerprint[static MPSK_FINGERPRINT_LEN + 1],
				  char const *value, size_t len, mpsk_field_t const *stored, mpsk_error_t *err)
{
	mpsk_status_t status = wpa_psk_set(psk, value, len, err);

	if (status != MPSK_OK) return status;
	mpsk_key_fingerprint(fingerprint, stored->value, stored->value_len);
	return fingerprint[0] ? MPSK_OK : mpsk_error_set(err, MPSK_ERR, "libcrypto gives no SHA-1");
}

static mpsk_status_t clear_parse(wpa_psk_t *psk, char fingerprint[static MPSK_FINGERPRINT_LEN + 1],
				 char const *value, size_t len, mpsk_error_t *err)
{
	mpsk_field_t const stored = { .value = value, .value_len = len };

	return len > 0 ? secret_parse(psk, fingerprint, value, len, &stored, err) : MPSK_OK;
}

static mpsk_status_t psk_parse(mpsk_key_t *key, char const *value, size_t len, mpsk_error_t *err)
{
	return clear_parse(&key->psk, key->fingerprint, value, len, err);
}

static mpsk_status_t old_psk_parse(mpsk_key_t *key, char const *value, size_t len, mpsk_error_t *err)
{
	return clear_parse(&key->old_psk, key->old_fingerprint, value, len, err);
}

/* What a sealed value is to become in the record. */
typedef struct {
	wpa_psk_t	*psk;
	char		*fingerprint;
	char		**sealed;
} sealed_t;

static mpsk_status_t secret_unseal(mpsk_key_t *key, sealed_t const *to, mpsk_keyring_t const *keyring,
				   char const *value, size_t len, mpsk_error_t *err)
{
	mpsk_field_t const stored = { .value = value, .value_len = len };
	uint8_t clear[MPSK_SEAL_PLAIN_MAX];
	size_t clear_len = 0;
	mpsk_status_t status = mpsk_unseal_psk(clear, &clear_len, keyring, key->id, value, len, err);

	if (status == MPSK_MISS) return MPSK_BAD;
	if (status != MPSK_OK) return status;
	status = secret_parse(to->psk, to->fingerprint, (char const *) clear, clear_len, &stored, err);
	mpsk_secret_wipe(clear, sizeof(clear));
	if (status != MPSK_OK) return status;
	*to->sealed = talloc_strndup(key, value, len);
	return *to->sealed ? MPSK_OK : no_memory(err);
}

static mpsk_status_t psk_unseal(mpsk_key_t *key, mpsk_keyring_t const *keyring, char const *value, size_t len,
				mpsk_error_t *err)
{
	sealed_t const to = { &key->psk, key->fingerprint, &key->sealed_psk };

	return secret_unseal(key, &to, keyring, value, len, err);
}

static mpsk_status_t old_psk_unseal(mpsk_key_t *key, mpsk_keyring_t const *keyring, char const *value, size_t len,
				    mpsk_error_t *err)
{
	sealed_t const to = { &key->old_psk, key->old_fingerprint, &key->sealed_old_psk };

	return secret_unseal(key, &to, keyring, value, len, err);
}

static mpsk_status_t secret_print(TALLOC_CTX *ctx, char **value, size_t *len, wpa_psk_t const *psk, char const *sealed)
{
	if (psk->len == 0) return MPSK_MISS;
	return sealed ? text_print(ctx, value, len, sealed) : octets_print(ctx, value, len, psk->octets, psk->len);
}

PRINT(psk, secret_print(ctx, value, len, &key->psk, key->sealed_psk))
PRINT(old_psk, secret_print(ctx, value, len, &key->old_psk, key->sealed_old_psk))

static mpsk_status_t org_parse(mpsk_key_t *key, char const *value, size_t len, mpsk_error_t *err)
{
	if (len > 0 && !is_place(value, len)) {
		return wrong(err, value, len, "a name of 1 to 128 letters, digits, '.', '_' and '-'");
	}
	return text_parse(key, &key->org, MPSK_NAME_MAX, value, len, err);
}

PRINT(org, text_print(ctx, value, len, key->org))

/* A list of names, one NUL-terminated after the other; *any: one of them was '*'. */
static mpsk_status_t names_parse(mpsk_key_t *key, char **names, size_t *n_names, bool *any, char const *value,
				 size_t len, mpsk_error_t *err)
{
	mpsk_list_t list = { .p = value, .left = len };
	size_t n = mpsk_list_count(value, len), item_len;
	char const *item;
	char *to;

	if (n > MPSK_LIST_MAX) {
		return mpsk_error_set(err, MPSK_BAD, "%zu names, and at most %d are allowed", n, MPSK_LIST_MAX);
	}
	/* A NUL for each separator, and the last one's. */
	to = *names = talloc_size(key, len + 1);
	if (!to) return no_memory(err);
	for (*n_names = 0; mpsk_list_next(&list, &item, &item_len); (*n_names)++) {
		if (any && item_len == 1 && *item == '*') {
			*any = true;
		} else if (!is_place(item, item_len)) {
			return wrong(err, item, item_len,
				     any ? "'*' or a name of 1 to 128 letters, digits, '.', '_' and '-'" :
				     "a name of 1 to 128 letters, digits, '.', '_' and '-'");
		}
		memcpy(to, item, item_len);
		to[item_len] = '\0';
		to += item_len + 1;
	}
	return MPSK_OK;
}

static mpsk_status_t names_print(TALLOC_CTX *ctx, char **value, size_t *len, char const *name, size_t n)
{
	char *text = NULL;

	if (n == 0) return MPSK_MISS;
	for (size_t i = 0; i < n; i++, name = mpsk_key_site_next(name)) {
		text = i > 0 ? talloc_asprintf_append_buffer(text, ",%s", name) : talloc_strdup(ctx, name);
		if (!text) return MPSK_ERR;
	}
	*value = text;
	*len = strlen(text);
	return MPSK_OK;
}

static mpsk_status_t site_parse(mpsk_key_t *key, char const *value, size_t len, mpsk_error_t *err)
{
	bool any = false;
	mpsk_status_t status;

	if (len == 0) return MPSK_OK;
	/* A list of nothing must not come to mean every site. */
	if (mpsk_list_count(value, len) == 0) return wrong(err, value, len, "'*' or a list of sites");
	status = names_parse(key, &key->sites, &key->n_sites, &any, value, len, err);
	if (status == MPSK_OK && any) {
		TALLOC_FREE(key->sites);
		key->n_sites = 0;
	}
	return status;
}
PRINT(site, names_print(ctx, value, len, key->sites, key->n_sites))

static mpsk_status_t tags_parse(mpsk_key_t *key, char const *value, size_t len, mpsk_error_t *err)
{
	if (mpsk_list_count(value, len) == 0) return MPSK_OK;
	return names_parse(key, &key->tags, &key->n_tags, NULL, value, len, err);
}
PRINT(tags, names_print(ctx, value, len, key->tags, key->n_tags))

static mpsk_status_t ssid_parse(mpsk_key_t *key, char const *value, size_t len, mpsk_error_t *err)
{
	if (len == 0 || (len == 1 && *value == '*')) return MPSK_OK;
	if (!mpsk_ssid_set(&key->ssid, value, len)) {
		return mpsk_error_set(err, MPSK_BAD, "%zu octets, and an SSID has at most %d", len, MPSK_SSID_MAX);
	}
	key->any_ssid = false;
	return MPSK_OK;
}

PRINT(ssid, key->any_ssid ? MPSK_MISS : octets_print(ctx, value, len, key->ssid.octets, key->ssid.len))

static char const *const usages[] = {
	[MPSK_USAGE_MULTI] = "multi", [MPSK_USAGE_SINGLE] = "single", [MPSK_USAGE_MACS] = "macs"
};

static mpsk_status_t usage_parse(mpsk_key_t *key, char const *value, size_t len, mpsk_error_t *err)
{
	if (len == 0) return MPSK_OK;
	for (size_t i = 0; i < sizeof(usages) / sizeof(usages[0]); i++) {
		if (len == strlen(usages[i]) && memcmp(value, usages[i], len) == 0) {
			key->usage = (mpsk_usage_t) i;
			return MPSK_OK;
		}
	}
	return wrong(err, value, len, "one of multi, single and macs");
}
PRINT(usage, key->usage == MPSK_USAGE_MULTI ? MPSK_MISS : text_print(ctx, value, len, usages[key->usage]))

static mpsk_status_t when_full_parse(mpsk_key_t *key, char const *value, size_t len, mpsk_error_t *err)
{
	if (len == 0 || mpsk_when_full_parse(&key->when_full, value, len)) return MPSK_OK;
	return wrong(err, value, len, "one of " MPSK_WHEN_FULL_NAMES);
}
PRINT(when_full, text_print(ctx, value, len, mpsk_when_full_name(key->when_full)))

static mpsk_status_t macs_parse(mpsk_key_t *key, char const *value, size_t len, mpsk_error_t *err)
{
	mpsk_list_t list = { .p = value, .left = len };
	size_t n = mpsk_list_count(value, len), item_len;
	char const *item;

	if (n == 0) return MPSK_OK;
	if (n > MPSK_LIST_MAX) {
		return mpsk_error_set(err, MPSK_BAD, "%zu addresses, and at most %d are allowed", n, MPSK_LIST_MAX);
	}
	key->macs = talloc_array(key, mpsk_mac_pattern_t, n);
	if (!key->macs) return no_memory(err);
	for (key->n_macs = 0; mpsk_list_next(&list, &item, &item_len); key->n_macs++) {
		if (!mpsk_mac_pattern_parse(&key->macs[key->n_macs], item, item_len)) {
			return wrong(err, item, item_len, "a MAC, nor the start of one and '*', as aa:bb:cc:*");
		}
	}
	return MPSK_OK;
}

static mpsk_status_t macs_print(TALLOC_CTX *ctx, mpsk_key_t const *key, char **value, size_t *len)
{
	char *text = NULL;

	if (key->n_macs == 0) return MPSK_MISS;
	text = talloc_zero_array(ctx, char, key->n_macs * MPSK_MAC_PATTERN_TEXT_MAX);
	if (!text) return MPSK_ERR;
	*value = text;
	for (size_t i = 0; i < key->n_macs; i++) {
		if (i > 0) *text++ = ',';
		text += strlen(mpsk_mac_pattern_print(text, &key->macs[i]));
	}
	*len = (size_t) (text - *value);
	return MPSK_OK;
}

static mpsk_status_t vlan_parse(mpsk_key_t *key, char const *value, size_t len, mpsk_error_t *err)
{
	int64_t vlan = 0;

	if (mpsk_vlan_name_valid(value, len)) {
		key->vlan_name = talloc_strndup(key, value, len);
		return key->vlan_name ? MPSK_OK : no_memory(err);
	}
	if (len > 0 && (!mpsk_number_parse(&vlan, value, len) || vlan > MPSK_VLAN_MAX)) {
		return wrong(err, value, len, "a VLAN, 1 to 4094, nor 0 for none, nor the name of one");
	}
	key->vlan = (uint16_t) vlan;
	return MPSK_OK;
}
PRINT(vlan, key->vlan_name ? text_print(ctx, value, len, key->vlan_name) :
	    number_print(ctx, value, len, key->vlan, 0))

static mpsk_status_t hours_parse(mpsk_key_t *key, char const *value, size_t len, mpsk_error_t *err)
{
	mpsk_status_t status;

	if (len == 0) return MPSK_OK;
	status = text_parse(key, &key->hours_text, MPSK_HOURS_TEXT_MAX, value, len, err);
	return status == MPSK_OK ? mpsk_hours_parse(&key->hours, value, len, err) : status;
}
PRINT(hours, text_print(ctx, value, len, key->hours_text))

mpsk_key_field_t const mpsk_key_fields[] = {
	{ .name = "name", .parse = name_parse, .print = name_print,
	  .help = "who holds the key, as accounting carries it: up to 128 octets; default: the id" },
	{ .name = "enabled", .number = true, .parse = enabled_parse, .print = enabled_print,
	  .help = "0 or 1; default 1" },
	{ .name = "psk", .secret = true, .parse = psk_parse, .unseal = psk_unseal, .print = psk_print,
	  .help = "passphrase of 8 to 63 octets, or the PMK in 64 hex digits" },
	{ .name = "ssid", .parse = ssid_parse, .print = ssid_print,
	  .help = "SSID of up to 32 octets, or *; default *, any SSID" },
	{ .name = "org", .parse = org_parse, .print = org_print,
	  .help = "organisation: letters, digits, '.', '_', '-', UTF-8, up to 128 octets; default: none" },
	{ .name = "site", .parse = site_parse, .print = site_print,
	  .help = "sites, with commas or spaces between, or *; default *, any site" },
	{ .name = "usage", .parse = usage_parse, .print = usage_print,
	  .help = "multi: any device; single: one device; macs: the devices in macs; default multi" },
	{ .name = "macs", .parse = macs_parse, .print = macs_print,
	  .help = "MACs, or first digits and * (aa:bb:cc:*), with commas or spaces between; default: none" },
	{ .name = "max", .number = true, .parse = max_parse, .print = max_print,
	  .help = "devices that may hold the key at a time; 0 = unlimited; default: the server's default_max" },
	{ .name = "concurrent", .number = true, .parse = concurrent_parse, .print = concurrent_print,
	  .help = "devices that may be online at a time; 0 = unlimited; default 0" },
	{ .name = "idle", .number = true, .parse = idle_parse, .print = idle_print,
	  .help = "seconds after which an unseen device may make way; 0 = never; default: the server's default_idle" },
	{ .name = "when_full", .parse = when_full_parse, .print = when_full_print,
	  .help = "for a new device at the cap: reject, replace-idle (those unseen for idle make way) or "
		  "replace-oldest-random (random MACs do); default: the site's, else the server's" },
	{ .name = "vlan", .number = true, .parse = vlan_parse, .print = vlan_print,
	  .help = "1 to 4094, a name that the site gives a number, or 0 for none; default 0" },
	{ .name = "role", .parse = role_parse, .print = role_print, .help = "role, up to 128 octets; default: none" },
	{ .name = "nbf", .number = true, .parse = nbf_parse, .print = nbf_print,
	  .help = "epoch seconds from which the key is valid; 0 = at once; default 0" },
	{ .name = "exp", .number = true, .parse = exp_parse, .print = exp_print,
	  .help = "epoch seconds from which it is no longer valid; 0 = never; default 0" },
	{ .name = "valid_for", .number = true, .parse = valid_for_parse, .print = valid_for_print,
	  .help = "seconds for which the key is valid from its first use, within exp; 0 = as exp says; default 0" },
	{ .name = "activated", .number = true, .parse = activated_parse, .print = activated_print,
	  .help = "epoch seconds of the first use of a key with valid_for; 0 = not used yet; default 0" },
	{ .name = "hours", .parse = hours_parse, .print = hours_print,
	  .help = "when the key works: days, times, ';' between several, and a time zone, as "
		  "Mo-Fr 08:00-18:00; Sa 10:00-14:00 Europe/Berlin; default: always" },
	{ .name = "rotate_every", .number = true, .parse = rotate_every_parse, .print = rotate_every_print,
	  .help = "seconds after which `maintain` gives the key a new PSK; 0 = never; default 0" },
	{ .name = "rotated", .number = true, .parse = rotated_parse, .print = rotated_print,
	  .help = "epoch seconds of the last change of the PSK; 0 = unknown; default 0" },
	{ .name = "old_psk", .secret = true, .parse = old_psk_parse, .unseal = old_psk_unseal,
	  .print = old_psk_print,
	  .help = "the PSK before the last change, still good until old_exp; default: none" },
	{ .name = "old_exp", .number = true, .parse = old_exp_parse, .print = old_exp_print,
	  .help = "epoch seconds from which old_psk is no longer valid; 0 = never; default 0" },
	{ .name = "old_used", .number = true, .parse = old_used_parse, .print = old_used_print,
	  .help = "epoch seconds at which a device last came with old_psk; 0 = none did; default 0" },
	{ .name = "email", .parse = email_parse, .print = email_print,
	  .help = "address of the holder, up to 128 octets; default: none" },
	{ .name = "tags", .parse = tags_parse, .print = tags_print,
	  .help = "tags, with commas or spaces between, each as a site's name; default: none" },
	{ .name = "notify_expiry", .number = true, .parse = notify_expiry_parse, .print = notify_expiry_print,
	  .help = "0 or 1: tell the holder before the key expires; default 0" },
	{ .name = "notify_days", .number = true, .parse = notify_days_parse, .print = notify_days_print,
	  .help = "how many days before; default: the tool's own" },
	{ .name = "notify_edit", .number = true, .parse = notify_edit_parse, .print = notify_edit_print,
	  .help = "0 or 1: tell the holder when the key is made or changed; default 0" },
	{ .name = "note", .parse = note_parse, .print = note_print,
	  .help = "anything, up to 1024 octets; default: none" },
	{ .name = "created", .number = true, .parse = created_parse, .print = created_print,
	  .help = "epoch seconds; default 0, unknown" },
	{ .name = "modified", .number = true, .parse = modified_parse, .print = modified_print,
	  .help = "epoch seconds; default 0, unknown" },
	{ .name = NULL }
};

_Static_assert(sizeof(mpsk_key_fields) / sizeof(mpsk_key_fields[0]) - 1 <= MPSK_KEY_FIELDS_MAX,
	       "mpsk_key_parse() keeps so many apart");

mpsk_status_t mpsk_key_field_print_clear(TALLOC_CTX *ctx, mpsk_key_field_t const *field, mpsk_key_t const *key,
					 char **value, size_t *len)
{
	mpsk_key_t clear = *key;
	mpsk_status_t status;

	clear.sealed_psk = clear.sealed_old_psk = NULL;
	status = field->print(ctx, &clear, value, len);
	mpsk_secret_wipe(&clear, sizeof(clear));
	return status;
}

mpsk_key_field_t const *mpsk_key_field(char const *name, size_t len)
{
	for (mpsk_key_field_t const *field = mpsk_key_fields; field->name; field++) {
		/* Read a million times ten: the first letter alone tells most apart. */
		if (len == 0 || *field->name != *name) continue;
		if (strlen(field->name) == len && memcmp(field->name, name, len) == 0) return field;
	}
	return NULL;
}
