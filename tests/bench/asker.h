/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An access point that asks a lab's server, with radmpsk's load generator.
 */
#ifndef TESTS_BENCH_ASKER_H
#define TESTS_BENCH_ASKER_H

#include "lab.h"
#include "radmpsk/load.h"

#define ASKER_SSID	"Acme"
#define ASKER_STATIONS	1000	/* the devices of the one key below */
#define ASKER_KEY	"known"
#define ASKER_PASSPHRASE "correct-horse-battery"

/* What plan points to; the plan is the caller's to change. */
typedef struct {
	radius_peer_t		server;
	radius_secret_t		secret;
	wpa_psk_t		psk;
	wpa_pmk_t		pmk;
	load_plan_t		plan;
} asker_t;

/* Handshakes of ASKER_STATIONS devices of one key. What it points to must not move. */
void asker_set(asker_t *asker, lab_t const *lab);

/* Write that key to the lab's Redis. */
void asker_key_add(lab_t const *lab);

/* Ask so many times. */
load_result_t asker_run(asker_t *asker, size_t count);

/* Ask until the server knows the key, a minute at most. */
void asker_await_ready(asker_t *asker);

/* As above, and until it knows all devices: they then cost Redis nothing. */
void asker_await_known(asker_t *asker, lab_t const *lab);

#endif
