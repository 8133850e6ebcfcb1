/** Figures as people read them, and tables of Markdown. */

const MS_PER_SECOND = 1_000;

export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
	const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
	return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** @param share from 0 to 1 */
export function percent(share: number): string {
	return `${(share * 100).toFixed(0)} %`;
}

export function seconds(ms: number | null): string {
	return ms === null ? "-" : `${(ms / MS_PER_SECOND).toFixed(0)} s`;
}

export function whole(value: number | null): string {
	return value === null ? "-" : value.toFixed(0);
}

export function ratio(over: number | null, under: number | null): string {
	return over === null || under === null || under === 0 ? "-" : `${(over / under).toFixed(2)}x`;
}
