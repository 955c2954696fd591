/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * radmpsk's reading of a reply. The input: an octet of flags, then the
 * datagram. No mutation finds an MD5, so flags have it hidden and signed
 * here: 1 signs it, 2 takes Tunnel-Passwords as plain text and hides them,
 * 4 asks as one who relays a handshake, 8 as one who looks for a key in
 * every maker's attribute.
 */
#include "radmpsk/answer.h"
#include "radius/digest.h"
#include "radmpsk/escape.h"
#include "radius/hide.h"
#include "radmpsk/keys.h"
#include "tests/fuzz/fuzz.h"

#define FLAG_SIGN	1
#define FLAG_HIDE	2
#define FLAG_HANDSHAKE	4
#define FLAG_ALL_KEYS	8
#define ALL_KEYS	((1u << KEYS_MAX) - 1)
#define PASSWORDS_MAX	2	/* each may cost a PBKDF2 */

static radius_secret_t const secret = { 10, "testing123" };
static uint8_t const authenticator[RADIUS_AUTHENTICATOR_LEN] = "0123456789abcde";
static wpa_psk_t const psk = { 13, "correct-horse" };
static wpa_pmk_t const pmk = { { 0x0d, 0xf0 } };

static void digest(uint8_t out[static RADIUS_DIGEST_LEN], wpa_part_t const *parts, size_t n)
{
	FUZZ_CHECK(radius_digest_md5(out, parts, n) == MPSK_OK);
}

/* Hide what stands in a Tunnel-Password: RFC 2868, 3.5. */
static void password_hide(uint8_t *value, size_t len)
{
	uint8_t bits[RADIUS_DIGEST_LEN];

	for (size_t at = 3; at + RADIUS_DIGEST_LEN <= len; at += RADIUS_DIGEST_LEN) {
		wpa_part_t const parts[] = {
			{ secret.octets, secret.len },
			{ at == 3 ? authenticator : value + at - RADIUS_DIGEST_LEN, RADIUS_DIGEST_LEN },
			{ value + 1, at == 3 ? 2 : 0 },
		};

		digest(bits, parts, 3);
		for (size_t i = 0; i < RADIUS_DIGEST_LEN; i++) value[at + i] ^= bits[i];
	}
}

/* What is hidden comes out again. */
static void password_check(uint8_t const *plain, uint8_t const *value, size_t len)
{
	uint8_t out[RADIUS_HIDE_TUNNEL_MAX];
	size_t out_len;
	mpsk_error_t err = { "" };
	mpsk_status_t status = radius_hide_tunnel_read(out, &out_len, value, len, &secret, authenticator, &err);
	int sound = len > 3 && (len - 3) % RADIUS_DIGEST_LEN == 0 && plain[3] < len - 3;

	FUZZ_CHECK((status == MPSK_OK) == sound);
	if (status == MPSK_OK) {
		FUZZ_CHECK(out_len == plain[3] && memcmp(out, plain + 4, out_len) == 0);
	} else {
		FUZZ_CHECK(status == MPSK_BAD && out_len == 0);
		fuzz_check_error(&err);
	}
}

/* The attributes lie within the packet; returns the number of those that hold a password. */
static unsigned attributes_check(radius_reply_t const *reply, uint8_t *octets, uint8_t flags)
{
	mpsk_cursor_t c = radius_attributes(reply);
	radius_attribute_t attribute;
	unsigned passwords = 0;

	while (radius_attribute_next(&c, &attribute)) {
		uint8_t *value = octets + (attribute.value - octets), plain[RADIUS_VALUE_MAX];
		char text[ESCAPE_MAX(RADIUS_VALUE_MAX)];

		FUZZ_CHECK(value >= octets + RADIUS_HEADER_LEN + 2 && value + attribute.len <= octets + reply->len);
		FUZZ_CHECK(value[-2] == attribute.type && value[-1] == attribute.len + 2);
		FUZZ_CHECK(fuzz_is_printable(escape_print(text, value, attribute.len)));
		if (keys_is_one(&attribute, flags & FLAG_ALL_KEYS ? ALL_KEYS : KEYS_BIT(TUNNEL_PASSWORD))) passwords++;
		if (attribute.type != RADIUS_TUNNEL_PASSWORD) continue;
		if (!(flags & FLAG_HIDE)) continue;
		memcpy(plain, value, attribute.len);
		password_hide(value, attribute.len);
		password_check(plain, value, attribute.len);
	}
	FUZZ_CHECK(!c.failed && !c.left);
	return passwords;
}

/* The status that verifying a signed reply has to give. */
static mpsk_status_t sign(radius_reply_t const *reply, uint8_t *octets)
{
	mpsk_cursor_t c = radius_attributes(reply);
	radius_attribute_t attribute;
	uint8_t *field = NULL, mac[WPA_HMAC_MAX];
	wpa_part_t const message = { octets, reply->len };
	wpa_part_t const parts[] = { { octets, reply->len }, { secret.octets, secret.len } };
	int sound = 1, n = 0;

	memcpy(octets + 4, authenticator, sizeof(authenticator));
	while (radius_attribute_next(&c, &attribute)) {
		if (attribute.type != RADIUS_MESSAGE_AUTHENTICATOR) continue;
		sound = sound && attribute.len == RADIUS_AUTHENTICATOR_LEN && ++n == 1;
		field = octets + (attribute.value - octets);
	}
	if (field && sound) {
		memset(field, 0, RADIUS_AUTHENTICATOR_LEN);
		FUZZ_CHECK(wpa_hmac(mac, "MD5", secret.octets, secret.len, &message, 1) == MPSK_OK);
		memcpy(field, mac, RADIUS_AUTHENTICATOR_LEN);
	}
	digest(mac, parts, 2);
	memcpy(octets + 4, mac, RADIUS_DIGEST_LEN);
	return !sound ? MPSK_BAD : field ? MPSK_OK : MPSK_MISS;
}

static void answer_check(uint8_t const *octets, size_t len, uint8_t flags)
{
	static wpa_handshake_t const handshake;	/* of an AKM that is not supported: no PMK makes it */
	answer_question_t const question = {
		.secret = &secret, .authenticator = authenticator, .ssid = { 4, "test" }, .psk = &psk, .pmk = &pmk,
		.handshake = flags & FLAG_HANDSHAKE ? &handshake : NULL,
		.keys = flags & FLAG_ALL_KEYS ? ALL_KEYS : 0,
	};
	answer_t answer;

	answer_judge(&answer, &question, octets, len);
	fuzz_check_error(&answer.why);
	FUZZ_CHECK(answer_verdict_name(answer.verdict));
	FUZZ_CHECK(answer.vlan <= 4094 && answer.usable <= answer.passwords && answer.tries <= answer.usable);
	if (answer.verdict == ANSWER_RIGHT || answer.verdict == ANSWER_REJECTED) FUZZ_CHECK(answer.signed_reply);
	if (answer.verdict == ANSWER_RIGHT) {
		FUZZ_CHECK(answer.code == RADIUS_ACCESS_ACCEPT && answer.tries);
		/* The passphrase; or its PMK, in digits. */
		FUZZ_CHECK(answer.psk.len == psk.len ? memcmp(answer.psk.octets, psk.octets, psk.len) == 0
						     : wpa_psk_is_pmk(&answer.psk));
	}
}

int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
	fuzz_input_t in = { data, size };
	uint8_t flags = fuzz_octet(&in);
	size_t len;
	uint8_t *octets = fuzz_take(&in, in.left, &len);
	radius_reply_t reply;
	mpsk_error_t err = { "" };
	mpsk_status_t status = radius_reply_parse(&reply, octets, len, &err), expected;
	unsigned passwords = 0;

	if (status == MPSK_OK) {
		FUZZ_CHECK(reply.len >= RADIUS_HEADER_LEN && reply.len <= len && reply.len <= RADIUS_PACKET_MAX);
		passwords = attributes_check(&reply, octets, flags);
	} else {
		FUZZ_CHECK(status == MPSK_BAD);
		fuzz_check_error(&err);
	}
	if (status == MPSK_OK && flags & FLAG_SIGN) {
		expected = sign(&reply, octets);
		FUZZ_CHECK(radius_reply_verify(&reply, authenticator, &secret, &err) == expected);
	}
	if (passwords <= PASSWORDS_MAX) answer_check(octets, len, flags);
	free(octets);
	return 0;
}
