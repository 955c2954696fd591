/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "key/zone.h"
#include "key/zone_rule.h"

static mpsk_error_t err;

static mpsk_zone_t const *zone_of(char const *name)
{
	mpsk_zone_t const *zone = NULL;

	if (mpsk_zone_get(&zone, name, strlen(name), &err) != MPSK_OK) fail_msg("%s: %s", name, err.text);
	assert_string_equal(mpsk_zone_name(zone), name);
	return zone;
}

/* libc is the judge: summer time on either side of the equator, of half an hour, before standard time, by religion. */
static void test_as_libc(void **state)
{
	static char const *const names[] = {
		"Europe/Berlin", "Europe/Dublin", "America/New_York", "America/St_Johns", "America/Sao_Paulo",
		"Australia/Lord_Howe", "Pacific/Auckland", "Pacific/Apia", "Africa/Casablanca", "Asia/Kathmandu",
		"Asia/Gaza", "Antarctica/Troll", "Etc/GMT+5", "UTC",
	};

	(void) state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		mpsk_zone_t const *zone = zone_of(names[i]);

		assert_int_equal(setenv("TZ", names[i], 1), 0);
		tzset();
		/* 1971 to 2130, at every time of day. */
		for (int64_t at = 31536000; at < 5049216000; at += 100003) {
			time_t t = (time_t) at;
			struct tm tm;

			assert_non_null(localtime_r(&t, &tm));
			if (mpsk_zone_offset(zone, at) != tm.tm_gmtoff)
				fail_msg("%s at %lld: %d, not %ld", names[i], (long long) at,
					 mpsk_zone_offset(zone, at), tm.tm_gmtoff);
		}
	}
}

/* To the second. */
static void test_edges(void **state)
{
	mpsk_zone_t const *berlin = zone_of("Europe/Berlin");

	(void) state;
	assert_int_equal(mpsk_zone_offset(berlin, 1711846799), 3600);	/* 2024-03-31 01:59:59 */
	assert_int_equal(mpsk_zone_offset(berlin, 1711846800), 7200);
	assert_int_equal(mpsk_zone_offset(berlin, 1729990799), 7200);	/* 2024-10-27 02:59:59 */
	assert_int_equal(mpsk_zone_offset(berlin, 1729990800), 3600);
	assert_int_equal(mpsk_zone_offset(berlin, 4109878799), 3600);	/* 2100-03-28 01:59:59, by the rule */
	assert_int_equal(mpsk_zone_offset(berlin, 4109878800), 7200);
	assert_ptr_equal(zone_of("Europe/Berlin"), berlin);
}

static void test_names(void **state)
{
	static char const *const names[] = {
		"", "Nowhere/Nothing", "../../../etc/passwd", "/etc/passwd", "Europe", "Europe/Berlin ",
		"Europe\\Berlin", "Europe/Berlin/x",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	};

	(void) state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		mpsk_zone_t const *zone;

		assert_int_equal(mpsk_zone_get(&zone, names[i], strlen(names[i]), &err), MPSK_MISS);
		assert_null(zone);
	}
}

/* A file that ends early, wherever, is refused. */
static void test_cut_files(void **state)
{
	uint8_t octets[8192];
	FILE *file = fopen("/usr/share/zoneinfo/Europe/Berlin", "rb");
	size_t len;
	mpsk_zone_t *zone;

	(void) state;
	assert_non_null(file);
	len = fread(octets, 1, sizeof(octets), file);
	fclose(file);
	assert_int_equal(mpsk_zone_read(&zone, octets, len, &err), MPSK_OK);
	assert_int_equal(mpsk_zone_offset(zone, 1729990800), 3600);
	mpsk_zone_free(zone);
	for (size_t cut = 0; cut < len; cut++) {
		uint8_t *copy = malloc(cut + 1);

		assert_non_null(copy);
		memcpy(copy, octets, cut);
		assert_int_equal(mpsk_zone_read(&zone, copy, cut, &err), MPSK_BAD);
		assert_null(zone);
		free(copy);
	}
	/* And one of which an octet is another: whatever it says, it is read to its end and not further. */
	for (size_t i = 0; i < len; i++) {
		octets[i] ^= 0xff;
		if (mpsk_zone_read(&zone, octets, len, &err) == MPSK_OK) (void) mpsk_zone_offset(zone, 1729990800);
		mpsk_zone_free(zone);
		octets[i] ^= 0xff;
	}
	assert_int_equal(mpsk_zone_read(&zone, (uint8_t const *) "TZif", 4, &err), MPSK_BAD);
}

static void test_rules(void **state)
{
	static struct {
		char const	*text;
		bool		good;
	} const rows[] = {
		{ "UTC0", true }, { "CET-1CEST,M3.5.0,M10.5.0/3", true }, { "<+0330>-3:30", true },
		{ "AAA5BBB,J60/2,300/-1:30", true }, { "EST5EDT4:30:15,M3.2.0,M11.1.0", true }, { "", false },
		{ "CE-1", false }, { "CET", false }, { "CET-1CEST", false }, { "CET-25", false }, { "<CET-1", false },
		{ "CET-1CEST,M13.5.0,M10.5.0", false }, { "CET-1CEST,M3.6.0,M10.5.0", false },
		{ "CET-1CEST,M3.5.7,M10.5.0", false }, { "CET-1CEST,M3.5.0", false },
		{ "CET-1CEST,M3.5.0,M10.5.0/168", false }, { "CET-1CEST,J0,J365", false },
		{ "CET-1CEST,J1,J365x", false }, { "CET-1CEST,1,366", false },
		{ "CET-99999999999999999999", false },
	};
	mpsk_zone_rule_t rule;

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (mpsk_zone_rule_parse(&rule, rows[i].text, strlen(rows[i].text)) != rows[i].good)
			fail_msg("'%s'", rows[i].text);
	}
	/* 1 March 2024 is day 60 to J and day 60, from 0, to the plain form. */
	assert_true(mpsk_zone_rule_parse(&rule, "AAA0BBB,J60/0,J61/0", 19));
	assert_int_equal(mpsk_zone_rule_offset(&rule, 1709251199), 0);
	assert_int_equal(mpsk_zone_rule_offset(&rule, 1709251200), 3600);
	assert_true(mpsk_zone_rule_parse(&rule, "AAA0BBB,60/0,61/0", 17));
	assert_int_equal(mpsk_zone_rule_offset(&rule, 1709251199), 0);
	assert_int_equal(mpsk_zone_rule_offset(&rule, 1709251200), 3600);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_as_libc),
		cmocka_unit_test(test_edges),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_cut_files),
		cmocka_unit_test(test_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
