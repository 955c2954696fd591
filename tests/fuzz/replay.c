/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs a fuzz target over every file of its corpus, tests/fuzz/corpus/TARGET,
 * or over the files that are named; speaks TAP. What breaks an invariant
 * ends the program, so that its result is missing.
 */
#include <dirent.h>

#include "tests/fuzz/fuzz.h"

static uint8_t *file_read(char const *path, size_t *len)
{
	FILE *file = fopen(path, "rb");
	uint8_t *octets = NULL;
	long size = -1;

	if (!file) return NULL;
	if (fseek(file, 0, SEEK_END) == 0) size = ftell(file);
	if (size >= 0 && fseek(file, 0, SEEK_SET) == 0) {
		*len = (size_t) size;
		octets = malloc(*len ? *len : 1);
		if (octets && fread(octets, 1, *len, file) != *len) {
			free(octets);
			octets = NULL;
		}
	}
	fclose(file);
	return octets;
}

static int file_replay(char const *path)
{
	size_t len;
	uint8_t *octets = file_read(path, &len);

	/* Before the run, so that the log names the input that ended it. */
	printf("# %s\n", path);
	fflush(stdout);
	if (!octets) {
		printf("# it cannot be read\n");
		return -1;
	}
	LLVMFuzzerTestOneInput(octets, len);
	free(octets);
	return 0;
}

static int is_file(struct dirent const *entry)
{
	return entry->d_name[0] != '.';
}

/* The number of files; -1 where the folder or one of them cannot be read. */
static int folder_replay(char const *folder)
{
	struct dirent **entries;
	int n = scandir(folder, &entries, is_file, alphasort), failed = n < 0;

	for (int i = 0; i < n; i++) {
		char path[4096];

		snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name);
		if (file_replay(path) != 0) failed = 1;
		free(entries[i]);
	}
	if (n >= 0) free(entries);
	return failed ? -1 : n;
}

int main(int argc, char **argv)
{
	char const *srcdir = getenv("srcdir");
	char folder[2048];
	int n = argc - 1;

	printf("1..1\n");
	if (argc > 1) {
		for (int i = 1; i < argc; i++) if (file_replay(argv[i]) != 0) n = -1;
	} else {
		snprintf(folder, sizeof(folder), "%s/tests/fuzz/corpus/" FUZZ_TARGET, srcdir ? srcdir : ".");
		n = folder_replay(folder);
		if (n <= 0) printf("# %s is missing, empty or cannot be read\n", folder);
	}
	if (n > 0) {
		printf("ok 1 - " FUZZ_TARGET ": %d inputs replayed\n", n);
	} else {
		printf("not ok 1 - " FUZZ_TARGET ": inputs replayed\n");
	}
	return n > 0 ? 0 : 1;
}
