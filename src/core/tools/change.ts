/** The way of every change from a tool to the workspace: syntax, approval, then the write. */
import { approvalFor } from "../policy/approval.ts";
import { weakeningWords } from "../policy/weakening.ts";
import type { WorkspaceChange } from "../ports.ts";
import { done, refused, type ToolParts, type ToolResult } from "./tool.ts";

/**
 * Applies a change, unless its text does not parse or a person says no.
 * @param change its path is the file's real one, so that what is approved is what is written
 * @param before the text before; empty for a new file
 */
export async function applyChange(
	change: WorkspaceChange,
	before: string,
	{
		workspace,
		probes,
		approver,
		approve,
		testsAsked,
		created,
		editFailures,
	}: Pick<ToolParts, "workspace" | "probes" | "approver" | "approve" | "testsAsked" | "created" | "editFailures">,
	signal: AbortSignal,
): Promise<ToolResult> {
	const isOwn = created.has(change.path);
	const decision = approvalFor(approve, change, testsAsked || isOwn);
	if (decision.kind === "refuse") return refused("protected", `${decision.why}.`);
	if (change.kind !== "delete") {
		const problem = await probes.checkSyntax(change.path, change.text, signal);
		if (problem !== null) {
			return refused(
				"syntax-error",
				`${change.path} line ${problem.line}: ${problem.message}. Nothing was written; send the corrected text.`,
			);
		}
	}
	if (decision.kind === "ask") {
		const answer = await approver.approve({ change, before, why: decision.why }, signal);
		if (answer === "refused")
			return refused("refused", `The user did not allow this change to ${change.path}: ${decision.why}.`);
	}
	await workspace.apply(change, signal);
	if (change.kind === "create") created.add(change.path);
	else if (change.kind === "delete") created.delete(change.path);
	editFailures.changed(change.path);
	const lines = change.kind === "delete" ? 0 : change.text.split("\n").length;
	const words = { create: "created", replace: "changed", delete: "deleted" }[change.kind];
	const content = `${words} ${change.path}${lines > 0 ? ` (${lines} lines)` : ""}`;
	return { ...done(content, [change.path]), weakens: weakeningWords(change, before, isOwn) };
}
