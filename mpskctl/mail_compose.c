/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "base/hex.h"
#include "key/base64.h"
#include "mail.h"

#define SUBJECT		"Subject: "
#define WORD_MAX	42	/* octets of an encoded word, which may have 75 characters in all: RFC 2047, 2 */
#define LINE_MAX_QP	75	/* and the = that breaks a line: RFC 2045, 6.7 */
#define LINE_BASE64	57	/* octets of 76 characters: RFC 2045, 6.8 */
#define MARK_LEN	16

bool ctl_mail_address(char const *address)
{
	static char const local[] = "!#$%&'*+-/=?^_`{|}~."
		"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	char const *domain = local + strcspn(local, "0");
	size_t len = strspn(address, local), rest = 0;

	if (len == 0 || len > 64 || address[len] != '@' || *address == '-' || *address == '.') return false;
	address += len + 1;
	while (address[rest] && (strchr(".-", address[rest]) || strchr(domain, address[rest]))) rest++;
	return rest > 0 && rest < 256 && address[rest] == '\0' && *address != '-' && *address != '.';
}

/* RFC 2047, 4.1. A word holds whole characters. */
static void put_subject(ctl_mail_text_t *out, char const *subject, size_t len)
{
	char word[MPSK_BASE64_LEN(WORD_MAX) + 1];
	bool plain = memmem(subject, len, "=?", 2) == NULL;

	for (size_t i = 0; i < len; i++) if ((unsigned char) subject[i] >= 0x7f) plain = false;
	ctl_mail_text_add(out, SUBJECT, strlen(SUBJECT));
	if (plain) ctl_mail_text_add(out, subject, len);
	for (size_t n, i = 0; !plain && i < len; i += n) {
		n = len - i < WORD_MAX ? len - i : WORD_MAX;
		while (n > 1 && i + n < len && ((unsigned char) subject[i + n] & 0xc0) == 0x80) n--;
		mpsk_base64_encode(word, (uint8_t const *) subject + i, n);
		ctl_mail_text_addf(out, "%s=?UTF-8?B?%s?=", i ? "\n " : "", word);
	}
	ctl_mail_text_add(out, "\n", 1);
}

/* RFC 2045, 6.7. */
static void put_quoted(ctl_mail_text_t *out, char const *text, size_t len)
{
	size_t column = 0;

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char) text[i];
		bool last = i + 1 == len || text[i + 1] == '\n';
		bool plain = (c > 0x20 && c < 0x7f && c != '=' && !(c == '.' && column == 0)) || (c == ' ' && !last);

		if (c == '\n') {
			ctl_mail_text_add(out, "\n", 1);
			column = 0;
			continue;
		}
		if (column + (plain ? 1 : 3) > LINE_MAX_QP) {
			ctl_mail_text_add(out, "=\n", 2);
			column = 0;
		}
		if (plain) {
			ctl_mail_text_add(out, &c, 1);
		} else {
			ctl_mail_text_addf(out, "=%02X", c);
		}
		column += plain ? 1 : 3;
	}
}

static void put_base64(ctl_mail_text_t *out, uint8_t const *octets, size_t len)
{
	char line[MPSK_BASE64_LEN(LINE_BASE64) + 1];

	for (size_t n; len > 0; octets += n, len -= n) {
		n = len < LINE_BASE64 ? len : LINE_BASE64;
		mpsk_base64_encode(line, octets, n);
		ctl_mail_text_addf(out, "%s\n", line);
	}
}

static void put_date(ctl_mail_text_t *out, int64_t now)
{
	static char const days[] = "SunMonTueWedThuFriSat", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t at = (time_t) now;
	struct tm tm;

	/* Not strftime(): its names are those of the locale. */
	if (!gmtime_r(&at, &tm)) return;
	ctl_mail_text_addf(out, "Date: %.3s, %02d %.3s %04d %02d:%02d:%02d +0000\n", days + 3 * tm.tm_wday, tm.tm_mday,
			   months + 3 * tm.tm_mon, tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static void put_part(ctl_mail_text_t *out, char const *mark, char const *type, ctl_mail_text_t const *text,
		     size_t skip)
{
	ctl_mail_text_addf(out, "--=_%s\nContent-Type: %s; charset=utf-8\n"
			   "Content-Transfer-Encoding: quoted-printable\n\n", mark, type);
	put_quoted(out, text->text + skip, text->len - skip);
	ctl_mail_text_add(out, "\n", 1);
}

/* The boundaries cannot occur within: "=_" is no quoted-printable, and no base64. */
static void put_body(ctl_mail_text_t *out, ctl_mail_parts_t const *parts, char const *mark, size_t skip)
{
	ctl_mail_text_addf(out, "MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=\"=_%s\"\n\n", mark);
	put_part(out, mark, "text/plain", parts->txt, skip);
	if (!parts->png) {
		put_part(out, mark, "text/html", parts->html, 0);
	} else {
		ctl_mail_text_addf(out, "--=_%s\nContent-Type: multipart/related; boundary=\"=_r%s\"\n\n", mark, mark);
		ctl_mail_text_addf(out, "--=_r%s\nContent-Type: text/html; charset=utf-8\n"
				   "Content-Transfer-Encoding: quoted-printable\n\n", mark);
		put_quoted(out, parts->html->text, parts->html->len);
		ctl_mail_text_addf(out, "\n--=_r%s\nContent-Type: image/png; name=\"key.png\"\n"
				   "Content-Transfer-Encoding: base64\nContent-ID: <%s>\n"
				   "Content-Disposition: inline; filename=\"key.png\"\n\n", mark, parts->id);
		put_base64(out, parts->png, parts->png_len);
		ctl_mail_text_addf(out, "--=_r%s--\n", mark);
	}
	ctl_mail_text_addf(out, "--=_%s--\n", mark);
}

/* The first line is the subject; other such lines, and empty ones, that follow it are left out. */
mpsk_status_t ctl_mail_compose(ctl_mail_text_t *out, ctl_mail_parts_t const *parts, int64_t now, mpsk_error_t *err)
{
	char const *txt = parts->txt->text;
	char mark[2 * MARK_LEN + 1];
	uint8_t random[MARK_LEN];
	size_t len = strcspn(txt, "\n"), skip = 0;

	if (strncmp(txt, SUBJECT, strlen(SUBJECT)) != 0 || len == strlen(SUBJECT))
		return mpsk_error_set(err, MPSK_BAD, "the first line of a template for text has to be \"" SUBJECT
				      "...\"");
	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		return mpsk_error_set(err, MPSK_ERR, "the system has no random octets");
	mpsk_hex_encode(mark, random, sizeof(random));
	mark[sizeof(mark) - 1] = '\0';
	ctl_mail_text_addf(out, "From: %s\nTo: %s\n", parts->from, parts->to);
	put_subject(out, txt + strlen(SUBJECT), len - strlen(SUBJECT));
	put_date(out, now);
	ctl_mail_text_addf(out, "Message-ID: <%s%s>\nAuto-Submitted: auto-generated\n", mark, strchr(parts->from, '@'));
	while (strncmp(txt + skip, SUBJECT, strlen(SUBJECT)) == 0 || txt[skip] == '\n') {
		skip += strcspn(txt + skip, "\n");
		if (txt[skip] == '\n') skip++;
	}
	put_body(out, parts, mark, skip);
	return MPSK_OK;
}
