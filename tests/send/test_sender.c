/* Senders as root loads them: what it looks into, and what it leaves. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../../send/exec.h"
#include "../../send/sender.h"
#include "sample.h"

#define OAUTH "[oauth2]\nurl = http://127.0.0.1:9/token\n" \
    "form = grant_type = client_credentials\n" SAMPLE_SMS \
    "header = Authorization: Bearer {token}\n"

static char dir[] = "/tmp/mfa-sender-XXXXXX";

/* Two, as two logins have them. */
static struct sender s, other;

/* The profile s.conf of this text. */
static void
load(struct sender *ret, const char *text)
{
	struct sending_request req = sample_request(SENDING_SMS, "en");
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "%s/s.conf", dir);
	assert_non_null(f = fopen(path, "w"));
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
	req.dir = req.state = dir;
	req.limit_ms = 100;
	strcpy(ret->name, "s");
	sender_load(ret, &req);
}

/* As if it had been kept for this request, or another. */
static void
keep(const char *asked)
{
	assert_true(dprintf(s.token.fd, "{\"request\":\"%s\",\"expires\":%lld,"
	    "\"token\":\"kept\"}", asked, (long long)time(NULL) + 3600) > 0);
}

/* Who wrote that file may not have been root. */
static void
root_reads_no_token(void **unused)
{
	(void)unused;
	load(&s, OAUTH);
	assert_string_equal(s.why.text, "");
	assert_true(s.token.fd >= 0);
	keep(s.token.asked);
	sender_free(&s);

	load(&s, OAUTH);
	assert_int_equal(s.token.value.len, 0);
	assert_false(s.token.kept);
	token_read(&s.token);
	assert_string_equal(buf_str(&s.token.value), "kept");
	assert_true(s.token.kept);
	/* It is not locked any more. */
	load(&other, OAUTH);
	assert_true(other.token.fd >= 0);
	sender_free(&other);
	sender_free(&s);
}

static void
token_of_another_request(void **unused)
{
	(void)unused;
	load(&s, OAUTH);
	assert_int_equal(ftruncate(s.token.fd, 0), 0);
	keep("0123");
	token_read(&s.token);
	assert_int_equal(s.token.value.len, 0);
	/* The one that holds the file will fetch one. */
	load(&other, OAUTH);
	assert_int_equal(other.token.fd, -1);
	token_read(&other.token);
	sender_free(&other);
	sender_free(&s);
}

/* What may not be run is no reason to let programs be run. */
static void
refused_program(void **unused)
{
	(void)unused;
	load(&s, "[sms]\nexec = /nonexistent/send\n");
	assert_null(s.profile);
	assert_null(s.program);
	assert_non_null(strstr(s.why.text, "/nonexistent"));
	sender_free(&s);
	load(&s, "[sms]\nexec = /bin/true\n");
	assert_string_equal(s.why.text, "");
	assert_string_equal(s.program, "/bin/true");
	sender_free(&s);
}

/* It knows number and code, and may put them into what is logged. */
static void
program_that_quotes(void **unused)
{
	static const struct { const char *says, *id, *reason; } row[] = {
		{ "{\"status\":\"sent\",\"id\":\"9000001234/102938/7\"}",
		    "**********/******/7", "" },
		{ "{\"status\":\"failed\",\"class\":\"quota\",\"detail\":"
		    "\"090-0000-1234: 102 938\"}", "",
		    "0**-****-****: *** ***" },
	};
	struct sending_request req = sample_request(SENDING_SMS, "en");
	struct mfa_why why = { "" };
	struct profile *p;
	char path[64], text[128];

	(void)unused;
	snprintf(path, sizeof(path), "%s/program", dir);
	snprintf(text, sizeof(text), "[sms]\nexec = %s\n", path);
	assert_int_equal(sample_load(text, SENDING_SMS, &p, &why), MFA_OK);
	for (size_t i = 0; i < sizeof(row) / sizeof(*row); i++) {
		struct sending_answer a = { 0 };
		FILE *f = fopen(path, "w");

		assert_non_null(f);
		fprintf(f, "#!/bin/sh\necho '%s'\n", row[i].says);
		assert_int_equal(fclose(f) | chmod(path, 0755), 0);
		exec_send(p, &req, 10000, &a);
		assert_string_equal(a.id, row[i].id);
		assert_string_equal(a.reason, row[i].reason);
		assert_int_equal(a.handed_over, i == 0);
	}
	profile_free(p);
}

static int
make_dir(void **unused)
{
	(void)unused;
	umask(022);
	/* As in mfa-send: a program may not read what it is told. */
	if (signal(SIGPIPE, SIG_IGN) == SIG_ERR)
		return -1;
	return mkdtemp(dir) == NULL || chmod(dir, 0755);
}

static int
remove_dir(void **unused)
{
	static const char *const names[] = { "s.conf", ".token.s",
	    "program" };
	char path[64];

	(void)unused;
	for (size_t i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		unlink(path);
	}
	return rmdir(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(root_reads_no_token),
	    cmocka_unit_test(token_of_another_request),
	    cmocka_unit_test(refused_program),
	    cmocka_unit_test(program_that_quotes) };

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
