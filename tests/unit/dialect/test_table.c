/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "request_make.h"

static void assert_found(dialect_request_t const *request, char const *name)
{
	dialect_t const *found = dialect_find(request, NULL);

	if (!name) {
		assert_null(found);
		return;
	}
	assert_non_null(found);
	assert_string_equal(found->name, name);
}

static void macs_alone_are_told_apart(void **state)
{
	static struct {
		dialect_vendor_t	vendor;
		char const		*name;
	} const rows[] = {
		{ DIALECT_RUCKUS, "ruckus" }, { DIALECT_MERAKI, "meraki" }, { DIALECT_ELEVEN, "eleven" },
		{ DIALECT_TPLINK, "omada" }, { DIALECT_CISCO, "cisco" }, { DIALECT_ARUBA, "aruba" },
		{ DIALECT_HUAWEI, "huawei" }, { DIALECT_LANCOM, "lancom" }, { DIALECT_MIKROTIK, "mikrotik" },
		{ DIALECT_FORTINET, "fortinet" }, { DIALECT_UBIQUITI, "unifi" }, { DIALECT_MICROSOFT, "hostapd" },
	};
	dialect_request_t request;

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		begin_mac(&request);
		dialect_request_add_vendor(&request, rows[i].vendor);
		assert_found(&request, rows[i].name);
		/* A user, whatever the access point. */
		dialect_request_begin(&request);
		add_text(&request, DIALECT_USER_NAME, "bob");
		dialect_request_add_vendor(&request, rows[i].vendor);
		assert_found(&request, NULL);
	}
	begin_mac(&request);
	assert_found(&request, "hostapd");
	dialect_request_add(&request, DIALECT_SERVICE_TYPE, "\0\0\0\n", 4);
	assert_found(&request, "generic");
	dialect_request_add(&request, DIALECT_EAP_MESSAGE, "\2", 1);
	assert_found(&request, NULL);
}

static void mikrotik_shows_by_its_user(void **state)
{
	dialect_request_t request;

	(void) state;
	dialect_request_begin(&request);
	add_text(&request, DIALECT_USER_NAME, "00:00:5E:00:53:01");
	assert_found(&request, "hostapd");
	add_text(&request, DIALECT_USER_PASSWORD, "");
	assert_found(&request, "mikrotik");
	dialect_request_begin(&request);
	add_text(&request, DIALECT_USER_NAME, "00:00:5E:00:53:01");
	add_text(&request, DIALECT_USER_PASSWORD, "00:00:5E:00:53:01");
	assert_found(&request, "hostapd");
}

static void handshakes_show_by_themselves(void **state)
{
	static struct {
		dialect_attribute_t	attribute;
		char const		*value;
		char const		*name;
	} const rows[] = {
		{ DIALECT_FREERADIUS_ANONCE, "", "hostapd" }, { DIALECT_FREERADIUS_EAPOL, "", "hostapd" },
		{ DIALECT_RUCKUS_ANONCE, "", "ruckus" }, { DIALECT_MERAKI_EAPOL, "", "meraki" },
		{ DIALECT_ELEVEN_SSID, "", "eleven" }, { DIALECT_TPLINK_FIND_KEY, "", "omada" },
		{ DIALECT_CISCO_AVPAIR, "cisco-anonce=", "cisco" },
		{ DIALECT_CISCO_AVPAIR, "cisco-8021x-data=x", "cisco" },
	};
	dialect_request_t request;

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		/* Even where the name is no MAC, and with whatever other vendor's attributes. */
		dialect_request_begin(&request);
		add_text(&request, DIALECT_USER_NAME, "bob");
		dialect_request_add_vendor(&request, DIALECT_ARUBA);
		add_text(&request, rows[i].attribute, rows[i].value);
		assert_found(&request, rows[i].name);
	}
	dialect_request_begin(&request);
	add_text(&request, DIALECT_CISCO_AVPAIR, "cisco-anonces=x");
	assert_found(&request, NULL);
}

static void names_decide_what_does_not_show(void **state)
{
	dialect_t const *lancom = dialect_named("lancom"), *findkey = dialect_named("omada-findkey");
	dialect_request_t request;

	(void) state;
	assert_null(dialect_named("nobody"));
	begin_mac(&request);
	assert_ptr_equal(dialect_find(&request, lancom), lancom);
	add_text(&request, DIALECT_RUCKUS_ANONCE, "");
	assert_string_equal(dialect_find(&request, lancom)->name, "ruckus");
	begin_mac(&request);
	add_text(&request, DIALECT_TPLINK_FIND_KEY, "");
	assert_string_equal(dialect_find(&request, NULL)->name, "omada");
	assert_ptr_equal(dialect_find(&request, findkey), findkey);
	dialect_request_begin(&request);
	add_text(&request, DIALECT_USER_NAME, "bob");
	assert_null(dialect_find(&request, lancom));
}

static void each_has_what_it_needs(void **state)
{
	(void) state;
	for (size_t i = 0; dialect_at(i); i++) {
		assert_ptr_equal(dialect_named(dialect_at(i)->name), dialect_at(i));
		assert_int_equal(dialect_number(dialect_at(i)), i);
		assert_non_null(dialect_at(i)->read);
		assert_ptr_equal(dialect_style_find(dialect_at(i)->bound->name), dialect_at(i)->bound);
		assert_ptr_equal(dialect_style_find(dialect_at(i)->unbound->name), dialect_at(i)->unbound);
	}
	assert_null(dialect_style_find("nobody"));
}

int main(void)
{
	static struct CMUnitTest const tests[] = {
		cmocka_unit_test(macs_alone_are_told_apart),
		cmocka_unit_test(mikrotik_shows_by_its_user),
		cmocka_unit_test(handshakes_show_by_themselves),
		cmocka_unit_test(names_decide_what_does_not_show),
		cmocka_unit_test(each_has_what_it_needs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
