/* The clock, on which every TOTP depends. */
#include <inttypes.h>

#include "check.h"

#define WRITTEN INT64_C(1764547200)	/* 2025-12-01: this line is older */
#define ABSURD INT64_C(4102444800)	/* 2100-01-01 */

void
clock_judge(bool synced, int64_t now, struct findings *f)
{
	char date[TOOL_TIME_MAX];

	if (now < WRITTEN || now >= ABSURD)
		check_find(f, CHECK_ERROR, "clock", "set it, and install an "
		    "NTP client (chrony, systemd-timesyncd)", "it says %s: no "
		    "code of an authenticator app can be right",
		    tool_time(date, now));
	else if (!synced)
		check_find(f, CHECK_WARNING, "clock", "install or start an NTP "
		    "client: systemctl enable --now chrony", "nothing keeps it "
		    "right: when it is a minute off, right codes are refused");
	else
		check_find(f, CHECK_OK, "clock", "", "synchronised");
}
