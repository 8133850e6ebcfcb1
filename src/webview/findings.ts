/** The newest probes' problems by file; each opens its place. Long lists grow on demand. */
import type { VerdictState } from "../core/events.ts";
import type { Finding } from "../core/probes/finding.ts";
import type { ProbeEntry, Timeline } from "../core/timeline.ts";
import { button, el, section } from "./dom.ts";
import { formatCount, visible, visibleLine } from "./format.ts";
import { icon } from "./icon.ts";
import { probeList } from "./probe-line.ts";
import type { OpenPlace } from "./round-details.ts";
import { t } from "./words.ts";

const PAGE = 100;

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

	const render = (findings: readonly Finding[]) => {
		if (findings.length === 0) {
			body.replaceChildren(el("p", { class: "quiet" }, nothingWords(verdictState)));
			return;
		}
		const groups = [...byFile(findings.slice(0, limit))].map(([file, all]) => group(file, all, open));
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
		body.replaceChildren(...groups, ...(left > 0 ? [more] : []));
	};
	return {
		node,
		update({ findings, verdict, outside }, running) {
			probe.disabled = running;
			if (outside !== told) how.replaceChildren(probeList(outside) ?? "");
			told = outside;
			if (findings === shown && verdictState === (verdict?.state ?? null)) return;
			if (findings !== shown) limit = PAGE;
			shown = findings;
			verdictState = verdict?.state ?? null;
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

function group(file: string, findings: readonly Finding[], open: OpenPlace): HTMLElement {
	const count = el("span", { class: "badge" }, formatCount(findings.length));
	const items = findings.map((finding) => el("li", {}, row(finding, open)));
	return el(
		"div",
		{ class: "file-group" },
		el("h3", {}, el("span", {}, visibleLine(file)), count),
		el("ul", {}, ...items),
	);
}

function row(finding: Finding, open: OpenPlace): HTMLButtonElement {
	const { file, line, column, severity } = finding;
	const hint = finding.probe === "pytest" && finding.hint !== undefined ? `\n${finding.hint}` : "";
	const message = `${finding.message}${hint}`;
	const name =
		finding.probe === "pytest" ? finding.testId.split("::").slice(1).join("::") || finding.testId : finding.code;
	const element = button("", "finding", () => open(file, line, column));
	element.title = visible(message.slice(0, 2_000));
	element.append(
		icon(severity === "error" ? "failed" : "warning"),
		el("span", { class: "finding-text" }, visibleLine(message)),
		el("span", { class: "finding-place" }, `${finding.probe} ${visibleLine(name, 80)} · ${t("line {0}", line)}`),
	);
	return element;
}
