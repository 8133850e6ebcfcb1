/** The terminal: what may be written to it, and questions asked on it. */
import { createInterface } from "node:readline/promises";

export type Style = "bold" | "dim" | "green" | "red" | "yellow";

const CODES: Readonly<Record<Style, number>> = { bold: 1, dim: 2, green: 32, red: 31, yellow: 33 };

export interface Terminal {
	readonly interactive: boolean;
	/** Results. */
	out(line: string): void;
	/** Progress and errors. */
	err(line: string): void;
	style(style: Style, text: string): string;
	/** A yes or no; no on anything else. */
	confirm(question: string, signal: AbortSignal): Promise<boolean>;
}

/** Colours only on a terminal and never with NO_COLOR; questions only where stdin and stderr are terminals. */
export function createTerminal(env: Readonly<Record<string, string | undefined>>): Terminal {
	const colours = process.stdout.isTTY === true && env["NO_COLOR"] === undefined && env["TERM"] !== "dumb";
	const interactive = process.stdin.isTTY === true && process.stderr.isTTY === true;
	return {
		interactive,
		out: (line) => void process.stdout.write(`${line}\n`),
		err: (line) => void process.stderr.write(`${line}\n`),
		style: (style, text) => (colours ? `\u001b[${CODES[style]}m${text}\u001b[0m` : text),
		async confirm(question, signal) {
			if (!interactive) return false;
			const lines = createInterface({ input: process.stdin, output: process.stderr });
			try {
				const answer = await lines.question(`${question} [y/N] `, { signal });
				return /^y(es)?$/i.test(answer.trim());
			} finally {
				lines.close();
			}
		},
	};
}
