/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reply.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

static void length_set(radius_packet_t *reply)
{
	reply->octets[2] = (uint8_t) (reply->len >> 8);
	reply->octets[3] = (uint8_t) reply->len;
}

void reply_begin(radius_packet_t *reply, uint8_t code, uint8_t const *request)
{
	memset(reply->octets, 0, sizeof(reply->octets));
	reply->octets[0] = code;
	reply->octets[1] = request[1];
	memcpy(reply->octets + 4, request + 4, 16);
	reply->len = 20;
	length_set(reply);
}

void reply_add(radius_packet_t *reply, uint8_t type, void const *value, size_t len)
{
	assert_true(len <= 253 && reply->len + 2 + len <= sizeof(reply->octets));
	reply->octets[reply->len] = type;
	reply->octets[reply->len + 1] = (uint8_t) (len + 2);
	memcpy(reply->octets + reply->len + 2, value, len);
	reply->len += len + 2;
	length_set(reply);
}

static void md5(uint8_t out[static 16], void const *octets, size_t len)
{
	assert_true(EVP_Digest(octets, len, out, NULL, EVP_md5(), NULL));
}

void reply_tunnel_password_add(radius_packet_t *reply, uint8_t const *request, char const *password, size_t len,
			       uint8_t salt)
{
	uint8_t value[253] = { 0x01, 0x80, salt }, input[64], bits[16];
	size_t secret_len = strlen(REPLY_SECRET), padded = (1 + len + 15) / 16 * 16;

	assert_true(3 + padded <= sizeof(value));
	value[3] = (uint8_t) len;
	memcpy(value + 4, password, len);
	memcpy(input, REPLY_SECRET, secret_len);
	for (size_t at = 0; at < padded; at += 16) {
		memcpy(input + secret_len, at ? value + 3 + at - 16 : request + 4, 16);
		memcpy(input + secret_len + 16, value + 1, 2);
		md5(bits, input, secret_len + (at ? 16 : 18));
		for (size_t i = 0; i < 16; i++) value[3 + at + i] ^= bits[i];
	}
	reply_add(reply, 69, value, 3 + padded);
}

void reply_end(radius_packet_t *reply, uint8_t const *request, bool signed_reply)
{
	static uint8_t const zero[16];
	uint8_t digest[16], whole[RADIUS_PACKET_MAX + 16];
	unsigned len = sizeof(digest);

	memcpy(reply->octets + 4, request + 4, 16);
	if (signed_reply) {
		reply_add(reply, 80, zero, sizeof(zero));
		assert_non_null(HMAC(EVP_md5(), REPLY_SECRET, (int) strlen(REPLY_SECRET), reply->octets, reply->len,
				     digest, &len));
		memcpy(reply->octets + reply->len - 16, digest, 16);
	}
	memcpy(whole, reply->octets, reply->len);
	memcpy(whole + reply->len, REPLY_SECRET, strlen(REPLY_SECRET));
	md5(digest, whole, reply->len + strlen(REPLY_SECRET));
	memcpy(reply->octets + 4, digest, sizeof(digest));
}
