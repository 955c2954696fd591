/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of the policy share: an index of a few keys, a store that
 * answers what the test says and notes what it was asked, and queries with
 * handshakes that a station with a PSK would make.
 */
#ifndef TESTS_UNIT_POLICY_POLICY_MAKE_H
#define TESTS_UNIT_POLICY_POLICY_MAKE_H

#include <stdio.h>

#include "../index/handshake_make.h"
#include "../key/key_make.h"
#include "policy/policy.h"

#define NOW		1700000000
#define NOW_TEXT	"1700000000"
#define BEFORE_TEXT	"1699999999"
#define AFTER_TEXT	"1700000001"
#define PSK		"correct-horse"

typedef struct {
	mpsk_policy_t		policy;

	/* What the store answers: of codes, one for each claim, and the last again. */
	mpsk_status_t		claim_status, hint_status, hint_set_status, read_status;
	mpsk_claim_code_t	codes[4];
	mpsk_claim_result_t	result;
	char			hint[MPSK_ID_MAX + 1];
	char const		*text;		/* of its errors */
	mpsk_key_t		*(*fresh)(void);

	/* What it was asked. */
	unsigned		claims, hints, hints_set, reads;
	mpsk_claim_t		claim;
	char			claim_id[MPSK_ID_MAX + 1], claim_fingerprint[MPSK_FINGERPRINT_LEN + 1];
	char			hint_set_id[MPSK_ID_MAX + 1];

	mpsk_query_t		query;
	uint8_t			frame[M2_LEN], anonce[WPA_NONCE_LEN];
	mpsk_outcome_t		outcome;
} fixture_t;

static inline mpsk_status_t fake_claim(void *uctx, mpsk_claim_t const *claim, mpsk_claim_result_t *result,
				       mpsk_error_t *err)
{
	fixture_t *f = uctx;
	size_t last = sizeof(f->codes) / sizeof(f->codes[0]) - 1;

	*result = f->result;
	result->code = f->codes[f->claims < last ? f->claims : last];
	f->claims++;
	f->claim = *claim;
	strcpy(f->claim_id, claim->id);
	strcpy(f->claim_fingerprint, claim->fingerprint);
	return f->text ? mpsk_error_set(err, f->claim_status, "%s", f->text) : f->claim_status;
}

static inline mpsk_status_t fake_hint_get(void *uctx, mpsk_mac_t const *mac, mpsk_ssid_t const *ssid,
					  char id[static MPSK_ID_MAX + 1], mpsk_error_t *err)
{
	fixture_t *f = uctx;

	(void) mac;
	(void) ssid;
	f->hints++;
	strcpy(id, f->hint);
	if (!f->hint[0] && f->hint_status == MPSK_OK)
		return MPSK_MISS;
	return f->text ? mpsk_error_set(err, f->hint_status, "%s", f->text) : f->hint_status;
}

static inline mpsk_status_t fake_hint_set(void *uctx, mpsk_mac_t const *mac, mpsk_ssid_t const *ssid, char const *id,
					  mpsk_error_t *err)
{
	fixture_t *f = uctx;

	(void) mac;
	(void) ssid;
	f->hints_set++;
	strcpy(f->hint_set_id, id);
	return mpsk_error_set(err, f->hint_set_status, "the hint was not kept");
}

static inline mpsk_status_t fake_key_read(void *uctx, TALLOC_CTX *ctx, char const *id, mpsk_key_t **key,
					  mpsk_error_t *err)
{
	fixture_t *f = uctx;

	(void) id;
	f->reads++;
	*key = f->fresh ? talloc_steal(ctx, f->fresh()) : NULL;
	return f->text ? mpsk_error_set(err, f->read_status, "%s", f->text) : f->read_status;
}

static inline int policy_setup(void **state)
{
	fixture_t *f = talloc_zero(NULL, fixture_t);

	f->policy = (mpsk_policy_t) {
		.index = mpsk_index_create(f),
		.bindings = mpsk_bindings_create(f, 16),
		.store = { f, fake_claim, fake_hint_get, fake_hint_set, fake_key_read },
		.config = { .default_max = 5, .default_idle = 7, .concurrent_grace = 300, .claim_fresh = 60 },
	};
	f->query = (mpsk_query_t) { .mac = make_spa, .bssid = make_aa, .nas = "ap-1", .now = NOW };
	(void) mpsk_ssid_set(&f->query.ssid, "One", 3);
	f->result = (mpsk_claim_result_t) { .used = 1, .max = 5 };
	mpsk_index_begin(f->policy.index);
	mpsk_index_commit(f->policy.index);
	*state = f;
	return f->policy.index && f->policy.bindings ? 0 : -1;
}

static inline int policy_teardown(void **state)
{
	return talloc_free(*state);
}

/* Put a key in, with every PMK derived. */
static inline void put(fixture_t *f, mpsk_key_t *key)
{
	assert_non_null(key);
	assert_int_equal(mpsk_index_put(f->policy.index, key), MPSK_OK);
	assert_int_equal(mpsk_index_derive(f->policy.index, 60000, NULL, NULL), 0);
}

/* A station with this passphrase asks. */
static inline mpsk_outcome_t const *ask_psk(fixture_t *f, char const *passphrase)
{
	wpa_psk_t psk;
	wpa_pmk_t pmk;

	assert_int_equal(wpa_psk_set(&psk, passphrase, strlen(passphrase), NULL), MPSK_OK);
	assert_int_equal(wpa_pmk_derive(&pmk, &psk, &f->query.ssid), MPSK_OK);
	assert_int_equal(m2_make(f->frame, f->anonce, &f->query.mac, &pmk), MPSK_OK);
	f->query.unbound = true;
	f->query.anonce = f->anonce;
	f->query.anonce_len = sizeof(f->anonce);
	f->query.frame = f->frame;
	f->query.frame_len = sizeof(f->frame);
	mpsk_policy_decide(&f->policy, &f->query, &f->outcome);
	return &f->outcome;
}

/* An access point asks for a MAC. */
static inline mpsk_outcome_t const *ask_mac(fixture_t *f)
{
	f->query.unbound = false;
	mpsk_policy_decide(&f->policy, &f->query, &f->outcome);
	return &f->outcome;
}

/* The store has the device as one of a key's; or, where n is 0, no longer. */
static inline void known(fixture_t *f, char const *id, size_t n)
{
	mpsk_device_t const device = { .mac = f->query.mac, .last_seen = f->query.now };

	assert_int_equal(mpsk_index_devices_put(f->policy.index, id, &device, n), MPSK_OK);
}

/* As if this server had seen the device with a key, so long ago. */
static inline void seen(fixture_t *f, char const *id, char const *psk, int64_t ago)
{
	mpsk_binding_t binding = { .claimed_at = f->query.now - ago };

	strcpy(binding.id, id);
	mpsk_key_fingerprint(binding.fingerprint, psk, strlen(psk));
	mpsk_bindings_set(f->policy.bindings, &f->query.mac, &f->query.ssid, &binding);
	known(f, id, 1);
}

#define assert_reason(_outcome, _reason) \
	assert_string_equal(mpsk_reason((_outcome)->reason)->name, #_reason)

/* A refusal for this reason, that gives nothing away. */
#define assert_refused(_outcome, _reason, _id) \
	do { \
		mpsk_outcome_t const *outcome_ = (_outcome); \
		assert_reason(outcome_, _reason); \
		assert_false(mpsk_reason(outcome_->reason)->accept); \
		assert_string_equal(outcome_->id, _id); \
		assert_int_equal(outcome_->psk.len, 0); \
		assert_false(outcome_->has_pmk); \
		for (size_t i_ = 0; i_ < sizeof(outcome_->pmk.octets); i_++) \
			assert_int_equal(outcome_->pmk.octets[i_], 0); \
		for (size_t i_ = 0; i_ < sizeof(outcome_->psk.octets); i_++) \
			assert_int_equal(outcome_->psk.octets[i_], 0); \
	} while (0)

#define assert_accepted(_outcome, _reason, _id, _psk) \
	do { \
		mpsk_outcome_t const *outcome_ = (_outcome); \
		assert_reason(outcome_, _reason); \
		assert_true(mpsk_reason(outcome_->reason)->accept); \
		assert_string_equal(outcome_->id, _id); \
		assert_int_equal(outcome_->psk.len, strlen(_psk)); \
		assert_memory_equal(outcome_->psk.octets, _psk, strlen(_psk)); \
	} while (0)

#define assert_detail(_outcome, _part) \
	do { \
		if (!strstr((_outcome)->detail, _part)) \
			fail_msg("'%s' has no '%s'", (_outcome)->detail, _part); \
	} while (0)

#define policy_test(_test) cmocka_unit_test_setup_teardown(_test, policy_setup, policy_teardown)

#endif
