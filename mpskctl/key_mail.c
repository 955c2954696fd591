/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <limits.h>
#include <stdio.h>

#include "each.h"
#include "mail.h"
#include "verb.h"

#define OPT_PRINT 0x300

typedef struct {
	ctl_t		*ctl;
	ctl_args_t	ids;
	ctl_mailer_t	mailer;
	bool		print;
} mail_t;

static struct argp_option const options[] = {
	{ .name = "print", .key = OPT_PRINT, .group = 1,
	  .doc = "Print the mail, and send nothing. The passphrase is in it" },
	{ 0 }
};

static error_t parse_opt(int key, char *arg __attribute__((unused)), struct argp_state *state)
{
	mail_t *mail = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = mail->ctl;
		state->child_inputs[1] = &mail->mailer;
		return 0;

	case OPT_PRINT:
		mail->print = true;
		return 0;

	case ARGP_KEY_SUCCESS:
		if (mail->print && mail->ids.n != 1) ctl_stop(state, CTL_USAGE, "--print is for one key");
		if (!mail->print && !mail->mailer.via)
			ctl_stop(state, CTL_USAGE, "how is mail sent? --mail-via says it, or $MPSK_MAIL_VIA");
		return 0;

	default:
		return ctl_args_parse(&mail->ids, key, state, 1, INT_MAX);
	}
}

static char const doc[] =
	"Mail keys, with their passphrase and a QR code, to the address in their field email."
	"\vExamples:\n"
	"  mpskctl key mail bob --mail-via smtp://mail.example.org:587 --mail-from wifi@example.org\n"
	"  mpskctl key mail bob --print --mail-from wifi@example.org\n"
	"  mpskctl key mail bob carol --mail-via sendmail:/usr/sbin/sendmail --mail-from wifi@example.org\n\n"
	"A host other than this one has to speak TLS, by STARTTLS where the URI is smtp." CTL_EXIT_DOC;

static ctl_exit_t print(mail_t *mail, mpsk_key_t const *key)
{
	ctl_mail_text_t *text = ctl_mail_text_create(mail->ctl->mem);
	mpsk_error_t err = { "" };
	mpsk_status_t status = ctl_mail_make(text, &mail->mailer, key, CTL_MAIL_KEY, &err);

	if (status == MPSK_OK) fwrite(text->text, 1, text->len, stdout);
	talloc_free(text);
	return status == MPSK_OK ? CTL_OK : ctl_fail(ctl_exit_of(status), "key %s: %s", key->id, err.text);
}

static ctl_exit_t act(ctl_t *ctl, ctl_each_t *each, void *uctx)
{
	mail_t *mail = uctx;
	mpsk_error_t err = { "" };
	mpsk_key_t *key;
	mpsk_status_t status = mpsk_store_key_read(ctl->store, ctl->mem, each->id, &key, &err);
	ctl_exit_t code = CTL_OK;

	if (status != MPSK_OK) return ctl_fail_status(status, each->id, &err);
	each->result = "mailed";
	if (mail->print) {
		code = print(mail, key);
	} else if ((status = ctl_mail_tell(&mail->mailer, key, CTL_MAIL_KEY, &err)) != MPSK_OK) {
		code = ctl_fail(ctl_exit_of(status), "key %s: %s", each->id, err.text);
	}
	talloc_free(key);
	return code;
}

static ctl_exit_t print_one(mail_t *mail, char const *id)
{
	ctl_exit_t code = ctl_check_id(id);

	if (code == CTL_OK) code = ctl_open(mail->ctl);
	return code == CTL_OK ? act(mail->ctl, &(ctl_each_t) { .id = id }, mail) : code;
}

ctl_exit_t key_mail(ctl_t *ctl, int argc, char **argv)
{
	struct argp_child const children[] = {
		{ &ctl_argp, 0, "Common options:", 3 }, { &ctl_mail_argp, 0, "Mail:", 2 }, { 0 }
	};
	struct argp const argp = {
		.options = options, .parser = parse_opt, .args_doc = "ID...", .doc = doc, .children = children
	};
	mail_t mail = { .ctl = ctl, .mailer = { .ctl = ctl } };

	if (ctl_parse(&argp, argc, argv, 0, &mail) != CTL_OK) return CTL_USAGE;
	if (mail.print) return print_one(&mail, mail.ids.v[0]);
	return ctl_each_key(ctl, &mail.ids, act, &mail, NULL);
}
