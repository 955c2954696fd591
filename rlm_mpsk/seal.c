/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rlm_mpsk/seal.h"

#include "base/deadline.h"

#define SEAL_BUDGET_MS 10

void rlm_mpsk_seal_note(rlm_mpsk_t *inst, mpsk_key_t const *key)
{
	if (!inst->seal_plaintext || !(key->forms & MPSK_KEY_IN_CLEAR)) return;
	/* Where memory is out, the next load will find it again. */
	(void) mpsk_names_add(inst->to_seal, key->id, strlen(key->id));
}

/* The key is read anew: what was noted may be long ago, and another server may have sealed it. */
static mpsk_status_t seal_key(rlm_mpsk_t *inst, char const *id, bool *sealed, mpsk_error_t *err)
{
	mpsk_key_t *key = NULL;
	mpsk_status_t status = mpsk_store_key_read(inst->store, NULL, id, &key, err);

	*sealed = false;
	if (status == MPSK_OK && (key->forms & MPSK_KEY_IN_CLEAR)) {
		status = mpsk_store_key_reseal(inst->store, key, false, err);
		*sealed = status == MPSK_OK;
	}
	talloc_free(key);
	return status;
}

static void seal_one(rlm_mpsk_t *inst, mpsk_name_t const *name)
{
	mpsk_error_t err = { "" };
	bool sealed;
	mpsk_status_t status = seal_key(inst, name->text, &sealed, &err);

	if (sealed) inst->n_sealed++;
	/* Whoever was faster has it read again, a key that is malformed has its line, and a new link reads all. */
	if (status != MPSK_ERR || inst->seal_told) return;
	WARN("rlm_mpsk (%s): key %s stays in clear: %s", inst->name, name->text, err.text);
	inst->seal_told = true;
}

bool rlm_mpsk_seal_some(rlm_mpsk_t *inst)
{
	int64_t until = mpsk_monotonic_ms() + SEAL_BUDGET_MS;
	mpsk_name_t *name;

	if (!inst->seal_plaintext) return false;
	while ((name = mpsk_names_first(inst->to_seal)) && mpsk_monotonic_ms() < until) {
		seal_one(inst, name);
		mpsk_names_remove(inst->to_seal, name);
	}
	if (name) return true;
	if (inst->n_sealed > 0) {
		INFO("rlm_mpsk (%s): %zu keys were in clear, and are sealed now", inst->name, inst->n_sealed);
	}
	inst->n_sealed = 0;
	inst->seal_told = false;
	return false;
}
