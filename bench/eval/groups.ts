/** Attempts that belong together: of one system, setting and model. */
import type { Attempt } from "./attempt.ts";

export interface Group {
	readonly label: string;
	readonly attempts: readonly Attempt[];
}

/** In the order of their first attempt. */
export function groupsOf(attempts: readonly Attempt[]): readonly Group[] {
	const groups = new Map<string, Attempt[]>();
	for (const attempt of attempts) {
		const label = `${attempt.system} ${attempt.setting === "default" ? "" : `(${attempt.setting}) `}${attempt.model}`;
		const group = groups.get(label);
		if (group === undefined) groups.set(label, [attempt]);
		else group.push(attempt);
	}
	return [...groups].map(([label, members]) => ({ label, attempts: members }));
}

export function sumOf(attempts: readonly Attempt[], value: (attempt: Attempt) => number): number {
	return attempts.reduce((total, attempt) => total + value(attempt), 0);
}
