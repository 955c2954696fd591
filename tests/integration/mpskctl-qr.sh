#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# mpskctl key qr: what it draws is read back by a decoder that is not ours.
set -u

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/integration/ctl.sh
. "${srcdir:-.}/tests/integration/ctl.sh"

ctl_up
for tool in zbarimg rsvg-convert perl; do command -v "$tool" >/dev/null || bail_out "$tool is not installed"; done

# The octets of the code in an image, in hex.
decoded()
{
	zbarimg --quiet --raw --oneshot -Sdisable -Sqrcode.enable -Sqrcode.binary "$1" 2>/dev/null | od -An -v -tx1 |
		tr -d ' \n'
}

hex()
{
	printf %s "$1" | od -An -v -tx1 | tr -d ' \n'
}

# Half blocks as an image: PBM, eight pixels to a square.
pixels()
{
	perl -CSD -e '
		my %rows = (" " => [0, 0], "\x{2584}" => [0, 1], "\x{2580}" => [1, 0], "\x{2588}" => [1, 1]);
		my @rows;
		while (<STDIN>) {
			chomp;
			s/\e\[[0-9;]*m//g;
			s/\r//g;
			my @both = map { $rows{$_} or die "not a half block" } split //;
			for my $half (0, 1) { push @rows, join "", map { $_->[$half] x 8 } @both }
		}
		print "P1\n", length $rows[0], " ", 8 * @rows, "\n";
		for my $row (@rows) { print "$row\n" x 8 }'
}

# draws NAME EXPECTED_HEX OPTION...: the three ways to draw, all read back.
draws()
{
	draws_name=$1
	draws_hex=$2
	shift 2
	run key qr bob --output "$dir/qr.png" "$@"
	is "$draws_name: PNG" "$code $(decoded "$dir/qr.png")" "0 $draws_hex"
	run key qr bob --output "$dir/qr.svg" "$@"
	rsvg-convert -o "$dir/svg.png" "$dir/qr.svg"
	is "$draws_name: SVG" "$code $(decoded "$dir/svg.png")" "0 $draws_hex"
	run key qr bob --output - "$@"
	printf '%s\n' "$out" | pixels >"$dir/qr.pbm"
	is "$draws_name: half blocks" "$code $(decoded "$dir/qr.pbm")" "0 $draws_hex"
}

# The SSID in hex, the passphrase, and what the code has to say of the two.
hex64=0123456789abcdef0123456789ABCDEF0123456789abcdef0123456789abcdef
long63='~!@#$%^&*()_+`-={}|[]\:";<>?,./ abcdefghijklmnopqrstuvwxyzABCDE'
while IFS="$tab" read -r ssid psk text; do
	redis del 'mpsk:key:{bob}' >/dev/null
	printf %s "$ssid" | perl -ne 'print pack("H*", $_)' | redis -x hset 'mpsk:key:{bob}' ssid >/dev/null
	redis hset 'mpsk:key:{bob}' psk "$psk" >/dev/null
	draws "$text" "$(hex "$text")"
done <<EOF
$(hex Acme)${tab}correct-horse${tab}WIFI:T:WPA;S:Acme;P:correct-horse;;
$(hex 'a\b;c,d:e"f')${tab}x\\y;z,a:b"c${tab}WIFI:T:WPA;S:a\\\\b\\;c\\,d\\:e\\"f;P:x\\\\y\\;z\\,a\\:b\\"c;;
$(hex ';;')${tab};;;;;;;;${tab}WIFI:T:WPA;S:\\;\\;;P:\\;\\;\\;\\;\\;\\;\\;\\;;;
$(hex '"quoted"')${tab}"quoted"${tab}WIFI:T:WPA;S:\\"quoted\\";P:\\"quoted\\";;
$(hex cafe2020)${tab}deadbeef${tab}WIFI:T:WPA;S:"cafe2020";P:deadbeef;;
$(hex 1)${tab}12345678${tab}WIFI:T:WPA;S:"1";P:12345678;;
$(hex ' both ends ')${tab} spaces ${tab}WIFI:T:WPA;S: both ends ;P: spaces ;;
$(hex 'Café ☕')${tab}correct-horse${tab}WIFI:T:WPA;S:Café ☕;P:correct-horse;;
$(hex '日本語の無線')${tab}correct-horse${tab}WIFI:T:WPA;S:日本語の無線;P:correct-horse;;
ff00fe${tab}correct-horse${tab}WIFI:T:WPA;S:ff00fe;P:correct-horse;;
610a62${tab}correct-horse${tab}WIFI:T:WPA;S:610a62;P:correct-horse;;
c0af${tab}correct-horse${tab}WIFI:T:WPA;S:c0af;P:correct-horse;;
eda080${tab}correct-horse${tab}WIFI:T:WPA;S:eda080;P:correct-horse;;
e298${tab}correct-horse${tab}WIFI:T:WPA;S:e298;P:correct-horse;;
$(hex 12345678901234567890123456789012)${tab}$long63${tab}WIFI:T:WPA;S:"12345678901234567890123456789012";P:~!@#\$%^&*()_+\`-={}|[]\\\\\\:\\"\\;<>?\\,./ abcdefghijklmnopqrstuvwxyzABCDE;;
$(hex Acme)${tab}$hex64${tab}WIFI:T:WPA;S:Acme;P:$hex64;;
EOF

redis hset 'mpsk:key:{bob}' psk correct-horse ssid Acme >/dev/null
draws "--hidden" "$(hex 'WIFI:T:WPA;S:Acme;H:true;P:correct-horse;;')" --hidden
draws "--wpa3" "$(hex 'WIFI:T:WPA;R:1;S:Acme;P:correct-horse;;')" --wpa3
draws "--ssid that is the key's" "$(hex 'WIFI:T:WPA;S:Acme;P:correct-horse;;')" --ssid Acme
redis hdel 'mpsk:key:{bob}' ssid >/dev/null
draws "a key for every SSID" "$(hex 'WIFI:T:WPA;S:Else\:where;P:correct-horse;;')" --ssid 'Else:where'
run key qr bob --ssid Acme --json
exits "--json" 0
ok "--json" json '. == {"id": "bob", "text": "WIFI:T:WPA;S:Acme;P:correct-horse;;"}'

# Files.
run key qr bob --ssid Acme --output "$dir/new.svg"
is "a file is told of" "$out" "QR code of key bob written to $dir/new.svg"
is "only its owner may read it" "$(stat -c %a "$dir/new.svg")" 600
echo before >"$dir/new.png"
chmod 644 "$dir/new.png"
run key qr bob --ssid Acme --output "$dir/new.png" --quiet
is "one that is there is replaced, and read by nobody else" "$code $out $(stat -c %a "$dir/new.png")" "0  600"
unlike "one that is there is replaced" "$(head -c 6 "$dir/new.png")" before
unlike "the passphrase stands in no file in clear" "$(cat "$dir/new.svg")" correct-horse

# At a terminal.
script -qec "'$MPSKCTL' key qr bob --ssid Acme" /dev/null </dev/null >"$dir/tty"
like "a terminal: in colours of its own" "$(head -n 1 "$dir/tty")" "$(printf '\033')\\[38;5;16;48;5;231m"
pixels <"$dir/tty" >"$dir/tty.pbm"
is "a terminal: read back" "$(decoded "$dir/tty.pbm")" "$(hex 'WIFI:T:WPA;S:Acme;P:correct-horse;;')"

before=$(digest)
files=$(find "$dir" -name '*.png*' | sort)
run key qr bob --ssid Acme
refused "no terminal" 64 "--output"
run key qr bob --output -
refused "a key for every SSID, and none is named" 2 "every SSID: --ssid"
run key qr bob --ssid Acme --output "$dir/qr.gif"
refused "another kind of file" 2 "\.svg or \.png"
run key qr bob --ssid Acme --output "$dir/none/qr.png"
refused "a folder that is not there" 3 "none/qr.png: No such file"
run key qr nobody --output -
refused "an unknown key" 1 "no key nobody"
redis hset 'mpsk:key:{bob}' ssid Acme psk "$hex64" >/dev/null
before=$(digest)
run key qr bob --ssid Other --output -
refused "another SSID than the key's" 2 "another SSID"
run key qr bob --wpa3 --output -
refused "a PMK, with --wpa3" 2 "WPA3 needs a passphrase"
is "nothing is left of files that were not written" "$(find "$dir" -name '*.png*' | sort)" "$files"

done_testing
