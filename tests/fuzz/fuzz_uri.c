/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The Redis URI. The input is its text.
 */
#include <sys/un.h>

#include "store/uri.h"
#include "tests/fuzz/fuzz.h"

/* What messages call it leads to the same place, without user and password. */
static void check_name(mpsk_uri_t const *uri)
{
	mpsk_uri_t *again;
	mpsk_error_t err;

	FUZZ_CHECK(mpsk_uri_parse(NULL, &again, uri->name, &err) == MPSK_OK);
	FUZZ_CHECK(!again->user && !again->password);
	FUZZ_CHECK(again->db == uri->db && again->port == uri->port);
	if (uri->host) FUZZ_CHECK(again->host && strcmp(again->host, uri->host) == 0);
	if (uri->path) FUZZ_CHECK(again->path && strcmp(again->path, uri->path) == 0);
	talloc_free(again);
}

/* Whether the name of a socket can be read back: it is shown as it is, without escapes. */
static int is_plain(char const *path)
{
	for (; *path; path++) {
		if ((unsigned char) *path <= ' ' || *path == 0x7f || *path == '%' || *path == '?') return 0;
	}
	return 1;
}

static void check_uri(mpsk_uri_t const *uri)
{
	FUZZ_CHECK(!uri->path != !uri->host);
	FUZZ_CHECK(uri->db >= 0);
	if (uri->path) {
		FUZZ_CHECK(uri->path[0] == '/' && strlen(uri->path) < sizeof(((struct sockaddr_un *) NULL)->sun_path));
	} else {
		FUZZ_CHECK(uri->host[0] && uri->port);
	}
	FUZZ_CHECK(!uri->user || uri->user[0]);
	FUZZ_CHECK(!uri->password || uri->password[0]);
	if (!uri->path || is_plain(uri->path)) check_name(uri);
}

int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
	char *text = fuzz_text(data, size);
	mpsk_uri_t *uri;
	mpsk_error_t err = { "" };
	mpsk_status_t status = mpsk_uri_parse(NULL, &uri, text, &err);

	FUZZ_CHECK((status == MPSK_OK) == (uri != NULL));
	if (uri) {
		check_uri(uri);
		talloc_free(uri);
	} else {
		FUZZ_CHECK(status == MPSK_BAD && strncmp(err.text, "Redis URI: ", 11) == 0);
		fuzz_check_error(&err);
	}
	free(text);
	return 0;
}
