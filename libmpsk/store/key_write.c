/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "key/pmk_field.h"
#include "store/change.h"
#include "store/pool.h"
#include "store/reply.h"
#include "store/rkey.h"
#include "store/sealed.h"
#include "store/store.h"

#define WRITE_FIELDS_MAX	1000	/* Lua's unpack() has a limit */
#define NAMES_MAX		5	/* of Redis, that a key has */
#define WRITE_HEAD		(MPSK_SCRIPT_HEAD + 8)	/* number of names, a name, mode, two prints, three numbers */

/* What is to be written, and to what. */
typedef struct {
	char const		*rkey;
	mpsk_rkey_t const	*others;		/* that go with it, n_others of them */
	size_t			n_others;
	char const		*what;			/* for a text: "key", "NAS" */
	char const		*id;
	mpsk_change_kind_t	kind;
	char const		*mode;			/* of the script */
	char const		*fingerprint;		/* that psk and old_psk have to have; "": any */
	char const		*old_fingerprint;
	mpsk_field_t const	*expected;		/* that have to be as they were */
	size_t			n_expected;
	mpsk_field_t const	*fields;
	size_t			n_fields;
	mpsk_device_t const	*devices;		/* that the first of `others` gets */
	size_t			n_devices;
} change_t;

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
	{ "EXISTS",  MPSK_MISS,	 "there is such a key already" },
	{ "NOKEY",   MPSK_MISS,	 "there is no such key" },
	{ "STALE",   MPSK_AGAIN, "it was changed meanwhile" },
	{ "NOTHASH", MPSK_BAD,	 "it is of another type than a hash: delete it" },
	{ "NOTSET",  MPSK_BAD,	 "its devices are of another type than a sorted set: delete them" },
};

static mpsk_status_t write_read(change_t const *change, redisReply const *reply, mpsk_error_t *err)
{
	if (mpsk_reply_is_array(reply, 2) && mpsk_reply_is_text(reply->element[0], "OK")) return MPSK_OK;
	for (size_t i = 0; i < sizeof(write_rows) / sizeof(write_rows[0]); i++) {
		write_row_t const *row = &write_rows[i];

		if (!mpsk_reply_is_text(reply, row->answer)) continue;
		return mpsk_error_set(err, row->status, "%s %s: %s", change->what, change->id, row->text);
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

static void args_add_number(write_args_t *args, char text[static 24], size_t n)
{
	snprintf(text, 24, "%zu", n);
	args_add(args, text, strlen(text));
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

/* Texts that the arguments point to, an array of them for the devices. */
typedef struct {
	char	seen[24];
	char	mac[MPSK_MAC_TEXT_MAX];
} device_text_t;

static void args_add_devices(write_args_t *args, device_text_t *texts, mpsk_device_t const *devices, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		snprintf(texts[i].seen, sizeof(texts[i].seen), "%" PRId64, devices[i].last_seen);
		args_add(args, texts[i].seen, strlen(texts[i].seen));
		args_add(args, mpsk_mac_print(texts[i].mac, &devices[i].mac), MPSK_MAC_TEXT_MAX - 1);
	}
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

/*
 * --- Telling of it ---
 */
static void told_value(char const **to, size_t *to_len, bool secret, char const *value, size_t len)
{
	*to = secret && value ? "" : value;
	*to_len = secret ? 0 : len;
}

/* What was set, or for an edit what the script says was another value before. */
static size_t told_fields(mpsk_change_field_t *told, change_t const *change, redisReply const *reply)
{
	size_t n = 0;

	for (size_t i = 0; change->kind == MPSK_CHANGE_ADDED && i < change->n_fields; i++) {
		mpsk_field_t const *field = &change->fields[i];
		mpsk_change_field_t *to = &told[n];

		if (!field->value) continue;
		*to = (mpsk_change_field_t) { .name = field->name, .name_len = field->name_len };
		to->secret = mpsk_change_is_secret(field->name, field->name_len);
		told_value(&to->value, &to->value_len, to->secret, field->value, field->value_len);
		n++;
	}
	for (size_t i = 2; change->kind == MPSK_CHANGE_EDITED && i + 1 < reply->elements; i += 2) {
		redisReply const *name = reply->element[i], *old = reply->element[i + 1];

		for (size_t j = 0; name->type == REDIS_REPLY_STRING && j < change->n_fields; j++) {
			mpsk_field_t const *field = &change->fields[j];
			mpsk_change_field_t *to = &told[n];

			if (field->name_len != name->len || memcmp(field->name, name->str, name->len) != 0) continue;
			*to = (mpsk_change_field_t) { .name = field->name, .name_len = field->name_len };
			to->secret = mpsk_change_is_secret(field->name, field->name_len);
			if (old->type == REDIS_REPLY_STRING)
				told_value(&to->old, &to->old_len, to->secret, old->str, old->len);
			told_value(&to->value, &to->value_len, to->secret, field->value, field->value_len);
			n++;
			break;
		}
	}
	return n;
}

/* Where memory is out it is told without its fields. */
static void write_tell(mpsk_store_t *store, change_t const *change, redisReply const *reply)
{
	size_t room = change->n_fields + reply->elements / 2;
	mpsk_change_field_t *fields = talloc_array(NULL, mpsk_change_field_t, room);
	mpsk_change_t told = { .kind = change->kind, .id = change->id, .org = "", .fields = fields };

	if (reply->element[1]->type == REDIS_REPLY_STRING) told.org = reply->element[1]->str;
	if (fields) told.n_fields = told_fields(fields, change, reply);
	mpsk_change_tell(store, &told);
	talloc_free(fields);
}

/*
 * --- The script ---
 */
typedef struct {
	mpsk_script_t const	*script;
	write_args_t const	*args;
	redisReply		*reply;
} write_t;

static mpsk_status_t write_exchange(mpsk_conn_t *conn, mpsk_deadline_t deadline, void *uctx, mpsk_error_t *err)
{
	write_t *write = uctx;

	return mpsk_script_run(conn, write->script, &write->reply, deadline, err, write->args->argc, write->args->argv,
			       write->args->argvlen);
}

static mpsk_status_t write_run(mpsk_store_t *store, change_t const *change, write_args_t const *args,
			       mpsk_error_t *err)
{
	write_t write = { .script = &store->write, .args = args };
	mpsk_status_t status = mpsk_pool_run(store->pool, change->rkey, write_exchange, &write, err);

	if (status == MPSK_OK) status = write_read(change, write.reply, err);
	if (status == MPSK_OK && store->on_change && change->kind != MPSK_CHANGE_NONE) {
		write_tell(store, change, write.reply);
	}
	mpsk_reply_free(&write.reply);
	return status;
}

static mpsk_status_t change_write(mpsk_store_t *store, change_t const *change, mpsk_error_t *err)
{
	size_t n = change->n_fields, at;
	size_t room = WRITE_HEAD + change->n_others + 2 * change->n_expected + 2 * n + 2 * change->n_devices;
	write_args_t args = { .argc = MPSK_SCRIPT_HEAD };
	char n_names[24], n_expected[24], n_set[24], n_devices[24];
	device_text_t *texts;
	mpsk_status_t status;

	args.argv = talloc_array(NULL, char const *, room);
	args.argvlen = talloc_array(args.argv, size_t, room);
	texts = talloc_array(args.argv, device_text_t, change->n_devices);
	if (args.argvlen && texts) {
		args_add_number(&args, n_names, 1 + change->n_others);
		args_add(&args, change->rkey, strlen(change->rkey));
		for (size_t i = 0; i < change->n_others; i++)
			args_add(&args, change->others[i].text, strlen(change->others[i].text));
		args_add(&args, change->mode, strlen(change->mode));
		args_add(&args, change->fingerprint, strlen(change->fingerprint));
		args_add(&args, change->old_fingerprint, strlen(change->old_fingerprint));
		args_add_number(&args, n_expected, change->n_expected);
		for (size_t i = 0; i < change->n_expected; i++) {
			args_add(&args, change->expected[i].name, change->expected[i].name_len);
			args_add(&args, change->expected[i].value, change->expected[i].value_len);
		}
		at = args.argc;
		args_add(&args, n_set, 0);
		args_add_number(&args, n_devices, change->n_devices);
		snprintf(n_set, sizeof(n_set), "%zu", args_add_fields(&args, change->fields, n, false));
		args.argvlen[at] = strlen(n_set);
		(void) args_add_fields(&args, change->fields, n, true);
		args_add_devices(&args, texts, change->devices, change->n_devices);
		status = write_run(store, change, &args, err);
	} else {
		status = mpsk_error_set(err, MPSK_ERR, "out of memory");
	}
	talloc_free(args.argv);
	return status;
}

static mpsk_status_t change_seal(mpsk_store_t *store, change_t *change, mpsk_error_t *err)
{
	mpsk_field_t *sealed;
	mpsk_status_t status = mpsk_sealed_fields(NULL, &sealed, store->keyring, change->id, change->fields,
						  change->n_fields, err);

	if (status != MPSK_OK) return status;
	change->fields = sealed;
	status = change_write(store, change, err);
	talloc_free(sealed);
	return status;
}

/* An addition or an edit: what it is of, and the rest that follows from the mode, are filled in. */
static mpsk_status_t key_change(mpsk_store_t *store, mpsk_write_mode_t mode, char const *expect_fingerprint,
				change_t *change, mpsk_error_t *err)
{
	mpsk_status_t status = write_valid(change->id, mode, change->fields, change->n_fields, err);
	mpsk_rkey_t rkey, dev;

	if (status != MPSK_OK) return status;
	rkey = mpsk_rkey_key(change->id);
	dev = mpsk_rkey_dev(change->id);
	change->rkey = rkey.text;
	change->others = &dev;
	change->n_others = change->n_devices ? 1 : 0;
	change->what = "key";
	change->kind = mode == MPSK_WRITE_ADD ? MPSK_CHANGE_ADDED : MPSK_CHANGE_EDITED;
	change->mode = write_modes[mode];
	change->fingerprint = mode == MPSK_WRITE_EDIT && expect_fingerprint ? expect_fingerprint : "";
	change->old_fingerprint = "";
	return store->keyring ? change_seal(store, change, err) : change_write(store, change, err);
}

mpsk_status_t mpsk_store_key_write(mpsk_store_t *store, char const *id, mpsk_write_mode_t mode,
				   mpsk_field_t const *fields, size_t n_fields, char const *expect_fingerprint,
				   mpsk_error_t *err)
{
	change_t change = { .id = id, .fields = fields, .n_fields = n_fields };

	return key_change(store, mode, expect_fingerprint, &change, err);
}

mpsk_status_t mpsk_store_key_restore(mpsk_store_t *store, char const *id, mpsk_write_mode_t mode,
				     mpsk_field_t const *fields, size_t n_fields, char const *expect_fingerprint,
				     mpsk_device_t const *devices, size_t n_devices, mpsk_error_t *err)
{
	change_t change = {
		.id = id, .fields = fields, .n_fields = n_fields, .devices = devices, .n_devices = n_devices
	};

	return key_change(store, mode, expect_fingerprint, &change, err);
}

mpsk_status_t mpsk_store_key_edit_if(mpsk_store_t *store, char const *id, mpsk_field_t const *fields, size_t n_fields,
				     char const *expect_fingerprint, mpsk_field_t const *expected, size_t n_expected,
				     mpsk_error_t *err)
{
	change_t change = {
		.id = id, .fields = fields, .n_fields = n_fields, .expected = expected, .n_expected = n_expected
	};

	return key_change(store, MPSK_WRITE_EDIT, expect_fingerprint, &change, err);
}

mpsk_status_t mpsk_store_hash_put(mpsk_store_t *store, char const *rkey, char const *what, char const *id,
				  mpsk_field_t const *fields, size_t n_fields, char const *expect_fingerprint,
				  mpsk_error_t *err)
{
	change_t const change = {
		.rkey = rkey,
		.what = what,
		.id = id,
		.mode = "put",
		.fingerprint = expect_fingerprint ? expect_fingerprint : "",
		.old_fingerprint = "",
		.fields = fields,
		.n_fields = n_fields,
	};

	if (n_fields > WRITE_FIELDS_MAX) {
		return mpsk_error_set(err, MPSK_BAD, "%s %s: over %d fields at a time", what, id, WRITE_FIELDS_MAX);
	}
	return change_write(store, &change, err);
}

mpsk_status_t mpsk_store_key_reseal(mpsk_store_t *store, mpsk_key_t const *key, bool clear, mpsk_error_t *err)
{
	mpsk_rkey_t rkey = mpsk_rkey_key(key->id);
	change_t change = {
		.rkey = rkey.text,
		.what = "key",
		.id = key->id,
		.kind = MPSK_CHANGE_RESEALED,
		.mode = "secrets",
		.fingerprint = key->fingerprint,
		.old_fingerprint = key->old_fingerprint,
	};
	mpsk_field_t *fields;
	mpsk_status_t status;

	if (!clear && !store->keyring) return mpsk_error_set(err, MPSK_BAD, "there is no keyring to seal with");
	status = mpsk_clear_fields(NULL, &fields, &change.n_fields, key, err);
	if (status != MPSK_OK) return status;
	change.fields = fields;
	status = write_valid(key->id, MPSK_WRITE_EDIT, fields, change.n_fields, err);
	if (status == MPSK_OK) {
		status = clear ? change_write(store, &change, err) : change_seal(store, &change, err);
	}
	talloc_free(fields);
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

/* The key first. */
static void names_of(mpsk_rkey_t names[static NAMES_MAX], char const *id)
{
	names[0] = mpsk_rkey_key(id);
	names[1] = mpsk_rkey_dev(id);
	names[2] = mpsk_rkey_live(id);
	names[3] = mpsk_rkey_sess(id);
	names[4] = mpsk_rkey_mail(id);
}

typedef struct {
	mpsk_rkey_t	names[NAMES_MAX];
	redisReply	*reply;
	bool		split;	/* a cluster moves them, and they lie on two nodes */
} delete_t;

static mpsk_status_t delete_exchange(mpsk_conn_t *conn, mpsk_deadline_t deadline, void *uctx, mpsk_error_t *err)
{
	delete_t *delete = uctx;
	mpsk_status_t status = mpsk_conn_callf(conn, &delete->reply, deadline, err, "UNLINK %s %s %s %s %s",
					       delete->names[0].text, delete->names[1].text, delete->names[2].text,
					       delete->names[3].text, delete->names[4].text);

	delete->split = mpsk_conn_redirect(conn)->kind == MPSK_REDIRECT_TRYAGAIN;
	return status;
}

/* One by one, the key first: what is left of its devices lets nobody in. */
static mpsk_status_t delete_split(mpsk_store_t *store, delete_t const *delete, int64_t *n, mpsk_error_t *err)
{
	mpsk_status_t status = MPSK_OK;

	for (int i = 0; i < NAMES_MAX && status == MPSK_OK; i++) {
		redisReply *reply;
		char const *name = delete->names[i].text;

		status = mpsk_pool_callf(store->pool, &reply, err, name, "UNLINK %s", name);
		if (status == MPSK_OK && reply->type == REDIS_REPLY_INTEGER) *n += reply->integer;
		mpsk_reply_free(&reply);
	}
	return status;
}

mpsk_status_t mpsk_store_key_delete(mpsk_store_t *store, char const *id, mpsk_error_t *err)
{
	delete_t delete = { .split = false };
	mpsk_status_t status = mpsk_store_id_check(id, err);
	TALLOC_CTX *ctx = NULL;
	char const *org;
	int64_t n = 0;

	if (status != MPSK_OK) return status;
	ctx = talloc_new(NULL);
	org = mpsk_change_org(store, ctx, id);	/* afterwards nobody knows it any more */
	names_of(delete.names, id);
	status = mpsk_pool_run(store->pool, delete.names[0].text, delete_exchange, &delete, err);
	if (status == MPSK_OK && delete.reply->type != REDIS_REPLY_INTEGER) {
		status = mpsk_reply_unexpected("UNLINK", err);
	} else if (status == MPSK_OK) {
		n = delete.reply->integer;
	} else if (delete.split) {
		status = delete_split(store, &delete, &n, err);
	}
	mpsk_reply_free(&delete.reply);
	if (status == MPSK_OK && n == 0) status = mpsk_error_set(err, MPSK_MISS, "key %s: there is no such key", id);
	if (status == MPSK_OK)
		mpsk_change_tell(store, &(mpsk_change_t) { .kind = MPSK_CHANGE_DELETED, .id = id, .org = org });
	talloc_free(ctx);
	return status;
}

mpsk_status_t mpsk_store_key_delete_if(mpsk_store_t *store, char const *id, mpsk_field_t const *expected,
				       size_t n_expected, mpsk_error_t *err)
{
	mpsk_rkey_t names[NAMES_MAX];
	change_t const change = {
		.rkey = names[0].text,
		.others = names + 1,
		.n_others = NAMES_MAX - 1,
		.what = "key",
		.id = id,
		.kind = MPSK_CHANGE_DELETED,
		.mode = "delete",
		.fingerprint = "",
		.old_fingerprint = "",
		.expected = expected,
		.n_expected = n_expected,
	};
	mpsk_status_t status = mpsk_store_id_check(id, err);

	if (status != MPSK_OK) return status;
	names_of(names, id);
	return change_write(store, &change, err);
}
