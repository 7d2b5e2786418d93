/* The one place of mfa-send that sees OpenSSL. */
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "certificate.h"

/* With one name of these kinds libcurl does not look at the subject. */
static int
names_a_host(X509 *cert)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(cert, NID_subject_alt_name,
	    NULL, NULL);
	int found = 0;

	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		int type = sk_GENERAL_NAME_value(names, i)->type;

		found |= type == GEN_DNS || type == GEN_IPADD;
	}
	GENERAL_NAMES_free(names);
	return found;
}

/* Of each certificate of the chain; ok: OpenSSL's own verdict. */
static int
judge(int ok, X509_STORE_CTX *chain)
{
	if (!ok || X509_STORE_CTX_get_error_depth(chain) > 0 ||
	    names_a_host(X509_STORE_CTX_get_current_cert(chain)))
		return ok;
	X509_STORE_CTX_set_error(chain, X509_V_ERR_HOSTNAME_MISMATCH);
	return 0;
}

CURLcode
certificate_strict(CURL *curl, void *ssl_ctx, void *unused)
{
	(void)curl;
	(void)unused;
	SSL_CTX_set_verify(ssl_ctx, SSL_VERIFY_PEER, judge);
	return CURLE_OK;
}
