/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A request, put to the reader of every dialect. The input: attributes as
 * two octets of their vendor's code, one each of their number, that of their
 * part and their length, and as many octets. Of a vendor that has no such
 * attribute it is one that nobody knows, or with part 255 one that could not
 * be decoded.
 */
#include "rlm_mpsk/dialect/avpair.h"
#include "rlm_mpsk/dialect/dialect.h"
#include "rlm_mpsk/dialect/findkey.h"
#include "tests/fuzz/fuzz.h"

#define BLOCKS_MAX	96	/* attributes of one request */
#define VALUE_MAX	253
#define UNDECODED	255

typedef struct {
	size_t	n;
	struct {
		uint8_t	*octets;
		size_t	len;
	} blocks[BLOCKS_MAX];
} blocks_t;

static void blocks_free(blocks_t *blocks)
{
	for (size_t i = 0; i < blocks->n; i++) free(blocks->blocks[i].octets);
}

static void add(dialect_request_t *request, unsigned vendor_code, uint8_t number, uint8_t part,
		uint8_t const *octets, size_t len)
{
	dialect_vendor_t vendor = vendor_code ? dialect_vendor_find(vendor_code) : DIALECT_RFC;
	dialect_attribute_t attribute = dialect_attribute_find(vendor, number, part);

	if (vendor_code && vendor == DIALECT_RFC) return;
	if (attribute != DIALECT_ATTRIBUTE_MAX) {
		dialect_request_add(request, attribute, octets, len);
	} else if (vendor != DIALECT_RFC && part == UNDECODED) {
		dialect_request_add_undecoded(request, vendor, "Attr-26");
	} else if (vendor != DIALECT_RFC) {
		dialect_request_add_vendor(request, vendor);
	}
}

static void fill(dialect_request_t *request, blocks_t *blocks, fuzz_input_t *in)
{
	dialect_request_begin(request);
	while (in->left && blocks->n < BLOCKS_MAX) {
		unsigned high = fuzz_octet(in), vendor = high << 8 | fuzz_octet(in);
		uint8_t number = fuzz_octet(in), part = fuzz_octet(in), want = fuzz_octet(in);
		size_t len;
		uint8_t *octets = fuzz_take(in, want > VALUE_MAX ? VALUE_MAX : want, &len);

		blocks->blocks[blocks->n].octets = octets;
		blocks->blocks[blocks->n++].len = len;
		add(request, vendor, number, part, octets, len);
	}
}

/* Whether octets are one of the blocks' or the room where fragments are put together. */
static int is_within(uint8_t const *octets, size_t len, dialect_request_t const *request, blocks_t const *blocks)
{
	uintptr_t at = (uintptr_t) octets, joined = (uintptr_t) request->joined;

	if (at >= joined && at + len <= joined + sizeof(request->joined)) return 1;
	for (size_t i = 0; i < blocks->n; i++) {
		uintptr_t start = (uintptr_t) blocks->blocks[i].octets;

		if (at >= start && at + len <= start + blocks->blocks[i].len) return 1;
	}
	return 0;
}

static void check_read(dialect_t const *dialect, dialect_request_t *request, blocks_t const *blocks)
{
	mpsk_query_t query = { .nas = "" };
	mpsk_error_t err = { "" };
	mpsk_status_t status = dialect->read(request, &query, &err);

	FUZZ_CHECK(query.ssid.len <= MPSK_SSID_MAX);
	if (status != MPSK_OK) {
		FUZZ_CHECK(status == MPSK_BAD);
		fuzz_check_error(&err);
		return;
	}
	/* A handshake, whole or not, is never taken for a MAC alone. */
	FUZZ_CHECK(query.unbound == (dialect->relay != DIALECT_RFC && dialect_request_relays(request, dialect->relay)));
	if (!query.unbound) return;
	FUZZ_CHECK(!request->undecoded);
	FUZZ_CHECK(query.anonce && is_within(query.anonce, query.anonce_len, request, blocks));
	FUZZ_CHECK(query.frame && is_within(query.frame, query.frame_len, request, blocks));
}

static void check_sae(dialect_request_t const *request)
{
	dialect_value_t const *value = &request->values[DIALECT_WLAN_AKM_SUITE];
	mpsk_error_t err = { "" };
	bool by_sae = true;

	if (dialect_request_by_sae(request, &by_sae, &err) != MPSK_OK) {
		FUZZ_CHECK(value->n && !by_sae);
		fuzz_check_error(&err);
	} else {
		FUZZ_CHECK(!value->n || (value->n == 1 && value->len == sizeof(uint32_t)));
		FUZZ_CHECK(value->n || !by_sae);
	}
}

static void check_find(dialect_request_t const *request)
{
	dialect_t const *found = dialect_find(request, NULL);

	if (dialect_request_has(request, DIALECT_EAP_MESSAGE)) {
		FUZZ_CHECK(!found);
	} else if (dialect_request_is_mac_auth(request)) {
		FUZZ_CHECK(found);
	}
	if (found && !dialect_request_is_mac_auth(request)) FUZZ_CHECK(request->relayed);
	for (size_t i = 0; dialect_at(i); i++) {
		FUZZ_CHECK((dialect_find(request, dialect_at(i)) != NULL) == (found != NULL));
	}
}

static void check_findkey(uint8_t const *data, size_t size)
{
	findkey_t findkey;
	mpsk_error_t err = { "" };

	if (findkey_parse(&findkey, data, size, &err) != MPSK_OK) {
		fuzz_check_error(&err);
		return;
	}
	for (size_t i = 0; i < FINDKEY_MAX; i++) {
		findkey_part_t const *part = &findkey.parts[i];

		if (part->octets) FUZZ_CHECK(part->octets >= data && part->octets + part->len <= data + size);
	}
}

int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
	static dialect_request_t request;
	blocks_t blocks = { .n = 0 };
	fuzz_input_t in = { data, size };

	fill(&request, &blocks, &in);
	check_find(&request);
	check_sae(&request);
	for (size_t i = 0; dialect_at(i); i++) check_read(dialect_at(i), &request, &blocks);
	for (size_t i = 0; i < blocks.n; i++) check_findkey(blocks.blocks[i].octets, blocks.blocks[i].len);
	blocks_free(&blocks);
	return 0;
}
