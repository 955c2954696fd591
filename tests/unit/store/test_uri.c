/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "store/uri.h"

typedef struct {
	char const	*text;
	char const	*path, *host;
	unsigned	port;
	int		db;
	char const	*user, *password, *name;
} good_t;

static good_t const good[] = {
	{ "redis://localhost", NULL, "localhost", 6379, 0, NULL, NULL, "redis://localhost:6379" },
	{ "redis://localhost/", NULL, "localhost", 6379, 0, NULL, NULL, "redis://localhost:6379" },
	{ " redis://localhost, ", NULL, "localhost", 6379, 0, NULL, NULL, "redis://localhost:6379" },
	{ "rediss://localhost", NULL, "localhost", 6379, 0, NULL, NULL, "rediss://localhost:6379" },
	{ "redis://192.0.2.1:6380/3", NULL, "192.0.2.1", 6380, 3, NULL, NULL, "redis://192.0.2.1:6380/3" },
	{ "redis://[2001:db8::1]", NULL, "2001:db8::1", 6379, 0, NULL, NULL, "redis://[2001:db8::1]:6379" },
	{ "redis://[fe80::1%eth0]:1/1", NULL, "fe80::1%eth0", 1, 1, NULL, NULL, "redis://[fe80::1%eth0]:1/1" },
	{ "redis://[fe80%eth0]:1", NULL, "fe80%eth0", 1, 0, NULL, NULL, "redis://[fe80%eth0]:1" },
	{ "redis://:secret@h", NULL, "h", 6379, 0, NULL, "secret", "redis://h:6379" },
	{ "redis://:a,b@h", NULL, "h", 6379, 0, NULL, "a,b", "redis://h:6379" },
	{ "redis://bob@h:65535", NULL, "h", 65535, 0, "bob", NULL, "redis://h:65535" },
	{ "redis://bob:s%40%3a%2F@h", NULL, "h", 6379, 0, "bob", "s@:/", "redis://h:6379" },
	{ "redis://b%6Fb:a:b@h", NULL, "h", 6379, 0, "bob", "a:b", "redis://h:6379" },
	{ "unix:///run/redis.sock", "/run/redis.sock", NULL, 0, 0, NULL, NULL, "unix:///run/redis.sock" },
	{ "unix:///a%20b?db=2", "/a b", NULL, 0, 2, NULL, NULL, "unix:///a b?db=2" },
	{ "unix://:pw@/s", "/s", NULL, 0, 0, NULL, "pw", "unix:///s" },
	{ "unix://u:pw@/a@b", "/a@b", NULL, 0, 0, "u", "pw", "unix:///a@b" },
	{ "unix:///a@b", "/a@b", NULL, 0, 0, NULL, NULL, "unix:///a@b" },
	{ "redis+cluster://:pw@h/", NULL, "h", 6379, 0, NULL, "pw", "redis+cluster://h:6379" },
	{ "redis+cluster://h/0", NULL, "h", 6379, 0, NULL, NULL, "redis+cluster://h:6379" },
	{ "redis+sentinel://u:pw@h/m", NULL, "h", 26379, 0, "u", "pw", "redis+sentinel://h:26379/m" },
	{ "rediss+sentinel://h:1/my.master-1/7", NULL, "h", 1, 7, NULL, NULL, "rediss+sentinel://h:1/my.master-1/7" },
};

/* Several hosts: what messages call them, how many, and what becomes of the last. */
static struct {
	char const	*text, *name;
	size_t		n;
	mpsk_uri_kind_t	kind;
	bool		tls;
	char const	*last;
} const many[] = {
	{ "redis://a,b:1/2", "redis://a:6379/2 redis://b:1/2", 2, MPSK_URI_STANDALONE, false, "b" },
	{ "redis://:pw@a redis://b", "redis://a:6379 redis://b:6379", 2, MPSK_URI_STANDALONE, false, "b" },
	{ "redis://u:pw@a,redis://u:pw@b", "redis://a:6379 redis://b:6379", 2, MPSK_URI_STANDALONE, false, "b" },
	{ "redis://a, unix:///s", "redis://a:6379 unix:///s", 2, MPSK_URI_STANDALONE, false, NULL },
	{ "rediss://a,\trediss://[::1]", "rediss://a:6379 rediss://[::1]:6379", 2, MPSK_URI_STANDALONE, true, "::1" },
	{ "redis+sentinel://a,[::1]:2,c/m", "redis+sentinel://a:26379,[::1]:2,c:26379/m", 3, MPSK_URI_SENTINEL, false,
	  "c" },
	{ "redis+sentinel://a/m redis+sentinel://b/m", "redis+sentinel://a:26379,b:26379/m", 2, MPSK_URI_SENTINEL,
	  false, "b" },
	{ "rediss+cluster://a,b rediss+cluster://c", "rediss+cluster://a:6379,b:6379,c:6379", 3, MPSK_URI_CLUSTER, true,
	  "c" },
};

static char const *const bad[] = {
	"", " ", ",", "redis", "redis:", "redis://", "redis:///0", "redis://:1", "http://h", "REDIS://h",
	"redis://h:", "redis://h:0", "redis://h:65536", "redis://h:+1", "redis://h:1x", "redis://h:99999999999999",
	"redis://h/x", "redis://h/-1", "redis://h/99999999999", "redis://h/1/2", "redis://h\n",
	"redis://h?db=1", "redis://%41", "redis://u:p@", "redis://u:%@h", "redis://u:%4@h", "redis://u:%zz@h",
	"redis://u:%00@h", "redis://u:SECRET@x@h", "redis://u:SE/CRET@h", "redis://[::1", "redis://::1",
	"redis://[::1]6379", "redis://[]", "redis://[::1]:", "unix://", "unix://run/x", "unix://u:SECRET@run/x",
	"unix:///x?", "unix:///x?db", "unix:///x?db=", "unix:///x?db=a", "unix:///x?a=1", "unix:///%",
	"redis://u:SECRET @h", "redis://h SECRET", "redis://a,,b", "redis://,a", "redis://a,SECRET:x",
	"redis://a redis+cluster://b", "redis://a rediss://b", "redis://:SECRET@a redis://:SECRET2@b",
	"redis://a redis://:SECRET@b", "redis://a redis://b/1", "redis+sentinel://h", "redis+sentinel://h/",
	"redis+sentinel://h/m m", "redis+sentinel://h/m/x", "redis+sentinel://h/a b", "redis+sentinel://a/m,b/m",
	"redis+sentinel://a/m redis+sentinel://b/n", "redis+cluster://h/1", "redis+cluster://", "sentinel://h/m",
};

static void test_good(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		good_t const *g = &good[i];
		mpsk_error_t err;
		mpsk_uri_t *uri;

		if (mpsk_uri_parse(NULL, &uri, g->text, &err) != MPSK_OK) fail_msg("%s: %s", g->text, err.text);
		assert_int_equal(uri->n, 1);
		assert_string_equal(uri->addresses->path ? uri->addresses->path : "-", g->path ? g->path : "-");
		assert_string_equal(uri->addresses->host ? uri->addresses->host : "-", g->host ? g->host : "-");
		assert_string_equal(uri->user ? uri->user : "-", g->user ? g->user : "-");
		assert_string_equal(uri->password ? uri->password : "-", g->password ? g->password : "-");
		assert_string_equal(uri->name, g->name);
		assert_int_equal(uri->addresses->port, g->port);
		assert_int_equal(uri->db, g->db);
		talloc_free(uri);
	}
}

static void test_many(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof(many) / sizeof(many[0]); i++) {
		mpsk_error_t err;
		mpsk_uri_t *uri;

		assert_int_equal(mpsk_uri_parse(NULL, &uri, many[i].text, &err), MPSK_OK);
		assert_string_equal(uri->name, many[i].name);
		assert_int_equal(uri->n, many[i].n);
		assert_int_equal(uri->kind, many[i].kind);
		assert_int_equal(uri->tls, many[i].tls);
		if (many[i].last) assert_string_equal(uri->addresses[uri->n - 1].host, many[i].last);
		else assert_string_equal(uri->addresses[uri->n - 1].path, "/s");
		talloc_free(uri);
	}
}

static void test_too_many(void **state)
{
	char text[200] = "redis://a";
	mpsk_error_t err;
	mpsk_uri_t *uri;

	(void) state;
	for (int i = 1; i < MPSK_URI_ADDRESSES_MAX; i++) strcat(text, ",a");
	assert_int_equal(mpsk_uri_parse(NULL, &uri, text, &err), MPSK_OK);
	assert_int_equal(uri->n, MPSK_URI_ADDRESSES_MAX);
	talloc_free(uri);
	strcat(text, ",a");
	assert_int_equal(mpsk_uri_parse(NULL, &uri, text, &err), MPSK_BAD);
}

static void test_bad(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		mpsk_error_t err = { "" };
		mpsk_uri_t *uri;

		if (mpsk_uri_parse(NULL, &uri, bad[i], &err) != MPSK_BAD) fail_msg("taken for a URI: %s", bad[i]);
		assert_null(uri);
		assert_non_null(strstr(err.text, "Redis URI: "));
		/* A password in the wrong place must not reach the log. */
		assert_null(strstr(err.text, "SE"));
	}
}

static void test_path_length(void **state)
{
	char text[200] = "unix:///";
	mpsk_error_t err;
	mpsk_uri_t *uri;

	(void) state;
	memset(text + 8, 'a', 106);
	assert_int_equal(mpsk_uri_parse(NULL, &uri, text, &err), MPSK_OK);
	assert_int_equal(strlen(uri->addresses->path), 107);
	talloc_free(uri);
	text[8 + 106] = 'a';
	assert_int_equal(mpsk_uri_parse(NULL, &uri, text, &err), MPSK_BAD);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_path_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
