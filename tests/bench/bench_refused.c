/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>

#include "asker.h"
#include "bench.h"
#include "rows.h"

#define ROUNDS		24
#define SLICE		3000	/* requests */
#define QUICK_ROUNDS	1
#define QUICK_SLICE	100

/* No limit refuses before the search, which is among one key: what is left is the decision and its log. */
#define SETTINGS	"nas_rate = 0\nmac_failures = 0\nserver_share = 0\nrepeat_memory = 0\nlog_decisions = "

typedef enum { UNTOLD, TOLD, SERVERS } server_t;
typedef enum { RATE, CPU, FIGURES } figure_t;

static char const *const settings[SERVERS] = { [UNTOLD] = SETTINGS "none", [TOLD] = SETTINGS "refused" };

static lab_t servers[SERVERS];
static asker_t askers[SERVERS];
static double samples[FIGURES][SERVERS][ROUNDS];

static void slice(server_t server, size_t round, size_t count)
{
	double const cpu = lab_radius_cpu(&servers[server]);
	load_result_t const result = asker_run(&askers[server], count);

	bench_assert(result.rejected == count, "a wrong handshake was not refused");
	samples[RATE][server][round] = (double) count / ((double) result.spent_us * 1e-6);
	samples[CPU][server][round] = (lab_radius_cpu(&servers[server]) - cpu) * 1e6 / (double) count;
}

static void figure_row(figure_t figure, size_t rounds)
{
	double ratios[ROUNDS];
	measure_rates_t rates;

	for (size_t i = 0; i < rounds; i++) ratios[i] = samples[figure][TOLD][i] / samples[figure][UNTOLD][i];
	rates.baseline = measure_median(samples[figure][UNTOLD], rounds);
	rates.rate = measure_median(samples[figure][TOLD], rounds);
	rates.ratio = measure_median(ratios, rounds);
	rows_beside("none");
	rows_compared(&rates, 1, "log_decisions = refused");
}

void bench_refused(void)
{
	size_t const rounds = bench_quick ? QUICK_ROUNDS : ROUNDS, count = bench_quick ? QUICK_SLICE : SLICE;

	for (size_t i = 0; i < SERVERS; i++) {
		bench_assert(setenv("MPSK_LAB_SET", settings[i], 1) == 0, "no memory");
		lab_up(&servers[i], LAB_MPSK, NULL);
		asker_key_add(&servers[i]);
		asker_set(&askers[i], &servers[i]);
		asker_await_ready(&askers[i]);
		askers[i].plan.random_macs = askers[i].plan.wrong_keys = true;
	}
	(void) unsetenv("MPSK_LAB_SET");
	for (size_t round = 0; round < rounds; round++) {
		/* By turns, and who begins by turns too. */
		for (size_t i = 0; i < SERVERS; i++) slice((server_t) ((round + i) % SERVERS), round, count);
	}
	for (size_t i = 0; i < SERVERS; i++) lab_down(&servers[i]);
	rows_section("Refused devices through radiusd", "requests a second");
	figure_row(RATE, rounds);
	rows_section("CPU of radiusd for a refused device", "microseconds a request");
	figure_row(CPU, rounds);
}
