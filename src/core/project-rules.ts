/** AGENTS.md, the page in which a project tells agents how it wants to be worked on (agents.md): a part of every prompt. */
import { type Workspace, WorkspaceError } from "./ports.ts";

export const RULES_FILE = "AGENTS.md";
/** About 1,500 tokens: a small model's window has other uses too. */
const MAX_CHARS = 6_000;

/** The page for the model, cut where it is long; empty where the project has none. @throws AbortError */
export async function projectRules(workspace: Pick<Workspace, "read">, signal: AbortSignal): Promise<string> {
	try {
		const { text } = await workspace.read(RULES_FILE, signal);
		if (text.trim() === "") return "";
		const rest = text.length - MAX_CHARS;
		const cut = rest > 0 ? `\n[${rest} more characters of ${RULES_FILE} are left out]` : "";
		return `Notes of this project for agents (${RULES_FILE}):\n${text.slice(0, MAX_CHARS).trim()}${cut}`;
	} catch (error) {
		if (error instanceof WorkspaceError) return "";
		throw error;
	}
}
