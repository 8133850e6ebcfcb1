/** A round's tool calls: what each was asked, how it went, and for an edit its lines before and after. */
import type { RoundEntry, ToolEntry } from "../core/timeline.ts";
import { el, setText, slot } from "./dom.ts";
import { formatMs, visible, visibleLine } from "./format.ts";
import { icon } from "./icon.ts";
import { t, tn } from "./words.ts";

type Arguments = NonNullable<RoundEntry["model"]>["toolCalls"][number]["arguments"];

const MAX_DIFF_LINES = 40;
const MAX_LINE_CHARS = 400;
const NO_ARGUMENTS: Arguments = {};

/** Fills `block`; a call that is as it was keeps its nodes, so that the next one costs as much as the first. */
export function toolCalls(block: HTMLElement): (round: RoundEntry) => void {
	const count = el("summary");
	const list = el("ul");
	const fold = el("details", { class: "tools" }, count, list);
	const fills: ReturnType<typeof slot>[] = [];
	return ({ tools, model }) => {
		if (tools.length === 0) return block.replaceChildren();
		if (!fold.isConnected) block.append(fold);
		setText(count, tn(tools.length, "{0} tool call", "{0} tool calls"));
		for (const [index, tool] of tools.entries()) {
			const call = model?.toolCalls[index];
			const given = call?.name === tool.name ? call.arguments : NO_ARGUMENTS;
			const fill = fills[index] ?? addItem();
			fill([tool, given], () => toolItem(tool, given));
		}
	};

	function addItem(): ReturnType<typeof slot> {
		const item = el("li");
		const fill = slot(item);
		list.append(item);
		fills.push(fill);
		return fill;
	}
}

function toolItem({ name, target, result }: ToolEntry, given: Arguments): readonly (Node | null)[] {
	return [
		icon(result === null ? "running" : result.ok ? "passed" : "failed"),
		el("span", { class: "tool-name" }, visibleLine(name, 60)),
		el("span", { class: "tool-target" }, visibleLine(target, 200)),
		el("span", { class: "figure" }, result === null ? t("running") : formatMs(result.durationMs)),
		result === null || result.ok
			? null
			: el("span", { class: "tool-message" }, `${result.code}: ${visibleLine(result.message)}`),
		diffOf(given),
	];
}

function diffOf(given: Arguments): HTMLElement | null {
	const { old_text: before, new_text: after, content } = given;
	const removed = typeof before === "string" ? linesOf(before) : [];
	const added = typeof after === "string" ? linesOf(after) : typeof content === "string" ? linesOf(content) : [];
	if (removed.length + added.length === 0) return null;
	const lines = [
		...removed.map((line) => diffLine("-", "removed", line)),
		...added.map((line) => diffLine("+", "added", line)),
	];
	const cut = lines.length - MAX_DIFF_LINES;
	return el(
		"pre",
		{ class: "diff", tabindex: "0", role: "region", "aria-label": t("Lines removed and added") },
		...lines.slice(0, MAX_DIFF_LINES),
		cut > 0 ? el("span", { class: "diff-line quiet" }, tn(cut, "{0} line more", "{0} lines more")) : null,
	);
}

function linesOf(text: string): readonly string[] {
	return text === "" ? [] : text.replace(/\r?\n$/, "").split(/\r?\n/);
}

function diffLine(sign: string, kind: string, line: string): HTMLElement {
	return el("span", { class: `diff-line ${kind}` }, `${sign} ${visible(line.slice(0, MAX_LINE_CHARS))}`);
}
