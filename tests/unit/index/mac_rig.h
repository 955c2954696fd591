/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of MACs share: two of them, and the questions that are
 * asked about them.
 */
#ifndef TESTS_UNIT_INDEX_MAC_RIG_H
#define TESTS_UNIT_INDEX_MAC_RIG_H

#include "index_rig.h"

static mpsk_mac_t const one = { { 0x00, 0x00, 0x5e, 0x00, 0x53, 0x01 } };
static mpsk_mac_t const two = { { 0x00, 0x00, 0x5e, 0x00, 0x53, 0x02 } };

static inline bool knows(mpsk_index_t *index, char const *id, mpsk_mac_t const *mac)
{
	mpsk_index_reader_t *reader = mpsk_index_enter(index);
	bool known = mpsk_index_knows(reader, id, mac);

	mpsk_index_leave(reader);
	return known;
}

/* The keys of a MAC on an SSID are those of these ids, each with ' ' behind. */
static inline void by_mac(mpsk_index_t *index, char const *text, mpsk_mac_t const *mac, char const *ids)
{
	mpsk_index_reader_t *reader = mpsk_index_enter(index);
	mpsk_ssid_t ssid = ssid_of(text);
	mpsk_key_t keys[4];
	size_t n = mpsk_index_by_mac(reader, &ssid, mac, keys, 4);
	char found[256] = "";

	for (size_t i = 0; i < n; i++) {
		strcat(found, keys[i].id);
		strcat(found, " ");
	}
	mpsk_index_leave(reader);
	assert_string_equal(found, ids);
}

#endif
