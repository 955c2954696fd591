/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "edit.h"

#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "key/pmk_field.h"
#include "key/seal.h"
#include "record.h"

error_t ctl_edit_opt(ctl_edit_t *edit, int key, struct argp_state *state, int min)
{
	switch (key) {
	case ARGP_KEY_INIT:
		/* In the order of the children in ctl_edit_run(). */
		state->child_inputs[0] = &edit->input;
		state->child_inputs[1] = &edit->fields;
		state->child_inputs[2] = edit->ctl;
		if (edit->revokes) state->child_inputs[3] = &edit->disconnect;
		return 0;

	case CTL_EDIT_NO_PMK:
		edit->no_pmk = true;
		return 0;

	default:
		return ctl_args_parse(&edit->ids, key, state, min, 1);
	}
}

ctl_exit_t ctl_edit_run(ctl_t *ctl, int argc, char **argv, struct argp const *parser, ctl_edit_act_t act, bool revokes)
{
	struct argp_child const children[] = {
		{ &ctl_input_argp, 0, "The passphrase:", 1 },
		{ ctl_fields_argp(), 0, "The key:", 2 },
		{ &ctl_argp, 0, "Common options:", 3 },
		{ revokes ? &ctl_disconnect_argp : NULL, 0, NULL, 1 },
		{ 0 }
	};
	struct argp argp = *parser;
	ctl_edit_t edit = {
		.ctl = ctl, .fields = { .ctl = ctl, .changes = ctl_changes_create(ctl->mem) }, .revokes = revokes,
		.disconnect = { .ctl = ctl }
	};
	wpa_psk_t psk = { 0 };
	ctl_exit_t code;

	argp.children = children;
	if (ctl_parse(&argp, argc, argv, 0, &edit) != CTL_OK) return CTL_USAGE;
	code = act(&edit, edit.ids.n ? edit.ids.v[0] : NULL, &psk);
	mpsk_secret_wipe(&psk, sizeof(psk));
	return code;
}

ctl_exit_t ctl_edit_psk(ctl_changes_t *changes, ctl_input_t *input, wpa_psk_t *psk)
{
	ctl_exit_t code = ctl_input_read(input, psk);

	if (code == CTL_OK && mpsk_seal_is((char const *) psk->octets, psk->len))
		return ctl_fail(CTL_INVALID, "passphrase: begins with " MPSK_SEAL_PREFIX ", which marks one that is "
				"sealed: choose another");
	if (code == CTL_OK) ctl_changes_put(changes, "psk", strlen("psk"), psk->octets, psk->len);
	return code;
}

ctl_exit_t ctl_edit_parse(ctl_t *ctl, char const *id, mpsk_key_t const *old, ctl_changes_t const *changes,
			  mpsk_key_t **key)
{
	ctl_changes_t *fields = ctl_changes_create(NULL);
	mpsk_error_t err = { "" };
	mpsk_status_t status;

	if (old) ctl_record_stored(fields, old);
	for (size_t i = 0; i < changes->n; i++) {
		mpsk_field_t const *change = &changes->fields[i];

		/* Removed is empty here, which counts as absent: a field cannot be parsed without a value. */
		ctl_changes_put(fields, change->name, change->name_len, change->value ? change->value : "",
				change->value_len);
	}
	status = mpsk_key_parse(ctl->mem, key, id, strlen(id), fields->fields, fields->n,
				ctl_keyring(ctl), &err);
	talloc_free(fields);
	return status == MPSK_OK ? CTL_OK : ctl_fail_status(status, id, &err);
}

void ctl_edit_grace(ctl_changes_t *changes, mpsk_key_t const *old, int64_t until)
{
	ctl_changes_remove(changes, "old_psk");
	ctl_changes_remove(changes, "old_exp");
	ctl_changes_remove(changes, "old_used");
	if (!until) return;
	/* Sealed as it is: sealed anew it would have another fingerprint, and sessions go by that. */
	if (old->sealed_psk) {
		ctl_changes_set(changes, "old_psk", old->sealed_psk);
	} else {
		ctl_changes_put(changes, "old_psk", strlen("old_psk"), old->psk.octets, old->psk.len);
	}
	ctl_changes_number(changes, "old_exp", until);
}

void ctl_edit_pmk_put(ctl_changes_t *changes, mpsk_key_t const *key, wpa_pmk_t const *pmk)
{
	char name[MPSK_PMK_NAME_MAX], value[MPSK_PMK_VALUE_LEN + 1];

	mpsk_pmk_field_print(value, key->fingerprint, pmk);
	ctl_changes_put(changes, name, mpsk_pmk_field_name(name, &key->ssid), value, MPSK_PMK_VALUE_LEN);
	mpsk_secret_wipe(value, sizeof(value));
}

static ctl_exit_t pmk_add(ctl_changes_t *changes, mpsk_key_t const *key)
{
	wpa_pmk_t pmk;

	if (wpa_pmk_derive(&pmk, &key->psk, &key->ssid) != MPSK_OK)
		return ctl_fail(CTL_FAILED, "libcrypto cannot derive the PMK (PBKDF2-HMAC-SHA1)");
	ctl_edit_pmk_put(changes, key, &pmk);
	mpsk_secret_wipe(&pmk, sizeof(pmk));
	return CTL_OK;
}

ctl_exit_t ctl_edit_pmk(ctl_changes_t *changes, mpsk_key_t const *old, mpsk_key_t const *key, bool wanted)
{
	for (size_t i = 0; old && i < old->n_pmks; i++) {
		char name[MPSK_PMK_NAME_MAX];
		mpsk_ssid_t const *ssid = &old->pmks[i].ssid;

		/* Of the same PSK, and for an SSID that the key still is for: as good as before. */
		if (strcmp(old->fingerprint, key->fingerprint) == 0 && mpsk_key_has_ssid(key, ssid)) continue;
		ctl_changes_put(changes, name, mpsk_pmk_field_name(name, ssid), NULL, 0);
	}
	return wanted && !key->any_ssid ? pmk_add(changes, key) : CTL_OK;
}

/*
 * --- The same PSK twice ---
 */
typedef struct {
	mpsk_key_t const	*key;
	char			other[MPSK_ID_MAX + 1];
} search_t;

static mpsk_status_t compare(void *uctx, char const *id, mpsk_key_t *key, mpsk_error_t const *err)
{
	search_t *search = uctx;

	if (strcmp(id, search->key->id) == 0) return MPSK_OK;
	if (!key) {
		ctl_fail(CTL_OK, "warning: key %s is malformed and was not compared: %s", id, err->text);
		return MPSK_OK;
	}
	if (!mpsk_key_collides(search->key, key)) return MPSK_OK;
	snprintf(search->other, sizeof(search->other), "%s", id);
	return MPSK_MISS;
}

ctl_exit_t ctl_edit_unique(ctl_t *ctl, mpsk_key_t const *key)
{
	search_t search = { .key = key };
	mpsk_error_t err = { "" };
	mpsk_status_t status = mpsk_store_key_each(ctl->store, compare, &search, &err);

	if (search.other[0]) return ctl_fail(CTL_INVALID, "key %s already has this passphrase where key %s would: "
					     "a device could not be told which of the two it holds",
					     search.other, key->id);
	return status == MPSK_OK ? CTL_OK : ctl_fail_status(status, key->id, &err);
}

/*
 * --- The result ---
 */
typedef struct {
	char const		*id;
	char const		*result;
	wpa_psk_t const		*psk;
	unsigned		bits;
	ctl_disconnect_t const	*disconnect;
} made_t;

static json_t *made_id(void const *record)
{
	return json_string(((made_t const *) record)->id);
}

static json_t *made_result(void const *record)
{
	return json_string(((made_t const *) record)->result);
}

static json_t *made_psk(void const *record)
{
	wpa_psk_t const *psk = ((made_t const *) record)->psk;

	return json_stringn((char const *) psk->octets, psk->len);
}

static json_t *made_bits(void const *record)
{
	return json_integer((json_int_t) ((made_t const *) record)->bits);
}

static json_t *made_sessions(void const *p)
{
	made_t const *made = p;

	return ctl_disconnect_json(made->disconnect, made->id, NULL);
}

static ctl_column_t const made_columns[] = {
	{ .name = "id", .value = made_id },
	{ .name = "result", .value = made_result },
	{ .name = "psk", .value = made_psk, .needs = CTL_WANT_MADE },
	{ .name = "bits", .value = made_bits, .needs = CTL_WANT_MADE },
	{ .name = "sessions", .value = made_sessions, .needs = CTL_WANT_SESSIONS },
	{ .name = NULL }
};

void ctl_edit_print(ctl_t *ctl, char const *id, bool id_made, char const *result, wpa_psk_t const *psk,
		    unsigned bits, ctl_disconnect_t const *disconnect)
{
	made_t const made = { .id = id, .result = result, .psk = psk, .bits = bits, .disconnect = disconnect };

	if (ctl->format != CTL_TEXT) {
		ctl_record_print(made_columns, ctl->format,
				 (psk ? CTL_WANT_MADE : 0) | (disconnect ? CTL_WANT_SESSIONS : 0), &made);
		return;
	}
	/* What nobody else knows is printed even quietly, and then bare, for a script to take. */
	if (!ctl->quiet) printf("%s key %s\n", result, id);
	if (ctl->quiet && id_made) puts(id);
	if (psk) printf("%s%.*s\n", ctl->quiet ? "" : "passphrase: ", psk->len, (char const *) psk->octets);
	if (psk && !ctl->quiet) printf("entropy: %u bits\n", bits);
}
