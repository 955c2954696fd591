/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * radmpsk: plays an access point that asks for a station's key.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/rand.h>

#include "base/secret.h"
#include "radmpsk/answer.h"
#include "radmpsk/exchange.h"
#include "radmpsk/input.h"
#include "radmpsk/load.h"
#include "radmpsk/options.h"
#include "radmpsk/report.h"
#include "radmpsk/request.h"
#include "radmpsk/supplicant.h"

/* All that a run works with; wiped at its end. */
typedef struct {
	options_t		options;
	radius_secret_t		secret;
	wpa_psk_t		psk;
	wpa_pmk_t		pmk;
	exchange_server_t	server;
	request_t		request;
	report_subject_t	subject;
	mpsk_error_t		err;
} run_t;

/* What was drawn by chance for a single request. */
typedef struct {
	uint8_t			id;
	uint8_t			authenticator[RADIUS_AUTHENTICATOR_LEN];
	supplicant_nonces_t	nonces;
} chance_t;

static int exit_of(mpsk_status_t status)
{
	static int const codes[] = {
		[MPSK_OK] = ANSWER_RIGHT, [MPSK_MISS] = OPTIONS_EXIT_USAGE, [MPSK_AGAIN] = ANSWER_NONE,
		[MPSK_BAD] = OPTIONS_EXIT_USAGE, [MPSK_ERR] = OPTIONS_EXIT_INTERNAL,
	};

	return codes[status];
}

static int complain(run_t const *run, mpsk_status_t status)
{
	fprintf(stderr, "radmpsk: %s\n", run->err.text);
	return exit_of(status);
}

static mpsk_status_t secrets_read(run_t *run)
{
	options_t const *options = &run->options;
	uint8_t octets[INPUT_MAX];
	size_t len;
	mpsk_status_t status = input_secret_read(run->secret.octets, sizeof(run->secret.octets), &run->secret.len,
						 options->secret_file, "Shared secret: ", &run->err);

	if (status != MPSK_OK) return status;
	status = input_secret_read(octets, sizeof(octets), &len, options->passphrase_file, "Passphrase: ", &run->err);
	if (status == MPSK_OK) status = wpa_psk_set(&run->psk, octets, len, &run->err);
	mpsk_secret_wipe(octets, sizeof(octets));
	if (status != MPSK_OK) return status;

	if (!wpa_psk_is_ascii(&run->psk)) {
		fputs("radmpsk: the passphrase is not all printable ASCII: stations may encode it in other ways\n",
		      stderr);
	}
	status = wpa_pmk_derive(&run->pmk, &run->psk, &options->ssid);
	if (status != MPSK_OK) mpsk_error_set(&run->err, status, "libcrypto cannot compute the PMK");
	return status;
}

static mpsk_status_t run_prepare(run_t *run)
{
	options_t const *options = &run->options;
	mpsk_status_t status = secrets_read(run);
	int fd;

	if (status == MPSK_OK) status = exchange_server_find(&run->server, options->server, &run->err);
	if (status == MPSK_OK) status = exchange_connect(&fd, &run->server, &run->err);
	if (status != MPSK_OK) return status;

	run->request.nas_address_len = exchange_local_address(run->request.nas_address, fd);
	close(fd);
	run->request.mac = options->mac;
	run->request.bssid = options->bssid;
	run->request.ssid = options->ssid;
	run->request.nas_id = options->nas_id;
	run->request.suite = options->bound ? 0 : options->akm->told;
	run->subject = (report_subject_t) {
		.server = run->server.text,
		.request = &run->request,
		.show_psk = options->show_psk,
		.random_macs = options->random_macs,
	};
	return MPSK_OK;
}

static mpsk_status_t answer_get(run_t *run, answer_question_t const *question, chance_t const *chance,
				answer_t *answer, int64_t *took_us)
{
	exchange_patience_t const patience = {
		.timeout_ms = run->options.timeout * 1000,
		.retransmit_ms = EXCHANGE_RETRANSMIT_MS,
		.retries = run->options.retries,
	};
	radius_packet_t packet, reply;
	mpsk_status_t status = request_build(&packet, &run->request, &run->secret, chance->id, chance->authenticator,
					     &run->err);
	int fd;

	if (status == MPSK_OK) status = exchange_connect(&fd, &run->server, &run->err);
	if (status != MPSK_OK) return status;

	status = exchange_run(fd, packet.octets, packet.len, &patience, &reply, took_us, &run->err);
	close(fd);
	if (status == MPSK_OK) {
		answer_judge(answer, question, reply.octets, reply.len);
	} else if (status == MPSK_AGAIN) {
		*answer = (answer_t) { .verdict = ANSWER_NONE, .why = run->err };
		status = MPSK_OK;
	}
	return status;
}

static mpsk_status_t single_run(run_t *run, answer_t *answer)
{
	answer_question_t question = {
		.secret = &run->secret, .ssid = run->options.ssid, .psk = &run->psk, .pmk = &run->pmk,
	};
	supplicant_link_t const link = {
		.bssid = run->options.bssid, .mac = run->options.mac, .ssid = run->options.ssid,
		.nas_id = run->options.nas_id,
	};
	supplicant_handshake_t made;
	wpa_handshake_t handshake;
	chance_t chance;
	int64_t took_us = 0;
	mpsk_status_t status = MPSK_OK;

	if (RAND_bytes((unsigned char *) &chance, sizeof(chance)) != 1) {
		return mpsk_error_set(&run->err, MPSK_ERR, "libcrypto has no random octets");
	}
	question.authenticator = chance.authenticator;
	if (!run->options.bound) {
		status = supplicant_join(&made, &handshake, run->options.akm, &link, &chance.nonces, &run->pmk,
					 &run->err);
		if (status != MPSK_OK) return status;
		run->request.anonce = made.anonce;
		run->request.frame = made.frame;
		run->request.frame_len = made.frame_len;
		question.handshake = &handshake;
	}
	if (status == MPSK_OK) status = answer_get(run, &question, &chance, answer, &took_us);
	if (status != MPSK_OK) return status;

	status = (run->options.json ? report_answer_json : report_answer_text)(stdout, &run->subject, answer, took_us);
	return status == MPSK_OK ? status : mpsk_error_set(&run->err, status, "standard output cannot be written");
}

static int load_exit(load_result_t const *result)
{
	if (result->lost) return ANSWER_NONE;
	if (result->wrong) return ANSWER_WRONG;
	return result->rejected ? ANSWER_REJECTED : ANSWER_RIGHT;
}

static mpsk_status_t many_run(run_t *run, load_result_t *result)
{
	options_t const *options = &run->options;
	load_plan_t const plan = {
		.server = &run->server,
		.secret = &run->secret,
		.psk = &run->psk,
		.pmk = &run->pmk,
		.akm = options->bound ? NULL : options->akm,
		.request = run->request,
		.random_macs = options->random_macs,
		.count = (uint32_t) options->count,
		.window = (uint32_t) options->window,
		.timeout_ms = options->timeout * 1000,
	};
	mpsk_status_t status = load_run(result, &plan, &run->err);

	if (status != MPSK_OK) return status;
	status = (options->json ? report_load_json : report_load_text)(stdout, &run->subject, result);
	return status == MPSK_OK ? status : mpsk_error_set(&run->err, status, "standard output cannot be written");
}

static int run_do(run_t *run)
{
	mpsk_status_t status = run_prepare(run);
	answer_t answer = { .verdict = ANSWER_NONE };
	load_result_t result = { 0 };
	int code;

	if (status == MPSK_OK) status = run->options.count ? many_run(run, &result) : single_run(run, &answer);
	code = run->options.count ? load_exit(&result) : (int) answer.verdict;
	mpsk_secret_wipe(&answer, sizeof(answer));
	return status == MPSK_OK ? code : complain(run, status);
}

int main(int argc, char **argv)
{
	run_t run = { 0 };
	int code;

	options_read(&run.options, argc, argv);
	code = run_do(&run);
	mpsk_secret_wipe(&run, sizeof(run));
	return code;
}
