/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "radius/hide.h"

#include <string.h>

#include "base/cursor.h"
#include "base/secret.h"
#include "radius/digest.h"

#define BLOCK		RADIUS_DIGEST_LEN
#define SALT_LEN	2

/*
 * One block of the mask: MD5 over the secret and either, for the first, the authenticator and the salt,
 * or the hidden block before it.
 */
static mpsk_status_t mask(uint8_t out[static BLOCK], radius_secret_t const *secret, uint8_t const *before,
			  uint8_t const *salt, size_t salt_len)
{
	wpa_part_t const parts[] = {
		{ secret->octets, secret->len },
		{ before, BLOCK },
		{ salt, salt_len },
	};

	return radius_digest_md5(out, parts, sizeof(parts) / sizeof(parts[0]));
}

mpsk_status_t radius_hide_password(uint8_t out[static RADIUS_HIDE_PASSWORD_MAX], size_t *out_len, void const *password,
				   size_t len, radius_secret_t const *secret,
				   uint8_t const authenticator[static RADIUS_AUTHENTICATOR_LEN])
{
	uint8_t const *before = authenticator;
	uint8_t bits[BLOCK];
	mpsk_status_t status = MPSK_OK;

	if (len > RADIUS_HIDE_PASSWORD_MAX) return MPSK_BAD;

	memset(out, 0, RADIUS_HIDE_PASSWORD_MAX);
	if (len) memcpy(out, password, len);
	*out_len = len ? (len + BLOCK - 1) / BLOCK * BLOCK : BLOCK;
	for (size_t at = 0; status == MPSK_OK && at < *out_len; at += BLOCK) {
		status = mask(bits, secret, before, NULL, 0);
		for (size_t i = 0; i < BLOCK; i++) out[at + i] ^= bits[i];
		before = out + at;
	}
	mpsk_secret_wipe(bits, sizeof(bits));
	if (status != MPSK_OK) mpsk_secret_wipe(out, RADIUS_HIDE_PASSWORD_MAX);
	return status;
}

static mpsk_status_t unmask(uint8_t *plain, uint8_t const *hidden, size_t len, radius_secret_t const *secret,
			    uint8_t const *authenticator, uint8_t const *salt)
{
	uint8_t bits[BLOCK];
	mpsk_status_t status = MPSK_OK;

	for (size_t at = 0; status == MPSK_OK && at < len; at += BLOCK) {
		status = mask(bits, secret, at ? hidden + at - BLOCK : authenticator, salt, at ? 0 : SALT_LEN);
		for (size_t i = 0; status == MPSK_OK && i < BLOCK; i++) plain[at + i] = hidden[at + i] ^ bits[i];
	}
	mpsk_secret_wipe(bits, sizeof(bits));
	return status;
}

/* Salt and what is hidden with it, which the cursor is at. */
static mpsk_status_t salted_read(uint8_t *out, size_t *out_len, char const *name, mpsk_cursor_t c, size_t len,
				 radius_secret_t const *secret, uint8_t const *authenticator, mpsk_error_t *err)
{
	uint8_t plain[RADIUS_VALUE_MAX];
	uint8_t const *salt = mpsk_cursor_take(&c, SALT_LEN);
	mpsk_status_t status = MPSK_OK;

	*out_len = 0;
	if (!salt || !c.left || c.left % BLOCK || c.left > sizeof(plain)) {
		return mpsk_error_set(err, MPSK_BAD, "a %s of %zu octets: what follows tag and salt has a "
				      "multiple of 16", name, len);
	}

	if (unmask(plain, c.p, c.left, secret, authenticator, salt) != MPSK_OK) {
		status = mpsk_error_set(err, MPSK_ERR, "libcrypto has no MD5, which RADIUS needs");
	} else if (plain[0] >= c.left) {
		status = mpsk_error_set(err, MPSK_BAD, "a %s's inner length is more than it holds: is the shared "
					"secret the same on both sides?", name);
	} else {
		*out_len = plain[0];
		memcpy(out, plain + 1, *out_len);
	}
	mpsk_secret_wipe(plain, sizeof(plain));
	return status;
}

mpsk_status_t radius_hide_tunnel_read(uint8_t out[static RADIUS_HIDE_TUNNEL_MAX], size_t *out_len,
				      uint8_t const *value, size_t len, radius_secret_t const *secret,
				      uint8_t const authenticator[static RADIUS_AUTHENTICATOR_LEN],
				      mpsk_error_t *err)
{
	mpsk_cursor_t c = mpsk_cursor(value, len);

	mpsk_secret_wipe(out, RADIUS_HIDE_TUNNEL_MAX);
	mpsk_cursor_u8(&c);	/* the tag: access points pay no heed to it */
	return salted_read(out, out_len, "Tunnel-Password", c, len, secret, authenticator, err);
}

mpsk_status_t radius_hide_salted_read(uint8_t out[static RADIUS_HIDE_SALTED_MAX], size_t *out_len, char const *name,
				      uint8_t const *value, size_t len, radius_secret_t const *secret,
				      uint8_t const authenticator[static RADIUS_AUTHENTICATOR_LEN], mpsk_error_t *err)
{
	mpsk_secret_wipe(out, RADIUS_HIDE_SALTED_MAX);
	return salted_read(out, out_len, name, mpsk_cursor(value, len), len, secret, authenticator, err);
}
