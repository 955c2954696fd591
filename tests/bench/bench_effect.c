/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <time.h>

#include "asker.h"
#include "bench.h"
#include "keys.h"
#include "rows.h"

#define KEYS		100000
#define EDITS		500
#define QUICK_KEYS	100
#define QUICK_EDITS	10
#define ASKED_MAX	100000	/* times without an effect: it will have none */

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double) t.tv_sec * 1e3 + (double) t.tv_nsec * 1e-6;
}

static int compare(void const *a, void const *b)
{
	double const x = *(double const *) a, y = *(double const *) b;

	return (x > y) - (x < y);
}

/* Refuse the key, or let it in again, and ask until that is so. */
static double effect_ms(asker_t *asker, lab_t const *lab, bool enabled)
{
	double const begin = now_ms();
	unsigned asked = 0;

	keys_enable(lab, ASKER_KEY, enabled);
	while ((asker_run(asker, 1).right == 1) != enabled) bench_assert(++asked < ASKED_MAX, "an edit has no effect");
	return now_ms() - begin;
}

void bench_effect(void)
{
	size_t const keys = bench_quick ? QUICK_KEYS : KEYS, edits = bench_quick ? QUICK_EDITS : EDITS;
	static double took[EDITS];
	static asker_t asker;
	lab_t lab;

	lab_up(&lab, LAB_MPSK, NULL);
	lab_radius_stop(&lab);
	keys_fill(&lab, ASKER_SSID, keys);
	asker_key_add(&lab);
	lab_radius_start(&lab);
	asker_set(&asker, &lab);
	asker_await_ready(&asker);
	for (size_t i = 0; i < edits; i++) took[i] = effect_ms(&asker, &lab, i % 2 != 0);
	lab_down(&lab);

	qsort(took, edits, sizeof(took[0]), compare);
	rows_section("From an edit in Redis to its effect through radiusd", "milliseconds");
	rows_figure(took[edits / 2], "%zu keys, p50", keys);
	rows_figure(took[edits * 99 / 100], "%zu keys, p99", keys);
}
