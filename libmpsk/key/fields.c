/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "key/fields.h"

#include <string.h>

#include "base/secret.h"
#include "key/list.h"
#include "key/mac_pattern.h"
#include "key/vlans.h"

#define SHOWN_MAX	32
#define SEALED_PREFIX	"enc1:"

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

#define TEXT_FIELD(_name, _max) \
	static mpsk_status_t _name##_parse(mpsk_key_t *key, char const *value, size_t len, mpsk_error_t *err) \
	{ \
		return text_parse(key, &key->_name, _max, value, len, err); \
	}

#define NUMBER_FIELD(_name) \
	static mpsk_status_t _name##_parse(mpsk_key_t *key, char const *value, size_t len, mpsk_error_t *err) \
	{ \
		return number_parse(&key->_name, value, len, err); \
	}

TEXT_FIELD(name, MPSK_NAME_MAX)
TEXT_FIELD(role, MPSK_NAME_MAX)
TEXT_FIELD(email, MPSK_NAME_MAX)
TEXT_FIELD(note, MPSK_NOTE_MAX)
NUMBER_FIELD(max)
NUMBER_FIELD(concurrent)
NUMBER_FIELD(idle)
NUMBER_FIELD(nbf)
NUMBER_FIELD(exp)
NUMBER_FIELD(old_exp)
NUMBER_FIELD(created)
NUMBER_FIELD(modified)

static mpsk_status_t secret_parse(wpa_psk_t *psk, char fingerprint[static MPSK_FINGERPRINT_LEN + 1],
				  char const *value, size_t len, mpsk_error_t *err)
{
	mpsk_status_t status;

	if (len == 0) return MPSK_OK;
	if (len >= sizeof(SEALED_PREFIX) - 1 && memcmp(value, SEALED_PREFIX, sizeof(SEALED_PREFIX) - 1) == 0) {
		return mpsk_error_set(err, MPSK_BAD, "sealed (" SEALED_PREFIX ") and there is no keyring to open it");
	}
	status = wpa_psk_set(psk, value, len, err);
	if (status != MPSK_OK) return status;
	mpsk_key_fingerprint(fingerprint, value, len);
	return fingerprint[0] ? MPSK_OK : mpsk_error_set(err, MPSK_ERR, "libcrypto gives no SHA-1");
}

static mpsk_status_t psk_parse(mpsk_key_t *key, char const *value, size_t len, mpsk_error_t *err)
{
	return secret_parse(&key->psk, key->fingerprint, value, len, err);
}

static mpsk_status_t old_psk_parse(mpsk_key_t *key, char const *value, size_t len, mpsk_error_t *err)
{
	return secret_parse(&key->old_psk, key->old_fingerprint, value, len, err);
}

static mpsk_status_t org_parse(mpsk_key_t *key, char const *value, size_t len, mpsk_error_t *err)
{
	if (len > 0 && !is_place(value, len)) {
		return wrong(err, value, len, "a name of 1 to 128 letters, digits, '.', '_' and '-'");
	}
	return text_parse(key, &key->org, MPSK_NAME_MAX, value, len, err);
}

static mpsk_status_t site_parse(mpsk_key_t *key, char const *value, size_t len, mpsk_error_t *err)
{
	mpsk_list_t list = { .p = value, .left = len };
	size_t n = mpsk_list_count(value, len), item_len;
	char const *item;
	bool any = false;
	char *to;

	if (len == 0) return MPSK_OK;
	/* A list of nothing must not come to mean every site. */
	if (n == 0) return wrong(err, value, len, "'*' or a list of sites");
	if (n > MPSK_LIST_MAX) {
		return mpsk_error_set(err, MPSK_BAD, "%zu sites, and at most %d are allowed", n, MPSK_LIST_MAX);
	}
	/* A NUL for each separator, and the last one's. */
	to = key->sites = talloc_size(key, len + 1);
	if (!to) return no_memory(err);
	for (key->n_sites = 0; mpsk_list_next(&list, &item, &item_len); key->n_sites++) {
		if (item_len == 1 && *item == '*') {
			any = true;
		} else if (!is_place(item, item_len)) {
			return wrong(err, item, item_len,
				     "'*' or a name of 1 to 128 letters, digits, '.', '_' and '-'");
		}
		memcpy(to, item, item_len);
		to[item_len] = '\0';
		to += item_len + 1;
	}
	if (any) {
		TALLOC_FREE(key->sites);
		key->n_sites = 0;
	}
	return MPSK_OK;
}

static mpsk_status_t ssid_parse(mpsk_key_t *key, char const *value, size_t len, mpsk_error_t *err)
{
	if (len == 0 || (len == 1 && *value == '*')) return MPSK_OK;
	if (!mpsk_ssid_set(&key->ssid, value, len)) {
		return mpsk_error_set(err, MPSK_BAD, "%zu octets, and an SSID has at most %d", len, MPSK_SSID_MAX);
	}
	key->any_ssid = false;
	return MPSK_OK;
}

static mpsk_status_t usage_parse(mpsk_key_t *key, char const *value, size_t len, mpsk_error_t *err)
{
	static char const *const names[] = {
		[MPSK_USAGE_MULTI] = "multi", [MPSK_USAGE_SINGLE] = "single", [MPSK_USAGE_MACS] = "macs"
	};

	if (len == 0) return MPSK_OK;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (len == strlen(names[i]) && memcmp(value, names[i], len) == 0) {
			key->usage = (mpsk_usage_t) i;
			return MPSK_OK;
		}
	}
	return wrong(err, value, len, "one of multi, single and macs");
}

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

static mpsk_status_t enabled_parse(mpsk_key_t *key, char const *value, size_t len, mpsk_error_t *err)
{
	if (len == 0) return MPSK_OK;
	if (len != 1 || (*value != '0' && *value != '1')) return wrong(err, value, len, "0 or 1");
	key->enabled = *value == '1';
	return MPSK_OK;
}

mpsk_key_field_t const mpsk_key_fields[] = {
	{ .name = "name", .parse = name_parse,
	  .help = "who holds the key, as accounting carries it: up to 128 octets; default: the id" },
	{ .name = "enabled", .number = true, .parse = enabled_parse, .help = "0 or 1; default 1" },
	{ .name = "psk", .secret = true, .parse = psk_parse,
	  .help = "passphrase of 8 to 63 octets, or the PMK in 64 hex digits" },
	{ .name = "ssid", .parse = ssid_parse, .help = "SSID of up to 32 octets, or *; default *, any SSID" },
	{ .name = "org", .parse = org_parse,
	  .help = "organisation: letters, digits, '.', '_', '-', UTF-8, up to 128 octets; default: none" },
	{ .name = "site", .parse = site_parse,
	  .help = "sites, with commas or spaces between, or *; default *, any site" },
	{ .name = "usage", .parse = usage_parse,
	  .help = "multi: any device; single: one device; macs: the devices in macs; default multi" },
	{ .name = "macs", .parse = macs_parse,
	  .help = "MACs, or first digits and * (aa:bb:cc:*), with commas or spaces between; default: none" },
	{ .name = "max", .number = true, .parse = max_parse,
	  .help = "devices that may hold the key at a time; 0 = unlimited; default: the server's default_max" },
	{ .name = "concurrent", .number = true, .parse = concurrent_parse,
	  .help = "devices that may be online at a time; 0 = unlimited; default: the server's" },
	{ .name = "idle", .number = true, .parse = idle_parse,
	  .help = "seconds after which an unseen device may make way; 0 = never; default: the server's default_idle" },
	{ .name = "vlan", .number = true, .parse = vlan_parse,
	  .help = "1 to 4094, a name that the site gives a number, or 0 for none; default 0" },
	{ .name = "role", .parse = role_parse, .help = "role, up to 128 octets; default: none" },
	{ .name = "nbf", .number = true, .parse = nbf_parse,
	  .help = "epoch seconds from which the key is valid; 0 = at once; default 0" },
	{ .name = "exp", .number = true, .parse = exp_parse,
	  .help = "epoch seconds from which it is no longer valid; 0 = never; default 0" },
	{ .name = "old_psk", .secret = true, .parse = old_psk_parse,
	  .help = "the PSK before the last change, still good until old_exp; default: none" },
	{ .name = "old_exp", .number = true, .parse = old_exp_parse,
	  .help = "epoch seconds from which old_psk is no longer valid; 0 = never; default 0" },
	{ .name = "email", .parse = email_parse, .help = "address of the holder, up to 128 octets; default: none" },
	{ .name = "note", .parse = note_parse, .help = "anything, up to 1024 octets; default: none" },
	{ .name = "created", .number = true, .parse = created_parse, .help = "epoch seconds; default 0, unknown" },
	{ .name = "modified", .number = true, .parse = modified_parse, .help = "epoch seconds; default 0, unknown" },
	{ .name = NULL }
};

_Static_assert(sizeof(mpsk_key_fields) / sizeof(mpsk_key_fields[0]) - 1 <= MPSK_KEY_FIELDS_MAX,
	       "mpsk_key_parse() keeps so many apart");

mpsk_key_field_t const *mpsk_key_field(char const *name, size_t len)
{
	for (mpsk_key_field_t const *field = mpsk_key_fields; field->name; field++) {
		/* Read a million times ten: the first letter alone tells most apart. */
		if (len == 0 || *field->name != *name) continue;
		if (strlen(field->name) == len && memcmp(field->name, name, len) == 0) return field;
	}
	return NULL;
}
