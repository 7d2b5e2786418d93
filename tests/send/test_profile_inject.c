/*
 * Values that look like the language around them (AT-59): the body parses to
 * the same structure with exactly the value in it, or nothing is made.
 */
#include <jansson.h>
#include <stdlib.h>

#include "../../send/xml.h"
#include "sample.h"

static const char *const nasty[] = {
	"plain", "", " ", "a b", "\"", "\",\"x\":\"y", "'", "\\",
	"\\\"", "\\u0041",
	"{code}", "{{code}}", "{", "}", "}}", "{code|json}", "{secret.k}", "%",
	"%41", "%00", "%s%n", "&x=y", "a=b&c=d", "+", "+81 90", "#", "?", "/",
	"../..", "<a>", "</t><t>evil</t><t>", "&amp;", "&#0;", "]]>",
	"<!-- -->", "line\nbreak", "a\r\nX-Evil: 1", "\ttab",
	"日本語 名前",
	"\xf0\x9f\x98\x80", "e\xcc\x81", "\x7f", "a\x01z", "\x1b[31m",
	"\xff", "\xc0\x80", "\xed\xa0\x80", "cut\xe6\x97", "$(id)", "`id`",
	"'; drop --", "\xe2\x80\xae" "rtl",
};

#define NNASTY (sizeof(nasty) / sizeof(*nasty))

static struct profile *
load(const char *lines)
{
	struct buf text = { 0 };
	struct mfa_why why = { "" };
	struct profile *p;

	assert_int_equal(buf_printf(&text, "[secret]\nk = file:/k\n%s", lines),
	    MFA_OK);
	if (sample_load(buf_str(&text), SENDING_SMS, &p, &why))
		fail_msg("%s", why.text);
	buf_wipe(&text);
	return p;
}

/* The request with this value as name, number and text; false: refused. */
static bool
make(const struct profile *p, const char *value, struct http_request *ret)
{
	struct sending_request req = sample_request(SENDING_SMS, "en");
	struct mfa_why why = { "" };
	enum mfa_err r;

	req.user = req.to = req.host = value;
	r = profile_request(p, &req, NULL, ret, &why);
	if (r && (r != MFA_ERANGE || strncmp(why.text, "t.conf:", 7)))
		fail_msg("\"%s\": error %d: %s", value, r, why.text);
	return !r;
}

static bool
is_utf8(const char *s)
{
	json_t *v = json_string(s);

	json_decref(v);
	return v != NULL;
}

static bool
has_control(const char *s, const char *but)
{
	for (; *s != '\0'; s++)
		if (((unsigned char)*s < 0x20 || *s == 0x7f) &&
		    strchr(but, *s) == NULL)
			return true;
	return false;
}

static unsigned
hex(char c)
{
	const char *digits = "0123456789ABCDEF", *at = strchr(digits, c);

	assert_non_null(at);
	return (unsigned)(at - digits);
}

/* By the book of application/x-www-form-urlencoded; up to one of the stops. */
static const char *
decode(const char *s, const char *stops, struct buf *ret)
{
	for (; *s != '\0' && strchr(stops, *s) == NULL; s++) {
		char c = *s == '+' ? ' ' : *s;

		if (c == '%') {
			c = (char)(hex(s[1]) << 4 | hex(s[2]));
			s += 2;
		}
		assert_int_equal(buf_put(ret, &c, 1), MFA_OK);
	}
	return s;
}

/* s goes on with "NAME=VALUE"; returns what is behind it. */
static const char *
expect_pair(const char *s, const char *name, const char *value)
{
	struct buf got = { 0 };

	s = decode(s, "=&", &got);
	assert_string_equal(buf_str(&got), name);
	assert_int_equal(*s++, '=');
	buf_wipe(&got);
	s = decode(s, "&", &got);
	assert_string_equal(buf_str(&got), value);
	buf_wipe(&got);
	return s + (*s == '&');
}

static void
at59_form_and_query(void **unused)
{
	struct profile *p = load(SAMPLE_SMS "query = a b = {user}\n"
	    "query = z = 1\nform = To = {to}\nform = k&k = x{user}y\n"
	    "form = z = 1\n");

	(void)unused;
	for (size_t i = 0; i < NNASTY; i++) {
		struct http_request q;
		struct buf whole = { 0 };
		const char *s;

		assert_true(make(p, nasty[i], &q));
		assert_memory_equal(buf_str(&q.url), "https://example.com/?",
		    21);
		s = expect_pair(buf_str(&q.url) + 21, "a b", nasty[i]);
		s = expect_pair(s, "z", "1");
		assert_int_equal(*s, '\0');
		assert_int_equal(buf_printf(&whole, "x%sy", nasty[i]), MFA_OK);
		s = expect_pair(buf_str(&q.body), "To", nasty[i]);
		s = expect_pair(s, "k&k", buf_str(&whole));
		s = expect_pair(s, "z", "1");
		assert_int_equal(*s, '\0');
		buf_wipe(&whole);
		http_request_wipe(&q);
	}
	profile_free(p);
}

static void
at59_path(void **unused)
{
	struct profile *p = load("[sms]\nurl = https://example.com/a/{user}/"
	    "{to}\nok_status = 200\n");
	struct http_request q;

	(void)unused;
	assert_false(make(p, "..", &q));
	assert_false(make(p, ".", &q));
	for (size_t i = 0; i < NNASTY; i++) {
		struct buf got = { 0 };
		const char *s;

		assert_true(make(p, nasty[i], &q));
		assert_memory_equal(buf_str(&q.url), "https://example.com/a/",
		    22);
		assert_null(strpbrk(buf_str(&q.url), " +?#\"<>\\^`{|}\r\n"));
		s = decode(buf_str(&q.url) + 22, "/", &got);
		assert_string_equal(buf_str(&got), nasty[i]);
		buf_wipe(&got);
		s = decode(s + 1, "/", &got);
		assert_string_equal(buf_str(&got), nasty[i]);
		assert_int_equal(*s, '\0');
		buf_wipe(&got);
		http_request_wipe(&q);
	}
	profile_free(p);
}

static void
at59_json(void **unused)
{
	struct profile *p = load(SAMPLE_SMS "json = {\"a\": [\"{user}\", 7],\n"
	    "json = \"b\": {\"c\": \"<{to}>\", \"d\": true}}\n");

	(void)unused;
	for (size_t i = 0; i < NNASTY; i++) {
		struct http_request q;
		struct buf c = { 0 };
		json_t *got, *want;

		if (!make(p, nasty[i], &q)) {
			assert_false(is_utf8(nasty[i]));
			continue;
		}
		assert_int_equal(buf_printf(&c, "<%s>", nasty[i]), MFA_OK);
		want = json_pack("{s:[s,i],s:{s:s,s:b}}", "a", nasty[i], 7,
		    "b", "c", buf_str(&c), "d", 1);
		assert_non_null(want);
		got = json_loads(buf_str(&q.body), JSON_REJECT_DUPLICATES,
		    NULL);
		assert_true(json_equal(got, want));
		json_decref(got);
		json_decref(want);
		buf_wipe(&c);
		http_request_wipe(&q);
	}
	profile_free(p);
}

/* JSON in a field of a form, by a part and by filters. */
static void
at59_json_in_form(void **unused)
{
	struct profile *p = load("[part j]\njson = {\"u\": \"{user}\"}\n"
	    SAMPLE_SMS "form = J = {part.j}\n"
	    "form = K = {{\"u\":\"{user|json}\"}}\n");

	(void)unused;
	for (size_t i = 0; i < NNASTY; i++) {
		struct http_request q;
		const char *s, *names[] = { "J", "K" };

		if (!make(p, nasty[i], &q)) {
			assert_false(is_utf8(nasty[i]));
			continue;
		}
		s = buf_str(&q.body);
		for (size_t k = 0; k < 2; k++) {
			struct buf got = { 0 };
			json_t *v;

			assert_int_equal(*s++, *names[k]);
			assert_int_equal(*s++, '=');
			s = decode(s, "&", &got);
			s += *s == '&';
			v = json_loads(buf_str(&got), JSON_REJECT_DUPLICATES,
			    NULL);
			assert_int_equal(json_object_size(v), 1);
			assert_string_equal(json_string_value(
			    json_object_get(v, "u")), nasty[i]);
			json_decref(v);
			buf_wipe(&got);
		}
		assert_int_equal(*s, '\0');
		http_request_wipe(&q);
	}
	profile_free(p);
}

static void
expect_xml(const char *text, const char *value)
{
	struct buf t = { 0 }, end = { 0 };

	assert_int_equal(xml_find(text, strlen(text), "r/t", &t), MFA_OK);
	assert_string_equal(buf_str(&t), value);
	assert_int_equal(xml_find(text, strlen(text), "r/end", &end), MFA_OK);
	assert_string_equal(buf_str(&end), "1");
	buf_wipe(&t);
	buf_wipe(&end);
}

/* XML as the body, and TwiML in JSON. */
static void
at59_xml(void **unused)
{
	static const char lines[] = "xml = <r a='{host}' b=\"{host}\">\n"
	    "xml = <t>{user}</t><end>1</end></r>\n";
	struct buf text = { 0 };
	struct profile *p[2];

	(void)unused;
	assert_int_equal(buf_printf(&text, SAMPLE_SMS "%s", lines), MFA_OK);
	p[0] = load(buf_str(&text));
	buf_wipe(&text);
	assert_int_equal(buf_printf(&text, "[part x]\n%s" SAMPLE_SMS
	    "json = {\"x\": \"{part.x}\"}\n", lines), MFA_OK);
	p[1] = load(buf_str(&text));
	buf_wipe(&text);
	for (size_t i = 0; i < NNASTY * 2; i++) {
		const char *value = nasty[i / 2];
		struct http_request q;
		json_t *v = NULL;

		if (!make(p[i % 2], value, &q)) {
			assert_true(!is_utf8(value) ||
			    has_control(value, "\t\r\n\x7f"));
			continue;
		}
		if (i % 2)
			v = json_loads(buf_str(&q.body), 0, NULL);
		expect_xml(v != NULL ? json_string_value(json_object_get(v,
		    "x")) : buf_str(&q.body), value);
		json_decref(v);
		http_request_wipe(&q);
	}
	profile_free(p[0]);
	profile_free(p[1]);
}

static void
at59_header(void **unused)
{
	struct profile *p = load(SAMPLE_SMS "header = X-To: {to}\n"
	    "header = X-End: 1\n");

	(void)unused;
	for (size_t i = 0; i < NNASTY; i++) {
		struct http_request q;
		struct buf want = { 0 };

		if (!make(p, nasty[i], &q)) {
			assert_true(has_control(nasty[i], ""));
			continue;
		}
		assert_false(has_control(nasty[i], ""));
		assert_int_equal(q.nheaders, 2);
		assert_int_equal(buf_printf(&want, "X-To: %s", nasty[i]),
		    MFA_OK);
		assert_string_equal(buf_str(&q.header[0]), buf_str(&want));
		assert_string_equal(buf_str(&q.header[1]), "X-End: 1");
		buf_wipe(&want);
		http_request_wipe(&q);
	}
	profile_free(p);
}

/* The body is the value: nothing is there to break out of. */
static void
at59_raw(void **unused)
{
	struct profile *p = load(SAMPLE_SMS "text = {user}\n");

	(void)unused;
	for (size_t i = 0; i < NNASTY; i++) {
		struct http_request q;

		assert_true(make(p, nasty[i], &q));
		assert_string_equal(buf_str(&q.body), nasty[i]);
		http_request_wipe(&q);
	}
	profile_free(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(at59_form_and_query),
	    cmocka_unit_test(at59_path), cmocka_unit_test(at59_json),
	    cmocka_unit_test(at59_json_in_form), cmocka_unit_test(at59_xml),
	    cmocka_unit_test(at59_header), cmocka_unit_test(at59_raw) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
