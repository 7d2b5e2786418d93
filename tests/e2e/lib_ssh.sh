# What the tests with an sshd share; after lib.sh.

# sshd_start PORT SERVICE [LINE ...]: an sshd on loopback with these lines in
# its configuration besides. Its PAM service is what it was started as.
sshd_start()
{
	port=$1 service=$2
	shift 2
	[ -f "$NS/hostkey" ] ||
	    ssh-keygen -q -t ed25519 -N '' -f "$NS/hostkey"
	ln -sf /usr/sbin/sshd "$NS/$service"
	{
		cat <<-END
		ListenAddress 127.0.0.1
		Port $port
		HostKey $NS/hostkey
		PidFile none
		UsePAM yes
		UseDNS no
		PrintMotd no
		PrintLastLog no
		MaxStartups 100
		AcceptEnv LANG
		Subsystem sftp internal-sftp
		END
		printf '%s\n' "$@"
	} >"$NS/sshd_config.$port"
	"$NS/$service" -D -f "$NS/sshd_config.$port" </dev/null &
	wait_port "$port"
}

PASSWORD_THEN_CODE='PasswordAuthentication no
KbdInteractiveAuthentication yes'

# opts: nothing of this person's or this host's configuration.
opts()
{
	echo -F none -o StrictHostKeyChecking=no -o LogLevel=ERROR \
	    -o UserKnownHostsFile=/dev/null -o NumberOfPasswordPrompts=1 \
	    -o IdentityAgent=none -o IdentitiesOnly=yes
}

# ssh_to PORT USER [WORDS ANSWER] ...: a login on a terminal that says who it is.
ssh_to()
{
	p=$1 u=$2
	shift 2
	# shellcheck disable=SC2046
	talk "$@" -- ssh $(opts) -p "$p" "$u@127.0.0.1" 'echo I am $(id -un)'
}
