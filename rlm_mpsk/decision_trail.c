/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rlm_mpsk/decision_trail.h"

#include <inttypes.h>
#include <unistd.h>

#include "base/secret.h"
#include "store/trail.h"

#define QUIET_MS	60000
#define RATE		100	/* entries a second: the 100,000 that are kept are no less than a quarter of an hour */
#define BURST		1000
#define FIELDS_MAX	16

int rlm_mpsk_trail_check(CONF_SECTION *conf, rlm_mpsk_t const *inst)
{
	static char const *const words[] = { "all", "refused", "none" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(inst->log_decisions, words[i]) == 0) return 0;
	cf_log_err_cs(conf, "log_decisions = \"%s\": give all, refused or none", inst->log_decisions);
	return -1;
}

mpsk_repeats_t *rlm_mpsk_trail_create(void)
{
	return mpsk_repeats_create(NULL, &(mpsk_repeats_config_t) {
		.quiet_ms = QUIET_MS, .rate = RATE, .burst = BURST
	});
}

/* The same device with the same answer; whoever is refused for the load is told once for each NAS. */
static uint64_t repeats(rlm_mpsk_t *inst, mpsk_query_t const *query, mpsk_outcome_t const *outcome)
{
	char text[MPSK_MAC_TEXT_MAX + 2 * MPSK_ID_MAX + 16], mac[MPSK_MAC_TEXT_MAX] = "";
	int len;

	if (outcome->reason != MPSK_REASON_RATE_LIMITED) mpsk_mac_print(mac, &query->mac);
	len = snprintf(text, sizeof(text), "%d %s %s %s", (int) outcome->reason, mac, query->nas, outcome->id);
	return mpsk_repeats_note(inst->repeats, text, (size_t) len, query->now_ms);
}

/* The organisation of the key, else that of the NAS. The site is the request's, else the NAS's. */
static void places(rlm_mpsk_t *inst, mpsk_query_t const *query, mpsk_outcome_t const *outcome, mpsk_index_nas_t *at)
{
	mpsk_index_reader_t *reader = mpsk_index_enter(inst->policy.index);
	mpsk_index_nas_t const *nas = mpsk_index_nas(reader, query->nas);
	mpsk_key_t key;

	if (nas) *at = *nas;
	if (outcome->id[0] && mpsk_index_key(reader, outcome->id, &key)) {
		if (key.org && *key.org) snprintf(at->org, sizeof(at->org), "%s", key.org);
		mpsk_secret_wipe(&key, sizeof(key));
	}
	mpsk_index_leave(reader);
	if (query->site) snprintf(at->site, sizeof(at->site), "%s", query->site);
}

typedef struct {
	mpsk_field_t	fields[FIELDS_MAX];
	size_t		n;
} entry_t;

static void put(entry_t *entry, char const *name, char const *value)
{
	if (!*value) return;
	entry->fields[entry->n++] = (mpsk_field_t) {
		.name = name, .name_len = strlen(name), .value = value, .value_len = strlen(value)
	};
}

void rlm_mpsk_trail_decision(rlm_mpsk_t *inst, char const *dialect, mpsk_query_t const *query,
			     mpsk_outcome_t const *outcome)
{
	mpsk_reason_info_t const *reason = mpsk_reason(outcome->reason);
	char mac[MPSK_MAC_TEXT_MAX], bssid[MPSK_MAC_TEXT_MAX], ssid[MPSK_SSID_TEXT_MAX];
	char vlan[8] = "", times[24] = "", host[65] = "";
	mpsk_index_nas_t at = { .org = "" };
	entry_t entry = { .n = 0 };
	uint64_t n;

	if (strcmp(inst->log_decisions, "none") == 0) return;
	if (reason->accept && strcmp(inst->log_decisions, "all") != 0) return;
	n = repeats(inst, query, outcome);
	if (!n) return;
	places(inst, query, outcome, &at);
	if (outcome->vlan) snprintf(vlan, sizeof(vlan), "%u", outcome->vlan);
	if (n > 1) snprintf(times, sizeof(times), "%" PRIu64, n);
	(void) gethostname(host, sizeof(host) - 1);
	put(&entry, "decision", reason->accept ? "accept" : "reject");
	put(&entry, "reason", reason->name);
	put(&entry, "mac", mpsk_mac_print(mac, &query->mac));
	put(&entry, "ssid", mpsk_ssid_print(ssid, &query->ssid));
	put(&entry, "key", outcome->id);
	put(&entry, "name", outcome->name);
	put(&entry, "holder", outcome->holder);
	put(&entry, "vlan", vlan);
	put(&entry, "detail", outcome->detail);
	put(&entry, "nas", query->nas);
	put(&entry, "bssid", mpsk_mac_print(bssid, &query->bssid));
	put(&entry, "site", at.site);
	put(&entry, "dialect", dialect);
	put(&entry, "server", host);
	put(&entry, "times", times);
	/* What has no room is counted there. */
	(void) mpsk_outbox_log(inst->outbox, mpsk_trail_name(MPSK_TRAIL_LOG, at.org).text, entry.fields, entry.n);
}
