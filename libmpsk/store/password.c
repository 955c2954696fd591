/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/password.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/secret.h"

#define PASSWORD_MAX 1024

static mpsk_status_t password_bad(char const *path, char const *why, mpsk_error_t *err)
{
	return mpsk_error_set(err, MPSK_BAD, "password file %s: %s", path, why);
}

/* All of a small file. Returns its length, -1 with errno, or max where there is more. */
static ssize_t password_slurp(char const *path, char *buf, size_t max)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t n = 1;
	int error;

	if (fd < 0) return -1;
	while (n > 0 && len < max) {
		n = read(fd, buf + len, max - len);
		if (n > 0) len += (size_t) n;
	}
	error = errno;
	close(fd);
	errno = error;
	return n < 0 ? -1 : (ssize_t) len;
}

static int password_wipe(char *password)
{
	mpsk_secret_wipe(password, strlen(password));
	return 0;
}

mpsk_status_t mpsk_password_read(TALLOC_CTX *ctx, char **password, char const *path, mpsk_error_t *err)
{
	char buf[PASSWORD_MAX];
	char why[128];
	mpsk_status_t status = MPSK_OK;
	ssize_t n = password_slurp(path, buf, sizeof(buf));
	char const *end = n > 0 ? memchr(buf, '\n', (size_t) n) : NULL;
	size_t len = end ? (size_t) (end - buf) : (size_t) (n > 0 ? n : 0);

	*password = NULL;
	if (len && buf[len - 1] == '\r') len--;
	if (n < 0) {
		status = password_bad(path, strerror_r(errno, why, sizeof(why)), err);
	} else if (len == 0) {
		status = password_bad(path, "its first line is empty", err);
	} else if (len == sizeof(buf) || memchr(buf, '\0', len)) {
		status = password_bad(path, "its first line is no password", err);
	} else {
		*password = talloc_strndup(ctx, buf, len);
		if (*password) talloc_set_destructor(*password, password_wipe);
		else status = mpsk_error_set(err, MPSK_ERR, "out of memory");
	}
	mpsk_secret_wipe(buf, sizeof(buf));
	return status;
}
