/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "mail.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "escape.h"
#include "fields.h"
#include "qr.h"
#include "record.h"
#include "store/mail.h"
#include "when.h"

#define CONTENT_ID "key@mpsk"

/*
 * --- Options ---
 */
enum {
	OPT_VIA = 0x500,
	OPT_FROM,
	OPT_USER,
	OPT_PASSWORD_FILE,
	OPT_CA_FILE,
	OPT_TEMPLATES,
	OPT_SSID,
	OPT_PLAIN
};

static struct argp_option const options[] = {
	{ .name = "mail-via", .key = OPT_VIA, .arg = "URI",
	  .doc = "How mail is sent: smtp://HOST[:PORT], smtps://HOST[:PORT] or sendmail:/PATH [$MPSK_MAIL_VIA]" },
	{ .name = "mail-from", .key = OPT_FROM, .arg = "ADDRESS", .doc = "Whom mail is from [$MPSK_MAIL_FROM]" },
	{ .name = "mail-user", .key = OPT_USER, .arg = "NAME", .doc = "The user to log in as [$MPSK_MAIL_USER]" },
	{ .name = "mail-password-file", .key = OPT_PASSWORD_FILE, .arg = "FILE",
	  .doc = "The first line is the password of that user [$MPSK_MAIL_PASSWORD_FILE]" },
	{ .name = "mail-ca-file", .key = OPT_CA_FILE, .arg = "FILE",
	  .doc = "CAs to trust, PEM [$MPSK_MAIL_CA_FILE, else those of the system]" },
	{ .name = "mail-plain", .key = OPT_PLAIN,
	  .doc = "Do without TLS, which all hosts but this one have to have" },
	{ .name = "mail-templates", .key = OPT_TEMPLATES, .arg = "DIR",
	  .doc = "A folder of templates in place of our own [$MPSK_MAIL_TEMPLATES]" },
	{ .name = "mail-ssid", .key = OPT_SSID, .arg = "SSID",
	  .doc = "The network of keys that are for every SSID [$MPSK_MAIL_SSID, else their mails have no QR code]" },
	{ 0 }
};

static struct {
	int		key;
	char const	*variable;
	size_t		offset;		/* in ctl_mailer_t */
} const texts[] = {
	{ OPT_VIA, "MPSK_MAIL_VIA", offsetof(ctl_mailer_t, via) },
	{ OPT_FROM, "MPSK_MAIL_FROM", offsetof(ctl_mailer_t, from) },
	{ OPT_USER, "MPSK_MAIL_USER", offsetof(ctl_mailer_t, user) },
	{ OPT_PASSWORD_FILE, "MPSK_MAIL_PASSWORD_FILE", offsetof(ctl_mailer_t, password_file) },
	{ OPT_CA_FILE, "MPSK_MAIL_CA_FILE", offsetof(ctl_mailer_t, ca_file) },
	{ OPT_TEMPLATES, "MPSK_MAIL_TEMPLATES", offsetof(ctl_mailer_t, templates) },
	{ OPT_SSID, "MPSK_MAIL_SSID", offsetof(ctl_mailer_t, ssid_text) },
};
#define N_TEXTS (sizeof(texts) / sizeof(*texts))

static void text_set(ctl_mailer_t *mailer, size_t i, char const *value)
{
	char const **to = (char const **) (void *) ((char *) mailer + texts[i].offset);

	*to = value;
}

static void environment(ctl_mailer_t *mailer)
{
	for (size_t i = 0; i < N_TEXTS; i++) {
		char const *value = getenv(texts[i].variable);

		if (value && *value) text_set(mailer, i, value);
	}
}

static void check(ctl_mailer_t const *mailer, struct argp_state *state)
{
	mpsk_error_t err = { "" };
	mpsk_ssid_t ssid;

	if (mailer->via && !mailer->from) ctl_stop(state, CTL_INVALID, "--mail-from: whom is mail from?");
	if (mailer->from && !ctl_mail_address(mailer->from))
		ctl_stop(state, CTL_INVALID, "--mail-from: expected an address alone, as wifi@example.org");
	if (mailer->ssid_text && ctl_fields_ssid(&ssid, mailer->ssid_text, &err) != MPSK_OK)
		ctl_stop(state, CTL_INVALID, "--mail-ssid: %s", err.text);
}

static error_t parse_opt(int key, char *arg, struct argp_state *state)
{
	ctl_mailer_t *mailer = state->input;

	for (size_t i = 0; i < N_TEXTS; i++) {
		if (texts[i].key != key) continue;
		text_set(mailer, i, arg);
		return 0;
	}
	switch (key) {
	case ARGP_KEY_INIT:
		environment(mailer);
		return 0;

	case OPT_PLAIN:
		mailer->plain = true;
		return 0;

	case ARGP_KEY_SUCCESS:
		check(mailer, state);
		return 0;

	default:
		return ARGP_ERR_UNKNOWN;
	}
}

struct argp const ctl_mail_argp = { .options = options, .parser = parse_opt };

/*
 * --- One mail ---
 */
/* UTF-8 on one line, whatever somebody put into the store; wiped with ctx, for it may be a passphrase. */
static char const *clean(TALLOC_CTX *ctx, void const *octets, size_t len)
{
	ctl_mail_text_t *text = ctl_mail_text_create(ctx);
	json_t *json = ctl_need(ctl_escape_json(octets, len));

	ctl_mail_text_add(text, json_string_value(json), json_string_length(json));
	mpsk_secret_wipe((char *) (uintptr_t) json_string_value(json), json_string_length(json));
	json_decref(json);
	for (char *p = text->text; *p; p++) if ((unsigned char) *p < 0x20 || *p == 0x7f) *p = ' ';
	return text->text;
}

static char const *when(TALLOC_CTX *ctx, int64_t at)
{
	char text[CTL_WHEN_TEXT_MAX];

	return at ? ctl_need(talloc_strdup(ctx, ctl_when_print(text, at))) : NULL;
}

/* The code as a PNG. False where the network is not known, or it is too much for a code. */
static bool draw(ctl_mail_text_t *png, mpsk_key_t const *key, mpsk_ssid_t const *ssid)
{
	char text[CTL_WIFI_MAX], *octets = NULL;
	ctl_wifi_t const wifi = { .ssid = ssid, .psk = &key->psk };
	size_t len = 0;
	ctl_qr_t *qr;
	FILE *out;
	bool done;

	if (!ssid->len) return false;
	qr = ctl_qr_create(png, text, ctl_wifi_text(text, &wifi));
	mpsk_secret_wipe(text, sizeof(text));
	out = qr ? ctl_need(open_memstream(&octets, &len)) : NULL;
	done = out && ctl_qr_png(out, qr);
	if (out && fclose(out) != 0) done = false;
	if (done) ctl_mail_text_add(png, octets, len);
	if (octets) mpsk_secret_wipe(octets, len);
	free(octets);
	talloc_free(qr);
	return done;
}

static mpsk_status_t make(ctl_mail_text_t *out, TALLOC_CTX *ctx, ctl_mailer_t const *mailer, mpsk_key_t const *key,
			  ctl_mail_kind_t kind, mpsk_error_t *err)
{
	ctl_mail_text_t *txt = ctl_mail_text_create(ctx), *html = ctl_mail_text_create(ctx);
	ctl_mail_text_t *png = ctl_mail_text_create(ctx);
	mpsk_ssid_t ssid = key->ssid;
	char shown[MPSK_SSID_TEXT_MAX];
	bool has_png;
	mpsk_status_t status;

	if (key->any_ssid && (!mailer->ssid_text || !mpsk_ssid_parse(&ssid, mailer->ssid_text))) ssid.len = 0;
	mpsk_ssid_print(shown, &ssid);
	has_png = draw(png, key, &ssid);
	ctl_mail_value_t const values[] = {
		{ "id", key->id },
		{ "name", clean(ctx, key->name, strlen(key->name)) },
		{ "ssid", ssid.len ? clean(ctx, shown, strlen(shown)) : NULL },
		{ "psk", clean(ctx, key->psk.octets, key->psk.len) },
		{ "expires", when(ctx, key->exp) },
		{ "old_until", ctl_record_rotating(key, mailer->ctl->now) ? when(ctx, key->old_exp) : NULL },
		{ "qr", has_png ? CONTENT_ID : NULL },
		{ NULL, NULL }
	};
	status = ctl_mail_expand(txt, mailer, kind, false, values, err);
	if (status == MPSK_OK) status = ctl_mail_expand(html, mailer, kind, true, values, err);
	if (status != MPSK_OK) return status;
	return ctl_mail_compose(out, &(ctl_mail_parts_t) {
		.from = mailer->from, .to = key->email, .id = CONTENT_ID, .txt = txt, .html = html,
		.png = has_png ? png->text : NULL, .png_len = png->len
	}, mailer->ctl->now, err);
}

mpsk_status_t ctl_mail_make(ctl_mail_text_t *out, ctl_mailer_t const *mailer, mpsk_key_t const *key,
			    ctl_mail_kind_t kind, mpsk_error_t *err)
{
	TALLOC_CTX *ctx;
	mpsk_status_t status;

	if (!mailer->from) return mpsk_error_set(err, MPSK_BAD, "--mail-from does not say whom mail is from");
	if (!key->email) return mpsk_error_set(err, MPSK_BAD, "it has no email");
	if (!ctl_mail_address(key->email))
		return mpsk_error_set(err, MPSK_BAD, "its email is no address that mail can be sent to: expected one "
				      "alone, as bob@example.org");
	ctx = ctl_need(talloc_new(mailer->ctl->mem));
	status = make(out, ctx, mailer, key, kind, err);
	talloc_free(ctx);
	return status;
}

mpsk_status_t ctl_mail_tell(ctl_mailer_t const *mailer, mpsk_key_t const *key, ctl_mail_kind_t kind,
			    mpsk_error_t *err)
{
	mpsk_store_t *store = mailer->ctl->store;
	ctl_mail_text_t *text = ctl_mail_text_create(mailer->ctl->mem);
	mpsk_mail_t told;
	mpsk_status_t status = mpsk_store_mail_read(store, key->id, &told, err);

	told.tried = mailer->ctl->now;
	told.tries++;
	/* Before it is sent: a Redis that takes no writes would have it sent again and again. */
	if (status == MPSK_OK) status = mpsk_store_mail_write(store, key->id, &told, err);
	if (status == MPSK_OK) status = ctl_mail_make(text, mailer, key, kind, err);
	if (status == MPSK_OK) status = ctl_mail_send(mailer, key->email, text, err);
	talloc_free(text);
	if (status != MPSK_OK) return status;
	told.tried = told.tries = 0;
	told.change = key->modified;
	if (kind == CTL_MAIL_REMIND) told.expiry = key->exp;
	return mpsk_store_mail_write(store, key->id, &told, err);
}
