/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What Redis answers to the store's commands. The input: an octet that picks
 * the command, then all that Redis says.
 */
#include "base/text.h"
#include "store/store.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/peer.h"

static mpsk_mac_t const mac = { { 0x00, 0x00, 0x5e, 0x00, 0x53, 0x01 } };
static mpsk_ssid_t const ssid = { 4, "Acme" };

static mpsk_status_t claim(mpsk_store_t *store, mpsk_error_t *err)
{
	mpsk_claim_t const question = { .id = "bob", .mac = mac, .op = MPSK_CLAIM_CLAIM, .fingerprint = "" };
	mpsk_claim_result_t result;
	mpsk_status_t status = mpsk_store_claim(store, &question, &result, err);

	FUZZ_CHECK(result.code >= MPSK_CLAIM_OK && result.code <= MPSK_CLAIM_BADKEY);
	FUZZ_CHECK(result.evicted < PEER_INPUT_MAX);
	if (status == MPSK_OK && result.code == MPSK_CLAIM_BADKEY) fuzz_check_error(err);
	return status;
}

static mpsk_status_t devices(mpsk_store_t *store, mpsk_error_t *err)
{
	mpsk_device_t *list;
	size_t n;
	mpsk_status_t status = mpsk_store_devices(store, NULL, "bob", &list, &n, err);

	FUZZ_CHECK(status == MPSK_OK || (!list && !n));
	for (size_t i = 0; i < n; i++) FUZZ_CHECK(list[i].last_seen >= 0 && list[i].last_seen <= MPSK_NUMBER_MAX);
	talloc_free(list);
	return status;
}

static mpsk_status_t hint(mpsk_store_t *store, mpsk_error_t *err)
{
	char id[MPSK_ID_MAX + 1];
	mpsk_status_t status = mpsk_store_hint_get(store, &mac, &ssid, id, err);

	FUZZ_CHECK((status == MPSK_OK) == mpsk_id_valid(id, strlen(id)));
	return status;
}

static mpsk_status_t ping(mpsk_store_t *store, mpsk_error_t *err)
{
	mpsk_store_info_t info;
	mpsk_status_t status = mpsk_store_ping(store, &info, err);

	FUZZ_CHECK(memchr(info.server, '\0', sizeof(info.server)) && memchr(info.role, '\0', sizeof(info.role)));
	return status;
}

static mpsk_status_t key_shown(void *uctx, char const *id, mpsk_key_t *key, mpsk_error_t const *why)
{
	(void) uctx;
	FUZZ_CHECK(id[0] && fuzz_is_printable(id));
	if (!key) fuzz_check_error(why);
	return MPSK_OK;
}

static mpsk_status_t each(mpsk_store_t *store, mpsk_error_t *err)
{
	return mpsk_store_key_each(store, key_shown, NULL, err);
}

int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
	static mpsk_status_t (*const commands[])(mpsk_store_t *store, mpsk_error_t *err) = {
		claim, devices, hint, ping, each,
	};
	fuzz_input_t in = { data, size };
	uint8_t command = fuzz_octet(&in) % (sizeof(commands) / sizeof(commands[0]));
	mpsk_store_config_t config = mpsk_store_defaults;
	mpsk_store_t *store;
	mpsk_error_t err = { "" };
	mpsk_status_t status;

	if (in.left > PEER_INPUT_MAX) return 0;
	config.uri = peer_serve(in.p, in.left);
	config.connect_ms = config.command_ms = 10000;	/* never waited for: the peer hangs up */
	FUZZ_CHECK(mpsk_store_create(NULL, &store, &config, &err) == MPSK_OK);
	status = commands[command](store, &err);
	if (status != MPSK_OK && status != MPSK_MISS) fuzz_check_error(&err);
	talloc_free(store);
	return 0;
}
