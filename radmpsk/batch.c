/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "radmpsk/batch.h"

#include <string.h>

#include <openssl/rand.h>

/* All that a request needs from chance, drawn at once. */
typedef struct {
	uint8_t			authenticator[RADIUS_AUTHENTICATOR_LEN];
	supplicant_nonces_t	nonces;
	mpsk_mac_t		mac;
	wpa_pmk_t		pmk;
} chance_t;

/* The MAC of the n-th request. */
static mpsk_mac_t mac_of(load_plan_t const *plan, uint32_t n, chance_t const *chance)
{
	mpsk_mac_t mac = plan->random_macs ? chance->mac : plan->request.mac;
	uint32_t carry = plan->stations ? n % plan->stations : 0;

	if (plan->random_macs) {
		mac.octets[0] = (uint8_t) ((mac.octets[0] & 0xfc) | 0x02);	/* local, one station */
		return mac;
	}
	for (size_t i = MPSK_MAC_LEN; i-- > 0 && carry; carry >>= 8) {
		carry += mac.octets[i];
		mac.octets[i] = (uint8_t) carry;
	}
	return mac;
}

static mpsk_status_t request_fill(batch_request_t *out, uint32_t n, load_plan_t const *plan, mpsk_error_t *err)
{
	request_t request = plan->request;
	radius_packet_t packet;
	wpa_handshake_t hs;
	chance_t chance;
	mpsk_status_t status;

	if (RAND_bytes((unsigned char *) &chance, sizeof(chance)) != 1) {
		return mpsk_error_set(err, MPSK_ERR, "libcrypto has no random octets");
	}
	request.mac = mac_of(plan, n, &chance);
	out->mac = request.mac;
	if (plan->akm) {
		supplicant_link_t const link = {
			.bssid = request.bssid, .mac = request.mac, .ssid = request.ssid, .nas_id = request.nas_id,
		};

		status = supplicant_join(&out->handshake, &hs, plan->akm, &link, &chance.nonces,
					 plan->wrong_keys ? &chance.pmk : plan->pmk, err);
		if (status != MPSK_OK) return status;
		request.anonce = out->handshake.anonce;
		request.frame = out->handshake.frame;
		request.frame_len = out->handshake.frame_len;
	}
	status = request_build(&packet, &request, plan->secret, 0, chance.authenticator, err);
	if (status != MPSK_OK) return status;
	if (packet.len > sizeof(out->packet)) {
		return mpsk_error_set(err, MPSK_BAD, "the request has %zu octets, over %d", packet.len,
				      BATCH_PACKET_MAX);
	}
	memcpy(out->packet, packet.octets, packet.len);
	out->len = packet.len;
	return MPSK_OK;
}

mpsk_status_t batch_fill(batch_request_t *requests, uint32_t n, uint32_t first, load_plan_t const *plan,
			 mpsk_error_t *err)
{
	mpsk_status_t status = MPSK_OK;

	for (uint32_t i = 0; status == MPSK_OK && i < n; i++) status = request_fill(&requests[i], first + i, plan, err);
	return status;
}

mpsk_status_t batch_request_number(batch_request_t *request, uint8_t id, radius_secret_t const *secret)
{
	request->packet[1] = id;
	return radius_request_sign(request->packet, request->len, secret);
}

void batch_request_judge(answer_t *answer, batch_request_t const *request, load_plan_t const *plan,
			 uint8_t const *octets, size_t len)
{
	supplicant_handshake_t const *made = &request->handshake;
	wpa_handshake_t handshake;
	answer_question_t question = {
		.secret = plan->secret,
		.authenticator = request->packet + 4,
		.ssid = plan->request.ssid,
		.psk = plan->psk,
		.pmk = plan->pmk,
		.by_sae = !plan->akm && plan->request.bound_suite,
		.keys = plan->keys,
	};

	if (plan->akm) {
		wpa_relayed_t const relayed = {
			.aa = plan->request.bssid, .spa = request->mac, .ssid = plan->request.ssid,
			.anonce = made->anonce, .anonce_len = sizeof(made->anonce),
			.frame = made->frame, .frame_len = made->frame_len,
		};

		if (wpa_handshake_set(&handshake, &relayed, NULL) != MPSK_OK) {
			*answer = (answer_t) { .verdict = ANSWER_WRONG };
			mpsk_error_set(&answer->why, MPSK_ERR, "the handshake of the request is not one");
			return;
		}
		question.handshake = &handshake;
	}
	answer_judge(answer, &question, octets, len);
}
