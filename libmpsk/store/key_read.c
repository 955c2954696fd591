/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/pool.h"
#include "store/rkey.h"
#include "store/rows.h"
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
	if (status == MPSK_OK) status = mpsk_row_key(ctx, key, &rows->rows[0], row_id, err);
	talloc_free(rows);
	return status;
}

/* Show one row. */
static mpsk_status_t each_row(mpsk_row_t const *row, mpsk_store_key_cb_t cb, void *uctx, mpsk_error_t *err)
{
	TALLOC_CTX *ctx = talloc_new(NULL);
	mpsk_key_t *key = NULL;
	char id[MPSK_ID_MAX + 1];
	mpsk_error_t why = { "" }, name;
	mpsk_status_t status;

	if (!ctx) return mpsk_error_set(err, MPSK_ERR, "out of memory");
	status = mpsk_row_key(ctx, &key, row, id, &why);
	if (status == MPSK_OK || status == MPSK_BAD) {
		mpsk_row_label(&name, row);
		status = cb(uctx, *id ? id : name.text, key, &why);
	} else if (status == MPSK_MISS) {
		status = MPSK_OK;	/* deleted since SCAN named it */
	} else {
		mpsk_error_set(err, status, "%s", why.text);
	}
	talloc_free(ctx);
	return status;
}

/* As SCAN found it; or, where a cluster moved it since, as it is where it is now. */
static mpsk_status_t each_found(mpsk_store_t *store, mpsk_row_t const *row, mpsk_store_key_cb_t cb, void *uctx,
				mpsk_error_t *err)
{
	mpsk_rows_t *rows = NULL;
	mpsk_status_t status;

	if (!mpsk_row_moved(row)) return each_row(row, cb, uctx, err);
	status = read_row(store, &rows, row->name, err);
	if (status == MPSK_OK) status = each_row(&rows->rows[0], cb, uctx, err);
	talloc_free(rows);
	return status;
}

typedef struct {
	mpsk_walk_t	walk;
	mpsk_rows_t	*rows;
} each_t;

/* The next rows; no connection is held while the callback runs, which may want one itself. */
static mpsk_status_t each_exchange(mpsk_conn_t *conn, mpsk_deadline_t deadline, void *uctx, mpsk_error_t *err)
{
	each_t *each = uctx;

	return mpsk_rows_walk(NULL, &each->rows, conn, &each->walk, EACH_COUNT, deadline, err);
}

static mpsk_status_t each_node(mpsk_store_t *store, unsigned node, mpsk_store_key_cb_t cb, void *uctx,
			       mpsk_error_t *err)
{
	each_t each = { .walk = { .pattern = MPSK_RKEY_KEY_PREFIX "*" } };
	mpsk_status_t status = MPSK_OK;

	while (status == MPSK_OK && !each.walk.done) {
		status = mpsk_pool_run_on(store->pool, node, each_exchange, &each, err);
		for (size_t i = 0; status == MPSK_OK && i < each.rows->n; i++) {
			mpsk_row_t const *row = &each.rows->rows[i];

			/* As sync does: a server that gives names that were not asked for gave no key. */
			if (!mpsk_rkey_has_prefix(row->name, row->name_len, MPSK_RKEY_KEY_PREFIX)) continue;
			status = each_found(store, row, cb, uctx, err);
		}
		TALLOC_FREE(each.rows);
	}
	return status;
}

mpsk_status_t mpsk_store_key_each(mpsk_store_t *store, mpsk_store_key_cb_t cb, void *uctx, mpsk_error_t *err)
{
	mpsk_node_set_t primaries;
	mpsk_status_t status = mpsk_pool_primaries(store->pool, &primaries, err);

	for (unsigned i = 0; status == MPSK_OK && i < primaries.n; i++) {
		status = each_node(store, primaries.nodes[i], cb, uctx, err);
	}
	return status;
}
