/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <pthread.h>

#include "asker.h"
#include "bench.h"
#include "keys.h"
#include "rows.h"

#define KEYS		100000
#define RATE		500	/* a second, of known devices and of wrong handshakes each */
#define SECONDS		10
#define QUICK_KEYS	100
#define QUICK_COUNT	50
#define WINDOW		1024	/* more than can wait: nobody asks later because answers are late */

typedef struct {
	asker_t		asker;
	size_t		count;
	load_result_t	result;
} flood_t;

static void *flood_run(void *uctx)
{
	flood_t *flood = uctx;

	flood->result = asker_run(&flood->asker, flood->count);
	return NULL;
}

static void times_print(char const *when, load_result_t const *result)
{
	rows_figure(result->p50_us * 1e-3, "%s, p50", when);
	rows_figure(result->p99_us * 1e-3, "%s, p99", when);
	rows_figure(result->max_us * 1e-3, "%s, longest", when);
}

static void results_print(size_t keys, load_result_t const *alone, load_result_t const *known,
			  load_result_t const *wrong)
{
	rows_section("Known devices, 500 a second", "milliseconds");
	times_print("alone", alone);
	times_print("in a flood", known);
	rows_section("A flood of 500 wrong handshakes a second, and known devices", "requests");
	rows_count(keys, "keys of the SSID");
	rows_count(known->right, "known, let in");
	rows_count(known->rejected + known->wrong, "known, refused");
	rows_count(known->lost, "known, lost");
	rows_count(wrong->rejected, "wrong, refused");
	rows_count(wrong->lost, "wrong, lost");
}

void bench_flood(void)
{
	size_t const keys = bench_quick ? QUICK_KEYS : KEYS, count = bench_quick ? QUICK_COUNT : RATE * SECONDS;
	static flood_t flood;
	static asker_t asker;
	load_result_t alone, known;
	pthread_t thread;
	lab_t lab;

	lab_up(&lab, LAB_MPSK, NULL);
	keys_fill(&lab, ASKER_SSID, keys);
	asker_key_add(&lab);
	asker_set(&asker, &lab);
	asker_await_ready(&asker);
	asker_await_known(&asker, &lab);
	asker.plan.rate = RATE;
	asker.plan.window = WINDOW;
	flood.asker = asker;
	asker_set(&flood.asker, &lab);
	flood.asker.plan.rate = RATE;
	flood.asker.plan.window = WINDOW;
	flood.asker.plan.random_macs = flood.asker.plan.wrong_keys = true;
	flood.count = count + count / SECONDS;	/* to the end of the others */

	alone = asker_run(&asker, count);
	bench_assert(pthread_create(&thread, NULL, flood_run, &flood) == 0, "no thread");
	known = asker_run(&asker, count);
	pthread_join(thread, NULL);
	bench_assert(flood.result.right == 0 && flood.result.wrong == 0, "a key was found that nobody has");
	results_print(keys, &alone, &known, &flood.result);
	lab_down(&lab);
}
