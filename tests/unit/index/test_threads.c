/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A writer edits while readers look: made for ThreadSanitizer and AddressSanitizer, true without them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <pthread.h>
#include <stdatomic.h>
#include <cmocka.h>

#include "index/binding.h"
#include "index_make.h"

#define READERS	4
#define KEYS	300
#define EDITS	3000

typedef struct {
	mpsk_index_t	*index;
	mpsk_bindings_t	*bindings;
	_Atomic bool	over;
	_Atomic size_t	looks, wrong;
} shared_t;

/* Key 0 is there all the time under one PSK; the others come, change and go. */
static bool look(shared_t *shared, wpa_handshake_t const *always, wpa_handshake_t const *never, unsigned n)
{
	mpsk_ssid_t ssid = ssid_of("One");
	mpsk_mac_t mac = { { 2, 0, 0x5e, 0, (uint8_t) (n >> 8), (uint8_t) n } };
	mpsk_index_reader_t *reader = mpsk_index_enter(shared->index);
	mpsk_key_t key, keys[4];
	mpsk_binding_t binding = { .claimed_at = n };
	mpsk_index_hit_t hits[4];
	uint64_t changes = mpsk_index_changes(reader, &ssid);
	uint32_t const leaves[] = { 2, 0, 3 + n % 40 };
	char id[16];
	size_t missing;
	bool right;

	snprintf(id, sizeof(id), "k%03u", n % KEYS);
	right = !mpsk_index_key(reader, id, &key) || strcmp(key.id, id) == 0;
	right = right && (n % 3 ? mpsk_index_scan(reader, &ssid, always, hits, 4, &missing) == 1 :
				  mpsk_index_try(reader, &ssid, always, "k000", hits)) &&
		strcmp(hits[0].key.id, "k000") == 0;
	right = right && mpsk_index_scan_leaves(reader, &ssid, always, leaves, 3, hits, 4) == 1 &&
		mpsk_index_size(reader, &ssid) <= 2 * KEYS && mpsk_index_changes(reader, &ssid) >= changes;
	right = right && !mpsk_index_try(reader, &ssid, never, id, hits) &&
		mpsk_index_scan(reader, &ssid, never, hits, 4, &missing) == 0;
	right = right && mpsk_index_by_mac(reader, &ssid, &make_spa, keys, 4) <= 4;
	mpsk_index_leave(reader);
	mpsk_bindings_set(shared->bindings, &mac, &ssid, &binding);
	if (mpsk_bindings_get(shared->bindings, &mac, &ssid, &binding))
		right = right && binding.claimed_at == (int64_t) n;
	return right;
}

static void *reader_run(void *uctx)
{
	shared_t *shared = uctx;
	wpa_handshake_t always, never;
	wpa_pmk_t pmk = pmk_of(0), other = pmk_of(99999);

	if (handshake_make(&always, &pmk) != MPSK_OK || handshake_make(&never, &other) != MPSK_OK) {
		atomic_fetch_add(&shared->wrong, 1);
		return NULL;
	}
	for (unsigned n = 0; !atomic_load(&shared->over) || n < 10; n++) {
		if (!look(shared, &always, &never, n))
			atomic_fetch_add(&shared->wrong, 1);
		atomic_fetch_add(&shared->looks, 1);
	}
	return NULL;
}

static mpsk_key_t *edited(unsigned edit)
{
	char hex[HEX_LEN + 1], id[16];
	unsigned n = edit % KEYS;

	snprintf(id, sizeof(id), "k%03u", n);
	if (n == 0)
		return hex_key("k000", 0, "One");
	if (n == 1)
		return key_make(id, "psk", hex_of(hex, 1), "macs", edit % 2 ? "00005e005301" : "", NULL);
	return hex_key(id, n + 1000 * (edit / KEYS), n % 5 ? "One" : "Two");
}

static void nobody_sees_what_is_not_so(void **state)
{
	shared_t shared = { .index = mpsk_index_create(NULL), .bindings = mpsk_bindings_create(NULL, 64) };
	pthread_t readers[READERS];
	char id[16];

	(void) state;
	assert_non_null(shared.index);
	assert_non_null(shared.bindings);
	assert_int_equal(mpsk_index_put(shared.index, hex_key("k000", 0, "One")), MPSK_OK);
	for (size_t i = 0; i < READERS; i++)
		assert_int_equal(pthread_create(&readers[i], NULL, reader_run, &shared), 0);
	for (unsigned edit = 0; edit < EDITS; edit++) {
		if (edit % 1000 == 0)
			mpsk_index_begin(shared.index);
		assert_int_equal(mpsk_index_put(shared.index, edited(edit)), MPSK_OK);
		snprintf(id, sizeof(id), "k%03u", (edit * 7) % KEYS);
		if (edit % 4 == 0 && strcmp(id, "k000") != 0)
			(void) mpsk_index_drop(shared.index, id);
		if (edit % 1000 == 999)
			mpsk_index_commit(shared.index);
		(void) mpsk_index_nas_put(shared.index, id, &(mpsk_nas_t) { "acme", "hq", "", "", false, false, 0 });
		(void) mpsk_index_derive(shared.index, 0, NULL, NULL);
	}
	atomic_store(&shared.over, true);
	for (size_t i = 0; i < READERS; i++)
		assert_int_equal(pthread_join(readers[i], NULL), 0);
	assert_int_equal(atomic_load(&shared.wrong), 0);
	assert_true(atomic_load(&shared.looks) >= 10 * READERS);
	talloc_free(shared.bindings);
	talloc_free(shared.index);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(nobody_sees_what_is_not_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
