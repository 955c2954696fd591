/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "key/nas.h"
#include "key/seal.h"

static mpsk_keyring_t const keyring = { 1, { { "one", { 1 } } } };

static void test_rules(void **state)
{
	static struct {
		char const	*name, *value;
		mpsk_status_t	status;
	} const rows[] = {
		{ "org", "acme", MPSK_OK },
		{ "site", "", MPSK_OK },
		{ "dialect", "cisco", MPSK_OK },
		{ "dialect", "0123456789012345678901234567890x", MPSK_BAD },
		{ "session_timeout", "0", MPSK_OK },
		{ "session_timeout", "2", MPSK_BAD },
		{ "interim_interval", "0", MPSK_OK },
		{ "interim_interval", "59", MPSK_BAD },
		{ "interim_interval", "86400", MPSK_OK },
		{ "secret", "a secret with spaces", MPSK_OK },
		{ "secret", "enc1:x", MPSK_BAD },
		{ "coa_port", "1", MPSK_OK },
		{ "coa_port", "65535", MPSK_OK },
		{ "coa_port", "0", MPSK_BAD },
		{ "coa_port", "65536", MPSK_BAD },
		{ "coa_port", "1700 ", MPSK_BAD },
		{ "coa_address", "2001:db8::1", MPSK_OK },
		{ "coa_cache", "0", MPSK_OK },
		{ "coa_cache", "3600", MPSK_OK },
		{ "coa_cache", "3601", MPSK_BAD },
		{ "coa_cache", "-1", MPSK_BAD },
		{ "psk", "x", MPSK_MISS },
	};

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mpsk_error_t err = { "" };
		mpsk_status_t status = mpsk_nas_field_check(rows[i].name, rows[i].value, strlen(rows[i].value), &err);

		if (status != rows[i].status) fail_msg("%s '%s': %d", rows[i].name, rows[i].value, status);
		if (status != MPSK_OK) assert_true(err.text[0] != '\0');
	}
	assert_int_equal(mpsk_nas_field_check("secret", "a\0b", 3, NULL), MPSK_BAD);
	for (mpsk_nas_field_t const *row = mpsk_nas_fields; row->name; row++) {
		assert_int_equal(mpsk_nas_field_check(row->name, "", 0, NULL), MPSK_OK);
	}
}

static void test_ids(void **state)
{
	char longest[MPSK_NAS_ID_MAX + 1];

	(void) state;
	memset(longest, 'x', sizeof(longest));
	assert_true(mpsk_nas_id_valid("ap 1/2", 6));
	assert_true(mpsk_nas_id_valid(longest, MPSK_NAS_ID_MAX));
	assert_false(mpsk_nas_id_valid(longest, MPSK_NAS_ID_MAX + 1));
	assert_false(mpsk_nas_id_valid("", 0));
	assert_false(mpsk_nas_id_valid("a\0b", 3));
}

#define FIELD(_name, _value) { .name = _name, .name_len = strlen(_name), .value = _value, .value_len = strlen(_value) }

static void test_parse(void **state)
{
	mpsk_field_t const fields[] = {
		FIELD("site", "hq"), FIELD("coa_dialect", "aruba"), FIELD("dialect", "cisco"),
		FIELD("secret", "testing123"), FIELD("coa_port", "1700"), FIELD("coa_address", "192.0.2.9"),
		FIELD("coa_cache", "30"), FIELD("x", "y"),
	};
	mpsk_field_t const other[] = { FIELD("dialect", "cisco"), FIELD("secret", ""), FIELD("coa_port", "") };
	mpsk_nas_coa_t coa;

	(void) state;
	assert_int_equal(mpsk_nas_coa_parse(&coa, "ap", fields, sizeof(fields) / sizeof(fields[0]), NULL, NULL),
			 MPSK_OK);
	assert_int_equal(coa.secret_len, 10);
	assert_memory_equal(coa.secret, "testing123", 10);
	assert_int_equal(coa.port, 1700);
	assert_string_equal(coa.address, "192.0.2.9");
	assert_string_equal(coa.dialect, "aruba");
	assert_int_equal(coa.cache, 30);
	assert_int_equal(mpsk_nas_coa_parse(&coa, "ap", other, 3, NULL, NULL), MPSK_OK);
	assert_int_equal(coa.secret_len, 0);
	assert_int_equal(coa.port, 0);
	assert_string_equal(coa.dialect, "cisco");
	assert_int_equal(coa.cache, -1);
}

static void test_what_is_wrong(void **state)
{
	mpsk_field_t const rows[] = { FIELD("coa_port", "x"), FIELD("coa_cache", "1d"), FIELD("secret", "enc1:x") };
	mpsk_nas_coa_t coa, empty;

	(void) state;
	memset(&empty, 0, sizeof(empty));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mpsk_field_t const fields[] = { FIELD("coa_address", "192.0.2.9"), rows[i] };
		mpsk_error_t err = { "" };

		assert_int_equal(mpsk_nas_coa_parse(&coa, "ap", fields, 2, NULL, &err), MPSK_BAD);
		assert_memory_equal(err.text, rows[i].name, rows[i].name_len);
		assert_memory_equal(&coa, &empty, sizeof(coa));
	}
}

/* Sealed for one NAS, it opens for that one alone, and for no key of the same id. */
static void test_sealed(void **state)
{
	static char const longest[MPSK_NAS_SECRET_MAX + 1] = "s3cret";
	uint8_t out[MPSK_SEAL_PLAIN_MAX];
	char text[MPSK_SEAL_MAX];
	mpsk_nas_coa_t coa;
	mpsk_error_t err = { "" };
	size_t len;

	(void) state;
	assert_int_equal(mpsk_seal_nas(text, &keyring, "ap", (uint8_t const *) "", 0), 0);
	assert_int_equal(mpsk_seal_nas(text, &keyring, "ap", (uint8_t const *) longest, sizeof(longest)), 0);
	len = mpsk_seal_nas(text, &keyring, "ap", (uint8_t const *) longest, MPSK_NAS_SECRET_MAX);
	assert_int_equal(len, strlen(text));
	assert_true(len < MPSK_SEAL_MAX);

	mpsk_field_t const field = FIELD("secret", text);

	assert_int_equal(mpsk_nas_coa_parse(&coa, "ap", &field, 1, &keyring, NULL), MPSK_OK);
	assert_int_equal(coa.secret_len, MPSK_NAS_SECRET_MAX);
	assert_memory_equal(coa.secret, longest, MPSK_NAS_SECRET_MAX);
	assert_int_equal(mpsk_nas_coa_parse(&coa, "other", &field, 1, &keyring, &err), MPSK_BAD);
	assert_non_null(strstr(err.text, "secret: sealed for another key or field"));
	assert_int_equal(mpsk_nas_coa_parse(&coa, "ap", &field, 1, NULL, &err), MPSK_BAD);
	assert_non_null(strstr(err.text, "no keyring"));
	assert_int_equal(mpsk_unseal_psk(out, &len, &keyring, "ap", text, strlen(text), NULL), MPSK_BAD);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_what_is_wrong),
		cmocka_unit_test(test_sealed),
	};

	return cmocka_run_group_tests_name("key/nas", tests, NULL, NULL);
}
