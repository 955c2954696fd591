/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "mail.h"

static int text_wipe(ctl_mail_text_t *text)
{
	if (text->text) mpsk_secret_wipe(text->text, text->room);
	return 0;
}

ctl_mail_text_t *ctl_mail_text_create(TALLOC_CTX *ctx)
{
	ctl_mail_text_t *text = ctl_need(talloc_zero(ctx, ctl_mail_text_t));

	text->room = 4096;
	text->text = ctl_need(talloc_zero_size(text, text->room));
	talloc_set_destructor(text, text_wipe);
	return text;
}

/* realloc() would leave a copy behind. */
static void reserve(ctl_mail_text_t *text, size_t len)
{
	size_t room = text->room;
	char *grown;

	while (room - text->len <= len) room *= 2;
	if (room == text->room) return;
	grown = ctl_need(talloc_zero_size(text, room));
	memcpy(grown, text->text, text->len);
	mpsk_secret_wipe(text->text, text->room);
	talloc_free(text->text);
	text->text = grown;
	text->room = room;
}

void ctl_mail_text_add(ctl_mail_text_t *text, void const *octets, size_t len)
{
	reserve(text, len);
	memcpy(text->text + text->len, octets, len);
	text->len += len;
	text->text[text->len] = '\0';
}

void ctl_mail_text_addf(ctl_mail_text_t *text, char const *fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (len < 0) return;
	reserve(text, (size_t) len + 1);
	va_start(ap, fmt);
	vsnprintf(text->text + text->len, (size_t) len + 1, fmt, ap);
	va_end(ap);
	text->len += (size_t) len;
}
