/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For tests of a sanitized build: preloaded into radiusd, this opens every
 * module without RTLD_DEEPBIND, and never closes one. The server asks for
 * the first, and a module would then see the malloc() of libc before that of
 * the sanitizer; after the second, a report of a leak could name no function.
 */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

void *dlopen(char const *file, int mode);
int dlclose(void *handle);

void *dlopen(char const *file, int mode)
{
	void	*(*next)(char const *, int);
	void	*symbol = dlsym(RTLD_NEXT, "dlopen");

	/* ISO C has no cast from an object's pointer to a function's. */
	if (!symbol) abort();
	memcpy(&next, &symbol, sizeof(next));
	return next(file, mode & ~RTLD_DEEPBIND);
}

int dlclose(void *handle)
{
	(void)handle;
	return 0;
}
