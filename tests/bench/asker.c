/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "asker.h"

#include <string.h>
#include <time.h>

#include "base/deadline.h"
#include "bench.h"
#include "keys.h"

#define WINDOW		32
#define TIMEOUT_MS	5000
#define PATIENCE_MS	60000
#define STEP_MS		10

void asker_set(asker_t *asker, lab_t const *lab)
{
	static uint8_t const localhost[] = { 127, 0, 0, 1 };

	*asker = (asker_t) { .secret = { .len = strlen(lab->secret) } };
	memcpy(asker->secret.octets, lab->secret, asker->secret.len);
	asker->plan = (load_plan_t) {
		.server = &asker->server, .secret = &asker->secret, .psk = &asker->psk, .pmk = &asker->pmk,
		.akm = &supplicant_akms[0],
		.request = {
			.mac = { { 0x00, 0x00, 0x5e, 0x00, 0x53, 0x01 } },
			.bssid = { { 0x00, 0x00, 0x5e, 0x00, 0x53, 0xf0 } },
			.nas_id = "bench", .nas_address_len = sizeof(localhost),
			.suite = supplicant_akms[0].suite,
		},
		.stations = ASKER_STATIONS, .window = WINDOW, .timeout_ms = TIMEOUT_MS,
	};
	memcpy(asker->plan.request.nas_address, localhost, sizeof(localhost));
	bench_assert(mpsk_ssid_set(&asker->plan.request.ssid, ASKER_SSID, strlen(ASKER_SSID)) &&
		     wpa_psk_set(&asker->psk, ASKER_PASSPHRASE, strlen(ASKER_PASSPHRASE), NULL) == MPSK_OK &&
		     wpa_pmk_derive(&asker->pmk, &asker->psk, &asker->plan.request.ssid) == MPSK_OK &&
		     radius_peer_find(&asker->server, lab->radius, RADIUS_PORT_AUTH, NULL) == MPSK_OK,
		     "nobody can ask");
}

void asker_key_add(lab_t const *lab)
{
	keys_add(lab, ASKER_SSID, ASKER_KEY, ASKER_PASSPHRASE);
}

load_result_t asker_run(asker_t *asker, size_t count)
{
	load_result_t result;
	mpsk_error_t err = { "" };

	asker->plan.count = (uint32_t) count;
	bench_assert(load_run(&result, &asker->plan, &err) == MPSK_OK, err.text);
	return result;
}

static void step_or_fail(mpsk_deadline_t deadline)
{
	struct timespec const step = { .tv_nsec = STEP_MS * 1000000 };

	bench_assert(!mpsk_deadline_passed(deadline), "the server does not come to know the keys");
	nanosleep(&step, NULL);
}

void asker_await_ready(asker_t *asker)
{
	mpsk_deadline_t const deadline = mpsk_deadline_in(PATIENCE_MS);

	while (asker_run(asker, 1).right != 1) step_or_fail(deadline);
}

void asker_await_known(asker_t *asker, lab_t const *lab)
{
	mpsk_deadline_t const deadline = mpsk_deadline_in(PATIENCE_MS);

	for (;;) {
		long long const before = keys_commands(lab);

		if (asker_run(asker, ASKER_STATIONS).right == ASKER_STATIONS &&
		    keys_commands(lab) - before < ASKER_STATIONS / 10) return;
		step_or_fail(deadline);
	}
}
