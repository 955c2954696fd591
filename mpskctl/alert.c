/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "alert.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "escape.h"
#include "trails.h"

ctl_alert_subject_t ctl_alert_subject(mpsk_alert_t const *alert)
{
	ctl_alert_subject_t subject = { .key = "" };
	char const *text = alert->subject, *slash;

	if (alert->kind == MPSK_ALERT_FLOOD) {
		snprintf(subject.nas, sizeof(subject.nas), "%.*s", MPSK_NAS_ID_MAX, text);
		return subject;
	}
	slash = alert->kind == MPSK_ALERT_WRONG_KEY ? strchr(text, '/') : NULL;
	snprintf(subject.key, sizeof(subject.key), "%.*s", slash ? (int) (slash - text) : MPSK_ID_MAX, text);
	if (slash) snprintf(subject.mac, sizeof(subject.mac), "%.*s", MPSK_MAC_TEXT_MAX - 1, slash + 1);
	return subject;
}

char *ctl_alert_text(TALLOC_CTX *ctx, mpsk_alert_t const *alert)
{
	static struct {
		char const	*before;	/* `most` */
		char const	*after;
	} const texts[MPSK_ALERT_KINDS] = {
		[MPSK_ALERT_DEVICES] = { "on ", " devices at once" },
		[MPSK_ALERT_SITES] = { "at ", " sites at once" },
		[MPSK_ALERT_APS] = { "at ", " access points at once" },
		[MPSK_ALERT_WRONG_KEY] = { NULL, "its device came with another passphrase" },
		[MPSK_ALERT_WRONG_DEVICE] = { NULL, "another device came with its passphrase" },
		[MPSK_ALERT_FLOOD] = { "", " wrong keys in a minute" },
	};
	char const *before = texts[alert->kind].before, *after = texts[alert->kind].after;

	if (!before) return ctl_need(talloc_strdup(ctx, after));
	return ctl_need(talloc_asprintf(ctx, "%s%" PRId64 "%s", before, alert->most, after));
}

/*
 * --- Columns ---
 */
static json_t *text_value(char const *text)
{
	return *text ? ctl_escape_json(text, strlen(text)) : json_null();
}

static json_t *kind_value(void const *alert)
{
	return json_string(mpsk_alert_name(((mpsk_alert_t const *) alert)->kind));
}

#define PART_VALUE(_name) \
	static json_t *_name##_value(void const *alert) \
	{ \
		return text_value(ctl_alert_subject(alert)._name); \
	}

PART_VALUE(key)
PART_VALUE(mac)
PART_VALUE(nas)

#define NUMBER_VALUE(_name) \
	static json_t *_name##_value(void const *alert) \
	{ \
		return json_integer((json_int_t) ((mpsk_alert_t const *) alert)->_name); \
	}

NUMBER_VALUE(count)
NUMBER_VALUE(first)
NUMBER_VALUE(seen)

static json_t *most_value(void const *alert)
{
	int64_t most = ((mpsk_alert_t const *) alert)->most;

	return most ? json_integer((json_int_t) most) : json_null();
}

static json_t *what_value(void const *alert)
{
	char *text = ctl_alert_text(NULL, alert);
	json_t *value = json_string(text);

	talloc_free(text);
	return value;
}

static json_t *detail_value(void const *alert)
{
	return text_value(((mpsk_alert_t const *) alert)->detail);
}

ctl_column_t const ctl_alert_columns[] = {
	{ .name = "kind", .heading = "KIND", .value = kind_value },
	{ .name = "key", .heading = "KEY", .value = key_value, .tells = true },
	{ .name = "mac", .heading = "DEVICE", .value = mac_value, .tells = true, .optional = true },
	{ .name = "nas", .heading = "NAS", .value = nas_value, .tells = true, .optional = true },
	{ .name = "what", .heading = "WHAT", .value = what_value },
	{ .name = "count", .heading = "COUNT", .value = count_value },
	{ .name = "most", .value = most_value },
	{ .name = "first", .heading = "FIRST", .value = first_value, .text = ctl_trails_time_text },
	{ .name = "seen", .heading = "LAST", .value = seen_value, .text = ctl_trails_time_text },
	{ .name = "detail", .heading = "DETAIL", .value = detail_value, .optional = true },
	{ .name = NULL }
};
