/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "whole.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A new file beside it takes its name once it is whole. mkstemp() lets nobody else read it. */
ctl_exit_t ctl_whole_write(ctl_t *ctl, char const *file, ctl_whole_print_t print, void const *uctx)
{
	char *name = ctl_need(talloc_asprintf(ctl->mem, "%s.XXXXXX", file));
	int fd = mkstemp(name);
	FILE *out = fd < 0 ? NULL : fdopen(fd, "w");
	bool whole;

	if (!out) return ctl_fail(CTL_FAILED, "%s: %s", file, strerror(errno));
	errno = 0;
	whole = print(out, uctx) && fflush(out) == 0 && !ferror(out) && fsync(fd) == 0;
	if (fclose(out) == 0 && whole && rename(name, file) == 0) return CTL_OK;
	ctl_fail(CTL_FAILED, "%s: %s", file, errno ? strerror(errno) : "cannot be made");
	unlink(name);
	return CTL_FAILED;
}
