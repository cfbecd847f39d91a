/*
 * The note GNU_BUILD_ID, which the linker makes of all that it has put into the program. It is in
 * memory already, whereas hashing the file would take a millisecond of each CGI request.
 */
#include "build_id.h"

#include <elf.h>
#include <link.h>
#include <stddef.h>
#include <string.h>
#include <xxhash.h>

#define NOTE_ALIGNED(size) (((size_t)(size) + 3) & ~(size_t)3)

/* Notes have a head, a name and contents one behind the other. */
static uint64_t find_in_notes(const char *notes, size_t size)
{
	const char *end = notes + size;
	ElfW(Nhdr) head;

	while ((size_t)(end - notes) >= sizeof(head)) {
		memcpy(&head, notes, sizeof(head));
		size_t name = NOTE_ALIGNED(head.n_namesz), whole = sizeof(head) + name;
		if (whole + NOTE_ALIGNED(head.n_descsz) > (size_t)(end - notes))
			return 0;
		if (head.n_type == NT_GNU_BUILD_ID && head.n_namesz == sizeof(ELF_NOTE_GNU) &&
			memcmp(notes + sizeof(head), ELF_NOTE_GNU, sizeof(ELF_NOTE_GNU)) == 0)
			return XXH3_64bits(notes + whole, head.n_descsz);
		notes += whole + NOTE_ALIGNED(head.n_descsz);
	}
	return 0;
}

/* The program comes first, before its libraries; so the first call ends it. */
static int find_build_id(struct dl_phdr_info *object, size_t size, void *hash)
{
	(void)size;
	for (size_t i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &object->dlpi_phdr[i];
		/* NOLINTNEXTLINE(performance-no-int-to-ptr): it is told as a number */
		const char *place = (const char *)(object->dlpi_addr + part->p_vaddr);
		if (part->p_type == PT_NOTE && *(uint64_t *)hash == 0)
			*(uint64_t *)hash = find_in_notes(place, part->p_memsz);
	}
	return 1;
}

uint64_t build_id_hash(void)
{
	uint64_t hash = 0;

	dl_iterate_phdr(find_build_id, &hash);
	return hash;
}
