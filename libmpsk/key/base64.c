/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "key/base64.h"

#include <limits.h>

#include <openssl/evp.h>

#include "base/secret.h"

size_t mpsk_base64_encode(char *out, uint8_t const *octets, size_t n)
{
	return (size_t) EVP_EncodeBlock((unsigned char *) out, octets, (int) n);
}

static bool is_digit(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
}

static size_t padding(char const *text, size_t len)
{
	return len < 4 ? 0 : (size_t) (text[len - 1] == '=') + (text[len - 1] == '=' && text[len - 2] == '=');
}

/* EVP_DecodeBlock() passes over white space at both ends and gives zeros for padding: neither is left to it. */
bool mpsk_base64_decode(uint8_t *out, size_t max, size_t *n, char const *text, size_t len)
{
	size_t pad = padding(text, len), whole = len / 4 * 3;
	uint8_t last[3];
	bool right = true;

	*n = whole - pad;
	if (len == 0 || len % 4 != 0 || len > INT_MAX || *n > max) return false;
	for (size_t i = 0; i < len - pad; i++) right = right && is_digit(text[i]);
	/* The last group by itself: with padding it has fewer octets than it is decoded to. */
	if (right && len > 4) right = EVP_DecodeBlock(out, (unsigned char const *) text, (int) len - 4) >= 0;
	if (right) right = EVP_DecodeBlock(last, (unsigned char const *) text + len - 4, 4) >= 0;
	for (size_t i = 0; right && i < 3; i++) {
		if (i < 3 - pad) out[whole - 3 + i] = last[i];
		else right = last[i] == 0;
	}
	mpsk_secret_wipe(last, sizeof(last));
	if (!right) mpsk_secret_wipe(out, max);
	return right;
}
