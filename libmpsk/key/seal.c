/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "key/seal.h"

#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/rand.h>

#include "base/hex.h"
#include "base/secret.h"
#include "base/text.h"
#include "key/nas.h"
#include "key/pmk_field.h"

#define PREFIX_LEN	(sizeof(MPSK_SEAL_PREFIX) - 1)
#define BOX_MAX		(MPSK_SEAL_NONCE_LEN + MPSK_SEAL_PLAIN_MAX + MPSK_SEAL_TAG_LEN)
#define BOX_MIN		(MPSK_SEAL_NONCE_LEN + 1 + MPSK_SEAL_TAG_LEN)

/* What is authenticated and not encrypted. */
typedef struct {
	int	len;
	char	text[sizeof("mpsk1|nas|") + MPSK_NAS_ID_MAX];	/* longer than that of any PMK */
} owner_t;

static owner_t psk_owner(char const *id)
{
	owner_t owner;

	owner.len = snprintf(owner.text, sizeof(owner.text), "mpsk1|psk|%s", id);
	return owner;
}

/* The SSID in hex, for it may hold any octet. */
static owner_t pmk_owner(char const *id, mpsk_ssid_t const *ssid, char const *digest)
{
	char hex[2 * MPSK_SSID_MAX + 1];
	owner_t owner;

	mpsk_hex_encode(hex, ssid->octets, ssid->len);
	owner.len = snprintf(owner.text, sizeof(owner.text), "mpsk1|pmk|%s|%s|%.*s", id, hex, MPSK_PMK_DIGEST_LEN,
			     digest);
	return owner;
}

static owner_t nas_owner(char const *id)
{
	owner_t owner;

	owner.len = snprintf(owner.text, sizeof(owner.text), "mpsk1|nas|%.*s", MPSK_NAS_ID_MAX, id);
	return owner;
}

/* Nonce, ciphertext and tag of len octets into box. */
static bool box_close(uint8_t *box, mpsk_kek_t const *kek, owner_t const *owner, uint8_t const *plain, int len)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t *sealed = box + MPSK_SEAL_NONCE_LEN;
	int n;
	bool closed = ctx && RAND_bytes(box, MPSK_SEAL_NONCE_LEN) == 1 &&
		EVP_EncryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, kek->octets, box) == 1 &&
		EVP_EncryptUpdate(ctx, NULL, &n, (uint8_t const *) owner->text, owner->len) == 1 &&
		EVP_EncryptUpdate(ctx, sealed, &n, plain, len) == 1 && EVP_EncryptFinal_ex(ctx, sealed + n, &n) == 1 &&
		EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, MPSK_SEAL_TAG_LEN, sealed + len) == 1;

	EVP_CIPHER_CTX_free(ctx);
	return closed;
}

static bool box_open(uint8_t *plain, int len, mpsk_kek_t const *kek, owner_t const *owner, uint8_t *box)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t *sealed = box + MPSK_SEAL_NONCE_LEN;
	int n;
	bool opened = ctx && EVP_DecryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, kek->octets, box) == 1 &&
		EVP_DecryptUpdate(ctx, NULL, &n, (uint8_t const *) owner->text, owner->len) == 1 &&
		EVP_DecryptUpdate(ctx, plain, &n, sealed, len) == 1 &&
		EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, MPSK_SEAL_TAG_LEN, sealed + len) == 1 &&
		EVP_DecryptFinal_ex(ctx, plain + n, &n) == 1;

	EVP_CIPHER_CTX_free(ctx);
	if (!opened) mpsk_secret_wipe(plain, (size_t) len);
	return opened;
}

static size_t seal(char out[static MPSK_SEAL_MAX], mpsk_keyring_t const *keyring, owner_t const *owner,
		   uint8_t const *plain, size_t len)
{
	mpsk_kek_t const *kek = mpsk_keyring_newest(keyring);
	uint8_t box[BOX_MAX];
	int n;

	if (!box_close(box, kek, owner, plain, (int) len)) return 0;
	n = snprintf(out, MPSK_SEAL_MAX, MPSK_SEAL_PREFIX "%s:", kek->id);
	return (size_t) n + mpsk_base64_encode(out + n, box, MPSK_SEAL_NONCE_LEN + len + MPSK_SEAL_TAG_LEN);
}

static mpsk_status_t unseal(uint8_t *out, size_t *len, mpsk_keyring_t const *keyring, owner_t const *owner,
			    char const *value, size_t value_len, mpsk_error_t *err)
{
	char const *id = value + PREFIX_LEN, *colon;
	uint8_t box[BOX_MAX];
	mpsk_kek_t const *kek;
	size_t n;

	if (!mpsk_seal_is(value, value_len)) return mpsk_error_set(err, MPSK_BAD, "it is not sealed");
	colon = memchr(id, ':', value_len - PREFIX_LEN);
	if (!colon || !mpsk_id_valid(id, (size_t) (colon - id)) || colon - id > MPSK_KEK_ID_MAX ||
	    !mpsk_base64_decode(box, sizeof(box), &n, colon + 1, (size_t) (value + value_len - colon - 1)) ||
	    n < BOX_MIN) {
		return mpsk_error_set(err, MPSK_BAD, "sealed, and malformed: it is not " MPSK_SEAL_PREFIX
				      "<id>:<base64>");
	}
	kek = keyring ? mpsk_keyring_find(keyring, id, (size_t) (colon - id)) : NULL;
	if (!kek) {
		return mpsk_error_set(err, MPSK_MISS, "sealed with the key '%.*s', which %s", (int) (colon - id), id,
				      keyring ? "the keyring does not hold: add it there" :
				      "no keyring is here to hold: name one with the option 'keyring'");
	}
	*len = n - MPSK_SEAL_NONCE_LEN - MPSK_SEAL_TAG_LEN;
	if (box_open(out, (int) *len, kek, owner, box)) return MPSK_OK;
	return mpsk_error_set(err, MPSK_BAD, "sealed for another key or field, or with another key of the id '%s', "
			      "or changed since", kek->id);
}

bool mpsk_seal_is(char const *value, size_t len)
{
	return len >= PREFIX_LEN && memcmp(value, MPSK_SEAL_PREFIX, PREFIX_LEN) == 0;
}

bool mpsk_seal_is_by(mpsk_kek_t const *kek, char const *value, size_t len)
{
	size_t id_len = strlen(kek->id);

	return mpsk_seal_is(value, len) && len > PREFIX_LEN + id_len && value[PREFIX_LEN + id_len] == ':' &&
	       memcmp(value + PREFIX_LEN, kek->id, id_len) == 0;
}

size_t mpsk_seal_psk(char out[static MPSK_SEAL_MAX], mpsk_keyring_t const *keyring, char const *id,
		     wpa_psk_t const *psk)
{
	owner_t const owner = psk_owner(id);

	return seal(out, keyring, &owner, psk->octets, psk->len);
}

mpsk_status_t mpsk_unseal_psk(uint8_t out[static MPSK_SEAL_PLAIN_MAX], size_t *len, mpsk_keyring_t const *keyring,
			      char const *id, char const *value, size_t value_len, mpsk_error_t *err)
{
	owner_t const owner = psk_owner(id);

	return unseal(out, len, keyring, &owner, value, value_len, err);
}

size_t mpsk_seal_pmk(char out[static MPSK_SEAL_MAX], mpsk_keyring_t const *keyring, char const *id,
		     mpsk_ssid_t const *ssid, char const *digest, wpa_pmk_t const *pmk)
{
	owner_t const owner = pmk_owner(id, ssid, digest);

	return seal(out, keyring, &owner, pmk->octets, sizeof(pmk->octets));
}

mpsk_status_t mpsk_unseal_pmk(wpa_pmk_t *pmk, mpsk_keyring_t const *keyring, char const *id, mpsk_ssid_t const *ssid,
			      char const *digest, char const *value, size_t value_len, mpsk_error_t *err)
{
	owner_t const owner = pmk_owner(id, ssid, digest);
	uint8_t plain[MPSK_SEAL_PLAIN_MAX];
	size_t len;
	mpsk_status_t status = unseal(plain, &len, keyring, &owner, value, value_len, err);

	if (status != MPSK_OK) return status;
	if (len == sizeof(pmk->octets)) memcpy(pmk->octets, plain, sizeof(pmk->octets));
	else status = mpsk_error_set(err, MPSK_BAD, "sealed, and no PMK of 32 octets");
	mpsk_secret_wipe(plain, sizeof(plain));
	return status;
}

size_t mpsk_seal_nas(char out[static MPSK_SEAL_MAX], mpsk_keyring_t const *keyring, char const *id,
		     uint8_t const *secret, size_t len)
{
	owner_t const owner = nas_owner(id);

	return len && len <= MPSK_SEAL_PLAIN_MAX ? seal(out, keyring, &owner, secret, len) : 0;
}

mpsk_status_t mpsk_unseal_nas(uint8_t out[static MPSK_SEAL_PLAIN_MAX], size_t *len, mpsk_keyring_t const *keyring,
			      char const *id, char const *value, size_t value_len, mpsk_error_t *err)
{
	owner_t const owner = nas_owner(id);

	return unseal(out, len, keyring, &owner, value, value_len, err);
}
