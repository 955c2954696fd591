/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "certs.h"

#include <stdio.h>
#include <stdlib.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

static void need(int ok, char const *what)
{
	if (ok) return;
	fprintf(stderr, "certs: %s\n", what);
	exit(1);
}

static FILE *certs_open(char const *dir, char const *name, char const *suffix, char const *mode)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s.%s", dir, name, suffix);
	f = fopen(path, mode);
	need(f != NULL, path);
	return f;
}

static void add_extension(X509 *cert, X509 *issuer, int nid, char const *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *extension;

	X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
	extension = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	need(extension && X509_add_ext(cert, extension, -1), value);
	X509_EXTENSION_free(extension);
}

static void write_files(char const *dir, char const *name, X509 *cert, EVP_PKEY *key)
{
	FILE *f = certs_open(dir, name, "pem", "w");

	need(PEM_write_X509(f, cert), name);
	fclose(f);
	f = certs_open(dir, name, "key", "w");
	need(PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL), name);
	fclose(f);
}

void certs_make(char const *dir, char const *name, char const *issuer, char const *names, long seconds)
{
	static long serial;
	EVP_PKEY *key = EVP_EC_gen("P-256");
	EVP_PKEY *issuer_key = key;
	X509 *cert = X509_new();
	X509 *issuer_cert = cert;
	X509_NAME *subject = X509_get_subject_name(cert);

	need(key && cert, "out of memory");
	X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, (unsigned char const *) name, -1, -1, 0);
	if (issuer) {
		FILE *f = certs_open(dir, issuer, "pem", "r");

		issuer_cert = PEM_read_X509(f, NULL, NULL, NULL);
		fclose(f);
		f = certs_open(dir, issuer, "key", "r");
		issuer_key = PEM_read_PrivateKey(f, NULL, NULL, NULL);
		fclose(f);
	}
	need(issuer_cert && issuer_key, "no issuer");
	X509_set_version(cert, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(cert), ++serial);
	X509_gmtime_adj(X509_getm_notBefore(cert), -24 * 3600);
	X509_gmtime_adj(X509_getm_notAfter(cert), seconds);
	X509_set_issuer_name(cert, X509_get_subject_name(issuer_cert));
	X509_set_pubkey(cert, key);
	add_extension(cert, issuer_cert, NID_basic_constraints, issuer ? "CA:FALSE" : "critical,CA:TRUE");
	if (names) add_extension(cert, issuer_cert, NID_subject_alt_name, names);
	need(X509_sign(cert, issuer_key, EVP_sha256()), "cannot sign");
	write_files(dir, name, cert, key);
	if (issuer) {
		X509_free(issuer_cert);
		EVP_PKEY_free(issuer_key);
	}
	X509_free(cert);
	EVP_PKEY_free(key);
}
