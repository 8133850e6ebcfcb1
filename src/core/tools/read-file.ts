import { done, numberOf, readForModel, refused, type Tool, textOf } from "./tool.ts";

const MAX_LINES = 200;

export const READ_FILE: Tool = {
	schema: {
		name: "read_file",
		description: "Read a text file, or a range of its lines.",
		parameters: {
			path: { type: "string", description: "file path" },
			start_line: { type: "integer", description: "first line, from 1" },
			end_line: { type: "integer", description: "last line" },
		},
		required: ["path"],
	},
	async run(given, { workspace, seen, maxResultChars }, signal) {
		const file = await readForModel(textOf(given, "path"), workspace, signal);
		const lines = file.text.split(/\r\n|\n|\r/);
		if (lines.at(-1) === "") lines.pop();
		if (lines.length === 0) return done(`${file.path} is empty`);
		const start = Math.max(1, numberOf(given, "start_line") ?? 1);
		if (start > lines.length) return refused("bad-arguments", `${file.path} has only ${lines.length} lines.`);
		const wanted = Math.min(lines.length, numberOf(given, "end_line") ?? lines.length, start + MAX_LINES - 1);
		const shown: string[] = [];
		let chars = 0;
		for (let line = start; line <= Math.max(start, wanted); line += 1) {
			const whole = `${String(line).padStart(4)}| ${lines[line - 1] ?? ""}`;
			const row = whole.length > maxResultChars ? `${whole.slice(0, maxResultChars)} (the line goes on)` : whole;
			chars += row.length + 1;
			if (chars > maxResultChars && shown.length > 0) break;
			shown.push(row);
		}
		const end = start + shown.length - 1;
		seen.show(file, start, end, lines.length);
		const more =
			end < lines.length ? `\n(lines ${end + 1}-${lines.length} not shown; read them with start_line ${end + 1})` : "";
		return done(`${file.path} lines ${start}-${end} of ${lines.length}\n${shown.join("\n")}${more}`);
	},
};
