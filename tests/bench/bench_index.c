/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>

#include "bench.h"
#include "index_make.h"
#include "key/pmk_field.h"
#include "rows.h"

#define SSID		"Acme Guests"
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

static void id_print(char id[static MPSK_ID_MAX + 1], size_t n)
{
	snprintf(id, MPSK_ID_MAX + 1, "t-%07zu-%c", n, 'a' + (int) (n % 26));
}

static mpsk_field_t field_of(char const *name, char const *value)
{
	return (mpsk_field_t) { name, strlen(name), value, strlen(value) };
}

/* A tenant's key as it stands in a store: the PMK, which is pmk_of(n) here, beside the passphrase. */
static mpsk_key_t *tenant_key(char const *id, size_t n)
{
	char name[16], psk[24], vlan[8], fingerprint[MPSK_FINGERPRINT_LEN + 1], value[MPSK_PMK_VALUE_LEN + 1];
	wpa_pmk_t pmk = pmk_of((unsigned) n);
	mpsk_key_t *key;

	snprintf(name, sizeof(name), "Flat %07zu", n % 10000000);
	snprintf(psk, sizeof(psk), "fjord-%07zu-x", n % 10000000);
	snprintf(vlan, sizeof(vlan), "%zu", 100 + n % 3900);
	mpsk_key_fingerprint(fingerprint, psk, strlen(psk));
	mpsk_pmk_field_print(value, fingerprint, &pmk);
	mpsk_field_t const fields[] = {
		field_of("psk", psk), field_of("ssid", SSID), field_of("name", name), field_of("role", "tenant"),
		field_of("vlan", vlan), field_of("max", "5"), field_of("org", ""), field_of("created", "1700000000"),
		field_of("modified", "1710000000"), field_of("pmk:" SSID, value)
	};

	bench_assert(mpsk_key_parse(NULL, &key, id, strlen(id), fields, sizeof(fields) / sizeof(fields[0]), NULL,
				    NULL) == MPSK_OK, "a key is wrong");
	return key;
}

/* A key whose PSK is its PMK, and nothing else. */
static mpsk_key_t *bare_key(char const *id, size_t n)
{
	return hex_key(id, (unsigned) n, SSID);
}

typedef mpsk_key_t *(*key_make_t)(char const *id, size_t n);

static mpsk_index_t *index_fill(size_t n, key_make_t make)
{
	mpsk_index_t *index = mpsk_index_create(NULL);

	bench_assert(index != NULL, "out of memory");
	mpsk_index_begin(index);
	for (size_t i = 0; i < n; i++) {
		char id[MPSK_ID_MAX + 1];

		id_print(id, i);
		bench_assert(mpsk_index_put(index, make(id, i)) == MPSK_OK, "out of memory");
	}
	mpsk_index_commit(index);
	return index;
}

/* Octets that an index has grown by for each key. Nothing else may run meanwhile. */
static double memory_measure(mpsk_index_t **index, size_t n, key_make_t make)
{
	size_t before = measure_resident();

	*index = index_fill(n, make);
	return (double) (measure_resident() - before) / (double) n;
}

/* A request with a handshake of the n-th key. */
static request_t request_of(mpsk_index_t *index, size_t n, char const *hint, size_t hits)
{
	request_t request = { .index = index, .ssid = ssid_of(SSID), .hint = hint, .hits = hits };
	wpa_pmk_t pmk = pmk_of((unsigned) n);

	request.calls = hint ? SMALL_CALLS : 1;
	bench_assert(handshake_make(&request.hs, &pmk) == MPSK_OK, "no handshake");
	return request;
}

static void size_measure(size_t n)
{
	mpsk_index_t *index;
	double octets = memory_measure(&index, n, tenant_key);
	request_t last = request_of(index, n - 1, NULL, 1), none = request_of(index, n, NULL, 0);
	request_t known, small = { .index = index, .calls = SMALL_CALLS };
	char hint[MPSK_ID_MAX + 1];

	id_print(hint, n / 2);
	known = request_of(index, n / 2, hint, 1);
	rows_section("An index of keys of one SSID", "microseconds a request");
	rows_figure(1e6 * measure_seconds(scan, &last, TOTAL_MS), "%zu keys, the last one matches", n);
	rows_figure(1e6 * measure_seconds(scan, &none, TOTAL_MS), "%zu keys, none matches", n);
	rows_figure(1e6 * measure_seconds(scan, &known, TOTAL_MS), "%zu keys, known MAC", n);
	rows_figure(1e6 * measure_seconds(enter_and_leave, &small, TOTAL_MS), "%zu keys, enter and leave alone", n);
	talloc_free(index);
	rows_section("Memory of an index", "octets a key");
	rows_figure(octets, "%zu keys of tenants", n);
	rows_figure(memory_measure(&index, n, bare_key), "%zu keys of 64 digits alone", n);
	talloc_free(index);
}

void bench_index(bool large)
{
	size_t const sizes[] = { 1000, 10000, 100000, 1000000 };
	size_t n = bench_quick ? 1 : sizeof(sizes) / sizeof(sizes[0]) - !large;

	for (size_t i = 0; i < n; i++) size_measure(sizes[i]);
}
