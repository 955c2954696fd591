/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "key/session.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

size_t mpsk_session_field(char out[static MPSK_SESSION_FIELD_MAX], char const *nas, mpsk_octets_t const *sid)
{
	size_t len = strnlen(nas, MPSK_SESSION_NAS_MAX);

	memcpy(out, nas, len);
	out[len++] = '/';
	return len + mpsk_octets_print(out + len, sid->octets, sid->len);
}

/* Octets that no NUL may be among, into room for them and one. */
static bool text_read(char *out, size_t room, char const *text, size_t len)
{
	size_t n;

	if (!mpsk_octets_parse((uint8_t *) out, room - 1, &n, text, len) || memchr(out, '\0', n)) return false;
	out[n] = '\0';
	return true;
}

/*
 * --- Members ---
 */
#define READ_TEXT(_member) \
static bool _member##_read(mpsk_session_t *session, char const *text, size_t len) \
{ \
	return text_read(session->_member, sizeof(session->_member), text, len); \
}
READ_TEXT(site)
READ_TEXT(address)
READ_TEXT(role)
READ_TEXT(cause)
READ_TEXT(print)

static bool mac_read(mpsk_session_t *session, char const *text, size_t len)
{
	return mpsk_mac_parse(&session->mac, text, len);
}

static bool bssid_read(mpsk_session_t *session, char const *text, size_t len)
{
	session->has_bssid = mpsk_mac_parse(&session->bssid, text, len);
	return session->has_bssid;
}

static bool ssid_read(mpsk_session_t *session, char const *text, size_t len)
{
	uint8_t octets[MPSK_SSID_MAX];
	size_t n;

	return mpsk_octets_parse(octets, sizeof(octets), &n, text, len) && mpsk_ssid_set(&session->ssid, octets, n);
}

static bool octets_read(mpsk_octets_t *octets, char const *text, size_t len)
{
	size_t n;

	*octets = (mpsk_octets_t) { 0 };
	if (!mpsk_octets_parse(octets->octets, sizeof(octets->octets), &n, text, len)) return false;
	octets->len = (uint8_t) n;
	return true;
}

static bool name_read(mpsk_session_t *session, char const *text, size_t len)
{
	return octets_read(&session->name, text, len);
}

static bool vlan_read(mpsk_session_t *session, char const *text, size_t len)
{
	int64_t number;

	if (!mpsk_number_parse(&number, text, len) || number > 4094) return false;
	session->vlan = (uint16_t) number;
	return true;
}

#define READ_TIME(_member) \
static bool _member##_read(mpsk_session_t *session, char const *text, size_t len) \
{ \
	return mpsk_number_parse(&session->_member, text, len); \
}
READ_TIME(since)
READ_TIME(seen)
READ_TIME(ended)

/* The counters may take all 64 bits. */
static bool count_read(uint64_t *count, char const *text, size_t len)
{
	uint64_t n = 0;

	for (size_t i = 0; i < len; i++) {
		unsigned digit = (unsigned char) text[i] - (unsigned) '0';

		if (digit > 9 || n > (UINT64_MAX - digit) / 10) return false;
		n = 10 * n + digit;
	}
	*count = n;
	return len > 0;
}

static bool in_read(mpsk_session_t *session, char const *text, size_t len)
{
	return count_read(&session->in, text, len);
}

static bool out_read(mpsk_session_t *session, char const *text, size_t len)
{
	return count_read(&session->out, text, len);
}

static struct {
	char const	*name;
	bool		(*read)(mpsk_session_t *session, char const *text, size_t len);
	char const	*form;
} const members[] = {
	{ "mac",	mac_read,	"a MAC" },
	{ "bssid",	bssid_read,	"a MAC" },
	{ "ssid",	ssid_read,	"32 octets at most, those that do not print as \\xNN" },
	{ "site",	site_read,	"a name" },
	{ "address",	address_read,	"an address" },
	{ "name",	name_read,	"253 octets at most, those that do not print as \\xNN" },
	{ "vlan",	vlan_read,	"1 to 4094" },
	{ "role",	role_read,	"a name" },
	{ "print",	print_read,	"a digest of 40 digits" },
	{ "since",	since_read,	"a number of 1 to 12 digits" },
	{ "seen",	seen_read,	"a number of 1 to 12 digits" },
	{ "ended",	ended_read,	"a number of 1 to 12 digits" },
	{ "cause",	cause_read,	"a name" },
	{ "in",		in_read,	"a number of 64 bits" },
	{ "out",	out_read,	"a number of 64 bits" },
};

/* A hand may write a number with quotes or without. */
static char const *member_text(json_t const *value, char buffer[static 24], size_t *len)
{
	if (json_is_string(value)) {
		*len = json_string_length(value);
		return json_string_value(value);
	}
	if (!json_is_integer(value)) return NULL;
	*len = (size_t) snprintf(buffer, 24, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	return buffer;
}

static mpsk_status_t members_read(mpsk_session_t *session, json_t const *object, mpsk_error_t *err)
{
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		json_t const *value = json_object_get(object, members[i].name);
		char buffer[24];
		char const *text;
		size_t len = 0;

		if (!value) continue;
		text = member_text(value, buffer, &len);
		if (!text || !members[i].read(session, text, len)) {
			return mpsk_error_set(err, MPSK_BAD, "%s: has to be %s", members[i].name, members[i].form);
		}
	}
	if (!json_object_get(object, "mac")) return mpsk_error_set(err, MPSK_BAD, "mac: is absent");
	return MPSK_OK;
}

static mpsk_status_t field_read(mpsk_session_t *session, char const *field, size_t len, mpsk_error_t *err)
{
	char const *slash = memchr(field, '/', len);
	size_t nas_len = slash ? (size_t) (slash - field) : 0;

	if (nas_len == 0 || nas_len > MPSK_SESSION_NAS_MAX || memchr(field, '\0', nas_len) ||
	    !octets_read(&session->sid, slash + 1, len - nas_len - 1)) {
		return mpsk_error_set(err, MPSK_BAD, "a field has to be a NAS, a '/' and an Acct-Session-Id");
	}
	memcpy(session->nas, field, nas_len);
	session->nas[nas_len] = '\0';
	return MPSK_OK;
}

mpsk_status_t mpsk_session_parse(mpsk_session_t *session, char const *id, char const *field, size_t field_len,
				 char const *record, size_t record_len, mpsk_error_t *err)
{
	mpsk_status_t status;
	json_t *object;

	memset(session, 0, sizeof(*session));
	status = field_read(session, field, field_len, err);
	if (status == MPSK_OK) {
		object = json_loadb(record, record_len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
		status = json_is_object(object) ? members_read(session, object, err) :
			 mpsk_error_set(err, MPSK_BAD, "a session has to be a JSON object");
		json_decref(object);
	}
	if (status != MPSK_OK) {
		memset(session, 0, sizeof(*session));
		return status;
	}
	strncpy(session->id, id, sizeof(session->id) - 1);
	return MPSK_OK;
}
