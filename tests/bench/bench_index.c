/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>

#include "bench.h"
#include "index_make.h"
#include "rows.h"

#define TOTAL_MS	400
#define SMALL_CALLS	100	/* of what takes less than the clock itself */

/* One request, again and again. */
typedef struct {
	mpsk_index_t	*index;
	mpsk_ssid_t	ssid;
	wpa_handshake_t	hs;
	char const	*hint;
	size_t		hits;	/* as many are right */
	size_t		calls;
} request_t;

static size_t scan(void *uctx)
{
	request_t const *request = uctx;

	for (size_t i = 0; i < request->calls; i++) {
		mpsk_index_reader_t *reader = mpsk_index_enter(request->index);
		mpsk_index_hit_t hits[2];
		size_t missing = 0, found;

		found = request->hint ? mpsk_index_try(reader, &request->ssid, &request->hs, request->hint, hits) :
			mpsk_index_scan(reader, &request->ssid, &request->hs, hits, 2, &missing);
		bench_assert(found == request->hits && missing == 0, "the index gave a wrong answer");
		mpsk_index_leave(reader);
	}
	return request->calls;
}

static size_t enter_and_leave(void *uctx)
{
	request_t const *request = uctx;

	for (size_t i = 0; i < request->calls; i++) mpsk_index_leave(mpsk_index_enter(request->index));
	return request->calls;
}

static mpsk_index_t *index_fill(size_t n)
{
	mpsk_index_t *index = mpsk_index_create(NULL);

	bench_assert(index != NULL, "out of memory");
	mpsk_index_begin(index);
	for (size_t i = 0; i < n; i++) {
		char id[24];

		snprintf(id, sizeof(id), "k%07zu", i);
		bench_assert(mpsk_index_put(index, hex_key(id, (unsigned) i, "Acme")) == MPSK_OK, "out of memory");
	}
	mpsk_index_commit(index);
	return index;
}

/* A request with a handshake of the n-th key. */
static request_t request_of(mpsk_index_t *index, size_t n, char const *hint, size_t hits)
{
	request_t request = { .index = index, .ssid = ssid_of("Acme"), .hint = hint, .hits = hits };
	wpa_pmk_t pmk = pmk_of((unsigned) n);

	request.calls = hint ? SMALL_CALLS : 1;
	bench_assert(handshake_make(&request.hs, &pmk) == MPSK_OK, "no handshake");
	return request;
}

static void size_measure(size_t n)
{
	size_t before = measure_resident();
	mpsk_index_t *index = index_fill(n);
	size_t memory = measure_resident() - before;
	request_t last = request_of(index, n - 1, NULL, 1), none = request_of(index, n, NULL, 0);
	request_t known, small = { .index = index, .calls = SMALL_CALLS };
	char hint[24];

	snprintf(hint, sizeof(hint), "k%07zu", n / 2);
	known = request_of(index, n / 2, hint, 1);
	rows_section("An index of keys of one SSID", "microseconds a request");
	rows_figure(1e6 * measure_seconds(scan, &last, TOTAL_MS), "%zu keys, the last one matches", n);
	rows_figure(1e6 * measure_seconds(scan, &none, TOTAL_MS), "%zu keys, none matches", n);
	rows_figure(1e6 * measure_seconds(scan, &known, TOTAL_MS), "%zu keys, known MAC", n);
	rows_figure(1e6 * measure_seconds(enter_and_leave, &small, TOTAL_MS), "%zu keys, enter and leave alone", n);
	rows_section("Memory of an index", "octets a key");
	rows_figure((double) memory / (double) n, "%zu keys", n);
	talloc_free(index);
}

void bench_index(bool large)
{
	size_t const sizes[] = { 1000, 10000, 100000, 1000000 };
	size_t n = bench_quick ? 1 : sizeof(sizes) / sizeof(sizes[0]) - !large;

	for (size_t i = 0; i < n; i++) size_measure(sizes[i]);
}
