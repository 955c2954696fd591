/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/uri.h"

#include <limits.h>
#include <stddef.h>
#include <string.h>
#include <sys/un.h>

#include "base/hex.h"
#include "base/secret.h"
#include "base/text.h"

#define URI_PATH_MAX	(sizeof(((struct sockaddr_un *) NULL)->sun_path) - 1)

/* A part of the text that is being read; no NUL at its end. */
typedef struct {
	char const	*p;
	size_t		len;
} part_t;

/* One URI while it is read. */
typedef struct uri_reader uri_reader_t;

typedef struct {
	char const	*name;
	mpsk_uri_kind_t	kind;
	bool		tls;
	uint16_t	port;
	mpsk_status_t	(*read)(uri_reader_t *reader, part_t rest);
	char const	*shape;
} uri_scheme_t;

struct uri_reader {
	mpsk_uri_t		*uri;
	uri_scheme_t const	*scheme;
	mpsk_error_t		*err;
};

/* Every text here is constant or a number: what stands in a URI may be a password in the wrong place. */
static mpsk_status_t uri_bad(uri_reader_t *reader, char const *what)
{
	return mpsk_error_set(reader->err, MPSK_BAD, "Redis URI: %s; it looks like %s", what, reader->scheme->shape);
}

static mpsk_status_t uri_no_memory(uri_reader_t *reader)
{
	return mpsk_error_set(reader->err, MPSK_ERR, "out of memory");
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
static mpsk_status_t uri_userinfo(uri_reader_t *reader, part_t info)
{
	mpsk_uri_t *uri = reader->uri;
	part_t user;
	bool both = part_cut(&user, &info, ':');

	if (!both) user = info;
	if (user.len) {
		uri->user = part_unescape(uri, user);
		if (!uri->user) return uri_bad(reader, "the user has a broken %-escape");
	}
	if (both && info.len) {
		uri->password = part_unescape(uri, info);
		if (!uri->password) return uri_bad(reader, "the password has a broken %-escape");
	}
	return MPSK_OK;
}

static mpsk_status_t uri_db(uri_reader_t *reader, part_t text)
{
	int64_t db;

	if (!mpsk_number_parse(&db, text.p, text.len) || db > INT_MAX) {
		return uri_bad(reader, "the database is not a number");
	}
	if (db && reader->scheme->kind == MPSK_URI_CLUSTER) {
		return uri_bad(reader, "a cluster has no database but 0");
	}
	reader->uri->db = (int) db;
	return MPSK_OK;
}

/*
 * --- Hosts ---
 */
static bool text_valid(part_t text, char const *others)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.p[i];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) continue;
		if (c == '\0' || !strchr(others, c)) return false;
	}
	return text.len > 0;
}

bool mpsk_address_init(TALLOC_CTX *ctx, mpsk_address_t *address, char const *host, size_t len, uint16_t port, bool tls)
{
	*address = (mpsk_address_t) { .port = port };
	address->host = talloc_strndup(ctx, host, len);
	if (!address->host) return false;
	/* What only brackets let in has to keep them. */
	address->name = talloc_asprintf(ctx, strpbrk(address->host, ":%") ? "redis%s://[%s]:%u" : "redis%s://%s:%u",
					tls ? "s" : "", address->host, port);
	return address->name != NULL;
}

/* Room for one more. */
static mpsk_address_t *uri_add(mpsk_uri_t *uri)
{
	mpsk_address_t *more = talloc_realloc(uri, uri->addresses, mpsk_address_t, uri->n + 1);

	if (!more) return NULL;
	uri->addresses = more;
	return &more[uri->n++];
}

static mpsk_status_t uri_host(uri_reader_t *reader, part_t host, bool bracketed, uint16_t port)
{
	mpsk_uri_t *uri = reader->uri;
	mpsk_address_t *address;

	/* '%' begins the zone of a link-local address. */
	if (!text_valid(host, bracketed ? ":.%_-" : "._-")) {
		return uri_bad(reader, "the host is missing or malformed");
	}
	if (uri->n == MPSK_URI_ADDRESSES_MAX) return uri_bad(reader, "it has over 32 hosts");
	address = uri_add(uri);
	if (!address || !mpsk_address_init(uri, address, host.p, host.len, port, uri->tls)) {
		return uri_no_memory(reader);
	}
	return MPSK_OK;
}

/* host[:port], the host in brackets where it is an IPv6 address. */
static mpsk_status_t uri_hostport(uri_reader_t *reader, part_t rest)
{
	part_t host;
	int64_t port = reader->scheme->port;
	bool bracketed = rest.len && rest.p[0] == '[';
	bool has_port;

	if (bracketed) {
		rest = (part_t) { rest.p + 1, rest.len - 1 };
		if (!part_cut(&host, &rest, ']') || (rest.len && rest.p[0] != ':')) {
			return uri_bad(reader, "the IPv6 address's brackets are broken");
		}
		has_port = rest.len > 0;
		if (has_port) rest = (part_t) { rest.p + 1, rest.len - 1 };
	} else {
		has_port = part_cut(&host, &rest, ':');
		if (!has_port) host = rest;
	}
	if (has_port && (!mpsk_number_parse(&port, rest.p, rest.len) || port < 1 || port > UINT16_MAX)) {
		return uri_bad(reader, "the port is not a number from 1 to 65535");
	}
	return uri_host(reader, host, bracketed, (uint16_t) port);
}

/* [user[:password]@]host[:port][,host[:port]...] */
static mpsk_status_t uri_authority(uri_reader_t *reader, part_t authority)
{
	part_t info, host;
	mpsk_status_t status = MPSK_OK;

	if (part_cut(&info, &authority, '@')) status = uri_userinfo(reader, info);
	while (status == MPSK_OK && part_cut(&host, &authority, ',')) status = uri_hostport(reader, host);
	return status == MPSK_OK ? uri_hostport(reader, authority) : status;
}

/*
 * --- Schemes ---
 */
static mpsk_status_t uri_tcp(uri_reader_t *reader, part_t rest)
{
	part_t authority;
	bool has_db = part_cut(&authority, &rest, '/');
	mpsk_status_t status = uri_authority(reader, has_db ? authority : rest);

	if (status == MPSK_OK && has_db && rest.len) status = uri_db(reader, rest);
	return status;
}

static mpsk_status_t uri_sentinel(uri_reader_t *reader, part_t rest)
{
	part_t authority, master;
	mpsk_status_t status;
	bool has_db;

	if (!part_cut(&authority, &rest, '/')) return uri_bad(reader, "the master's name is missing");
	status = uri_authority(reader, authority);
	if (status != MPSK_OK) return status;
	has_db = part_cut(&master, &rest, '/');
	if (!has_db) master = rest;
	if (!text_valid(master, "._-")) return uri_bad(reader, "the master's name is missing or malformed");
	reader->uri->master = talloc_strndup(reader->uri, master.p, master.len);
	if (!reader->uri->master) return uri_no_memory(reader);
	return has_db && rest.len ? uri_db(reader, rest) : MPSK_OK;
}

static mpsk_status_t uri_unix(uri_reader_t *reader, part_t rest)
{
	mpsk_uri_t *uri = reader->uri;
	mpsk_address_t *address;
	part_t info, path;
	mpsk_status_t status = MPSK_OK;

	/* An '@' may stand in a path, so only one before the path ends a user. */
	if (rest.len && rest.p[0] != '/' && part_cut(&info, &rest, '@')) status = uri_userinfo(reader, info);
	if (status != MPSK_OK) return status;
	if (part_cut(&path, &rest, '?')) {
		if (rest.len < 3 || memcmp(rest.p, "db=", 3) != 0) {
			return uri_bad(reader, "only db=N may follow the '?'");
		}
		status = uri_db(reader, (part_t) { rest.p + 3, rest.len - 3 });
		if (status != MPSK_OK) return status;
	} else {
		path = rest;
	}
	if (path.len == 0 || path.p[0] != '/') return uri_bad(reader, "the socket's path does not begin with '/'");
	address = uri_add(uri);
	if (!address) return uri_no_memory(reader);
	*address = (mpsk_address_t) { .path = part_unescape(uri, path) };
	if (!address->path) return uri_bad(reader, "the path has a broken %-escape");
	if (strlen(address->path) > URI_PATH_MAX) return uri_bad(reader, "the socket's path is over 107 octets");
	address->name = talloc_asprintf(uri, "unix://%s", address->path);
	return address->name ? MPSK_OK : uri_no_memory(reader);
}

#define HOSTS		"[user[:password]@]host[:port][,host...]"
#define SHAPE		"redis[s]://" HOSTS "[/db]"
#define SHAPE_SENTINEL	"redis[s]+sentinel://" HOSTS "/master[/db]"
#define SHAPE_CLUSTER	"redis[s]+cluster://" HOSTS

static uri_scheme_t const schemes[] = {
	{ "redis://", MPSK_URI_STANDALONE, false, 6379, uri_tcp, SHAPE },
	{ "rediss://", MPSK_URI_STANDALONE, true, 6379, uri_tcp, SHAPE },
	{ "unix://", MPSK_URI_STANDALONE, false, 0, uri_unix, "unix://[user[:password]@]/path[?db=N]" },
	{ "redis+sentinel://", MPSK_URI_SENTINEL, false, 26379, uri_sentinel, SHAPE_SENTINEL },
	{ "rediss+sentinel://", MPSK_URI_SENTINEL, true, 26379, uri_sentinel, SHAPE_SENTINEL },
	{ "redis+cluster://", MPSK_URI_CLUSTER, false, 6379, uri_tcp, SHAPE_CLUSTER },
	{ "rediss+cluster://", MPSK_URI_CLUSTER, true, 6379, uri_tcp, SHAPE_CLUSTER },
};

static uri_scheme_t const *scheme_find(char const *text)
{
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		if (strncmp(text, schemes[i].name, strlen(schemes[i].name)) == 0) return &schemes[i];
	}
	return NULL;
}

/*
 * --- What messages call it: no user, no password, no database but another than the first ---
 */
static char *name_standalone(mpsk_uri_t const *uri)
{
	char *name = NULL;

	for (size_t i = 0; i < uri->n; i++) {
		mpsk_address_t const *address = &uri->addresses[i];

		name = name ? talloc_asprintf_append(name, " %s", address->name) :
			      talloc_strdup(uri, address->name);
		if (!name) return NULL;
		if (uri->db) name = talloc_asprintf_append(name, address->path ? "?db=%d" : "/%d", uri->db);
	}
	return name;
}

static char *name_many(mpsk_uri_t const *uri)
{
	char *name = talloc_asprintf(uri, "redis%s+%s", uri->tls ? "s" : "", uri->master ? "sentinel" : "cluster");

	for (size_t i = 0; name && i < uri->n; i++) {
		/* From "://" on, or from the host. */
		char const *rest = strstr(uri->addresses[i].name, "://");

		name = talloc_asprintf_append(name, "%s%s", i ? "," : "", rest + (i ? 3 : 0));
	}
	if (name && uri->master) name = talloc_asprintf_append(name, "/%s", uri->master);
	if (name && uri->db) name = talloc_asprintf_append(name, "/%d", uri->db);
	return name;
}

/*
 * --- One, and several ---
 */
static mpsk_uri_t *uri_create(TALLOC_CTX *ctx)
{
	mpsk_uri_t *uri = talloc_zero(ctx, mpsk_uri_t);

	if (uri) talloc_set_destructor(uri, uri_wipe);
	return uri;
}

/* The end of the first URI of a list. A comma ends it where another URI follows: it may stand in a password too. */
static size_t list_item(char const *text)
{
	size_t len = 0;

	for (; text[len] && text[len] != ' ' && text[len] != '\t'; len++) {
		if (text[len] == ',' && scheme_find(text + len + 1)) return len;
	}
	while (len && text[len - 1] == ',') len--;
	return len;
}

static mpsk_status_t uri_read(mpsk_uri_t *uri, char const *text, size_t len, mpsk_error_t *err)
{
	uri_reader_t reader = { .uri = uri, .scheme = scheme_find(text), .err = err };
	size_t skip;

	if (!reader.scheme) {
		return mpsk_error_set(err, MPSK_BAD, "Redis URI: it begins with none of redis://, rediss://, unix://, "
				      "redis+sentinel://, rediss+sentinel://, redis+cluster://, rediss+cluster://");
	}
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char) text[i] < ' ' || text[i] == 0x7f) {
			return uri_bad(&reader, "it holds a control character");
		}
	}
	uri->kind = reader.scheme->kind;
	uri->tls = reader.scheme->tls;
	skip = strlen(reader.scheme->name);
	return reader.scheme->read(&reader, (part_t) { text + skip, len - skip });
}

static bool same_or_absent(char const *first, char const *later)
{
	return !later || (first && strcmp(first, later) == 0);
}

/* Take over the hosts of a later URI. */
static mpsk_status_t uri_join(mpsk_uri_t *uri, mpsk_uri_t *later, mpsk_error_t *err)
{
	if (later->kind != uri->kind || later->tls != uri->tls) {
		return mpsk_error_set(err, MPSK_BAD, "Redis URI: the URIs of a list have to be of one kind");
	}
	if (!same_or_absent(uri->user, later->user) || !same_or_absent(uri->password, later->password) ||
	    !same_or_absent(uri->master, later->master) || (later->db && later->db != uri->db)) {
		return mpsk_error_set(err, MPSK_BAD, "Redis URI: the URIs of a list differ in more than their hosts: "
				      "user, password, database and master count for all of them");
	}
	for (size_t i = 0; i < later->n; i++) {
		mpsk_address_t *address;

		if (uri->n == MPSK_URI_ADDRESSES_MAX) {
			return mpsk_error_set(err, MPSK_BAD, "Redis URI: it has over 32 hosts");
		}
		address = uri_add(uri);
		if (!address) return mpsk_error_set(err, MPSK_ERR, "out of memory");
		*address = later->addresses[i];
		talloc_steal(uri, address->host);
		talloc_steal(uri, address->path);
		talloc_steal(uri, address->name);
	}
	return MPSK_OK;
}

static mpsk_status_t uri_read_list(mpsk_uri_t *uri, char const *text, mpsk_error_t *err)
{
	mpsk_status_t status = MPSK_OK;

	for (text += strspn(text, " \t,"); status == MPSK_OK && (*text || !uri->n); text += strspn(text, " \t,")) {
		size_t len = list_item(text);
		mpsk_uri_t *later = uri->n ? uri_create(NULL) : uri;

		if (!later) return mpsk_error_set(err, MPSK_ERR, "out of memory");
		status = uri_read(later, text, len, err);
		if (later != uri) {
			if (status == MPSK_OK) status = uri_join(uri, later, err);
			talloc_free(later);
		}
		text += len;
	}
	if (status != MPSK_OK) return status;
	uri->name = uri->kind == MPSK_URI_STANDALONE ? name_standalone(uri) : name_many(uri);
	return uri->name ? MPSK_OK : mpsk_error_set(err, MPSK_ERR, "out of memory");
}

mpsk_status_t mpsk_uri_parse(TALLOC_CTX *ctx, mpsk_uri_t **uri, char const *text, mpsk_error_t *err)
{
	mpsk_uri_t *u = uri_create(ctx);
	mpsk_status_t status;

	*uri = NULL;
	if (!u) return mpsk_error_set(err, MPSK_ERR, "out of memory");
	status = uri_read_list(u, text, err);
	if (status != MPSK_OK) {
		talloc_free(u);
		return status;
	}
	*uri = u;
	return MPSK_OK;
}
