# SPDX-License-Identifier: GPL-2.0-or-later
# The options that a sample configuration describes, as `#  name:: text`, and what they are set to there.
/^[ \t]*#  [a-z0-9_]+:: / {
	sub(/^[ \t]*#  /, "")
	name = substr($0, 1, index($0, ":") - 1)
	term(name, substr($0, index($0, ":") + 3))
	inside_text = 1
	next
}
inside_text && /^[ \t]*#  [^ \t]/ && !/^[ \t]*#  +[a-z_]+ = / { sub(/^[ \t]*#  /, ""); say($0); next }
inside_text && /^[ \t]*#$/ { blank = 1; next }
{ inside_text = 0 }
