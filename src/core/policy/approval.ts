/** Whether a change goes through, is asked, or never happens. The model has no part in it. */
import type { ApproveMode } from "../machine.ts";
import type { WorkspaceChange } from "../ports.ts";
import { protectionOf } from "./protected.ts";
import { shadowedModule } from "./shadowing.ts";
import { isTestPath } from "./test-guard.ts";

export type ApprovalDecision = { readonly kind: "go" } | { readonly kind: "ask" | "refuse"; readonly why: string };

/**
 * @param mode the person's setting; it can spare questions, never lift a refusal
 * @param testsAsked whether the task asks for tests to be written or changed, or the run wrote this one itself
 */
export function approvalFor(mode: ApproveMode, change: WorkspaceChange, testsAsked: boolean): ApprovalDecision {
	const protection = protectionOf(change.path);
	if (protection === "never")
		return { kind: "refuse", why: `${change.path} belongs to version control or the environment and is never changed` };
	if (mode === "all") return { kind: "go" };
	if (protection === "ask") return { kind: "ask", why: `${change.path} decides how code runs or is checked` };
	const shadowed = change.kind === "create" ? shadowedModule(change.path) : null;
	if (shadowed !== null) return { kind: "ask", why: `it would stand before Python's own module "${shadowed}"` };
	if (change.kind !== "create" && !testsAsked && isTestPath(change.path))
		return { kind: "ask", why: "it changes what is tested, which the task did not ask for" };
	if (change.kind === "delete") return { kind: "ask", why: "it deletes a file" };
	return mode === "ask" ? { kind: "ask", why: "every edit is shown first" } : { kind: "go" };
}
