/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "store/journal.h"
#include "store/change.h"
#include "store/pool.h"
#include "store/reply.h"
#include "store/rkey.h"
#include "store/store.h"

#define CLAIM_ANSWER	7	/* code, new, used, max, exp, live, concurrent; then MACs */
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
	[MPSK_CLAIM_BUSY] = "BUSY",
	[MPSK_CLAIM_NODEV] = "NODEV",
	[MPSK_CLAIM_NOKEY] = "NOKEY",
	[MPSK_CLAIM_DISABLED] = "DISABLED",
	[MPSK_CLAIM_NOTYET] = "NOTYET",
	[MPSK_CLAIM_EXPIRED] = "EXPIRED",
	[MPSK_CLAIM_STALE] = "STALE",
	[MPSK_CLAIM_BADKEY] = "BADKEY",
};

char const *mpsk_claim_code_name(mpsk_claim_code_t code)
{
	return claim_codes[code];
}

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

/* Who made way: as many as there is room for, and what is no MAC is but counted. */
static void claim_evicted(mpsk_claim_result_t *result, redisReply const *reply)
{
	result->evicted = reply->elements - CLAIM_ANSWER;
	for (size_t i = CLAIM_ANSWER; i < reply->elements && result->n_macs < MPSK_CLAIM_MACS_MAX; i++) {
		redisReply const *mac = reply->element[i];

		if (mac->type != REDIS_REPLY_STRING) continue;
		result->n_macs += mpsk_mac_parse(&result->macs[result->n_macs], mac->str, mac->len);
	}
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
	    !mpsk_reply_number(&result->exp, reply->element[4]) ||
	    !mpsk_reply_number(&result->live, reply->element[5]) ||
	    !mpsk_reply_number(&result->concurrent, reply->element[6])) {
		return mpsk_reply_unexpected("claim.lua", err);
	}
	result->is_new = is_new != 0;
	claim_evicted(result, reply);
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
	if (!number_valid(claim->now) || !number_valid(claim->default_max) || !number_valid(claim->default_idle) ||
	    !number_valid(claim->place_s)) {
		return mpsk_error_set(err, MPSK_BAD, "now, max, idle and place are numbers of 1 to 12 digits");
	}
	return mpsk_store_id_check(claim->id, err);
}

/*
 * --- The call ---
 */

#define CLAIM_KEYS	3
#define CLAIM_ARGS	9	/* MAC to the seconds of a place */
#define CLAIM_NAMES	14	/* fields that the script reads of a key */
#define CLAIM_PSKS	2	/* the first of them: only their fingerprints are told */
#define CLAIM_MACS	1	/* and one more, behind them */
#define CLAIM_CONCURRENT 12	/* its place among them */
#define CLAIM_APART	(2 + CLAIM_NAMES + CLAIM_MACS)	/* which set, and the key's type */
#define CLAIM_ARGC_MAX	(MPSK_SCRIPT_HEAD + 1 + CLAIM_KEYS + CLAIM_ARGS + CLAIM_APART)

typedef struct {
	mpsk_script_t const	*script;
	size_t			argc;
	char const		*argv[CLAIM_ARGC_MAX];
	size_t			argvlen[CLAIM_ARGC_MAX];
	redisReply		*reply;
	bool			split;		/* key, devices and places are not on one node */
} claim_call_t;

static mpsk_status_t claim_exchange(mpsk_conn_t *conn, mpsk_deadline_t deadline, void *uctx, mpsk_error_t *err)
{
	claim_call_t *call = uctx;
	mpsk_status_t status = mpsk_script_run(conn, call->script, &call->reply, deadline, err, call->argc, call->argv,
					       call->argvlen);

	call->split = mpsk_conn_redirect(conn)->kind == MPSK_REDIRECT_TRYAGAIN;
	return status;
}

static void claim_add(claim_call_t *call, char const *text, size_t len)
{
	call->argv[call->argc] = text;
	call->argvlen[call->argc++] = len;
}

static void claim_add_text(claim_call_t *call, char const *text)
{
	claim_add(call, text, strlen(text));
}

/* The texts of a claim; the calls point into it. */
typedef struct {
	mpsk_rkey_t	key, dev, live;
	char		mac[MPSK_MAC_TEXT_MAX];
	char		now[CLAIM_NUMBER], max[CLAIM_NUMBER], idle[CLAIM_NUMBER], place_s[CLAIM_NUMBER];
	char const	*fingerprint, *site_when_full, *default_when_full;
} claim_texts_t;

static void claim_print(claim_texts_t *texts, mpsk_claim_t const *claim)
{
	texts->key = mpsk_rkey_key(claim->id);
	texts->dev = mpsk_rkey_dev(claim->id);
	texts->live = mpsk_rkey_live(claim->id);
	(void) mpsk_mac_print(texts->mac, &claim->mac);
	snprintf(texts->now, sizeof(texts->now), "%" PRId64, claim->now);
	snprintf(texts->max, sizeof(texts->max), "%" PRId64, claim->default_max);
	snprintf(texts->idle, sizeof(texts->idle), "%" PRId64, claim->default_idle);
	snprintf(texts->place_s, sizeof(texts->place_s), "%" PRId64, claim->place_s);
	texts->fingerprint = claim->fingerprint;
	texts->site_when_full = mpsk_when_full_name(claim->site_when_full);
	texts->default_when_full = mpsk_when_full_name(claim->default_when_full);
}

static void claim_add_args(claim_call_t *call, claim_texts_t const *texts, char const *op)
{
	char const *const args[CLAIM_ARGS] = {
		texts->mac, texts->now, op, texts->fingerprint, texts->max, texts->idle, texts->site_when_full,
		texts->default_when_full, texts->place_s
	};

	for (size_t i = 0; i < CLAIM_ARGS; i++) claim_add_text(call, args[i]);
}

/* Key, devices and places in one step. */
static mpsk_status_t claim_whole(mpsk_store_t *store, claim_call_t *call, claim_texts_t const *texts, char const *op,
				 mpsk_error_t *err)
{
	call->argc = MPSK_SCRIPT_HEAD;
	claim_add_text(call, "3");
	claim_add_text(call, texts->key.text);
	claim_add_text(call, texts->dev.text);
	claim_add_text(call, texts->live.text);
	claim_add_args(call, texts, op);
	return mpsk_pool_run(store->pool, texts->key.text, claim_exchange, call, err);
}

/*
 * --- In steps: while a cluster moves the three, no script can have all ---
 */

/* What was read of a key apart from the claim. */
typedef struct {
	redisReply	*type;
	redisReply	*values;
	char		prints[CLAIM_PSKS][MPSK_FINGERPRINT_LEN + 1];
} claim_key_t;

static mpsk_status_t claim_read_key(mpsk_store_t *store, claim_key_t *key, char const *name, mpsk_error_t *err)
{
	mpsk_status_t status = mpsk_pool_callf(store->pool, &key->type, err, name, "TYPE %s", name);

	if (status == MPSK_OK) {
		status = mpsk_pool_callf(store->pool, &key->values, err, name, "HMGET %s psk old_psk old_exp usage "
					 "max idle enabled nbf exp valid_for activated old_used concurrent when_full "
					 "macs", name);
	}
	if (status != MPSK_OK) return status;
	if (key->type->type != REDIS_REPLY_STATUS) return mpsk_reply_unexpected("TYPE", err);
	if (!mpsk_reply_is_array(key->values, CLAIM_NAMES + CLAIM_MACS)) return mpsk_reply_unexpected("HMGET", err);
	return MPSK_OK;
}

/* Whether it may have a cap on places; what is malformed, the script finds. */
static bool claim_has_places(claim_key_t const *key)
{
	redisReply const *concurrent = key->values->element[CLAIM_CONCURRENT];

	return concurrent->type == REDIS_REPLY_STRING && concurrent->len > 0;
}

static void claim_add_key(claim_call_t *call, claim_key_t *key)
{
	claim_add(call, key->type->str, key->type->len);
	for (size_t i = 0; i < CLAIM_NAMES + CLAIM_MACS; i++) {
		redisReply const *value = key->values->element[i];
		bool present = value->type == REDIS_REPLY_STRING && value->len > 0;

		if (present && i < CLAIM_PSKS) {
			mpsk_key_fingerprint(key->prints[i], value->str, value->len);
			claim_add(call, key->prints[i], MPSK_FINGERPRINT_LEN);
		} else {
			claim_add(call, present ? value->str : "", present ? value->len : 0);
		}
	}
}

/* One step, on one of the two sets. */
static mpsk_status_t claim_step(mpsk_store_t *store, claim_call_t *call, claim_texts_t const *texts, claim_key_t *key,
				char const *part, char const *op, mpsk_error_t *err)
{
	char const *set = strcmp(part, "dev") == 0 ? texts->dev.text : texts->live.text;

	mpsk_reply_free(&call->reply);
	call->argc = MPSK_SCRIPT_HEAD;
	claim_add_text(call, "1");
	claim_add_text(call, set);
	claim_add_args(call, texts, op);
	claim_add_text(call, part);
	claim_add_key(call, key);
	return mpsk_pool_run(store->pool, set, claim_exchange, call, err);
}

/* Whether the step before ended so that there is another one; *took: it took a place that was not the device's. */
static bool claim_may_go_on(redisReply const *reply, bool *took)
{
	int64_t is_new = 0;

	if (!mpsk_reply_is_array(reply, CLAIM_ANSWER) || !mpsk_reply_is_text(reply->element[0], "OK")) return false;
	*took = mpsk_reply_number(&is_new, reply->element[1]) && is_new;
	return true;
}

/* A place that is of no use to a device that was refused. One that cannot be given back runs out. */
static void claim_leave(mpsk_store_t *store, claim_texts_t const *texts, claim_key_t *key)
{
	claim_call_t call = { .script = &store->claim };

	(void) claim_step(store, &call, texts, key, "live", "leave", NULL);
	mpsk_reply_free(&call.reply);
}

/* The place, then the device. */
static mpsk_status_t claim_in_two(mpsk_store_t *store, claim_call_t *call, claim_texts_t const *texts,
				  claim_key_t *key, char const *op, mpsk_error_t *err)
{
	mpsk_status_t status = claim_step(store, call, texts, key, "live", op, err);
	int64_t live = 0;
	bool took = false, ignored;

	if (status != MPSK_OK || !claim_may_go_on(call->reply, &took)) return status;
	(void) mpsk_reply_number(&live, call->reply->element[5]);
	status = claim_step(store, call, texts, key, "dev", op, err);
	if (status != MPSK_OK) return status;
	if (!claim_may_go_on(call->reply, &ignored)) {
		if (took) claim_leave(store, texts, key);
		return MPSK_OK;
	}
	call->reply->element[5]->integer = live;
	return MPSK_OK;
}

/* The key first. An edit in between is in force at the next claim. */
static mpsk_status_t claim_apart(mpsk_store_t *store, claim_call_t *call, claim_texts_t const *texts, char const *op,
				 mpsk_error_t *err)
{
	claim_key_t key = { .type = NULL };
	mpsk_status_t status = claim_read_key(store, &key, texts->key.text, err);

	if (status == MPSK_OK) {
		status = claim_has_places(&key) ? claim_in_two(store, call, texts, &key, op, err) :
						  claim_step(store, call, texts, &key, "dev", op, err);
	}
	mpsk_reply_free(&key.type);
	mpsk_reply_free(&key.values);
	return status;
}

static void claim_note(mpsk_journal_t *journal, mpsk_claim_t const *claim, mpsk_claim_result_t const *result)
{
	if (claim->op == MPSK_CLAIM_CLAIM && result->code == MPSK_CLAIM_OK && result->is_new) {
		mpsk_journal_granted(journal, claim);
	}
}

static void claim_tell(mpsk_store_t *store, mpsk_claim_t const *claim, mpsk_claim_result_t const *result)
{
	bool added = claim->op == MPSK_CLAIM_CLAIM && result->is_new;
	mpsk_change_t change = { .id = claim->id, .mac = &claim->mac };
	TALLOC_CTX *ctx;

	if (result->code != MPSK_CLAIM_OK || (!added && claim->op != MPSK_CLAIM_RELEASE)) return;
	ctx = talloc_new(NULL);
	change.kind = added ? MPSK_CHANGE_DEVICE_ADDED : MPSK_CHANGE_DEVICE_FORGOTTEN;
	change.org = mpsk_change_org(store, ctx, claim->id);
	mpsk_change_tell(store, &change);
	talloc_free(ctx);
}

mpsk_status_t mpsk_store_claim(mpsk_store_t *store, mpsk_claim_t const *claim, mpsk_claim_result_t *result,
			       mpsk_error_t *err)
{
	claim_call_t call = { .script = &store->claim };
	claim_texts_t texts;
	char const *op = claim_ops[claim->op];
	mpsk_status_t status = claim_valid(claim, err);

	*result = (mpsk_claim_result_t) { 0 };
	if (status != MPSK_OK) return status;
	claim_print(&texts, claim);
	status = claim_whole(store, &call, &texts, op, err);
	if (status != MPSK_OK && call.split) status = claim_apart(store, &call, &texts, op, err);
	if (status == MPSK_OK) status = claim_read(result, claim->id, call.reply, err);
	mpsk_reply_free(&call.reply);
	if (status == MPSK_OK && store->journal) claim_note(store->journal, claim, result);
	if (status == MPSK_OK && store->on_change) claim_tell(store, claim, result);
	return status;
}
