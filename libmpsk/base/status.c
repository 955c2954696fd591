/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/status.h"

#include <stdarg.h>
#include <stdio.h>

mpsk_status_t mpsk_error_set(mpsk_error_t *err, mpsk_status_t status, char const *fmt, ...)
{
	va_list ap;

	if (!err) return status;

	va_start(ap, fmt);
	if (vsnprintf(err->text, sizeof(err->text), fmt, ap) < 0) err->text[0] = '\0';
	va_end(ap);

	for (char *p = err->text; *p; p++) {
		if (*p < ' ' || *p > '~') *p = '?';
	}
	return status;
}
