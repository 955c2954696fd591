# SPDX-License-Identifier: GPL-2.0-or-later
# Text as roff(7) takes it.
function roff(text)
{
	gsub(/\\/, "\\e", text)
	gsub(/-/, "\\-", text)
	return text
}

function say(text)
{
	text = roff(text)
	print (text ~ /^[.']/ ? "\\&" : "") text
}

# A heading ends a paragraph by itself.
function heading(macro, text)
{
	literal_end()
	print macro " " roff(text)
	headed = 1
}

function paragraph_begin()
{
	literal_end()
	if (!headed) print ".PP"
	headed = 0
}

# A text as it stands, between lines of prose.
function literal(text)
{
	if (!inside && !headed) print ".PP"
	if (!inside) print ".nf\n.RS 4"
	headed = 0
	inside = 1
	say(text)
}

function literal_end()
{
	if (inside) print ".RE\n.fi"
	inside = 0
}

function term(name, text)
{
	literal_end()
	headed = 0
	print ".TP"
	print ".B " roff(name)
	say(text)
}
