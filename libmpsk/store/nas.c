/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/nas.h"

#include <string.h>

#include "base/secret.h"
#include "key/seal.h"
#include "key/vlans.h"
#include "store/pool.h"
#include "store/reply.h"
#include "store/rkey.h"
#include "store/rows.h"

static mpsk_status_t no_memory(mpsk_error_t *err)
{
	return mpsk_error_set(err, MPSK_ERR, "out of memory");
}

static mpsk_status_t id_check(char const *id, mpsk_error_t *err)
{
	if (mpsk_nas_id_valid(id, strlen(id))) return MPSK_OK;
	return mpsk_error_set(err, MPSK_BAD, "a NAS's id has 1 to %d octets", MPSK_NAS_ID_MAX);
}

static int row_wipe(mpsk_nas_row_t *nas)
{
	for (size_t i = 0; i < nas->n; i++) {
		mpsk_secret_wipe((char *) (uintptr_t) nas->fields[i].value, nas->fields[i].value_len);
	}
	return 0;
}

mpsk_field_t const *mpsk_nas_row_field(mpsk_nas_row_t const *nas, char const *name)
{
	for (size_t i = 0; i < nas->n; i++) {
		mpsk_field_t const *field = &nas->fields[i];

		if (field->name_len == strlen(name) && memcmp(field->name, name, field->name_len) == 0) {
			return field->value_len ? field : NULL;
		}
	}
	return NULL;
}

/* MISS where there are none. */
static mpsk_status_t row_read(TALLOC_CTX *ctx, mpsk_nas_row_t **out, char const *id, redisReply const *pairs,
			      mpsk_error_t *err)
{
	mpsk_nas_row_t *nas;

	*out = NULL;
	if (!mpsk_reply_is_array(pairs, 0) || pairs->elements % 2) return mpsk_reply_unexpected("HGETALL", err);
	if (!pairs->elements) return mpsk_error_set(err, MPSK_MISS, "NAS %s: nothing is known of it", id);
	nas = talloc_zero(ctx, mpsk_nas_row_t);
	if (!nas) return no_memory(err);
	talloc_set_destructor(nas, row_wipe);
	strcpy(nas->id, id);
	nas->fields = talloc_array(nas, mpsk_field_t, pairs->elements / 2);
	for (size_t i = 0; nas->fields && i < pairs->elements; i += 2) {
		redisReply const *name = pairs->element[i], *value = pairs->element[i + 1];
		mpsk_field_t *field = &nas->fields[nas->n];

		if (name->type != REDIS_REPLY_STRING || value->type != REDIS_REPLY_STRING) continue;
		*field = (mpsk_field_t) { .name_len = name->len, .value_len = value->len };
		field->name = talloc_strndup(nas->fields, name->str, name->len);
		field->value = talloc_memdup(nas->fields, value->str, value->len + 1);
		if (field->value) nas->n++;
		if (!field->name || !field->value) TALLOC_FREE(nas->fields);
	}
	if (!nas->fields) {
		nas->n = 0;
		talloc_free(nas);
		return no_memory(err);
	}
	*out = nas;
	return MPSK_OK;
}

mpsk_status_t mpsk_store_nas_read(mpsk_store_t *store, TALLOC_CTX *ctx, char const *id, mpsk_nas_row_t **nas,
				  mpsk_error_t *err)
{
	char name[MPSK_RKEY_NAS_MAX];
	redisReply *pairs = NULL;
	mpsk_status_t status = id_check(id, err);

	*nas = NULL;
	if (status != MPSK_OK) return status;
	mpsk_rkey_cfg_nas(name, id);
	status = mpsk_pool_callf(store->pool, &pairs, err, name, "HGETALL %s", name);
	if (status == MPSK_OK) status = row_read(ctx, nas, id, pairs, err);
	mpsk_reply_free(&pairs);
	return status;
}

mpsk_status_t mpsk_row_nas(TALLOC_CTX *ctx, mpsk_nas_row_t **nas, mpsk_row_t const *row, mpsk_error_t *err)
{
	char const *id = row->name + strlen(MPSK_RKEY_NAS_PREFIX);
	size_t len = row->name_len - strlen(MPSK_RKEY_NAS_PREFIX);
	mpsk_status_t status = mpsk_row_check(row, err);

	*nas = NULL;
	if (status != MPSK_OK) return status;
	if (!mpsk_nas_id_valid(id, len)) {
		return mpsk_error_set(err, MPSK_BAD, "its name is no NAS-Identifier or address");
	}
	return row_read(ctx, nas, id, row->pairs, err);
}

static mpsk_status_t fields_check(char const *id, mpsk_field_t const *fields, size_t n, mpsk_error_t *err)
{
	mpsk_error_t why = { "" };
	mpsk_status_t status = id_check(id, err);

	for (size_t i = 0; status == MPSK_OK && i < n; i++) {
		if (!fields[i].value) continue;
		status = mpsk_nas_field_check(fields[i].name, fields[i].value, fields[i].value_len, &why);
		if (status != MPSK_OK) (void) mpsk_error_set(err, status, "%s: %s", fields[i].name, why.text);
	}
	return status == MPSK_MISS ? MPSK_BAD : status;
}

/* Put one field, its secret in the form that is wanted. */
static mpsk_status_t secret_put(mpsk_store_t *store, char const *id, mpsk_nas_coa_t const *coa, bool clear,
				char const *fingerprint, mpsk_error_t *err)
{
	char name[MPSK_RKEY_NAS_MAX], sealed[MPSK_SEAL_MAX];
	mpsk_field_t field = { .name = "secret", .name_len = strlen("secret") };

	mpsk_rkey_cfg_nas(name, id);
	field.value = clear ? (char const *) coa->secret : sealed;
	field.value_len = clear ? coa->secret_len :
				  mpsk_seal_nas(sealed, store->keyring, id, coa->secret, coa->secret_len);
	if (!field.value_len) return mpsk_error_set(err, MPSK_ERR, "libcrypto cannot seal (AES-256-GCM)");
	return mpsk_store_hash_put(store, name, "NAS", id, &field, 1, fingerprint, err);
}

mpsk_status_t mpsk_store_nas_write(mpsk_store_t *store, char const *id, mpsk_field_t const *fields, size_t n_fields,
				   mpsk_error_t *err)
{
	mpsk_field_t *sealed = talloc_array(NULL, mpsk_field_t, n_fields ? n_fields : 1);
	char name[MPSK_RKEY_NAS_MAX], text[MPSK_SEAL_MAX];
	mpsk_status_t status;

	if (!sealed) return no_memory(err);
	status = fields_check(id, fields, n_fields, err);
	for (size_t i = 0; status == MPSK_OK && i < n_fields; i++) {
		mpsk_field_t *field = &sealed[i];

		*field = fields[i];
		if (!store->keyring || !field->value || strcmp(field->name, "secret") != 0) continue;
		field->value_len = mpsk_seal_nas(text, store->keyring, id, (uint8_t const *) fields[i].value,
						 fields[i].value_len);
		field->value = text;
		if (!field->value_len) status = mpsk_error_set(err, MPSK_ERR, "libcrypto cannot seal (AES-256-GCM)");
	}
	if (status == MPSK_OK) {
		mpsk_rkey_cfg_nas(name, id);
		status = mpsk_store_hash_put(store, name, "NAS", id, sealed, n_fields, NULL, err);
	}
	talloc_free(sealed);
	return status;
}

mpsk_status_t mpsk_store_nas_reseal(mpsk_store_t *store, mpsk_nas_row_t const *nas, bool clear, mpsk_error_t *err)
{
	mpsk_field_t const *secret = mpsk_nas_row_field(nas, "secret");
	char fingerprint[MPSK_FINGERPRINT_LEN + 1];
	mpsk_nas_coa_t coa;
	mpsk_status_t status;

	if (!secret) return MPSK_MISS;
	if (!clear && !store->keyring) return mpsk_error_set(err, MPSK_BAD, "there is no keyring to seal with");
	if (clear ? !mpsk_seal_is(secret->value, secret->value_len) :
		    mpsk_seal_is_by(mpsk_keyring_newest(store->keyring), secret->value, secret->value_len)) {
		return MPSK_MISS;
	}
	status = mpsk_nas_coa_parse(&coa, nas->id, secret, 1, store->keyring, err);
	if (status != MPSK_OK) return status;
	mpsk_key_fingerprint(fingerprint, secret->value, secret->value_len);
	status = secret_put(store, nas->id, &coa, clear, fingerprint, err);
	mpsk_secret_wipe(&coa, sizeof(coa));
	return status;
}

mpsk_status_t mpsk_store_nas_delete(mpsk_store_t *store, char const *id, mpsk_error_t *err)
{
	char name[MPSK_RKEY_NAS_MAX];
	redisReply *reply = NULL;
	mpsk_status_t status = id_check(id, err);

	if (status != MPSK_OK) return status;
	mpsk_rkey_cfg_nas(name, id);
	status = mpsk_pool_callf(store->pool, &reply, err, name, "UNLINK %s", name);
	if (status == MPSK_OK && reply->type != REDIS_REPLY_INTEGER) {
		status = mpsk_reply_unexpected("UNLINK", err);
	} else if (status == MPSK_OK && !reply->integer) {
		status = mpsk_error_set(err, MPSK_MISS, "NAS %s: nothing is known of it", id);
	}
	mpsk_reply_free(&reply);
	return status;
}

mpsk_status_t mpsk_store_site_vlans(mpsk_store_t *store, TALLOC_CTX *ctx, char const *site, char **vlans,
				    mpsk_error_t *err)
{
	char name[sizeof(MPSK_RKEY_SITE_PREFIX) + MPSK_NAME_MAX];
	redisReply *reply = NULL;
	mpsk_status_t status;

	*vlans = NULL;
	if (strlen(site) > MPSK_NAME_MAX) return MPSK_MISS;
	strcpy(name, MPSK_RKEY_SITE_PREFIX);
	strcat(name, site);
	status = mpsk_pool_callf(store->pool, &reply, err, name, "HGET %s vlans", name);
	if (status == MPSK_OK && (reply->type != REDIS_REPLY_STRING || strlen(reply->str) != reply->len ||
				  mpsk_vlans_check(reply->str, reply->len, NULL) != MPSK_OK)) {
		status = MPSK_MISS;
	} else if (status == MPSK_OK) {
		*vlans = talloc_strdup(ctx, reply->str);
		if (!*vlans) status = no_memory(err);
	}
	mpsk_reply_free(&reply);
	return status;
}
