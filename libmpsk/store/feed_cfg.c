/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/feed_cfg.h"

#include <string.h>

#include "key/vlans.h"
#include "store/rkey.h"

#define CFG_INTERIM_MIN	60		/* RFC 2869, 5.16 */
#define CFG_INTERIM_MAX	86400

/* Whether a value can be a C string of at most max octets; *text is "" where it is absent. */
static mpsk_status_t cfg_text(char const **text, mpsk_row_t const *row, char const *field, size_t max,
			      mpsk_error_t *err)
{
	redisReply const *value = mpsk_row_field(row, field);

	*text = value ? value->str : "";
	if (value && value->len > max) return mpsk_error_set(err, MPSK_BAD, "%s: over %zu octets", field, max);
	if (value && memchr(value->str, '\0', value->len)) {
		return mpsk_error_set(err, MPSK_BAD, "%s: a NUL stands in it", field);
	}
	return MPSK_OK;
}

static mpsk_status_t nas_interim(mpsk_nas_t *at, mpsk_row_t const *row, mpsk_error_t *err)
{
	redisReply const *value = mpsk_row_field(row, "interim_interval");
	int64_t seconds;

	at->has_interim_interval = value && value->len > 0;
	at->interim_interval = 0;
	if (!at->has_interim_interval) return MPSK_OK;
	if (!mpsk_number_parse(&seconds, value->str, value->len) || seconds > CFG_INTERIM_MAX ||
	    (seconds && seconds < CFG_INTERIM_MIN)) {
		return mpsk_error_set(err, MPSK_BAD, "interim_interval: neither 0 nor %d to %d", CFG_INTERIM_MIN,
				      CFG_INTERIM_MAX);
	}
	at->interim_interval = (uint32_t) seconds;
	return MPSK_OK;
}

static mpsk_status_t nas_read(mpsk_nas_t *at, mpsk_row_t const *row, mpsk_error_t *err)
{
	struct {
		char const	**text;
		char const	*field;
		size_t		max;
	} const texts[] = {
		{ &at->org, "org", MPSK_NAME_MAX },
		{ &at->site, "site", MPSK_NAME_MAX },
		{ &at->dialect, "dialect", MPSK_NAS_WORD_MAX },
		{ &at->reply, "reply", MPSK_NAS_WORD_MAX },
	};
	mpsk_status_t status = MPSK_OK;
	char const *sent;

	for (size_t i = 0; status == MPSK_OK && i < sizeof(texts) / sizeof(texts[0]); i++) {
		status = cfg_text(texts[i].text, row, texts[i].field, texts[i].max, err);
	}
	if (status == MPSK_OK) status = cfg_text(&sent, row, "session_timeout", MPSK_NAS_WORD_MAX, err);
	if (status != MPSK_OK) return status;

	at->no_session_timeout = strcmp(sent, "0") == 0;
	if (!at->no_session_timeout && sent[0] && strcmp(sent, "1") != 0) {
		return mpsk_error_set(err, MPSK_BAD, "session_timeout: neither 0 nor 1");
	}
	return nas_interim(at, row, err);
}

/* Tell of a row that is wrong, once; and no more where it no longer is. */
static void cfg_note(mpsk_feed_t *feed, mpsk_row_t const *row, char const *kind, char const *prefix,
		     mpsk_status_t status, mpsk_error_t const *why)
{
	mpsk_error_t label, what;

	if (status != MPSK_BAD) {
		mpsk_refusals_forget(feed->refusals, row->name, row->name_len);
		return;
	}
	mpsk_row_label(&label, row);
	mpsk_error_set(&what, MPSK_OK, "%s %s", kind, label.text + strlen(prefix));
	mpsk_refusals_note(feed->refusals, row->name, row->name_len, what.text, why);
}

void mpsk_feed_nas(mpsk_feed_t *feed, mpsk_row_t const *row)
{
	char const *nas = row->name + strlen(MPSK_RKEY_NAS_PREFIX);
	size_t len = row->name_len - strlen(MPSK_RKEY_NAS_PREFIX);
	bool named = mpsk_nas_id_valid(nas, len);
	mpsk_nas_t at;
	mpsk_error_t why;
	mpsk_status_t status = mpsk_row_check(row, &why);

	if (status == MPSK_OK) status = nas_read(&at, row, &why);
	if (status == MPSK_OK && !named) {
		status = mpsk_error_set(&why, MPSK_BAD, "its name is no NAS-Identifier or address");
	}
	cfg_note(feed, row, "NAS", MPSK_RKEY_NAS_PREFIX, status, &why);
	if (status == MPSK_OK) {
		feed->sink->nas_put(feed->uctx, nas, &at);
	} else if (named) {
		feed->sink->nas_drop(feed->uctx, nas);
	}
}

static mpsk_status_t site_read(mpsk_site_t *at, mpsk_row_t const *row, mpsk_error_t *err)
{
	char const *rule = "";
	mpsk_error_t why;
	mpsk_status_t status = cfg_text(&at->vlans, row, "vlans", MPSK_VLANS_MAX, err);

	if (status == MPSK_OK) status = cfg_text(&rule, row, "when_full", MPSK_NAS_WORD_MAX, err);
	if (status != MPSK_OK) return status;
	if (mpsk_vlans_check(at->vlans, strlen(at->vlans), &why) != MPSK_OK) {
		return mpsk_error_set(err, MPSK_BAD, "vlans: %s", why.text);
	}
	if (!rule[0] || mpsk_when_full_parse(&at->when_full, rule, strlen(rule))) return MPSK_OK;
	return mpsk_error_set(err, MPSK_BAD, "when_full: none of " MPSK_WHEN_FULL_NAMES);
}

void mpsk_feed_site(mpsk_feed_t *feed, mpsk_row_t const *row)
{
	char const *site = row->name + strlen(MPSK_RKEY_SITE_PREFIX);
	size_t len = row->name_len - strlen(MPSK_RKEY_SITE_PREFIX);
	bool named = len > 0 && len <= MPSK_NAME_MAX && strlen(site) == len;
	mpsk_site_t at = { .vlans = "" };
	mpsk_error_t why;
	mpsk_status_t status = mpsk_row_check(row, &why);

	if (status == MPSK_OK && !named) status = mpsk_error_set(&why, MPSK_BAD, "its name is no site's");
	if (status == MPSK_OK) status = site_read(&at, row, &why);
	cfg_note(feed, row, "site", MPSK_RKEY_SITE_PREFIX, status, &why);
	if (status == MPSK_OK) {
		feed->sink->site_put(feed->uctx, site, &at);
	} else if (named) {
		feed->sink->site_drop(feed->uctx, site);
	}
}
