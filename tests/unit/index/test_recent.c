/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "index/recent.h"

static mpsk_ssid_t ssid_of(char const *text)
{
	mpsk_ssid_t ssid;

	(void) mpsk_ssid_set(&ssid, text, strlen(text));
	return ssid;
}

#define assert_recent(_recent, _site, _nas, _ssid, ...) \
	do { \
		uint32_t const expected_[] = { __VA_ARGS__ }; \
		uint32_t leaves_[MPSK_RECENT_MAX]; \
		assert_int_equal(mpsk_recent_get(_recent, _site, _nas, _ssid, leaves_), \
				 sizeof(expected_) / sizeof(expected_[0])); \
		assert_memory_equal(leaves_, expected_, sizeof(expected_)); \
	} while (0)

static void the_last_used_comes_first(void **state)
{
	mpsk_recent_t *recent = mpsk_recent_create(NULL, 16);
	mpsk_ssid_t ssid = ssid_of("One");
	uint32_t leaves[MPSK_RECENT_MAX];

	(void) state;
	assert_int_equal(mpsk_recent_get(recent, "", "ap-1", &ssid, leaves), 0);
	mpsk_recent_note(recent, "", "ap-1", &ssid, 7);
	mpsk_recent_note(recent, "", "ap-1", &ssid, 3);
	mpsk_recent_note(recent, "", "ap-1", &ssid, 5);
	assert_recent(recent, "", "ap-1", &ssid, 5, 3, 7);
	mpsk_recent_note(recent, "", "ap-1", &ssid, 7);
	assert_recent(recent, "", "ap-1", &ssid, 7, 5, 3);
	mpsk_recent_note(recent, "", "ap-1", &ssid, 7);
	assert_recent(recent, "", "ap-1", &ssid, 7, 5, 3);
	talloc_free(recent);
}

static void places_are_apart(void **state)
{
	mpsk_recent_t *recent = mpsk_recent_create(NULL, 64);
	mpsk_ssid_t one = ssid_of("One"), two = ssid_of("Two");

	(void) state;
	mpsk_recent_note(recent, "", "hq", &one, 1);
	mpsk_recent_note(recent, "hq", "ap-1", &one, 2);
	mpsk_recent_note(recent, "", "hq", &two, 3);
	mpsk_recent_note(recent, "", "", &one, 4);
	assert_recent(recent, "", "hq", &one, 1);
	/* Of a site, whatever the access point. */
	assert_recent(recent, "hq", "ap-2", &one, 2);
	assert_recent(recent, "", "hq", &two, 3);
	assert_recent(recent, "", "", &one, 4);
	talloc_free(recent);
}

static void the_oldest_makes_way(void **state)
{
	mpsk_recent_t *recent = mpsk_recent_create(NULL, 16);
	mpsk_ssid_t ssid = ssid_of("One");
	uint32_t leaves[MPSK_RECENT_MAX];

	(void) state;
	for (uint32_t i = 0; i <= MPSK_RECENT_MAX; i++)
		mpsk_recent_note(recent, "", "ap-1", &ssid, i);
	assert_int_equal(mpsk_recent_get(recent, "", "ap-1", &ssid, leaves), MPSK_RECENT_MAX);
	for (uint32_t i = 0; i < MPSK_RECENT_MAX; i++)
		assert_int_equal(leaves[i], MPSK_RECENT_MAX - i);
	talloc_free(recent);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(the_last_used_comes_first),
		cmocka_unit_test(places_are_apart),
		cmocka_unit_test(the_oldest_makes_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
