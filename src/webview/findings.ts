/** The newest probes' problems by file; each opens its place. Long lists grow on demand. */
import type { VerdictState } from "../core/events.ts";
import type { Finding } from "../core/probes/finding.ts";
import type { ProbeEntry, Timeline } from "../core/timeline.ts";
import { arrange, button, el, section } from "./dom.ts";
import { formatCount, visible, visibleLine } from "./format.ts";
import { icon } from "./icon.ts";
import { probeList } from "./probe-line.ts";
import type { OpenPlace } from "./round-details.ts";
import { t } from "./words.ts";

const PAGE = 100;

/** A file's problems as they are drawn: kept for as long as the probes find the same in it. */
interface Group {
	readonly node: HTMLElement;
	readonly findings: readonly Finding[];
}

export function findingsView(
	open: OpenPlace,
	probeNow: () => void,
): { readonly node: HTMLElement; update(timeline: Timeline, running: boolean): void } {
	const probe = button(t("Probe now"), "link", probeNow);
	const { node, body } = section(t("Problems"), "findings", probe);
	const how = el("div", {});
	body.before(how);
	let shown: readonly Finding[] | null = null;
	let told: readonly ProbeEntry[] | null = null;
	let verdictState: VerdictState | null = null;
	let limit = PAGE;
	let drawn: ReadonlyMap<string, Group> = new Map();

	const render = (findings: readonly Finding[]) => {
		if (findings.length === 0) {
			drawn = new Map();
			body.replaceChildren(el("p", { class: "quiet" }, nothingWords(verdictState)));
			return;
		}
		drawn = new Map(
			[...byFile(findings.slice(0, limit))].map(([file, all]) => {
				const last = drawn.get(file);
				return [file, last !== undefined && areSame(last.findings, all) ? last : group(file, all, open)];
			}),
		);
		const groups = [...drawn.values()].map(({ node }) => node);
		const left = findings.length - limit;
		const more = button(
			t("Show {0} more of {1}", formatCount(Math.min(PAGE, left)), formatCount(left)),
			"secondary",
			() => {
				limit += PAGE;
				const buttonsBefore = body.querySelectorAll(".finding").length;
				render(findings);
				// The button is gone: the keyboard goes on with the first new problem.
				body.querySelectorAll<HTMLElement>(".finding")[buttonsBefore]?.focus();
			},
		);
		arrange(body, [...groups, ...(left > 0 ? [more] : [])]);
	};
	return {
		node,
		update({ findings, verdict, outside }, running) {
			probe.disabled = running;
			if (outside !== told) how.replaceChildren(probeList(outside) ?? "");
			told = outside;
			const state = verdict?.state ?? null;
			if (findings === shown && (findings.length > 0 || state === verdictState)) return;
			if (findings !== shown) limit = PAGE;
			shown = findings;
			verdictState = state;
			render(findings);
		},
	};
}

function nothingWords(state: VerdictState | null): string {
	switch (state) {
		case "green":
			return t("None. All tests pass and the lint is clean.");
		case "affected-green":
			return t("None in what the change can have touched; full run pending.");
		case "failing":
			return t("None listed.");
		case "not-run":
			return t("Unknown: a probe could not run.");
		case null:
			return t("Not probed yet.");
	}
}

function byFile(findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
	const files = new Map<string, Finding[]>();
	for (const finding of findings) {
		const known = files.get(finding.file);
		if (known === undefined) files.set(finding.file, [finding]);
		else known.push(finding);
	}
	return files;
}

/** Whether two lists look alike; each probe makes its findings anew. */
function areSame(some: readonly Finding[], others: readonly Finding[]): boolean {
	return (
		some.length === others.length &&
		some.every((one, index) => {
			const other = others[index];
			return other !== undefined && keyOf(one) === keyOf(other);
		})
	);
}

function keyOf(finding: Finding): string {
	const { probe, severity, line, column } = finding;
	return [probe, nameOf(finding), severity, line, column, messageOf(finding)].join(" ");
}

function messageOf(finding: Finding): string {
	return finding.probe === "pytest" && finding.hint !== undefined
		? `${finding.message}\n${finding.hint}`
		: finding.message;
}

function nameOf(finding: Finding): string {
	return finding.probe === "pytest" ? finding.testId.split("::").slice(1).join("::") || finding.testId : finding.code;
}

function group(file: string, findings: readonly Finding[], open: OpenPlace): Group {
	const count = el("span", { class: "badge" }, formatCount(findings.length));
	const items = findings.map((finding) => el("li", {}, row(finding, open)));
	const node = el(
		"div",
		{ class: "file-group" },
		el("h3", {}, el("span", {}, visibleLine(file)), count),
		el("ul", {}, ...items),
	);
	return { node, findings };
}

function row(finding: Finding, open: OpenPlace): HTMLButtonElement {
	const { file, line, column, severity } = finding;
	const message = messageOf(finding);
	const element = button("", "finding", () => open(file, line, column));
	element.title = visible(message.slice(0, 2_000));
	element.append(
		icon(severity === "error" ? "failed" : "warning"),
		el("span", { class: "finding-text" }, visibleLine(message)),
		el(
			"span",
			{ class: "finding-place" },
			`${finding.probe} ${visibleLine(nameOf(finding), 80)} · ${t("line {0}", line)}`,
		),
	);
	return element;
}
