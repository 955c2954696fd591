/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "client.h"
#include "fields.h"
#include "store/session.h"
#include "trails.h"
#include "verb.h"

enum {
	OPT_KEY = 0x300,
	OPT_SSID,
	OPT_ROLE,
	OPT_SITE,
	OPT_AP,
	OPT_MAC,
	OPT_SEEN_SINCE,
	OPT_BY_KEY,
	OPT_SORT,
	OPT_REVERSE,
	OPT_SESSION_STALE
};

typedef struct {
	ctl_t			*ctl;
	ctl_args_t		args;
	char const		*key, *role, *site, *ap, *ssid_text;
	mpsk_ssid_t		ssid;
	mpsk_mac_t		mac, bssid;
	bool			has_mac, has_bssid;	/* --ap is one */
	int64_t			since;			/* 0: who is there now */
	int64_t			stale;
	bool			by_key;
	char const		*sort;			/* NULL: by MAC, or by key */
	bool			reverse;
	ctl_table_t		*table;
} clients_t;

static struct argp_option const options[] = {
	{ .name = "key", .key = OPT_KEY, .arg = "ID", .group = 1, .doc = "Devices of this key" },
	{ .name = "ssid", .key = OPT_SSID, .arg = "SSID", .group = 1, .doc = "Devices on this SSID" },
	{ .name = "role", .key = OPT_ROLE, .arg = "NAME", .group = 1, .doc = "Devices in this role" },
	{ .name = "site", .key = OPT_SITE, .arg = "NAME", .group = 1, .doc = "Devices at this site" },
	{ .name = "ap", .key = OPT_AP, .arg = "AP", .group = 1,
	  .doc = "Devices at this radio (a BSSID), or at this access point or controller (a NAS)" },
	{ .name = "mac", .key = OPT_MAC, .arg = "MAC", .group = 1, .doc = "This device" },
	{ .name = "seen-since", .key = OPT_SEEN_SINCE, .arg = "TIME", .group = 1,
	  .doc = "Those that were seen within 24h, 7d, ... or since a time, be they on or not" },
	{ .name = "by-key", .key = OPT_BY_KEY, .group = 1, .doc = "A row for each key, with how many devices it has" },
	{ .name = "sort", .key = OPT_SORT, .arg = "FIELD", .group = 1,
	  .doc = "In the order of key, nas, since, in, out, seen or any other field; those without it come last" },
	{ .name = "reverse", .key = OPT_REVERSE, .group = 1, .doc = "In the opposite order" },
	{ .name = "session-stale", .key = OPT_SESSION_STALE, .arg = "SECONDS", .group = 1,
	  .doc = "When a device that nothing is heard of is on no more: the servers' session_stale (3600)" },
	{ 0 }
};

static void ssid_take(clients_t *clients, char const *text, struct argp_state *state)
{
	mpsk_error_t err = { "" };

	clients->ssid_text = text;
	if (ctl_fields_ssid(&clients->ssid, text, &err) != MPSK_OK)
		ctl_stop(state, CTL_INVALID, "--ssid: %s", err.text);
}

static void mac_take(clients_t *clients, char const *text, struct argp_state *state)
{
	clients->has_mac = mpsk_mac_parse(&clients->mac, text, strlen(text));
	if (!clients->has_mac)
		ctl_stop(state, CTL_INVALID, "--mac: expected twelve hex digits, as aa-bb-cc-dd-ee-ff");
}

static void stale_take(clients_t *clients, char const *text, struct argp_state *state)
{
	if (!mpsk_number_parse(&clients->stale, text, strlen(text)) || clients->stale < 60)
		ctl_stop(state, CTL_INVALID, "--session-stale: give 60 or more seconds");
}

static error_t parse_opt(int key, char *arg, struct argp_state *state)
{
	clients_t *clients = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = clients->ctl;
		return 0;

	case OPT_KEY:
		clients->key = arg;
		return 0;

	case OPT_SSID:
		ssid_take(clients, arg, state);
		return 0;

	case OPT_ROLE:
		clients->role = arg;
		return 0;

	case OPT_SITE:
		clients->site = arg;
		return 0;

	case OPT_AP:
		clients->ap = arg;
		clients->has_bssid = mpsk_mac_parse(&clients->bssid, arg, strlen(arg));
		return 0;

	case OPT_MAC:
		mac_take(clients, arg, state);
		return 0;

	case OPT_SEEN_SINCE:
		clients->since = ctl_trails_when(clients->ctl, "seen-since", arg, state);
		return 0;

	case OPT_BY_KEY:
		clients->by_key = true;
		return 0;

	case OPT_SORT:
		clients->sort = arg;
		return 0;

	case OPT_REVERSE:
		clients->reverse = true;
		return 0;

	case OPT_SESSION_STALE:
		stale_take(clients, arg, state);
		return 0;

	default:
		return ctl_args_parse(&clients->args, key, state, 0, 0);
	}
}

static char const doc[] =
	"Show who is on the network, and where: the devices of all keys, or of those that the options choose; of "
	"several options all have to fit."
	"\vExamples:\n"
	"  mpskctl clients\n"
	"  mpskctl clients --key bob --seen-since 24h\n"
	"  mpskctl clients --ap 00-00-5e-00-53-f0 --sort out --reverse\n"
	"  mpskctl clients --by-key --sort devices --reverse\n"
	"  mpskctl clients --json | jq -r '.[] | select(.local) | .mac'\n\n"
	"The state is `on` for a device that has a session, `seen` for one that was let in by an access point that "
	"sends no accounting, within the last hour (--session-stale) unless --seen-since says another time, and `off` "
	"for one whose session has ended. Where a device is that was only seen, nobody told: --ssid, --role, --site "
	"and --ap leave it out. IN is from the device, OUT to it, in its present session. LOCAL: its address is "
	"locally administered, a random one as phones make them up. In JSON times are epoch seconds, octets are "
	"numbers, and null is what is not known." CTL_EXIT_DOC;

/*
 * --- Which ---
 */
static bool is_at(clients_t const *clients, mpsk_session_t const *session)
{
	if (clients->has_bssid && session->has_bssid &&
	    memcmp(&clients->bssid, &session->bssid, sizeof(session->bssid)) == 0) return true;
	return strcmp(clients->ap, session->nas) == 0;
}

static bool is_chosen(clients_t const *clients, ctl_client_t const *client)
{
	static mpsk_session_t const nowhere = { .nas = "" };
	mpsk_session_t const *session = client->session ? client->session : &nowhere;

	if (clients->since ? client->seen < clients->since :
	    client->state == CTL_CLIENT_OFF ||
	    (client->state == CTL_CLIENT_SEEN && client->seen <= clients->ctl->now - clients->stale)) return false;
	/* Registered, and never seen. */
	if (!client->seen) return false;
	if (clients->has_mac && memcmp(&clients->mac, &client->mac, sizeof(client->mac)) != 0) return false;
	if (clients->ssid_text && (!client->session || !mpsk_ssid_equal(&clients->ssid, &session->ssid))) return false;
	if (clients->role && (!client->session || strcmp(clients->role, session->role) != 0)) return false;
	if (clients->site && (!client->session || strcmp(clients->site, session->site) != 0)) return false;
	return !clients->ap || (client->session && is_at(clients, session));
}

/*
 * --- The rows ---
 */
static mpsk_status_t take(void *uctx, char const *id __attribute__((unused)), ctl_client_t const *list, size_t n)
{
	clients_t *clients = uctx;
	ctl_client_t *chosen = ctl_need(talloc_array(NULL, ctl_client_t, n));
	ctl_clients_sum_t sum;
	size_t n_chosen = 0;

	for (size_t i = 0; i < n; i++) if (is_chosen(clients, &list[i])) chosen[n_chosen++] = list[i];
	if (!clients->by_key) {
		for (size_t i = 0; i < n_chosen; i++) ctl_table_add(clients->table, &chosen[i]);
	} else if (n_chosen) {
		ctl_clients_sum(&sum, chosen, n_chosen);
		ctl_table_add(clients->table, &sum);
	}
	talloc_free(chosen);
	return MPSK_OK;
}

static ctl_exit_t begin(clients_t *clients)
{
	ctl_column_t const *columns = clients->by_key ? ctl_clients_sum_columns : ctl_client_columns;
	ctl_column_t const *by = columns;

	while (clients->sort && by->name && strcmp(by->name, clients->sort) != 0) by++;
	if (!by->name) return ctl_fail(CTL_INVALID, "--sort: '%s' is no field of %s", clients->sort,
				       clients->by_key ? "a key's devices together" : "a device");
	clients->table = ctl_table_create(clients->ctl->mem, columns, clients->ctl->format, 0);
	ctl_table_order(clients->table, clients->sort ? by : NULL, clients->reverse);
	return CTL_OK;
}

ctl_exit_t clients(ctl_t *ctl, int argc, char **argv)
{
	struct argp_child const children[] = { { &ctl_argp, 0, "Common options:", 3 }, { 0 } };
	struct argp const argp = { .options = options, .parser = parse_opt, .doc = doc, .children = children };
	clients_t clients = { .ctl = ctl, .stale = mpsk_session_terms.session_stale };
	ctl_exit_t code;

	if (ctl_parse(&argp, argc, argv, 0, &clients) != CTL_OK) return CTL_USAGE;
	if (clients.key && (code = ctl_check_id(clients.key)) != CTL_OK) return code;
	if ((code = begin(&clients)) != CTL_OK) return code;
	if ((code = ctl_open(ctl)) != CTL_OK) return code;
	code = ctl_clients_each(ctl, clients.key, ctl->now, clients.stale, take, &clients);
	if (code != CTL_OK) return code;
	ctl_table_sort(clients.table);
	ctl_table_print(clients.table);
	return CTL_OK;
}
