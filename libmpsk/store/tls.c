/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/tls.h"

#include <arpa/inet.h>
#include <string.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

struct mpsk_tls {
	SSL_CTX	*ctx;
	char	*server_name;	/* that certificates have to be for, in place of the host; or NULL */
};

static int tls_free(mpsk_tls_t *tls)
{
	SSL_CTX_free(tls->ctx);
	return 0;
}

/* A key under a passphrase must fail, not ask at the terminal of whoever started the server. */
static int no_passphrase(char *buf, int size, int writing, void *uctx)
{
	(void) buf;
	(void) size;
	(void) writing;
	(void) uctx;
	return -1;
}

/* The server asks who we are. In TLS 1.3 it refuses only after the handshake, and what it says may get lost. */
static int note_wish(SSL *ssl, X509 **certificate, EVP_PKEY **key)
{
	static char const wish[] = "a client certificate";

	(void) certificate;
	(void) key;
	SSL_set_app_data(ssl, (void *) (uintptr_t) wish);
	return 0;
}

static mpsk_status_t tls_bad(mpsk_error_t *err, char const *what, char const *path)
{
	unsigned long code = ERR_peek_last_error();
	char const *reason = code ? ERR_reason_error_string(code) : NULL;
	char text[128];

	if (code && ERR_SYSTEM_ERROR(code)) reason = strerror_r(ERR_GET_REASON(code), text, sizeof(text));
	ERR_clear_error();
	return mpsk_error_set(err, MPSK_BAD, "TLS %s %s: %s", what, path, reason ? reason : "cannot be read");
}

static mpsk_status_t tls_trust(SSL_CTX *ctx, mpsk_store_tls_t const *config, mpsk_error_t *err)
{
	if (config->ca_file && SSL_CTX_load_verify_file(ctx, config->ca_file) != 1) {
		return tls_bad(err, "CA file", config->ca_file);
	}
	if (config->ca_path && SSL_CTX_load_verify_dir(ctx, config->ca_path) != 1) {
		return tls_bad(err, "CA path", config->ca_path);
	}
	if (!config->ca_file && !config->ca_path && SSL_CTX_set_default_verify_paths(ctx) != 1) {
		return mpsk_error_set(err, MPSK_ERR, "TLS: the system's CAs cannot be read");
	}
	return MPSK_OK;
}

static mpsk_status_t tls_identity(SSL_CTX *ctx, mpsk_store_tls_t const *config, mpsk_error_t *err)
{
	if (!config->certificate_file != !config->private_key_file) {
		return mpsk_error_set(err, MPSK_BAD, "TLS: a certificate file and a private key file go together, "
				      "and only one is given");
	}
	if (!config->certificate_file) {
		SSL_CTX_set_client_cert_cb(ctx, note_wish);
		return MPSK_OK;
	}
	if (SSL_CTX_use_certificate_chain_file(ctx, config->certificate_file) != 1) {
		return tls_bad(err, "certificate file", config->certificate_file);
	}
	if (SSL_CTX_use_PrivateKey_file(ctx, config->private_key_file, SSL_FILETYPE_PEM) != 1) {
		return tls_bad(err, "private key file", config->private_key_file);
	}
	return MPSK_OK;
}

mpsk_status_t mpsk_tls_create(TALLOC_CTX *ctx, mpsk_tls_t **tls, mpsk_store_tls_t const *config, mpsk_error_t *err)
{
	mpsk_tls_t *t = talloc_zero(ctx, mpsk_tls_t);
	mpsk_status_t status;

	*tls = NULL;
	if (!t) return mpsk_error_set(err, MPSK_ERR, "out of memory");
	talloc_set_destructor(t, tls_free);
	t->ctx = SSL_CTX_new(TLS_client_method());
	t->server_name = config->server_name ? talloc_strdup(t, config->server_name) : NULL;
	if (!t->ctx || (config->server_name && !t->server_name) ||
	    SSL_CTX_set_min_proto_version(t->ctx, TLS1_2_VERSION) != 1) {
		talloc_free(t);
		return mpsk_error_set(err, MPSK_ERR, "out of memory");
	}
	SSL_CTX_set_verify(t->ctx, SSL_VERIFY_PEER, NULL);
	/* What is sent may be in another place at the second attempt. */
	SSL_CTX_set_mode(t->ctx, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	SSL_CTX_set_default_passwd_cb(t->ctx, no_passphrase);
	ERR_clear_error();
	status = tls_trust(t->ctx, config, err);
	if (status == MPSK_OK) status = tls_identity(t->ctx, config, err);
	if (status != MPSK_OK) {
		talloc_free(t);
		return status;
	}
	*tls = t;
	return MPSK_OK;
}

static bool is_address(char const *host)
{
	struct in6_addr any;

	return inet_pton(AF_INET, host, &any) == 1 || inet_pton(AF_INET6, host, &any) == 1;
}

/* A certificate names addresses apart from names, and SNI takes no address (RFC 6066, section 3). */
static bool tls_expect(SSL *ssl, char const *host)
{
	if (is_address(host)) return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host) == 1;
	return SSL_set1_host(ssl, host) == 1 && SSL_set_tlsext_host_name(ssl, host) == 1;
}

SSL *mpsk_tls_attach(mpsk_tls_t const *tls, int fd, char const *host)
{
	SSL *ssl = SSL_new(tls->ctx);

	if (!ssl) return NULL;
	if (SSL_set_fd(ssl, fd) != 1 || !tls_expect(ssl, tls->server_name ? tls->server_name : host)) {
		SSL_free(ssl);
		return NULL;
	}
	SSL_set_connect_state(ssl);
	return ssl;
}

#define TLS_WISH "the server wants a client certificate: give a certificate file and a private key file"

typedef struct {
	int		reason;
	char const	*text;
} tls_reason_t;

static tls_reason_t const tls_reasons[] = {
	{ SSL_R_WRONG_VERSION_NUMBER,
	  "the server speaks no TLS: is it another port, or redis:// in place of rediss://?" },
	{ SSL_R_UNSUPPORTED_PROTOCOL, "the server speaks no TLS as new as 1.2" },
	{ SSL_R_TLSV1_ALERT_PROTOCOL_VERSION, "the server speaks no TLS as new as 1.2" },
	{ SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED,
	  TLS_WISH },
	{ SSL_R_TLSV1_ALERT_UNKNOWN_CA, "the server does not know the CA of our client certificate" },
	{ SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED, "our client certificate has expired" },
	{ SSL_R_SSLV3_ALERT_BAD_CERTIFICATE, "the server refuses our client certificate" },
};

static char const *tls_cure(long verified)
{
	switch (verified) {
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
		return ": is the CA file that of the server's CA?";

	case X509_V_ERR_HOSTNAME_MISMATCH:
	case X509_V_ERR_IP_ADDRESS_MISMATCH:
		return ": the certificate is for another host than the URI names";

	default:
		return "";
	}
}

void mpsk_tls_why(SSL *ssl, mpsk_error_t *why)
{
	unsigned long code = ERR_peek_error();
	long verified = SSL_get_verify_result(ssl);
	int reason = code ? ERR_GET_REASON(code) : 0;

	ERR_clear_error();
	if (SSL_get_app_data(ssl) && (!code || reason == SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE)) {
		mpsk_error_set(why, MPSK_OK, TLS_WISH);
		return;
	}
	if (code && reason == SSL_R_CERTIFICATE_VERIFY_FAILED) {
		mpsk_error_set(why, MPSK_OK, "the server's certificate is refused: %s%s",
			       X509_verify_cert_error_string(verified), tls_cure(verified));
		return;
	}
	for (size_t i = 0; i < sizeof(tls_reasons) / sizeof(tls_reasons[0]); i++) {
		if (!code || tls_reasons[i].reason != reason) continue;
		mpsk_error_set(why, MPSK_OK, "%s", tls_reasons[i].text);
		return;
	}
	mpsk_error_set(why, MPSK_OK, "TLS: %s", code && ERR_reason_error_string(code) ? ERR_reason_error_string(code) :
		       "the connection is lost");
}
