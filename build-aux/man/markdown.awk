# SPDX-License-Identifier: GPL-2.0-or-later
# A page of docs/reference as sections of a manual page: headings, paragraphs, tables, literal text.
function plain(text,	link)
{
	while (match(text, /\[[^]]*\]\([^)]*\)/)) {
		link = substr(text, RSTART + 1, RLENGTH - 2)
		text = substr(text, 1, RSTART - 1) substr(link, 1, index(link, "](") - 1) substr(text, RSTART + RLENGTH)
	}
	gsub(/`/, "", text)
	gsub(/\*\*/, "", text)
	return text
}

/^# / { headed = 1; next }
/^## / { heading(".SH", toupper(plain(substr($0, 4)))); paragraph = 0; next }
/^\| --- / { rows = 1; next }
/^\|/ {
	if (!rows) next
	n = split($0, cell, / *\| */)
	text = plain(cell[3])
	for (i = 4; i < n; i++) if (cell[i] != "") text = text (text == "" ? "" : "; ") plain(cell[i])
	term(plain(cell[2]), text)
	next
}
{ rows = 0 }
/^    / { literal(substr($0, 5)); next }
/^```/ { fence = !fence; if (!fence) literal_end(); next }
fence { literal($0); next }
/^$/ { literal_end(); paragraph = 1; next }
{ if (paragraph) paragraph_begin(); paragraph = headed = 0; say(plain($0)) }
END { literal_end() }
