/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/sealed.h"

#include <string.h>
#include <strings.h>

#include "base/secret.h"
#include "key/pmk_field.h"
#include "key/seal.h"

#define PREFIX_LEN (sizeof(MPSK_PMK_FIELD_PREFIX) - 1)

/* The psk of one write: its fingerprint as it was given, and as it will be in the store. */
typedef struct {
	char	clear[MPSK_FINGERPRINT_LEN + 1];
	char	sealed[MPSK_FINGERPRINT_LEN + 1];
} prints_t;

static mpsk_status_t failed(mpsk_error_t *err)
{
	return mpsk_error_set(err, MPSK_ERR, "out of memory, or libcrypto cannot seal (AES-256-GCM)");
}

static bool is_named(mpsk_field_t const *field, char const *name)
{
	return field->name_len == strlen(name) && memcmp(field->name, name, field->name_len) == 0;
}

static bool is_clear_psk(mpsk_field_t const *field)
{
	return field->value && field->value_len > 0 && field->value_len <= WPA_PSK_MAX &&
	       (is_named(field, "psk") || is_named(field, "old_psk")) && !mpsk_seal_is(field->value, field->value_len);
}

static bool value_set(TALLOC_CTX *ctx, mpsk_field_t *field, char const *text, size_t len)
{
	field->value = len > 0 ? talloc_strndup(ctx, text, len) : NULL;
	field->value_len = len;
	return field->value != NULL;
}

static bool psk_seal(TALLOC_CTX *ctx, mpsk_field_t *field, mpsk_keyring_t const *keyring, char const *id,
		     prints_t *prints)
{
	wpa_psk_t psk = { .len = (uint8_t) field->value_len };
	char text[MPSK_SEAL_MAX];
	size_t len;

	memcpy(psk.octets, field->value, field->value_len);
	if (is_named(field, "psk")) mpsk_key_fingerprint(prints->clear, psk.octets, psk.len);
	len = mpsk_seal_psk(text, keyring, id, &psk);
	mpsk_secret_wipe(&psk, sizeof(psk));
	if (is_named(field, "psk")) mpsk_key_fingerprint(prints->sealed, text, len);
	return value_set(ctx, field, text, len);
}

/* A value that is no PMK in clear stays as it is: sealed already, or nothing that there is to know of. */
static bool pmk_seal(TALLOC_CTX *ctx, mpsk_field_t *field, mpsk_keyring_t const *keyring, char const *id,
		     prints_t const *prints)
{
	char fingerprint[MPSK_FINGERPRINT_LEN + 1] = "", text[MPSK_PMK_SEALED_MAX];
	mpsk_ssid_t ssid;
	wpa_pmk_t pmk;
	size_t len;

	if (!field->value || field->value_len != MPSK_PMK_VALUE_LEN || field->name_len < PREFIX_LEN ||
	    memcmp(field->name, MPSK_PMK_FIELD_PREFIX, PREFIX_LEN) != 0 ||
	    !mpsk_ssid_set(&ssid, field->name + PREFIX_LEN, field->name_len - PREFIX_LEN)) {
		return true;
	}
	memcpy(fingerprint, field->value, MPSK_PMK_DIGEST_LEN);
	if (mpsk_pmk_field_parse(&pmk, fingerprint, field->value, field->value_len) != MPSK_OK) return true;
	if (prints->clear[0] && strncasecmp(fingerprint, prints->clear, MPSK_PMK_DIGEST_LEN) == 0) {
		memcpy(fingerprint, prints->sealed, sizeof(fingerprint));
	}
	len = mpsk_pmk_field_seal(text, keyring, id, &ssid, fingerprint, &pmk);
	mpsk_secret_wipe(&pmk, sizeof(pmk));
	return value_set(ctx, field, text, len);
}

mpsk_status_t mpsk_sealed_fields(TALLOC_CTX *ctx, mpsk_field_t **out, mpsk_keyring_t const *keyring, char const *id,
				 mpsk_field_t const *fields, size_t n, mpsk_error_t *err)
{
	mpsk_field_t *sealed = talloc_array(ctx, mpsk_field_t, n);
	prints_t prints = { .clear = "" };
	bool done = sealed != NULL;

	if (done && n > 0) memcpy(sealed, fields, n * sizeof(sealed[0]));
	for (size_t i = 0; done && i < n; i++) {
		if (is_clear_psk(&sealed[i])) done = psk_seal(sealed, &sealed[i], keyring, id, &prints);
	}
	for (size_t i = 0; done && i < n; i++) done = pmk_seal(sealed, &sealed[i], keyring, id, &prints);
	if (done) {
		*out = sealed;
		return MPSK_OK;
	}
	talloc_free(sealed);
	return failed(err);
}

/*
 * --- In clear again ---
 */

/* The fields, and the texts of their PMKs. */
typedef struct {
	mpsk_field_t	*fields;
	size_t		n;
	char		(*values)[MPSK_PMK_VALUE_LEN + 1];
	char		(*names)[MPSK_PMK_NAME_MAX];
} clear_t;

static int values_wipe(char (*values)[MPSK_PMK_VALUE_LEN + 1])
{
	mpsk_secret_wipe(values, talloc_get_size(values));
	return 0;
}

static bool clear_create(TALLOC_CTX *ctx, clear_t *clear, size_t n_pmks)
{
	*clear = (clear_t) { .fields = talloc_array(ctx, mpsk_field_t, n_pmks + 2) };
	if (!clear->fields) return false;
	clear->values = talloc_size(clear->fields, (n_pmks + 1) * sizeof(clear->values[0]));
	clear->names = talloc_size(clear->fields, (n_pmks + 1) * sizeof(clear->names[0]));
	if (clear->values && clear->names) {
		talloc_set_destructor(clear->values, values_wipe);
		return true;
	}
	talloc_free(clear->fields);
	return false;
}

static void psk_add(clear_t *clear, char const *name, wpa_psk_t const *psk)
{
	if (psk->len == 0) return;
	clear->fields[clear->n++] = (mpsk_field_t) { name, strlen(name), (char const *) psk->octets, psk->len };
}

mpsk_status_t mpsk_clear_fields(TALLOC_CTX *ctx, mpsk_field_t **fields, size_t *n, mpsk_key_t const *key,
				mpsk_error_t *err)
{
	char fingerprint[MPSK_FINGERPRINT_LEN + 1];
	clear_t clear;

	mpsk_key_fingerprint(fingerprint, key->psk.octets, key->psk.len);
	if (!fingerprint[0] || !clear_create(ctx, &clear, key->n_pmks)) return failed(err);
	psk_add(&clear, "psk", &key->psk);
	psk_add(&clear, "old_psk", &key->old_psk);
	for (size_t i = 0; i < key->n_pmks; i++) {
		size_t len = mpsk_pmk_field_name(clear.names[i], &key->pmks[i].ssid);

		mpsk_pmk_field_print(clear.values[i], fingerprint, &key->pmks[i].pmk);
		clear.fields[clear.n++] = (mpsk_field_t) { clear.names[i], len, clear.values[i], MPSK_PMK_VALUE_LEN };
	}
	*fields = clear.fields;
	*n = clear.n;
	return MPSK_OK;
}
