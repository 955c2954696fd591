/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "key/nas.h"

#include <string.h>

#include "base/secret.h"
#include "base/text.h"
#include "key/seal.h"

#define PORT_MAX 65535

mpsk_nas_field_t const mpsk_nas_fields[] = {
	{ "org", false, "Organisation: it sees no key of another" },
	{ "site", false, "The site where it stands" },
	{ "dialect", false, "How it asks, where its requests do not show it" },
	{ "reply", false, "How it is answered, where that is not its dialect's way" },
	{ "session_timeout", false, "0: it takes no reply that carries Session-Timeout" },
	{ "secret", true, "The secret shared with it, for Disconnect-Requests" },
	{ "coa_port", false, "Where it listens for them: 1 to 65535; that of its dialect where absent" },
	{ "coa_address", false, "The name or address that they go to; where its packets come from where absent" },
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

static struct {
	char const	*name;
	rule_t		rule;
} const rules[] = {
	{ "org", name_rule }, { "site", name_rule }, { "dialect", word_rule }, { "reply", word_rule },
	{ "session_timeout", flag_rule }, { "secret", secret_rule }, { "coa_port", port_rule },
	{ "coa_address", address_rule }, { "coa_dialect", word_rule },
};

mpsk_status_t mpsk_nas_field_check(char const *name, char const *value, size_t len, mpsk_error_t *err)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		if (strcmp(rules[i].name, name) == 0) return len ? rules[i].rule(value, len, err) : MPSK_OK;
	}
	return mpsk_error_set(err, MPSK_MISS, "there is no such field of a NAS");
}

/* Puts a value into the record that its rule has let pass. */
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

static bool is_named(mpsk_field_t const *field, char const *name)
{
	return field->name_len == strlen(name) && memcmp(field->name, name, field->name_len) == 0;
}

static mpsk_status_t field_take(mpsk_nas_coa_t *coa, char const *id, mpsk_field_t const *field,
				mpsk_keyring_t const *keyring, mpsk_error_t *err)
{
	static char const *const taken[] = { "secret", "coa_port", "coa_address", "coa_dialect", "dialect" };
	mpsk_error_t why = { "" };
	mpsk_status_t status = MPSK_OK;
	size_t i = 0;

	while (i < sizeof(taken) / sizeof(taken[0]) && !is_named(field, taken[i])) i++;
	if (i == sizeof(taken) / sizeof(taken[0]) || !field->value_len) return MPSK_OK;
	status = i == 0 ? secret_take(coa, id, field, keyring, &why) :
			  mpsk_nas_field_check(taken[i], field->value, field->value_len, &why);
	if (status != MPSK_OK) return mpsk_error_set(err, status, "%s: %s", taken[i], why.text);

	if (i == 1) (void) port_parse(&coa->port, field->value, field->value_len);
	if (i == 2) text_take(coa->address, field);
	if (i == 3 || (i == 4 && !coa->dialect[0])) text_take(coa->dialect, field);
	return MPSK_OK;
}

mpsk_status_t mpsk_nas_coa_parse(mpsk_nas_coa_t *coa, char const *id, mpsk_field_t const *fields, size_t n_fields,
				 mpsk_keyring_t const *keyring, mpsk_error_t *err)
{
	mpsk_status_t status = MPSK_OK;

	memset(coa, 0, sizeof(*coa));
	for (size_t i = 0; status == MPSK_OK && i < n_fields; i++) {
		status = field_take(coa, id, &fields[i], keyring, err);
	}
	if (status != MPSK_OK) mpsk_secret_wipe(coa, sizeof(*coa));
	return status;
}
