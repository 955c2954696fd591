# SPDX-License-Identifier: GPL-2.0-or-later
# What a program says with --help, of which all descriptions of options begin in column 101, as a part of a manual
# page. what: "verb", a section of it; "common", only the options that all verbs have; "exit", only the exit codes;
# "all", the whole.
function shown()
{
	return what == "common" ? common : what == "exit" ? exits : !(what == "verb" && (common || exits))
}

function paragraph(text)
{
	paragraph_begin()
	say(text)
}

# "0 done; 1 no such key; ... options. The rest."
function exit_codes(text,	n, i, code, end)
{
	sub(/^Exit codes: /, "", text)
	end = index(text, ". ")
	n = split(substr(text, 1, end - 1), code, "; ")
	for (i = 1; i <= n; i++) term(substr(code[i], 1, index(code[i], " ") - 1), substr(code[i], index(code[i], " ") + 1))
	print ".PP"
	say(substr(text, end + 2))
}

/^Usage: / {
	sub(/^Usage: /, "")
	if (what == "verb") heading(".SS", $0)
	if (what == "all") headed = 1
	next
}
/^Verbs:/ { verbs = 1; next }
verbs && /^  / { next }
/^$/ { verbs = 0; if (after) literal_end(); next }
/^ Common options:/ || (what == "common" && /^ +-/ && !after) { common = 1 }
/^Exit codes: / { exits = 1; common = 0; if (what == "exit") exit_codes($0); next }
/^ +-/ && !after {
	option = substr($0, 1, 100)
	gsub(/^ +| +$/, "", option)
	if (option ~ /^(-h,|-V,|-\?,|--usage$)/) { common = 0; optioned = 1; next }
	if (shown()) term(option, substr($0, 101))
	optioned = 1
	next
}
/^ [^ ].*:$/ && !after {
	if (shown()) paragraph(substr($0, 2))
	next
}
{ if (optioned) after = 1; common = 0 }
what == "all" && /^Examples?:$/ { heading(".SH", "EXAMPLES"); next }
what == "all" && /^Exit status:$/ { heading(".SH", "EXIT STATUS"); next }
/^  / { if (shown()) literal(substr($0, 3)); next }
/^Examples?:$/ { next }
{ if (shown()) paragraph($0) }
END { literal_end() }
