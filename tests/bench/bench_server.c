/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "asker.h"
#include "bench.h"
#include "keys.h"
#include "rows.h"

#define KEYS		1000
#define ROUNDS		24
#define SLICE		3000	/* requests */
#define QUICK_ROUNDS	1
#define QUICK_SLICE	100

/* The figures of slices. */
typedef enum { RATE, P50, P99, CPU, BUSY, FIGURES } figure_t;

/* What is measured, beside the others. */
typedef enum { BARE, SIGNED, SAME, MPSK, SERVERS } server_t;

/* A FreeRADIUS that signs by itself signs once all the same. */
#define SIGNATURE "Message-Authenticator := 0x00\n"

/* The answer of our module, in the configuration. */
static char const answer[] =
	SIGNATURE
	"Tunnel-Password := \"" ASKER_PASSPHRASE "\"\n"
	"Acct-Interim-Interval := 600\n"
	"User-Name := \"" ASKER_KEY "\"\n"
	"Chargeable-User-Identity := \"" ASKER_KEY "\"";

static struct {
	char const	*name;
	lab_kind_t	kind;
	char const	*reply;
} const kinds[SERVERS] = {
	[BARE] = { "bare server", LAB_BARE, NULL },
	[SIGNED] = { "signed answer", LAB_BARE, SIGNATURE },
	[SAME] = { "same answer", LAB_BARE, answer },
	[MPSK] = { "rlm_mpsk", LAB_MPSK, NULL },
};

/* One way to ask, of all servers. */
typedef struct {
	char const	*name;
	bool		bound;
	asker_t		askers[SERVERS];
	double		samples[FIGURES][SERVERS][ROUNDS];
} shape_t;

static lab_t servers[SERVERS];
static shape_t shapes[] = { { .name = "handshake relayed" }, { .name = "MAC alone", .bound = true } };
#define SHAPES (sizeof(shapes) / sizeof(shapes[0]))

static void slice(shape_t *shape, server_t server, size_t round, size_t count)
{
	double const cpu = lab_radius_cpu(&servers[server]);
	load_result_t const result = asker_run(&shape->askers[server], count);
	double const spent = lab_radius_cpu(&servers[server]) - cpu, seconds = (double) result.spent_us * 1e-6;
	double const figures[FIGURES] = {
		[RATE] = (double) count / seconds,
		[P50] = result.p50_us * 1e-3,
		[P99] = result.p99_us * 1e-3,
		[CPU] = spent * 1e6 / (double) count,
		[BUSY] = (double) result.busy_us * 1e-6 / seconds * 100,
	};

	/* An answer that carries no key is for a station a wrong one. */
	bench_assert((server < SAME ? result.wrong : result.right) == count, "a known device was not let in");
	for (size_t i = 0; i < FIGURES; i++) shape->samples[i][server][round] = figures[i];
}

/* The ratio is the median of those of slices that are neighbours, so it is taken before the slices are sorted. */
static void figure_row(shape_t const *shape, figure_t figure, server_t beside, size_t rounds, char const *suffix)
{
	double bare[ROUNDS], mpsk[ROUNDS], ratios[ROUNDS];
	measure_rates_t rates;

	memcpy(bare, shape->samples[figure][beside], sizeof(bare));
	memcpy(mpsk, shape->samples[figure][MPSK], sizeof(mpsk));
	for (size_t i = 0; i < rounds; i++) ratios[i] = mpsk[i] / bare[i];
	rates.baseline = measure_median(bare, rounds);
	rates.rate = measure_median(mpsk, rounds);
	rates.ratio = measure_median(ratios, rounds);
	rows_beside(kinds[beside].name);
	rows_compared(&rates, 1, "%s%s", shape->name, suffix);
}

static void rows_print(size_t rounds)
{
	static struct {
		char const	*title, *unit;	/* NULL: of the section above */
		char const	*suffix;
		figure_t	figure;
		server_t	beside;
	} const rows[] = {
		{ "Known devices through radiusd", "requests a second", "", RATE, BARE },
		{ NULL, NULL, "", RATE, SIGNED },
		{ NULL, NULL, "", RATE, SAME },
		{ "Known devices through radiusd", "milliseconds", ", p50", P50, BARE },
		{ NULL, NULL, ", p99", P99, BARE },
		{ "CPU of radiusd", "microseconds a request", "", CPU, BARE },
		{ NULL, NULL, "", CPU, SIGNED },
		{ NULL, NULL, "", CPU, SAME },
		{ "How long the load generator was busy", "percent", "", BUSY, BARE },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].title) rows_section(rows[i].title, rows[i].unit);
		for (size_t j = 0; j < SHAPES; j++) {
			figure_row(&shapes[j], rows[i].figure, rows[i].beside, rounds, rows[i].suffix);
		}
	}
}

static void servers_start(void)
{
	for (size_t i = 0; i < SERVERS; i++) lab_up(&servers[i], kinds[i].kind, kinds[i].reply);
	keys_fill(&servers[MPSK], ASKER_SSID, KEYS);
	asker_key_add(&servers[MPSK]);
	for (size_t i = 0; i < SHAPES; i++) {
		for (size_t j = 0; j < SERVERS; j++) {
			asker_set(&shapes[i].askers[j], &servers[j]);
			if (!shapes[i].bound) continue;
			shapes[i].askers[j].plan.akm = NULL;
			shapes[i].askers[j].plan.request.suite = 0;
		}
	}
	asker_await_ready(&shapes[0].askers[MPSK]);
	asker_await_known(&shapes[0].askers[MPSK], &servers[MPSK]);
}

void bench_server(void)
{
	size_t const rounds = bench_quick ? QUICK_ROUNDS : ROUNDS, count = bench_quick ? QUICK_SLICE : SLICE;

	servers_start();
	for (size_t round = 0; round < rounds; round++) {
		/* By turns, and who begins by turns too. */
		for (size_t i = 0; i < SHAPES; i++) {
			for (size_t j = 0; j < SERVERS; j++) {
				slice(&shapes[i], (server_t) ((round + j) % SERVERS), round, count);
			}
		}
	}
	for (size_t i = 0; i < SERVERS; i++) lab_down(&servers[i]);
	rows_print(rounds);
}
