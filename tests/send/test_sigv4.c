/*
 * The signature of Amazon's requests (AWS Signature Version 4), computed again
 * from the bytes that a server of ours received.
 */
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "../../pam_mfa/core/text.h"
#include "wire.h"

#define KEY "zK+/=aws.key"	/* as sample_secret() makes it */
/* Appends the value of a header, which stands there exactly once. */
static void
header(const struct request *q, const char *name, struct buf *ret)
{
	unsigned found = 0;
	size_t n = strlen(name);

	for (const char *l = strchr(q->head, '\n'); l != NULL;
	    l = strchr(l, '\n')) {
		size_t len = strcspn(++l, "\r");

		if (len <= n || l[n] != ':' || strncasecmp(l, name, n))
			continue;
		found++;
		l += n + 1 + strspn(l + n + 1, " ");
		assert_int_equal(buf_put(ret, l, strcspn(l, "\r")), MFA_OK);
	}
	if (found != 1)
		fail_msg("header %s: %u times", name, found);
}

static void
sha256_hex(const char *text, char ret[65])
{
	unsigned char md[EVP_MAX_MD_SIZE];

	assert_int_equal(EVP_Digest(text, strlen(text), md, NULL, EVP_sha256(),
	    NULL), 1);
	text_hex(ret, md, 32);
}

static void
hmac(unsigned char key[32], size_t keylen, const char *text)
{
	unsigned char md[EVP_MAX_MD_SIZE];

	assert_non_null(HMAC(EVP_sha256(), key, (int)keylen,
	    (const unsigned char *)text, strlen(text), md, NULL));
	memcpy(key, md, 32);
}

/* What stands in the Authorization header between name and a stop. */
static void
field(const char *auth, const char *name, const char *stops, char ret[256])
{
	const char *at = strstr(auth, name);

	assert_non_null(at);
	at += strlen(name);
	assert_true(strcspn(at, stops) < 256);
	memcpy(ret, at, strcspn(at, stops));
	ret[strcspn(at, stops)] = '\0';
}

static void
canonical(const struct request *q, const char *names, char ret[65])
{
	struct buf text = { 0 };
	char list[256], hash[65], *rest;

	assert_int_equal(buf_puts(&text, "POST\n/\n\n"), MFA_OK);
	snprintf(list, sizeof(list), "%s", names);
	for (const char *name = strtok_r(list, ";", &rest); name != NULL;
	    name = strtok_r(NULL, ";", &rest)) {
		assert_int_equal(buf_printf(&text, "%s:", name), MFA_OK);
		header(q, name, &text);
		assert_int_equal(buf_puts(&text, "\n"), MFA_OK);
	}
	sha256_hex(q->body, hash);
	assert_int_equal(buf_printf(&text, "\n%s\n%s", names, hash), MFA_OK);
	sha256_hex(buf_str(&text), ret);
	buf_wipe(&text);
}

static void
verify(const struct request *q, const char *service)
{
	char names[256], scope[256], want[256], hash[65], got[65];
	unsigned char key[64] = "AWS4" KEY;
	struct buf auth = { 0 }, date = { 0 }, text = { 0 };
	char *part, *rest;

	header(q, "Authorization", &auth);
	header(q, "X-Amz-Date", &date);
	field(buf_str(&auth), "SignedHeaders=", ",", names);
	field(buf_str(&auth), "Signature=", ",", want);
	field(buf_str(&auth), "Credential=AKIAXXXXXXXXXXXXXXXX/", ",", scope);
	canonical(q, names, hash);
	assert_int_equal(buf_printf(&text, "AWS4-HMAC-SHA256\n%s\n%s\n%s",
	    buf_str(&date), scope, hash), MFA_OK);
	hmac(key, strlen("AWS4" KEY), strtok_r(scope, "/", &rest));
	while ((part = strtok_r(NULL, "/", &rest)) != NULL) {
		hmac(key, 32, part);
		if (service != NULL && !strcmp(part, service))
			service = NULL;
	}
	assert_null(service);
	hmac(key, 32, buf_str(&text));
	assert_string_equal(text_hex(got, key, 32), want);
	buf_wipe(&auth);
	buf_wipe(&date);
	buf_wipe(&text);
}

static void
one(const char *file, enum sending_kind kind, const char *service)
{
	struct sending_request req = sample_request(kind, "ja");
	struct http_request *q = calloc(1, sizeof(*q));
	struct request *got = calloc(1, sizeof(*got));
	struct buf text = { 0 };
	struct mfa_why why = { "" };
	struct profile *p;

	assert_non_null(q);
	assert_non_null(got);
	sample_file(file, &text);
	assert_int_equal(sample_load(buf_str(&text), kind, &p, &why), MFA_OK);
	assert_int_equal(profile_request(p, &req, NULL, q, &why), MFA_OK);
	exchange(q, got);
	verify(got, service);
	profile_free(p);
	http_request_wipe(q);
	buf_wipe(&text);
	free(got);
	free(q);
}

static void
signed_rightly(void **unused)
{
	(void)unused;
	one("conf/senders/aws-sns.conf", SENDING_SMS, "sns");
	one("conf/senders/aws-eum.conf", SENDING_SMS, "sms-voice");
	one("conf/senders/aws-eum.conf", SENDING_VOICE, "sms-voice");
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(signed_rightly) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
