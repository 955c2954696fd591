/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/slots.h"

#include <stdint.h>
#include <string.h>

/* CRC-16/XMODEM, bit by bit: names are short. */
static uint16_t slot_crc(char const *text, size_t len)
{
	uint16_t crc = 0;

	for (size_t i = 0; i < len; i++) {
		crc ^= (uint16_t) ((uint8_t) text[i] << 8);
		for (int bit = 0; bit < 8; bit++) {
			crc = (uint16_t) (crc & 0x8000 ? crc << 1 ^ 0x1021 : crc << 1);
		}
	}
	return crc;
}

unsigned mpsk_slot_of(char const *rkey, size_t len)
{
	char const *open = len ? memchr(rkey, '{', len) : NULL;
	char const *close = open ? memchr(open, '}', len - (size_t) (open - rkey)) : NULL;

	if (close && close > open + 1) return slot_crc(open + 1, (size_t) (close - open - 1)) % MPSK_SLOTS;
	return slot_crc(rkey, len) % MPSK_SLOTS;
}
