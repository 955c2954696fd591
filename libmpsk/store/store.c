/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/store.h"

#include <string.h>

#include "store/claim.lua.h"
#include "store/journal.h"
#include "store/pool.h"
#include "store/session.lua.h"
#include "store/write.lua.h"

mpsk_store_config_t const mpsk_store_defaults = {
	.uri = "redis://127.0.0.1:6379",
	.connect_ms = 250,
	.command_ms = 150,
	.retry_ms = 250,
	.max_connections = 32,
	.snapshot_s = 60,
	.snapshot_max_s = 86400,
};

mpsk_status_t mpsk_store_keyring_load(TALLOC_CTX *ctx, mpsk_keyring_t **keyring, mpsk_store_config_t const *config,
				      mpsk_error_t *err)
{
	mpsk_error_t why = { "" };

	*keyring = NULL;
	if (!config->keyring || !*config->keyring) return MPSK_OK;
	if (mpsk_keyring_load(ctx, keyring, config->keyring, &why) == MPSK_OK) return MPSK_OK;
	return mpsk_error_set(err, MPSK_BAD, "keyring: %s", why.text);
}

mpsk_status_t mpsk_store_create(TALLOC_CTX *ctx, mpsk_store_t **store, mpsk_store_config_t const *config,
				mpsk_error_t *err)
{
	mpsk_store_t *s = talloc_zero(ctx, mpsk_store_t);
	mpsk_status_t status;

	*store = NULL;
	if (!s) return mpsk_error_set(err, MPSK_ERR, "out of memory");
	status = mpsk_store_keyring_load(s, &s->keyring, config, err);
	if (status == MPSK_OK) status = mpsk_pool_create(s, &s->pool, config, err);
	if (status != MPSK_OK) {
		talloc_free(s);
		return status;
	}
	if (config->journal > 0) {
		s->journal = mpsk_journal_create(s, config->journal);
		if (!s->journal) {
			talloc_free(s);
			return mpsk_error_set(err, MPSK_ERR, "out of memory");
		}
	}
	mpsk_script_init(&s->claim, MPSK_CLAIM_LUA);
	mpsk_script_init(&s->write, MPSK_WRITE_LUA);
	mpsk_script_init(&s->session, MPSK_SESSION_LUA);
	*store = s;
	return MPSK_OK;
}

mpsk_keyring_t const *mpsk_store_keyring(mpsk_store_t const *store)
{
	return store->keyring;
}

void mpsk_store_renew(mpsk_store_t *store)
{
	mpsk_pool_renew(store->pool);
}

mpsk_journal_t *mpsk_store_journal(mpsk_store_t *store)
{
	return store->journal;
}

mpsk_status_t mpsk_store_id_check(char const *id, mpsk_error_t *err)
{
	if (mpsk_id_valid(id, strlen(id))) return MPSK_OK;
	return mpsk_error_set(err, MPSK_BAD, "a key id is 1 to %d of A-Z a-z 0-9 . _ -", MPSK_ID_MAX);
}
