/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "confirm.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

ctl_exit_t ctl_confirm(char const *fmt, ...)
{
	char answer[16] = "";
	va_list ap;

	if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
		return ctl_fail(CTL_USAGE, "no terminal to ask at: --yes says that it is meant so");
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputs(" [y/N] ", stderr);
	if (!fgets(answer, sizeof(answer), stdin)) answer[0] = '\0';
	answer[strcspn(answer, "\r\n")] = '\0';
	if (strcasecmp(answer, "y") == 0 || strcasecmp(answer, "yes") == 0) return CTL_OK;
	return ctl_fail(CTL_NOTHING, "nothing was done");
}
