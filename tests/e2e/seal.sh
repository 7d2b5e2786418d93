#!/bin/sh
# Secrets at rest: sealed with the host's key, of use in their own place alone,
# and a refusal where they do not open.
. tests/e2e/lib.sh

FAULT='Your code could not be checked: a fault of this host, not yours. Ask your administrator for: mfactl check'
USERS=/etc/mfa/users
HOST_KEY=/etc/mfa/host.key

# drift_max = 0, for next_code.
printf 'drift_max = 0\n[group carol]\nnot_enrolled = enrol\n' |
    config
pam_service su
pam_service su-l
for who in alice bob carol; do
	person "$who"
done

su_as()
{
	who=$1
	shift
	talk 'Password: ' "$PASSWORD" "$@" -- \
	    setpriv --reuid carol --regid carol --init-groups --reset-env \
	    su "$who" -c 'echo I am $(id -un)'
}

# Refused without a prompt, with that in the log and the words on the screen.
refused_for()
{
	clear_log
	run 1 su_as "$1" && says "$FAULT" && says_not 'I am' &&
	    logged "outcome=refused reason=crypto user=$1 " && logged "$2"
}

# Is a secret of alice anywhere below these: in base 32, in hex, as it is?
lies_in()
{
	python3 - "$(cat "$NS/key/alice")" "$@" <<-'END'
	import base64, os, sys
	raw = base64.b32decode(sys.argv[1])
	forms = [sys.argv[1].encode(), raw, raw.hex().encode(),
	         raw.hex().upper().encode(), base64.b64encode(raw)[:-3]]
	found = [os.path.join(d, f) for top in sys.argv[2:]
	         for d, _, names in os.walk(top) for f in names
	         if any(s in open(os.path.join(d, f), 'rb').read() for s in forms)]
	sys.exit(not found)
	END
}

key_id()
{
	sed -n 's/^current = //p' "$HOST_KEY"
}

## Without a key all is as it was.
enrol alice
ok 'without a key the secret is in the file' lies_in /etc/mfa
ok '... and check tells' eval 'mfactl check >"$OUT"; says_all \
    "note     /etc/mfa/users: the secrets of 1 person are not sealed" \
    "mfactl rekey"'

## The first key.
ok 'rekey --first makes a key' run 0 mfactl rekey --first
ok '... and tells of it' says_all "$HOST_KEY: key $(key_id); the secrets of 1 person are sealed with it." \
    'Keep a copy of that file'
ok '... root and nobody else reads it' \
    [ "$(stat -c '%u %a' "$HOST_KEY")" = '0 600' ]
ok '... and logs it' logged "event=rekey key=$(key_id) sealed=1 left=0"
ok 'the secret lies nowhere any more' eval '! lies_in /etc/mfa /var/lib/mfa'
ok '... and its factor works' run 0 su_as alice "$PROMPT" "$(code alice)"
cp -p "$HOST_KEY" "$NS/key1"
ok 'rekey --first again changes nothing' run 0 mfactl rekey --first
ok '... and says so' says "$HOST_KEY is there already."
ok '... the key is the same' cmp "$HOST_KEY" "$NS/key1"
ok 'check tells of the key' eval 'mfactl check >"$OUT"; says \
    "ok       $HOST_KEY: key $(key_id) of 2" && says_not "not sealed"'

## What is written from now on.
enrol alice
ok 'a new secret is sealed' all 'grep -q "^secret = sealed:$(key_id):" $USERS/alice' \
    '! lies_in /etc/mfa /var/lib/mfa'
ok 'a phone' run 0 mfactl add phone alice +819000001234 --unverified
ok '... its key is sealed' grep -q "^key = sealed:$(key_id):" "$USERS/alice"
ok 'a factor is renamed' run 0 mfactl rename Phone 'New phone' alice
ok 'a factor is removed' run 0 mfactl remove phone-"$(sed -n \
    's/^\[factor phone-\(.*\)\]/\1/p' $USERS/alice)" alice
ok 'recovery codes are added' eval 'mfactl add recovery alice >"$OUT"'
sed -n 's/^ *[0-9]*  *\([0-9A-Z-]\{19\}\).*/\1/p' "$OUT" >>"$SPENT"
ok 'the secret lies nowhere after all that' eval '! lies_in /etc/mfa /var/lib/mfa'
ok '... and the app works' run 0 su_as alice "$PROMPT" "$(next_code alice)"

## In its own place alone.
cp -p "$USERS/alice" "$USERS/bob"
ok "alice's record is of no use to bob" refused_for bob \
    "bob, factor totp-....: sealed with key $(key_id), but changed, or of another person"
ok '... which mfactl says, too' eval 'run 4 mfactl status bob &&
    says "restore what belongs together from a backup, or: mfactl reset bob"'
ok '... and check' eval '! mfactl check >"$OUT" &&
    says "error    bob: cannot log in: bob, factor totp-"'
cp -p "$USERS/bob" "$NS/bob"
ok '... and what does not open is not written over' all \
    'run 4 mfactl rename Phone X bob' 'run 4 mfactl add recovery bob' \
    'cmp $USERS/bob $NS/bob'
ok 'rekey goes on without it' run 1 mfactl rekey
ok '... says whose it is' says_all 'bob is left as it was: ' \
    '1 left as they were, so no older key is dropped'
ok '... and keeps both keys' [ "$(grep -c '^\[key ' "$HOST_KEY")" = 2 ]
ok "... and bob's record" cmp "$USERS/bob" "$NS/bob"
ok 'reset is the way out' run 0 mfactl reset bob
ok 'rekey leaves one key' run 0 mfactl rekey
ok '... indeed' [ "$(grep -c '^\[key ' "$HOST_KEY")" = 1 ]
ok '... another than the first' eval '! cmp -s "$HOST_KEY" "$NS/key1"'
cp -p "$USERS/alice" "$NS/alice"
sed -i 's/^\[factor totp-..../[factor totp-zzzz/' "$USERS/alice"
ok 'nor in another factor' refused_for alice 'alice, factor totp-zzzz: sealed'

## One secret is damaged: none of the factors is removed alone, and what then?
# damaged SED WORDS ...: status and remove say them, and write nothing.
damaged()
{
	sed "s/^secret = sealed:$1/" "$NS/alice" >"$USERS/alice"
	cp "$USERS/alice" "$NS/damaged"
	shift
	run 4 mfactl status alice && says_all "$@" &&
	    run 4 mfactl remove 'Recovery codes' alice && says_all "$@" &&
	    cmp "$USERS/alice" "$NS/damaged"
}
ok 'a damaged envelope: the ways out are said' damaged "$(key_id):./&!" \
    'alice, factor totp-' "key $(key_id), but changed, or of another" \
    'restore what belongs together from a backup, or: mfactl reset alice'
ok '... and where it is none any more' damaged '/seeled:' 'alice: line ' \
    'mfactl check tells in which file. Restore it from a backup, or: mfactl reset alice'
cp -p "$NS/alice" "$USERS/alice"

## The key is lost, another, open to others, or broken.
mv "$HOST_KEY" "$NS/key2"
ok 'without its key nobody gets in' refused_for alice \
    "sealed with key [a-z2-7]*, and there is no $HOST_KEY: restore what belongs together"
ok '... nor enrols' eval 'run 4 mfactl add recovery alice &&
    cmp $USERS/alice $NS/alice'
cp -p "$NS/key1" "$HOST_KEY"
ok 'with an older key' refused_for alice "which is not in $HOST_KEY: restore"
sed "s/$(sed -n 's/^current = //p' "$NS/key1")/$(sed -n 's/^current = //p' "$NS/key2")/" \
    "$NS/key1" >"$HOST_KEY"
ok 'with another key of the same name' refused_for alice 'but changed, or of another'
reason_store()
{
	clear_log
	run 1 su_as alice && says "$FAULT" &&
	    logged 'outcome=refused reason=store user=alice ' && logged "$1"
}
cp -p "$NS/key2" "$HOST_KEY"
chmod 640 "$HOST_KEY"
ok 'with a key that others may read' reason_store "$HOST_KEY has mode 0640: chmod 0600"
ok '... which check finds' eval '! mfactl check >"$OUT" &&
    says "error    $HOST_KEY: no sealed factor can be read, and none written"'
chmod 400 "$HOST_KEY"
ok 'root may keep it to read only' run 0 mfactl status alice
head -c 100 "$NS/key2" >"$HOST_KEY"
ok 'with half a key' reason_store "$HOST_KEY: line 5: "
cp -p "$NS/key2" "$HOST_KEY"
enrol alice
ok 'with the key all is well again' run 0 su_as alice "$PROMPT" "$(code alice)"

## Plain records that come later: configuration management.
cat >"$USERS/bob" <<END
# managed
version = 1
[factor totp-plain]
kind = totp
label = Phone
created = 1790000000
secret = $(new_key bob)
algorithm = SHA1
digits = 6
period = 30
END
chmod 600 "$USERS/bob"
ok 'a plain record is taken' run 0 su_as bob "$PROMPT" "$(code bob)"
ok '... and told of' eval 'mfactl check >"$OUT"
    says "the secrets of 1 person are not sealed"'
ok '... and sealed by the next rekey' all 'run 0 mfactl rekey' \
    '! grep -qF "$(cat $NS/key/bob)" $USERS/bob'
ok '... and still works' run 0 su_as bob "$PROMPT" "$(next_code bob)"
ok '... as for everybody' run 0 su_as alice "$PROMPT" "$(next_code alice)"
sed -i 's/^created = .*/created = 1700000000/' "$HOST_KEY"
ok 'an old key is told of' eval 'mfactl check >"$OUT"; says "the key is older than a year"'

## An enrolment at login seals, too.
# app: what the app shows, after the key was typed in.
cat >"$NS/bin/app" <<END
#!/bin/sh
key=\$(sed -n 's/.* key[a-z ]*[: ] *\(\([A-Z2-7]\{4\}[ .:]*\)\{8\}\).*/\1/p' |
    tail -n 1 | tr -d ' .:')
echo "\$key" >"$NS/key/carol"
oathtool --totp -b "\$key" | tee -a "$SPENT"
END
chmod 755 "$NS/bin/app"
ok 'carol enrols at login' run 0 talk 'Password: ' "$PASSWORD" \
    'press Enter (x: leave): ' '' 'x: leave): ' '|app' \
    'Press Enter when you have them: ' '' -- setpriv --reuid bob --regid bob \
    --init-groups --reset-env su carol -c 'echo I am $(id -un)'
sed -n 's/^ *[0-9]*  \(\([0-9A-Z]\{4\}-\)\{3\}[0-9A-Z]\{4\}\).*/\1/p' "$OUT" \
    >>"$SPENT"
ok '... and is in' says 'I am carol'
ok '... and what she has is sealed' all \
    'grep -q "^secret = sealed:$(key_id):" $USERS/carol' \
    '[ -s "$NS/key/carol" ]' '! grep -qF "$(cat "$NS/key/carol")" $USERS/carol'

## Who may, and where there is nothing to seal.
ok 'rekey is not for everybody' run 3 as alice "$NS/bin/mfactl" rekey
printf 'store = home\n' | config
ok 'with store = home nothing is sealed' run 3 mfactl rekey
ok '... and it says why' says "store = home: people's own files are not sealed"
config </dev/null
ok 'no code, key or password is in the log' log_is_clean
ok '... nor the key of the host' eval '! grep -qF "$(sed -n "s/^secret = //p" "$NS/key2")" "$NS/log"'
finish
