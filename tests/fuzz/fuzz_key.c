/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A key's record. The input: lines; the first is the id, each other one a
 * field, its name up to the first '='.
 */
#include "key/fields.h"
#include "key/key.h"
#include "key/list.h"
#include "key/mac_pattern.h"
#include "key/packed.h"
#include "key/pmk_field.h"
#include "tests/fuzz/fuzz.h"

#define FIELDS_MAX 64

/* A block of its own for each text, so that ASan sees its end. */
typedef struct {
	uint8_t	*id;
	size_t	id_len;
	uint8_t	*name[FIELDS_MAX];
	uint8_t	*value[FIELDS_MAX];
	size_t	n;
} blocks_t;

static uint8_t *take_until(fuzz_input_t *in, char separator, size_t *len)
{
	uint8_t const *at = in->left ? memchr(in->p, separator, in->left) : NULL;
	uint8_t *block = fuzz_take(in, at ? (size_t) (at - in->p) : in->left, len);

	fuzz_octet(in);
	return block;
}

static void blocks_read(blocks_t *blocks, mpsk_field_t fields[static FIELDS_MAX], fuzz_input_t in)
{
	blocks->id = take_until(&in, '\n', &blocks->id_len);
	for (blocks->n = 0; in.left && blocks->n < FIELDS_MAX; blocks->n++) {
		uint8_t const *end = memchr(in.p, '\n', in.left);
		fuzz_input_t line = { in.p, end ? (size_t) (end - in.p) : in.left };
		mpsk_field_t *field = &fields[blocks->n];

		in.p += line.left;
		in.left -= line.left;
		fuzz_octet(&in);
		blocks->name[blocks->n] = take_until(&line, '=', &field->name_len);
		blocks->value[blocks->n] = fuzz_take(&line, line.left, &field->value_len);
		field->name = (char const *) blocks->name[blocks->n];
		field->value = (char const *) blocks->value[blocks->n];
	}
}

static void blocks_free(blocks_t *blocks)
{
	for (size_t i = 0; i < blocks->n; i++) {
		free(blocks->name[i]);
		free(blocks->value[i]);
	}
	free(blocks->id);
}

static void check_psk(wpa_psk_t const *psk, char const *fingerprint)
{
	char expected[MPSK_FINGERPRINT_LEN + 1];

	FUZZ_CHECK(psk->len >= WPA_PASSPHRASE_MIN && psk->len <= WPA_PSK_MAX);
	FUZZ_CHECK(wpa_psk_is_pmk(psk) == (psk->len == WPA_PSK_MAX));
	mpsk_key_fingerprint(expected, psk->octets, psk->len);
	FUZZ_CHECK(strlen(expected) == MPSK_FINGERPRINT_LEN && strcmp(fingerprint, expected) == 0);
}

static void check_text(char const *text, size_t max)
{
	if (!text) return;
	FUZZ_CHECK(strlen(text) <= max);
	for (; *text; text++) FUZZ_CHECK((uint8_t) *text >= ' ' && *text != 0x7f);
}

static void check_limit(int64_t n)
{
	FUZZ_CHECK(n >= MPSK_LIMIT_DEFAULT && n <= MPSK_NUMBER_MAX);
}

static void check_lists(mpsk_key_t const *key)
{
	char const *site = key->sites;

	FUZZ_CHECK(!key->sites == !key->n_sites && key->n_sites <= MPSK_LIST_MAX);
	for (size_t i = 0; i < key->n_sites; i++, site = mpsk_key_site_next(site)) {
		check_text(site, MPSK_NAME_MAX);
		FUZZ_CHECK(site[0] && mpsk_key_has_site(key, site));
	}
	FUZZ_CHECK(mpsk_key_has_site(key, NULL) == !key->sites);
	FUZZ_CHECK(!key->macs == !key->n_macs && key->n_macs <= MPSK_LIST_MAX);
	for (size_t i = 0; i < key->n_macs; i++) {
		FUZZ_CHECK(key->macs[i].digits <= MPSK_MAC_DIGITS);
		FUZZ_CHECK(mpsk_key_has_mac(key, &key->macs[i].mac));
		if (key->macs[i].digits == MPSK_MAC_DIGITS) FUZZ_CHECK(mpsk_key_has_whole_mac(key, &key->macs[i].mac));
	}
}

static void check_pmks(mpsk_key_t const *key)
{
	char value[MPSK_PMK_VALUE_LEN + 1];
	wpa_pmk_t again;

	for (size_t i = 0; i < key->n_pmks; i++) {
		FUZZ_CHECK(key->pmks[i].ssid.len <= MPSK_SSID_MAX);
		FUZZ_CHECK(mpsk_key_pmk(key, &key->pmks[i].ssid));
		mpsk_pmk_field_print(value, key->fingerprint, &key->pmks[i].pmk);
		FUZZ_CHECK(mpsk_pmk_field_parse(&again, key->fingerprint, value, strlen(value)) == MPSK_OK);
		FUZZ_CHECK(memcmp(&again, &key->pmks[i].pmk, sizeof(again)) == 0);
	}
}

/* Packed and unpacked, it packs to the same octets; PMKs alone are not unpacked. */
static void check_packed(mpsk_key_t const *key)
{
	size_t len = mpsk_key_pack(NULL, key);
	uint8_t *packed = malloc(len), *twice = malloc(len);
	mpsk_key_t again;

	FUZZ_CHECK(packed && twice && mpsk_key_pack(packed, key) == len);
	FUZZ_CHECK(mpsk_key_unpack(&again, packed, &key->ssid) == len);
	again.pmks = key->pmks;
	again.n_pmks = key->n_pmks;
	FUZZ_CHECK(mpsk_key_pack(twice, &again) == len && memcmp(packed, twice, len) == 0);
	mpsk_key_fingerprints(&again);
	FUZZ_CHECK(strcmp(again.fingerprint, key->fingerprint) == 0);
	FUZZ_CHECK(strcmp(again.old_fingerprint, key->old_fingerprint) == 0);
	free(packed);
	free(twice);
}

static void check_key(mpsk_key_t const *key, blocks_t const *blocks)
{
	FUZZ_CHECK(strlen(key->id) == blocks->id_len && mpsk_id_valid(key->id, blocks->id_len));
	check_psk(&key->psk, key->fingerprint);
	if (key->old_psk.len) check_psk(&key->old_psk, key->old_fingerprint);
	else FUZZ_CHECK(!key->old_fingerprint[0]);
	FUZZ_CHECK(key->name && key->name[0] && key->org);
	check_text(key->name, MPSK_NAME_MAX);
	check_text(key->org, MPSK_NAME_MAX);
	check_text(key->role, MPSK_NAME_MAX);
	check_text(key->email, MPSK_NAME_MAX);
	check_text(key->note, MPSK_NOTE_MAX);
	FUZZ_CHECK(key->ssid.len <= MPSK_SSID_MAX && mpsk_key_has_ssid(key, &key->ssid));
	FUZZ_CHECK(key->usage >= MPSK_USAGE_MULTI && key->usage <= MPSK_USAGE_MACS);
	FUZZ_CHECK(key->vlan <= 4094);
	check_limit(key->max);
	check_limit(key->concurrent);
	check_limit(key->idle);
	FUZZ_CHECK(key->nbf >= 0 && key->exp >= 0 && key->old_exp >= 0 && key->created >= 0 && key->modified >= 0);
	check_lists(key);
	check_pmks(key);
	check_packed(key);
	FUZZ_CHECK(!mpsk_key_collides(key, key));
}

/* A copy under another id is the one key that cannot be told apart, whatever the fields. */
static void check_copy(mpsk_key_t const *key, mpsk_field_t const *fields, size_t n)
{
	char const *id = strcmp(key->id, "a") == 0 ? "b" : "a";
	mpsk_key_t *copy;
	mpsk_error_t err;

	FUZZ_CHECK(mpsk_key_parse(NULL, &copy, id, 1, fields, n, NULL, &err) == MPSK_OK);
	FUZZ_CHECK(mpsk_key_collides(key, copy) && mpsk_key_collides(copy, key));
	talloc_free(copy);
}

int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
	mpsk_field_t fields[FIELDS_MAX];
	blocks_t blocks;
	mpsk_key_t *key;
	mpsk_error_t err = { "" };
	mpsk_status_t status;

	blocks_read(&blocks, fields, (fuzz_input_t) { data, size });
	status = mpsk_key_parse(NULL, &key, (char const *) blocks.id, blocks.id_len, fields, blocks.n, NULL, &err);
	FUZZ_CHECK((status == MPSK_OK) == (key != NULL));
	if (key) {
		check_key(key, &blocks);
		check_copy(key, fields, blocks.n);
		talloc_free(key);
	} else {
		FUZZ_CHECK(status == MPSK_BAD);
		fuzz_check_error(&err);
	}
	blocks_free(&blocks);
	return 0;
}
