/*
 * Factors of other modules: each line as one of users.oath, the whole as a
 * .google_authenticator file. What is taken over can be written and read.
 */
#include <stdlib.h>
#include <string.h>

#include "../../enroll/import.h"
#include "../../pam_mfa/core/record.h"
#include "fuzz.h"

static void
keeps(struct import *im)
{
	struct record rec = { 0 }, back = { 0 };
	struct mfa_why why = { "" };
	struct buf text = { 0 };

	memcpy(im->factor.id, "totp-aaaa", sizeof("totp-aaaa"));
	memcpy(im->factor.label, "Imported", sizeof("Imported"));
	fuzz_must(!record_add(&rec, &im->factor));
	fuzz_must(!record_format(&rec, &text));
	fuzz_must(!record_parse(buf_str(&text), text.len, &back, &why));
	fuzz_must(back.factor[0].otp.len == im->factor.otp.len &&
	    !memcmp(back.factor[0].otp.key, im->factor.otp.key,
	    im->factor.otp.len));
	fuzz_must(back.factor[0].otp.period == im->factor.otp.period);
	fuzz_must(back.factor[0].otp.counter == im->factor.otp.counter);
	record_free(&rec);
	record_free(&back);
	buf_wipe(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct fuzz_input in = { data, len };
	char *text = fuzz_part(&in, "\n%%\n"), *line;
	const char *user, *last_otp;
	struct mfa_why why = { "" };
	unsigned scratch;
	struct import im;

	if (!import_google(text, &im, &scratch, &why))
		keeps(&im);
	fuzz_why(&why);
	free(text);
	in = (struct fuzz_input){ data, len };
	while (in.left > 0) {
		line = fuzz_line(&in);
		why = (struct mfa_why){ "" };
		if (!import_oath(line, &im, &user, &last_otp, &why)) {
			fuzz_must(user >= line && *user != '\0');
			keeps(&im);
		}
		fuzz_why(&why);
		free(line);
	}
	return 0;
}
