/* The machine's insides, and who judges what came of a login. */
#ifndef MFA_FUZZ_MACHINE_JUDGE_H
#define MFA_FUZZ_MACHINE_JUDGE_H

#include "../../pam_mfa/core/recovery.h"
#include "../../pam_mfa/login.h"
#include "../fake/fake_ports.h"
#include "fuzz.h"

#define MACHINE_NUMBER "+819000001234"
#define MACHINE_TYPED_MAX 256	/* bytes, NUL included */
#define MACHINE_SENT_MAX 64	/* messages that are remembered */

/* A right answer: of which factor, and what it uses up. */
struct machine_hit {
	char id[RECORD_ID_MAX];		/* "" = none */
	enum factor_kind kind;
	uint64_t next;			/* totp, hotp: from here on unused */
	unsigned code;			/* recovery */
};

/* A code that is under way. */
struct machine_sent {
	bool open;
	char code[16];
	int64_t ms;			/* boot_ms, when it was sent */
	char service[128];		/* where it is good */
};

struct machine {
	struct fuzz_input in;		/* the script */
	struct fake fake;
	struct mfa_conf conf;
	struct mfa_subject who;
	struct buf other_state;		/* of who is not logging in now */
	char next_service[128];		/* of the next login */
	bool next_known;
	bool deadline;			/* the configuration names one */

	/* What the person has. */
	char recovery[RECOVERY_CODES][RECOVERY_SHOWN + 1];
	char app[APP_SHOWN + 1];
	char password[MACHINE_TYPED_MAX / 2];
	char typed[MACHINE_TYPED_MAX];	/* the last answer */
	char good[MACHINE_TYPED_MAX];	/* the one that was evaluated last */
	bool kept;			/* it was taken or enrolled something */
	bool again;			/* that one, once more */
	unsigned told, boots;
	bool next;			/* no more answers in this login */

	/* What was used up, told apart from what the product says. */
	struct machine_hit used[RECORD_FACTORS_MAX];
	size_t nused;
	unsigned codes_used;		/* recovery: bit i */
	/* In this login: the last right answer of each factor. */
	struct machine_hit hit[RECORD_FACTORS_MAX];
	size_t nhits;
	bool proved;			/* some answer was a first code */

	/* The last code, and one before it that is good as well. */
	struct machine_sent code, earlier;
	int64_t sent[MACHINE_SENT_MAX];	/* boot_ms of what was charged */
	size_t nsent;
	bool deaf;	/* after another start the ages are not ours to know */

	/* At the beginning of this login. */
	struct buf factors, state;
	unsigned commits, saves;
	uint32_t failures;
};

/* The code of liboath. */
void machine_code(const struct otp_key *, uint64_t counter,
    char ret[static 9]);

/* The key that an enrolment shows in this login. */
bool machine_shown(const struct machine *, struct otp_key *ret);

/* Before an answer: what came of the one before? */
void machine_kept(struct machine *);

/* Something was typed, a message went out, a login begins, and is over. */
void machine_typed(struct machine *);
void machine_sent(struct machine *, const struct sending_request *,
    const struct sending_answer *);
void machine_before(struct machine *);
void machine_after(struct machine *, const struct login_report *);

#endif
