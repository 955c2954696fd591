/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "policy_make.h"

static mpsk_key_t *same(void)
{
	return key_make("a", "psk", PSK, "ssid", "One", "vlan", "30", NULL);
}

static mpsk_key_t *changed(void)
{
	return key_make("a", "psk", "brand-new-psk", "ssid", "One", NULL);
}

static mpsk_key_t *rotated(void)
{
	return key_make("a", "psk", "brand-new-psk", "old_psk", PSK, "ssid", "One", "old_exp", AFTER_TEXT, NULL);
}

static mpsk_key_t *rotated_and_over(void)
{
	return key_make("a", "psk", "brand-new-psk", "old_psk", PSK, "ssid", "One", "old_exp", NOW_TEXT, NULL);
}

static mpsk_key_t *disabled(void)
{
	return key_make("a", "psk", PSK, "ssid", "One", "enabled", "0", NULL);
}

static mpsk_key_t *moved(void)
{
	return key_make("a", "psk", PSK, "ssid", "Two", NULL);
}

static void asks_what_the_script_needs(void **state)
{
	fixture_t *f = *state;
	char fingerprint[MPSK_FINGERPRINT_LEN + 1];

	put(f, key_make("a", "psk", "brand-new-psk", "old_psk", PSK, "ssid", "One", NULL));
	put(f, key_make("s", "psk", "single-horse", "usage", "single", "ssid", "One", NULL));
	ask_psk(f, PSK);
	assert_string_equal(f->claim_id, "a");
	assert_memory_equal(&f->claim.mac, &make_spa, sizeof(make_spa));
	assert_int_equal(f->claim.op, MPSK_CLAIM_CLAIM);
	assert_int_equal(f->claim.now, NOW);
	assert_int_equal(f->claim.default_max, 5);
	assert_int_equal(f->claim.default_idle, 7);
	assert_int_equal(f->claim.place_s, 300);
	/* Of the PSK that matched. */
	mpsk_key_fingerprint(fingerprint, PSK, strlen(PSK));
	assert_string_equal(f->claim_fingerprint, fingerprint);
	ask_psk(f, "single-horse");
	assert_int_equal(f->claim.default_max, 1);
}

static void codes_become_reasons(void **state)
{
	static struct {
		mpsk_claim_code_t	code;
		char const		*unbound, *bound, *detail;
	} const rows[] = {
		{ MPSK_CLAIM_FULL, "CAP_REACHED", "CAP_REACHED", "5 of 5 devices" },
		{ MPSK_CLAIM_BUSY, "CONCURRENT_CAP", "CONCURRENT_CAP", "2 of 2 devices are online" },
		{ MPSK_CLAIM_NOKEY, "NO_MATCH", "UNKNOWN_MAC", "no longer in the store" },
		{ MPSK_CLAIM_DISABLED, "DISABLED", "DISABLED", "" },
		{ MPSK_CLAIM_NOTYET, "NOT_YET", "NOT_YET", "" },
		{ MPSK_CLAIM_EXPIRED, "EXPIRED", "EXPIRED", "" },
		{ MPSK_CLAIM_BADKEY, "NO_MATCH", "NO_MATCH", "max: has to be a number" },
		{ (mpsk_claim_code_t) 99, "STORE_DOWN", "STORE_DOWN", "no code" },
	};
	fixture_t *f = *state;

	put(f, key_make("a", "psk", PSK, "ssid", "One", NULL));
	f->result = (mpsk_claim_result_t) { .used = 5, .max = 5, .live = 2, .concurrent = 2 };
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (size_t n = 0; n < 4; n++)
			f->codes[n] = rows[i].code;
		f->text = rows[i].code == MPSK_CLAIM_BADKEY ? "max: has to be a number" : NULL;
		assert_string_equal(mpsk_reason(ask_psk(f, PSK)->reason)->name, rows[i].unbound);
		assert_int_equal(f->outcome.psk.len, 0);
		assert_string_equal(f->outcome.id, "a");
		assert_detail(&f->outcome, rows[i].detail);
		seen(f, "a", PSK, 60);
		assert_string_equal(mpsk_reason(ask_mac(f)->reason)->name, rows[i].bound);
		assert_int_equal(f->outcome.psk.len, 0);
		assert_detail(&f->outcome, rows[i].detail);
	}
	assert_int_equal(f->hints_set, 0);
	assert_int_equal(f->reads, 0);
}

static void a_store_that_is_away_refuses(void **state)
{
	static mpsk_status_t const statuses[] = { MPSK_AGAIN, MPSK_ERR, MPSK_BAD, MPSK_MISS };
	fixture_t *f = *state;

	put(f, key_make("a", "psk", PSK, "ssid", "One", NULL));
	f->text = "nobody answers";
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
		f->claim_status = statuses[i];
		assert_refused(ask_psk(f, PSK), STORE_DOWN, "a");
		assert_detail(&f->outcome, "nobody answers");
	}
	/* A device that was claimed just now does not notice. */
	seen(f, "a", PSK, 59);
	assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
	assert_accepted(ask_mac(f), BOUND, "a", PSK);
}

static void a_fresh_claim_is_not_repeated(void **state)
{
	static struct {
		char const	*id, *psk;
		int64_t		ago;
		unsigned	claims;
	} const rows[] = {
		{ "a", PSK, 0, 0 },
		{ "a", PSK, 59, 0 },
		{ "a", PSK, 60, 1 },
		{ "a", PSK, -1, 1 },
		{ "b", PSK, 1, 1 },
		{ "a", "brand-new-psk", 1, 1 },
	};
	fixture_t *f = *state;

	put(f, key_make("a", "psk", PSK, "ssid", "One", NULL));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		seen(f, rows[i].id, rows[i].psk, rows[i].ago);
		f->claims = 0;
		assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
		assert_int_equal(f->claims, rows[i].claims);
	}
	/* Fresh, but forgotten meanwhile: it would come back beyond the cap. */
	seen(f, "a", PSK, 1);
	known(f, "a", 0);
	f->claims = 0;
	assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
	assert_int_equal(f->claims, 1);
	f->policy.config.claim_fresh = 0;
	f->claims = 0;
	assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
	assert_int_equal(f->claims, 1);
}

static void a_claim_with_another_psk_is_another(void **state)
{
	fixture_t *f = *state;

	put(f, key_make("a", "psk", PSK, "ssid", "One", NULL));
	assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
	known(f, "a", 1);
	assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
	assert_accepted(ask_mac(f), BOUND, "a", PSK);
	assert_int_equal(f->claims, 1);
	put(f, key_make("a", "psk", "brand-new-psk", "old_psk", PSK, "ssid", "One", NULL));
	assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
	assert_int_equal(f->claims, 1);
	assert_accepted(ask_psk(f, "brand-new-psk"), MATCHED, "a", "brand-new-psk");
	assert_accepted(ask_psk(f, "brand-new-psk"), MATCHED, "a", "brand-new-psk");
	assert_int_equal(f->claims, 2);
}

/* Who is online only the store knows. */
static void a_key_with_places_is_claimed_each_time(void **state)
{
	fixture_t *f = *state;

	put(f, key_make("a", "psk", PSK, "ssid", "One", "concurrent", "1", NULL));
	seen(f, "a", PSK, 1);
	assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
	assert_accepted(ask_mac(f), BOUND, "a", PSK);
	assert_int_equal(f->claims, 2);
}

static void who_made_way_is_told_and_forgotten(void **state)
{
	mpsk_mac_t const other = { { 2, 0, 0, 0, 0, 9 } };
	fixture_t *f = *state;
	mpsk_binding_t binding = { .id = "a" };

	put(f, key_make("a", "psk", PSK, "ssid", "One", NULL));
	mpsk_bindings_set(f->policy.bindings, &other, &f->query.ssid, &binding);
	f->result = (mpsk_claim_result_t) { .is_new = true, .evicted = 2, .n_macs = 1, .macs = { other } };
	assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
	assert_int_equal(f->outcome.evicted, 2);
	assert_detail(&f->outcome, "2 made way: 02-00-00-00-00-09 and others");
	assert_false(mpsk_bindings_get(f->policy.bindings, &other, &f->query.ssid, &binding));
}

static void a_claim_is_kept(void **state)
{
	fixture_t *f = *state;
	mpsk_binding_t binding;

	put(f, key_make("a", "psk", PSK, "ssid", "One", NULL));
	f->result.is_new = true;
	f->hint_set_status = MPSK_AGAIN;
	assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
	assert_true(f->outcome.is_new);
	assert_int_equal(f->hints_set, 1);
	assert_string_equal(f->hint_set_id, "a");
	assert_true(mpsk_bindings_get(f->policy.bindings, &f->query.mac, &f->query.ssid, &binding));
	assert_string_equal(binding.id, "a");
	assert_string_equal(binding.fingerprint, f->claim_fingerprint);
	assert_int_equal(binding.claimed_at, NOW);
	/* A known device renews no hint. */
	f->result.is_new = false;
	f->query.now += 60;
	assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
	assert_int_equal(f->claims, 2);
	assert_int_equal(f->hints_set, 1);
}

static void a_stale_record_is_read_anew(void **state)
{
	static struct {
		mpsk_key_t	*(*fresh)(void);
		char const	*reason, *id;
		unsigned	claims;
	} const rows[] = {
		{ same, "MATCHED", "a", 2 },
		{ rotated, "MATCHED", "a", 2 },
		{ rotated_and_over, "EXPIRED", "a", 1 },
		{ changed, "NO_MATCH", "a", 1 },
		{ disabled, "DISABLED", "a", 1 },
		{ moved, "NO_MATCH", "a", 1 },
	};
	fixture_t *f = *state;

	put(f, key_make("a", "psk", PSK, "ssid", "One", NULL));
	f->codes[0] = MPSK_CLAIM_STALE;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mpsk_bindings_drop(f->policy.bindings, &f->query.mac, &f->query.ssid);
		f->fresh = rows[i].fresh;
		f->claims = f->reads = 0;
		assert_string_equal(mpsk_reason(ask_psk(f, PSK)->reason)->name, rows[i].reason);
		assert_string_equal(f->outcome.id, rows[i].id);
		assert_int_equal(f->claims, rows[i].claims);
		assert_int_equal(f->reads, 1);
		assert_int_equal(f->outcome.psk.len, rows[i].claims == 2 ? strlen(PSK) : 0);
		assert_int_equal(f->outcome.has_pmk, rows[i].claims == 2);
	}
}

static void a_stale_record_is_read_once(void **state)
{
	fixture_t *f = *state;

	put(f, key_make("a", "psk", PSK, "ssid", "One", NULL));
	for (size_t n = 0; n < 4; n++)
		f->codes[n] = MPSK_CLAIM_STALE;
	f->fresh = same;
	assert_refused(ask_psk(f, PSK), NOT_READY, "a");
	assert_int_equal(f->claims, 2);
	assert_int_equal(f->reads, 1);
}

static void a_stale_record_may_be_gone(void **state)
{
	static struct {
		mpsk_status_t	status;
		char const	*reason;
	} const rows[] = {
		{ MPSK_MISS, "NO_MATCH" },
		{ MPSK_BAD, "NO_MATCH" },
		{ MPSK_AGAIN, "STORE_DOWN" },
		{ MPSK_ERR, "STORE_DOWN" },
	};
	fixture_t *f = *state;

	put(f, key_make("a", "psk", PSK, "ssid", "One", NULL));
	f->codes[0] = MPSK_CLAIM_STALE;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		f->claims = 0;
		f->read_status = rows[i].status;
		assert_string_equal(mpsk_reason(ask_psk(f, PSK)->reason)->name, rows[i].reason);
		assert_int_equal(f->outcome.psk.len, 0);
	}
}

static void a_bound_device_gets_the_fresh_psk(void **state)
{
	fixture_t *f = *state;
	char fingerprint[MPSK_FINGERPRINT_LEN + 1];

	put(f, key_make("a", "psk", PSK, "ssid", "One", NULL));
	seen(f, "a", PSK, 60);
	f->codes[0] = MPSK_CLAIM_STALE;
	f->fresh = changed;
	assert_accepted(ask_mac(f), BOUND, "a", "brand-new-psk");
	assert_int_equal(f->claim.op, MPSK_CLAIM_TOUCH);
	mpsk_key_fingerprint(fingerprint, "brand-new-psk", 13);
	assert_string_equal(f->claim_fingerprint, fingerprint);
	f->claims = 0;
	seen(f, "a", PSK, 60);
	f->fresh = moved;
	assert_refused(ask_mac(f), UNKNOWN_MAC, "");
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		policy_test(asks_what_the_script_needs),
		policy_test(codes_become_reasons),
		policy_test(a_store_that_is_away_refuses),
		policy_test(a_fresh_claim_is_not_repeated),
		policy_test(a_claim_with_another_psk_is_another),
		policy_test(a_key_with_places_is_claimed_each_time),
		policy_test(who_made_way_is_told_and_forgotten),
		policy_test(a_claim_is_kept),
		policy_test(a_stale_record_is_read_anew),
		policy_test(a_stale_record_is_read_once),
		policy_test(a_stale_record_may_be_gone),
		policy_test(a_bound_device_gets_the_fresh_psk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
