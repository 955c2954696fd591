/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Clients as rows of output, each or together.
 */
#include <string.h>

#include "base/octets.h"
#include "client.h"
#include "trails.h"

/*
 * --- Typed values ---
 */
static json_t *text_value(char const *text)
{
	return *text ? json_string(text) : json_null();
}

static json_t *octets_value(void const *octets, size_t len)
{
	char text[MPSK_OCTETS_TEXT_MAX];

	mpsk_octets_print(text, octets, len);
	return text_value(text);
}

static json_t *mac_text(mpsk_mac_t const *mac)
{
	char text[MPSK_MAC_TEXT_MAX];

	return json_string(mpsk_mac_print(text, mac));
}

static json_t *mac_value(void const *client)
{
	return mac_text(&((ctl_client_t const *) client)->mac);
}

static json_t *local_value(void const *client)
{
	return json_boolean(mpsk_mac_is_local(&((ctl_client_t const *) client)->mac));
}

static json_t *key_value(void const *client)
{
	return json_string(((ctl_client_t const *) client)->id);
}

static json_t *state_value(void const *client)
{
	static char const *const names[] = {
		[CTL_CLIENT_ON] = "on", [CTL_CLIENT_SEEN] = "seen", [CTL_CLIENT_OFF] = "off"
	};

	return json_string(names[((ctl_client_t const *) client)->state]);
}

static json_t *seen_value(void const *client)
{
	return json_integer((json_int_t) ((ctl_client_t const *) client)->seen);
}

static json_t *sessions_value(void const *client)
{
	return json_integer((json_int_t) ((ctl_client_t const *) client)->sessions);
}

/* Most columns: an expression over the session, null where there is none. */
#define SESSION_VALUE(_name, _expression) \
	static json_t *_name(void const *client) \
	{ \
		mpsk_session_t const *session = ((ctl_client_t const *) client)->session; \
		\
		return session ? (_expression) : json_null(); \
	}

/* JSON's numbers are signed here, and no device is on for so long. */
static json_t *count_value(uint64_t count)
{
	return json_integer(count > INT64_MAX ? INT64_MAX : (json_int_t) count);
}

static json_t *number_value(int64_t number)
{
	return number ? json_integer((json_int_t) number) : json_null();
}

SESSION_VALUE(nas_value, text_value(session->nas))
SESSION_VALUE(bssid_value, session->has_bssid ? mac_text(&session->bssid) : json_null())
SESSION_VALUE(ssid_value, octets_value(session->ssid.octets, session->ssid.len))
SESSION_VALUE(site_value, octets_value(session->site, strlen(session->site)))
SESSION_VALUE(vlan_value, number_value(session->vlan))
SESSION_VALUE(role_value, octets_value(session->role, strlen(session->role)))
SESSION_VALUE(since_value, number_value(session->since))
SESSION_VALUE(in_value, count_value(session->in))
SESSION_VALUE(out_value, count_value(session->out))
SESSION_VALUE(ended_value, number_value(session->ended))
SESSION_VALUE(cause_value, octets_value(session->cause, strlen(session->cause)))
SESSION_VALUE(name_value, octets_value(session->name.octets, session->name.len))
SESSION_VALUE(session_value, octets_value(session->sid.octets, session->sid.len))
SESSION_VALUE(address_value, octets_value(session->address, strlen(session->address)))

/*
 * --- Text for people ---
 */
static char *time_text(TALLOC_CTX *ctx, json_t const *value)
{
	if (!json_integer_value(value)) return ctl_need(talloc_strdup(ctx, "-"));
	return ctl_trails_time_text(ctx, value);
}

static char *yes_text(TALLOC_CTX *ctx, json_t const *value)
{
	return ctl_need(talloc_strdup(ctx, json_is_true(value) ? "yes" : "no"));
}

static char *octets_text(TALLOC_CTX *ctx, json_t const *value)
{
	static char const *const units[] = { "B", "kB", "MB", "GB", "TB", "PB", "EB" };
	double count = (double) json_integer_value(value);
	size_t unit = 0;

	if (json_is_null(value)) return ctl_need(talloc_strdup(ctx, "-"));
	/* 999.95 would be printed as 1000.0. */
	for (; count >= 999.95 && unit + 1 < sizeof(units) / sizeof(*units); unit++) count /= 1000;
	return ctl_need(talloc_asprintf(ctx, "%.*f %s", unit ? 1 : 0, count, units[unit]));
}

/*
 * --- The rows ---
 */
ctl_column_t const ctl_client_columns[] = {
	{ .name = "mac", .heading = "DEVICE", .value = mac_value },
	{ .name = "local", .heading = "LOCAL", .value = local_value, .text = yes_text },
	{ .name = "key", .heading = "KEY", .value = key_value, .tells = true },
	{ .name = "state", .heading = "STATE", .value = state_value },
	{ .name = "nas", .heading = "NAS", .value = nas_value },
	{ .name = "bssid", .heading = "AP", .value = bssid_value },
	{ .name = "ssid", .heading = "SSID", .value = ssid_value },
	{ .name = "site", .heading = "SITE", .value = site_value, .optional = true },
	{ .name = "vlan", .heading = "VLAN", .value = vlan_value, .optional = true },
	{ .name = "role", .heading = "ROLE", .value = role_value, .optional = true },
	{ .name = "since", .heading = "SINCE", .value = since_value, .text = time_text },
	{ .name = "in", .heading = "IN", .value = in_value, .text = octets_text },
	{ .name = "out", .heading = "OUT", .value = out_value, .text = octets_text },
	{ .name = "seen", .heading = "LAST SEEN", .value = seen_value, .text = time_text },
	{ .name = "ended", .value = ended_value },
	{ .name = "cause", .value = cause_value },
	{ .name = "name", .value = name_value },
	{ .name = "session", .value = session_value },
	{ .name = "address", .value = address_value },
	{ .name = "sessions", .value = sessions_value },
	{ .name = NULL }
};

static json_t *sum_key_value(void const *sum)
{
	return json_string(((ctl_clients_sum_t const *) sum)->id);
}

#define SUM_VALUE(_name) \
	static json_t *sum_##_name##_value(void const *sum) \
	{ \
		return count_value((uint64_t) ((ctl_clients_sum_t const *) sum)->_name); \
	}

SUM_VALUE(devices)
SUM_VALUE(on)
SUM_VALUE(local)
SUM_VALUE(aps)
SUM_VALUE(sites)
SUM_VALUE(in)
SUM_VALUE(out)
SUM_VALUE(seen)

ctl_column_t const ctl_clients_sum_columns[] = {
	{ .name = "key", .heading = "KEY", .value = sum_key_value },
	{ .name = "devices", .heading = "DEVICES", .value = sum_devices_value },
	{ .name = "on", .heading = "ON", .value = sum_on_value },
	{ .name = "local", .heading = "LOCAL", .value = sum_local_value },
	{ .name = "aps", .heading = "APS", .value = sum_aps_value },
	{ .name = "sites", .heading = "SITES", .value = sum_sites_value },
	{ .name = "in", .heading = "IN", .value = sum_in_value, .text = octets_text },
	{ .name = "out", .heading = "OUT", .value = sum_out_value, .text = octets_text },
	{ .name = "seen", .heading = "LAST SEEN", .value = sum_seen_value, .text = time_text },
	{ .name = NULL }
};
