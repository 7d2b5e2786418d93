#!/bin/sh
# tests/ns.sh tests/optional/voice.sh: a code by a real SIP call. Two baresips,
# the host's and a person's; the person's picks up and records, and what
# listen.py hears in the recording is typed at the prompt. Not part of make
# check: it needs baresip-core, espeak-ng and sox, and the time of two calls.
. tests/e2e/lib.sh

for p in baresip espeak-ng sox; do
	command -v "$p" >/dev/null && continue
	echo "1..0 # SKIP no $p: apt-get install baresip-core espeak-ng sox"
	exit 0
done

HERE=tests/optional
NUMBER=+819000001234
CALLS=$NS/calls			# what the host's phone says
HOST=$NS/host
PERSON=$NS/person		# what the person's phone has heard

# phone FOLDER ACCOUNT SIP_PORT CTRL_PORT [MODULE]: a baresip; its pid in PID.
phone()
{
	mkdir -m 700 "$1"
	cat >"$1/config" <<-END
	sip_listen 127.0.0.1:$3
	ctrl_tcp_listen 127.0.0.1:$4
	snd_path $1
	audio_source aufile,$NS/silence.wav
	audio_player aufile,$1/play.wav
	audio_alert aufile,$1/alert.wav
	ausrc_srate 8000
	auplay_srate 8000
	ausrc_channels 1
	auplay_channels 1
	module_path /usr/lib/baresip/modules
	module g711.so
	module aufile.so
	${5:+module $5}
	module_tmp uuid.so
	module_tmp account.so
	module_app menu.so
	module_app ctrl_tcp.so
	END
	cat >"$1/accounts" <<-END
	<sip:$2@127.0.0.1:$3>;regint=0;audio_codecs=PCMU/8000/1;answermode=auto
	END
	chown -R phone "$1"
	setpriv --reuid phone --regid phone --clear-groups --no-new-privs \
	    baresip -f "$1" -v >"$1/log" 2>&1 </dev/null &
	PID=$!
	wait_port "$4"
}

# baresip takes no loopback for an address of its own; this leads nowhere.
interfaces()
{
	ip link add v0 type veth peer name v1 &&
	    ip addr add 192.0.2.50/24 dev v0 &&
	    ip link set v0 up && ip link set v1 up
}

# "|$HEARD N" is an answer of talk: the code that the N-th call has said.
HEARD="$HERE/listen.py $PERSON 2>>$NS/distances"

useradd --system --shell /usr/sbin/nologin mfa-send
useradd --system --shell /usr/sbin/nologin phone
mkdir -m 700 -p /etc/mfa/users
mkdir -m 755 /etc/mfa/senders
mkdir "$CALLS"
chown mfa-send:phone "$CALLS"
chmod 2750 "$CALLS"
sox -n -r 8000 -c 1 -b 16 "$NS/silence.wav" trim 0 40
install -m 755 "$HERE/voice-send" "$NS/bin"
echo "[voice]
exec = $NS/bin/voice-send" >/etc/mfa/senders/baresip.conf
config <<END
senders = baresip
sender_program = $NS/bin/mfa-send
numbers = +81
END
pam_service su
person alice
person bob
mfactl add phone alice "$NUMBER" --voice --unverified >"$OUT" 2>&1

try_it()
{
	mfactl sender test baresip --voice --to "$NUMBER"
}

su_alice()
{
	talk 'Password: ' "$PASSWORD" "$@" -- \
	    setpriv --reuid bob --regid bob --init-groups --reset-env \
	    su alice -c 'echo I am $(id -un)'
}

ok 'there is a network' interfaces
ok 'the profile is in order' run 0 mfactl sender check
ok 'a host without a phone calls nobody' run 1 try_it
ok '... and says why' says 'baresip does not run'
ok 'the host has a phone' phone "$HOST" host 5070 4471
host=$PID
ok 'a person has a phone' phone "$PERSON" "$NUMBER" 5080 4481 sndfile.so
person=$PID
ok 'a call to try it' run 0 try_it
ok '... says 123456' [ "$(eval "$HEARD 1")" = 123456 ]
rm -f /var/lib/mfa/%sent
clear_log
ok 'a login by call' run 0 su_alice \
    'is being called: the voice says a code. ' "|$HEARD 2 | tee -a $SPENT"
ok '... as that person' says 'I am alice'
ok '... with an audit line' logged 'outcome=granted reason=right_code user=alice service=su .*method=voice'
ok 'no code is in the log' log_is_clean

kill "$person"
wait "$person"
rm -f /var/lib/mfa/%sent
ok 'nobody is there' run 1 try_it
ok '... and it says so' says 'baresip: transient: nobody there'
kill "$host"
wait "$host"
sed 's/^/# heard /' "$NS/distances"
finish
