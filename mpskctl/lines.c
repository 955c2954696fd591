/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lines.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/secret.h"
#include "from.h"

#define READ_MIN 65536

static int text_wipe(char *text)
{
	mpsk_secret_wipe(text, talloc_get_size(text));
	return 0;
}

static char *text_grow(TALLOC_CTX *ctx, char *old, size_t len, size_t room)
{
	char *text = ctl_need(talloc_size(ctx, room));

	talloc_set_destructor(text, text_wipe);
	if (old) memcpy(text, old, len);
	talloc_free(old);
	return text;
}

static ctl_exit_t file_read(TALLOC_CTX *ctx, char const *file, char **text, size_t *len)
{
	bool is_stdin = strcmp(file, "-") == 0;
	int fd = is_stdin ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
	struct stat st = { .st_size = 0 };
	size_t room;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st) < 0) return ctl_fail(CTL_INVALID, "%s: %s", file, strerror(errno));
	room = (st.st_size > 0 ? (size_t) st.st_size : 0) + READ_MIN;
	*text = text_grow(ctx, NULL, 0, room);
	while ((n = read(fd, *text + *len, room - *len)) > 0) {
		*len += (size_t) n;
		if (*len == room) *text = text_grow(ctx, *text, *len, room = 2 * room);
	}
	if (n < 0) ctl_fail(CTL_INVALID, "%s: %s", file, strerror(errno));
	if (!is_stdin) close(fd);
	return n < 0 ? CTL_INVALID : CTL_OK;
}

ctl_exit_t ctl_lines_read(ctl_t *ctl, ctl_lines_t *lines, char const *file, ctl_lines_how_t const *how)
{
	ctl_reader_t reader = { .ctl = ctl, .lines = lines, .how = how, .file = file };
	ctl_from_t const *from;
	char *text = NULL;
	size_t len = 0;
	ctl_exit_t code = file_read(ctl->mem, file, &text, &len);

	if (code != CTL_OK) return code;
	if (len >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0)) {
		reader.code = ctl_fail(CTL_INVALID, "%s: is UTF-16; save it as UTF-8", file);
	} else {
		from = how->from ? how->from : ctl_from_guess(text, len);
		reader.kind = from->kind;
		from->read(&reader, text, len);
	}
	talloc_free(text);
	return reader.code;
}
