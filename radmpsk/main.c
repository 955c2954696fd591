/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * radmpsk: plays an access point that asks for a station's key.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <openssl/rand.h>

#include "base/secret.h"
#include "radmpsk/accounting_run.h"
#include "radmpsk/answer.h"
#include "radius/exchange.h"
#include "radmpsk/input.h"
#include "radmpsk/load.h"
#include "radmpsk/options.h"
#include "radmpsk/replay.h"
#include "radmpsk/report.h"
#include "radmpsk/request.h"
#include "radmpsk/supplicant.h"

#define RETRANSMIT_MS	3000	/* as hostapd does */

/* All that a run works with; wiped at its end. */
typedef struct {
	options_t		options;
	radius_secret_t		secret;
	wpa_psk_t		psk;
	wpa_pmk_t		pmk;
	radius_peer_t	server;
	request_t		request;
	replay_t		replay;
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

/* The station's: the one given, or the one in the file that is replayed. */
static mpsk_status_t psk_read(run_t *run)
{
	uint8_t octets[INPUT_MAX];
	size_t len;
	mpsk_status_t status;

	if (!run->options.passphrase_file && run->replay.psk.len) {
		run->psk = run->replay.psk;
		return MPSK_OK;
	}
	status = input_secret_read(octets, sizeof(octets), &len, run->options.passphrase_file, "Passphrase: ",
				   &run->err);
	if (status == MPSK_OK) status = wpa_psk_set(&run->psk, octets, len, &run->err);
	mpsk_secret_wipe(octets, sizeof(octets));
	return status;
}

static mpsk_status_t secrets_read(run_t *run)
{
	options_t const *options = &run->options;
	mpsk_status_t status = input_secret_read(run->secret.octets, sizeof(run->secret.octets), &run->secret.len,
						 options->secret_file, "Shared secret: ", &run->err);

	if (status == MPSK_OK) status = psk_read(run);
	if (status != MPSK_OK) return status;

	if (!wpa_psk_is_ascii(&run->psk)) {
		fputs("radmpsk: the passphrase is not all printable ASCII: stations may encode it in other ways\n",
		      stderr);
	}
	status = wpa_pmk_derive(&run->pmk, &run->psk, &options->ssid);
	if (status != MPSK_OK) mpsk_error_set(&run->err, status, "libcrypto cannot compute the PMK");
	return status;
}

/* What the file says of who asks, in the place of the options. */
static mpsk_status_t replay_prepare(run_t *run)
{
	options_t *options = &run->options;
	mpsk_status_t status = options->replay ? replay_read(&run->replay, options->replay, &run->err) : MPSK_OK;

	if (status != MPSK_OK || !options->replay) return status;
	options->ssid = run->replay.ssid;
	options->bssid = run->replay.bssid;
	options->mac = run->replay.mac;
	return MPSK_OK;
}

static mpsk_status_t run_prepare(run_t *run)
{
	options_t const *options = &run->options;
	mpsk_status_t status = replay_prepare(run);
	int fd;

	if (status == MPSK_OK) status = secrets_read(run);
	if (status == MPSK_OK) status = radius_peer_find(&run->server, options->server, RADIUS_PORT_AUTH, &run->err);
	if (status == MPSK_OK) status = radius_peer_connect(&fd, &run->server, &run->err);
	if (status != MPSK_OK) return status;

	run->request.nas_address_len = radius_peer_local_address(run->request.nas_address, fd);
	close(fd);
	run->request.mac = options->mac;
	run->request.bssid = options->bssid;
	run->request.ssid = options->ssid;
	run->request.nas_id = options->nas_id;
	run->request.dialect = options->dialect;
	run->request.suite = options->bound ? 0 : options->replay ? run->replay.suite : options->akm->told;
	if (options->bound && wpa_akm_sae_name(options->akm->suite)) run->request.bound_suite = options->akm->told;
	run->subject = (report_subject_t) {
		.server = run->server.text,
		.request = &run->request,
		.show_psk = options->show_psk,
		.random_macs = options->random_macs,
		.stations = (uint32_t) options->stations,
	};
	return MPSK_OK;
}

/* A request, and what is to be made of its reply. */
typedef struct {
	radius_exchange_t	exchange;
	answer_question_t const	*question;
	answer_t		*answer;
} asking_t;

/* The first datagram that carries the id is the answer, whatever it is: that is what an access point would take. */
static bool answer_take(radius_exchange_t *exchange, uint8_t const *octets, size_t len)
{
	asking_t *asking = (asking_t *) (void *) exchange;

	answer_judge(asking->answer, asking->question, octets, len);
	return true;
}

static mpsk_status_t answer_get(run_t *run, answer_question_t const *question, chance_t const *chance,
				answer_t *answer, int64_t *took_us)
{
	radius_patience_t const patience = {
		.timeout_ms = run->options.timeout * 1000,
		.retransmit_ms = RETRANSMIT_MS,
		.retries = run->options.retries,
	};
	radius_packet_t packet;
	asking_t asking = {
		.exchange = { .peer = &run->server, .request = packet.octets, .take = answer_take },
		.question = question,
		.answer = answer,
	};
	radius_exchange_t *const exchange = &asking.exchange;
	mpsk_status_t status = request_build(&packet, &run->request, &run->secret, chance->id, chance->authenticator,
					     &run->err);

	asking.exchange.request_len = packet.len;
	if (status == MPSK_OK) status = radius_exchange_run(&exchange, 1, &patience, &run->err);
	if (status != MPSK_OK) return status;

	*took_us = asking.exchange.took_us;
	if (asking.exchange.status == MPSK_AGAIN) {
		*answer = (answer_t) { .verdict = ANSWER_NONE };
		mpsk_error_set(&answer->why, MPSK_AGAIN, "%s: is the server up, and is this machine one of its "
			       "clients?", asking.exchange.err.text);
	} else if (asking.exchange.status != MPSK_OK) {
		run->err = asking.exchange.err;
		return asking.exchange.status;
	}
	return MPSK_OK;
}

/* The handshake that a station makes now, and what it is for whoever checks a key. */
static mpsk_status_t handshake_make(run_t *run, supplicant_handshake_t *made, wpa_handshake_t *handshake,
				    supplicant_nonces_t const *nonces)
{
	supplicant_link_t const link = {
		.bssid = run->options.bssid, .mac = run->options.mac, .ssid = run->options.ssid,
		.nas_id = run->options.nas_id,
	};
	mpsk_status_t status = supplicant_join(made, handshake, run->options.akm, &link, nonces, &run->pmk, &run->err);

	run->request.anonce = made->anonce;
	run->request.frame = made->frame;
	run->request.frame_len = made->frame_len;
	return status;
}

/* The one of the file. MISS, and no error: nobody can check it, so that the key is compared instead. */
static mpsk_status_t handshake_replay(run_t *run, wpa_handshake_t *handshake)
{
	replay_t const *replay = &run->replay;
	wpa_relayed_t const relayed = {
		.aa = replay->bssid, .spa = replay->mac, .ssid = replay->ssid,
		.anonce = replay->anonce, .anonce_len = sizeof(replay->anonce),
		.frame = replay->frame, .frame_len = replay->frame_len,
	};

	run->request.anonce = replay->anonce;
	run->request.frame = replay->frame;
	run->request.frame_len = replay->frame_len;
	return wpa_handshake_set(handshake, &relayed, NULL) == MPSK_OK ? MPSK_OK : MPSK_MISS;
}

/* Ask by MAC alone, as an access point that asks in two steps does first. */
static mpsk_status_t first_step(run_t *run, answer_question_t const *question, chance_t *chance, answer_t *answer)
{
	wpa_suite_t suite = run->request.suite;
	int64_t took_us = 0;
	mpsk_status_t status;

	run->request.suite = 0;
	status = answer_get(run, question, chance, answer, &took_us);
	run->request.suite = suite;
	chance->id++;
	return status;
}

static mpsk_status_t single_run(run_t *run, answer_t *answer)
{
	options_t const *options = &run->options;
	answer_question_t question = {
		.secret = &run->secret, .ssid = options->ssid, .psk = &run->psk, .pmk = &run->pmk,
		.by_sae = run->request.bound_suite != 0,
		.keys = dialect_keys(options->dialect, options->bound, run->request.bound_suite != 0),
	};
	supplicant_handshake_t made;
	wpa_handshake_t handshake;
	chance_t chance;
	int64_t took_us = 0;
	mpsk_status_t status = MPSK_MISS;
	bool go_on = true;

	if (RAND_bytes((unsigned char *) &chance, sizeof(chance)) != 1) {
		return mpsk_error_set(&run->err, MPSK_ERR, "libcrypto has no random octets");
	}
	question.authenticator = chance.authenticator;
	if (options->replay) {
		status = handshake_replay(run, &handshake);
	} else if (!options->bound) {
		status = handshake_make(run, &made, &handshake, &chance.nonces);
		if (status != MPSK_OK) return status;
	}
	if (status == MPSK_OK) question.handshake = &handshake;
	status = MPSK_OK;
	if (options->dialect->two_steps && !options->bound) {
		status = first_step(run, &question, &chance, answer);
		go_on = answer->code == RADIUS_ACCESS_ACCEPT && answer->signed_reply;
	}
	if (status == MPSK_OK && go_on) status = answer_get(run, &question, &chance, answer, &took_us);
	if (status != MPSK_OK) return status;

	status = (options->json ? report_answer_json : report_answer_text)(stdout, &run->subject, answer, took_us);
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
		.keys = dialect_keys(options->dialect, options->bound, run->request.bound_suite != 0),
		.random_macs = options->random_macs,
		.stations = (uint32_t) options->stations,
		.wrong_keys = options->wrong,
		.count = (uint32_t) options->count,
		.window = (uint32_t) options->window,
		.rate = (uint32_t) options->rate,
		.timeout_ms = options->timeout * 1000,
	};
	mpsk_status_t status = load_run(result, &plan, &run->err);

	if (status != MPSK_OK) return status;
	status = (options->json ? report_load_json : report_load_text)(stdout, &run->subject, result);
	return status == MPSK_OK ? status : mpsk_error_set(&run->err, status, "standard output cannot be written");
}

static int account_do(run_t *run)
{
	bool answered;
	mpsk_status_t status = accounting_run(&run->options, &answered, &run->err);

	if (status != MPSK_OK) return complain(run, status);
	return answered ? ANSWER_RIGHT : ANSWER_NONE;
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

	/* No core file, and no debugger of another process of the same user: a passphrase is in memory. */
	prctl(PR_SET_DUMPABLE, 0);
	options_read(&run.options, argc, argv);
	code = run.options.acct ? account_do(&run) : run_do(&run);
	mpsk_secret_wipe(&run, sizeof(run));
	return code;
}
