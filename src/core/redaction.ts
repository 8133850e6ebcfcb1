/** Takes out of a text what names a person or opens a door: for what leaves the machine by a person's own hand. */

export interface Known {
	/** Absolute path of the project; becomes `<workspace>`. */
	readonly workspace: string;
	/** Absolute path of the person's home; becomes `~`. Null where it is not known. */
	readonly home: string | null;
}

/** Forms of credentials with a fixed beginning, of their makers' documentation; and what stands behind a telling name. */
const SECRETS: readonly RegExp[] = [
	/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
	/\b(?:ghp|gho|ghu|ghs|ghr)_[A-Za-z0-9]{20,}|\bgithub_pat_\w{20,}/g,
	/\b(?:sk|pk|rk)[-_](?:[A-Za-z0-9]+[-_])*[A-Za-z0-9]{16,}/g,
	/\bxox[abeoprs]-[A-Za-z0-9-]{10,}/g,
	/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
	/\bAIza[A-Za-z0-9_-]{35}\b/g,
	/\bglpat-[A-Za-z0-9_-]{20,}/g,
	/\bhf_[A-Za-z0-9]{20,}/g,
	/\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*/g,
];
const NAMED_SECRET =
	/((?:password|passwd|secret|token|api[_-]?key|access[_-]?key|authorization)["']?\s*[:=]\s*(?:bearer\s+)?)(["']?)[^\s"',;]{6,}\2/gi;
const IN_ADDRESS = /\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@:]+:[^\s/@]+@/gi;
const MAIL = /\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b/g;

/** The text with paths shortened, and credentials and mail addresses replaced by what they were. */
export function redact(text: string, { workspace, home }: Known): string {
	let redacted = text;
	for (const [path, name] of [
		[workspace, "<workspace>"],
		[home ?? "", "~"],
	] as const) {
		if (path.length > 1)
			for (const form of [path, path.replaceAll("\\", "/")]) redacted = redacted.replaceAll(form, name);
	}
	for (const secret of SECRETS) redacted = redacted.replace(secret, "<secret>");
	return redacted
		.replace(NAMED_SECRET, "$1<secret>")
		.replace(IN_ADDRESS, "$1<secret>@")
		.replace(MAIL, "<mail address>");
}

/** `redact` for every text within a value, keys left as they are. */
export function redactAll(value: unknown, known: Known): unknown {
	if (typeof value === "string") return redact(value, known);
	if (Array.isArray(value)) return value.map((item) => redactAll(item, known));
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, redactAll(inner, known)]));
}
