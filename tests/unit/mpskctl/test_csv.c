/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "mpskctl/csv.h"

/* Rows as text: the line, the cells in brackets, or '!' for one that is wrong. */
static void row(void *uctx, ctl_csv_row_t const *row)
{
	FILE *out = uctx;

	fprintf(out, "%zu", row->line);
	if (row->wrong) fputs("!", out);
	for (size_t i = 0; i < row->n; i++) {
		fputs("[", out);
		fwrite(row->cells[i].text, 1, row->cells[i].len, out);
		fputs("]", out);
	}
	fputs(" ", out);
}

static void assert_rows(char const *text, char const *expected)
{
	char *rows = NULL, *copy = malloc(strlen(text) + 1);
	size_t len;
	FILE *out = open_memstream(&rows, &len);

	/* Of its own length, so that a sanitizer sees what is read past it. */
	assert_non_null(copy);
	memcpy(copy, text, strlen(text));
	ctl_csv_read(copy, strlen(text), '\0', row, out);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(rows, expected);
	free(rows);
	free(copy);
}

static void test_rows(void **state)
{
	(void) state;
	assert_rows("", "");
	assert_rows("a,b\n1,2\n", "1[a][b] 2[1][2] ");
	assert_rows("a,b\n1,2", "1[a][b] 2[1][2] ");
	assert_rows("a,b\r\n1,\r\n", "1[a][b] 2[1][] ");
	assert_rows("\xef\xbb\xbf" "a,b\n", "1[a][b] ");
	assert_rows("a\n\n\nb\n", "1[a] 4[b] ");
	assert_rows("a,b\n 1 , 2 \n", "1[a][b] 2[ 1 ][ 2 ] ");
}

static void test_separators(void **state)
{
	(void) state;
	assert_rows("a;b\n1,5;2\n", "1[a][b] 2[1,5][2] ");
	assert_rows("a\tb\n1;2\t3\n", "1[a][b] 2[1;2][3] ");
	assert_rows("\"a;b;c\",d\n1,2\n", "1[a;b;c][d] 2[1][2] ");
}

static void test_quotes(void **state)
{
	(void) state;
	assert_rows("a,b\n\"1,\"\"2\",\"\"\n", "1[a][b] 2[1,\"2][] ");
	assert_rows("a,b\n\"1\n\n2\",3\n4,5\n", "1[a][b] 2[1\n\n2][3] 5[4][5] ");
	assert_rows("a,b\nx\"y,2\n3,4\n", "1[a][b] 2! 3[3][4] ");
	assert_rows("a,b\n\"x\"y,2\n3,4\n", "1[a][b] 2! 3[3][4] ");
	assert_rows("a,b\n1,2\n\"x,2\n3,4\n", "1[a][b] 2[1][2] 3! ");
}

static void test_too_many_cells(void **state)
{
	char text[401];

	(void) state;
	memset(text, ',', sizeof(text) - 2);
	text[sizeof(text) - 2] = '\n';
	text[sizeof(text) - 1] = '\0';
	assert_rows(text, "1! ");
}

static void test_write(void **state)
{
	static char const *const cells[] = { "a", "", "b,c", "d\"e", " f", "g;h", "i\nj", "k l" };
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	(void) state;
	for (size_t i = 0; i < sizeof(cells) / sizeof(*cells); i++) ctl_csv_write(out, cells[i], strlen(cells[i]), i);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(text, "a,,\"b,c\",\"d\"\"e\",\" f\",\"g;h\",\"i\nj\",k l");
	assert_rows(text, "1[a][][b,c][d\"e][ f][g;h][i\nj][k l] ");
	free(text);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_separators),
		cmocka_unit_test(test_quotes),
		cmocka_unit_test(test_too_many_cells),
		cmocka_unit_test(test_write),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
