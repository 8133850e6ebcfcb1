/** What a person is asked on the terminal: all of the change, as what it is, with its sizes (threats A48, A74). */
import { expect, test } from "vitest";
import type { Terminal } from "../../../src/cli/terminal.ts";
import { createTerminalApprover } from "../../../src/cli/terminal-approver.ts";

function asked(interactive: boolean, answer: boolean) {
	const lines: string[] = [];
	const terminal: Terminal = {
		interactive,
		out: (line) => void lines.push(line),
		err: (line) => void lines.push(line),
		style: (_style, text) => text,
		async confirm(question) {
			lines.push(question);
			return answer;
		},
	};
	const approve = (before: string, text: string, why = "every edit is shown first") =>
		createTerminalApprover(terminal).approve(
			{ change: { kind: "replace", path: "a.py", text, expectedHash: "0" }, before, why },
			new AbortController().signal,
		);
	return { lines, approve };
}

test("A48: the tail behind blanks, turning characters and escapes stands there, and the sizes with it", async () => {
	const { lines, approve } = asked(true, true);
	const text = `x = 1${" ".repeat(10_000)}; evil()\ny = 1${"\t".repeat(500)}; worse()\nz = "\u202e\u200b\u001b[2K\r"\n`;
	expect(await approve("x = 1\n", text)).toBe("approved");
	expect(lines).toContain("+x = 1<10000 blanks>; evil()");
	expect(lines).toContain("+y = 1<500 blanks>; worse()");
	expect(lines).toContain('+z = "<U+202E><U+200B><U+001B>[2K<U+000D>"');
	expect(lines.at(-1)).toContain(`6 characters before, ${text.length} after`);
	expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(200);
	expect(lines.join("").replaceAll("\t", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
});

test("A74: nor does the reason or the refusal move a cursor", async () => {
	for (const interactive of [true, false]) {
		const { lines, approve } = asked(interactive, false);
		expect(await approve("", "x\n", "\u001b[1A\u009b2K")).toBe("refused");
		expect(lines.at(-1)).toContain("<U+001B>[1A<U+009B>2K");
		expect(lines.join("").replaceAll("\t", "")).not.toMatch(/\p{Cc}/u);
	}
});
