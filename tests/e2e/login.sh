#!/bin/sh
# login(1) on a pseudo-terminal, with its alarm for the whole dialogue.
. tests/e2e/lib.sh

config <<END
drift_max = 0
[service login]
time_limit = 50s
END
pam_service login
person alice
# The first refusal is the end, not another question for the name.
sed -i 's/^LOGIN_RETRIES.*/LOGIN_RETRIES 1/' /etc/login.defs
limit=$(sed -n 's/^LOGIN_TIMEOUT[[:space:]]*//p' /etc/login.defs)

# What login does about alarms and timers goes to $NS/alarms.
login_alice()
{
	talk 'login: ' alice 'Password: ' "$PASSWORD" "$@" -- strace -q \
	    -o "$NS/alarms" -e trace=alarm,setitimer,timer_create,rt_sigaction,read \
	    login
}

enrol alice
used=$(code alice)
ok 'AT-94 password and code let in' run 0 login_alice "$PROMPT" "$used" \
    '$ ' 'echo I am $(id -un); exit'
ok '... as that person' says 'I am alice'
ok '... with an audit line' logged \
    'outcome=granted reason=right_code user=alice service=login rhost=- tty=[^ ]*pts/.* ruser=- method=totp factor=totp-.... failures=0'

# What was done about it until the last answer was typed.
alarms()
{
	tac "$NS/alarms" | sed -n '/^read(0, "[0-9]/,$p' |
	    grep -oE '^(alarm|setitimer|timer_create|rt_sigaction\(SIGALRM)[^)},]*'
}
ok 'the alarm of login stays armed through the dialogue' \
    [ "$(alarms | grep -v sigaction)" = "alarm($limit" ]
ok '... with its handler' [ "$(alarms | grep -c sigaction)" -eq 1 ]

ok 'a used code is refused, the next is taken' run 0 login_alice \
    "$PROMPT" "$used" \
    'This code was already used. Wait for the next one. Code (2 tries left): ' \
    "$(next_code alice)" '$ ' 'echo I am $(id -un); exit'
ok '... as that person' says 'I am alice'

# Time is over while a code is asked for: the clock is turned by a signal.
# The process whose terminal we sit at is the login under strace.
enrol alice
clear_log
ring='|kill -ALRM $(cat /proc/[0-9]*/stat |
    sed -n "s/^\([0-9]*\) (login) .*/\1/p")'
ok 'AT-34 the alarm in the middle ends login' run 0 login_alice \
    "$PROMPT" "$ring"
ok '... with its words' says "Login timed out after $limit seconds"
ok '... and nobody gets in' all '! grep -q outcome=granted "$NS/log"' \
    'says_not "I am"'
ok '... and the next login works' run 0 login_alice \
    "$PROMPT" "$(code alice)" '$ ' 'echo I am $(id -un); exit'
ok '... as that person' says 'I am alice'

# login asks for the name again after a refusal.
enrol alice
clear_log
ok 'three wrong codes are refused' run 0 login_alice \
    "$PROMPT" "$(wrong alice 1)" 'Code (2 tries left): ' "$(wrong alice 2)" \
    'Code (1 try left): ' "$(wrong alice 3)" 'Login incorrect' -
ok '... and counted' logged \
    'outcome=refused reason=wrong_code user=alice service=login .*failures=3'
ok '... and nobody gets in' all '! grep -q outcome=granted "$NS/log"' \
    'says_not "I am"'
ok 'no code, key or password is in the log' log_is_clean
finish
