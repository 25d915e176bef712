/* Icons and tones of the timeline. The first rule whose words the kind begins with counts, so a
 * module's exceptions stand above its rule. */
#include "modules/patient/patient_view.h"

typedef struct Look {
	const char *kind, *icon, *tone;
} Look;

static const Look looks[] = {
	{ "patient.created", "user-plus", "green" },
	{ "patient.merged", "git-merge", "violet" },
	{ "patient.unmerged", "split", "violet" },
	{ "patient.photo", "camera", "slate" },
	{ "patient.consent", "shield-check", "teal" },
	{ "patient.alert", "triangle-alert", "red" },
	{ "patient.anonym", "shield-alert", "amber" },
	{ "patient", "pencil", "slate" },
	{ "alert", "triangle-alert", "red" },
	{ "anamnesis", "clipboard-list", "amber" },
	{ "image", "image", "blue" },
	{ "consent", "shield-check", "teal" },
	{ "appointment.cancel", "calendar-x", "red" },
	{ "appointment.no_show", "calendar-x", "red" },
	{ "appointment.done", "calendar-check", "green" },
	{ "appointment", "calendar", "blue" },
	{ "agenda", "calendar", "blue" },
	{ "visit", "stethoscope", "violet" },
	{ "plan.approved", "circle-check", "green" },
	{ "plan.refused", "circle-x", "red" },
	{ "plan", "file-text", "violet" },
	{ "quote", "file-text", "violet" },
	{ "note.signed", "signature", "teal" },
	{ "note", "notebook-pen", "slate" },
	{ "chart", "tooth", "violet" },
	{ "perio", "activity", "violet" },
	{ "act", "tooth", "violet" },
	{ "procedure", "circle-check", "green" },
	{ "paper", "pill", "teal" },
	{ "prescription", "pill", "teal" },
	{ "lab", "microscope", "orange" },
	{ "recall", "rotate-ccw", "amber" },
	{ "treatment", "tooth", "violet" },
	{ "payment", "wallet", "teal" },
	{ "finance", "wallet", "teal" },
	{ "document", "file-check", "slate" },
	{ "lead.won", "trophy", "green" },
	{ "lead.lost", "circle-x", "red" },
	{ "lead.stage", "arrow-right", "slate" },
	{ "lead", "funnel", "slate" },
	{ "task", "square-check", "slate" },
	{ "call", "phone", "blue" },
	{ "whatsapp", "message-circle", "green" },
	{ "email", "mail", "blue" },
	{ "meeting", "users", "blue" },
};

static const Look *look_of(const char *kind)
{
	static const Look other = { "", "history", "slate" };

	for (size_t i = 0; i < COUNT(looks); i++)
		if (str_starts(kind, looks[i].kind))
			return &looks[i];
	return &other;
}

const char *patient_event_icon(const char *kind)
{
	return look_of(kind)->icon;
}

const char *patient_event_tone(const char *kind)
{
	return look_of(kind)->tone;
}
