/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "radmpsk/answer.h"

#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "radmpsk/keys.h"
#include "radmpsk/vlan.h"

#define PASSWORDS_MAX (RADIUS_PACKET_MAX / 18)	/* a vendor's attribute with ten octets of text has 18 */

char const *answer_verdict_name(answer_verdict_t verdict)
{
	static char const *const names[] = {
		[ANSWER_RIGHT] = "right", [ANSWER_REJECTED] = "rejected", [ANSWER_WRONG] = "wrong",
		[ANSWER_NONE] = "none",
	};

	return names[verdict];
}

static void text_take(answer_text_t *text, radius_attribute_t const *attribute)
{
	if (text->present) return;
	text->present = true;
	text->len = attribute->len;
	if (attribute->len) memcpy(text->octets, attribute->value, attribute->len);
}

/* Those attributes that are only shown. */
static struct {
	radius_type_t	type;
	size_t		offset;
} const texts[] = {
	{ RADIUS_USER_NAME, offsetof(answer_t, user_name) },
	{ RADIUS_CHARGEABLE_USER_IDENTITY, offsetof(answer_t, cui) },
	{ RADIUS_FILTER_ID, offsetof(answer_t, filter_id) },
	{ RADIUS_REPLY_MESSAGE, offsetof(answer_t, reply_message) },
};

static void facts_take(answer_t *answer, radius_reply_t const *reply)
{
	mpsk_cursor_t c = radius_attributes(reply);
	radius_attribute_t attribute;
	vlan_groups_t groups = { 0 };
	unsigned own = 0;

	while (radius_attribute_next(&c, &attribute)) {
		for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
			if (texts[i].type != attribute.type) continue;
			text_take((answer_text_t *) (void *) ((char *) answer + texts[i].offset), &attribute);
		}
		if (attribute.type == RADIUS_SESSION_TIMEOUT && attribute.len == sizeof(uint32_t)) {
			mpsk_cursor_t value = mpsk_cursor(attribute.value, attribute.len);

			answer->has_session_timeout = true;
			answer->session_timeout = mpsk_cursor_be32(&value);
		}
		vlan_attribute_take(&groups, &attribute);
		if (keys_mikrotik_vlan(&attribute)) own = keys_mikrotik_vlan(&attribute);
	}
	answer->vlan = vlan_of(&groups);
	if (!answer->vlan) answer->vlan = own;
	answer->vlan_incomplete = !answer->vlan && groups.any_group_id;
}

/* Whether this PMK is what the one who asked waits for. */
static bool pmk_is_right(answer_question_t const *question, wpa_pmk_t const *pmk)
{
	if (question->handshake) return wpa_handshake_verify(question->handshake, pmk);
	return mpsk_secret_equal(pmk, question->pmk, sizeof(*pmk));
}

static bool psk_is_own(answer_question_t const *question, wpa_psk_t const *psk)
{
	return psk->len == question->psk->len && mpsk_secret_equal(psk->octets, question->psk->octets, psk->len);
}

/* Whether a PSK is the right one. The station's own spares the 2 ms of PBKDF2: its PMK is known. */
static bool psk_try(answer_question_t const *question, wpa_psk_t const *psk)
{
	wpa_pmk_t pmk;
	bool right;

	if (psk_is_own(question, psk)) return pmk_is_right(question, question->pmk);

	right = wpa_pmk_derive(&pmk, psk, &question->ssid) == MPSK_OK && pmk_is_right(question, &pmk);
	mpsk_secret_wipe(&pmk, sizeof(pmk));
	return right;
}

/* Read one key, and try it where none was right so far. */
static void key_take(answer_t *answer, answer_question_t const *question, unsigned kinds,
		     radius_attribute_t const *attribute)
{
	keys_context_t const context = { .secret = question->secret, .authenticator = question->authenticator };
	wpa_psk_t psk = { 0 };
	mpsk_status_t status = keys_read(&psk, attribute, kinds, &context, &answer->why);

	if (status == MPSK_OK && question->by_sae && wpa_psk_is_pmk(&psk)) {
		status = mpsk_error_set(&answer->why, MPSK_BAD, "a PMK, of which SAE can make nothing");
	}
	if (status == MPSK_OK) answer->usable++;
	if (status == MPSK_OK && !answer->psk.len && !(question->by_sae && answer->tries)) {
		answer->tries++;
		if (psk_try(question, &psk)) answer->psk = psk;
	}
	mpsk_secret_wipe(&psk, sizeof(psk));
}

static size_t keys_find(radius_attribute_t found[static PASSWORDS_MAX], unsigned kinds, radius_reply_t const *reply)
{
	mpsk_cursor_t c = radius_attributes(reply);
	radius_attribute_t attribute;
	size_t n = 0;

	while (n < PASSWORDS_MAX && radius_attribute_next(&c, &attribute)) {
		if (keys_is_one(&attribute, kinds)) found[n++] = attribute;
	}
	return n;
}

/* "Tunnel-Password", or "Ruckus-DPSK or MS-MPPE-Recv-Key". */
static void kinds_name(mpsk_error_t *out, unsigned kinds)
{
	size_t len = 0;

	out->text[0] = '\0';
	for (unsigned i = 0; i < KEYS_MAX && len < sizeof(out->text); i++) {
		if (!(kinds & 1u << i)) continue;
		len += (size_t) snprintf(out->text + len, sizeof(out->text) - len, "%s%s", len ? " or " : "",
					 keys_name((keys_kind_t) i));
	}
}

/* hostapd tries every Tunnel-Password, the last one first. */
static void accept_judge(answer_t *answer, answer_question_t const *question, radius_reply_t const *reply)
{
	unsigned kinds = question->keys ? question->keys : KEYS_BIT(TUNNEL_PASSWORD);
	radius_attribute_t found[PASSWORDS_MAX];
	size_t n = keys_find(found, kinds, reply);
	mpsk_error_t names;

	answer->passwords = (unsigned) n;
	for (size_t i = n; i > 0; i--) key_take(answer, question, kinds, &found[i - 1]);

	if (answer->psk.len) {
		answer->verdict = ANSWER_RIGHT;
		mpsk_error_set(&answer->why, MPSK_OK, question->handshake ? "the key made this handshake"
			       : "the key is the one expected");
	} else if (answer->usable > 1 && question->by_sae) {
		mpsk_error_set(&answer->why, MPSK_OK, "SAE takes the last passphrase of an answer alone, and it is not "
			       "the one expected");
	} else if (answer->usable) {
		mpsk_error_set(&answer->why, MPSK_OK, question->handshake ? "no key of the answer made this handshake: "
			       "hostapd 2.11 asks again at once, without end" :
			       "no key of the answer is the one expected");
	} else if (!n) {
		kinds_name(&names, kinds);
		mpsk_error_set(&answer->why, MPSK_OK, "it carries no %s", names.text);
	}
	/* Else the text is that of the key read last. */
}

static void reply_judge(answer_t *answer, answer_question_t const *question, radius_reply_t const *reply)
{
	char const *name = radius_code_name(reply->code);

	facts_take(answer, reply);
	if (reply->code == RADIUS_ACCESS_ACCEPT) {
		accept_judge(answer, question, reply);
	} else if (reply->code == RADIUS_ACCESS_REJECT) {
		answer->verdict = ANSWER_REJECTED;
		mpsk_error_set(&answer->why, MPSK_OK, "the server rejects this device: its log says why");
	} else {
		mpsk_error_set(&answer->why, MPSK_OK, "%s (code %u) answers no such request", name ? name : "it",
			       reply->code);
	}
}

void answer_judge(answer_t *answer, answer_question_t const *question, uint8_t const *octets, size_t len)
{
	radius_reply_t reply;
	mpsk_error_t why = { "" };
	mpsk_status_t status;

	*answer = (answer_t) { .verdict = ANSWER_WRONG };
	if (radius_reply_parse(&reply, octets, len, &answer->why) != MPSK_OK) return;

	answer->code = reply.code;
	status = radius_reply_verify(&reply, question->authenticator, question->secret, &why);
	answer->signed_reply = status == MPSK_OK;
	if (status == MPSK_OK || status == MPSK_MISS) reply_judge(answer, question, &reply);
	if (status == MPSK_OK) return;

	/* Whatever it says: an access point would not hear it. */
	answer->verdict = ANSWER_WRONG;
	answer->why = why;
}
