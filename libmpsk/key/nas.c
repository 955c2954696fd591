/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "key/nas.h"

#include <string.h>

#include "base/secret.h"
#include "base/text.h"
#include "key/seal.h"

#define PORT_MAX	65535
#define CACHE_MAX	3600
#define INTERIM_MIN	60	/* RFC 2869, 5.16 */
#define INTERIM_MAX	86400

mpsk_nas_field_t const mpsk_nas_fields[] = {
	{ "org", false, "Organisation: it sees no key of another" },
	{ "site", false, "The site where it stands" },
	{ "dialect", false, "How it asks, where its requests do not show it" },
	{ "reply", false, "How it is answered, where that is not its dialect's way" },
	{ "session_timeout", false, "0: it takes no reply that carries Session-Timeout" },
	{ "interim_interval", false, "Seconds between Interim-Updates: 60 to 86400; 0: as it likes" },
	{ "secret", true, "The secret shared with it, for Disconnect-Requests" },
	{ "coa_port", false, "Where it listens for them: 1 to 65535; that of its dialect where absent" },
	{ "coa_address", false, "The name or address that they go to; where its packets come from where absent" },
	{ "coa_cache", false, "Seconds for which it keeps answers, so that a device is disconnected twice; 0: none" },
	{ "coa_dialect", false, "Whose attributes they carry, where not those of its dialect" },
	{ NULL, false, NULL }
};

bool mpsk_nas_id_valid(char const *id, size_t len)
{
	return len > 0 && len <= MPSK_NAS_ID_MAX && !memchr(id, '\0', len);
}

/* Each rule is for a value that is not empty. */
typedef mpsk_status_t (*rule_t)(char const *value, size_t len, mpsk_error_t *err);

static mpsk_status_t text_rule(char const *value, size_t len, size_t max, mpsk_error_t *err)
{
	if (len > max) return mpsk_error_set(err, MPSK_BAD, "over %zu octets", max);
	if (memchr(value, '\0', len)) return mpsk_error_set(err, MPSK_BAD, "a NUL stands in it");
	return MPSK_OK;
}

static mpsk_status_t name_rule(char const *value, size_t len, mpsk_error_t *err)
{
	return text_rule(value, len, MPSK_NAME_MAX, err);
}

static mpsk_status_t word_rule(char const *value, size_t len, mpsk_error_t *err)
{
	return text_rule(value, len, MPSK_NAS_WORD_MAX, err);
}

static mpsk_status_t flag_rule(char const *value, size_t len, mpsk_error_t *err)
{
	if (len == 1 && (value[0] == '0' || value[0] == '1')) return MPSK_OK;
	return mpsk_error_set(err, MPSK_BAD, "neither 0 nor 1");
}

static mpsk_status_t interim_rule(char const *value, size_t len, mpsk_error_t *err)
{
	int64_t seconds;

	if (mpsk_number_parse(&seconds, value, len) &&
	    (!seconds || (seconds >= INTERIM_MIN && seconds <= INTERIM_MAX))) return MPSK_OK;
	return mpsk_error_set(err, MPSK_BAD, "neither 0 nor %d to %d", INTERIM_MIN, INTERIM_MAX);
}

static mpsk_status_t secret_rule(char const *value, size_t len, mpsk_error_t *err)
{
	if (mpsk_seal_is(value, len)) {
		return mpsk_error_set(err, MPSK_BAD, "none may begin with " MPSK_SEAL_PREFIX ", as sealed ones do");
	}
	return text_rule(value, len, MPSK_NAS_SECRET_MAX, err);
}

static bool port_parse(uint16_t *port, char const *value, size_t len)
{
	int64_t number;

	if (!mpsk_number_parse(&number, value, len) || number < 1 || number > PORT_MAX) return false;
	*port = (uint16_t) number;
	return true;
}

static mpsk_status_t port_rule(char const *value, size_t len, mpsk_error_t *err)
{
	uint16_t port;

	return port_parse(&port, value, len) ? MPSK_OK : mpsk_error_set(err, MPSK_BAD, "no number of 1 to %d",
									PORT_MAX);
}

static mpsk_status_t address_rule(char const *value, size_t len, mpsk_error_t *err)
{
	return text_rule(value, len, MPSK_NAS_ADDRESS_MAX, err);
}

static mpsk_status_t seconds_rule(char const *value, size_t len, mpsk_error_t *err)
{
	int64_t number;

	if (mpsk_number_parse(&number, value, len) && number <= CACHE_MAX) return MPSK_OK;
	return mpsk_error_set(err, MPSK_BAD, "no number of seconds, %d at most", CACHE_MAX);
}

static struct {
	char const	*name;
	rule_t		rule;
} const rules[] = {
	{ "org", name_rule }, { "site", name_rule }, { "dialect", word_rule }, { "reply", word_rule },
	{ "session_timeout", flag_rule }, { "interim_interval", interim_rule }, { "secret", secret_rule },
	{ "coa_port", port_rule }, { "coa_address", address_rule }, { "coa_cache", seconds_rule },
	{ "coa_dialect", word_rule },
};

mpsk_status_t mpsk_nas_field_check(char const *name, char const *value, size_t len, mpsk_error_t *err)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		if (strcmp(rules[i].name, name) == 0) return len ? rules[i].rule(value, len, err) : MPSK_OK;
	}
	return mpsk_error_set(err, MPSK_MISS, "there is no such field of a NAS");
}

static mpsk_status_t secret_take(mpsk_nas_coa_t *coa, char const *id, mpsk_field_t const *field,
				 mpsk_keyring_t const *keyring, mpsk_error_t *err)
{
	mpsk_status_t status;

	if (mpsk_seal_is(field->value, field->value_len)) {
		status = mpsk_unseal_nas(coa->secret, &coa->secret_len, keyring, id, field->value, field->value_len,
					 err);
		return status == MPSK_MISS ? MPSK_BAD : status;
	}
	status = secret_rule(field->value, field->value_len, err);
	if (status != MPSK_OK) return status;
	coa->secret_len = field->value_len;
	memcpy(coa->secret, field->value, field->value_len);
	return MPSK_OK;
}

static void text_take(char *to, mpsk_field_t const *field)
{
	memcpy(to, field->value, field->value_len);
	to[field->value_len] = '\0';
}

static mpsk_status_t port_take(mpsk_nas_coa_t *coa, char const *id, mpsk_field_t const *field,
			       mpsk_keyring_t const *keyring, mpsk_error_t *err)
{
	(void) id;
	(void) keyring;
	(void) err;
	(void) port_parse(&coa->port, field->value, field->value_len);
	return MPSK_OK;
}

static mpsk_status_t cache_take(mpsk_nas_coa_t *coa, char const *id, mpsk_field_t const *field,
				mpsk_keyring_t const *keyring, mpsk_error_t *err)
{
	(void) id;
	(void) keyring;
	(void) err;
	(void) mpsk_number_parse(&coa->cache, field->value, field->value_len);
	return MPSK_OK;
}

static mpsk_status_t address_take(mpsk_nas_coa_t *coa, char const *id, mpsk_field_t const *field,
				  mpsk_keyring_t const *keyring, mpsk_error_t *err)
{
	(void) id;
	(void) keyring;
	(void) err;
	text_take(coa->address, field);
	return MPSK_OK;
}

static mpsk_status_t coa_dialect_take(mpsk_nas_coa_t *coa, char const *id, mpsk_field_t const *field,
				      mpsk_keyring_t const *keyring, mpsk_error_t *err)
{
	(void) id;
	(void) keyring;
	(void) err;
	text_take(coa->dialect, field);
	return MPSK_OK;
}

static mpsk_status_t dialect_take(mpsk_nas_coa_t *coa, char const *id, mpsk_field_t const *field,
				  mpsk_keyring_t const *keyring, mpsk_error_t *err)
{
	return coa->dialect[0] ? MPSK_OK : coa_dialect_take(coa, id, field, keyring, err);
}

static struct {
	char const	*name;
	/* Put a value into the record; what has a rule that the value breaks is not called. */
	mpsk_status_t	(*take)(mpsk_nas_coa_t *coa, char const *id, mpsk_field_t const *field,
				mpsk_keyring_t const *keyring, mpsk_error_t *err);
	bool		sees_all;	/* it checks by itself, for its value may be sealed */
} const taken[] = {
	{ "secret", secret_take, true }, { "coa_port", port_take, false }, { "coa_address", address_take, false },
	{ "coa_cache", cache_take, false }, { "coa_dialect", coa_dialect_take, false },
	{ "dialect", dialect_take, false },
};
#define N_TAKEN (sizeof(taken) / sizeof(taken[0]))

static mpsk_status_t field_take(mpsk_nas_coa_t *coa, char const *id, mpsk_field_t const *field,
				mpsk_keyring_t const *keyring, mpsk_error_t *err)
{
	mpsk_error_t why = { "" };
	mpsk_status_t status = MPSK_OK;

	for (size_t i = 0; i < N_TAKEN && field->value_len; i++) {
		if (field->name_len != strlen(taken[i].name) ||
		    memcmp(field->name, taken[i].name, field->name_len) != 0) continue;
		if (!taken[i].sees_all)
			status = mpsk_nas_field_check(taken[i].name, field->value, field->value_len, &why);
		if (status == MPSK_OK) status = taken[i].take(coa, id, field, keyring, &why);
		if (status != MPSK_OK) return mpsk_error_set(err, status, "%s: %s", taken[i].name, why.text);
	}
	return MPSK_OK;
}

mpsk_status_t mpsk_nas_coa_parse(mpsk_nas_coa_t *coa, char const *id, mpsk_field_t const *fields, size_t n_fields,
				 mpsk_keyring_t const *keyring, mpsk_error_t *err)
{
	mpsk_status_t status = MPSK_OK;

	memset(coa, 0, sizeof(*coa));
	coa->cache = -1;
	for (size_t i = 0; status == MPSK_OK && i < n_fields; i++) {
		status = field_take(coa, id, &fields[i], keyring, err);
	}
	if (status != MPSK_OK) mpsk_secret_wipe(coa, sizeof(*coa));
	return status;
}
