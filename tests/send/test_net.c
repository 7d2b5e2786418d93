/* Which addresses may be connected to. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <string.h>

#include "../../send/net.h"

static bool
allowed(const char *address, const char *networks, bool tls)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };

	if (inet_pton(AF_INET, address, &in.sin_addr) == 1)
		return net_allowed((struct sockaddr *)&in, networks, tls);
	assert_int_equal(inet_pton(AF_INET6, address, &in6.sin6_addr), 1);
	return net_allowed((struct sockaddr *)&in6, networks, tls);
}

static void
without_tls(void **unused)
{
	static const char *const yes[] = { "127.0.0.1", "127.255.255.254",
	    "::1", "::ffff:127.0.0.1" };
	static const char *const no[] = { "126.255.255.255", "128.0.0.1",
	    "10.0.5.1", "192.0.2.1", "0.0.0.0", "::", "::2",
	    "::ffff:192.0.2.1", "2001:db8::1", "::127.0.0.1" };

	(void)unused;
	for (size_t i = 0; i < sizeof(yes) / sizeof(*yes); i++)
		if (!allowed(yes[i], "", false))
			fail_msg("%s", yes[i]);
	for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++)
		if (allowed(no[i], "", false))
			fail_msg("%s", no[i]);
}

static void
with_tls(void **unused)
{
	static const char *const yes[] = { "127.0.0.1", "::1", "10.0.5.1",
	    "192.0.2.1", "223.255.255.255", "2001:db8::1", "fd00::1",
	    "169.253.255.255", "169.255.0.0", "fec0::1" };
	static const char *const no[] = { "0.0.0.0", "0.1.2.3",
	    "169.254.169.254", "169.254.0.0", "224.0.0.1", "255.255.255.255",
	    "100.100.100.200", "::", "fe80::1", "febf::1", "ff02::1",
	    "fd00:ec2::254", "::ffff:169.254.169.254", "::ffff:0.0.0.0" };

	(void)unused;
	for (size_t i = 0; i < sizeof(yes) / sizeof(*yes); i++)
		if (!allowed(yes[i], "", true))
			fail_msg("%s", yes[i]);
	for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++)
		if (allowed(no[i], "", true))
			fail_msg("%s", no[i]);
}

static void
at55_listed(void **unused)
{
	static const char nets[] = " 10.0.5.0/23\tfd00::/9 192.0.2.7 "
	    "169.254.1.1/32 2001:db8::1 ";
	static const char *const yes[] = { "10.0.4.0", "10.0.5.255",
	    "fd00::1", "fd7f:ffff::", "192.0.2.7", "::ffff:192.0.2.7",
	    "169.254.1.1", "2001:db8::1" };
	static const char *const no[] = { "10.0.3.255", "10.0.6.0",
	    "fd80::", "192.0.2.6", "169.254.1.2", "2001:db8::2" };

	(void)unused;
	for (size_t i = 0; i < sizeof(yes) / sizeof(*yes); i++)
		if (!allowed(yes[i], nets, false) ||
		    !allowed(yes[i], nets, true))
			fail_msg("%s", yes[i]);
	for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++)
		if (allowed(no[i], nets, false))
			fail_msg("%s", no[i]);
	assert_true(allowed("192.0.2.1", "0.0.0.0/0", false));
	assert_false(allowed("2001:db8::1", "0.0.0.0/0", false));
	assert_true(allowed("192.0.2.1", "::/0", false));
}

static void
other_families(void **unused)
{
	struct sockaddr_storage s = { .ss_family = AF_UNIX };

	(void)unused;
	assert_false(net_allowed((struct sockaddr *)&s, "::/0", true));
}

static void
spelling(void **unused)
{
	static const char *const wrong[] = { "10.0.5.0/33", "10.0.5.0/",
	    "10.0.5", "10.0.5.0/-1", "10.0.5.0/ 24", "fd00::/129", "fd00:/8",
	    "example.com", "127.0.0.1,::1", "*", "::1%lo", "10.0.5.0/8/8",
	    "11111111111111111111111111111111"
	    "11111111111111111111111111111111" };
	struct mfa_why why;

	(void)unused;
	assert_int_equal(net_check("", NULL), MFA_OK);
	assert_int_equal(net_check(" 10.0.0.0/8  ::1 ", NULL), MFA_OK);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		if (net_check(wrong[i], &why) != MFA_ESYNTAX)
			fail_msg("%s", wrong[i]);
	assert_int_equal(net_check("::1 10.0.5/24", &why), MFA_ESYNTAX);
	assert_non_null(strstr(why.text, "\"10.0.5/24\""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_tls),
		cmocka_unit_test(with_tls),
		cmocka_unit_test(at55_listed),
		cmocka_unit_test(other_families),
		cmocka_unit_test(spelling),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
