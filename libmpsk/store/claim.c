/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "store/journal.h"
#include "store/pool.h"
#include "store/reply.h"
#include "store/rkey.h"
#include "store/store.h"

#define CLAIM_ANSWER	5	/* code, new, used, max, exp; then MACs */
#define CLAIM_NUMBER	16	/* twelve digits and a NUL */

static char const *const claim_ops[] = {
	[MPSK_CLAIM_CLAIM] = "claim",
	[MPSK_CLAIM_CHECK] = "check",
	[MPSK_CLAIM_TOUCH] = "touch",
	[MPSK_CLAIM_RELEASE] = "release",
};

static char const *const claim_codes[] = {
	[MPSK_CLAIM_OK] = "OK",
	[MPSK_CLAIM_FULL] = "FULL",
	[MPSK_CLAIM_NODEV] = "NODEV",
	[MPSK_CLAIM_NOKEY] = "NOKEY",
	[MPSK_CLAIM_DISABLED] = "DISABLED",
	[MPSK_CLAIM_NOTYET] = "NOTYET",
	[MPSK_CLAIM_EXPIRED] = "EXPIRED",
	[MPSK_CLAIM_STALE] = "STALE",
	[MPSK_CLAIM_BADKEY] = "BADKEY",
};

static bool claim_code(mpsk_claim_code_t *code, redisReply const *reply)
{
	for (size_t i = 0; i < sizeof(claim_codes) / sizeof(claim_codes[0]); i++) {
		if (!mpsk_reply_is_text(reply, claim_codes[i])) continue;
		*code = (mpsk_claim_code_t) i;
		return true;
	}
	return false;
}

static mpsk_status_t claim_badkey(char const *id, redisReply const *reply, mpsk_error_t *err)
{
	if (!mpsk_reply_is_array(reply, 2) || reply->element[1]->type != REDIS_REPLY_STRING) {
		return mpsk_reply_unexpected("claim.lua", err);
	}
	return mpsk_error_set(err, MPSK_OK, "key %s: %s", id, reply->element[1]->str);
}

static mpsk_status_t claim_read(mpsk_claim_result_t *result, char const *id, redisReply const *reply,
				mpsk_error_t *err)
{
	int64_t is_new;

	if (!mpsk_reply_is_array(reply, 1) || !claim_code(&result->code, reply->element[0])) {
		return mpsk_reply_unexpected("claim.lua", err);
	}
	if (result->code == MPSK_CLAIM_BADKEY) return claim_badkey(id, reply, err);
	if (!mpsk_reply_is_array(reply, CLAIM_ANSWER) ||
	    !mpsk_reply_number(&is_new, reply->element[1]) ||
	    !mpsk_reply_number(&result->used, reply->element[2]) ||
	    !mpsk_reply_number(&result->max, reply->element[3]) ||
	    !mpsk_reply_number(&result->exp, reply->element[4])) {
		return mpsk_reply_unexpected("claim.lua", err);
	}
	result->is_new = is_new != 0;
	result->evicted = reply->elements - CLAIM_ANSWER;
	return MPSK_OK;
}

static bool number_valid(int64_t n)
{
	return n >= 0 && n <= MPSK_NUMBER_MAX;
}

static mpsk_status_t claim_valid(mpsk_claim_t const *claim, mpsk_error_t *err)
{
	size_t digits = strlen(claim->fingerprint);

	if (digits != 0 && digits != MPSK_FINGERPRINT_LEN) {
		return mpsk_error_set(err, MPSK_BAD, "a fingerprint is %d hex digits", MPSK_FINGERPRINT_LEN);
	}
	if (!number_valid(claim->now) || !number_valid(claim->default_max) || !number_valid(claim->default_idle)) {
		return mpsk_error_set(err, MPSK_BAD, "now, max and idle are numbers of 1 to 12 digits");
	}
	return mpsk_store_id_check(claim->id, err);
}

/* Lay the claim out as the script wants it. */
static mpsk_status_t claim_run(mpsk_store_t *store, mpsk_lease_t *lease, mpsk_claim_t const *claim,
			       redisReply **reply, mpsk_error_t *err)
{
	mpsk_rkey_t key = mpsk_rkey_key(claim->id);
	mpsk_rkey_t dev = mpsk_rkey_dev(claim->id);
	char mac[MPSK_MAC_TEXT_MAX];
	char now[CLAIM_NUMBER], max[CLAIM_NUMBER], idle[CLAIM_NUMBER];
	char const *argv[MPSK_SCRIPT_HEAD + 9] = {
		NULL, NULL, "2", key.text, dev.text,
		mpsk_mac_print(mac, &claim->mac), now, claim_ops[claim->op], claim->fingerprint, max, idle
	};
	size_t const argc = sizeof(argv) / sizeof(argv[0]);
	size_t argvlen[sizeof(argv) / sizeof(argv[0])];

	snprintf(now, sizeof(now), "%" PRId64, claim->now);
	snprintf(max, sizeof(max), "%" PRId64, claim->default_max);
	snprintf(idle, sizeof(idle), "%" PRId64, claim->default_idle);
	for (size_t i = MPSK_SCRIPT_HEAD; i < argc; i++) argvlen[i] = strlen(argv[i]);
	return mpsk_script_run(lease->conn, &store->claim, reply, lease->deadline, err, argc, argv, argvlen);
}

static void claim_note(mpsk_journal_t *journal, mpsk_claim_t const *claim, mpsk_claim_result_t const *result)
{
	if (claim->op == MPSK_CLAIM_CLAIM && result->code == MPSK_CLAIM_OK && result->is_new) {
		mpsk_journal_granted(journal, claim);
	}
}

mpsk_status_t mpsk_store_claim(mpsk_store_t *store, mpsk_claim_t const *claim, mpsk_claim_result_t *result,
			       mpsk_error_t *err)
{
	mpsk_rkey_t key;
	mpsk_lease_t lease;
	redisReply *reply = NULL;
	mpsk_status_t status = claim_valid(claim, err);

	*result = (mpsk_claim_result_t) { 0 };
	if (status != MPSK_OK) return status;
	key = mpsk_rkey_key(claim->id);
	status = mpsk_pool_lend(store->pool, &lease, key.text, err);
	if (status != MPSK_OK) return status;
	status = claim_run(store, &lease, claim, &reply, err);
	if (status == MPSK_OK) status = claim_read(result, claim->id, reply, err);
	mpsk_reply_free(&reply);
	mpsk_pool_give_back(store->pool, &lease);
	if (status == MPSK_OK && store->journal) claim_note(store->journal, claim, result);
	return status;
}
