/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "radmpsk/options.h"

#include <argp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/hex.h"
#include "base/text.h"
#include "radmpsk/accounting.h"
#include "radmpsk/load.h"
#include "radius/packet.h"

#define WINDOW		32
#define RATE_WINDOW	1024	/* what waits for a slow server must not hold up what is due */

char const *argp_program_version = "radmpsk " MPSK_VERSION;

static char const doc[] =
	"Play an access point: ask a RADIUS server for a station's key as hostapd 2.11 does, or another maker's, and "
	"explain the answer; or tell it of sessions, with --acct."
	"\v"
	"The station's handshake is computed from the passphrase and relayed, so the server can find which key made "
	"it; with --bound the server is asked by MAC alone. The answer is judged as hostapd would: every "
	"Tunnel-Password is tried, the last first; other makers' look for the key in attributes of their own.\n"
	"\n"
	"Example:\n"
	"  radmpsk --server 192.0.2.1 --secret-file secret --ssid Guest \\\n"
	"      --passphrase-file passphrase --mac 00-00-5e-00-53-01\n"
	"\n"
	"DIALECT is hostapd, ruckus, cisco, meraki, eleven, omada or omada-findkey, which relay handshakes (the last "
	"asks by MAC alone first, and has to be accepted), or, with --bound, one of those, generic, aruba, mist, "
	"fortinet, unifi, mikrotik, huawei and lancom.\n"
	"\n"
	"The FILE of --replay has lines of a name, = and hex digits: ssid, bssid, sta (the station's MAC), akm (its "
	"suite, 000fac02 for WPA2-PSK), anonce, eapol (message 2) and, unless --passphrase-file is given, passphrase. "
	"Other lines are passed over. Lists of attributes are radclient's business.\n"
	"\n"
	"Exit status:\n"
	"  0   the key is right: it made the handshake; --bound: it is the one given\n"
	"  1   the server rejected the station\n"
	"  2   a wrong answer: no key, another key, a wrong or missing authenticator\n"
	"  3   no answer\n"
	"  64  wrong usage, or a file that cannot be read\n"
	"  70  this machine failed: memory, sockets, libcrypto\n"
	"With --acct, 0 where everything was answered, else 3.\n"
	"With --count, 0 only where every answer was right, else the highest that applies.";

enum {
	OPT_SERVER = 256, OPT_SECRET_FILE, OPT_SSID, OPT_SSID_HEX, OPT_PASSPHRASE_FILE, OPT_MAC, OPT_BSSID, OPT_NAS_ID,
	OPT_AKM, OPT_BOUND,
	OPT_DIALECT, OPT_REPLAY, OPT_TIMEOUT, OPT_RETRIES, OPT_JSON, OPT_SHOW_PSK, OPT_COUNT, OPT_WINDOW, OPT_MACS,
	OPT_RATE, OPT_WRONG, OPT_ACCT, OPT_SESSION_ID, OPT_USER_NAME, OPT_IN, OPT_OUT, OPT_SESSION_TIME, OPT_AGO,
	OPT_MODEL,
};

static struct argp_option const rows[] = {
	{ NULL, 0, NULL, 0, "Whom to ask:", 1 },
	{ "server", OPT_SERVER, "HOST:PORT", 0, "The RADIUS server; [IPv6]:PORT; PORT is 1812 unless given", 0 },
	{ "secret-file", OPT_SECRET_FILE, "FILE", 0,
	  "Its first line is the shared secret; - is standard input; without it the terminal is asked", 0 },
	{ "timeout", OPT_TIMEOUT, "SECONDS", 0, "Give up after this long (5)", 0 },
	{ "retries", OPT_RETRIES, "N", 0, "Send it again up to N times, 3 seconds apart as hostapd does (1)", 0 },

	{ NULL, 0, NULL, 0, "Who asks, for whom:", 2 },
	{ "ssid", OPT_SSID, "SSID", 0, "The network; \\xNN is an octet of any value, \\\\ a backslash", 0 },
	{ "ssid-hex", OPT_SSID_HEX, "HEX", 0, "The network, as hex digits", 0 },
	{ "passphrase-file", OPT_PASSPHRASE_FILE, "FILE", 0,
	  "Its first line is the station's passphrase (8 to 63 octets) or PMK (64 hex digits); - is standard input; "
	  "without it the terminal is asked", 0 },
	{ "mac", OPT_MAC, "MAC", 0, "The station (00-00-5e-00-53-01)", 0 },
	{ "bssid", OPT_BSSID, "MAC", 0, "The access point's radio (00-00-5e-00-53-a0)", 0 },
	{ "nas-id", OPT_NAS_ID, "NAME", 0, "The access point's NAS-Identifier (radmpsk)", 0 },
	{ "akm", OPT_AKM, "AKM", 0,
	  "psk (WPA2-PSK with CCMP, unless given), psk-tkip, wpa, wpa-ccmp, psk-sha256, psk-sha256-gcmp256, "
	  "psk-sha384, ft-psk or ft-psk-sha384; those of FT have the NAS id as R0KH-ID. With --bound: sae, ft-sae, "
	  "sae-ext-key or ft-sae-ext-key, which is said in WLAN-AKM-Suite; of the answer the last passphrase counts "
	  "alone, as with SAE, and no PMK", 0 },
	{ "bound", OPT_BOUND, NULL, 0, "Ask by MAC alone, before any handshake", 0 },
	{ "dialect", OPT_DIALECT, "DIALECT", 0, "Whose access point to play (hostapd)", 0 },
	{ "replay", OPT_REPLAY, "FILE", 0, "Relay the handshake that was captured into this file", 0 },

	{ NULL, 0, NULL, 0, "What to print:", 3 },
	{ "json", OPT_JSON, NULL, 0, "JSON on standard output", 0 },
	{ "show-psk", OPT_SHOW_PSK, NULL, 0, "Print the answer's PSK too", 0 },

	{ NULL, 0, NULL, 0, "Load:", 4 },
	{ "count", OPT_COUNT, "N", 0,
	  "Send N requests, each with a handshake of its own computed beforehand, and print the rate and times; none "
	  "is sent twice", 0 },
	{ "window", OPT_WINDOW, "W", 0,
	  "With --count: how many may wait for their answer at a time (32; with --rate 1024)", 0 },
	{ "rate", OPT_RATE, "N", 0,
	  "With --count: send N a second, however long the answers take; each is timed from when it was due", 0 },
	{ "macs", OPT_MACS, "random|fixed|N", 0,
	  "With --count: a new MAC for each request, that of --mac (fixed), or N MACs by turns, from --mac on", 0 },
	{ "wrong", OPT_WRONG, NULL, 0,
	  "With --count: make each handshake with a key of its own, drawn at random: a server that has no such key "
	  "rejects it", 0 },
	{ NULL, 0, NULL, 0, "Accounting:", 5 },
	{ "acct", OPT_ACCT, "KIND", 0,
	  "Send accounting instead, to port 1813 unless given: start, interim or stop of a session, on or off of the "
	  "access point, or load: with --count, so many sessions, each of a start, two interims and mostly a stop, "
	  "shuffled, every fourth packet twice; --macs N, --rate and --window are as above", 0 },
	{ "session-id", OPT_SESSION_ID, "ID", 0, "Acct-Session-Id, written as an SSID is (the MAC)", 0 },
	{ "user-name", OPT_USER_NAME, "NAME", 0,
	  "User-Name: the key's name, as an access point that was given it sends it (the MAC)", 0 },
	{ "in", OPT_IN, "N", 0, "Octets from the station (0)", 0 },
	{ "out", OPT_OUT, "N", 0, "Octets to the station (0)", 0 },
	{ "session-time", OPT_SESSION_TIME, "SECONDS", 0, "Since the session began (0)", 0 },
	{ "ago", OPT_AGO, "SECONDS", 0, "Since it happened, by Event-Timestamp (0)", 0 },
	{ "model", OPT_MODEL, "FILE", 0,
	  "With --acct load: write to FILE how each session has to end: its field in the store, MAC, since, seen, "
	  "ended, in, out and cause, with tabs between", 0 },
	{ 0 },
};

static options_acct_t const accts[] = {
	{ "start", ACCOUNTING_START }, { "interim", ACCOUNTING_INTERIM }, { "stop", ACCOUNTING_STOP },
	{ "on", ACCOUNTING_ON }, { "off", ACCOUNTING_OFF }, { "load", 0 },
};

static void mac_read(mpsk_mac_t *mac, char const *name, char const *text, struct argp_state *state)
{
	if (!mpsk_mac_parse(mac, text, strlen(text))) argp_error(state, "--%s %s: no MAC address", name, text);
}

static void number_read(int64_t *number, char const *name, char const *text, int64_t min, int64_t max,
			struct argp_state *state)
{
	if (!mpsk_number_parse(number, text, strlen(text)) || *number < min || *number > max) {
		argp_error(state, "--%s %s: give a number from %lld to %lld", name, text, (long long) min,
			   (long long) max);
	}
}

static void ssid_read(options_t *options, bool is_hex, char const *text, struct argp_state *state)
{
	uint8_t octets[MPSK_SSID_MAX];
	size_t len = strlen(text), n = len / 2 <= sizeof(octets) ? len / 2 : sizeof(octets);

	if (options->has_ssid) argp_error(state, "give the SSID once");
	options->has_ssid = true;
	if (is_hex) {
		if (!mpsk_hex_decode(octets, n, text, len)) argp_error(state, "--ssid-hex: give 0 to 64 hex digits");
		mpsk_ssid_set(&options->ssid, octets, n);
	} else if (!mpsk_ssid_parse(&options->ssid, text)) {
		argp_error(state, "--ssid: an SSID has 0 to 32 octets; write a backslash as \\\\, others as \\xNN");
	}
}

static void akm_read(options_t *options, char const *text, struct argp_state *state)
{
	options->akm = supplicant_akm_find(text);
	if (!options->akm) argp_error(state, "--akm %s: there is no such AKM; --help lists them", text);
}

static void nas_id_read(options_t *options, char const *text, struct argp_state *state)
{
	options->nas_id = text;
	if (!*text || strlen(text) > RADIUS_VALUE_MAX) argp_error(state, "--nas-id: give 1 to 253 octets");
}

static void user_name_read(options_t *options, char const *text, struct argp_state *state)
{
	options->user_name = text;
	if (!*text || strlen(text) > RADIUS_VALUE_MAX) argp_error(state, "--user-name: give 1 to 253 octets");
}

static void dialect_read(options_t *options, char const *text, struct argp_state *state)
{
	options->dialect = dialect_find(text);
	if (!options->dialect) argp_error(state, "--dialect %s: there is none of that name", text);
}

static void macs_read(options_t *options, char const *text, struct argp_state *state)
{
	options->random_macs = strcmp(text, "random") == 0;
	options->stations = 0;
	if (options->random_macs || strcmp(text, "fixed") == 0) return;
	if (!mpsk_number_parse(&options->stations, text, strlen(text)) || options->stations < 1 ||
	    options->stations > LOAD_STATIONS_MAX) {
		argp_error(state, "--macs %s: give random, fixed or a number from 1 to %d", text, LOAD_STATIONS_MAX);
	}
}

static void acct_read(options_t *options, char const *text, struct argp_state *state)
{
	for (size_t i = 0; i < sizeof(accts) / sizeof(accts[0]); i++) {
		if (strcmp(accts[i].name, text) == 0) options->acct = &accts[i];
	}
	if (!options->acct) argp_error(state, "--acct %s: give start, interim, stop, on, off or load", text);
}

static void session_id_read(options_t *options, char const *text, struct argp_state *state)
{
	mpsk_octets_t *id = &options->session_id;
	size_t n;

	if (!mpsk_octets_parse(id->octets, sizeof(id->octets), &n, text, strlen(text)) || n == 0) {
		argp_error(state, "--session-id: give 1 to 253 octets; write a backslash as \\\\, others as \\xNN");
	}
	id->len = (uint8_t) n;
}

/* What only shows once all options are read, of accounting. */
static void acct_check(options_t const *options, struct argp_state *state)
{
	bool load = options->acct && !options->acct->status;

	if (!options->acct && (options->session_id.len || options->user_name || options->octets_in ||
			       options->octets_out || options->session_time || options->ago || options->model)) {
		argp_error(state, "--session-id, --user-name, --in, --out, --session-time, --ago and --model go with "
			   "--acct");
	}
	if (!options->acct) return;
	if (!options->server) argp_error(state, "--server is missing");
	if (!options->has_ssid) argp_error(state, "--ssid is missing");
	if (!options->secret_file && !isatty(STDIN_FILENO)) {
		argp_error(state, "--secret-file is missing, and there is no terminal to ask");
	}
	if (options->passphrase_file || options->replay || options->bound || options->show_psk || options->wrong ||
	    options->random_macs) {
		argp_error(state, "--acct goes without --passphrase-file, --replay, --bound, --show-psk, --wrong and "
			   "--macs random");
	}
	if (load != (options->count > 0)) argp_error(state, "--acct load and --count go together");
	if (!load && (options->window || options->rate || options->stations || options->model)) {
		argp_error(state, "--window, --rate, --macs and --model go with --acct load");
	}
	if (load && options->count > LOAD_STATIONS_MAX) {
		argp_error(state, "--count: %d sessions at most", LOAD_STATIONS_MAX);
	}
}

/* What only shows once all options are read. */
static void whole_check(options_t const *options, struct argp_state *state)
{
	char const *const files[] = { options->secret_file, options->passphrase_file };
	char const *const names[] = { "secret-file", "passphrase-file" };

	if (!options->server) argp_error(state, "--server is missing");
	if (!options->has_ssid && !options->replay) argp_error(state, "--ssid is missing");
	if (options->replay && (options->has_ssid || options->bound || options->count)) {
		argp_error(state, "--replay goes without --ssid, --bound and --count: the file says what is asked");
	}
	if (!options->bound && !options->dialect->unbound) {
		argp_error(state, "--dialect %s relays no handshake: add --bound", options->dialect->name);
	}
	if (!options->bound && !options->replay && wpa_akm_sae_name(options->akm->suite)) {
		argp_error(state, "--akm %s needs the passphrase before any handshake: add --bound",
			   options->akm->name);
	}
	if (options->count && options->dialect->two_steps && !options->bound) {
		argp_error(state, "--dialect %s asks twice, which --count does not", options->dialect->name);
	}
	if (files[0] && files[1] && strcmp(files[0], "-") == 0 && strcmp(files[1], "-") == 0) {
		argp_error(state, "standard input cannot hold both the secret and the passphrase");
	}
	for (size_t i = 0; i < 2; i++) {
		if (!files[i] && !(i == 1 && options->replay) && !isatty(STDIN_FILENO)) {
			argp_error(state, "--%s is missing, and there is no terminal to ask", names[i]);
		}
	}
	if (!options->count && (options->window || options->random_macs || options->stations || options->rate ||
				options->wrong)) {
		argp_error(state, "--window, --rate, --macs and --wrong go with --count");
	}
	if (options->bound && options->wrong) argp_error(state, "--wrong is of handshakes, and --bound sends none");
	if (options->count && options->show_psk) argp_error(state, "--show-psk goes with a single request");
}

static error_t option_parse(int key, char *arg, struct argp_state *state)
{
	options_t *o = state->input;

	switch (key) {
	case OPT_SERVER:		o->server = arg; break;
	case OPT_SECRET_FILE:		o->secret_file = arg; break;
	case OPT_PASSPHRASE_FILE:	o->passphrase_file = arg; break;
	case OPT_SSID:			ssid_read(o, false, arg, state); break;
	case OPT_SSID_HEX:		ssid_read(o, true, arg, state); break;
	case OPT_MAC:			mac_read(&o->mac, "mac", arg, state); break;
	case OPT_BSSID:			mac_read(&o->bssid, "bssid", arg, state); break;
	case OPT_NAS_ID:		nas_id_read(o, arg, state); break;
	case OPT_AKM:			akm_read(o, arg, state); break;
	case OPT_BOUND:			o->bound = true; break;
	case OPT_DIALECT:		dialect_read(o, arg, state); break;
	case OPT_REPLAY:		o->replay = arg; break;
	case OPT_TIMEOUT:		number_read(&o->timeout, "timeout", arg, 1, 3600, state); break;
	case OPT_RETRIES:		number_read(&o->retries, "retries", arg, 0, 1000, state); break;
	case OPT_JSON:			o->json = true; break;
	case OPT_SHOW_PSK:		o->show_psk = true; break;
	case OPT_COUNT:			number_read(&o->count, "count", arg, 1, LOAD_COUNT_MAX, state); break;
	case OPT_WINDOW:		number_read(&o->window, "window", arg, 1, LOAD_WINDOW_MAX, state); break;
	case OPT_RATE:			number_read(&o->rate, "rate", arg, 1, LOAD_RATE_MAX, state); break;
	case OPT_MACS:			macs_read(o, arg, state); break;
	case OPT_WRONG:			o->wrong = true; break;
	case OPT_ACCT:			acct_read(o, arg, state); break;
	case OPT_SESSION_ID:		session_id_read(o, arg, state); break;
	case OPT_USER_NAME:		user_name_read(o, arg, state); break;
	case OPT_IN:			number_read(&o->octets_in, "in", arg, 0, MPSK_NUMBER_MAX, state); break;
	case OPT_OUT:			number_read(&o->octets_out, "out", arg, 0, MPSK_NUMBER_MAX, state); break;
	case OPT_SESSION_TIME:		number_read(&o->session_time, "session-time", arg, 0, UINT32_MAX, state); break;
	case OPT_AGO:			number_read(&o->ago, "ago", arg, 0, UINT32_MAX, state); break;
	case OPT_MODEL:			o->model = arg; break;
	case ARGP_KEY_ARG:		argp_error(state, "%s: every argument is an option", arg); break;
	case ARGP_KEY_END:
		acct_check(o, state);
		if (!o->acct) whole_check(o, state);
		break;
	default:			return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

void options_read(options_t *options, int argc, char **argv)
{
	struct argp const argp = { .options = rows, .parser = option_parse, .doc = doc };

	*options = (options_t) {
		.nas_id = "radmpsk",
		.mac = { { 0x00, 0x00, 0x5e, 0x00, 0x53, 0x01 } },
		.bssid = { { 0x00, 0x00, 0x5e, 0x00, 0x53, 0xa0 } },
		.akm = &supplicant_akms[0],
		.dialect = &dialects[0],
		.timeout = 5,
		.retries = 1,
	};
	argp_err_exit_status = OPTIONS_EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, options);
	if (!options->window) options->window = options->rate ? RATE_WINDOW : WINDOW;
}
