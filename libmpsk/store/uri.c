/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/uri.h"

#include <limits.h>
#include <stddef.h>
#include <string.h>
#include <sys/un.h>

#include "base/hex.h"
#include "base/secret.h"
#include "base/text.h"

#define URI_SHAPE	"redis://[user[:password]@]host[:port][/db] or unix://[user[:password]@]/path[?db=N]"
#define URI_PORT	6379
#define URI_PATH_MAX	(sizeof(((struct sockaddr_un *) NULL)->sun_path) - 1)

/* A part of the text that is being read; no NUL at its end. */
typedef struct {
	char const	*p;
	size_t		len;
} part_t;

/* Every text here is constant or a number: what stands in a URI may be a password in the wrong place. */
static mpsk_status_t uri_bad(mpsk_error_t *err, char const *what)
{
	return mpsk_error_set(err, MPSK_BAD, "Redis URI: %s; it looks like " URI_SHAPE, what);
}

/* Cut off all up to the first separator; false, and nothing done, where there is none. */
static bool part_cut(part_t *head, part_t *rest, char separator)
{
	char const *at = rest->len ? memchr(rest->p, separator, rest->len) : NULL;

	if (!at) return false;
	*head = (part_t) { rest->p, (size_t) (at - rest->p) };
	rest->len -= head->len + 1;
	rest->p = at + 1;
	return true;
}

/* Undo percent-escapes. NULL where one is broken or stands for a NUL, or where memory is out. */
static char *part_unescape(TALLOC_CTX *ctx, part_t part)
{
	char *out = talloc_zero_size(ctx, part.len + 1);
	size_t n = 0;

	for (size_t i = 0; out && i < part.len; i++) {
		uint8_t octet = (uint8_t) part.p[i];

		if (octet == '%') {
			if (part.len - i < 3 || !mpsk_hex_decode(&octet, 1, part.p + i + 1, 2)) octet = 0;
			i += 2;
		}
		if (octet == 0) {
			mpsk_secret_wipe(out, part.len + 1);
			TALLOC_FREE(out);
			break;
		}
		out[n++] = (char) octet;
	}
	return out;
}

static int uri_wipe(mpsk_uri_t *uri)
{
	if (uri->password) mpsk_secret_wipe(uri->password, strlen(uri->password));
	return 0;
}

/* [user[:password]@] at the start of rest. */
static mpsk_status_t uri_userinfo(mpsk_uri_t *uri, part_t info, mpsk_error_t *err)
{
	part_t user;
	bool both = part_cut(&user, &info, ':');

	if (!both) user = info;
	if (user.len) {
		uri->user = part_unescape(uri, user);
		if (!uri->user) return uri_bad(err, "the user has a broken %-escape");
	}
	if (both && info.len) {
		uri->password = part_unescape(uri, info);
		if (!uri->password) return uri_bad(err, "the password has a broken %-escape");
	}
	return MPSK_OK;
}

static mpsk_status_t uri_db(mpsk_uri_t *uri, part_t text, mpsk_error_t *err)
{
	int64_t db;

	if (!mpsk_number_parse(&db, text.p, text.len) || db > INT_MAX) {
		return uri_bad(err, "the database is not a number");
	}
	uri->db = (int) db;
	return MPSK_OK;
}

static bool host_valid(part_t host, bool bracketed)
{
	/* '%' begins the zone of a link-local address. */
	char const *others = bracketed ? ":.%_-" : "._-";

	for (size_t i = 0; i < host.len; i++) {
		char c = host.p[i];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) continue;
		if (c == '\0' || !strchr(others, c)) return false;
	}
	return host.len > 0;
}

static mpsk_status_t uri_host(mpsk_uri_t *uri, part_t host, bool bracketed, mpsk_error_t *err)
{
	if (!host_valid(host, bracketed)) return uri_bad(err, "the host is missing or malformed");
	uri->host = talloc_strndup(uri, host.p, host.len);
	if (!uri->host) return mpsk_error_set(err, MPSK_ERR, "out of memory");
	return MPSK_OK;
}

/* host[:port], the host in brackets where it is an IPv6 address. */
static mpsk_status_t uri_hostport(mpsk_uri_t *uri, part_t rest, mpsk_error_t *err)
{
	part_t host;
	int64_t port = URI_PORT;
	bool bracketed = rest.len && rest.p[0] == '[';
	bool has_port;

	if (bracketed) {
		rest = (part_t) { rest.p + 1, rest.len - 1 };
		if (!part_cut(&host, &rest, ']') || (rest.len && rest.p[0] != ':')) {
			return uri_bad(err, "the IPv6 address's brackets are broken");
		}
		has_port = rest.len > 0;
		if (has_port) rest = (part_t) { rest.p + 1, rest.len - 1 };
	} else {
		has_port = part_cut(&host, &rest, ':');
		if (!has_port) host = rest;
	}
	if (has_port && (!mpsk_number_parse(&port, rest.p, rest.len) || port < 1 || port > UINT16_MAX)) {
		return uri_bad(err, "the port is not a number from 1 to 65535");
	}
	uri->port = (uint16_t) port;
	return uri_host(uri, host, bracketed, err);
}

static mpsk_status_t uri_tcp(mpsk_uri_t *uri, part_t rest, mpsk_error_t *err)
{
	part_t authority, info;
	mpsk_status_t status = MPSK_OK;
	bool has_db = part_cut(&authority, &rest, '/');

	if (!has_db) authority = rest;
	if (part_cut(&info, &authority, '@')) status = uri_userinfo(uri, info, err);
	if (status == MPSK_OK) status = uri_hostport(uri, authority, err);
	if (status == MPSK_OK && has_db && rest.len) status = uri_db(uri, rest, err);
	return status;
}

static mpsk_status_t uri_unix(mpsk_uri_t *uri, part_t rest, mpsk_error_t *err)
{
	part_t info, path;
	mpsk_status_t status = MPSK_OK;

	/* An '@' may stand in a path, so only one before the path ends a user. */
	if (rest.len && rest.p[0] != '/' && part_cut(&info, &rest, '@')) status = uri_userinfo(uri, info, err);
	if (status != MPSK_OK) return status;
	if (part_cut(&path, &rest, '?')) {
		if (rest.len < 3 || memcmp(rest.p, "db=", 3) != 0) return uri_bad(err, "only db=N may follow the '?'");
		status = uri_db(uri, (part_t) { rest.p + 3, rest.len - 3 }, err);
		if (status != MPSK_OK) return status;
	} else {
		path = rest;
	}
	if (path.len == 0 || path.p[0] != '/') return uri_bad(err, "the socket's path does not begin with '/'");
	uri->path = part_unescape(uri, path);
	if (!uri->path) return uri_bad(err, "the path has a broken %-escape");
	if (strlen(uri->path) > URI_PATH_MAX) return uri_bad(err, "the socket's path is over 107 octets");
	return MPSK_OK;
}

/* What messages call it: no user, no password, no database but another than the first. */
static char *uri_name(mpsk_uri_t *uri)
{
	char *name;

	if (uri->path) {
		name = talloc_asprintf(uri, "unix://%s", uri->path);
	} else {
		/* What only brackets let in has to keep them. */
		name = talloc_asprintf(uri, strpbrk(uri->host, ":%") ? "redis://[%s]:%u" : "redis://%s:%u",
				       uri->host, uri->port);
	}
	if (name && uri->db) name = talloc_asprintf_append(name, uri->path ? "?db=%d" : "/%d", uri->db);
	return name;
}

static mpsk_status_t uri_read(mpsk_uri_t *uri, char const *text, mpsk_error_t *err)
{
	static struct {
		char const	*scheme;
		mpsk_status_t	(*read)(mpsk_uri_t *uri, part_t rest, mpsk_error_t *err);
	} const schemes[] = {
		{ "redis://", uri_tcp },
		{ "unix://", uri_unix },
	};
	mpsk_status_t status;

	for (size_t i = 0; text[i]; i++) {
		if ((unsigned char) text[i] <= ' ' || text[i] == 0x7f) return uri_bad(err, "it holds a space");
	}
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		size_t len = strlen(schemes[i].scheme);

		if (strncmp(text, schemes[i].scheme, len) != 0) continue;
		status = schemes[i].read(uri, (part_t) { text + len, strlen(text + len) }, err);
		if (status != MPSK_OK) return status;
		uri->name = uri_name(uri);
		return uri->name ? MPSK_OK : mpsk_error_set(err, MPSK_ERR, "out of memory");
	}
	return uri_bad(err, "it does not begin with redis:// or unix://");
}

mpsk_status_t mpsk_uri_parse(TALLOC_CTX *ctx, mpsk_uri_t **uri, char const *text, mpsk_error_t *err)
{
	mpsk_uri_t *u = talloc_zero(ctx, mpsk_uri_t);
	mpsk_status_t status;

	*uri = NULL;
	if (!u) return mpsk_error_set(err, MPSK_ERR, "out of memory");
	talloc_set_destructor(u, uri_wipe);
	status = uri_read(u, text, err);
	if (status != MPSK_OK) {
		talloc_free(u);
		return status;
	}
	*uri = u;
	return MPSK_OK;
}
