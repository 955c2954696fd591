/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mails to the holders of keys: from templates, with the key as a QR code,
 * by SMTP or a sendmail program.
 */
#ifndef MPSKCTL_MAIL_H
#define MPSKCTL_MAIL_H

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>

#include "ctl.h"
#include "key/key.h"

/* How mails are sent: the options below. */
typedef struct {
	ctl_t		*ctl;
	char const	*via;		/* smtp://HOST[:PORT], smtps://HOST[:PORT], sendmail:/PATH; NULL: not at all */
	char const	*from;
	char const	*user;		/* NULL: no login */
	char const	*password_file;
	char const	*ca_file;	/* NULL: the CAs of the system */
	char const	*templates;	/* a folder; NULL: our own */
	char const	*ssid_text;	/* the network of keys for every SSID; NULL: their mails have no code */
	bool		plain;		/* without TLS to a host that is not this one */
} ctl_mailer_t;

/* The options, each of which a variable of the environment stands for. The input is a ctl_mailer_t with its ctl. */
extern struct argp const ctl_mail_argp;

typedef enum {
	CTL_MAIL_KEY = 0,	/* somebody asked for it */
	CTL_MAIL_CHANGE,	/* it was made or changed */
	CTL_MAIL_REMIND		/* it expires soon */
} ctl_mail_kind_t;

/* A text that is wiped when it grows and when it is freed. */
typedef struct {
	char	*text;		/* with a NUL after it */
	size_t	len, room;
} ctl_mail_text_t;

ctl_mail_text_t *ctl_mail_text_create(TALLOC_CTX *ctx);
void ctl_mail_text_add(ctl_mail_text_t *text, void const *octets, size_t len);
void ctl_mail_text_addf(ctl_mail_text_t *text, char const *fmt, ...) __attribute__((format(printf, 2, 3)));

/* What {{name}} in a template stands for; value NULL or "": a line that has it is left out. */
typedef struct {
	char const	*name;
	char const	*value;
} ctl_mail_value_t;

/* The template of a kind, "txt" or "html", with its values in place. BAD, with a text that names file and line. */
mpsk_status_t ctl_mail_expand(ctl_mail_text_t *out, ctl_mailer_t const *mailer, ctl_mail_kind_t kind, bool html,
			      ctl_mail_value_t const *values, mpsk_error_t *err);

/* What a message is made of. */
typedef struct {
	char const		*from, *to;
	char const		*id;	/* of the content that html names by cid: */
	ctl_mail_text_t const	*txt;	/* "Subject: ..." is its first line */
	ctl_mail_text_t const	*html;
	void const		*png;	/* NULL: none */
	size_t			png_len;
} ctl_mail_parts_t;

/* The message, RFC 5322 and 2045, its lines ended by LF alone. BAD where the first line is no subject. */
mpsk_status_t ctl_mail_compose(ctl_mail_text_t *out, ctl_mail_parts_t const *parts, int64_t now, mpsk_error_t *err);

/* Whether mail can be sent to or from it: no quotes, no comments, nothing that could be another header or option. */
bool ctl_mail_address(char const *address);

/* The mail about a key. BAD, with a text, where the key has no address or a template is wrong. */
mpsk_status_t ctl_mail_make(ctl_mail_text_t *out, ctl_mailer_t const *mailer, mpsk_key_t const *key,
			    ctl_mail_kind_t kind, mpsk_error_t *err);

/* Hand it over. BAD where this one was refused, AGAIN where no mail can be sent now; err says why. */
mpsk_status_t ctl_mail_send(ctl_mailer_t const *mailer, char const *to, ctl_mail_text_t const *text,
			    mpsk_error_t *err);

/* Make it, send it, and note in the store that it was begun and sent; a mail that cannot be noted is not sent. */
mpsk_status_t ctl_mail_tell(ctl_mailer_t const *mailer, mpsk_key_t const *key, ctl_mail_kind_t kind,
			    mpsk_error_t *err);

#endif
