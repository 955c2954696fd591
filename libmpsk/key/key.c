/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "key/key.h"

#include <string.h>

#include "base/secret.h"
#include "key/fields.h"
#include "key/list.h"
#include "key/mac_pattern.h"
#include "key/pmk_field.h"
#include "key/seal.h"

#define PREFIX_LEN	(sizeof(MPSK_PMK_FIELD_PREFIX) - 1)
#define PRINT_LEN	16	/* digits of a fingerprint that `resealed` has: as many as a pmk: field */
#define STEP_LEN	(2 * PRINT_LEN + 1)
#define RESEALED	"resealed"

/* talloc runs this before it frees the record's children, so pmks is still there. */
static int key_wipe(mpsk_key_t *key)
{
	mpsk_secret_wipe(&key->psk, sizeof(key->psk));
	mpsk_secret_wipe(&key->old_psk, sizeof(key->old_psk));
	if (key->pmks) mpsk_secret_wipe(key->pmks, key->n_pmks * sizeof(key->pmks[0]));
	return 0;
}

static mpsk_key_t *key_create(TALLOC_CTX *ctx, char const *id, size_t id_len)
{
	mpsk_key_t *key = talloc_zero(ctx, mpsk_key_t);

	if (!key) return NULL;
	talloc_set_destructor(key, key_wipe);
	key->id = talloc_strndup(key, id, id_len);
	key->any_ssid = true;
	key->enabled = true;
	key->max = key->concurrent = key->idle = MPSK_LIMIT_DEFAULT;
	return key;
}

/* What a parse goes by. */
typedef struct {
	mpsk_field_t const	*fields;
	size_t			n;
	mpsk_keyring_t const	*keyring;
} source_t;

/* The form of one secret; sealed is its text, where it has one. */
static unsigned form_of(mpsk_keyring_t const *keyring, char const *sealed, size_t len)
{
	mpsk_kek_t const *newest = keyring ? mpsk_keyring_newest(keyring) : NULL;

	if (!mpsk_seal_is(sealed, len)) return MPSK_KEY_IN_CLEAR;
	return newest && mpsk_seal_is_by(newest, sealed, len) ? MPSK_KEY_SEALED_NEWEST : MPSK_KEY_SEALED_BEFORE;
}

static mpsk_status_t field_parse(mpsk_key_t *key, mpsk_key_field_t const *row, mpsk_field_t const *field,
				 mpsk_keyring_t const *keyring, mpsk_error_t *why)
{
	if (!row->unseal || field->value_len == 0) return row->parse(key, field->value, field->value_len, why);
	key->forms |= form_of(keyring, field->value, field->value_len);
	if (!mpsk_seal_is(field->value, field->value_len)) return row->parse(key, field->value, field->value_len, why);
	return row->unseal(key, keyring, field->value, field->value_len, why);
}

static mpsk_status_t fields_parse(mpsk_key_t *key, source_t const *source, mpsk_error_t *err)
{
	mpsk_field_t const *last[MPSK_KEY_FIELDS_MAX] = { NULL };

	for (size_t i = 0; i < source->n; i++) {
		mpsk_key_field_t const *row = mpsk_key_field(source->fields[i].name, source->fields[i].name_len);

		if (row) last[row - mpsk_key_fields] = &source->fields[i];
	}
	for (mpsk_key_field_t const *row = mpsk_key_fields; row->name; row++) {
		mpsk_field_t const *field = last[row - mpsk_key_fields];
		mpsk_error_t why = { .text = "" };
		mpsk_status_t status;

		if (!field) continue;
		status = field_parse(key, row, field, source->keyring, &why);
		if (status != MPSK_OK) return mpsk_error_set(err, status, "%s: %s", row->name, why.text);
	}
	return MPSK_OK;
}

static mpsk_status_t defaults_set(mpsk_key_t *key, mpsk_error_t *err)
{
	if (key->psk.len == 0) {
		return mpsk_error_set(err, MPSK_BAD, "psk: absent; set it to 8 to 63 octets or 64 hex digits");
	}
	if (!key->name) key->name = talloc_strdup(key, key->id);
	if (!key->org) key->org = talloc_strdup(key, "");
	return key->id && key->name && key->org ? MPSK_OK : mpsk_error_set(err, MPSK_ERR, "out of memory");
}

static bool is_pmk_field(mpsk_field_t const *field)
{
	return field->name_len >= PREFIX_LEN && field->name_len <= MPSK_PMK_NAME_MAX &&
	       memcmp(field->name, MPSK_PMK_FIELD_PREFIX, PREFIX_LEN) == 0;
}

static bool pmk_parse(mpsk_key_t *key, mpsk_key_pmk_t *to, mpsk_field_t const *field, mpsk_keyring_t const *keyring)
{
	size_t sealed_len;
	char const *sealed = mpsk_pmk_field_secret(field->value, field->value_len, &sealed_len);

	/* What is passed over counts too: it may be a secret as good as any. */
	key->forms |= form_of(keyring, sealed, sealed_len);
	return mpsk_ssid_set(&to->ssid, field->name + PREFIX_LEN, field->name_len - PREFIX_LEN) &&
	       mpsk_pmk_field_open(&to->pmk, keyring, key, &to->ssid, field->value, field->value_len) == MPSK_OK;
}

/* One array at its final size, for one that grew would leave PMKs behind in freed memory. */
static mpsk_status_t pmks_parse(mpsk_key_t *key, source_t const *source, mpsk_error_t *err)
{
	size_t n = 0;

	for (size_t i = 0; i < source->n; i++) n += is_pmk_field(&source->fields[i]);
	if (n == 0) return MPSK_OK;
	key->pmks = talloc_zero_array(key, mpsk_key_pmk_t, n);
	if (!key->pmks) return mpsk_error_set(err, MPSK_ERR, "out of memory");
	/* From the end, so that of two with one name mpsk_key_pmk() meets the last first. */
	for (size_t i = source->n; i-- > 0;) {
		mpsk_field_t const *field = &source->fields[i];

		if (is_pmk_field(field) && pmk_parse(key, &key->pmks[key->n_pmks], field, source->keyring)) {
			key->n_pmks++;
		}
	}
	return MPSK_OK;
}

/* Not in the table of fields: it is nobody's to set, and what is wrong with it harms nobody. */
static mpsk_status_t resealed_parse(mpsk_key_t *key, source_t const *source, mpsk_error_t *err)
{
	for (size_t i = 0; i < source->n; i++) {
		mpsk_field_t const *field = &source->fields[i];

		if (field->name_len != sizeof(RESEALED) - 1 || memcmp(field->name, RESEALED, field->name_len) != 0 ||
		    !field->value_len) continue;
		key->resealed = talloc_strndup(key, field->value, field->value_len);
		if (!key->resealed) return mpsk_error_set(err, MPSK_ERR, "out of memory");
	}
	return MPSK_OK;
}

mpsk_status_t mpsk_key_parse(TALLOC_CTX *ctx, mpsk_key_t **out, char const *id, size_t id_len,
			     mpsk_field_t const *fields, size_t n_fields, mpsk_keyring_t const *keyring,
			     mpsk_error_t *err)
{
	source_t const source = { .fields = fields, .n = n_fields, .keyring = keyring };
	mpsk_key_t *key;
	mpsk_status_t status;

	*out = NULL;
	if (!mpsk_id_valid(id, id_len)) {
		return mpsk_error_set(err, MPSK_BAD, "id: not 1 to 64 of letters, digits, '.', '_' and '-'");
	}
	key = key_create(ctx, id, id_len);
	if (!key) return mpsk_error_set(err, MPSK_ERR, "out of memory");
	status = fields_parse(key, &source, err);
	if (status == MPSK_OK) status = defaults_set(key, err);
	if (status == MPSK_OK) status = pmks_parse(key, &source, err);
	if (status == MPSK_OK) status = resealed_parse(key, &source, err);
	if (status != MPSK_OK) {
		talloc_free(key);
		return status;
	}
	*out = key;
	return MPSK_OK;
}

wpa_pmk_t const *mpsk_key_pmk(mpsk_key_t const *key, mpsk_ssid_t const *ssid)
{
	for (size_t i = 0; i < key->n_pmks; i++) {
		if (mpsk_ssid_equal(&key->pmks[i].ssid, ssid)) return &key->pmks[i].pmk;
	}
	return NULL;
}

bool mpsk_key_is_print(mpsk_key_t const *key, char const *noted, char const *now)
{
	mpsk_list_t steps = { key->resealed, key->resealed ? strlen(key->resealed) : 0 };
	char const *step, *print = noted;
	size_t len;

	if (strcmp(noted, now) == 0) return true;
	if (strlen(noted) < PRINT_LEN || strlen(now) < PRINT_LEN) return false;
	/* In the order in which they were taken: the end of one is the beginning of the next. */
	while (mpsk_list_next(&steps, &step, &len)) {
		if (len != STEP_LEN || step[PRINT_LEN] != '>' || memcmp(step, print, PRINT_LEN) != 0) continue;
		print = step + PRINT_LEN + 1;
	}
	return print != noted && memcmp(print, now, PRINT_LEN) == 0;
}

bool mpsk_key_has_ssid(mpsk_key_t const *key, mpsk_ssid_t const *ssid)
{
	return key->any_ssid || mpsk_ssid_equal(&key->ssid, ssid);
}

bool mpsk_key_has_site(mpsk_key_t const *key, char const *site)
{
	char const *own = key->sites;

	if (!own) return true;
	if (!site || !*site) return false;
	for (size_t i = 0; i < key->n_sites; i++, own = mpsk_key_site_next(own)) {
		if (strcmp(own, site) == 0) return true;
	}
	return false;
}

bool mpsk_key_has_mac(mpsk_key_t const *key, mpsk_mac_t const *mac)
{
	for (size_t i = 0; i < key->n_macs; i++) {
		if (mpsk_mac_pattern_covers(&key->macs[i], mac)) return true;
	}
	return false;
}

bool mpsk_key_has_whole_mac(mpsk_key_t const *key, mpsk_mac_t const *mac)
{
	for (size_t i = 0; i < key->n_macs; i++) {
		if (key->macs[i].digits == MPSK_MAC_DIGITS && mpsk_mac_pattern_covers(&key->macs[i], mac)) return true;
	}
	return false;
}
