/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "fields.h"
#include "record.h"
#include "verb.h"

enum {
	OPT_SSID = 0x300,
	OPT_SITE,
	OPT_ROLE,
	OPT_ORG,
	OPT_NAME,
	OPT_SHOW_PSK
};

typedef struct {
	ctl_t		*ctl;
	ctl_args_t	args;
	ctl_table_t	*table;
	char const	*ssid_text;
	mpsk_ssid_t	ssid;
	char const	*site;
	char const	*role;
	char const	*org;
	char const	*name;
	bool		show_psk;
} list_t;

static struct argp_option const options[] = {
	{ .name = "ssid", .key = OPT_SSID, .arg = "SSID", .group = 1,
	  .doc = "Keys that are good on this SSID; '*': those for every SSID" },
	{ .name = "site", .key = OPT_SITE, .arg = "SITE", .group = 1,
	  .doc = "Keys that are good at this site; '*': those for every site" },
	{ .name = "role", .key = OPT_ROLE, .arg = "ROLE", .group = 1, .doc = "Keys of this role" },
	{ .name = "org", .key = OPT_ORG, .arg = "ORG", .group = 1, .doc = "Keys of this organisation" },
	{ .name = "name", .key = OPT_NAME, .arg = "TEXT", .group = 1,
	  .doc = "Keys whose name holds TEXT, in upper or lower case" },
	{ .name = "show-psk", .key = OPT_SHOW_PSK, .group = 1, .doc = "Show the passphrases" },
	{ 0 }
};

static error_t parse_opt(int key, char *arg, struct argp_state *state)
{
	list_t *list = state->input;
	mpsk_error_t err = { "" };

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = list->ctl;
		return 0;

	case OPT_SSID:
		list->ssid_text = arg;
		if (ctl_fields_ssid(&list->ssid, arg, &err) != MPSK_OK)
			ctl_stop(state, CTL_INVALID, "--ssid: %s", err.text);
		return 0;

	case OPT_SITE:
		list->site = arg;
		return 0;

	case OPT_ROLE:
		list->role = arg;
		return 0;

	case OPT_ORG:
		list->org = arg;
		return 0;

	case OPT_NAME:
		list->name = arg;
		return 0;

	case OPT_SHOW_PSK:
		list->show_psk = true;
		return 0;

	default:
		return ctl_args_parse(&list->args, key, state, 0, 0);
	}
}

static char const doc[] =
	"List keys, in the order of their ids. With --json and --tsv, every field of each is there."
	"\vExamples:\n"
	"  mpskctl key list --ssid Acme\n"
	"  mpskctl key list --json | jq -r '.[] | select(.state == \"expired\").id'\n\n"
	"The JSON is an array of objects; their members are named as the fields in the store and typed, null is a "
	"field without a value, times are epoch seconds. A key that is malformed stands in the list with the reason, "
	"unless keys are chosen by a field: then it is a warning." CTL_EXIT_DOC;

static bool chosen(list_t const *list, mpsk_key_t const *key)
{
	if (list->ssid_text && strcmp(list->ssid_text, "*") == 0 && !key->any_ssid) return false;
	if (list->ssid_text && strcmp(list->ssid_text, "*") != 0 && !mpsk_key_has_ssid(key, &list->ssid)) return false;
	if (list->site && strcmp(list->site, "*") == 0 && key->sites) return false;
	if (list->site && strcmp(list->site, "*") != 0 && !mpsk_key_has_site(key, list->site)) return false;
	if (list->role && strcmp(list->role, key->role ? key->role : "") != 0) return false;
	if (list->org && strcmp(list->org, key->org) != 0) return false;
	return !list->name || strcasestr(key->name, list->name);
}

static bool choosing(list_t const *list)
{
	return list->ssid_text || list->site || list->role || list->org || list->name;
}

static mpsk_status_t list_key(void *uctx, char const *id, mpsk_key_t *key, mpsk_error_t const *err)
{
	list_t *list = uctx;
	ctl_record_t const record = {
		.id = id, .key = key, .malformed = key ? NULL : err->text, .now = list->ctl->now
	};

	if (!key && choosing(list)) {
		ctl_fail(CTL_OK, "warning: key %s is malformed: %s", id, err->text);
		return MPSK_OK;
	}
	if (!key || chosen(list, key)) ctl_table_add(list->table, &record);
	return MPSK_OK;
}

ctl_exit_t key_list(ctl_t *ctl, int argc, char **argv)
{
	struct argp_child const children[] = { { &ctl_argp, 0, "Common options:", 3 }, { 0 } };
	struct argp const argp = { .options = options, .parser = parse_opt, .doc = doc, .children = children };
	list_t list = { .ctl = ctl };
	mpsk_error_t err = { "" };
	mpsk_status_t status;
	ctl_exit_t code;

	if (ctl_parse(&argp, argc, argv, 0, &list) != CTL_OK) return CTL_USAGE;
	if ((code = ctl_open(ctl)) != CTL_OK) return code;
	list.table = ctl_table_create(ctl->mem, ctl_record_keys, ctl->format,
				      CTL_WANT_MALFORMED | (list.show_psk ? CTL_WANT_PSK : 0));
	status = mpsk_store_key_each(ctl->store, list_key, &list, &err);
	if (status != MPSK_OK) return ctl_fail(ctl_exit_of(status), "%s", err.text);
	ctl_table_sort(list.table);
	ctl_table_print(list.table);
	return CTL_OK;
}
