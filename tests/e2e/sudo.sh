#!/bin/sh
# sudo on a pseudo-terminal, and sudo -S without one.
. tests/e2e/lib.sh

echo "drift_max = 0" | config
pam_service sudo
person alice
echo 'alice ALL=(ALL) ALL' >/etc/sudoers.d/mfa-test
chmod 440 /etc/sudoers.d/mfa-test

ASKS_PASSWORD='[sudo] password for alice: '

sudo_alice()
{
	talk "$ASKS_PASSWORD" "$PASSWORD" "$@" -- \
	    setpriv --reuid alice --regid alice --init-groups --reset-env \
	    sudo -k sh -c 'echo I am $(id -un)'
}

# --- on a terminal
enrol alice
used=$(code alice)
ok 'AT-94 password and code let in' run 0 sudo_alice "$PROMPT" "$used"
ok '... as root' says 'I am root'
ok '... with an audit line' logged \
    'outcome=granted reason=right_code user=alice service=sudo rhost=- tty=[^ ]*pts/.* ruser=alice method=totp factor=totp-.... failures=0'

ok 'a used code is refused, the next is taken' run 0 sudo_alice \
    "$PROMPT" "$used" \
    'This code was already used. Wait for the next one. Code (2 tries left): ' \
    "$(next_code alice)"
ok '... as root' says 'I am root'

# sudo asks again after a refusal: passwd_tries.
enrol alice
clear_log
echo 'Defaults passwd_tries=1' >>/etc/sudoers.d/mfa-test
ok 'three wrong codes are refused' run 1 sudo_alice \
    "$PROMPT" "$(wrong alice 1)" 'Code (2 tries left): ' "$(wrong alice 2)" \
    'Code (1 try left): ' "$(wrong alice 3)"
ok '... and nothing was run' says_not 'I am'
ok '... and counted' logged \
    'outcome=refused reason=wrong_code user=alice service=sudo .*failures=3'
ok 'a wrong password is not asked for a code' run 1 \
    talk "$ASKS_PASSWORD" "not-$PASSWORD" -- setpriv --reuid alice \
    --regid alice --init-groups --reset-env sudo -k id -un
ok '... nor let in' all 'says_not "$PROMPT"' '! grep -qx root "$OUT"'

# --- without a terminal: the answers are lines on stdin
piped()
{
	printf '%s\n' "$@" | as alice env $JUNK sudo -S -k sh -c \
	    'echo I am $(id -un)'
}
JUNK=
enrol alice
clear_log
used=$(code alice)
ok 'AT-94 sudo -S: password and code let in' run 0 piped "$PASSWORD" "$used"
ok '... as root' says 'I am root'
ok '... with an audit line' logged 'outcome=granted .*user=alice service=sudo .*tty=- ruser=alice'
ok 'sudo -S: that code is good once, and then input ends' \
    run 1 piped "$PASSWORD" "$used"
ok 'sudo -S: no code, no entry' run 1 piped "$PASSWORD"
ok '... and nothing was run' says_not 'I am'
ok 'sudo -n asks nobody' run 1 as alice sudo -n -k id -un

# --- whatever the caller's environment says: a file that is read there hangs
mkfifo -m 666 /tmp/fifo
mkdir -m 777 /tmp/evil
cat >/tmp/evil/mfa.conf <<'END'
not_enrolled = allow
END
JUNK="MFA_CONF=/tmp/evil/mfa.conf MFA_CONFIG=/tmp/evil/mfa.conf
    XDG_CONFIG_HOME=/tmp/evil XDG_CONFIG_DIRS=/tmp/evil TMPDIR=/tmp/evil
    HOME=/tmp/evil USER=root LOGNAME=root SUDO_USER=root PAM_USER=root
    OPENSSL_CONF=/tmp/fifo OPENSSL_CONF_INCLUDE=/tmp/fifo
    OPENSSL_MODULES=/tmp/evil OPENSSL_ENGINES=/tmp/evil RANDFILE=/tmp/fifo
    SSL_CERT_FILE=/tmp/fifo SSLKEYLOGFILE=/tmp/evil/keys
    CURL_CA_BUNDLE=/tmp/fifo CURL_HOME=/tmp/evil NETRC=/tmp/fifo
    http_proxy=http://127.0.0.1:9 https_proxy=http://127.0.0.1:9
    ALL_PROXY=http://127.0.0.1:9 TZ=Pacific/Kiritimati
    LANG=xx_XX.UTF-8 LC_ALL=xx_XX LANGUAGE=xx NLSPATH=/tmp/fifo
    LOCPATH=/tmp/evil LD_PRELOAD=/tmp/evil/x.so LD_LIBRARY_PATH=/tmp/evil
    LD_AUDIT=/tmp/evil/x.so GCONV_PATH=/tmp/evil RES_OPTIONS=debug
    HOSTALIASES=/tmp/fifo MALLOC_PERTURB_=170 MALLOC_CHECK_=3"
in_time()
{
	timeout 20 setpriv --reuid alice --regid alice --init-groups \
	    --reset-env env $JUNK sudo -S -k sh -c 'echo I am $(id -un)'
}
answers()
{
	printf '%s\n' "$@" >"$NS/answers"
	in_time <"$NS/answers"
}
enrol alice
clear_log
ok 'AT-30 with junk in the environment: a right code is right' \
    run 0 answers "$PASSWORD" "$(code alice)"
ok '... as root' says 'I am root'
ok '... and nothing was written where it points' \
    [ "$(ls /tmp/evil)" = mfa.conf ]
ok 'AT-30 with junk in the environment: a wrong code is wrong' \
    run 1 answers "$PASSWORD" "$(wrong alice 1)" "$(wrong alice 2)" \
    "$(wrong alice 3)"
ok '... and nothing was run' says_not 'I am'
unenrol alice
ok 'AT-30 with junk in the environment: no factor, no entry' \
    run 1 answers "$PASSWORD" ''
ok '... and nothing was run' says_not 'I am'
ok '... with an audit line' logged 'outcome=refused reason=not_enrolled user=alice service=sudo'
ok 'no code, key or password is in the log' log_is_clean
finish
