/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "key/packed.h"

#include <string.h>

#include "base/hex.h"
#include "base/secret.h"

/*
 * Bits that say which rows of the table follow, then these rows in order, and
 * PMKs at the end.
 * A number is in groups of seven bits, the lowest first, each but the last
 * with the eighth bit set. A text ends with its NUL.
 */
#define BITS_LEN	3
#define ID_AT		BITS_LEN	/* no row before it takes any */
#define PSK_IS_HEX	0x80		/* in a PSK's length: lower-case digits, packed as the octets that they are */
#define PSK_IS_SEALED	0xff		/* in the place of that length: a fingerprint, and then the PSK as ever */
#define PRINT_LEN	(MPSK_FINGERPRINT_LEN / 2)
#define NUMBER_MAX	10		/* octets */

/* Where to write, or only to count. */
typedef struct {
	uint8_t	*out;
	size_t	n;
} writer_t;

/* What is not read yet. */
typedef struct {
	uint8_t	*p;
} reader_t;

typedef struct row row_t;

/* How the values of a type are packed; absent() sets what stands for one that is not there, where that is not zero. */
typedef struct {
	bool	(*present)(row_t const *row, mpsk_key_t const *key);
	void	(*write)(row_t const *row, mpsk_key_t const *key, writer_t *writer);
	void	(*read)(row_t const *row, mpsk_key_t *key, reader_t *reader);
	void	(*absent)(row_t const *row, mpsk_key_t *key);
} type_t;

struct row {
	type_t const	*type;
	size_t		at;		/* of the field in mpsk_key_t */
	int64_t		absent;		/* of a number */
};

static void *field_of(row_t const *row, mpsk_key_t *key)
{
	return (uint8_t *) key + row->at;
}

static void const *field_in(row_t const *row, mpsk_key_t const *key)
{
	return (uint8_t const *) key + row->at;
}

static void octets_write(writer_t *writer, void const *octets, size_t n)
{
	if (writer->out) memcpy(writer->out + writer->n, octets, n);
	writer->n += n;
}

static void octet_write(writer_t *writer, uint8_t octet)
{
	octets_write(writer, &octet, 1);
}

static void octets_read(reader_t *reader, void *octets, size_t n)
{
	memcpy(octets, reader->p, n);
	reader->p += n;
}

static void varint_write(writer_t *writer, uint64_t number)
{
	for (; number >= 0x80; number >>= 7) octet_write(writer, (uint8_t) (number | 0x80));
	octet_write(writer, (uint8_t) number);
}

static uint64_t varint_read(reader_t *reader)
{
	uint64_t number = 0;

	for (unsigned i = 0; i < NUMBER_MAX; i++) {
		uint8_t octet = *reader->p++;

		number |= (uint64_t) (octet & 0x7f) << 7 * i;
		if (octet < 0x80) break;
	}
	return number;
}

static void nothing_absent(row_t const *row, mpsk_key_t *key)
{
	(void) row;
	(void) key;
}

/*
 * --- The types ---
 */
static bool text_present(row_t const *row, mpsk_key_t const *key)
{
	return *(char *const *) field_in(row, key) != NULL;
}

static void text_write(row_t const *row, mpsk_key_t const *key, writer_t *writer)
{
	char const *text = *(char *const *) field_in(row, key);

	octets_write(writer, text, strlen(text) + 1);
}

static void text_read(row_t const *row, mpsk_key_t *key, reader_t *reader)
{
	*(char **) field_of(row, key) = (char *) reader->p;
	reader->p += strlen((char *) reader->p) + 1;
}

/* A name that differs from the id; else it is the id's octets. */
static bool name_present(row_t const *row, mpsk_key_t const *key)
{
	(void) row;
	return strcmp(key->name, key->id) != 0;
}

static void name_absent(row_t const *row, mpsk_key_t *key)
{
	(void) row;
	key->name = key->id;
}

static bool org_present(row_t const *row, mpsk_key_t const *key)
{
	(void) row;
	return key->org[0] != '\0';
}

static void org_absent(row_t const *row, mpsk_key_t *key)
{
	static char none[] = "";

	(void) row;
	key->org = none;
}

static bool psk_present(row_t const *row, mpsk_key_t const *key)
{
	return ((wpa_psk_t const *) field_in(row, key))->len > 0;
}

/* Upper-case digits stay as they are: the fingerprint is one of the text. */
static bool psk_is_hex(wpa_psk_t const *psk)
{
	for (size_t i = 0; i < psk->len; i++) {
		if (psk->octets[i] >= 'A' && psk->octets[i] <= 'F') return false;
	}
	return wpa_psk_is_pmk(psk);
}

static bool is_old(row_t const *row)
{
	return row->at == offsetof(mpsk_key_t, old_psk);
}

/* The fingerprint is that of the sealed text, which nobody can make again of the PSK. */
static void print_write(row_t const *row, mpsk_key_t const *key, writer_t *writer)
{
	uint8_t octets[PRINT_LEN];

	if (!(is_old(row) ? key->sealed_old_psk : key->sealed_psk)) return;
	if (!mpsk_hex_decode(octets, sizeof(octets), is_old(row) ? key->old_fingerprint : key->fingerprint,
			     MPSK_FINGERPRINT_LEN)) return;
	octet_write(writer, PSK_IS_SEALED);
	octets_write(writer, octets, sizeof(octets));
}

static void print_read(row_t const *row, mpsk_key_t *key, reader_t *reader)
{
	if (*reader->p != PSK_IS_SEALED) return;
	mpsk_hex_encode(is_old(row) ? key->old_fingerprint : key->fingerprint, reader->p + 1, PRINT_LEN);
	reader->p += 1 + PRINT_LEN;
}

static void psk_write(row_t const *row, mpsk_key_t const *key, writer_t *writer)
{
	wpa_psk_t const *psk = field_in(row, key);

	print_write(row, key, writer);
	if (psk_is_hex(psk)) {
		octet_write(writer, PSK_IS_HEX | WPA_PMK_LEN);
		for (size_t i = 0; i < WPA_PMK_LEN; i++) {
			octet_write(writer, (uint8_t) (mpsk_hex_digit((char) psk->octets[2 * i]) << 4 |
						       mpsk_hex_digit((char) psk->octets[2 * i + 1])));
		}
		return;
	}
	octet_write(writer, psk->len);
	octets_write(writer, psk->octets, psk->len);
}

static void psk_read(row_t const *row, mpsk_key_t *key, reader_t *reader)
{
	static char const digits[] = "0123456789abcdef";
	wpa_psk_t *psk = field_of(row, key);
	uint8_t len;

	print_read(row, key, reader);
	len = *reader->p++;
	if (len == (PSK_IS_HEX | WPA_PMK_LEN)) {
		psk->len = WPA_PSK_MAX;
		for (size_t i = 0; i < WPA_PSK_MAX; i++) {
			psk->octets[i] = (uint8_t) digits[reader->p[i / 2] >> (i % 2 ? 0 : 4) & 0x0f];
		}
		reader->p += WPA_PMK_LEN;
		return;
	}
	psk->len = len;
	octets_read(reader, psk->octets, len);
}

#define NUMBER_TYPE(_name, _c_type) \
	static bool _name##_present(row_t const *row, mpsk_key_t const *key) \
	{ \
		return (int64_t) *(_c_type const *) field_in(row, key) != row->absent; \
	} \
	static void _name##_write(row_t const *row, mpsk_key_t const *key, writer_t *writer) \
	{ \
		varint_write(writer, (uint64_t) *(_c_type const *) field_in(row, key)); \
	} \
	static void _name##_read(row_t const *row, mpsk_key_t *key, reader_t *reader) \
	{ \
		*(_c_type *) field_of(row, key) = (_c_type) varint_read(reader); \
	} \
	static void _name##_absent(row_t const *row, mpsk_key_t *key) \
	{ \
		*(_c_type *) field_of(row, key) = (_c_type) row->absent; \
	} \
	static type_t const _name = { _name##_present, _name##_write, _name##_read, _name##_absent };

NUMBER_TYPE(number, int64_t)
NUMBER_TYPE(small, uint16_t)
NUMBER_TYPE(usage, mpsk_usage_t)

/* A flag's bit is all that there is of it. */
static bool flag_present(row_t const *row, mpsk_key_t const *key)
{
	return *(bool const *) field_in(row, key);
}

static void flag_write(row_t const *row, mpsk_key_t const *key, writer_t *writer)
{
	(void) row;
	(void) key;
	(void) writer;
}

static void flag_read(row_t const *row, mpsk_key_t *key, reader_t *reader)
{
	(void) reader;
	*(bool *) field_of(row, key) = true;
}

static bool sites_present(row_t const *row, mpsk_key_t const *key)
{
	(void) row;
	return key->sites != NULL;
}

static void sites_write(row_t const *row, mpsk_key_t const *key, writer_t *writer)
{
	char const *end = key->sites;

	(void) row;
	for (size_t i = 0; i < key->n_sites; i++) end = mpsk_key_site_next(end);
	varint_write(writer, key->n_sites);
	octets_write(writer, key->sites, (size_t) (end - key->sites));
}

static void sites_read(row_t const *row, mpsk_key_t *key, reader_t *reader)
{
	(void) row;
	key->n_sites = (size_t) varint_read(reader);
	key->sites = (char *) reader->p;
	for (size_t i = 0; i < key->n_sites; i++) reader->p += strlen((char *) reader->p) + 1;
}

_Static_assert(_Alignof(mpsk_mac_pattern_t) == 1, "patterns are looked at where they lie, among octets");

static bool macs_present(row_t const *row, mpsk_key_t const *key)
{
	(void) row;
	return key->n_macs > 0;
}

static void macs_write(row_t const *row, mpsk_key_t const *key, writer_t *writer)
{
	(void) row;
	varint_write(writer, key->n_macs);
	octets_write(writer, key->macs, key->n_macs * sizeof(key->macs[0]));
}

static void macs_read(row_t const *row, mpsk_key_t *key, reader_t *reader)
{
	(void) row;
	key->n_macs = (size_t) varint_read(reader);
	key->macs = (mpsk_mac_pattern_t *) reader->p;
	reader->p += key->n_macs * sizeof(key->macs[0]);
}

static bool hours_present(row_t const *row, mpsk_key_t const *key)
{
	(void) row;
	return key->hours.n > 0;
}

/* The zone is good for as long as the process runs, so its address is all that there is to pack of it. */
static void hours_write(row_t const *row, mpsk_key_t const *key, writer_t *writer)
{
	(void) row;
	octets_write(writer, &key->hours.zone, sizeof(key->hours.zone));
	varint_write(writer, key->hours.n);
	octets_write(writer, key->hours.windows, key->hours.n * sizeof(key->hours.windows[0]));
}

static void hours_read(row_t const *row, mpsk_key_t *key, reader_t *reader)
{
	(void) row;
	octets_read(reader, &key->hours.zone, sizeof(key->hours.zone));
	key->hours.n = (size_t) varint_read(reader);
	octets_read(reader, key->hours.windows, key->hours.n * sizeof(key->hours.windows[0]));
}

/*
 * --- The table ---
 */
static type_t const text = { text_present, text_write, text_read, nothing_absent };
static type_t const name = { name_present, text_write, text_read, name_absent };
static type_t const org = { org_present, text_write, text_read, org_absent };
static type_t const psk = { psk_present, psk_write, psk_read, nothing_absent };
static type_t const flag = { flag_present, flag_write, flag_read, nothing_absent };
static type_t const sites = { sites_present, sites_write, sites_read, nothing_absent };
static type_t const hours = { hours_present, hours_write, hours_read, nothing_absent };
static type_t const macs = { macs_present, macs_write, macs_read, nothing_absent };

#define ROW(_type, _field) { .type = &_type, .at = offsetof(mpsk_key_t, _field) }
#define LIMIT(_field) { .type = &number, .at = offsetof(mpsk_key_t, _field), .absent = MPSK_LIMIT_DEFAULT }

static row_t const rows[] = {
	ROW(flag, any_ssid), ROW(text, id), ROW(name, name), ROW(org, org), ROW(text, role),
	ROW(psk, psk), ROW(psk, old_psk), ROW(number, old_exp),
	ROW(sites, sites), ROW(usage, usage), ROW(macs, macs), ROW(small, vlan), ROW(text, vlan_name),
	LIMIT(max), LIMIT(concurrent), LIMIT(idle), ROW(flag, enabled), ROW(number, nbf), ROW(number, exp),
	ROW(hours, hours), ROW(number, created), ROW(number, modified),
};

#define ROWS		(sizeof(rows) / sizeof(rows[0]))
#define ANY_SSID_BIT	0	/* its row's place */
#define PMKS_BIT	ROWS	/* behind all rows: their number, and of each its SSID's length, the SSID and the PMK */

_Static_assert(ROWS + 1 <= 8 * BITS_LEN, "each row has its bit");

static void bit_set(uint8_t *packed, size_t bit)
{
	if (packed) packed[bit / 8] |= (uint8_t) (1u << bit % 8);
}

static bool has_bit(uint8_t const *packed, size_t bit)
{
	return packed[bit / 8] & 1u << bit % 8;
}

static void pmks_write(mpsk_key_t const *key, writer_t *writer)
{
	size_t n = key->n_pmks < MPSK_PACKED_PMKS_MAX ? key->n_pmks : MPSK_PACKED_PMKS_MAX;

	varint_write(writer, n);
	for (size_t i = 0; i < n; i++) {
		mpsk_key_pmk_t const *known = &key->pmks[i];

		octet_write(writer, known->ssid.len);
		octets_write(writer, known->ssid.octets, known->ssid.len);
		octets_write(writer, &known->pmk, sizeof(known->pmk));
	}
}

/* Read up to the end, or up to the PMK of an SSID where one is given; whether it is there. */
static bool pmks_read(reader_t *reader, mpsk_ssid_t const *ssid)
{
	for (uint64_t n = varint_read(reader); n > 0; n--) {
		size_t len = *reader->p++;
		bool found = ssid && len == ssid->len && memcmp(reader->p, ssid->octets, len) == 0;

		reader->p += len;
		if (found) return true;
		reader->p += WPA_PMK_LEN;
	}
	return false;
}

static void rows_read(mpsk_key_t *key, uint8_t const *packed, reader_t *reader)
{
	memset(key, 0, sizeof(*key));
	for (size_t i = 0; i < ROWS; i++) {
		if (has_bit(packed, i)) {
			rows[i].type->read(&rows[i], key, reader);
		} else {
			rows[i].type->absent(&rows[i], key);
		}
	}
}

size_t mpsk_key_pack(uint8_t *out, mpsk_key_t const *key)
{
	writer_t writer = { .out = out, .n = BITS_LEN };

	if (out) memset(out, 0, BITS_LEN);
	for (size_t i = 0; i < ROWS; i++) {
		if (!rows[i].type->present(&rows[i], key)) continue;
		bit_set(out, i);
		rows[i].type->write(&rows[i], key, &writer);
	}
	if (key->any_ssid && key->n_pmks > 0) {
		bit_set(out, PMKS_BIT);
		pmks_write(key, &writer);
	}
	return writer.n;
}

size_t mpsk_key_unpack(mpsk_key_t *key, uint8_t *packed, mpsk_ssid_t const *ssid)
{
	reader_t reader = { .p = packed + BITS_LEN };

	rows_read(key, packed, &reader);
	if (!key->any_ssid) key->ssid = *ssid;
	if (has_bit(packed, PMKS_BIT)) (void) pmks_read(&reader, NULL);
	return (size_t) (reader.p - packed);
}

void mpsk_key_fingerprints(mpsk_key_t *key)
{
	if (!key->fingerprint[0]) mpsk_key_fingerprint(key->fingerprint, key->psk.octets, key->psk.len);
	if (key->old_psk.len == 0 || key->old_fingerprint[0]) return;
	mpsk_key_fingerprint(key->old_fingerprint, key->old_psk.octets, key->old_psk.len);
}

char const *mpsk_key_packed_id(uint8_t const *packed)
{
	return (char const *) packed + ID_AT;
}

bool mpsk_key_packed_any_ssid(uint8_t const *packed)
{
	return has_bit(packed, ANY_SSID_BIT);
}

bool mpsk_key_packed_pmk(uint8_t *packed, mpsk_ssid_t const *ssid, wpa_pmk_t *pmk)
{
	reader_t reader = { .p = packed + BITS_LEN };
	mpsk_key_t key;

	if (!has_bit(packed, PMKS_BIT)) return false;
	rows_read(&key, packed, &reader);
	mpsk_secret_wipe(&key, sizeof(key));
	if (!pmks_read(&reader, ssid)) return false;
	octets_read(&reader, pmk, sizeof(*pmk));
	return true;
}
