/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "key/alert.h"

#include <jansson.h>
#include <string.h>

static char const *const names[MPSK_ALERT_KINDS] = {
	[MPSK_ALERT_DEVICES] = "devices", [MPSK_ALERT_SITES] = "sites", [MPSK_ALERT_APS] = "aps",
	[MPSK_ALERT_WRONG_KEY] = "wrong-key", [MPSK_ALERT_WRONG_DEVICE] = "wrong-device",
	[MPSK_ALERT_FLOOD] = "flood",
};

char const *mpsk_alert_name(mpsk_alert_kind_t kind)
{
	return names[kind];
}

/* Into a buffer of the caller's: what jansson allocates is the program's to free. */
size_t mpsk_alert_print(char out[static MPSK_ALERT_RECORD_MAX], mpsk_alert_t const *alert)
{
	json_t *object = json_pack("{s:I, s:I, s:I}", "first", (json_int_t) alert->first, "seen",
				   (json_int_t) alert->seen, "count", (json_int_t) alert->count);
	int bad = !object;
	size_t len = 0;

	if (!bad && alert->most) bad = json_object_set_new(object, "most", json_integer((json_int_t) alert->most));
	if (!bad && *alert->detail) bad = json_object_set_new(object, "detail", json_string(alert->detail));
	if (!bad) len = json_dumpb(object, out, MPSK_ALERT_RECORD_MAX - 1, JSON_COMPACT);
	json_decref(object);
	out[len < MPSK_ALERT_RECORD_MAX ? len : 0] = '\0';
	return len < MPSK_ALERT_RECORD_MAX ? len : 0;
}

static int64_t number_of(json_t const *object, char const *name)
{
	int64_t number = json_integer_value(json_object_get(object, name));

	return number > 0 ? number : 0;
}

mpsk_status_t mpsk_alert_parse(mpsk_alert_t *alert, mpsk_alert_kind_t kind, char const *subject, size_t subject_len,
			       char const *record, size_t record_len, mpsk_error_t *err)
{
	json_t *object;
	char const *detail;

	*alert = (mpsk_alert_t) { .kind = kind };
	if (!subject_len || subject_len > MPSK_ALERT_SUBJECT_MAX || memchr(subject, '\0', subject_len))
		return mpsk_error_set(err, MPSK_BAD, "its subject has to be a key, a device or a NAS");
	object = json_loadb(record, record_len, JSON_REJECT_DUPLICATES, NULL);
	memcpy(alert->subject, subject, subject_len);
	alert->first = number_of(object, "first");
	alert->seen = number_of(object, "seen");
	alert->count = number_of(object, "count");
	alert->most = number_of(object, "most");
	detail = json_string_value(json_object_get(object, "detail"));
	if (detail) strncpy(alert->detail, detail, MPSK_ALERT_DETAIL_MAX);
	json_decref(object);
	return alert->seen ? MPSK_OK : mpsk_error_set(err, MPSK_BAD, "seen: has to be a time");
}
