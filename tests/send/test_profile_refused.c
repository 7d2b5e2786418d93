/* Every mistake in a profile is refused, with its line and what to write. */
#include "sample.h"

#define URL "url = https://example.com/\n"
#define OK "ok_status = 200\n"

/* text of the profile, the line that is blamed, a word of the sentence */
static const struct {
	const char *text;
	unsigned line;
	const char *says;
} mistakes[] = {
	{ "key = 1\n", 1, "before the first [section]" },
	{ "[sms]\nnonsense\n", 2, "expected" },
	{ "[smss]\n", 1, "did you mean [sms]" },
	{ "[profile x]\n", 1, "stands alone" },
	{ "[sms poll]\n", 1, "not polled" },
	{ "[map]\n", 1, "[map NAME]" },
	{ "[map A]\n", 1, "[map NAME]" },
	{ "[part]\n", 1, "[part NAME]" },
	{ SAMPLE_SMS "[sms]\n", 4, "twice" },
	{ SAMPLE_SMS "[map a]\n[map a]\n", 5, "twice" },
	{ SAMPLE_SMS "[sms test]\n[voice test]\n", 5, "without [voice]" },
	{ SAMPLE_SMS "[sms test]\nok = /a present\n", 5, "judged by [sms]" },
	{ SAMPLE_SMS "haeder = A: b\n", 4, "did you mean \"header\"" },
	{ SAMPLE_SMS "proxy = http://proxy.example.com\n", 4, "unknown key" },
	{ SAMPLE_SMS "id = /a\nid = /b\n", 5, "line 4 already" },
	{ SAMPLE_SMS "[value]\na = 1\na = 2\n", 6, "line 5 already" },
	/* [profile] */
	{ "[profile]\nconnect_limit = 0\n", 2, "1 to 60" },
	{ "[profile]\ntotal_limit = 61s\n", 2, "1 to 60" },
	{ "[profile]\nca_file = ca.pem\n", 2, "absolute path" },
	{ "[profile]\nclient_cert = /a\n" SAMPLE_SMS, 1, "together" },
	{ "[profile]\nclient_key = /a\n", 2, "file:" },
	{ "[profile]\nallow_http = 10.0.0.0/33\n", 2, "network" },
	{ "[profile]\nsecret_in_url = maybe\n", 2, "yes or no" },
	{ "[profile]\nproxy = proxy:3128\n", 2, "https://" },
	{ "[profile]\nproxy = http://u:p@proxy/\n", 2, "basic" },
	/* secrets */
	{ "[secret]\nkey = hunter2\n", 2, "file:/etc/mfa/secrets/NAME" },
	{ "[secret]\nkey = file:secrets/key\n", 2, "file:/etc" },
	{ "[secret]\nkey = file:/etc/mfa/../shadow\n", 2, "file:/etc" },
	/* where it goes */
	{ "[sms]\n" OK, 1, "needs url" },
	{ "[sms]\nurl = example.com\n" OK, 2, "https://" },
	{ "[sms]\nurl = ftp://example.com/\n" OK, 2, "https://" },
	{ "[sms]\nurl = https://example.com\n" OK, 2, "path" },
	{ "[sms]\nurl = https:///x\n" OK, 2, "no host" },
	{ "[sms]\nurl = https://exa_mple/\n" OK, 2, "no host" },
	{ "[sms]\nurl = https://example.com:0/\n" OK, 2, "no host" },
	{ "[sms]\nurl = https://example.com:https/\n" OK, 2, "no host" },
	{ "[sms]\nurl = https://[::1/\n" OK, 2, "no host" },
	{ "[sms]\nurl = https://u:p@example.com/\n" OK, 2, "basic" },
	{ "[sms]\nurl = https://{to}.example.com/\n" OK, 2, "fixed" },
	{ "[sms]\nurl = https://example.com:{to}/\n" OK, 2, "fixed" },
	{ "[sms]\nurl = {to}://example.com/\n" OK, 2, "https://" },
	{ "[sms]\nurl = https://example.com/a b\n" OK, 2, "blank" },
	{ "[sms]\nurl = https://example.com/a#b\n" OK, 2, "blank" },
	{ "[sms]\nurl = http://example.com/\n" OK, 2, "allow_http" },
	{ "[sms]\nurl = http://192.0.2.1/\n" OK, 2, "allow_http" },
	{ "[profile]\nallow_http = 10.0.5.0/24\n[sms]\n"
	    "url = http://192.0.2.1/\n" OK, 4, "allow_http" },
	{ "[sms]\nurl = http://127.0.0.1.example.com/\n" OK, 2, "allow_http" },
	{ "[profile]\nallow_http = 10.0.5.0/24\nproxy = http://10.0.5.1:3128\n"
	    "[sms]\nurl = http://sms.example.com/\n" OK, 5, "its address" },
	{ "[sms]\nurl = http://localhost/\n" OK
	    "[profile]\nproxy = http://10.0.5.1:3128\n", 2, "its address" },
	{ "[profile]\nallow_http = 10.0.5.0/24\nproxy = http://10.0.5.1:3128\n"
	    "[sms]\nurl = http://192.0.2.1/\n" OK, 5, "allow_http" },
	/* what is sent */
	{ SAMPLE_SMS "method = PATCH\n", 4, "GET, POST or PUT" },
	{ SAMPLE_SMS "method = GET\nform = a = b\n", 5, "no body" },
	{ SAMPLE_SMS "method = GET\ntext = b\n", 5, "no body" },
	{ SAMPLE_SMS "form = a\n", 4, "form = NAME = VALUE" },
	{ SAMPLE_SMS "header = X Y: b\n", 4, "name of a header" },
	{ SAMPLE_SMS "header = X-Y\n", 4, "header = NAME: VALUE" },
	{ SAMPLE_SMS "header = host: b\n", 4, "set by itself" },
	{ SAMPLE_SMS "header = Content-Length: 5\n", 4, "set by itself" },
	{ SAMPLE_SMS "basic = a:b\nheader = authorization: x\n", 5,
	    "keep one" },
	{ SAMPLE_SMS "form = a = {tox}\n", 4, "did you mean \"to\"" },
	{ SAMPLE_SMS "form = a = {to\n", 4, "no \"}\"" },
	{ SAMPLE_SMS "form = a = to}\n", 4, "without \"{\"" },
	{ SAMPLE_SMS "form = a = {to|jsn}\n", 4, "did you mean \"json\"" },
	{ SAMPLE_SMS "form = a = {to|json:x}\n", 4, "no argument" },
	{ SAMPLE_SMS "form = a = {to|map}\n", 4, "map:NAME" },
	{ SAMPLE_SMS "form = a = {to|map:m}\n", 4, "unknown map" },
	{ SAMPLE_SMS "form = a = {secret.key}\n", 4, "unknown value" },
	{ SAMPLE_SMS "form = a = {part.p}\n", 4, "unknown value" },
	{ SAMPLE_SMS "form = a = {token}\n", 4, "unknown value" },
	{ SAMPLE_SMS "form = a = b\ntext = c\n", 5, "form, json, xml or text" },
	{ SAMPLE_SMS "json = {}\ntext = c\n", 5, "form, json, xml or text" },
	{ SAMPLE_SMS "json = {\"a\": 1,\njson = \"a\": 2}\n", 5, "no JSON" },
	{ SAMPLE_SMS "json = {\"a\":\njson =\njson = \"b\"\n", 6, "no JSON" },
	{ SAMPLE_SMS "json = {\"a\": {to}}\n", 4, "no JSON" },
	{ SAMPLE_SMS "json = {\"a\": \"b\",\njson = \"c\": \"{tx}\"}\n", 5,
	    "unknown value" },
	{ SAMPLE_SMS "json = {\"{to}\": \"b\"}\n", 4, "not in its names" },
	{ "[secret]\nk = file:/k\n" SAMPLE_SMS "query = k = {secret.k}\n", 6,
	    "secret_in_url" },
	{ "[secret]\nk = file:/k\n[sms]\nurl = https://example.com/{secret.k}\n"
	    OK, 4, "secret_in_url" },
	{ "[secret]\nk = file:/k\n[part a]\ntext = {secret.k}\n[part b]\n"
	    "text = {part.a}\n" SAMPLE_SMS "query = k = {part.b}\n", 10,
	    "secret_in_url" },
	{ "[secret]\nk = file:/k\n[part p]\njson = {\"k\": \"{secret.k}\"}\n"
	    SAMPLE_SMS "query = d = {part.p}\n", 8, "secret_in_url" },
	{ "[oauth2]\n" URL SAMPLE_SMS "query = t = {token}\n", 6,
	    "secret_in_url" },
	{ "[oauth2]\n" URL "form = to = {to}\n" SAMPLE_SMS, 3,
	    "unknown value" },
	{ "[oauth2]\nform = a = b\n" SAMPLE_SMS, 1, "needs url" },
	{ "[part a]\n" SAMPLE_SMS, 1, "empty" },
	{ "[part a]\ntext = {part.b}\n[part b]\ntext = x\n" SAMPLE_SMS, 2,
	    "unknown value" },
	{ "[part a]\ntext = {part.a}\n" SAMPLE_SMS, 2, "unknown value" },
	{ SAMPLE_SMS "sigv4 = eu-west-1\n", 4, "REGION SERVICE" },
	{ SAMPLE_SMS "sigv4 = eu-west-1 sns x\n", 4, "REGION SERVICE" },
	{ SAMPLE_SMS "sigv4 = eu-west-1 sns\nsigv4_id = x\n", 4, "sigv4_key" },
	{ SAMPLE_SMS "sigv4_id = x\n", 1, "without sigv4" },
	{ SAMPLE_SMS "sigv4 = e s\nsigv4_id = x\nsigv4_key = y\n"
	    "query = a = b\n", 4, "body" },
	{ SAMPLE_SMS "to_format = e163\n", 4, "national:81" },
	{ SAMPLE_SMS "to_format = digits:81\n", 4, "national:81" },
	{ SAMPLE_SMS "to_format = national:x\n", 4, "national:81" },
	{ SAMPLE_SMS "max_segments = 0\n", 4, "1 to 10" },
	{ "[sms]\nexec = bin/send\n", 2, "absolute path" },
	{ "[sms]\nexec = /bin/send -x\n", 2, "absolute path" },
	{ SAMPLE_SMS "exec = /bin/send\n", 2, "runs a program" },
	{ "[sms]\nexec = /bin/send\nto_format = digits\n", 3,
	    "runs a program" },
	/* the answer */
	{ "[sms]\n" URL, 1, "ok_status" },
	{ "[sms]\n" URL "ok_status =\n", 3, "429 5xx" },
	{ "[sms]\n" URL "ok_status = 200,202\n", 3, "no HTTP status" },
	{ "[sms]\n" URL "ok_status = 2x0\n", 3, "no HTTP status" },
	{ SAMPLE_SMS "quota_status = 600\n", 4, "no HTTP status" },
	{ SAMPLE_SMS "ok = status == \"0\"\n", 4, "no place" },
	{ SAMPLE_SMS "ok = /status = \"0\"\n", 4, "==" },
	{ SAMPLE_SMS "ok = /status == ok\n", 4, "double quotes" },
	{ SAMPLE_SMS "ok = /status == {}\n", 4, "double quotes" },
	{ SAMPLE_SMS "ok = <a> == 0\n", 4, "double quotes" },
	{ SAMPLE_SMS "ok = /status absent x\n", 4, "nothing can follow" },
	{ SAMPLE_SMS "ok = line 1 ~ (\n", 4, "~ (" },
	{ SAMPLE_SMS "ok = line 0 present\n", 4, "1 to 1000" },
	{ SAMPLE_SMS "ok = <> present\n", 4, "no place" },
	{ SAMPLE_SMS "id = /a~2\n", 4, "no place" },
	{ SAMPLE_SMS "id = /a == \"b\"\n", 4, "~ REGEX" },
	{ SAMPLE_SMS "id = /a ~\n", 4, "regular expression" },
	{ SAMPLE_SMS "quota_code = 9\n", 4, "error_code" },
	{ SAMPLE_SMS "error_code = /a\nquota_code =\n", 5, "codes" },
};

static void
at54_at55_refused(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(*mistakes); i++) {
		struct mfa_why why = { "" };
		struct profile *p = NULL;
		char at[32];
		enum mfa_err r = sample_load(mistakes[i].text, SENDING_SMS, &p,
		    &why);

		snprintf(at, sizeof(at), "t.conf:%u: ", mistakes[i].line);
		/* The lexer's own way to say it. */
		if (!strncmp(why.text, "t.conf: line ", 13))
			snprintf(at, sizeof(at), "t.conf: line %u: ",
			    mistakes[i].line);
		if ((r != MFA_ESYNTAX && r != MFA_ERANGE) || p != NULL ||
		    strncmp(why.text, at, strlen(at)) ||
		    strstr(why.text, mistakes[i].says) == NULL)
			fail_msg("row %zu\n%s\nerror %d: %s", i,
			    mistakes[i].text, r, why.text);
		assert_null(strstr(why.text, "hunter2"));
	}
}

/* The very limits of what is taken. */
static const char *const fine[] = {
	SAMPLE_SMS,
	"[sms]\nurl = https://example.com:65535/?a=b\nok_status = 2xx\n",
	"[sms]\nurl = https://[2001:db8::1]:8443/x\nok_status = 200\n",
	"[sms]\nurl = http://127.8.9.1:1/\nok_status = 200\n",
	"[sms]\nurl = http://[::1]/\nok_status = 200\n",
	"[sms]\nurl = http://localhost/\nok_status = 200\n",
	"[profile]\nallow_http = 10.0.5.0/24\n[sms]\n"
	    "url = http://10.0.5.9/\nok_status = 200\n",
	"[profile]\nallow_http = 10.0.5.0/24\n[sms]\n"
	    "url = http://sms.example.lan/\nok_status = 200\n",
	"[profile]\nsecret_in_url = yes\n[secret]\nk = file:/k\n[sms]\n"
	    "url = https://example.com/bot{secret.k}/x\nok_status = 200\n",
	SAMPLE_SMS "method = PUT\njson = [\"{text}\"]\n",
	SAMPLE_SMS "header = X: {{}}\nform = a = {{\"b\": \"{to|json}\"}}\n",
	"[profile]\nproxy = http://proxy.example.com:3128\n" SAMPLE_SMS,
	"[profile]\nallow_http = 10.0.5.0/24\nproxy = http://10.0.5.1:3128\n"
	    "[sms]\nurl = http://10.0.5.9/\nok_status = 200\n",
	"[sms]\nexec = /usr/bin/send\nmax_segments = 1\n",
};

static void
taken(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof(fine) / sizeof(*fine); i++) {
		struct mfa_why why = { "" };
		struct profile *p = NULL;

		if (sample_load(fine[i], SENDING_SMS, &p, &why))
			fail_msg("%s\n%s", fine[i], why.text);
		profile_free(p);
	}
}

static void
no_section(void **unused)
{
	struct profile *p = NULL;
	struct mfa_why why = { "" };

	(void)unused;
	assert_int_equal(sample_load(SAMPLE_SMS, SENDING_VOICE, &p, &why),
	    MFA_ENOENT);
	assert_string_equal(why.text, "t.conf has no section [voice]: this "
	    "provider sends none");
	assert_null(p);
}

static enum mfa_err
no_secret(void *ctx, const char *path, struct buf *ret, struct mfa_why *why)
{
	const char *bytes = ctx;

	if (bytes != NULL)
		return buf_put(ret, bytes, strlen(bytes) + (*bytes == 'z'));
	return mfa_fail(why, MFA_EPERM, "%s: mode 0644, expected 0600", path);
}

static void
secret_files(void **unused)
{
	static char nothing[] = "", nul[] = "z";	/* with a NUL behind */
	static const char text[] = "[secret]\na = file:/s/a\n" SAMPLE_SMS;
	struct profile_source src = { "t.conf", text, strlen(text),
	    no_secret, NULL };
	struct profile *p = NULL;
	struct mfa_why why = { "" };

	(void)unused;
	assert_int_equal(profile_load(&src, SENDING_SMS, &p, &why), MFA_EPERM);
	assert_string_equal(why.text, "t.conf:2: secret.a: /s/a: mode 0644, "
	    "expected 0600");
	src.ctx = nothing;
	assert_int_equal(profile_load(&src, SENDING_SMS, &p, &why),
	    MFA_ERANGE);
	src.ctx = nul;
	assert_int_equal(profile_load(&src, SENDING_SMS, &p, &why),
	    MFA_ERANGE);
	assert_non_null(strstr(why.text, "NUL"));
}

/* What fits no message is told by its line, and nothing is made. */
static void
segments(void **unused)
{
	struct sending_request req = sample_request(SENDING_SMS, "ja");
	struct http_request q;
	struct profile *p;
	struct mfa_why why = { "" };
	char long_text[71 * 3 + 1] = "";

	(void)unused;
	assert_int_equal(sample_load(SAMPLE_SMS "max_segments = 1\n",
	    SENDING_SMS, &p, &why), MFA_OK);
	for (unsigned i = 0; i < 70; i++)
		strcat(long_text, "あ");
	req.text = long_text;
	assert_int_equal(profile_request(p, &req, NULL, &q, &why), MFA_OK);
	http_request_wipe(&q);
	strcat(long_text, "あ");
	assert_int_equal(profile_request(p, &req, NULL, &q, &why), MFA_ERANGE);
	assert_string_equal(why.text, "t.conf:4: the text has 71 characters "
	    "(70 fit), which takes 2 messages: shorten it, or raise "
	    "max_segments");
	profile_free(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(at54_at55_refused),
	    cmocka_unit_test(taken), cmocka_unit_test(no_section),
	    cmocka_unit_test(secret_files), cmocka_unit_test(segments) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
