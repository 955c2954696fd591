/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/secret.h"
#include "escape.h"
#include "fields.h"
#include "output.h"
#include "qr.h"
#include "verb.h"
#include "whole.h"

enum {
	OPT_OUTPUT = 0x300,
	OPT_SSID,
	OPT_HIDDEN,
	OPT_WPA3
};

typedef struct {
	ctl_t		*ctl;
	ctl_args_t	ids;
	char const	*output;	/* NULL: the terminal; "-": the standard output, whatever it is */
	bool		(*draw)(FILE *out, ctl_qr_t const *qr);	/* NULL: half blocks */
	bool		has_ssid;
	mpsk_ssid_t	ssid;
	ctl_wifi_t	wifi;
} qr_t;

static struct argp_option const options[] = {
	{ .name = "output", .key = OPT_OUTPUT, .arg = "FILE", .group = 1,
	  .doc = "Write an image, by the end of the name FILE.svg or FILE.png, that only its owner may read; -: print "
		 "half blocks, also where the standard output is no terminal" },
	{ .name = "ssid", .key = OPT_SSID, .arg = "SSID", .group = 1,
	  .doc = "The network, where the key is for every SSID" },
	{ .name = "hidden", .key = OPT_HIDDEN, .group = 1, .doc = "The network does not tell its name" },
	{ .name = "wpa3", .key = OPT_WPA3, .group = 1,
	  .doc = "Devices are never to join this network by less than WPA3" },
	{ 0 }
};

static void output_take(qr_t *qr, char const *file, struct argp_state *state)
{
	size_t len = strlen(file);

	qr->output = file;
	if (strcmp(file, "-") == 0) return;
	if (len > 4 && strcasecmp(file + len - 4, ".svg") == 0) qr->draw = ctl_qr_svg;
	if (len > 4 && strcasecmp(file + len - 4, ".png") == 0) qr->draw = ctl_qr_png;
	if (!qr->draw) ctl_stop(state, CTL_INVALID, "--output: expected a name that ends in .svg or .png, or -");
}

static error_t parse_opt(int key, char *arg, struct argp_state *state)
{
	qr_t *qr = state->input;
	mpsk_error_t err = { "" };

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = qr->ctl;
		return 0;

	case OPT_OUTPUT:
		output_take(qr, arg, state);
		return 0;

	case OPT_SSID:
		qr->has_ssid = true;
		if (ctl_fields_ssid(&qr->ssid, arg, &err) != MPSK_OK)
			ctl_stop(state, CTL_INVALID, "--ssid: %s", err.text);
		return 0;

	case OPT_HIDDEN:
		qr->wifi.hidden = true;
		return 0;

	case OPT_WPA3:
		qr->wifi.wpa3 = true;
		return 0;

	case ARGP_KEY_SUCCESS:
		if (!qr->output && qr->ctl->format == CTL_TEXT && !isatty(STDOUT_FILENO))
			ctl_stop(state, CTL_USAGE, "no terminal to show it at: give --output FILE.svg, FILE.png or -");
		return 0;

	default:
		return ctl_args_parse(&qr->ids, key, state, 1, 1);
	}
}

static char const doc[] =
	"Show a key as a QR code that telephones join the network by: SSID and passphrase are in it."
	"\vExamples:\n"
	"  mpskctl key qr bob\n"
	"  mpskctl key qr bob --output bob.png\n"
	"  mpskctl key qr guests --ssid 'Acme Guests' --wpa3 --output guests.svg\n\n"
	"With --json and --tsv what the code says is printed, and no code." CTL_EXIT_DOC;

/* What is shown, once it is known which network is meant. */
static ctl_exit_t network(qr_t *qr, char const *id, mpsk_key_t const *key)
{
	if (!qr->has_ssid && key->any_ssid)
		return ctl_fail(CTL_INVALID, "key %s is for every SSID: --ssid says which one the code is for", id);
	if (qr->has_ssid && !mpsk_key_has_ssid(key, &qr->ssid))
		return ctl_fail(CTL_INVALID, "key %s is for another SSID than that of --ssid", id);
	if (qr->wifi.wpa3 && wpa_psk_is_pmk(&key->psk))
		return ctl_fail(CTL_INVALID, "key %s is a PMK in hex digits, and WPA3 needs a passphrase", id);
	if (!qr->has_ssid) qr->ssid = key->ssid;
	qr->wifi.ssid = &qr->ssid;
	qr->wifi.psk = &key->psk;
	return CTL_OK;
}

/*
 * --- Scripts ---
 */
typedef struct {
	char const	*id;
	char const	*text;
	size_t		len;
} said_t;

static json_t *id_value(void const *said)
{
	return json_string(((said_t const *) said)->id);
}

static json_t *text_value(void const *p)
{
	said_t const *said = p;

	return ctl_escape_json(said->text, said->len);
}

static ctl_column_t const columns[] = {
	{ .name = "id", .value = id_value },
	{ .name = "text", .value = text_value },
	{ .name = NULL }
};

/*
 * --- People ---
 */
typedef struct {
	qr_t const	*qr;
	ctl_qr_t const	*code;
} drawing_t;

static bool draw(FILE *out, void const *uctx)
{
	drawing_t const *drawing = uctx;

	return drawing->qr->draw(out, drawing->code);
}

static ctl_exit_t show(qr_t const *qr, char const *id, char const *text, size_t len)
{
	ctl_t *ctl = qr->ctl;
	ctl_qr_t *code;
	ctl_exit_t result;

	if (ctl->format != CTL_TEXT && !qr->draw) {
		ctl_record_print(columns, ctl->format, 0, &(said_t) { .id = id, .text = text, .len = len });
		return CTL_OK;
	}
	code = ctl_qr_create(ctl->mem, text, len);
	if (!code) return ctl_fail(CTL_FAILED, "libqrencode cannot make the code");
	if (!qr->draw) {
		ctl_qr_print(stdout, code, isatty(STDOUT_FILENO));
		return CTL_OK;
	}
	result = ctl_whole_write(ctl, qr->output, draw, &(drawing_t) { .qr = qr, .code = code });
	if (result == CTL_OK && !ctl->quiet && ctl->format == CTL_TEXT)
		printf("QR code of key %s written to %s\n", id, qr->output);
	return result;
}

static ctl_exit_t qr_key(qr_t *qr, char const *id)
{
	ctl_t *ctl = qr->ctl;
	char text[CTL_WIFI_MAX];
	mpsk_error_t err = { "" };
	mpsk_key_t *key;
	mpsk_status_t status;
	ctl_exit_t code;
	size_t len;

	if ((code = ctl_check_id(id)) != CTL_OK) return code;
	if ((code = ctl_open(ctl)) != CTL_OK) return code;
	status = mpsk_store_key_read(ctl->store, ctl->mem, id, &key, &err);
	if (status != MPSK_OK) return ctl_fail_status(status, id, &err);
	if ((code = network(qr, id, key)) != CTL_OK) return code;
	len = ctl_wifi_text(text, &qr->wifi);
	code = show(qr, id, text, len);
	mpsk_secret_wipe(text, sizeof(text));
	return code;
}

ctl_exit_t key_qr(ctl_t *ctl, int argc, char **argv)
{
	struct argp_child const children[] = { { &ctl_argp, 0, "Common options:", 3 }, { 0 } };
	struct argp const argp = {
		.options = options, .parser = parse_opt, .args_doc = "ID", .doc = doc, .children = children
	};
	qr_t qr = { .ctl = ctl };

	if (ctl_parse(&argp, argc, argv, 0, &qr) != CTL_OK) return CTL_USAGE;
	return qr_key(&qr, qr.ids.v[0]);
}
