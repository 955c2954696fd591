/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "base/mac.h"
#include "trails.h"
#include "verb.h"

enum {
	OPT_MAC = 0x300,
	OPT_KEY,
	OPT_NAS,
	OPT_REASON,
	OPT_ORG,
	OPT_PAST
};

typedef struct {
	ctl_t		*ctl;
	ctl_args_t	args;
	ctl_trails_t	trails;
	char		mac[MPSK_MAC_TEXT_MAX];
	char const	*key, *nas, *reason;
	bool		past;
} watch_t;

static struct argp_option const options[] = {
	{ .name = "mac", .key = OPT_MAC, .arg = "MAC", .group = 1, .doc = "Decisions about this device" },
	{ .name = "key", .key = OPT_KEY, .arg = "ID", .group = 1, .doc = "Decisions that found this key" },
	{ .name = "nas", .key = OPT_NAS, .arg = "NAS", .group = 1, .doc = "Decisions for this NAS" },
	{ .name = "reason", .key = OPT_REASON, .arg = "REASON", .group = 1,
	  .doc = "Decisions for this reason: CAP_REACHED, NO_MATCH, ..." },
	{ .name = "org", .key = OPT_ORG, .arg = "ORG", .group = 1, .doc = "Those of this organisation; '': of none" },
	{ .name = "past", .key = OPT_PAST, .arg = "N", .group = 1,
	  .doc = "Show the newest N that were made, and end" },
	{ 0 }
};

static void mac_take(watch_t *watch, char const *text, struct argp_state *state)
{
	mpsk_mac_t mac;

	if (!mpsk_mac_parse(&mac, text, strlen(text)))
		ctl_stop(state, CTL_INVALID, "--mac: expected twelve hex digits, as aa-bb-cc-dd-ee-ff");
	mpsk_mac_print(watch->mac, &mac);
}

static error_t parse_opt(int key, char *arg, struct argp_state *state)
{
	watch_t *watch = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = watch->ctl;
		return 0;

	case OPT_MAC:
		mac_take(watch, arg, state);
		return 0;

	case OPT_KEY:
		watch->key = arg;
		return 0;

	case OPT_NAS:
		watch->nas = arg;
		return 0;

	case OPT_REASON:
		watch->reason = arg;
		return 0;

	case OPT_ORG:
		watch->trails.org = arg;
		return 0;

	case OPT_PAST:
		watch->past = true;
		watch->trails.last = ctl_trails_count("past", arg, state);
		return 0;

	default:
		return ctl_args_parse(&watch->args, key, state, 0, 0);
	}
}

static char const doc[] =
	"Show decisions of the servers as they are made, until Ctrl-C: who was refused, and why. Accepts are shown "
	"where the module's log_decisions is all."
	"\vExamples:\n"
	"  mpskctl watch\n"
	"  mpskctl watch --nas ap-1 --reason CAP_REACHED\n"
	"  mpskctl watch --mac 00-00-5e-00-53-01 --past 10\n"
	"  mpskctl watch --json | jq -r .mac\n\n"
	"What repeats itself is told once a minute, with how often it came. With --json there is an object a line; "
	"with --past, an array of them." CTL_EXIT_DOC;

#define FIELD(_name) \
	static json_t *_name##_value(void const *record) \
	{ \
		return ctl_trails_field(record, #_name); \
	}
FIELD(decision)
FIELD(reason)
FIELD(mac)
FIELD(ssid)
FIELD(nas)
FIELD(bssid)
FIELD(site)
FIELD(key)
FIELD(name)
FIELD(holder)
FIELD(vlan)
FIELD(detail)
FIELD(dialect)
FIELD(server)
FIELD(times)

static ctl_column_t const columns[] = {
	{ .name = "time", .heading = "TIME", .value = ctl_trails_time, .text = ctl_trails_time_text },
	{ .name = "decision", .value = decision_value },
	{ .name = "reason", .heading = "REASON", .value = reason_value },
	{ .name = "mac", .heading = "DEVICE", .value = mac_value },
	{ .name = "ssid", .heading = "SSID", .value = ssid_value },
	{ .name = "nas", .heading = "NAS", .value = nas_value },
	{ .name = "bssid", .value = bssid_value },
	{ .name = "site", .value = site_value },
	{ .name = "org", .value = ctl_trails_org },
	{ .name = "key", .heading = "KEY", .value = key_value },
	{ .name = "name", .value = name_value },
	{ .name = "holder", .value = holder_value },
	{ .name = "vlan", .value = vlan_value },
	{ .name = "dialect", .value = dialect_value },
	{ .name = "server", .value = server_value },
	{ .name = "times", .heading = "TIMES", .value = times_value },
	{ .name = "detail", .heading = "DETAIL", .value = detail_value },
	{ .name = NULL }
};

static bool is_wanted(void const *uctx, mpsk_trail_record_t const *record)
{
	watch_t const *watch = uctx;

	if (*watch->mac && !ctl_trails_is(record, "mac", watch->mac)) return false;
	if (watch->key && !ctl_trails_is(record, "key", watch->key)) return false;
	if (watch->nas && !ctl_trails_is(record, "nas", watch->nas)) return false;
	return !watch->reason || ctl_trails_is(record, "reason", watch->reason);
}

ctl_exit_t watch(ctl_t *ctl, int argc, char **argv)
{
	struct argp_child const children[] = { { &ctl_argp, 0, "Common options:", 3 }, { 0 } };
	struct argp const argp = { .options = options, .parser = parse_opt, .doc = doc, .children = children };
	watch_t input = { .ctl = ctl };
	ctl_exit_t code;

	input.trails = (ctl_trails_t) {
		.ctl = ctl, .kind = MPSK_TRAIL_LOG, .columns = columns, .is_wanted = is_wanted, .uctx = &input
	};
	if (ctl_parse(&argp, argc, argv, 0, &input) != CTL_OK) return CTL_USAGE;
	if ((code = ctl_open(ctl)) != CTL_OK) return code;
	return input.past ? ctl_trails_show(&input.trails, "nothing was decided") : ctl_trails_follow(&input.trails);
}
