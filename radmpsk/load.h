/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Many requests, several at a time.
 */
#ifndef RADMPSK_LOAD_H
#define RADMPSK_LOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "radius/exchange.h"
#include "radius/packet.h"
#include "radmpsk/request.h"
#include "radmpsk/supplicant.h"
#include "wpa/pmk.h"

#define LOAD_COUNT_MAX	10000000
#define LOAD_WINDOW_MAX	4096
#define LOAD_RATE_MAX	100000
#define LOAD_STATIONS_MAX 1000000

typedef struct {
	radius_peer_t const	*server;
	radius_secret_t const	*secret;
	wpa_psk_t const		*psk;
	wpa_pmk_t const		*pmk;
	supplicant_akm_t const	*akm;		/* NULL: bound requests */
	request_t		request;	/* MAC, BSSID, SSID and NAS; the handshake is filled in */
	unsigned		keys;		/* as answer_question_t has it */
	bool			random_macs;
	uint32_t		stations;	/* so many MACs by turns, from that of the request on; 0 is 1 */
	bool			wrong_keys;	/* each handshake is made with a key of its own, drawn at random */
	uint32_t		count;
	uint32_t		window;
	uint32_t		rate;		/* requests a second, however the server does; 0: the window decides */
	int64_t			timeout_ms;
} load_plan_t;

typedef struct {
	uint32_t	right;
	uint32_t	rejected;
	uint32_t	wrong;
	uint32_t	lost;
	int64_t		spent_us;	/* while requests were under way */
	int64_t		busy_us;	/* of these, what this thread had a core for: near spent_us, it was the limit */
	uint32_t	p50_us;
	uint32_t	p99_us;
	uint32_t	max_us;
	mpsk_error_t	first_wrong;	/* why the first wrong answer was; "" where there was none */
} load_result_t;

/*
 * Send plan->count requests, plan->window at a time, none twice. They are
 * computed in batches of bounded size, and their answers judged, while the
 * clock stands. With a rate, each has a moment at which it is due and from
 * which its answer is timed, so that a server that is slow for a while is not
 * spared the requests of that while. With a text:
 * AGAIN where no answer comes to the first of them, ERR where this machine
 * fails, BAD or MISS where the plan's values do not make a request.
 */
mpsk_status_t load_run(load_result_t *result, load_plan_t const *plan, mpsk_error_t *err);

#endif
