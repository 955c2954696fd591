/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "radmpsk/accounting_run.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <openssl/rand.h>

#include "base/secret.h"
#include "radius/exchange.h"
#include "radmpsk/accounting.h"
#include "radmpsk/input.h"

#define RETRANSMIT_MS 3000	/* as hostapd does */

/* One packet and its answer. */
typedef struct {
	radius_exchange_t	exchange;
	radius_packet_t		packet;
	radius_secret_t const	*secret;
} single_t;

static bool answer_take(radius_exchange_t *exchange, uint8_t const *octets, size_t len)
{
	single_t const *single = (single_t const *) (void const *) exchange;
	radius_reply_t reply;

	return radius_reply_parse(&reply, octets, len, NULL) == MPSK_OK && reply.code == RADIUS_ACCOUNTING_RESPONSE &&
	       radius_reply_verify(&reply, single->packet.octets + 4, single->secret, NULL) != MPSK_BAD;
}

/* What the options say of the session; where they name none, a station has one that goes by its MAC. */
static void event_read(accounting_event_t *event, options_t const *options)
{
	char text[MPSK_MAC_TEXT_MAX];

	*event = (accounting_event_t) {
		.status = (accounting_status_t) options->acct->status,
		.user_name = options->user_name,
		.at = time(NULL) - options->ago,
		.session_time = (uint32_t) options->session_time,
		.in = (uint64_t) options->octets_in,
		.out = (uint64_t) options->octets_out,
		.cause = options->acct->status == ACCOUNTING_STOP ? 1 : 0,
	};
	event->sid = options->session_id;
	if (event->sid.len) return;
	(void) mpsk_mac_print(text, &options->mac);
	(void) mpsk_octets_set(&event->sid, text, strlen(text));
}

static mpsk_status_t single_run(options_t const *options, request_t const *request, radius_peer_t const *server,
				radius_secret_t const *secret, bool *answered, mpsk_error_t *err)
{
	radius_patience_t const patience = {
		.timeout_ms = options->timeout * 1000, .retransmit_ms = RETRANSMIT_MS, .retries = options->retries,
	};
	single_t single = { .exchange = { .peer = server, .take = answer_take }, .secret = secret };
	radius_exchange_t *const exchange = &single.exchange;
	accounting_event_t event;
	mpsk_status_t status;
	uint8_t id;

	if (RAND_bytes(&id, 1) != 1) return mpsk_error_set(err, MPSK_ERR, "libcrypto has no random octets");
	event_read(&event, options);
	status = accounting_build(&single.packet, request, &event, secret, id, err);
	if (status != MPSK_OK) return status;
	single.exchange.request = single.packet.octets;
	single.exchange.request_len = single.packet.len;
	status = radius_exchange_run(&exchange, 1, &patience, err);
	if (status == MPSK_OK) status = single.exchange.status;
	*answered = status == MPSK_OK;
	if (status == MPSK_OK) {
		printf("answered in %.1f ms\n", (double) single.exchange.took_us / 1e3);
	} else if (single.exchange.status != MPSK_OK) {
		*err = single.exchange.err;
	}
	return status;
}

static mpsk_status_t model_write(options_t const *options, accounting_plan_t const *plan, mpsk_error_t *err)
{
	FILE *out = options->model ? fopen(options->model, "w") : NULL;
	mpsk_status_t status;

	if (!options->model) return MPSK_OK;
	if (!out) return mpsk_error_set(err, MPSK_BAD, "--model %s cannot be written", options->model);
	status = accounting_model(out, plan);
	if (fclose(out) != 0) status = MPSK_ERR;
	if (status == MPSK_OK) return MPSK_OK;
	return mpsk_error_set(err, MPSK_BAD, "--model %s cannot be written", options->model);
}

static void load_print(options_t const *options, accounting_result_t const *result)
{
	double seconds = (double) result->spent_us / 1e6;
	double rate = seconds > 0 ? result->answered / seconds : 0;

	if (options->json) {
		printf("{ \"packets\": %" PRIu32 ", \"answered\": %" PRIu32 ", \"lost\": %" PRIu32
		       ", \"repeated\": %" PRIu32 ", \"seconds\": %.3f, \"packets_per_second\": %.0f }\n",
		       result->packets, result->answered, result->lost, result->repeated, seconds, rate);
	} else {
		printf("%" PRIu32 " packets, %" PRIu32 " answered, %" PRIu32 " lost, %" PRIu32 " sent again, %.3f s, "
		       "%.0f a second\n", result->packets, result->answered, result->lost, result->repeated, seconds,
		       rate);
	}
}

static mpsk_status_t load_run(options_t const *options, request_t const *request, radius_peer_t const *server,
			      radius_secret_t const *secret, bool *answered, mpsk_error_t *err)
{
	accounting_plan_t const plan = {
		.server = server,
		.secret = secret,
		.request = *request,
		.user_name = options->user_name,
		.sessions = (uint32_t) options->count,
		.stations = (uint32_t) options->stations,
		.window = (uint32_t) options->window,
		.rate = (uint32_t) options->rate,
		.timeout_ms = options->timeout * 1000,
		.now = time(NULL),
	};
	accounting_result_t result;
	mpsk_status_t status = model_write(options, &plan, err);

	if (status == MPSK_OK) status = accounting_load(&result, &plan, err);
	if (status != MPSK_OK) return status;
	*answered = result.answered == result.packets;
	load_print(options, &result);
	return MPSK_OK;
}

mpsk_status_t accounting_run(options_t const *options, bool *answered, mpsk_error_t *err)
{
	request_t request = {
		.dialect = options->dialect, .mac = options->mac, .bssid = options->bssid, .ssid = options->ssid,
		.nas_id = options->nas_id,
	};
	radius_secret_t secret;
	radius_peer_t server;
	mpsk_status_t status = input_secret_read(secret.octets, sizeof(secret.octets), &secret.len,
						 options->secret_file, "Shared secret: ", err);
	int fd;

	*answered = false;
	if (status == MPSK_OK) status = radius_peer_find(&server, options->server, RADIUS_PORT_ACCT, err);
	if (status == MPSK_OK) status = radius_peer_connect(&fd, &server, err);
	if (status == MPSK_OK) {
		request.nas_address_len = radius_peer_local_address(request.nas_address, fd);
		close(fd);
		status = options->acct->status ? single_run(options, &request, &server, &secret, answered, err) :
						 load_run(options, &request, &server, &secret, answered, err);
	}
	mpsk_secret_wipe(&secret, sizeof(secret));
	return status;
}
