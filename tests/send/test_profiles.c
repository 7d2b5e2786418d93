/*
 * The shipped profiles: what each sends, byte for byte, against what was
 * recorded from the provider's documentation in expected/NAME.KIND.LANG.txt.
 * With the argument "record" the files are written instead: read them before
 * you believe them.
 */
#include <dirent.h>
#include <stdlib.h>

#include "wire.h"

#define SENDERS "conf/senders"
#define EXPECTED "tests/send/expected"

static bool recording;

static void
put(struct buf *b, const char *name, const struct buf *value)
{
	if (value->len)
		assert_int_equal(buf_printf(b, "%s: %s\n", name,
		    buf_str(value)), MFA_OK);
}

static void
dump(const struct http_request *q, struct buf *ret)
{
	assert_int_equal(buf_printf(ret, "%s %s\n", q->method,
	    buf_str(&q->url)), MFA_OK);
	for (size_t i = 0; i < q->nheaders; i++)
		assert_int_equal(buf_printf(ret, "%s\n",
		    buf_str(&q->header[i])), MFA_OK);
	put(ret, "(sigv4)", &q->sigv4);
	put(ret, "(sigv4 id)", &q->user);
	put(ret, "(sigv4 key)", &q->password);
	if (q->has_body)
		assert_int_equal(buf_printf(ret, "\n%s\n", buf_str(&q->body)),
		    MFA_OK);
}

static void
compare(const char *name, const struct buf *got)
{
	struct buf want = { 0 };
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), EXPECTED "/%.80s.txt", name);
	if (recording) {
		assert_non_null(f = fopen(path, "w"));
		fwrite(got->data, 1, got->len, f);
		fclose(f);
		return;
	}
	sample_file(path, &want);
	if (strcmp(buf_str(got), buf_str(&want)))
		fail_msg("%s: sends\n%s\ninstead of\n%s", path, buf_str(got),
		    buf_str(&want));
	buf_wipe(&want);
}

/* Does the server receive this line of a header as it stands? */
static bool
received(const struct request *got, const char *line)
{
	size_t n = strlen(line);

	for (const char *l = strchr(got->head, '\n'); l != NULL;
	    l = strchr(l, '\n'))
		if (!strncmp(++l, line, n) && (l[n] == '\r' || l[n] == '\0'))
			return true;
	return false;
}

/* What leaves the host is what was compared: line, headers and body. */
static void
over_the_wire(const char *name, struct http_request *q)
{
	struct request *got = calloc(1, sizeof(*got));
	const char *host = strstr(buf_str(&q->url), "//") + 2;
	static char line[REQUEST_MAX];

	assert_non_null(got);
	snprintf(line, sizeof(line), "%s %s HTTP/1.1\r\n", q->method,
	    host + strcspn(host, "/"));
	exchange(q, got);
	if (strncmp(got->head, line, strlen(line)) != 0)
		fail_msg("%s: sends %s instead of %s", name, got->head, line);
	for (size_t i = 0; i < q->nheaders; i++)
		if (!received(got, buf_str(&q->header[i])))
			fail_msg("%s: \"%s\" did not arrive in %s", name,
			    buf_str(&q->header[i]), got->head);
	assert_string_equal(got->body, buf_str(&q->body));
	free(got);
}

/* The token that is "got" if the profile wants one. */
static const char *
dump_token(const struct profile *p, struct http_request *q, struct buf *ret)
{
	if (profile_token_request(p, q, NULL))
		return NULL;
	dump(q, ret);
	assert_int_equal(buf_puts(ret, "\n"), MFA_OK);
	http_request_wipe(q);
	return "tOkEn";
}

static void
one_request(const struct profile *p, const char *name,
    const struct sending_request *req)
{
	struct buf got = { 0 };
	struct http_request *q = calloc(1, sizeof(*q));
	const char *token;
	struct mfa_why why = { "" };

	assert_non_null(q);
	token = dump_token(p, q, &got);
	if (profile_request(p, req, token, q, &why))
		fail_msg("%s: %s", name, why.text);
	dump(q, &got);
	compare(name, &got);
	over_the_wire(name, q);
	http_request_wipe(q);
	free(q);
	buf_wipe(&got);
}

/* Whatever is shown, no secret is. */
static void
masked(const struct profile *p, const char *name,
    const struct sending_request *req)
{
	struct buf shown = { 0 };
	struct mfa_why why = { "" };

	if (profile_show(p, req, &shown, &why))
		fail_msg("%s: %s", name, why.text);
	assert_true(shown.len > 0);
	if (strstr(buf_str(&shown), "zK") != NULL ||
	    (strstr(buf_str(&shown), "Basic ") != NULL &&
	    strstr(buf_str(&shown), "Basic (base64 of ") == NULL))
		fail_msg("%s: shows a secret:\n%s", name, buf_str(&shown));
	assert_true(profile_exec(p) != NULL ||
	    strstr(buf_str(&shown), "http") != NULL);
	buf_wipe(&shown);
}

static void
one_language(const struct profile *p, const char *name,
    enum sending_kind kind, const char *language)
{
	struct sending_request req = sample_request(kind, language);

	masked(p, name, &req);
	if (profile_exec(p) == NULL)
		one_request(p, name, &req);
}

static unsigned
one_kind(const char *file, enum sending_kind kind)
{
	static const char *const languages[] = { "en", "ja" };
	struct buf text = { 0 };
	struct mfa_why why = { "" };
	struct profile *p;
	char path[128], name[96];
	enum mfa_err r;

	snprintf(path, sizeof(path), SENDERS "/%.80s", file);
	sample_file(path, &text);
	r = sample_load(buf_str(&text), kind, &p, &why);
	buf_wipe(&text);
	if (r == MFA_ENOENT && strstr(why.text, "has no section"))
		return 0;
	if (r)
		fail_msg("%s: %s", path, why.text);
	for (size_t i = 0; i < 2; i++) {
		snprintf(name, sizeof(name), "%.*s.%s.%s",
		    (int)strlen(file) - 5, file, kind == SENDING_SMS ? "sms" :
		    "voice", languages[i]);
		one_language(p, name, kind, languages[i]);
	}
	profile_free(p);
	return 1;
}

static void
shipped(void **unused)
{
	unsigned files = 0, kinds = 0;
	struct dirent *e;
	size_t len;
	DIR *d;

	(void)unused;
	assert_non_null(d = opendir(SENDERS));
	while ((e = readdir(d)) != NULL) {
		len = strlen(e->d_name);
		if (len < 6 || strcmp(e->d_name + len - 5, ".conf"))
			continue;
		files++;
		kinds += one_kind(e->d_name, SENDING_SMS);
		kinds += one_kind(e->d_name, SENDING_VOICE);
	}
	closedir(d);
	assert_int_equal(files, 20);
	assert_int_equal(kinds, 27);
}

static struct profile *
load_shipped(const char *file, enum sending_kind kind)
{
	struct buf text = { 0 };
	struct mfa_why why = { "" };
	struct profile *p;

	sample_file(file, &text);
	if (sample_load(buf_str(&text), kind, &p, &why))
		fail_msg("%s: %s", file, why.text);
	buf_wipe(&text);
	return p;
}

/* The office telephone: dialled where the provider can, refused elsewhere. */
static void
extension(void **unused)
{
	struct sending_request req = sample_request(SENDING_VOICE, "en");
	struct profile *p = load_shipped(SENDERS "/twilio.conf",
	    SENDING_VOICE);
	struct http_request q;
	struct mfa_why why = { "" };

	(void)unused;
	req.extension = "9,42";
	assert_int_equal(profile_request(p, &req, NULL, &q, &why), MFA_OK);
	assert_non_null(strstr(buf_str(&q.body), "&SendDigits=ww9w42&"));
	http_request_wipe(&q);
	profile_free(p);
	p = load_shipped(SENDERS "/telnyx.conf", SENDING_VOICE);
	assert_int_equal(profile_request(p, &req, NULL, &q, &why), MFA_ERANGE);
	assert_non_null(strstr(why.text, "extension"));
	profile_free(p);
	/* Behind the first brace of a JSON text. */
	assert_int_equal(sample_load("[voice]\nurl = https://example.com/\n"
	    "ok_status = 200\njson = {\"ext\": \"{extension}\"}\n",
	    SENDING_VOICE, &p, &why), MFA_OK);
	assert_int_equal(profile_request(p, &req, NULL, &q, &why), MFA_OK);
	assert_string_equal(buf_str(&q.body), "{\"ext\":\"9,42\"}");
	http_request_wipe(&q);
	profile_free(p);
}

#define OPTIONAL "[part x]\nxml = <a>\nxml = <e>{extension}</e>\n" \
    "xml = </a>\n[voice]\nurl = https://example.com/\nok_status = 200\n" \
    "query = e = {extension}\nquery = q = 1\nheader = A: {extension}\n" \
    "header = B: 2\njson = {\"a\": [\"{extension}\", 1],\n" \
    "json = \"e\": \"{extension}\", \"x\": \"{part.x}\"}\n"

/* What has a value that there is none of is left out, wherever it stands. */
static void
left_out(void **unused)
{
	static const struct { const char *ext, *want; } row[] = {
		{ "", "POST https://example.com/?q=1\nContent-Type: "
		    "application/json\nB: 2\n\n"
		    "{\"a\":[1],\"x\":\"<a>\\n</a>\"}\n" },
		{ "7", "POST https://example.com/?e=7&q=1\nContent-Type: "
		    "application/json\nA: 7\nB: 2\n\n"
		    "{\"a\":[\"7\",1],\"e\":\"7\","
		    "\"x\":\"<a>\\n<e>7</e>\\n</a>\"}\n" },
	};
	struct sending_request req = sample_request(SENDING_VOICE, "en");
	struct http_request q;
	struct profile *p;
	struct mfa_why why = { "" };

	(void)unused;
	assert_int_equal(sample_load(OPTIONAL, SENDING_VOICE, &p, &why),
	    MFA_OK);
	for (size_t i = 0; i < 2; i++) {
		struct buf got = { 0 };

		req.extension = row[i].ext;
		assert_int_equal(profile_request(p, &req, NULL, &q, &why),
		    MFA_OK);
		dump(&q, &got);
		assert_string_equal(buf_str(&got), row[i].want);
		buf_wipe(&got);
		http_request_wipe(&q);
	}
	profile_free(p);
}

/* Numbers of Japan only, and none is bent into one. */
static void
national(void **unused)
{
	struct sending_request req = sample_request(SENDING_SMS, "en");
	struct profile *p = load_shipped(SENDERS "/karaden.conf", SENDING_SMS);
	struct http_request q;
	struct mfa_why why = { "" };

	(void)unused;
	req.to = "+447700900123";
	assert_int_equal(profile_request(p, &req, NULL, &q, &why), MFA_ERANGE);
	assert_non_null(strstr(why.text, "+81"));
	profile_free(p);
}

static void
self_test(void **unused)
{
	struct sending_request req = sample_request(SENDING_SMS, "en");
	struct profile *p = load_shipped(SENDERS "/aws-eum.conf", SENDING_SMS);
	struct http_request q;
	struct mfa_why why = { "" };

	(void)unused;
	req.op = SENDING_TEST;
	assert_int_equal(profile_request(p, &req, NULL, &q, &why), MFA_OK);
	assert_non_null(strstr(buf_str(&q.body), "\"DryRun\":true"));
	assert_string_equal(buf_str(&q.sigv4),
	    "aws:amz:ap-northeast-1:sms-voice");
	http_request_wipe(&q);
	profile_free(p);
	p = load_shipped(SENDERS "/twilio.conf", SENDING_SMS);
	assert_int_equal(profile_request(p, &req, NULL, &q, &why), MFA_ENOENT);
	assert_non_null(strstr(why.text, "[sms test]"));
	profile_free(p);
}

/* What the manual shows is taken as it stands there. */
static void
manual(void **unused)
{
	struct buf page = { 0 };
	unsigned examples = 0;
	char *at, *end;

	(void)unused;
	sample_file("man/mfa-sender.5", &page);
	for (at = (char *)page.data; (at = strstr(at, "\n.Bd -literal")) !=
	    NULL; at = end + 1) {
		struct mfa_why why = { "" };
		struct profile *p;

		assert_non_null(end = strstr(at, "\n.Ed"));
		*end = '\0';
		at = strchr(at + 1, '\n') + 1;
		if (strstr(at, "\nok_status = ") == NULL)
			continue;
		examples++;
		if (sample_load(at, strstr(at, "[sms]\n") != NULL ?
		    SENDING_SMS : SENDING_VOICE, &p, &why))
			fail_msg("%s\n%s", at, why.text);
		profile_free(p);
	}
	assert_int_equal(examples, 3);
	buf_wipe(&page);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(shipped),
	    cmocka_unit_test(extension), cmocka_unit_test(left_out),
	    cmocka_unit_test(national),
	    cmocka_unit_test(self_test), cmocka_unit_test(manual) };

	recording = argc > 1 && !strcmp(argv[1], "record");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
