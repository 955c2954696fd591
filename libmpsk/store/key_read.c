/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "store/nas.h"
#include "store/pool.h"
#include "store/rkey.h"
#include "store/rows.h"
#include "store/session.h"
#include "store/store.h"

#define EACH_COUNT	1000

typedef struct {
	char const	*name;
	mpsk_rows_t	*rows;
} read_t;

static mpsk_status_t read_exchange(mpsk_conn_t *conn, mpsk_deadline_t deadline, void *uctx, mpsk_error_t *err)
{
	read_t *read = uctx;
	mpsk_status_t status = mpsk_rows_get(NULL, &read->rows, conn, read->name, deadline, err);

	if (status != MPSK_OK || !mpsk_row_moved(read->rows->rows)) return status;
	/* For the pool to follow. */
	status = mpsk_conn_check(conn, read->rows->rows[0].pairs, err);
	TALLOC_FREE(read->rows);
	return status;
}

/* The row of one key, wherever it is. */
static mpsk_status_t read_row(mpsk_store_t *store, mpsk_rows_t **rows, char const *name, mpsk_error_t *err)
{
	read_t read = { .name = name };
	mpsk_status_t status = mpsk_pool_run(store->pool, name, read_exchange, &read, err);

	*rows = read.rows;
	return status;
}

mpsk_status_t mpsk_store_key_read(mpsk_store_t *store, TALLOC_CTX *ctx, char const *id, mpsk_key_t **key,
				  mpsk_error_t *err)
{
	mpsk_rows_t *rows = NULL;
	char row_id[MPSK_ID_MAX + 1];
	mpsk_status_t status = mpsk_store_id_check(id, err);

	*key = NULL;
	if (status != MPSK_OK) return status;
	status = read_row(store, &rows, mpsk_rkey_key(id).text, err);
	if (status == MPSK_OK) status = mpsk_row_key(ctx, key, &rows->rows[0], store->keyring, row_id, err);
	talloc_free(rows);
	return status;
}

/* A row that is gone since SCAN named it is none; whatever else there is ends the walk. */
static mpsk_status_t none_shown(mpsk_status_t status, mpsk_error_t const *why, mpsk_error_t *err)
{
	return status == MPSK_MISS ? MPSK_OK : mpsk_error_set(err, status, "%s", why->text);
}

/* Show one key. */
static mpsk_status_t each_key(mpsk_store_t *store, mpsk_row_t const *row, void const *p, void *uctx,
			      mpsk_error_t *err)
{
	mpsk_store_key_cb_t cb = *(mpsk_store_key_cb_t const *) p;
	TALLOC_CTX *ctx = talloc_new(NULL);
	mpsk_key_t *key = NULL;
	char id[MPSK_ID_MAX + 1];
	mpsk_error_t why = { "" }, name;
	mpsk_status_t status;

	if (!ctx) return mpsk_error_set(err, MPSK_ERR, "out of memory");
	status = mpsk_row_key(ctx, &key, row, store->keyring, id, &why);
	if (status == MPSK_OK || status == MPSK_BAD) {
		mpsk_row_label(&name, row);
		status = cb(uctx, *id ? id : name.text, key, &why);
	} else {
		status = none_shown(status, &why, err);
	}
	talloc_free(ctx);
	return status;
}

/* Show one set of devices. */
static mpsk_status_t each_devices(mpsk_store_t *store, mpsk_row_t const *row, void const *p, void *uctx,
				  mpsk_error_t *err)
{
	mpsk_store_devices_cb_t cb = *(mpsk_store_devices_cb_t const *) p;
	TALLOC_CTX *ctx = talloc_new(NULL);
	mpsk_device_t *devices = NULL;
	size_t n = 0;
	char id[MPSK_ID_MAX + 1];
	mpsk_error_t why = { "" };
	mpsk_status_t status;

	(void) store;
	if (!ctx) return mpsk_error_set(err, MPSK_ERR, "out of memory");
	status = mpsk_row_devices(ctx, &devices, &n, row, id, &why);
	if (status == MPSK_OK || status == MPSK_BAD) {
		status = *id ? cb(uctx, id, devices, n, &why) : MPSK_OK;
	} else {
		status = none_shown(status, &why, err);
	}
	talloc_free(ctx);
	return status;
}

/* Show the sessions of one key. */
static mpsk_status_t each_sessions(mpsk_store_t *store, mpsk_row_t const *row, void const *p, void *uctx,
				   mpsk_error_t *err)
{
	mpsk_store_sessions_cb_t cb = *(mpsk_store_sessions_cb_t const *) p;
	TALLOC_CTX *ctx = talloc_new(NULL);
	mpsk_session_t *sessions = NULL;
	size_t n = 0;
	char id[MPSK_ID_MAX + 1];
	mpsk_error_t why = { "" };
	mpsk_status_t status;

	(void) store;
	if (!ctx) return mpsk_error_set(err, MPSK_ERR, "out of memory");
	status = mpsk_row_sessions(ctx, &sessions, &n, row, id, &why);
	if (status == MPSK_OK || status == MPSK_BAD) {
		status = *id ? cb(uctx, id, sessions, n, &why) : MPSK_OK;
	} else {
		status = none_shown(status, &why, err);
	}
	talloc_free(ctx);
	return status;
}

/* Show one NAS. */
static mpsk_status_t each_nas(mpsk_store_t *store, mpsk_row_t const *row, void const *p, void *uctx,
			      mpsk_error_t *err)
{
	mpsk_store_nas_cb_t cb = *(mpsk_store_nas_cb_t const *) p;
	mpsk_nas_row_t *nas = NULL;
	mpsk_error_t why = { "" }, name;
	mpsk_status_t status = mpsk_row_nas(NULL, &nas, row, &why);

	(void) store;
	if (status == MPSK_OK) {
		status = cb(uctx, nas->id, nas, &why);
	} else if (status == MPSK_BAD) {
		mpsk_row_label(&name, row);
		status = cb(uctx, name.text + strlen(MPSK_RKEY_NAS_PREFIX), NULL, &why);
	} else {
		status = none_shown(status, &why, err);
	}
	talloc_free(nas);
	return status;
}

/* A walk over all rows of a kind, and what is done with each. */
typedef struct {
	char const	*pattern, *prefix;
	mpsk_status_t	(*show)(mpsk_store_t *store, mpsk_row_t const *row, void const *cb, void *uctx,
				mpsk_error_t *err);
} kind_t;

typedef struct {
	kind_t const	*kind;
	void const	*cb;
	void		*uctx;
	mpsk_walk_t	walk;
	mpsk_rows_t	*rows;
} each_t;

/* As SCAN found it; or, where a cluster moved it since, as it is where it is now. */
static mpsk_status_t each_found(mpsk_store_t *store, each_t const *each, mpsk_row_t const *row, mpsk_error_t *err)
{
	mpsk_rows_t *rows = NULL;
	mpsk_status_t status;

	if (!mpsk_row_moved(row)) return each->kind->show(store, row, each->cb, each->uctx, err);
	status = read_row(store, &rows, row->name, err);
	if (status == MPSK_OK) status = each->kind->show(store, &rows->rows[0], each->cb, each->uctx, err);
	talloc_free(rows);
	return status;
}

/* The next rows; no connection is held while the callback runs, which may want one itself. */
static mpsk_status_t each_exchange(mpsk_conn_t *conn, mpsk_deadline_t deadline, void *uctx, mpsk_error_t *err)
{
	each_t *each = uctx;

	return mpsk_rows_walk(NULL, &each->rows, conn, &each->walk, EACH_COUNT, deadline, err);
}

static mpsk_status_t each_node(mpsk_store_t *store, unsigned node, each_t *each, mpsk_error_t *err)
{
	mpsk_status_t status = MPSK_OK;

	each->walk = (mpsk_walk_t) { .pattern = each->kind->pattern };
	while (status == MPSK_OK && !each->walk.done) {
		status = mpsk_pool_run_on(store->pool, node, each_exchange, each, err);
		for (size_t i = 0; status == MPSK_OK && i < each->rows->n; i++) {
			mpsk_row_t const *row = &each->rows->rows[i];

			/* As sync does: a server that gives names that were not asked for gave no key. */
			if (!mpsk_rkey_has_prefix(row->name, row->name_len, each->kind->prefix)) continue;
			status = each_found(store, each, row, err);
		}
		TALLOC_FREE(each->rows);
	}
	return status;
}

static mpsk_status_t each_all(mpsk_store_t *store, each_t *each, mpsk_error_t *err)
{
	mpsk_node_set_t primaries;
	mpsk_status_t status = mpsk_pool_primaries(store->pool, &primaries, err);

	for (unsigned i = 0; status == MPSK_OK && i < primaries.n; i++) {
		status = each_node(store, primaries.nodes[i], each, err);
	}
	return status;
}

mpsk_status_t mpsk_store_key_each(mpsk_store_t *store, mpsk_store_key_cb_t cb, void *uctx, mpsk_error_t *err)
{
	static kind_t const keys = { MPSK_RKEY_KEY_PREFIX "*", MPSK_RKEY_KEY_PREFIX, each_key };
	each_t each = { .kind = &keys, .cb = &cb, .uctx = uctx };

	return each_all(store, &each, err);
}

mpsk_status_t mpsk_store_devices_each(mpsk_store_t *store, mpsk_store_devices_cb_t cb, void *uctx, mpsk_error_t *err)
{
	static kind_t const devices = { MPSK_RKEY_DEV_PREFIX "*", MPSK_RKEY_DEV_PREFIX, each_devices };
	each_t each = { .kind = &devices, .cb = &cb, .uctx = uctx };

	return each_all(store, &each, err);
}

mpsk_status_t mpsk_store_sessions_each(mpsk_store_t *store, mpsk_store_sessions_cb_t cb, void *uctx,
				       mpsk_error_t *err)
{
	static kind_t const sessions = { MPSK_RKEY_SESS_PREFIX "*", MPSK_RKEY_SESS_PREFIX, each_sessions };
	each_t each = { .kind = &sessions, .cb = &cb, .uctx = uctx };

	return each_all(store, &each, err);
}

mpsk_status_t mpsk_store_nas_each(mpsk_store_t *store, mpsk_store_nas_cb_t cb, void *uctx, mpsk_error_t *err)
{
	static kind_t const nases = { MPSK_RKEY_NAS_PREFIX "*", MPSK_RKEY_NAS_PREFIX, each_nas };
	each_t each = { .kind = &nases, .cb = &cb, .uctx = uctx };

	return each_all(store, &each, err);
}
