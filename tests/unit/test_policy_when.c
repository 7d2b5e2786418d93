/* Policy: whom a [policy] section is for. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "../fake/policytest.h"

#define ROWS(table) policy_rows(table, sizeof(table) / sizeof(*table))
#define IF "[policy p]\nthen=skip\n"
#define MET "exempt skip [p]"
#define NOT "ask enrolled"
/* Only to see whether it could be told: a skip would not be. */
#define DENY_IF "[policy p]\nthen=deny\n"
#define DENIED "deny deny [p]"
#define PERHAPS "deny deny"

static void
names(void **unused)
{
	static const struct policy_row rows[] = {
		{ IF "user=alice", MET },
		{ IF "user=alice", NOT, .user = "alic" },
		{ IF "user=alice", NOT, .user = "Alice" },
		{ IF "user=bob,alice", MET },
		{ IF "user=  bob ,\talice ", MET },
		{ IF "user=!bob", MET },
		{ IF "user=!alice", NOT },
		{ IF "user=! alice", NOT },
		{ IF "user=!bob, !carol", MET },
		{ IF "user=!bob, !alice", NOT },
		{ IF "user=bob, !carol", NOT },
		{ IF "user=alice, !alice", NOT },
		{ IF "service=sshd", MET },
		{ IF "service=ssh", NOT },
		{ IF "service=sudo, sudo-i", MET, .service = "sudo-i" },
		{ IF "service=!sudo", MET },
		{ IF "service=!sudo", NOT, .service = "sudo" },
		{ IF "service=sshd\nuser=bob", NOT },
		{ IF "service=sshd\nuser=alice", MET },
	};

	(void)unused;
	ROWS(rows);
}

static void
groups(void **unused)
{
	static const struct policy_row rows[] = {
		{ IF "group=staff", NOT },
		{ IF "group=staff", MET, .groups = "staff" },
		{ IF "group=staff", NOT, .groups = "staffs|staf" },
		{ IF "group=Domain Users", MET, .groups = "x|Domain Users" },
		{ IF "group=Domain Users", NOT, .groups = "Domain|Users" },
		{ IF "group= a , Domain Users ", MET,
		    .groups = "Domain Users" },
		{ IF "group=!staff", MET },
		{ IF "group=!staff", NOT, .groups = "staff" },
		{ IF "group=!Domain Users", NOT, .groups = "Domain Users" },
		{ IF "group=staff, !guests", MET, .groups = "staff" },
		{ IF "group=staff, !guests", NOT, .groups = "staff|guests" },
		{ IF "group=!guests, staff", NOT, .groups = "staff|guests" },
		{ IF "group=a, b", MET, .groups = "b" },
		/* Not to be looked up: the strict way, in either sense. */
		{ DENY_IF "group=staff", PERHAPS, .unsure = "staff" },
		{ DENY_IF "group=!staff", PERHAPS, .unsure = "staff" },
		{ IF "group=staff", NOT, .unsure = "staff" },
		{ IF "group=!staff", NOT, .unsure = "staff" },
		{ IF "group=a, b", MET, .groups = "b", .unsure = "a" },
		{ IF "group=b, a", MET, .groups = "b", .unsure = "a" },
		{ DENY_IF "group=a, b", PERHAPS, .unsure = "a" },
		{ DENY_IF "group=a, !b", NOT, .unsure = "a", .groups = "b" },
		{ DENY_IF "group=a, !b", PERHAPS, .unsure = "b",
		    .groups = "a" },
		{ DENY_IF "group=a, !b", NOT, .unsure = "b" },
		{ DENY_IF "group=a\nuser=bob", NOT, .unsure = "a" },
		{ DENY_IF "user=bob\ngroup=a", NOT, .unsure = "a" },
		{ DENY_IF "user=alice\ngroup=a", PERHAPS, .unsure = "a" },
	};

	(void)unused;
	ROWS(rows);
}

static void
networks(void **unused)
{
	static const struct policy_row rows[] = {
		{ IF "from=192.0.2.7", MET },
		{ IF "from=192.0.2.8", NOT },
		{ IF "from=192.0.2.0/24", MET },
		{ IF "from=192.0.2.0/24", NOT, .rhost = "192.0.3.7" },
		{ IF "from=192.0.2.0/29", MET },
		{ IF "from=192.0.2.0/29", NOT, .rhost = "192.0.2.8" },
		{ IF "from=192.0.2.7/31", MET, .rhost = "192.0.2.6" },
		{ IF "from=0.0.0.0/0", MET },
		{ IF "from=0.0.0.0/0", NOT, .rhost = "2001:db8::1" },
		{ IF "from=::/0", NOT },
		{ IF "from=::/0, 0.0.0.0/0", MET, .rhost = "2001:db8::1" },
		{ IF "from=2001:db8::/32", MET, .rhost = "2001:db8::1" },
		{ IF "from=2001:db8::/32", MET,
		    .rhost = "2001:0DB8:ffff::255.0.0.1" },
		{ IF "from=2001:db8::/32", NOT, .rhost = "2001:db9::1" },
		{ IF "from=2001:db8::/33", NOT, .rhost = "2001:db8:8000::" },
		{ IF "from=2001:db8::1", MET, .rhost = "2001:db8:0::1" },
		{ IF "from=fe80::/10", MET, .rhost = "fe80::1%eth0" },
		{ IF "from=fe80::1", MET, .rhost = "fe80::1%eth0" },
		/* An address of IPv4 in a dress of IPv6. */
		{ IF "from=192.0.2.0/24", MET, .rhost = "::ffff:192.0.2.7" },
		{ IF "from=192.0.2.0/24", NOT, .rhost = "::ffff:192.0.3.7" },
		{ IF "from=::ffff:192.0.2.0/120", MET },
		{ IF "from=::ffff:192.0.2.0/120", MET,
		    .rhost = "::ffff:c000:207" },
		{ IF "from=192.0.2.7", NOT, .rhost = "::192.0.2.7" },
		{ IF "from=!192.0.2.0/24", NOT },
		{ IF "from=!192.0.2.0/24", MET, .rhost = "198.51.100.1" },
		{ IF "from=192.0.2.0/24, !192.0.2.7", NOT },
		{ IF "from=192.0.2.0/24, !192.0.2.7", MET,
		    .rhost = "192.0.2.9" },
		/* Nobody else's host: at the machine itself. */
		{ IF "from=local", MET, .rhost = "" },
		{ IF "from=local", NOT },
		{ IF "from=!local", NOT, .rhost = "" },
		{ IF "from=!local", MET },
		{ IF "from=192.0.2.0/24", NOT, .rhost = "" },
		{ IF "from=!192.0.2.0/24", MET, .rhost = "" },
		{ IF "from=local, 192.0.2.0/24", MET },
		/* Names are whatever a resolver says: not ours to believe. */
		{ IF "from=192.0.2.0/24", NOT, .rhost = "www.example.com" },
		{ IF "from=!192.0.2.0/24", NOT, .rhost = "www.example.com" },
		{ DENY_IF "from=192.0.2.0/24", PERHAPS,
		    .rhost = "www.example.com" },
		{ DENY_IF "from=!192.0.2.0/24", PERHAPS,
		    .rhost = "www.example.com" },
		{ DENY_IF "from=local", NOT, .rhost = "www.example.com" },
		{ DENY_IF "from=local, 10.0.0.0/8", PERHAPS,
		    .rhost = "localhost" },
		{ DENY_IF "from=192.0.2.0/24", PERHAPS,
		    .rhost = "192.0.2.0/24" },
		{ DENY_IF "from=192.0.2.0/24", PERHAPS, .rhost = "192.0.2" },
		{ DENY_IF "from=192.0.2.0/24", PERHAPS,
		    .rhost = "192.0.2.007" },
		{ DENY_IF "from=192.0.2.0/24", DENIED, .rhost = "192.0.2.7" },
	};

	(void)unused;
	ROWS(rows);
}

static void
terminals(void **unused)
{
	static const struct policy_row rows[] = {
		{ IF "tty=tty1", MET, .tty = "tty1" },
		{ IF "tty=tty1", MET, .tty = "/dev/tty1" },
		{ IF "tty=tty1", NOT, .tty = "tty10" },
		{ IF "tty=tty*", MET, .tty = "tty10" },
		{ IF "tty=tty*", NOT, .tty = "pts/1" },
		{ IF "tty=pts/*", MET, .tty = "/dev/pts/1" },
		{ IF "tty=tty*", NOT, .tty = "tt" },
		{ IF "tty=*", MET, .tty = "" },
		{ IF "tty=ssh", MET },
		{ IF "tty=!ssh", NOT },
		{ IF "tty=!tty*", MET },
		{ IF "tty=:0, tty7", MET, .tty = ":0" },
	};

	(void)unused;
	ROWS(rows);
}

/* 2027-03-29 is a Monday. */
#define AT(day, time) .when = "2027-" day " " time
#define WORK IF "time=Mon-Fri 08:00-18:00"
#define NIGHT IF "time=Sun 22:00-06:00"

static void
times(void **unused)
{
	static const struct policy_row rows[] = {
		{ WORK, NOT, AT("03-29", "07:59") },
		{ WORK, MET, AT("03-29", "08:00") },
		{ WORK, MET, AT("03-29", "17:59") },
		{ WORK, NOT, AT("03-29", "18:00") },
		{ WORK, MET, AT("04-02", "12:00") },
		{ WORK, NOT, AT("04-03", "12:00") },
		{ WORK, NOT, AT("04-04", "12:00") },
		{ IF "time=Sat-Sun", MET, AT("04-04", "23:59") },
		{ IF "time=Sat-Sun", MET, AT("04-03", "00:00") },
		{ IF "time=Sat-Sun", NOT, AT("04-05", "00:00") },
		{ IF "time=Sat-Sun", NOT, AT("04-02", "23:59") },
		/* Over Sunday, and over midnight. */
		{ IF "time=Fri-Mon", MET, AT("04-04", "12:00") },
		{ IF "time=Fri-Mon", MET, AT("03-29", "12:00") },
		{ IF "time=Fri-Mon", NOT, AT("03-30", "12:00") },
		{ NIGHT, NOT, AT("04-04", "21:59") },
		{ NIGHT, MET, AT("04-04", "22:00") },
		{ NIGHT, MET, AT("04-05", "05:59") },
		{ NIGHT, NOT, AT("04-05", "06:00") },
		{ NIGHT, NOT, AT("04-04", "05:59") },
		{ NIGHT, NOT, AT("04-05", "22:00") },
		{ IF "time=22:00-06:00", MET, AT("04-01", "00:00") },
		{ IF "time=22:00-06:00", NOT, AT("04-01", "12:00") },
		{ IF "time=00:00-24:00", MET, AT("04-01", "23:59") },
		{ IF "time=12:00-24:00", NOT, AT("04-01", "11:59") },
		{ IF "time=12:00-12:00", MET, AT("04-01", "11:59") },
		{ IF "time=Thu", MET, AT("04-01", "00:00") },
		{ IF "time=!Thu", NOT, AT("04-01", "00:00") },
		{ IF "time=!Sat-Sun, 08:00-18:00", MET, AT("04-01", "09:00") },
		{ IF "time=!Sat-Sun, 08:00-18:00", NOT, AT("04-03", "09:00") },
		{ IF "time=Mon 08:00-09:00, Tue 10:00-11:00", MET,
		    AT("03-30", "10:30") },
		{ WORK, NOT, .when = "" },
		{ IF "time=!Sat", NOT, .when = "" },
		{ DENY_IF "time=Sat", PERHAPS, .when = "" },
		{ DENY_IF "time=!Sat", PERHAPS, .when = "" },
	};

	(void)unused;
	ROWS(rows);
}

/* All keys together: each must be met. */
#define ALL IF "user=alice\ngroup=staff\nservice=sshd\n" \
	"from=192.0.2.0/24\ntty=ssh\ntime=Tue"

static void
together(void **unused)
{
	static const struct policy_row rows[] = {
		{ ALL, MET, .groups = "staff" },
		{ ALL, NOT },
		{ ALL, NOT, .groups = "staff", .user = "bob" },
		{ ALL, NOT, .groups = "staff", .service = "sudo" },
		{ ALL, NOT, .groups = "staff", .rhost = "198.51.100.1" },
		{ ALL, NOT, .groups = "staff", .tty = "tty1" },
		{ ALL, NOT, .groups = "staff", AT("03-29", "10:00") },
		{ ALL, NOT, .unsure = "staff" },
	};

	(void)unused;
	ROWS(rows);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(names),
	    cmocka_unit_test(groups), cmocka_unit_test(networks),
	    cmocka_unit_test(terminals), cmocka_unit_test(times),
	    cmocka_unit_test(together) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
