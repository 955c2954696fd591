/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "mail.h"

#define TEMPLATE_MAX	65536

#define TEXT_KEY \
	"\n" \
	"Network: {{ssid}}\n" \
	"Passphrase: {{psk}}\n" \
	"Valid until: {{expires}}\n" \
	"The passphrase before is taken until: {{old_until}}\n" \
	"\n" \
	"This key is yours alone: do not pass it on.\n"

#define HTML(_title) \
	"<!DOCTYPE html>\n" \
	"<html><head><meta charset=\"utf-8\"><title>" _title "</title></head><body>\n" \
	"<p>Hello {{name}},</p>\n<p>" _title "</p>\n" \
	"<table>\n" \
	"<tr><td>Network</td><td>{{ssid}}</td></tr>\n" \
	"<tr><td>Passphrase</td><td><code>{{psk}}</code></td></tr>\n" \
	"<tr><td>Valid until</td><td>{{expires}}</td></tr>\n" \
	"<tr><td>The passphrase before is taken until</td><td>{{old_until}}</td></tr>\n" \
	"</table>\n" \
	"<p>Or point a camera here: <br><img src=\"cid:{{qr}}\" alt=\"QR code\"></p>\n" \
	"<p>This key is yours alone: do not pass it on.</p>\n" \
	"</body></html>\n"

static struct {
	char const	*name;
	char const	*text[2];	/* txt, html */
} const templates[] = {
	[CTL_MAIL_KEY] = { "key", {
		"Subject: Your key for the Wi-Fi network {{ssid}}\n"
		"Subject: Your key for the Wi-Fi network\n"
		"Hello {{name}},\n\nthis is your key for the Wi-Fi network.\n" TEXT_KEY,
		HTML("This is your key for the Wi-Fi network.") } },
	[CTL_MAIL_CHANGE] = { "change", {
		"Subject: Your key for the Wi-Fi network is new or was changed\n"
		"Hello {{name}},\n\nyour key for the Wi-Fi network is new or was changed.\n" TEXT_KEY,
		HTML("Your key for the Wi-Fi network is new or was changed.") } },
	[CTL_MAIL_REMIND] = { "remind", {
		"Subject: Your key for the Wi-Fi network expires soon\n"
		"Hello {{name}},\n\nyour key for the Wi-Fi network expires soon.\n" TEXT_KEY,
		HTML("Your key for the Wi-Fi network expires soon.") } },
};

/* What is put in place, to be told from what is the template's. */
static void put(ctl_mail_text_t *out, char const *value, bool html)
{
	for (; *value; value++) {
		switch (html ? *value : '\0') {
		case '&':
			ctl_mail_text_addf(out, "&amp;");
			break;

		case '<':
			ctl_mail_text_addf(out, "&lt;");
			break;

		case '>':
			ctl_mail_text_addf(out, "&gt;");
			break;

		case '"':
			ctl_mail_text_addf(out, "&quot;");
			break;

		case '\'':
			ctl_mail_text_addf(out, "&#39;");
			break;

		default:
			ctl_mail_text_add(out, value, 1);
		}
	}
}

static ctl_mail_value_t const *value_find(ctl_mail_value_t const *values, char const *name, size_t len)
{
	for (; values->name; values++)
		if (strlen(values->name) == len && memcmp(values->name, name, len) == 0) return values;
	return NULL;
}

/* One line, of len octets without its end. */
static mpsk_status_t expand_line(ctl_mail_text_t *out, char const *line, size_t len, bool html,
				 ctl_mail_value_t const *values, mpsk_error_t *err)
{
	size_t before = out->len;
	char const *end = line + len, *p = line, *open, *close;

	while ((open = memmem(p, (size_t) (end - p), "{{", 2)) != NULL) {
		ctl_mail_value_t const *value;

		close = memmem(open, (size_t) (end - open), "}}", 2);
		value = close ? value_find(values, open + 2, (size_t) (close - open - 2)) : NULL;
		if (!value) return mpsk_error_set(err, MPSK_BAD, "after {{ has to come one of the names that "
						  "there are, and }}");
		if (!value->value || !*value->value) {
			out->len = before;
			out->text[before] = '\0';
			return MPSK_OK;
		}
		ctl_mail_text_add(out, p, (size_t) (open - p));
		put(out, value->value, html);
		p = close + 2;
	}
	ctl_mail_text_add(out, p, (size_t) (end - p));
	ctl_mail_text_add(out, "\n", 1);
	return MPSK_OK;
}

static mpsk_status_t expand(ctl_mail_text_t *out, char const *text, char const *file, bool html,
			    ctl_mail_value_t const *values, mpsk_error_t *err)
{
	mpsk_error_t why = { "" };

	for (unsigned line = 1; *text; line++) {
		size_t len = strcspn(text, "\n"), shown = len;

		if (shown && text[shown - 1] == '\r') shown--;
		if (expand_line(out, text, shown, html, values, &why) != MPSK_OK)
			return mpsk_error_set(err, MPSK_BAD, "%s, line %u: %s", file, line, why.text);
		text += len + (text[len] == '\n');
	}
	return MPSK_OK;
}

/* A file in place of ours; MISS where there is none. */
static mpsk_status_t template_read(ctl_mail_text_t *out, char const *file, mpsk_error_t *err)
{
	FILE *in = fopen(file, "r");
	char octets[1024];
	bool failed;
	size_t n;

	if (!in && errno == ENOENT) return MPSK_MISS;
	if (!in) return mpsk_error_set(err, MPSK_BAD, "%s: %s", file, strerror(errno));
	while (out->len <= TEMPLATE_MAX && (n = fread(octets, 1, sizeof(octets), in)) > 0)
		ctl_mail_text_add(out, octets, n);
	failed = ferror(in) != 0;
	fclose(in);
	if (failed) return mpsk_error_set(err, MPSK_BAD, "%s: cannot be read", file);
	if (out->len > TEMPLATE_MAX || strlen(out->text) != out->len)
		return mpsk_error_set(err, MPSK_BAD, "%s: is no text of at most %d octets", file, TEMPLATE_MAX);
	return MPSK_OK;
}

mpsk_status_t ctl_mail_expand(ctl_mail_text_t *out, ctl_mailer_t const *mailer, ctl_mail_kind_t kind, bool html,
			      ctl_mail_value_t const *values, mpsk_error_t *err)
{
	ctl_mail_text_t *own = ctl_mail_text_create(out);
	char *file = ctl_need(talloc_asprintf(own, "%s/%s.%s", mailer->templates ? mailer->templates : "our own",
					      templates[kind].name, html ? "html" : "txt"));
	mpsk_status_t status = mailer->templates ? template_read(own, file, err) : MPSK_MISS;

	if (status == MPSK_OK || status == MPSK_MISS) {
		status = expand(out, status == MPSK_OK ? own->text : templates[kind].text[html], file, html, values,
				err);
	}
	talloc_free(own);
	return status;
}
