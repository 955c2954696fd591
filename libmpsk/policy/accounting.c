/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "policy/accounting.h"

#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "key/packed.h"

/* Texts that are borrowed, and as long as the record allows. */
static void text_copy(char *out, size_t size, char const *text)
{
	snprintf(out, size, "%s", text);
}

static void take_key(mpsk_index_reader_t *reader, mpsk_session_t *session, mpsk_key_t const *key)
{
	text_copy(session->id, sizeof(session->id), key->id);
	text_copy(session->role, sizeof(session->role), key->role ? key->role : "");
	session->vlan = key->vlan_name ? mpsk_index_vlan(reader, session->site, key->vlan_name) : key->vlan;
}

static void take_print(mpsk_session_t *session, mpsk_key_t *key)
{
	mpsk_key_fingerprints(key);
	text_copy(session->print, sizeof(session->print), key->fingerprint);
}

static bool has_name(mpsk_key_t const *key, mpsk_octets_t const *name)
{
	return strlen(key->name) == name->len && memcmp(key->name, name->octets, name->len) == 0;
}

static bool is_named(mpsk_key_t const *key, mpsk_accounting_t const *accounting)
{
	return has_name(key, &accounting->cui) || has_name(key, &accounting->event.session.name);
}

/* What this server granted it last. It may have come with the PSK of a rotation's grace. */
static bool by_binding(mpsk_policy_t const *policy, mpsk_index_reader_t *reader, mpsk_accounting_t *accounting)
{
	mpsk_session_t *session = &accounting->event.session;
	mpsk_binding_t binding;
	mpsk_key_t key;

	if (!mpsk_bindings_get(policy->bindings, &session->mac, &session->ssid, &binding)) return false;
	if (!mpsk_index_key(reader, binding.id, &key)) return false;
	take_key(reader, session, &key);
	memcpy(session->print, binding.fingerprint, sizeof(session->print));
	mpsk_secret_wipe(&key, sizeof(key));
	return true;
}

/* Of several keys that it has, the one that the packet names, else the one that saw it last. */
static bool by_mac(mpsk_index_reader_t *reader, mpsk_accounting_t *accounting)
{
	mpsk_session_t *session = &accounting->event.session;
	mpsk_key_t keys[MPSK_BY_MAC_MAX];
	/* Some makers' accounting names no SSID. */
	mpsk_ssid_t const *ssid = session->ssid.len ? &session->ssid : NULL;
	size_t n = mpsk_index_by_mac(reader, ssid, &session->mac, keys, MPSK_BY_MAC_MAX), at = 0;

	while (at < n && !is_named(&keys[at], accounting)) at++;
	if (at == n) at = 0;
	if (n) take_key(reader, session, &keys[at]);
	if (n) take_print(session, &keys[at]);
	mpsk_secret_wipe(keys, n * sizeof(keys[0]));
	return n > 0;
}

static bool by_id(mpsk_index_reader_t *reader, char const *id, mpsk_accounting_t *accounting)
{
	mpsk_session_t *session = &accounting->event.session;
	mpsk_key_t key;
	bool found;

	if (!mpsk_index_key(reader, id, &key)) return false;
	found = (!session->ssid.len || mpsk_key_has_ssid(&key, &session->ssid)) && is_named(&key, accounting);
	if (found) take_key(reader, session, &key);
	if (found) take_print(session, &key);
	mpsk_secret_wipe(&key, sizeof(key));
	return found;
}

/* A name is its key's id, unless it has another one; the key for devices that nobody knows goes by whichever it has. */
static bool by_name(mpsk_policy_t const *policy, mpsk_index_reader_t *reader, mpsk_accounting_t *accounting)
{
	mpsk_octets_t const *names[] = { &accounting->cui, &accounting->event.session.name };
	char id[MPSK_ID_MAX + 1];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!mpsk_id_valid((char const *) names[i]->octets, names[i]->len)) continue;
		memcpy(id, names[i]->octets, names[i]->len);
		id[names[i]->len] = '\0';
		if (by_id(reader, id, accounting)) return true;
	}
	return policy->config.unknown == MPSK_UNKNOWN_KEY && by_id(reader, policy->config.unknown_key, accounting);
}

bool mpsk_accounting_key(mpsk_policy_t const *policy, mpsk_accounting_t *accounting)
{
	mpsk_session_t *session = &accounting->event.session;
	mpsk_index_reader_t *reader = mpsk_index_enter(policy->index);
	mpsk_index_nas_t const *nas = mpsk_index_nas(reader, session->nas);
	bool found;

	if (!session->site[0] && nas) memcpy(session->site, nas->site, sizeof(session->site));
	found = by_binding(policy, reader, accounting) || by_mac(reader, accounting);
	if (!found) found = accounting->event.by_name = by_name(policy, reader, accounting);
	/* Of several candidates none is named. The key for all devices that nobody knows is to stay that. */
	accounting->event.learn = accounting->event.by_name && accounting->event.started &&
				  policy->config.unknown == MPSK_UNKNOWN_CANDIDATES;
	/* Whoever is none of the key's devices, and does not become one, came by a passphrase that nobody knows. */
	if (accounting->event.by_name && !accounting->event.learn) session->print[0] = '\0';
	mpsk_index_leave(reader);
	return found;
}

void mpsk_accounting_facts(mpsk_policy_t const *policy, mpsk_session_t *session)
{
	mpsk_index_reader_t *reader = mpsk_index_enter(policy->index);
	mpsk_key_t key;

	if (mpsk_index_key(reader, session->id, &key)) {
		take_key(reader, session, &key);
		take_print(session, &key);
		mpsk_secret_wipe(&key, sizeof(key));
	}
	mpsk_index_leave(reader);
}

static mpsk_when_full_t site_when_full(mpsk_policy_t const *policy, char const *site)
{
	mpsk_index_reader_t *reader = mpsk_index_enter(policy->index);
	mpsk_when_full_t rule = mpsk_index_when_full(reader, site);

	mpsk_index_leave(reader);
	return rule;
}

/* The session has its place of a key with `concurrent`: the claim takes none. */
void mpsk_accounting_learn(mpsk_policy_t const *policy, mpsk_session_t const *session)
{
	mpsk_policy_store_t const *store = &policy->store;
	mpsk_claim_t const claim = {
		.id = session->id,
		.mac = session->mac,
		.op = MPSK_CLAIM_CLAIM,
		.fingerprint = session->print,
		.now = session->seen,
		.default_max = policy->config.default_max,
		.default_idle = policy->config.default_idle,
		.site_when_full = site_when_full(policy, session->site),
		.default_when_full = policy->config.when_full,
	};
	mpsk_binding_t binding = { .claimed_at = session->seen };
	mpsk_claim_result_t result;

	if (store->claim(store->uctx, &claim, &result, NULL) != MPSK_OK || result.code != MPSK_CLAIM_OK) return;
	text_copy(binding.id, sizeof(binding.id), session->id);
	text_copy(binding.fingerprint, sizeof(binding.fingerprint), session->print);
	mpsk_bindings_set(policy->bindings, &session->mac, &session->ssid, &binding);
	(void) store->hint_set(store->uctx, &session->mac, &session->ssid, session->id, NULL);
}
