#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Mail: mpskctl key mail, and the steps mail and remind of maintain, against a
# real SMTP server on loopback. What arrives is read by Python's parser, and
# its QR code by zbar.
set -u

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/integration/ctl.sh
. "${srcdir:-.}/tests/integration/ctl.sh"

ctl_up
for tool in zbarimg openssl; do command -v "$tool" >/dev/null || bail_out "$tool is not installed"; done
# Debian's modules are those of Debian's Python, which need not be the first one.
for python in python3 /usr/bin/python3; do "$python" -c 'import aiosmtpd' 2>/dev/null && break; done
"$python" -c 'import aiosmtpd' || bail_out "python3-aiosmtpd is not installed"

# smtp FOLDER [CERTIFICATE KEY]: starts a server; its port is in $port, its process in $smtp_pid.
smtp()
{
	mkdir -p "$1"
	rm -f "$1/port"
	"$python" "${srcdir:-.}/tests/integration/smtp.py" "$@" 2>"$dir/smtp.log" &
	smtp_pid=$!
	pids="$pids $smtp_pid"
	wait_for 30 test -s "$1/port" || bail_out "the SMTP server does not start: $(cat "$dir/smtp.log")"
	port=$(cat "$1/port")
}

mails()
{
	find "$box" -name '*.eml' | wc -l
}

# put ID FIELD VALUE...: a key by hand.
put()
{
	put_id=$1
	shift
	redis hset "mpsk:key:{$put_id}" psk "passphrase of $put_id" ssid Acme email "$put_id@example.org" "$@" >/dev/null
}

# Of a mail: FROM|TO|SUBJECT|TYPES, and its parts as files.
parsed()
{
	"$python" - "$1" "$dir" <<'PYTHON'
import email, email.policy, sys
with open(sys.argv[1], "rb") as file:
    mail = email.message_from_binary_file(file, policy=email.policy.default)
for name, type in (("txt", "text/plain"), ("html", "text/html"), ("png", "image/png")):
    parts = [part for part in mail.walk() if part.get_content_type() == type]
    content = parts[0].get_content() if parts else ""
    with open(f"{sys.argv[2]}/part.{name}", "wb") as out:
        out.write(content if isinstance(content, bytes) else content.encode())
if mail.defects or any(part.defects for part in mail.walk()):
    print("DEFECTS", end="|")
if not mail["date"].datetime or mail["bcc"] or mail["x-evil"] or len(mail.get_all("to")) != 1:
    print("HEADERS", end="|")
print(mail["from"], mail["to"], mail["subject"],
      " ".join(part.get_content_type() for part in mail.walk()), sep="|")
PYTHON
}

types="multipart/alternative text/plain multipart/related text/html image/png"
now=$(date +%s)
box=$dir/box
smtp "$box"
MPSK_MAIL_VIA=smtp://127.0.0.1:$port
MPSK_MAIL_FROM=wifi@example.com
export MPSK_MAIL_VIA MPSK_MAIL_FROM

#
# --- key mail ---
#
put bob exp 2000000000
run key mail bob
is "key mail" "$code $out$err" "0 mailed key bob"
is "key mail: from whom, to whom" "$(cat "$box/1.to")" "wifi@example.com bob@example.org tls=False"
is "key mail: what came" "$(parsed "$box/1.eml")" \
	"wifi@example.com|bob@example.org|Your key for the Wi-Fi network Acme|$types"
like "key mail: the text" "$(cat "$dir/part.txt")" '^Passphrase: passphrase of bob$'
like "key mail: until when" "$(cat "$dir/part.txt")" '^Valid until: 2033-05-18T03:33:20\+00:00$'
unlike "key mail: no line without a value" "$(cat "$dir/part.txt" "$dir/part.html")" 'passphrase before'
like "key mail: the HTML" "$(cat "$dir/part.html")" '<code>passphrase of bob</code>'
is "key mail: the QR code" "$(zbarimg --quiet --raw "$dir/part.png" 2>/dev/null)" \
	"WIFI:T:WPA;S:Acme;P:passphrase of bob;;"
before=$(digest)
run key mail bob --print
printf '%s\n' "$out" >"$dir/printed"
is "--print" "$code $(parsed "$dir/printed" | cut -d'|' -f2)" "0 bob@example.org"
is "--print sends nothing, and writes nothing" "$(mails) $(digest)" "1 $before"
put carol ssid '*'
run key mail carol
parsed "$box/2.eml" >"$dir/head"
is "a network that is not known: no code" "$(cut -d'|' -f4 "$dir/head")" "multipart/alternative text/plain text/html"
unlike "a network that is not known: no line of it" "$(cat "$dir/part.txt" "$dir/part.html")" 'cid:|^Network'
run key mail carol --mail-ssid Other
parsed "$box/3.eml" >"$dir/head"
is "--mail-ssid" "$(zbarimg --quiet --raw "$dir/part.png" 2>/dev/null)" "WIFI:T:WPA;S:Other;P:passphrase of carol;;"

#
# --- Hostile ---
#
evil='Ä <script>"&{{psk}}=?UTF-8?B?QQ==?= Bcc: x@example.org'
redis hset 'mpsk:key:{eve}' psk 'a.b=c{{id}}<b>' name "$evil" email eve@example.org >/dev/null
redis hset 'mpsk:key:{eve}' ssid "$(printf 'Ä\nBcc: x@y\r\n.')" >/dev/null
n=$(mails)
run key mail eve
exits "a hostile name and SSID" 0
parsed "$box/$((n + 1)).eml" >"$dir/head"
is "a hostile name and SSID: no header of theirs" "$(cut -d'|' -f1,2,4 "$dir/head")" \
	"wifi@example.com|eve@example.org|$types"
like "a hostile name: as it is in the text" "$(cat "$dir/part.txt")" '^Hello Ä <script>"&\{\{psk\}\}=\?UTF-8\?B\?QQ==\?= Bcc: x@example.org,$'
is "a hostile name: one mail" "$(mails) $(cat "$box/$((n + 1)).to")" \
	"$((n + 1)) wifi@example.com eve@example.org tls=False"
unlike "a hostile name: no tag of theirs" "$(cat "$dir/part.html")" '<script|<b>'
like "a passphrase stands in the text as it is" "$(cat "$dir/part.txt")" '^Passphrase: a\.b=c\{\{id\}\}<b>$'
before=$(mails)
for address in 'a b@example.org' 'a@b@c' '-oQ/tmp@example.org' 'a@example.org,b@example.org' '<a@example.org>' bob \
	'a@' '@b' "$(printf 'a@example.org\nBcc: b@example.org')"; do
	redis hset 'mpsk:key:{eve}' email "$address" >/dev/null
	run key mail eve
	exits "an email that is no address: $(printf %s "$address" | tr '\n' ' ')" 2
done
is "nothing was sent to them" "$(mails)" "$before"
redis hdel 'mpsk:key:{eve}' email >/dev/null
run key mail eve
like "no email" "$code $err" "2 mpskctl: key eve: it has no email"
run key mail nobody
exits "no such key" 1
run key mail bob --mail-from 'x@example.org>'
exits "a sender that is no address" 2
for via in http://127.0.0.1 "smtp://me:secret@127.0.0.1:$port" sendmail; do
	run key mail bob --mail-via "$via"
	exits "--mail-via $via" 2
done
is "nor was anything sent by these" "$(mails)" "$before"

#
# --- Templates ---
#
mkdir "$dir/templates"
printf 'Subject: {{name}} \303\204\r\n\r\nUse {{psk}} at {{ssid}}.\n' >"$dir/templates/key.txt"
run key mail bob --print --mail-templates "$dir/templates"
printf '%s\n' "$out" >"$dir/printed"
is "a template" "$(parsed "$dir/printed" | cut -d'|' -f3) $(cat "$dir/part.txt")" \
	"bob Ä Use passphrase of bob at Acme."
like "the other one is ours" "$(cat "$dir/part.html")" 'Hello bob'
printf 'Subject: x\n{{nme}}\n' >"$dir/templates/key.txt"
run key mail bob --print --mail-templates "$dir/templates"
like "a template with a name that there is not" "$code $err" "2 .*key\.txt, line 2: after \{\{"
printf 'Hello\n' >"$dir/templates/key.txt"
run key mail bob --print --mail-templates "$dir/templates"
like "a template without a subject" "$code $err" "2 .*first line"

#
# --- maintain: told once, tried again ---
#
fresh
n=$(mails)
put bob notify_edit 1 modified "$((now - 10))"
put dave notify_edit 1 modified "$((now - 86500))"
put erin modified "$((now - 10))"
put frank notify_edit 1 modified "$((now - 10))" enabled 0
run maintain --only mail --dry-run
is "mail: --dry-run" "$code $out $(mails) $(redis exists 'mpsk:mail:{bob}')" "0 mail: key bob: would mail $n 0"
run maintain --only mail
is "mail: of a change" "$code $out" "0 mail: key bob: mailed"
is "mail: of a change: what came" "$(parsed "$box/$((n + 1)).eml" | cut -d'|' -f2,3)" \
	"bob@example.org|Your key for the Wi-Fi network is new or was changed"
run maintain --only mail
is "mail: once" "$code $out $(mails)" "0  $((n + 1))"
redis hset 'mpsk:key:{bob}' modified "$((now - 5))" >/dev/null
run maintain --only mail
is "mail: of the next change" "$code $out $(mails)" "0 mail: key bob: mailed $((n + 2))"
run key add grace --ssid Acme --email grace@example.org --notify-edit 1 --generate
wait_for 10 test "$(date +%s)" -gt "$(field grace created)" || :
grace_told()
{
	run maintain --only mail
	[ "$out" = "mail: key grace: mailed" ]
}
ok "mail: of a key that key add made" wait_for 10 grace_told
put ron notify_edit 1 rotate_every 86400 exp 2000000000
run maintain --only rotate
is "a scheduled rotation" "$code $out" "0 rotate: key ron: rotated"
ron_told()
{
	run maintain --only mail
	[ "$out" = "mail: key ron: mailed" ]
}
ok "mail: of a scheduled rotation" wait_for 10 ron_told
parsed "$box/$(mails).eml" >"$dir/head"
is "mail: of a scheduled rotation: to whom" "$(cut -d'|' -f2 "$dir/head")" ron@example.org
is "mail: of a scheduled rotation: the new passphrase" "$(sed -n 's/^Passphrase: //p' "$dir/part.txt")" "$(field ron psk)"
like "mail: of a scheduled rotation: until when the old one is taken" "$(cat "$dir/part.txt")" 'passphrase before.*20[0-9][0-9]-'
run key delete grace
is "what was told goes with its key" "$code $(redis exists 'mpsk:mail:{grace}')" "0 0"
MPSK_MAIL_VIA='' run maintain --only mail --dry-run
is "mail: none where --mail-via does not say how" "$code $out" "0 "

fresh
n=$(mails)
put bob notify_expiry 1 exp "$((now + 7 * 86400 + 3600))"
put carol notify_expiry 1 notify_days 30 exp "$((now + 29 * 86400))"
put dave exp "$((now + 3600))"
put erin notify_expiry 1 exp "$((now - 5))"
run maintain --only remind --dry-run --at +2h
is "remind: seven days before, or as many as the key says" "$code $out" "0 remind: key bob: would mail
remind: key carol: would mail"
run maintain --only remind
is "remind" "$code $out" "0 remind: key carol: mailed"
run maintain --only remind
is "remind: once" "$code $out $(mails)" "0  $((n + 1))"
redis hset 'mpsk:key:{carol}' exp "$((now + 20 * 86400))" >/dev/null
run maintain --only remind
is "remind: of another end" "$code $out $(mails)" "0 remind: key carol: mailed $((n + 2))"

fresh
n=$(mails)
put bob notify_edit 1 modified "$((now - 10))"
put nobody notify_edit 1 modified "$((now - 10))" email no.body@example.org
run maintain --only mail
is "one that is refused holds up no other" "$out $(mails)" "mail: key bob: mailed $((n + 1))"
like "one that is refused is told of" "$err" "mail: key nobody: the mail could not be handed over: .*550"
run maintain --only mail
is "one that is refused is not tried again at once" "$code $out$err" "0 "
redis hincrby 'mpsk:mail:{nobody}' tried -61 >/dev/null
run maintain --only mail
like "but a minute later" "$err" "mail: key nobody: "
redis hincrby 'mpsk:mail:{nobody}' tried -61 >/dev/null
redis hset 'mpsk:key:{nobody}' email any.body@example.org >/dev/null
run maintain --only mail
is "and then two" "$code $out$err" "0 "
redis hincrby 'mpsk:mail:{nobody}' tried -60 >/dev/null
run maintain --only mail
is "until it is sent" "$code $out $(mails)" "0 mail: key nobody: mailed $((n + 2))"

#
# --- A server that is away; a program ---
#
fresh
n=$(mails)
put bob notify_edit 1 modified "$((now - 10))"
put carol notify_edit 1 modified "$((now - 10))"
kill "$smtp_pid"
wait "$smtp_pid" 2>/dev/null
run maintain --only mail
exits "a server that is away" 3
is "a server that is away: the others wait" "$(redis exists 'mpsk:mail:{bob}') $(redis exists 'mpsk:mail:{carol}')" "1 0"
cat >"$dir/sendmail" <<STANDIN
#!/bin/sh
printf '%s\n' "\$*" >>"$dir/sendmail.args"
cat >"$dir/sendmail.mail"
exit \$(cat "$dir/sendmail.exit")
STANDIN
chmod +x "$dir/sendmail"
echo 75 >"$dir/sendmail.exit"
redis hincrby 'mpsk:mail:{bob}' tried -61 >/dev/null
run maintain --only mail --mail-via "sendmail:$dir/sendmail"
like "a program that fails" "$code $err" "2 .*did not take the mail: it ended with 75"
echo 0 >"$dir/sendmail.exit"
run key mail bob --mail-via "sendmail:$dir/sendmail"
is "a program" "$code $out" "0 mailed key bob"
is "a program: its arguments" "$(tail -n 1 "$dir/sendmail.args")" "-i -f wifi@example.com bob@example.org"
is "a program: its mail" "$(parsed "$dir/sendmail.mail" | cut -d'|' -f2,4)" "bob@example.org|$types"
run key mail bob --mail-via "sendmail:$dir/none"
exits "a program that there is not" 3

#
# --- TLS ---
#
openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -addext 'subjectAltName=DNS:localhost,IP:127.0.0.1' \
	-days 2 -keyout "$dir/tls.key" -out "$dir/tls.pem" 2>/dev/null
box=$dir/tls
smtp "$box" "$dir/tls.pem" "$dir/tls.key"
run key mail bob --mail-via "smtp://127.0.0.1:$port" --mail-ca-file "$dir/tls.pem"
is "STARTTLS" "$code $(cat "$box/1.to")" "0 wifi@example.com bob@example.org tls=True"
openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=other -days 2 -keyout "$dir/other.key" -out "$dir/other.pem" 2>/dev/null
run key mail bob --mail-via "smtp://127.0.0.1:$port" --mail-ca-file "$dir/other.pem"
exits "STARTTLS: a certificate that is not trusted" 3
box=$dir/clear
smtp "$box"
run key mail bob --mail-via "smtp://127.0.0.1:$port" --mail-ca-file "$dir/tls.pem"
exits "STARTTLS: a server that has none" 3
is "nothing was sent in clear" "$(mails)" 0

done_testing
