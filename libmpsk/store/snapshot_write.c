/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/snapshot_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <openssl/rand.h>

#include "base/secret.h"
#include "store/snapshot_last.h"
#include "store/snapshot_seal.h"

#define HEAD_LEN 4

struct mpsk_snapshot_writer {
	char const		*path;
	char const		*beside;	/* where it is written */
	int			fd;
	mpsk_snapshot_seal_t	seal;
	uint8_t			*box;
};

static int writer_discard(mpsk_snapshot_writer_t *writer)
{
	if (writer->fd >= 0) {
		close(writer->fd);
		unlink(writer->beside);
	}
	mpsk_secret_wipe(&writer->seal, sizeof(writer->seal));
	return 0;
}

static mpsk_status_t failed(char const *path, mpsk_error_t *err)
{
	return mpsk_error_set(err, MPSK_ERR, "%s: %s", path, strerror(errno));
}

static mpsk_status_t write_all(mpsk_snapshot_writer_t const *writer, uint8_t const *octets, size_t len,
			       mpsk_error_t *err)
{
	while (len > 0) {
		ssize_t n = write(writer->fd, octets, len);

		if (n < 0 && errno == EINTR) continue;
		if (n < 0) return failed(writer->beside, err);
		octets += n;
		len -= (size_t) n;
	}
	return MPSK_OK;
}

static mpsk_status_t header_write(mpsk_snapshot_writer_t *writer, mpsk_kek_t const *kek, mpsk_error_t *err)
{
	uint8_t header[MPSK_SNAPSHOT_HEADER_LEN] = MPSK_SNAPSHOT_MAGIC;
	size_t len = strlen(kek->id);
	uint8_t *salt = header + sizeof(header) - MPSK_SNAPSHOT_SALT_LEN;

	header[MPSK_SNAPSHOT_MAGIC_LEN] = MPSK_SNAPSHOT_VERSION;
	header[MPSK_SNAPSHOT_MAGIC_LEN + 1] = (uint8_t) len;
	memcpy(header + MPSK_SNAPSHOT_MAGIC_LEN + 2, kek->id, len);
	if (RAND_bytes(salt, MPSK_SNAPSHOT_SALT_LEN) != 1 || !mpsk_snapshot_seal_init(&writer->seal, kek, header)) {
		return mpsk_error_set(err, MPSK_ERR, "libcrypto has no random octets, or no HMAC-SHA256");
	}
	return write_all(writer, header, sizeof(header), err);
}

mpsk_status_t mpsk_snapshot_writer_open(TALLOC_CTX *ctx, mpsk_snapshot_writer_t **out, char const *path,
					mpsk_kek_t const *kek, mpsk_error_t *err)
{
	mpsk_snapshot_writer_t *writer = talloc_zero(ctx, mpsk_snapshot_writer_t);
	mpsk_status_t status = MPSK_OK;

	*out = NULL;
	if (writer) {
		writer->fd = -1;
		writer->path = talloc_strdup(writer, path);
		writer->beside = talloc_asprintf(writer, "%s.new", path);
		talloc_set_destructor(writer, writer_discard);
	}
	if (!writer || !writer->path || !writer->beside) status = mpsk_error_set(err, MPSK_ERR, "out of memory");
	if (status == MPSK_OK) {
		/* One that a crash has left: a link that stands there instead is taken away, and not followed. */
		(void) unlink(writer->beside);
		writer->fd = open(writer->beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
		status = writer->fd < 0 ? failed(writer->beside, err) : header_write(writer, kek, err);
	}
	if (status == MPSK_OK) *out = writer;
	else talloc_free(writer);
	return status;
}

static mpsk_status_t chunk_write(mpsk_snapshot_writer_t *writer, uint8_t const *octets, size_t len, bool last,
				 mpsk_error_t *err)
{
	size_t size = HEAD_LEN + len + MPSK_SNAPSHOT_TAG_LEN;
	uint32_t head = (uint32_t) len | (last ? MPSK_SNAPSHOT_LAST : 0);

	if (len > MPSK_SNAPSHOT_CHUNK_MAX) {
		return mpsk_error_set(err, MPSK_BAD, "%zu octets of one name are too many for a snapshot", len);
	}
	if (talloc_get_size(writer->box) < size) {
		talloc_free(writer->box);
		writer->box = talloc_size(writer, size);
	}
	if (!writer->box) return mpsk_error_set(err, MPSK_ERR, "out of memory");
	for (size_t i = 0; i < HEAD_LEN; i++) writer->box[i] = (uint8_t) (head >> 8 * (HEAD_LEN - 1 - i));
	if (!mpsk_snapshot_seal_close(&writer->seal, writer->box + HEAD_LEN, octets, len, last)) {
		return mpsk_error_set(err, MPSK_ERR, "libcrypto cannot seal (AES-256-GCM)");
	}
	return write_all(writer, writer->box, size, err);
}

mpsk_status_t mpsk_snapshot_writer_chunk(mpsk_snapshot_writer_t *writer, uint8_t const *octets, size_t len,
					 mpsk_error_t *err)
{
	return chunk_write(writer, octets, len, false, err);
}

/* The name is on the disk only when its folder is. */
static mpsk_status_t folder_sync(char const *path, mpsk_error_t *err)
{
	char const *slash = strrchr(path, '/');
	char *folder = slash ? talloc_strndup(NULL, path, (size_t) (slash - path) + 1) : talloc_strdup(NULL, ".");
	int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	mpsk_status_t status = fd >= 0 && fsync(fd) == 0 ? MPSK_OK : failed(path, err);

	if (fd >= 0) close(fd);
	talloc_free(folder);
	return status;
}

static mpsk_status_t file_place(mpsk_snapshot_writer_t *writer, mpsk_error_t *err)
{
	int fd = writer->fd;

	if (fsync(fd) != 0) return failed(writer->beside, err);
	if (rename(writer->beside, writer->path) != 0) return failed(writer->path, err);
	writer->fd = -1;
	close(fd);
	return folder_sync(writer->path, err);
}

mpsk_status_t mpsk_snapshot_writer_commit(mpsk_snapshot_writer_t **writer, mpsk_snapshot_info_t const *info,
					  mpsk_error_t *err)
{
	uint8_t last[MPSK_SNAPSHOT_LAST_MAX];
	size_t len = mpsk_snapshot_last_put(last, info);
	mpsk_status_t status = chunk_write(*writer, last, len, true, err);

	if (status == MPSK_OK) status = file_place(*writer, err);
	TALLOC_FREE(*writer);
	return status;
}
