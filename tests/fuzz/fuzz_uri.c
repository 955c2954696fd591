/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The Redis URI. The input is its text.
 */
#include <sys/un.h>

#include "store/uri.h"
#include "tests/fuzz/fuzz.h"

static bool same(char const *a, char const *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* What messages call it leads to the same place, without user and password. */
static void check_name(mpsk_uri_t const *uri)
{
	mpsk_uri_t *again;
	mpsk_error_t err;

	FUZZ_CHECK(mpsk_uri_parse(NULL, &again, uri->name, &err) == MPSK_OK);
	FUZZ_CHECK(!again->user && !again->password);
	FUZZ_CHECK(again->kind == uri->kind && again->tls == uri->tls && again->db == uri->db && again->n == uri->n);
	FUZZ_CHECK(same(again->master, uri->master));
	for (size_t i = 0; i < uri->n; i++) {
		mpsk_address_t const *one = &uri->addresses[i], *other = &again->addresses[i];

		FUZZ_CHECK(one->port == other->port && same(one->host, other->host) && same(one->path, other->path));
	}
	talloc_free(again);
}

/* Whether the name of a socket can be read back: it is shown as it is, without escapes. */
static bool is_plain(char const *path)
{
	for (; *path; path++) {
		if ((unsigned char) *path <= ' ' || *path == 0x7f || strchr("%?,", *path)) return false;
	}
	return true;
}

static void check_uri(mpsk_uri_t const *uri)
{
	bool plain = true;

	FUZZ_CHECK(uri->n >= 1 && uri->n <= MPSK_URI_ADDRESSES_MAX);
	for (size_t i = 0; i < uri->n; i++) {
		mpsk_address_t const *address = &uri->addresses[i];

		FUZZ_CHECK(!address->path != !address->host);
		FUZZ_CHECK(address->path ? address->path[0] == '/' : address->host[0] && address->port);
		if (!address->path) continue;
		FUZZ_CHECK(strlen(address->path) < sizeof(((struct sockaddr_un *) NULL)->sun_path));
		plain = plain && is_plain(address->path);
	}
	FUZZ_CHECK(uri->db >= 0 && (uri->kind != MPSK_URI_CLUSTER || !uri->db));
	FUZZ_CHECK((uri->kind == MPSK_URI_SENTINEL) == (uri->master != NULL));
	FUZZ_CHECK(!uri->user || uri->user[0]);
	FUZZ_CHECK(!uri->password || uri->password[0]);
	if (plain) check_name(uri);
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
