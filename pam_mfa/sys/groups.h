/* In which of the groups that mfa.conf names is a person? */
#ifndef MFA_GROUPS_H
#define MFA_GROUPS_H

#include "../core/policy.h"

/*
 * Fills who->member from the group database, by all groups of who->user. Looks
 * nothing up if no group is named: it may cost a directory search. A group
 * that cannot be found or asked for is WHEN_UNKNOWN.
 */
void groups_find(const struct mfa_conf *, struct mfa_subject *who);

#endif
