/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "key/pmk_field.h"
#include "store/pool.h"
#include "store/reply.h"
#include "store/rkey.h"
#include "store/store.h"

#define WRITE_FIELDS_MAX	1000	/* Lua's unpack() has a limit */
#define WRITE_HEAD		(MPSK_SCRIPT_HEAD + 5)	/* 1, key, mode, fingerprint, number of pairs */

static char const *const write_modes[] = {
	[MPSK_WRITE_ADD] = "add",
	[MPSK_WRITE_EDIT] = "edit",
};

typedef struct {
	char const	*answer;
	mpsk_status_t	status;
	char const	*text;
} write_row_t;

static write_row_t const write_rows[] = {
	{ "OK",	     MPSK_OK,	 NULL },
	{ "EXISTS",  MPSK_MISS,	 "there is such a key already" },
	{ "NOKEY",   MPSK_MISS,	 "there is no such key" },
	{ "STALE",   MPSK_AGAIN, "its psk was changed meanwhile" },
	{ "NOTHASH", MPSK_BAD,	 "it is of another type than a hash: delete it" },
};

static mpsk_status_t write_read(char const *id, redisReply const *reply, mpsk_error_t *err)
{
	for (size_t i = 0; i < sizeof(write_rows) / sizeof(write_rows[0]); i++) {
		write_row_t const *row = &write_rows[i];

		if (!mpsk_reply_is_text(reply, row->answer)) continue;
		return row->text ? mpsk_error_set(err, row->status, "key %s: %s", id, row->text) : row->status;
	}
	return mpsk_reply_unexpected("write.lua", err);
}

/* The script's arguments, in one allocation for each of the two arrays. */
typedef struct {
	size_t		argc;
	char const	**argv;
	size_t		*argvlen;
} write_args_t;

static void args_add(write_args_t *args, char const *text, size_t len)
{
	args->argv[args->argc] = text;
	args->argvlen[args->argc++] = len;
}

/* First the pairs to set, then the names to remove. */
static size_t args_add_fields(write_args_t *args, mpsk_field_t const *fields, size_t n_fields, bool remove)
{
	size_t n = 0;

	for (size_t i = 0; i < n_fields; i++) {
		if (remove != !fields[i].value) continue;
		args_add(args, fields[i].name, fields[i].name_len);
		if (!remove) args_add(args, fields[i].value, fields[i].value_len);
		n++;
	}
	return n;
}

static mpsk_status_t write_valid(char const *id, mpsk_write_mode_t mode, mpsk_field_t const *fields, size_t n_fields,
				 mpsk_error_t *err)
{
	bool any = false;

	for (size_t i = 0; i < n_fields; i++) any = any || fields[i].value;
	if (n_fields > WRITE_FIELDS_MAX) {
		return mpsk_error_set(err, MPSK_BAD, "key %s: over %d fields at a time", id, WRITE_FIELDS_MAX);
	}
	if (mode == MPSK_WRITE_ADD && !any) return mpsk_error_set(err, MPSK_BAD, "key %s: no field is given", id);
	return mpsk_store_id_check(id, err);
}

static mpsk_status_t write_run(mpsk_store_t *store, char const *id, write_args_t const *args, mpsk_error_t *err)
{
	redisReply *reply = NULL;
	mpsk_lease_t lease;
	mpsk_status_t status = mpsk_pool_lend(store->pool, &lease, args->argv[MPSK_SCRIPT_HEAD + 1], err);

	if (status != MPSK_OK) return status;
	status = mpsk_script_run(lease.conn, &store->write, &reply, lease.deadline, err, args->argc, args->argv,
				 args->argvlen);
	if (status == MPSK_OK) status = write_read(id, reply, err);
	mpsk_reply_free(&reply);
	mpsk_pool_give_back(store->pool, &lease);
	return status;
}

mpsk_status_t mpsk_store_key_write(mpsk_store_t *store, char const *id, mpsk_write_mode_t mode,
				   mpsk_field_t const *fields, size_t n_fields, char const *expect_fingerprint,
				   mpsk_error_t *err)
{
	mpsk_status_t status = write_valid(id, mode, fields, n_fields, err);
	char const *fingerprint = mode == MPSK_WRITE_EDIT && expect_fingerprint ? expect_fingerprint : "";
	write_args_t args = { .argc = MPSK_SCRIPT_HEAD };
	mpsk_rkey_t name;
	char n_set[24];

	if (status != MPSK_OK) return status;
	args.argv = talloc_array(NULL, char const *, WRITE_HEAD + 2 * n_fields);
	args.argvlen = talloc_array(args.argv, size_t, WRITE_HEAD + 2 * n_fields);
	if (args.argvlen) {
		name = mpsk_rkey_key(id);
		args_add(&args, "1", 1);
		args_add(&args, name.text, strlen(name.text));
		args_add(&args, write_modes[mode], strlen(write_modes[mode]));
		args_add(&args, fingerprint, strlen(fingerprint));
		args_add(&args, n_set, 0);
		snprintf(n_set, sizeof(n_set), "%zu", args_add_fields(&args, fields, n_fields, false));
		args.argvlen[WRITE_HEAD - 1] = strlen(n_set);
		(void) args_add_fields(&args, fields, n_fields, true);
		status = write_run(store, id, &args, err);
	} else {
		status = mpsk_error_set(err, MPSK_ERR, "out of memory");
	}
	talloc_free(args.argv);
	return status;
}

mpsk_status_t mpsk_store_key_pmk(mpsk_store_t *store, char const *id, char const *fingerprint, mpsk_ssid_t const *ssid,
				 wpa_pmk_t const *pmk, mpsk_error_t *err)
{
	char name[MPSK_PMK_NAME_MAX];
	char value[MPSK_PMK_VALUE_LEN + 1];
	mpsk_field_t field = { .name = name, .value = value, .value_len = MPSK_PMK_VALUE_LEN };
	mpsk_status_t status;

	field.name_len = mpsk_pmk_field_name(name, ssid);
	mpsk_pmk_field_print(value, fingerprint, pmk);
	status = mpsk_store_key_write(store, id, MPSK_WRITE_EDIT, &field, 1, fingerprint, err);
	mpsk_secret_wipe(value, sizeof(value));
	return status;
}

mpsk_status_t mpsk_store_key_delete(mpsk_store_t *store, char const *id, mpsk_error_t *err)
{
	redisReply *reply = NULL;
	mpsk_rkey_t key, dev, sess;
	mpsk_status_t status = mpsk_store_id_check(id, err);

	if (status != MPSK_OK) return status;
	key = mpsk_rkey_key(id);
	dev = mpsk_rkey_dev(id);
	sess = mpsk_rkey_sess(id);
	status = mpsk_pool_callf(store->pool, &reply, err, key.text, "UNLINK %s %s %s", key.text, dev.text, sess.text);
	if (status != MPSK_OK) return status;
	if (reply->type != REDIS_REPLY_INTEGER) {
		status = mpsk_reply_unexpected("UNLINK", err);
	} else if (reply->integer == 0) {
		status = mpsk_error_set(err, MPSK_MISS, "key %s: there is no such key", id);
	}
	mpsk_reply_free(&reply);
	return status;
}
