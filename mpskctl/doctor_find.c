/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "doctor.h"

#include <stdarg.h>

void doctor_find(doctor_t *doctor, doctor_level_t level, char const *cure, char const *fmt, ...)
{
	doctor_finding_t *finding;
	va_list ap;

	if (doctor->n == doctor->room) {
		doctor->room = doctor->room ? 2 * doctor->room : 64;
		doctor->findings = ctl_need(talloc_realloc(doctor->ctl->mem, doctor->findings, doctor_finding_t,
							   doctor->room));
	}
	finding = &doctor->findings[doctor->n++];
	*finding = (doctor_finding_t) { .check = doctor->check, .level = level, .node = doctor->node };
	va_start(ap, fmt);
	finding->finding = ctl_need(talloc_vasprintf(doctor->ctl->mem, fmt, ap));
	va_end(ap);
	if (cure) finding->cure = ctl_need(talloc_strdup(doctor->ctl->mem, cure));
}
